"""Why a row fired, or the first thing that failed: every row gets an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

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
                reasons += _reasons(work, engine, detector, live)
    return reasons


_STATES = {
    places.SUPERSEDED: "被后来重送的行取代 (superseded by a row sent later)",
    places.WITHDRAWN: "所在批次已撤回 (its batch was withdrawn)",
    places.QUARANTINED: "在隔离区, 未进入数据湖 (in quarantine, not in the lake)",
    places.DUPLICATE: "与先前送来的行重复 (a duplicate of a row sent before)",
}


def _plan_now(pack: Pack, detectors: Sequence[Detector]) -> Plan:
    params = {d.id: d.values() for d in detectors}
    return plan(pack, detectors, params, inputs.freeze(pack.datasets, clock.today()))


def _reasons(
    work: Plan, engine: Engine, detector: Detector, rows: Sequence[places.RowPlace]
) -> list[Reason]:
    missing = unheld(detector, work.relations)
    found = [judge(detector, v, missing) for v in _around(work, engine, detector, rows)]
    found.sort(key=row_order)
    passed = [j for j in found if not _failed(detector, j)]
    params = work.params[detector.id]
    result = resolve(detector, params, work.relations, [j.row.values for j in passed])
    facts = {(c.subject, *c.key): c for c in result.candidates}
    reasons = []
    for row in rows:
        own = [j for j in found if j.row_id == row.row_id]
        standing = next((j for j in own if not _failed(detector, j)), None)
        if standing:
            values = standing.row.values
            fact = facts[tuple(values[part] for part in ("subject", *detector.fact_key))]
            reasons.append(_decided(detector, row, standing, fact))
        elif own:
            failed = _failed(detector, own[0])
            reasons.append(Reason(detector.id, row, CONDITION_FAILED, failed, own[0].tested))
        else:
            reasons.append(Reason(detector.id, row, NOT_CONSIDERED, detector.base.zh))
    return reasons


def _around(
    work: Plan, engine: Engine, detector: Detector, rows: Sequence[places.RowPlace]
) -> list[dict[str, Any]]:
    """What the detector says of these rows and of all others of their subjects."""
    sql = engine.sql(work.query(detector))
    ids = f"row_id IN ({', '.join(str(r.row_id) for r in rows)})"
    subjects = f"SELECT subject FROM ({sql}) AS own WHERE {ids}"
    every = f"SELECT * FROM ({sql}) AS every WHERE {ids} OR subject IN ({subjects})"
    answer: list[dict[str, Any]] = engine.rows(every).to_pylist()
    return answer


def _decided(detector: Detector, row: places.RowPlace, own: Judged, fact: Candidate) -> Reason:
    """The row's own verdict where it stands, else that of its fact."""
    outcome, code = own.row.outcome, own.excluded_by
    if outcome == CLUE and fact.outcome != CLUE:
        outcome, code = fact.outcome, fact.excluded_by
    known = identity(detector, fact) if outcome == CLUE else ""
    return Reason(detector.id, row, outcome, code or "all conditions met", own.tested, known)


def _failed(detector: Detector, judged: Judged) -> str:
    """The first condition that is known not to hold on a row; empty if none."""
    return next((c.code for c in detector.conditions if judged.tested[c.code] is False), "")
