"""A run is a plan in stages; `explain` prints the stages that `execute` walks.

    open         the datasets' frozen files, under their names
    materialise  each derived table that is computed once
    detect       one query a detector
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import ibis.expr.types as ir

from clew.declare import AnyOf, Detector, Pack, Params, Relations
from clew.declare.neighbours import verified_order
from clew.detection.engines.base import Engine
from clew.detection.facts import Result, resolve, unheld
from clew.detection.inputs import Inputs
from clew.kernel.errors import DeclarationError

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class NotRun:
    """A detector that lacks a required input."""

    detector: Detector
    reason: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: what is done to what, and the query behind it."""

    step: str
    target: str
    sql: str


@dataclass(frozen=True)
class Plan:
    """Detectors of one pack over frozen inputs."""

    pack: Pack
    detectors: tuple[Detector, ...]
    params: Mapping[str, Params]
    not_run: tuple[NotRun, ...]
    relations: Relations
    inputs: Inputs

    def query(self, detector: Detector) -> ir.Table:
        """Every base row of the detector with its conditions, nothing filtered."""
        expression = detector.find(self.relations, self.params[detector.id])
        _check(detector, expression)
        return expression

    def candidates(self, detector: Detector) -> ir.Table:
        """Rows on which no condition is known to fail. One without its sources cannot fail."""
        expression = self.query(detector)
        missing = unheld(detector, self.relations)
        for condition in detector.conditions:
            if condition.code not in missing:
                met = expression[f"if_{condition.code}"]
                expression = expression.filter(met.fill_null(True))
        return expression

    @cached_property
    def materialised(self) -> list[str]:
        """Derived tables that these detectors need computed, in declared order."""
        for detector in self.detectors:
            self.query(detector)
        needed = set(self.relations.touched)
        for derived in reversed(self.pack.derived):
            if derived.name in needed:
                self.relations.definition(derived.name)
                needed |= set(self.relations.touched) | set(derived.inputs)
        return [d.name for d in self.pack.derived if d.name in needed and d.materialise]


def plan(
    pack: Pack, detectors: Sequence[Detector], params: Mapping[str, Params], inputs: Inputs
) -> Plan:
    """Decides what can run."""
    relations = Relations(
        {d.name: d for d in pack.datasets},
        {d.name: d for d in pack.derived},
        held=inputs.held,
        as_of=inputs.as_of,
    )
    missing = {d.id: _missing(d, pack, inputs) for d in detectors}
    return Plan(
        pack,
        tuple(d for d in detectors if not missing[d.id]),
        params,
        tuple(NotRun(d, missing[d.id]) for d in detectors if missing[d.id]),
        relations,
        inputs,
    )


def explain(work: Plan, engine: Engine) -> list[Stage]:
    """The stages with their SQL. Opens the inputs and computes derived tables, runs no detector."""
    return [stage for stage, _ in _walk(work, engine, run=False)]


def prepare(work: Plan, engine: Engine) -> None:
    """Opens the inputs and computes derived tables, so that single queries can follow."""
    for _ in _prepared(work, engine):
        pass


def execute(
    work: Plan, engine: Engine, progress: Progress = lambda text, share: None
) -> list[Result]:
    """Walks the stages and returns what each detector saw."""
    results: list[Result] = []
    total = len(work.materialised) + len(work.detectors) + 1
    for number, (stage, result) in enumerate(_walk(work, engine, run=True), 1):
        progress(f"{stage.step} {stage.target}", number / total)
        if result is not None:
            results.append(result)
    return results


def _walk(work: Plan, engine: Engine, *, run: bool) -> Iterator[tuple[Stage, Result | None]]:
    proved: dict[str, tuple[str, ...]] = {}
    for stage in _prepared(work, engine, proved):
        yield stage, None
    for detector in work.detectors:
        with verified_order(proved):
            sql = engine.sql(work.candidates(detector))
        result = None
        if run:
            params = work.params[detector.id]
            rows = engine.rows(sql).to_pylist()
            result = resolve(detector, params, work.relations, rows)
        yield Stage("detect", detector.id, sql), result


def _prepared(
    work: Plan, engine: Engine, proved: dict[str, tuple[str, ...]] | None = None
) -> Iterator[Stage]:
    """The stages before any detector; fills in which tables lie in which order."""
    engine.open({d.name: d for d in work.pack.datasets}, work.inputs)
    yield Stage("open", work.pack.name, "")
    orders = {d.name: d.order for d in work.pack.derived}
    for name in work.materialised:
        sql = engine.sql(work.relations.definition(name))
        if engine.materialise(name, sql, orders[name]) and proved is not None:
            proved[name] = orders[name]
        yield Stage("materialise", name, sql)


def _missing(detector: Detector, pack: Pack, inputs: Inputs) -> str:
    """Why a detector cannot run; empty if it can."""
    titles = {d.name: d.title for d in pack.datasets}
    lacking = []
    for item in detector.required:
        choices = item.datasets if isinstance(item, AnyOf) else (item,)
        if not any(choice in inputs.held for choice in choices):
            lacking.append(" / ".join(f"{titles[c].zh} {c}" for c in choices))
    return f"缺少必需的数据: {'; '.join(lacking)} (required data is missing)" if lacking else ""


def _check(detector: Detector, expression: ir.Table) -> None:
    """The declaration's promise about its columns."""
    expected = {"subject", "row_id", "fund", "account", *detector.fact_key}
    expected |= {f"if_{c.code}" for c in detector.conditions}
    expected |= {f"not_{e.code}" for e in detector.exclusions}
    missing = sorted(expected - set(expression.columns))
    if missing:
        raise DeclarationError(f"{detector.id} does not return {missing}")
