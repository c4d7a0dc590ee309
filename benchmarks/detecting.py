"""G1: detectors as a run executes them, against one scan of the columns that they read."""

from __future__ import annotations

import time
from collections.abc import Mapping
from statistics import median
from typing import Any

import duckdb
import pyarrow as pa

from benchmarks.child import Job, peak_mb, timed
from benchmarks.columns import needed_columns
from benchmarks.plain import FILES, RULES
from clew.cli.session import begin
from clew.datasets.lake.engine import connect, files_sql, name
from clew.declare import Dataset, registry
from clew.detection import inputs
from clew.detection.engines.duck import DuckEngine
from clew.detection.inputs import Inputs
from clew.detection.plan import Plan, execute, plan
from clew.kernel import clock
from clew.kernel.workspace import Workspace

PACK = "medical_insurance"
Facts = dict[str, list[list[str]]]


def detect(ids: list[str], rounds: int, plain: bool = True) -> dict[str, Any]:
    """Medians of interleaved rounds: the scan; queries compiled, executed, made facts of.

    `plain` holds the facts against those of a plain query.
    """
    begin()
    columns = needed_columns(planned(ids))
    times: dict[str, list[float]] = {}
    found: Facts = {}
    for _ in range(rounds):
        times.setdefault("scan_s", []).append(_scan(columns))
        found, spent = _run(ids)
        for what, seconds in spent.items():
            times.setdefault(what, []).append(seconds)
    peak = peak_mb()
    return {
        **{what: median(seconds) for what, seconds in times.items()},
        "peak_mb": peak,
        "columns": columns,
        "facts": {of: len(keys) for of, keys in found.items()},
        "answers_equal": not plain or found == {of: _plain(of) for of in ids},
    }


def planned(ids: list[str]) -> Plan:
    """A plan over what the workspace holds, with every parameter at its default."""
    detectors = [registry.detector(of) for of in ids]
    pack = registry.pack(PACK)
    params = {d.id: d.values({}) for d in detectors}
    return plan(pack, detectors, params, inputs.freeze(pack.datasets, clock.today()))


class _Clocked(DuckEngine):
    """The engine with a clock on what it executes; all else before the facts is compilation."""

    def __init__(self, con: duckdb.DuckDBPyConnection, workspace: Workspace) -> None:
        super().__init__(con, workspace)
        self.executed = 0.0
        self.facts = 0.0
        self._fetched: float | None = None

    def open(self, datasets: Mapping[str, type[Dataset]], inputs: Inputs) -> None:
        seconds, _ = timed(lambda: super(_Clocked, self).open(datasets, inputs))
        self.executed += seconds

    def materialise(self, table: str, sql: str, order: tuple[str, ...]) -> bool:
        seconds, proved = timed(lambda: super(_Clocked, self).materialise(table, sql, order))
        self.executed += seconds
        return bool(proved)

    def rows(self, sql: str) -> pa.Table:
        seconds, rows = timed(lambda: super(_Clocked, self).rows(sql))
        self.executed += seconds
        self._fetched = time.perf_counter()
        return rows

    def progress(self, text: str, share: float) -> None:
        """Called after every stage; the facts of a detector are ready."""
        if self._fetched is not None:
            self.facts += time.perf_counter() - self._fetched
            self._fetched = None


def _run(ids: list[str]) -> tuple[Facts, dict[str, float]]:
    work = planned(ids)
    with connect(Workspace.current(), as_written=True) as con:
        engine = _Clocked(con, Workspace.current())
        whole, results = timed(lambda: execute(work, engine, engine.progress))
    facts = {
        f"{result.detector.id}{result.rule.code}": sorted(
            [str(c.subject), *map(str, c.key)] for c in result.candidates
        )
        for result in results
    }
    return facts, {
        "compile_s": whole - engine.executed - engine.facts,
        "execute_s": engine.executed,
        "facts_s": engine.facts,
    }


def _files(dataset: str) -> str:
    frozen = inputs.freeze([registry.dataset(dataset)], clock.today()).frozen[dataset]
    return files_sql(frozen.paths(Workspace.current()))


def _scan(columns: Mapping[str, list[str]]) -> float:
    """Seconds to read the columns once: least and greatest value, and the sum of numbers."""
    queries = []
    for dataset, names in columns.items():
        types = registry.dataset(dataset).schema()
        cells = [f"min({name(c)}), max({name(c)})" for c in names]
        cells += [f"sum({name(c)})" for c in names if types[c] == "int64"]
        queries.append(f"SELECT {', '.join(cells)} FROM {_files(dataset)}")
    with connect(Workspace.current()) as con:
        seconds, _ = timed(lambda: [con.execute(query).fetchall() for query in queries])
    return float(seconds)


def _plain(of: str) -> list[list[str]]:
    sql = RULES[of].format(**{place: _files(dataset) for place, dataset in FILES.items()})
    with connect(Workspace.current()) as con:
        return sorted([str(part) for part in row] for row in con.execute(sql).fetchall())


JOBS: dict[str, Job] = {"detect": detect}
