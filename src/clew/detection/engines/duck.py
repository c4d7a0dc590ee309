"""DuckDB, in process: the default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb
import ibis
import ibis.backends.sql.compilers as compilers
import ibis.expr.types as ir
import pyarrow as pa

from clew.datasets.lake.engine import DUCKDB_TYPES, connect, files_sql, name, rows_sql
from clew.declare import Dataset
from clew.declare.relations import CORE
from clew.detection.engines.joins import hashed, read_where_used
from clew.detection.inputs import HOLDERS, LINKS, Frozen, Inputs
from clew.kernel.identifiers import PERMIT, RESIDENT
from clew.kernel.workspace import Workspace


class DuckEngine:
    name = "duckdb"

    def __init__(self, con: duckdb.DuckDBPyConnection, workspace: Workspace) -> None:
        self._con = con
        self._workspace = workspace

    def open(self, datasets: Mapping[str, type[Dataset]], inputs: Inputs) -> None:
        for dataset, contract in datasets.items():
            frozen = inputs.frozen.get(dataset)
            body = _empty(contract.schema())
            if frozen is not None and frozen.files:
                body = self._live(contract, frozen, inputs)
            self._con.execute(f"CREATE OR REPLACE TEMP VIEW {name(dataset)} AS {body}")
        links = inputs.frozen.get(LINKS)
        body = _empty(CORE[LINKS])
        if links is not None:
            body = f"SELECT * FROM {files_sql(links.paths(self._workspace))}"
        self._con.execute(f"CREATE OR REPLACE TEMP VIEW {LINKS} AS {body}")
        known = inputs.frozen.get(HOLDERS)
        body = _empty(CORE[HOLDERS])
        if known is not None and known.files:
            body = _holders(files_sql(known.paths(self._workspace)))
        self._con.execute(f"CREATE OR REPLACE TEMP VIEW {HOLDERS} AS {body}")

    def _live(self, contract: type[Dataset], frozen: Frozen, inputs: Inputs) -> str:
        cells = ", ".join(f"CAST(r.{name(c)} AS {DUCKDB_TYPES[t]}) AS {name(c)}"
                          for c, t in contract.schema().items())  # fmt: skip
        source = rows_sql(contract.schema(), frozen.paths(self._workspace))
        sql = f"SELECT {cells} FROM {source} AS r"
        if frozen.tombstones:
            dead = files_sql(frozen.tombstone_paths(self._workspace))
            sql += f" ANTI JOIN {dead} AS dead ON dead.row_id = r.row_id"
        if contract.main_date and frozen.last_day > inputs.as_of.isoformat():
            day = f"CAST(r.{name(contract.main_date)} AS DATE)"
            sql += f" WHERE ({day} IS NULL OR {day} <= DATE '{inputs.as_of}')"
        return sql

    def materialise(self, table: str, sql: str, order: tuple[str, ...]) -> bool:
        ordering = f" ORDER BY {', '.join(map(name, order))}" if order else ""
        self._con.execute(
            f"CREATE OR REPLACE TEMP TABLE {name(table)} AS SELECT * FROM ({sql}){ordering}"
        )
        return bool(order) and self._ordered(table, order)

    def _ordered(self, table: str, order: tuple[str, ...]) -> bool:
        """Reads the table in storage order and proves that no row precedes the one before."""
        before = ", ".join(f"lag({name(c)}) OVER () AS before_{i}" for i, c in enumerate(order))
        lower = ", ".join(f"before_{i}" for i in range(len(order)))
        upper = ", ".join(map(name, order))
        known = " AND ".join(f"{name(c)} IS NOT NULL" for c in order)
        row = self._con.execute(
            f"SELECT bool_and(({known}) AND (before_0 IS NULL OR ({lower}) <= ({upper}))), "
            f"count(*) FILTER (WHERE before_0 IS NULL) "
            f"FROM (SELECT {upper}, {before} FROM {name(table)})"
        ).fetchone()
        return bool(row and row[0] and row[1] == 1)

    def view(self, table: str, sql: str) -> None:
        self._con.execute(f"CREATE OR REPLACE TEMP VIEW {name(table)} AS {sql}")

    def sql(self, expression: ir.Table) -> str:
        with _unfused():
            query = compilers.duckdb.compiler.to_sqlglot(expression)
        return str(
            read_where_used(hashed(query)).sql(
                dialect=compilers.duckdb.compiler.dialect, pretty=True
            )
        )

    def rows(self, sql: str) -> pa.Table:
        return self._con.execute(sql).to_arrow_table()


@contextmanager
def _unfused() -> Iterator[None]:
    """Selects stay nested: DuckDB merges them in no time, Ibis doubles its own for it."""
    before = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        yield
    finally:
        ibis.options.sql.fuse_selects = before


def _holders(source: str) -> str:
    """Sex and birth date as the 17th character and the 7th to 14th of a number tell them."""
    return (
        "SELECT DISTINCT key AS person, "
        "CASE WHEN TRY_CAST(substr(number, 17, 1) AS INTEGER) % 2 = 1 THEN '1' ELSE '2' END "
        "AS sex, CAST(TRY_STRPTIME(substr(number, 7, 8), '%Y%m%d') AS DATE) AS born "
        f"FROM {source} WHERE scheme IN ('{RESIDENT}', '{PERMIT}') AND length(number) = 18"
    )


def _empty(schema: Mapping[str, str]) -> str:
    cells = ", ".join(f"CAST(NULL AS {DUCKDB_TYPES[t]}) AS {name(c)}" for c, t in schema.items())
    return f"SELECT {cells} WHERE false"


@contextmanager
def session(workspace: Workspace) -> Iterator[DuckEngine]:
    with connect(workspace, as_written=True) as con:
        yield DuckEngine(con, workspace)
