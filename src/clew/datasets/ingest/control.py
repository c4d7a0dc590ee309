"""The totals row as control total: what its owner added up against what was delivered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal as Exact
from typing import Any

import duckdb

from clew.datasets.ingest.mapping import Target
from clew.datasets.ingest.reading import Source
from clew.datasets.ingest.typed import Typed, select, values
from clew.datasets.lake.engine import name, quote
from clew.declare import Column
from clew.declare.types import Decimal, Delivery, Integer, Money
from clew.kernel.money import yuan


def compare(
    con: duckdb.DuckDBPyConnection, typed: Typed, target: Target, source: Source
) -> dict[str, dict[str, Any]]:
    """Column → stated, summed, ok; for every money and number column that the totals row fills.

    Summed over all rows as delivered: quarantined and duplicate ones too. Money stands in yuan.
    A mapping that takes some rows only has no total to compare.
    """
    if not source.totals or target.where:
        return {}
    stated = _stated(con, typed, target, source.headers, source.totals)
    summed = _summed(con, typed, [c for c in typed.columns if c.name in stated])
    return {
        column: {
            "stated": _written(typed.dataset.columns[column], total),
            "summed": _written(typed.dataset.columns[column], summed[column]),
            "ok": total == summed[column],
        }
        for column, total in stated.items()
    }


def _stated(
    con: duckdb.DuckDBPyConnection,
    typed: Typed,
    target: Target,
    headers: Sequence[str],
    totals: Mapping[str, str],
) -> dict[str, Exact]:
    """The totals row read as any row is: by each column's own expression and type."""
    columns = {
        c.name: target.columns[c.name]
        for c in typed.columns
        if isinstance(c.type, Money | Decimal | Integer)
        and any(name(header) in target.columns.get(c.name, "") for header in totals)
    }
    if not columns:
        return {}
    cells = ", ".join(
        f"CAST({quote(totals[h]) if h in totals else 'NULL'} AS VARCHAR) AS {name(h)}"
        for h in headers
    )
    expressions = ", ".join(columns.values())
    row = con.execute(f"SELECT {expressions} FROM (SELECT {cells}) AS delivery").fetchone()
    delivery = Delivery(typed.received, typed.scheme or None)
    found: dict[str, Exact] = {}
    for column, text in zip(columns, row or (), strict=True):
        checked = typed.dataset.columns[column].type.check(str(text or ""), delivery)
        if checked.normal is not None:
            found[column] = Exact(checked.normal)
    return found


def _summed(
    con: duckdb.DuckDBPyConnection, typed: Typed, columns: list[Column]
) -> dict[str, Exact]:
    if not columns:
        return {}
    lake = values(typed)
    names = [c.name for c in columns]
    body = select(typed, {c: lake[c].sql for c in names}, names)
    sums = ", ".join(f"CAST(coalesce(sum({name(c)}), 0) AS VARCHAR)" for c in names)
    row = con.execute(f"SELECT {sums} FROM ({body})").fetchone()
    return {c: Exact(total) for c, total in zip(names, row or (), strict=True)}


def _written(column: Column, value: Exact) -> str:
    if isinstance(column.type, Money):
        return yuan(int(value))
    return f"{value.normalize():f}" if value else "0"
