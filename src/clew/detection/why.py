"""Why a row fired, or the first thing that failed: every row gets an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ibis
import ibis.expr.types as ir

from clew.datasets import places
from clew.declare import CLUE, Detector, Pack
from clew.detection import inputs
from clew.detection.actions import by_pack, identity, open_engine
from clew.detection.engines.base import Engine
from clew.detection.facts import Candidate, Judged, judge, resolve, row_order, unheld
from clew.detection.models import NOT_RUN
from clew.detection.plan import Plan, plan, prepare
from clew.kernel import clock
from clew.kernel.errors import NotFound
from clew.kernel.workspace import Workspace

NOT_CONSIDERED, CONDITION_FAILED = "not_considered", "condition_failed"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one row fired in one detector, or the first thing that failed.

    `outcome` is the fact's, or: not_run, not_considered (the row is none that the detector looks
    at), condition_failed, or the state of a row that no detector reads. `decided_by` is a code, or
    a reason in words. `tested` lists conditions and exclusions in declared order with what was
    found, `clue` the clue that the row's fact is.
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
    rows = places.rows_by_key(text)
    if not rows:
        raise NotFound(
            f"没有业务主键含 {text} 的行 (no row has this key)", next_step=f"clew trace {text}"
        )
    unread = [r for r in rows if r.state != places.LIVE]
    live = [r for r in rows if r.state == places.LIVE]
    reasons = [Reason(d.id, r, r.state, _STATES[r.state]) for d in detectors for r in unread]
    if not live:
        return reasons
    with open_engine(Workspace.current()) as engine:
        for pack, chosen in by_pack(detectors):
            work = _plan_now(pack, chosen)
            reasons += [
                Reason(n.detector.id, r, NOT_RUN, n.reason) for n in work.not_run for r in live
            ]
            prepare(work, engine)
            for detector in work.detectors:
                reasons += [_reason(work, engine, detector, r) for r in live]
    return reasons


_STATES = {
    places.SUPERSEDED: "被后来重送的行取代 (superseded by a row sent later)",
    places.QUARANTINED: "在隔离区, 未进入数据湖 (in quarantine, not in the lake)",
    places.DUPLICATE: "与先前送来的行重复 (a duplicate of a row sent before)",
}


def _plan_now(pack: Pack, detectors: Sequence[Detector]) -> Plan:
    params = {d.id: d.values() for d in detectors}
    return plan(pack, detectors, params, inputs.freeze(pack.datasets, clock.today()))


def _reason(work: Plan, engine: Engine, detector: Detector, row: places.RowPlace) -> Reason:
    query = work.query(detector)
    found = engine.rows(engine.sql(query.filter(query.row_id == row.row_id))).to_pylist()
    if not found:
        return Reason(detector.id, row, NOT_CONSIDERED, detector.base.zh)
    missing = unheld(detector, work.relations)
    judged = sorted((judge(detector, values, missing) for values in found), key=row_order)
    passed = [j for j in judged if not _failed(detector, j)]
    if not passed:
        first = judged[0]
        return Reason(
            detector.id, row, CONDITION_FAILED, _failed(detector, first), first.tested
        )
    return _decided(detector, row, passed[0], _fact_of(work, engine, detector, passed[0]))


def _decided(detector: Detector, row: places.RowPlace, own: Judged, fact: Candidate) -> Reason:
    """The row's own verdict where it stands, else that of its fact."""
    outcome, code = own.row.outcome, own.excluded_by
    if outcome == CLUE and fact.outcome != CLUE:
        outcome, code = fact.outcome, fact.excluded_by
    known = identity(detector, fact) if outcome == CLUE else ""
    return Reason(detector.id, row, outcome, code or "all conditions met", own.tested, known)


def _fact_of(work: Plan, engine: Engine, detector: Detector, judged: Judged) -> Candidate:
    rows = _same_fact(work.candidates(detector), detector, judged.row.values)
    table = engine.rows(engine.sql(rows))
    return resolve(detector, work.params[detector.id], work.relations, table).candidates[0]


def _same_fact(rows: ir.Table, detector: Detector, values: Mapping[str, Any]) -> ir.Table:
    """The candidate rows of the fact that one row belongs to."""
    for part in ("subject", *detector.fact_key):
        column, value = rows[part], values[part]
        rows = rows.filter(column.isnull() if value is None else column == ibis.literal(value))
    return rows


def _failed(detector: Detector, judged: Judged) -> str:
    """The first condition that is known not to hold on a row; empty if none."""
    return next((c.code for c in detector.conditions if judged.tested[c.code] is False), "")
