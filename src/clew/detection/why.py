"""Why a row fired, or the first thing that failed: every row gets an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from clew.datasets import places
from clew.declare import CLUE, Detector, Pack, Rule
from clew.detection import inputs
from clew.detection.actions import by_pack, identity, open_engine
from clew.detection.engines.base import Engine
from clew.detection.facts import Candidate, Judged, failed, judge, resolve, row_order, unheld
from clew.detection.models import NOT_RUN
from clew.detection.plan import Plan, plan, prepare
from clew.kernel import clock
from clew.kernel.errors import NotFound
from clew.kernel.workspace import Workspace

NOT_CONSIDERED, CONDITION_FAILED = "not_considered", "condition_failed"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one row fired in one rule of a detector, or the first thing that failed.

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
    rule: str = ""


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
                Reason(n.detector.id, r, NOT_RUN, n.reason, rule=n.rule.code)
                for n in work.not_run
                for r in live
            ]
            prepare(work, engine)
            for detector, rule in work.rules:
                found = _reasons(work, engine, detector, rule, live)
                reasons += [replace(reason, rule=rule.code) for reason in found]
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
    work: Plan, engine: Engine, detector: Detector, rule: Rule, rows: Sequence[places.RowPlace]
) -> list[Reason]:
    missing = unheld(rule, work.relations)
    found = [judge(rule, v, missing) for v in _around(work, engine, detector, rule, rows)]
    found.sort(key=row_order)
    params = work.params[detector.id]
    result = resolve(detector, rule, params, work.relations, [j.row.values for j in found])
    facts = {(c.subject, *c.key): c for c in result.candidates}
    reasons = []
    for row in rows:
        own = [j for j in found if j.row_id == row.row_id]
        standing = next((j for j in own if not failed(rule, j)), None)
        if standing:
            values = standing.row.values
            fact = facts[tuple(values[part] for part in ("subject", *rule.fact_key))]
            reasons.append(_decided(detector, rule, row, standing, fact))
        elif own:
            first = failed(rule, own[0])
            reasons.append(Reason(detector.id, row, CONDITION_FAILED, first, own[0].tested))
        else:
            reasons.append(Reason(detector.id, row, NOT_CONSIDERED, rule.base.zh))
    return reasons


def _around(
    work: Plan, engine: Engine, detector: Detector, rule: Rule, rows: Sequence[places.RowPlace]
) -> list[dict[str, Any]]:
    """What the rule says of these rows and of all others of their subjects; of all rows, where a
    step after the query needs them together.
    """
    sql = work.sql(engine, detector, rule, every=True)
    if rule.after is not None:
        return work.finish(detector, rule, engine.rows(sql).to_pylist())
    ids = f"row_id IN ({', '.join(str(r.row_id) for r in rows)})"
    subjects = f"SELECT subject FROM ({sql}) AS own WHERE {ids}"
    every = f"SELECT * FROM ({sql}) AS every WHERE {ids} OR subject IN ({subjects})"
    answer: list[dict[str, Any]] = engine.rows(every).to_pylist()
    return answer


def _decided(
    detector: Detector, rule: Rule, row: places.RowPlace, own: Judged, fact: Candidate
) -> Reason:
    """The row's own verdict where it stands, else that of its fact."""
    outcome, code = own.row.outcome, own.excluded_by
    if outcome == CLUE and fact.outcome != CLUE:
        outcome, code = fact.outcome, fact.excluded_by
    known = identity(detector, rule, fact) if outcome == CLUE else ""
    return Reason(detector.id, row, outcome, code or "all conditions met", own.tested, known)

