"""Which columns a plan reads, as the engine's own query plans say after all pruning.

The plans are made over a small sample of each dataset held as a table, because a plan names the
table that a scan reads but not the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import pyarrow as pa

from clew.datasets.lake.engine import connect, name
from clew.declare import Dataset
from clew.detection.engines.duck import DuckEngine
from clew.detection.inputs import Inputs
from clew.detection.plan import Plan, execute
from clew.kernel.workspace import Workspace

SAMPLE_ROWS = 5_000


def needed_columns(work: Plan) -> dict[str, list[str]]:
    """Columns by dataset, for datasets that are held."""
    workspace = Workspace.current()
    with connect(workspace) as con:
        engine = _Noting(con, workspace)
        execute(work, engine)
    return {dataset: sorted(columns) for dataset, columns in sorted(engine.read.items())}


class _Noting(DuckEngine):
    """The engine over samples, noting the columns of every scan before a query runs."""

    def __init__(self, con: duckdb.DuckDBPyConnection, workspace: Workspace) -> None:
        super().__init__(con, workspace)
        self.read: dict[str, set[str]] = {}
        self._schemas: dict[str, set[str]] = {}

    def open(self, datasets: Mapping[str, type[Dataset]], inputs: Inputs) -> None:
        super().open(datasets, inputs)
        for dataset, contract in datasets.items():
            if inputs.frozen[dataset].files:
                self._schemas[dataset] = set(contract.schema())
                self._con.execute(
                    f"CREATE TEMP TABLE sampled AS FROM {name(dataset)} LIMIT {SAMPLE_ROWS};"
                    f"DROP VIEW {name(dataset)}; ALTER TABLE sampled RENAME TO {name(dataset)}"
                )

    def materialise(self, table: str, sql: str, order: tuple[str, ...]) -> bool:
        self._note(sql)
        return super().materialise(table, sql, order)

    def rows(self, sql: str) -> pa.Table:
        self._note(sql)
        return super().rows(sql)

    def _note(self, sql: str) -> None:
        row = self._con.execute(f"EXPLAIN (FORMAT json) {sql}").fetchone()
        assert row is not None
        for scan in _scans(json.loads(row[1])):
            dataset = str(scan["Table"]).rpartition(".")[2].strip('"')
            if dataset in self._schemas:
                words = set(re.findall(r"\w+", f"{scan.get('Projections')} {scan.get('Filters')}"))
                self.read.setdefault(dataset, set()).update(words & self._schemas[dataset])


def _scans(nodes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        if "Table" in node.get("extra_info", {}):
            yield node["extra_info"]
        yield from _scans(node.get("children", []))
