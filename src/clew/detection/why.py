"""Why a row fired, or the first thing that failed: every row gets an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ibis
import ibis.expr.types as ir

from clew.datasets import places
from clew.declare import Detector, Pack
from clew.detection import inputs
from clew.detection.actions import by_pack, identity, open_engine
from clew.detection.engines.base import Engine
from clew.detection.facts import judge, resolve, unheld
from clew.detection.plan import Plan, plan, prepare
from clew.kernel import clock
from clew.kernel.errors import NotFound
from clew.kernel.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one row fired in one detector, or the first thing that failed.

    `tested` lists conditions and exclusions in declared order with what was found.
    """

    detector: str
    row: places.RowPlace
    outcome: str
    decided_by: str
    tested: Mapping[str, bool | None] = field(default_factory=dict)
    clue: str = ""


def why(text: str, detectors: Sequence[Detector]) -> list[Reason]:
    """Asks each detector about each row that the text names, on what is published now.

    Raises:
        NotFound: no row has this key.
    """
    rows = [r for r in places.rows_by_key(text) if r.key]
    if not rows:
        raise NotFound(
            f"没有业务主键含 {text} 的行 (no row has this key)", next_step=f"clew trace {text}"
        )
    reasons: list[Reason] = []
    with open_engine(Workspace.current()) as engine:
        for pack, chosen in by_pack(detectors):
            work = _plan_now(pack, chosen)
            reasons += [
                Reason(n.detector.id, row, "not_run", n.reason) for n in work.not_run for row in rows
            ]
            prepare(work, engine)
            for detector in work.detectors:
                reasons += [_reason(work, engine, detector, row) for row in rows]
    return reasons


def _plan_now(pack: Pack, detectors: Sequence[Detector]) -> Plan:
    params = {d.id: d.values() for d in detectors}
    return plan(pack, detectors, params, inputs.freeze(pack.datasets, clock.today()))


def _reason(work: Plan, engine: Engine, detector: Detector, row: places.RowPlace) -> Reason:
    query = work.query(detector)
    found = engine.rows(engine.sql(query.filter(query.row_id == row.row_id))).to_pylist()
    if not found:
        return Reason(detector.id, row, "not_considered", detector.base.zh)
    missing = unheld(detector, work.relations)
    ranked = sorted(
        ((_failed(detector, values), values) for values in found), key=lambda pair: pair[0] != ""
    )
    failed, values = ranked[0]
    judged = judge(detector, values, missing)
    if failed:
        return Reason(detector.id, row, "condition_failed", failed, judged.tested)
    result = resolve(
        detector, work.params[detector.id], work.relations,
        engine.rows(engine.sql(_whole_fact(work.candidates(detector), detector, values))),
    )  # fmt: skip
    candidate = result.candidates[0]
    known = identity(detector, candidate) if judged.row.outcome == "clue" else ""
    return Reason(
        detector.id, row, judged.row.outcome, judged.excluded_by or "all conditions met",
        judged.tested, known,
    )  # fmt: skip


def _whole_fact(rows: ir.Table, detector: Detector, values: Mapping[str, Any]) -> ir.Table:
    """The candidate rows of the fact that one row belongs to."""
    condition = rows.subject == values["subject"]
    for part in detector.fact_key:
        condition = condition & (rows[part] == ibis.literal(values[part]))
    return rows.filter(condition)


def _failed(detector: Detector, values: Mapping[str, Any]) -> str:
    """The first condition that does not hold on a row; empty if none fails."""
    return next(
        (c.code for c in detector.conditions if values[f"if_{c.code}"] is False), ""
    )
