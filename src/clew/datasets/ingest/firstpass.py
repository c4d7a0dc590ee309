"""The one pass over every cell of a delivery: what is plain becomes a value, the rest stays text.

The outcome is a Parquet file in staging: the engine writes and reads that several times faster
than a table of its own, and needs no memory to keep it. It holds, by kind of column,

persons, names, addresses     <c>, the text, for all of them are judged by distinct text
types without a quick form    <c>__raw, the text
all others                    <c>, the value; where there is none, the text lies in `_raw`
moments                       <c>_precision beside the value

`_raw` is one JSON object a row, of the odd texts by column; null in the many rows without any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from clew.datasets.ingest import fastpath
from clew.datasets.ingest.reading import ROW, THERE, Source
from clew.datasets.lake.engine import files_sql, name, quote
from clew.declare import Column
from clew.declare.types import Address, Moment, PersonId, PersonName

RAW = "_raw"
GROUP = 40_960
_TEXTS = (PersonId, PersonName, Address)


def write(
    con: duckdb.DuckDBPyConnection,
    columns: Sequence[Column],
    delivered: Mapping[str, str],
    received: date,
    source: Source,
    where: str,
    file: Path,
) -> str:
    """Writes `file` and gives SQL over it: rows to take, with their number `_row`.

    `con` is best one that `streams`.

    Raises:
        duckdb.InvalidInputException: a CSV row does not fit its headers.
    """
    layers = _layers(columns, delivered, received)
    target = f"TO {quote(str(file))} (FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE {GROUP})"
    if source.in_order:
        taken = f"({THERE} AND coalesce({where}, false))" if where else THERE
        unnumbered = f"COPY ({layers.over(source.in_order, taken, THERE)}) {target}"
        if _keeps_order(con, unnumbered):
            con.execute(unnumbered)
            return (
                f"SELECT file_row_number + {source.first_row} AS {ROW}, "
                f"* EXCLUDE (file_row_number, {THERE}) "
                f"FROM {files_sql([file], numbered=True)} WHERE {THERE}"
            )
    condition = f" WHERE {where}" if where else ""
    scan = f"SELECT * FROM ({source.scan}) AS delivery{condition}"
    con.execute(f"COPY ({layers.over(scan, ROW, ROW)}) {target}")
    return f"FROM {files_sql([file])}"


def _keeps_order(con: duckdb.DuckDBPyConnection, sql: str) -> bool:
    """The engine keeps the order of a file through all that is done to one row at a time, and may
    lose it in a join, into which it turns long lists.
    """
    plan = con.execute(f"EXPLAIN {sql}").fetchone()
    return plan is not None and "JOIN" not in plan[1]


@dataclass
class _Layers:
    """Expressions of the nested SELECTs, innermost first; each sees the one before."""

    given: list[str] = field(default_factory=list)
    quick: list[str] = field(default_factory=list)
    judged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def over(self, scan: str, first: str, alias: str) -> str:
        sql = f"SELECT {', '.join([f'{first} AS {alias}', *self.given])} FROM ({scan}) AS delivery"
        for layer in (self.quick, self.judged, self.kept):
            sql = f"SELECT {', '.join([alias, *layer])} FROM ({sql})"
        return sql


def _layers(columns: Sequence[Column], delivered: Mapping[str, str], received: date) -> _Layers:
    layers = _Layers()
    odd: list[str] = []
    for column in columns:
        given = delivered.get(column.name, "CAST(NULL AS VARCHAR)")
        if column.default is not None:
            given = f"coalesce({_text(given)}, {quote(column.default)})"
        if isinstance(column.type, _TEXTS) or has_raw_column(column):
            kept = name(f"{column.name}__raw") if has_raw_column(column) else name(column.name)
            layers.given.append(f"{_text(given)} AS {kept}")
            for layer in (layers.quick, layers.judged, layers.kept):
                layer.append(kept)
        else:
            _judge(layers, column, given, received)
            odd.append(column.name)
    layers.kept.append(f"{_odd(odd)} AS {RAW}")
    return layers


def _judge(layers: _Layers, column: Column, given: str, received: date) -> None:
    """Trimming costs more than judging, so a text is judged first as it was given."""
    c, before, soon = (name(f"{column.name}{part}") for part in ("", "__given", "__quick"))
    quick = fastpath.fast(column.type, before, received)
    again = fastpath.fast(column.type, _text(before), received)
    layers.given.append(f"{given} AS {before}")
    layers.quick += [before, f"{quick.value} AS {soon}"]
    layers.judged += [
        before,
        f"CASE WHEN {soon} IS NOT NULL THEN {soon} ELSE {again.value} END AS {c}",
    ]
    layers.kept.append(c)
    if isinstance(column.type, Moment):
        layers.judged.append(
            f"CAST(CASE WHEN {soon} IS NOT NULL THEN {quick.precision} "
            f"WHEN {again.value} IS NOT NULL THEN {again.precision} END AS TINYINT) "
            f"AS {precision(column)}"
        )
        layers.kept.append(precision(column))


def _text(given: str) -> str:
    return f"nullif(trim({given}), '')"


def _odd(columns: Sequence[str]) -> str:
    """The texts without a value, as JSON; null where there are none."""
    if not columns:
        return "CAST(NULL AS VARCHAR)"
    given = {c: name(f"{c}__given") for c in columns}
    any_odd = " OR ".join(f"({name(c)} IS NULL AND {g} IS NOT NULL)" for c, g in given.items())
    texts = ", ".join(
        f"{name(c)} := CASE WHEN {name(c)} IS NULL THEN {_text(g)} END" for c, g in given.items()
    )
    return f"CASE WHEN {any_odd} THEN CAST(to_json(struct_pack({texts})) AS VARCHAR) END"


def has_raw_column(column: Column) -> bool:
    """Whether every text of a column waits for the kernel."""
    if isinstance(column.type, _TEXTS):
        return False
    return fastpath.fast(column.type, "v", date.min).value == fastpath.NOTHING


def raw(column: Column, table: str = "typed") -> str:
    """SQL for the text of a cell that the pass left to the kernel; null where it found a value."""
    if has_raw_column(column):
        return f"{table}.{name(f'{column.name}__raw')}"
    return f"json_extract_string({table}.{RAW}, {quote(f'$.{column.name}')})"


def precision(column: Column) -> str:
    return name(f"{column.name}_precision")
