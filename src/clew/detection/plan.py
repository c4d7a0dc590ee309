"""A run is a plan in stages; `explain` prints the stages that `execute` walks.

    open         the datasets' frozen files, under their names
    materialise  each derived table that is computed once
    view         each derived table that is part of the queries that read it
    detect       one query a rule of a detector
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

import ibis.expr.types as ir

from clew.declare import AnyOf, Derived, Detector, Pack, Params, Relations, Rule
from clew.declare.detector import Cells, column_of
from clew.declare.neighbours import Orders, verified_order
from clew.detection.compiled import ANY_DAY, Compiled, Form
from clew.detection.engines.base import Engine
from clew.detection.facts import Result, resolve, row_text, unheld
from clew.detection.inputs import Inputs
from clew.kernel.errors import DeclarationError
from clew.kernel.workspace import Workspace

Progress = Callable[[str, float], None]
NO_PARAMS = Params({})


@dataclass(frozen=True, slots=True)
class NotRun:
    """A rule that lacks a required input."""

    detector: Detector
    rule: Rule
    reason: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: what is done to what, and the query behind it."""

    step: str
    target: str
    sql: str


@dataclass(frozen=True)
class Plan:
    """Rules of one pack's detectors over frozen inputs: those that can run."""

    pack: Pack
    rules: tuple[tuple[Detector, Rule], ...]
    params: Mapping[str, Params]
    not_run: tuple[NotRun, ...]
    relations: Relations
    inputs: Inputs
    _compiled: dict[str, Compiled] = field(default_factory=dict, compare=False)

    def query(self, detector: Detector, rule: Rule) -> ir.Table:
        """Every base row of the rule with its conditions, nothing filtered."""
        expression = rule.find(self.relations, self.params[detector.id])
        if rule.after is None:
            _check(detector, rule, expression.columns)
        return expression

    def candidates(self, detector: Detector, rule: Rule) -> ir.Table:
        """Rows on which no condition is known to fail. One without its sources cannot fail."""
        expression = self.query(detector, rule)
        if rule.after is not None:
            return expression
        missing = unheld(rule, self.relations)
        for condition in rule.conditions:
            if condition.code not in missing:
                met = expression[f"if_{condition.code}"]
                expression = expression.filter(met.fill_null(True))
        return expression

    def sql(
        self,
        engine: Engine,
        detector: Detector,
        rule: Rule,
        proved: Orders = MappingProxyType({}),
        *,
        every: bool = False,
    ) -> str:
        """A rule's query for an engine that has proved some orders; `every` filters nothing."""

        def build() -> ir.Table:
            return self.query(detector, rule) if every else self.candidates(detector, rule)

        name = f"{detector.id}{rule.code} {'every' if every else 'candidates'}"
        return self._sql(engine, name, build, self.params[detector.id], proved)

    def derived_sql(self, engine: Engine, derived: Derived) -> str:
        return self._sql(engine, derived.name, lambda: self.relations.definition(derived.name))

    def _sql(
        self,
        engine: Engine,
        name: str,
        build: Callable[[], ir.Table],
        params: Params = NO_PARAMS,
        proved: Orders = MappingProxyType({}),
    ) -> str:
        def write() -> Form:
            with verified_order(proved) as orders, self.relations.answers() as answers:
                expression = build()
            return Form(engine.sql(expression), answers, orders)

        form = self._kept(engine).form(name, params, self.inputs.held, proved, write)
        return form.on(self.inputs.as_of)

    def _kept(self, engine: Engine) -> Compiled:
        if engine.name not in self._compiled:
            workspace = Workspace.current()
            self._compiled[engine.name] = Compiled(workspace, self.pack, engine.name)
        return self._compiled[engine.name]

    def finish(self, detector: Detector, rule: Rule, rows: list[Cells]) -> list[Cells]:
        """The step after the query, where the rule has one; rows go in and come out in order."""
        if rule.after is None:
            return rows
        found = rule.after(sorted(rows, key=row_text), self.params[detector.id])
        for row in found[:1]:
            _check(detector, rule, row)
        return found

    @cached_property
    def derived(self) -> list[Derived]:
        """Derived tables that these detectors may read, those they rest on first."""
        needed = {name for detector, _ in self.rules for name in detector.inputs}
        for derived in reversed(self.pack.derived):
            if derived.name in needed:
                needed |= set(derived.inputs)
        return [d for d in self.pack.derived if d.name in needed]


def plan(
    pack: Pack, detectors: Sequence[Detector], params: Mapping[str, Params], inputs: Inputs
) -> Plan:
    """Decides what can run."""
    relations = Relations(
        {d.name: d for d in pack.datasets},
        {d.name: d for d in pack.derived},
        held=inputs.held,
        as_of=ANY_DAY,
    )
    asked = [(d, rule, _missing(rule, pack, inputs)) for d in detectors for rule in d.rules]
    return Plan(
        pack,
        tuple((d, rule) for d, rule, missing in asked if not missing),
        params,
        tuple(NotRun(d, rule, missing) for d, rule, missing in asked if missing),
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
    """Walks the stages and returns what each rule saw."""
    results: list[Result] = []
    total = len(work.derived) + len(work.rules) + 1
    for number, (stage, result) in enumerate(_walk(work, engine, run=True), 1):
        progress(f"{stage.step} {stage.target}", number / total)
        if result is not None:
            results.append(result)
    return results


def _walk(work: Plan, engine: Engine, *, run: bool) -> Iterator[tuple[Stage, Result | None]]:
    proved: dict[str, tuple[str, ...]] = {}
    for stage in _prepared(work, engine, proved):
        yield stage, None
    for detector, rule in work.rules:
        sql = work.sql(engine, detector, rule, proved)
        result = None
        if run:
            rows = work.finish(detector, rule, engine.rows(sql).to_pylist())
            result = resolve(detector, rule, work.params[detector.id], work.relations, rows)
        yield Stage("detect", f"{detector.id}{rule.code}", sql), result


def _prepared(
    work: Plan, engine: Engine, proved: dict[str, tuple[str, ...]] | None = None
) -> Iterator[Stage]:
    """The stages before any detector; fills in which tables lie in which order."""
    engine.open({d.name: d for d in work.pack.datasets}, work.inputs)
    yield Stage("open", work.pack.name, "")
    for derived in work.derived:
        sql = work.derived_sql(engine, derived)
        if not derived.materialise:
            engine.view(derived.name, sql)
            yield Stage("view", derived.name, sql)
            continue
        if engine.materialise(derived.name, sql, derived.order) and proved is not None:
            proved[derived.name] = derived.order
        yield Stage("materialise", derived.name, sql)


def _missing(rule: Rule, pack: Pack, inputs: Inputs) -> str:
    """Why a rule cannot run; empty if it can."""
    titles = {d.name: d.title for d in pack.datasets}
    lacking = []
    for item in rule.required:
        choices = item.datasets if isinstance(item, AnyOf) else (item,)
        if not any(choice in inputs.held for choice in choices):
            lacking.append(" / ".join(f"{titles[c.split('.')[0]].zh} {c}" for c in choices))
    return f"缺少必需的数据: {'; '.join(lacking)} (required data is missing)" if lacking else ""


def _check(detector: Detector, rule: Rule, columns: Iterable[str]) -> None:
    """The declaration's promise about its columns."""
    expected = {"subject", "row_id", "fund", "account", *rule.fact_key}
    expected |= {column_of(item) for item in rule.asked}
    missing = sorted(expected - set(columns))
    if missing:
        raise DeclarationError(f"{detector.id}{rule.code} does not return {missing}")
