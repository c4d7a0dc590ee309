"""Which rows are accepted: quarantine, duplicates in the file, duplicates of what is held.

quarantined  (_row, reasons)        a key part, or a required date or amount, is missing
lost         (_row)                 duplicates: never stored
superseded   (row_id)               rows, held or new, that are not the live one of their key
resent       (_row, row_id)         duplicates of held rows, and which
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from clew.datasets.ingest.reading import ROW
from clew.datasets.ingest.typed import Typed, Value, select, values
from clew.datasets.lake.engine import files_sql, name, quote
from clew.declare import Column
from clew.declare.types import Moment, Money, PersonId


@dataclass(frozen=True, slots=True)
class Counts:
    rows: int
    quarantined: int
    duplicates: int
    stale: int


def judge(
    con: duckdb.DuckDBPyConnection,
    typed: Typed,
    row_base: int,
    held: Sequence[Path],
    tombstones: Sequence[Path],
) -> Counts:
    """Fills the four tables. `held` and `tombstones` are the dataset's files so far."""
    lake = values(typed)
    _quarantine(con, typed, lake)
    _repeated(con, typed, lake)
    stale = _resent(con, typed, lake, row_base, held, tombstones)
    return Counts(_count(con, "typed"), _count(con, "quarantined"), _count(con, "lost"), stale)


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    row = con.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0


def _must_be_there(typed: Typed) -> list[Column]:
    """Columns whose emptiness quarantines a row: key parts, required dates and amounts.

    A person ID never does, not even in a key.
    """
    return [
        c
        for c in typed.dataset.columns.values()
        if not isinstance(c.type, PersonId)
        and (c.name in typed.dataset.key or (c.required and isinstance(c.type, Money | Moment)))
    ]


def _quarantine(con: duckdb.DuckDBPyConnection, typed: Typed, lake: Mapping[str, Value]) -> None:
    columns = _must_be_there(typed)
    if not columns:
        con.execute(f"CREATE OR REPLACE TABLE quarantined ({ROW} BIGINT, reasons VARCHAR[])")
        return
    empty = " OR ".join(f"({lake[c.name].sql}) IS NULL" for c in columns)
    reasons = ", ".join(
        f"CASE WHEN ({lake[c.name].sql}) IS NULL "
        f"THEN {quote(c.name + ':')} || {lake[c.name].fault} END"
        for c in columns
    )
    body = select(
        typed,
        {ROW: f"t.{ROW}", "reasons": f"list_filter([{reasons}], x -> x IS NOT NULL)", "bad": empty},
        [c.name for c in columns],
    )
    con.execute(
        f"CREATE OR REPLACE TABLE quarantined AS SELECT {ROW}, reasons FROM ({body}) WHERE bad"
    )


def _key(typed: Typed, lake: Mapping[str, Value]) -> str:
    """One text for a row's business key; null where a part is."""
    return " || chr(31) || ".join(f"CAST({lake[k].sql} AS VARCHAR)" for k in typed.dataset.key)


def _repeated(con: duckdb.DuckDBPyConnection, typed: Typed, lake: Mapping[str, Value]) -> None:
    """Rows of one key in this file: the first row like the latest one stays, the others go.

    Without a key (a person ID that cannot be used) only rows delivered alike are one.
    """
    key = _key(typed, lake)
    keys = select(typed, {ROW: f"t.{ROW}", "key": key}, typed.dataset.key)
    judged = f"FROM ({keys}) WHERE {ROW} NOT IN (SELECT {ROW} FROM quarantined)"
    # Most deliveries repeat nothing, and numbers tell that with less memory than texts.
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE alike AS SELECT hash(key) AS digest {judged} "
        "GROUP BY digest HAVING count(*) > 1"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE repeated AS SELECT key {judged} "
        "AND hash(key) IN (FROM alike) GROUP BY key HAVING count(*) > 1"
    )
    con.execute(f"CREATE OR REPLACE TABLE lost ({ROW} BIGINT)")
    if not _count(con, "repeated"):
        return
    # Rows are chosen first: a digest of every row of a large delivery would take minutes.
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE chosen AS SELECT {ROW} {judged} "
        "AND (key IS NULL OR hash(key) IN (FROM alike) AND key IN (FROM repeated))"
    )
    columns = {alias: v.sql for alias, v in lake.items()}
    moment = lake[typed.dataset.moment].sql if typed.dataset.moment else "NULL"
    persons = {f"{c.name} as delivered": f"t.{name(c.name)}" for c in _delivered_persons(typed)}
    rows = select(
        typed,
        {
            ROW: f"t.{ROW}", "key": key, "moment": moment, "content": _content(columns),
            "delivered": _content(columns | persons),
        },
        lake,
        among="chosen",
    )  # fmt: skip
    con.execute(
        f"""
        INSERT INTO lost
        WITH candidates AS MATERIALIZED (
            SELECT {ROW}, moment, content, coalesce(key, delivered) AS key
            FROM ({rows})
        ), latest AS (
            SELECT key, content, row_number() OVER (
                PARTITION BY key ORDER BY moment DESC NULLS LAST, {ROW} DESC) AS place
            FROM candidates
        ), kept AS (
            SELECT min({ROW}) AS {ROW} FROM candidates JOIN latest USING (key, content)
            WHERE place = 1 GROUP BY key
        )
        SELECT {ROW} FROM candidates WHERE {ROW} NOT IN (SELECT {ROW} FROM kept)
        """
    )


def _delivered_persons(typed: Typed) -> list[Column]:
    return [c for c in typed.columns if isinstance(c.type, PersonId)]


def _content(columns: Mapping[str, str]) -> str:
    """A digest of all lake values of a row."""
    cells = ", ".join(f"{name(alias)} := {sql}" for alias, sql in columns.items())
    return f"md5(CAST(to_json(struct_pack({cells})) AS VARCHAR))"


def _resent(
    con: duckdb.DuckDBPyConnection,
    typed: Typed,
    lake: Mapping[str, Value],
    row_base: int,
    held: Sequence[Path],
    tombstones: Sequence[Path],
) -> int:
    """Meets the rows held already: identical ones are duplicates, the later of two others lives.

    Returns:
        How many rows carry an older time of their own than the row held, and so do not supersede.
    """
    con.execute("CREATE OR REPLACE TABLE superseded (row_id BIGINT)")
    con.execute(f"CREATE OR REPLACE TABLE resent ({ROW} BIGINT, row_id BIGINT)")
    if not held:
        return 0
    _meet(con, typed, lake, held, tombstones)
    if not _count(con, "meeting"):
        return 0
    _verdicts(con, typed, lake, held)
    con.execute(f"INSERT INTO lost SELECT DISTINCT {ROW} FROM verdicts WHERE same")
    con.execute(
        f"INSERT INTO resent SELECT {ROW}, min(row_id) FROM verdicts WHERE same GROUP BY {ROW}"
    )
    con.execute(
        "INSERT INTO superseded SELECT DISTINCT row_id FROM verdicts WHERE NOT same AND NOT stale"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE late AS "
        f"SELECT DISTINCT {ROW} FROM verdicts WHERE NOT same AND stale"
    )
    con.execute(f"INSERT INTO superseded SELECT {row_base} + {ROW} FROM late")
    return _count(con, "late")


def _meet(
    con: duckdb.DuckDBPyConnection,
    typed: Typed,
    lake: Mapping[str, Value],
    held: Sequence[Path],
    tombstones: Sequence[Path],
) -> None:
    """Fills `meeting` (_row, row_id): new rows and the live held rows of the same key.

    Where a person ID leaves a row without a key, the row's whole content stands for it.
    """
    contract = typed.dataset
    own_key = _key(typed, lake)
    held_key = " || chr(31) || ".join(f"CAST({name(k)} AS VARCHAR)" for k in contract.key)
    needs: Collection[str] = contract.key
    if any(isinstance(contract.columns[k].type, PersonId) for k in contract.key):
        needs = lake
        own_key = f"coalesce({own_key}, {_content({a: v.sql for a, v in lake.items()})})"
        held_key = f"coalesce({held_key}, {_content({a: name(a) for a in lake})})"
    own = select(typed, {ROW: f"t.{ROW}", "key": own_key}, needs)
    live = f"WHERE row_id NOT IN (SELECT row_id FROM {files_sql(tombstones)})" if tombstones else ""
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE meeting AS
        SELECT own.{ROW} AS {ROW}, old.row_id AS row_id
        FROM ({own}) AS own
        JOIN (SELECT row_id, {held_key} AS key FROM {files_sql(held)} {live}) AS old USING (key)
        WHERE own.{ROW} NOT IN (SELECT {ROW} FROM quarantined)
          AND own.{ROW} NOT IN (SELECT {ROW} FROM lost)
        """
    )


def _verdicts(
    con: duckdb.DuckDBPyConnection,
    typed: Typed,
    lake: Mapping[str, Value],
    held: Sequence[Path],
) -> None:
    """Fills `verdicts` (_row, row_id, same, stale) for every meeting."""
    moment = typed.dataset.moment
    new = select(
        typed,
        {
            ROW: f"t.{ROW}",
            "moment": lake[moment].sql if moment else "NULL",
            "content": _content({alias: v.sql for alias, v in lake.items()}),
        },
        lake,
        among="meeting",
    )
    old_moment = name(moment) if moment else "NULL"
    old_content = _content({alias: name(alias) for alias in lake})
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE verdicts AS
        SELECT m.{ROW} AS {ROW}, m.row_id AS row_id, n.content = o.content AS same,
               coalesce(n.moment < o.moment, false) AS stale
        FROM meeting AS m
        JOIN ({new}) AS n ON n.{ROW} = m.{ROW}
        JOIN (SELECT row_id, {old_moment} AS moment, {old_content} AS content
              FROM {files_sql(held)} WHERE row_id IN (SELECT row_id FROM meeting)) AS o
          ON o.row_id = m.row_id
        """
    )
