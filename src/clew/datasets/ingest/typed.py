"""From text to lake values: one pass by the engine, the kernel only for texts that need judgement.

typed     one row a delivered row: the engine's value of each column and, where it found none,
          the text
fix_<c>   one row a distinct text that the kernel judged: its normal form, repair or fault
who_<c>   one row a distinct person number: its key
call_<c>  one row a distinct person name: clean form and comparison form
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from clew.datasets.ingest import editions, fastpath
from clew.datasets.lake import identities
from clew.datasets.lake.engine import DUCKDB_TYPES, files_sql, name, quote
from clew.declare import Column, Dataset
from clew.declare.types import PRECISIONS, Delivery, Division, Moment, PersonId, PersonName
from clew.kernel import identifiers
from clew.kernel.keys import person_key
from clew.kernel.names import clean_name, name_key

ROW = "_row"
MANY_NAMES = 5_000


@dataclass
class Typed:
    """What the pass built: which columns were delivered and which side tables exist."""

    dataset: type[Dataset]
    delivered: Mapping[str, str]
    received: date
    scheme: str
    names: bool
    fixed: set[str] = field(default_factory=set)

    @property
    def columns(self) -> list[Column]:
        return [c for c in self.dataset.columns.values() if c.name in self.delivered or c.default]


def build(
    con: duckdb.DuckDBPyConnection,
    typed: Typed,
    scan: str,
    where: str,
    workspace_key: bytes,
    staging: Path,
) -> None:
    """Creates `typed` and its side tables.

    `typed` is a view of a Parquet file in `staging`: the engine writes and reads that several
    times faster than a table of its own, and needs no memory to keep it.

    Raises:
        duckdb.InvalidInputException: a CSV row does not fit its headers.
    """
    inner = [f"{ROW}"]
    middle = [f"{ROW}"]
    for column in typed.columns:
        text = f"nullif(trim({typed.delivered.get(column.name, 'NULL')}), '')"
        if column.default is not None:
            text = f"coalesce({text}, {quote(column.default)})"
        inner.append(f"{text} AS {name(column.name)}")
        middle += _cells(column, typed.received)
    condition = f" WHERE {where}" if where else ""
    source = f"SELECT {', '.join(inner)} FROM ({scan}) AS delivery{condition}"
    file = staging / "typed.parquet"
    con.execute(
        f"COPY (SELECT {', '.join(middle)} FROM ({source})) TO {quote(str(file))} "
        "(FORMAT parquet, COMPRESSION lz4_raw)"
    )
    con.execute(f"CREATE OR REPLACE VIEW typed AS FROM {files_sql([file])}")
    _side_tables(con, typed, workspace_key)


def _cells(column: Column, received: date) -> list[str]:
    c = name(column.name)
    if isinstance(column.type, PersonId | PersonName):
        return [c]
    quick = fastpath.fast(column.type, c, received)
    cells = [
        f"{quick.value} AS {c}",
        f"CASE WHEN {quick.value} IS NULL THEN {c} END AS {raw(column)}",
    ]
    if isinstance(column.type, Moment):
        cells.append(
            f"CASE WHEN {quick.value} IS NOT NULL THEN ({quick.precision})::TINYINT END "
            f"AS {precision(column)}"
        )
    return cells


def raw(column: Column) -> str:
    return name(f"{column.name}__raw")


def precision(column: Column) -> str:
    return name(f"{column.name}_precision")


def _side_tables(con: duckdb.DuckDBPyConnection, typed: Typed, workspace_key: bytes) -> None:
    delivery = Delivery(typed.received, typed.scheme or None)
    # A number is judged by its row's document type, so the types are read first.
    for column in sorted(typed.columns, key=lambda c: isinstance(c.type, PersonId)):
        if isinstance(column.type, PersonId):
            _persons(con, typed, column, workspace_key)
        elif isinstance(column.type, PersonName):
            _names(con, typed, column)
        else:
            _fixes(con, typed, column, delivery)


def _fixes(
    con: duckdb.DuckDBPyConnection, typed: Typed, column: Column, delivery: Delivery
) -> None:
    texts = _texts(con, raw(column), "typed")
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


_FIX = pa.schema(
    [("raw", pa.string()), ("normal", pa.string()), ("precision", pa.int8()),
     ("repaired", pa.string()), ("reason", pa.string())]
)  # fmt: skip
_WHO = pa.schema(
    [("raw", pa.string()), ("document", pa.string()), ("number", pa.string()),
     ("scheme", pa.string()), ("key", pa.int64()), ("repaired", pa.string()),
     ("reason", pa.string())]
)  # fmt: skip
_CALL = pa.schema(
    [("raw", pa.string()), ("clean", pa.string()), ("key", pa.string()),
     ("repaired", pa.string()), ("reason", pa.string())]
)  # fmt: skip


def _persons(
    con: duckdb.DuckDBPyConnection, typed: Typed, column: Column, workspace_key: bytes
) -> None:
    """Judges each distinct number once; intact citizen numbers never leave the engine."""
    document, kind = _document(typed, column)
    c, who = f"t.{name(column.name)}", f"who_{column.name}"
    counties = [(code,) for code in fastpath.counties()]
    _table(con, "counties", counties, pa.schema([("code", pa.string())]))
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
    key = identities.key_sql("'01:' || raw")
    con.execute(
        f"INSERT INTO {who} SELECT raw, document, raw, '01', {key}, '', '' FROM intact",
        identities.key_pads(workspace_key),
    )
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
    rows: Iterable[tuple[object, ...]],
    schema: pa.Schema,
) -> None:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    data = pa.Table.from_arrays(
        [pa.array(list(c), f.type) for c, f in zip(columns, schema, strict=True)], schema=schema
    )
    con.register("incoming", data)
    con.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM incoming")
    con.unregister("incoming")


# Reading the result: final values with only the joins they need.


def _final(typed: Typed, column: Column) -> str:
    """The engine's value of a delivered column, else the kernel's."""
    lake, c = DUCKDB_TYPES[column.type.lake], f"t.{name(column.name)}"
    if column.name not in typed.fixed:
        return f"CAST({c} AS {lake})"
    return f"coalesce({c}, CAST(fix_{column.name}.normal AS {lake}))"


def _joins(typed: Typed, column: str | None) -> tuple[str, ...]:
    """The join with what the kernel said of a column, if it had to say anything."""
    if column is None or column not in typed.fixed:
        return ()
    return (f" LEFT JOIN fix_{column} ON fix_{column}.raw = t.{name(column + '__raw')}",)


@dataclass(frozen=True, slots=True)
class Value:
    """SQL of one lake column, the joins it needs, and the fault that left it empty."""

    sql: str
    joins: tuple[str, ...]
    fault: str


def values(typed: Typed) -> dict[str, Value]:
    """Every lake column of the contract but `row_id`, in the contract's order."""
    result: dict[str, Value] = {}
    for column in typed.dataset.columns.values():
        present = column.name in typed.delivered or column.default is not None
        if isinstance(column.type, PersonId):
            result |= _person_value(typed, column, present)
        elif isinstance(column.type, PersonName):
            result |= _name_values(typed, column, present)
        else:
            result |= _plain_values(typed, column, present)
    return result


def _plain_values(typed: Typed, column: Column, present: bool) -> dict[str, Value]:
    fix, fixed = f"fix_{column.name}", column.name in typed.fixed
    joins = _joins(typed, column.name)
    fault = f"coalesce(nullif({fix}.reason, ''), 'EMPTY')" if fixed else "'EMPTY'"
    value = _final(typed, column) if present else f"CAST(NULL AS {DUCKDB_TYPES[column.type.lake]})"
    if present and isinstance(column.type, Division):
        day, day_joins = _day(typed)
        value, joins = editions.current(f"({value})", day), joins + day_joins
    result = {column.name: Value(value, joins, fault)}
    if isinstance(column.type, Moment):
        p = f"t.{precision(column)}" if present else "CAST(NULL AS TINYINT)"
        p = f"coalesce({p}, {fix}.precision)" if fixed else p
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
        return {column.name: Value("CAST(NULL AS BIGINT)", (), "'EMPTY'")}
    who = f"who_{column.name}"
    document, kind = _document(typed, column)
    join = f" LEFT JOIN {who} ON {who}.raw = t.{name(column.name)}"
    if document:
        join += f" AND {who}.document = {kind}"
    fault = f"coalesce(nullif({who}.reason, ''), 'D03_EMPTY')"
    return {column.name: Value(f"{who}.key", (*_joins(typed, document), join), fault)}


def _name_values(typed: Typed, column: Column, present: bool) -> dict[str, Value]:
    empty = "CAST(NULL AS VARCHAR)"
    if not present:
        key = empty if typed.names else "''"
        return {
            column.name: Value(empty, (), "'EMPTY'"),
            f"{column.name}_key": Value(key, (), "'EMPTY'"),
        }
    call = f"call_{column.name}"
    joins = (f" LEFT JOIN {call} ON {call}.raw = t.{name(column.name)}",)
    fault = f"coalesce(nullif({call}.reason, ''), 'EMPTY')"
    return {
        column.name: Value(f"{call}.clean", joins, fault),
        f"{column.name}_key": Value(f"{call}.key", joins, fault),
    }


def select(typed: Typed, columns: Mapping[str, str], needs: Iterable[str]) -> str:
    """SELECT of named expressions over `typed AS t`, with the joins of the lake columns `needs`."""
    available = values(typed)
    joins = dict.fromkeys(join for need in needs for join in available[need].joins)
    cells = ", ".join(f"{sql} AS {name(alias)}" for alias, sql in columns.items())
    return f"SELECT {cells} FROM typed AS t{''.join(joins)}"
