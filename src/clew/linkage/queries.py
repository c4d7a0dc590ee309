"""Links of tier T1 between datasets, and the conflicts (T1c) that a person must settle.

Mentions are joined, not fact rows: one mention is a person key with one name form in one dataset.
Both tiers follow from the rows alone, so they are computed, never stored; METHOD names the rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from clew.datasets.lake.engine import connect, files_sql, name, quote
from clew.datasets.models import Batch, LakeFile
from clew.datasets.places import ROW_BITS
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
    """A person under one name in one dataset: `rows` rows; `example` is one of them, BATCH:ROW."""

    dataset: str
    person: int
    name: str
    name_key: str
    rows: int
    example: str


def links() -> list[Linked]:
    """Every pair of datasets that share a person, in name order.

    A former name agrees with the present one, an empty one (a scheme without names) with any.
    """
    with _mentions() as con:
        rows = con.execute(
            """
            WITH known AS (
                SELECT *, name_key = '' OR (person, name_key) IN (
                    SELECT (person, name_key) FROM former
                ) AS any_name FROM mentions
            ), pairs AS (
                SELECT a.dataset AS a, b.dataset AS b, person,
                       bool_or(a.name_key = b.name_key OR a.any_name OR b.any_name) AS agree
                FROM known AS a JOIN known AS b USING (person)
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
    places = row_places([int(row[5]) for row in rows])
    for row in rows:
        example = places[int(row[5])]
        mention = Mention(row[0], int(row[1]), row[2], row[3], int(row[4]), example)
        found.setdefault(mention.person, []).append(mention)
    return found


def row_places(row_ids: Sequence[int]) -> dict[int, str]:
    """Rows as BATCH:ROW, the form in which `clew trace` takes them."""
    batches = Batch.objects.in_bulk({row_id >> ROW_BITS for row_id in row_ids})
    return {
        row_id: f"{batches[row_id >> ROW_BITS].code}:{row_id & ((1 << ROW_BITS) - 1)}"
        for row_id in row_ids
    }


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
