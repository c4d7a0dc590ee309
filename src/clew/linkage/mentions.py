"""Mentions: a person under one name form in one dataset. Links join these, not fact rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb

from clew.datasets.lake.engine import connect, name, quote
from clew.datasets.queries import live_sql
from clew.declare import Column, Dataset, registry
from clew.declare.types import PersonId
from clew.kernel.workspace import Workspace


@contextmanager
def mentioned() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the tables that `gather` fills, over every live row."""
    with connect(Workspace.current()) as con:
        gather(con)
        yield con


def gather(con: duckdb.DuckDBPyConnection, *, among: str = "") -> None:
    """Fills `mentions` (dataset, person, name, name_key, rows, row_id) and `former` (person,
    name_key).

    `among` names a table with the column `person`: only these persons.
    """
    con.execute(
        "CREATE OR REPLACE TEMP TABLE mentions (dataset VARCHAR, person BIGINT, name VARCHAR, "
        "name_key VARCHAR, rows BIGINT, row_id BIGINT)"
    )
    con.execute("CREATE OR REPLACE TEMP TABLE former (person BIGINT, name_key VARCHAR)")
    workspace = Workspace.current()
    for contract in registry.datasets().values():
        rows = live_sql(workspace, contract.name)
        if rows:
            for column, called in named_persons(contract).items():
                _gather(con, contract, column, called, rows, among)


def named_persons(contract: type[Dataset]) -> dict[Column, str]:
    """Columns of a person's number that have a name beside them → that name's column."""
    return {
        c: c.type.person_name
        for c in contract.person_columns()
        if isinstance(c.type, PersonId) and c.type.person_name
    }


def _gather(
    con: duckdb.DuckDBPyConnection,
    contract: type[Dataset],
    column: Column,
    called: str,
    rows: str,
    among: str,
) -> None:
    person, key = name(column.name), name(f"{called}_key")
    known = f"{person} IN (SELECT person FROM {among})" if among else f"{person} IS NOT NULL"
    con.execute(
        f"INSERT INTO mentions SELECT {quote(contract.name)}, {person}, min({name(called)}), {key},"
        f" count(*), min(row_id) FROM {rows} WHERE {known} AND {key} IS NOT NULL "
        f"GROUP BY {person}, {key}"
    )
    if "former_name_key" in contract.schema():
        con.execute(
            f"INSERT INTO former SELECT DISTINCT {person}, former_name_key FROM {rows} "
            f"WHERE {known} AND former_name_key IS NOT NULL"
        )


def repaired(con: duckdb.DuckDBPyConnection, links: Mapping[str, set[int]]) -> None:
    """Fills `repaired` (dataset, person): persons that a dataset mentions through T2 links."""
    con.execute("CREATE OR REPLACE TEMP TABLE repaired (dataset VARCHAR, person BIGINT)")
    rows = [(dataset, person) for dataset, found in links.items() for person in sorted(found)]
    if rows:
        con.executemany("INSERT INTO repaired VALUES (?, ?)", rows)
