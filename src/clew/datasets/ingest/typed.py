"""From text to lake values: one pass by the engine, the kernel only for texts that need judgement.

typed     one row a delivered row: the engine's value of each cell, or its text (`firstpass`)
fix_<c>   one row a distinct text that the kernel judged: its normal form, repair or fault
who_<c>   one row a distinct person number: its key
call_<c>  one row a distinct person name: clean form and comparison form
at_<c>    one row a distinct address: the text kept, its division, its form with all levels
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import duckdb

from clew.datasets.ingest import editions, fastpath, firstpass
from clew.datasets.ingest.reading import ROW
from clew.datasets.lake import identities
from clew.datasets.lake.engine import DUCKDB_TYPES, name, quote
from clew.declare import Column, Dataset
from clew.declare.types import (
    PRECISIONS,
    Address,
    Delivery,
    Division,
    Moment,
    PersonId,
    PersonName,
)
from clew.kernel import identifiers
from clew.kernel.addresses import NOTHING
from clew.kernel.keys import person_key
from clew.kernel.names import clean_name, name_key

MANY_NAMES = 5_000
FEW = 32
BLOCK_ROWS = 10_000


@dataclass
class Typed:
    """What the pass built: which columns were delivered and which side tables exist."""

    dataset: type[Dataset]
    delivered: Mapping[str, str]
    received: date
    scheme: str
    names: bool
    fixed: set[str] = field(default_factory=set)
    few: dict[str, list[dict[str, object]]] = field(default_factory=dict)

    @property
    def columns(self) -> list[Column]:
        return [c for c in self.dataset.columns.values() if c.name in self.delivered or c.default]


def build(
    con: duckdb.DuckDBPyConnection,
    typed: Typed,
    rows: str,
    workspace_key: bytes,
) -> None:
    """Creates the view `typed` of the first pass's `rows`, and its side tables."""
    con.execute(f"CREATE OR REPLACE VIEW typed AS {rows}")
    _side_tables(con, typed, workspace_key)


def _side_tables(con: duckdb.DuckDBPyConnection, typed: Typed, workspace_key: bytes) -> None:
    delivery = Delivery(typed.received, typed.scheme or None)
    # A number is judged by its row's document type, so the types are read first.
    for column in sorted(typed.columns, key=lambda c: isinstance(c.type, PersonId)):
        if isinstance(column.type, PersonId):
            _persons(con, typed, column, workspace_key)
        elif isinstance(column.type, PersonName):
            _names(con, typed, column)
        elif isinstance(column.type, Address):
            _addresses(con, typed, column, column.type, delivery)
        else:
            _fixes(con, typed, column, delivery)


def _fixes(
    con: duckdb.DuckDBPyConnection, typed: Typed, column: Column, delivery: Delivery
) -> None:
    texts = _texts(con, firstpass.raw(column), "typed")
    if not texts:
        return
    rows = []
    for text in texts:
        if isinstance(column.type, Moment):
            read = column.type.moment(text, delivery)
            normal = read.value.isoformat(sep=" ") if read.value else None
            rows.append((text, normal, PRECISIONS.get(read.precision), read.repaired, read.reason))
        else:
            checked = column.type.check(text, delivery)
            rows.append((text, checked.normal, None, checked.repaired, checked.reason))
    _table(con, f"fix_{column.name}", rows, _FIX)
    typed.fixed.add(column.name)
    if len(rows) <= FEW:
        typed.few[column.name] = [dict(zip(_FIX, row, strict=True)) for row in rows]


# Columns of the side tables with their types.
_SAID = {"repaired": "VARCHAR", "reason": "VARCHAR"}
_FIX = {"raw": "VARCHAR", "normal": "VARCHAR", "precision": "TINYINT"} | _SAID
_WHO = {
    "raw": "VARCHAR", "document": "VARCHAR", "number": "VARCHAR", "scheme": "VARCHAR",
    "key": "BIGINT",
} | _SAID  # fmt: skip
_CALL = {"raw": "VARCHAR", "clean": "VARCHAR", "key": "VARCHAR"} | _SAID

_AT = {"raw": "VARCHAR", "text": "VARCHAR", "division": "VARCHAR", "normal": "VARCHAR"} | _SAID


def _addresses(
    con: duckdb.DuckDBPyConnection,
    typed: Typed,
    column: Column,
    type_: Address,
    delivery: Delivery,
) -> None:
    rows = []
    for text in _texts(con, name(column.name), "typed"):
        read = type_.read(text, delivery)
        kept = None if read.reason in NOTHING else text.strip()
        normal = read.normal or kept
        rows.append((text, kept, read.division, normal, read.repaired, read.reason))
    _table(con, f"at_{column.name}", rows, _AT)
    typed.fixed.add(column.name)


def _persons(
    con: duckdb.DuckDBPyConnection, typed: Typed, column: Column, workspace_key: bytes
) -> None:
    """Judges each distinct number once; intact citizen numbers never leave the engine."""
    document, kind = _document(typed, column)
    c, who = f"t.{name(column.name)}", f"who_{column.name}"
    counties = [(code,) for code in fastpath.counties()]
    _table(con, "counties", counties, {"code": "VARCHAR"})
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE seen AS SELECT DISTINCT {c} AS raw, {kind} AS document "
        f"FROM typed AS t{''.join(_joins(typed, document))} WHERE {c} IS NOT NULL"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE intact AS SELECT raw, document FROM seen "
        f"WHERE document = '{identifiers.RESIDENT}' AND {fastpath.citizen('raw', typed.received)}"
    )
    rest = con.execute("FROM seen EXCEPT FROM intact ORDER BY 1, 2").fetchall()
    rows = [_person(text, doc, typed.received, workspace_key) for text, doc in rest]
    _table(con, who, rows, _WHO)
    key = identities.key_sql("'01:' || raw", workspace_key)
    con.execute(f"INSERT INTO {who} SELECT raw, document, raw, '01', {key}, '', '' FROM intact")
    typed.fixed.add(column.name)


def _document(typed: Typed, column: Column) -> tuple[str | None, str]:
    """The delivered column of a number's document type, and SQL for the type in a row."""
    assert isinstance(column.type, PersonId)
    default = quote(typed.scheme or identifiers.RESIDENT)
    document = column.type.document
    if document is None or document not in typed.delivered:
        return None, default
    return document, f"coalesce({_final(typed, typed.dataset.columns[document])}, {default})"


def _person(
    text: str, document: str, received: date, workspace_key: bytes
) -> tuple[str, str, str | None, str | None, int | None, str, str]:
    checked = identifiers.person_id(text, document, as_of=received)
    if checked.normal is None:
        return text, document, None, None, None, "", checked.reason
    scheme = identifiers.person_scheme(checked.normal, document)
    key = person_key(workspace_key, scheme, checked.normal)
    return text, document, checked.normal, scheme, key, checked.repaired, checked.reason


def _names(con: duckdb.DuckDBPyConnection, typed: Typed, column: Column) -> None:
    c, call = name(column.name), f"call_{column.name}"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE seen AS SELECT DISTINCT {c} AS raw FROM typed "
        f"WHERE {c} IS NOT NULL"
    )
    distinct = con.execute("SELECT count(*) FROM seen").fetchone()
    many = distinct is not None and distinct[0] > MANY_NAMES
    plain = f"regexp_full_match(raw, {quote(fastpath.plain_names())})" if many else "false"
    rows = []
    for text in _texts(con, "raw", f"(SELECT raw FROM seen WHERE NOT {plain})"):
        name_ = clean_name(text)
        rows.append((text, name_.normal, name_key(text) or None, name_.repaired, name_.reason))
    _table(con, call, rows, _CALL)
    if many:
        con.execute(f"INSERT INTO {call} SELECT raw, raw, raw, '', '' FROM seen WHERE {plain}")
    typed.fixed.add(column.name)


def _texts(con: duckdb.DuckDBPyConnection, expression: str, table: str) -> list[str]:
    sql = f"SELECT DISTINCT {expression} FROM {table} WHERE {expression} IS NOT NULL ORDER BY 1"
    return [text for (text,) in con.execute(sql).fetchall()]


def _table(
    con: duckdb.DuckDBPyConnection,
    table: str,
    rows: Sequence[tuple[object, ...]],
    columns: Mapping[str, str],
) -> None:
    """Hands rows over as JSON text: Arrow and bound values would load pandas, up to a second of
    every command.
    """
    con.execute(
        f"CREATE OR REPLACE TABLE {table} "
        f"({', '.join(f'{name(c)} {lake}' for c, lake in columns.items())})"
    )
    shape = quote(json.dumps([columns]))
    for start in range(0, len(rows), BLOCK_ROWS):
        part = [dict(zip(columns, row, strict=True)) for row in rows[start : start + BLOCK_ROWS]]
        cells = quote(json.dumps(part, ensure_ascii=False))
        con.execute(
            f"INSERT INTO {table} SELECT unnest(from_json({cells}, {shape}), recursive := true)"
        )


# Reading the result: final values with only the joins they need.


def _final(typed: Typed, column: Column) -> str:
    """The engine's value of a delivered column, else the kernel's."""
    lake, c = DUCKDB_TYPES[column.type.lake], f"t.{name(column.name)}"
    said = _said(typed, column, "normal")
    judged = f"CAST({said} AS {lake})" if said else ""
    if firstpass.has_raw_column(column):
        return judged or f"CAST(NULL AS {lake})"
    return f"coalesce({c}, {judged})" if judged else f"CAST({c} AS {lake})"


def _said(typed: Typed, column: Column, part: str) -> str:
    """SQL of what the kernel said of a cell's text; empty if it had to say nothing."""
    if column.name not in typed.fixed:
        return ""
    if column.name not in typed.few:
        return f"fix_{column.name}.{part}"
    when = " ".join(
        f"WHEN {quote(str(row['raw']))} THEN {_literal(row[part])}"
        for row in typed.few[column.name]
    )
    return f"(CASE {firstpass.raw(column, 't')} {when} END)"


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    return quote(value) if isinstance(value, str) else str(value)


def _joins(typed: Typed, column: str | None) -> tuple[str, ...]:
    """The join with what the kernel said of a column, where it had much to say.

    A join reserves some 16 MB however little it joins, and a delivery has dozens of columns.
    """
    if column is None or column not in typed.fixed or column in typed.few:
        return ()
    return (joined(typed.dataset.columns[column]),)


def joined(column: Column) -> str:
    """The join of `typed AS t` with what the kernel said of a column's texts."""
    return f" LEFT JOIN fix_{column.name} ON fix_{column.name}.raw = {firstpass.raw(column, 't')}"


@dataclass(frozen=True, slots=True)
class Value:
    """SQL of one lake column, the joins it needs, and the fault that left it empty.

    `constant`: the column was not delivered and is alike in all rows.
    """

    sql: str
    joins: tuple[str, ...]
    fault: str
    constant: bool = False


def values(typed: Typed) -> dict[str, Value]:
    """Every lake column of the contract but `row_id`, in the contract's order."""
    result: dict[str, Value] = {}
    for column in typed.dataset.columns.values():
        present = column.name in typed.delivered or column.default is not None
        if isinstance(column.type, PersonId):
            result |= _person_value(typed, column, present)
        elif isinstance(column.type, PersonName):
            result |= _name_values(typed, column, present)
        elif isinstance(column.type, Address):
            result |= _address_values(column, present)
        else:
            result |= _plain_values(typed, column, present)
    return result


def _absent(lake: str) -> Value:
    return Value(f"CAST(NULL AS {lake})", (), "'EMPTY'", constant=True)


def _plain_values(typed: Typed, column: Column, present: bool) -> dict[str, Value]:
    if not present:
        found = {column.name: _absent(DUCKDB_TYPES[column.type.lake])}
        if isinstance(column.type, Moment):
            found[f"{column.name}_precision"] = _absent("TINYINT")
        return found
    fixed = column.name in typed.fixed
    joins = _joins(typed, column.name)
    reason = _said(typed, column, "reason")
    fault = f"coalesce(nullif({reason}, ''), 'EMPTY')" if fixed else "'EMPTY'"
    value = _final(typed, column)
    if isinstance(column.type, Division):
        day, day_joins = _day(typed)
        value, joins = editions.current(f"({value})", day), joins + day_joins
    result = {column.name: Value(value, joins, fault)}
    if isinstance(column.type, Moment):
        p = f"t.{firstpass.precision(column)}"
        if fixed:
            p = f"CAST(coalesce({p}, {_said(typed, column, 'precision')}) AS TINYINT)"
        result[f"{column.name}_precision"] = Value(p, joins, fault)
    return result


def _day(typed: Typed) -> tuple[str, tuple[str, ...]]:
    """SQL of a row's main date, else of the delivery's day, and the joins it needs."""
    received = f"DATE '{typed.received}'"
    main = typed.dataset.main_date
    if main is None or main not in typed.delivered:
        return received, ()
    day = _final(typed, typed.dataset.columns[main])
    return f"coalesce(CAST({day} AS DATE), {received})", _joins(typed, main)


def _person_value(typed: Typed, column: Column, present: bool) -> dict[str, Value]:
    if not present:
        return {column.name: _absent("BIGINT")}
    who = f"who_{column.name}"
    document, kind = _document(typed, column)
    join = f" LEFT JOIN {who} ON {who}.raw = t.{name(column.name)}"
    if document:
        join += f" AND {who}.document = {kind}"
    fault = f"coalesce(nullif({who}.reason, ''), 'D03_EMPTY')"
    return {column.name: Value(f"{who}.key", (*_joins(typed, document), join), fault)}


def _name_values(typed: Typed, column: Column, present: bool) -> dict[str, Value]:
    if not present:
        absent = _absent("VARCHAR")
        key = absent if typed.names else replace(absent, sql="''")
        return {column.name: absent, f"{column.name}_key": key}
    call = f"call_{column.name}"
    joins = (f" LEFT JOIN {call} ON {call}.raw = t.{name(column.name)}",)
    fault = f"coalesce(nullif({call}.reason, ''), 'EMPTY')"
    return {
        column.name: Value(f"{call}.clean", joins, fault),
        f"{column.name}_key": Value(f"{call}.key", joins, fault),
    }


def _address_values(column: Column, present: bool) -> dict[str, Value]:
    division = f"{column.name}_div"
    if not present:
        return {column.name: _absent("VARCHAR"), division: _absent("VARCHAR")}
    at = f"at_{column.name}"
    joins = (f" LEFT JOIN {at} ON {at}.raw = t.{name(column.name)}",)
    fault = f"coalesce(nullif({at}.reason, ''), 'EMPTY')"
    return {
        column.name: Value(f"{at}.text", joins, fault),
        division: Value(f"{at}.division", joins, fault),
    }


def select(typed: Typed, columns: Mapping[str, str], needs: Iterable[str], among: str = "") -> str:
    """SELECT of named expressions over `typed AS t`, with the joins of the lake columns `needs`.

    `among` is a table of row numbers: only these rows are joined and computed.
    """
    available = values(typed)
    joins = dict.fromkeys(join for need in needs for join in available[need].joins)
    cells = ", ".join(f"{sql} AS {name(alias)}" for alias, sql in columns.items())
    rows = f"(FROM typed WHERE {ROW} IN (SELECT {ROW} FROM {among}))" if among else "typed"
    return f"SELECT {cells} FROM {rows} AS t{''.join(joins)}"
