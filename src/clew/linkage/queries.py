"""Links of tier T1 between datasets, and the conflicts (T1c) that a person must settle.

Mentions are joined, not fact rows: one mention is a person key with one name form in one dataset.
Both tiers follow from the rows alone, so they are computed, never stored; METHOD names the rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from clew.datasets.lake.engine import connect, files_sql, name, quote
from clew.datasets.models import LakeFile
from clew.datasets.queries import paths
from clew.declare import Column, Dataset, registry
from clew.declare.types import PersonId
from clew.kernel.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Linked:
    """How many persons two datasets share, with names that agree (T1) or that do not (T1c)."""

    a: str
    b: str
    agreeing: int
    conflicting: int


@dataclass(frozen=True, slots=True)
class Mention:
    dataset: str
    person: int
    name: str
    name_key: str
    rows: int
    row_id: int


def links() -> list[Linked]:
    """Every pair of datasets that share a person, in name order."""
    with _mentions() as con:
        rows = con.execute(
            """
            WITH pairs AS (
                SELECT a.dataset AS a, b.dataset AS b, person,
                       bool_or(a.name_key = b.name_key OR a.name_key = '' OR b.name_key = '') AS agree
                FROM mentions AS a JOIN mentions AS b USING (person)
                WHERE a.dataset < b.dataset GROUP BY ALL
            )
            SELECT a, b, count(*) FILTER (WHERE agree), count(*) FILTER (WHERE NOT agree)
            FROM pairs GROUP BY ALL ORDER BY ALL
            """
        ).fetchall()
    return [Linked(a, b, int(yes), int(no)) for a, b, yes, no in rows]


def conflicts(limit: int = 200) -> dict[int, list[Mention]]:
    """Persons under whose document several names stand, with one example row a name.

    A former name in the household register is the same person's and makes no conflict.
    """
    with _mentions() as con:
        rows = con.execute(
            """
            WITH named AS (
                SELECT * FROM mentions WHERE name_key <> ''
                AND (person, name_key) NOT IN (SELECT (person, name_key) FROM former)
            ), disputed AS (
                SELECT person FROM named GROUP BY person HAVING count(DISTINCT name_key) > 1
                ORDER BY person LIMIT ?
            )
            SELECT dataset, person, name, name_key, rows, row_id FROM named
            WHERE person IN (FROM disputed) ORDER BY person, name_key, dataset
            """,
            [limit],
        ).fetchall()
    found: dict[int, list[Mention]] = {}
    for row in rows:
        mention = Mention(row[0], int(row[1]), row[2], row[3], int(row[4]), int(row[5]))
        found.setdefault(mention.person, []).append(mention)
    return found


@contextmanager
def _mentions() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the tables `mentions` and `former`."""
    workspace = Workspace.current()
    with connect(workspace) as con:
        con.execute(
            "CREATE TEMP TABLE mentions (dataset VARCHAR, person BIGINT, name VARCHAR, "
            "name_key VARCHAR, rows BIGINT, row_id BIGINT)"
        )
        con.execute("CREATE TEMP TABLE former (person BIGINT, name_key VARCHAR)")
        for contract in registry.datasets().values():
            for column in _named_persons(contract):
                _gather(con, workspace, contract, column)
        yield con


def _named_persons(contract: type[Dataset]) -> list[Column]:
    return [
        c for c in contract.person_columns() if isinstance(c.type, PersonId) and c.type.person_name
    ]


def _gather(
    con: duckdb.DuckDBPyConnection, workspace: Workspace, contract: type[Dataset], column: Column
) -> None:
    files = paths(workspace, contract.name, LakeFile.ROWS)
    if not files:
        return
    assert isinstance(column.type, PersonId) and column.type.person_name
    dead = paths(workspace, contract.name, LakeFile.TOMBSTONES)
    live = f"row_id NOT IN (SELECT row_id FROM {files_sql(dead)})" if dead else "true"
    person, called = name(column.name), name(column.type.person_name)
    key = name(f"{column.type.person_name}_key")
    con.execute(
        f"INSERT INTO mentions SELECT {quote(contract.name)}, {person}, min({called}), {key}, "
        f"count(*), min(row_id) FROM {files_sql(files)} "
        f"WHERE {person} IS NOT NULL AND {key} IS NOT NULL AND {live} GROUP BY {person}, {key}"
    )
    if "former_name_key" in contract.schema():
        con.execute(
            f"INSERT INTO former SELECT DISTINCT {person}, former_name_key FROM {files_sql(files)} "
            f"WHERE {person} IS NOT NULL AND former_name_key IS NOT NULL AND {live}"
        )
