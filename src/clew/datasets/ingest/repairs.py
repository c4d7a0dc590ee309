"""What was mended and what was found faulty, cell by cell and counted by code."""

from __future__ import annotations

from collections import Counter

import duckdb

from clew.datasets.ingest.reading import ROW
from clew.datasets.ingest.typed import Typed, joined, values
from clew.datasets.lake.engine import quote
from clew.declare.types import Address, Division, PersonId, PersonName


def note(
    con: duckdb.DuckDBPyConnection, typed: Typed, row_base: int
) -> tuple[Counter[str], Counter[str]]:
    """Fills `repairs` (row_id, column_name, original, normal, code, repaired).

    Returns:
        Repairs and faults by code. A fault is a text that became null, or a warning (an unknown
        code) whose value is kept.
    """
    con.execute(
        "CREATE OR REPLACE TABLE repairs (row_id BIGINT, column_name VARCHAR, original VARCHAR, "
        "normal VARCHAR, code VARCHAR, repaired BOOLEAN)"
    )
    lake = values(typed)
    for column in typed.columns:
        if isinstance(column.type, PersonId):
            side, normal = f"who_{column.name}", "number"
        elif isinstance(column.type, PersonName):
            side, normal = f"call_{column.name}", "clean"
        elif isinstance(column.type, Address):
            side, normal = f"at_{column.name}", "normal"
        else:
            side, normal = f"fix_{column.name}", "normal"
        if column.name not in typed.fixed:
            continue
        joins = lake[column.name].joins
        if side.startswith("fix_"):
            joins = tuple(dict.fromkeys((joined(column), *joins)))
        con.execute(
            f"INSERT INTO repairs SELECT {row_base} + t.{ROW}, {quote(column.name)}, {side}.raw, "
            f"{side}.{normal}, coalesce(nullif({side}.repaired, ''), {side}.reason), "
            f"{side}.repaired <> '' FROM typed AS t{''.join(joins)} "
            f"WHERE {side}.repaired <> '' OR {side}.reason <> ''"
        )
    _editions(con, typed, row_base)
    counted = con.execute(
        "SELECT repaired, code, count(*) FROM repairs GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    mended = Counter({str(code): int(n) for repaired, code, n in counted if repaired})
    faults = Counter({str(code): int(n) for repaired, code, n in counted if not repaired})
    return mended, faults


def _editions(con: duckdb.DuckDBPyConnection, typed: Typed, row_base: int) -> None:
    """Division codes of an old edition, with the code of the row's day (D12)."""
    lake = values(typed)
    for column in typed.columns:
        if not isinstance(column.type, Division) or column.name not in typed.fixed:
            continue
        value, fix = lake[column.name], f"fix_{column.name}"
        joins = dict.fromkeys((joined(column), *value.joins))
        con.execute(
            f"INSERT INTO repairs SELECT {row_base} + t.{ROW}, {quote(column.name)}, {fix}.raw, "
            f"{value.sql}, 'D12', true FROM typed AS t{''.join(joins)} "
            f"WHERE {value.sql} <> {fix}.normal"
        )
