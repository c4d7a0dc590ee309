"""How rows lie in the lake: the parts of a row id, their order, the file's format."""

from __future__ import annotations

from clew.datasets.lake.engine import name
from clew.declare import ROW_ID, Dataset

# A row id is its batch's number above, its row in the sheet below.
ROW_BITS = 32
SHEET_ROW = (1 << ROW_BITS) - 1
FORMAT = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880"


def lake_order(contract: type[Dataset]) -> str:
    """ORDER BY person and date where the contract says so, else by business key."""
    if contract.cluster is None:
        return f"ORDER BY {', '.join(map(name, contract.key))}, {ROW_ID}"
    person, date = name(contract.cluster.person), name(contract.cluster.date)
    return f"ORDER BY {person} NULLS FIRST, {date}, {ROW_ID}"
