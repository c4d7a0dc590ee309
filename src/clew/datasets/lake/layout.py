"""How rows lie in the lake: the parts of a row id, their order, the file's format."""

from __future__ import annotations

from clew.datasets.lake.engine import name
from clew.declare import ROW_ID, Dataset

# A row id is its batch's number above, its row in the sheet below.
ROW_BITS = 32
SHEET_ROW = (1 << ROW_BITS) - 1
FORMAT = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880"


def lake_key(contract: type[Dataset]) -> tuple[str, ...]:
    """Person and date where the contract says so, else the business key."""
    if contract.cluster is None:
        return tuple(contract.key)
    return contract.cluster.person, contract.cluster.date


def lake_order(contract: type[Dataset]) -> str:
    """ORDER BY the lake key, and then in the order of delivery."""
    columns = [name(column) for column in lake_key(contract)]
    if contract.cluster is not None:
        columns[0] += " NULLS FIRST"
    return f"ORDER BY {', '.join(columns)}, {ROW_ID}"
