"""What a transition may ask of a matter, one function a guard. None where nothing speaks against.

The names are declared in `clew.declare.lifecycle`; a test holds both lists equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from clew.declare import Lifecycle
from clew.declare.text import T
from clew.kernel.calendar import Calendar
from clew.kernel.money import yuan
from clew.matters import deadlines
from clew.matters.facts import (
    CONFIRMED,
    FAIL,
    PARTIAL,
    PASS,
    PENDING,
    REBUTTED,
    Event,
    Facts,
    settled,
)

Guard = Callable[[Lifecycle, Facts, Event, Calendar], T | None]
TAKING = "taking"
"""The clock within which an assigned matter is taken on or returned."""
JOINT = "joint_team"
LEGAL_REVIEW = "legal_review"


def _has_clues(_: Lifecycle, facts: Facts, event: Event, __: Calendar) -> T | None:
    return None if facts.clues else T("没有线索", "it holds no clue")


def _exclusions_seen(_: Lifecycle, facts: Facts, event: Event, __: Calendar) -> T | None:
    n = sum(c.unseen for c in facts.clues)
    return T(f"还有 {n} 个未测排除项没有看过", f"{n} exclusions not looked at") if n else None


def _exclusions_answered(_: Lifecycle, facts: Facts, event: Event, __: Calendar) -> T | None:
    n = sum(c.unanswered for c in facts.clues if c.outcome != REBUTTED)
    return T(f"还有 {n} 个排除项没有答案", f"{n} exclusions without an answer") if n else None


def _clues_settled(_: Lifecycle, facts: Facts, event: Event, __: Calendar) -> T | None:
    pending = sum(c.outcome == PENDING for c in facts.clues)
    if pending:
        return T(f"还有 {pending} 条线索没有结论", f"{pending} clues are not settled")
    if not any(c.outcome == CONFIRMED for c in facts.clues):
        return T("没有一条线索属实, 应排除", "no clue is confirmed: rebut the matter")
    return None


def _clues_rebutted(_: Lifecycle, facts: Facts, event: Event, __: Calendar) -> T | None:
    left = sum(c.outcome != REBUTTED for c in facts.clues)
    return T(f"还有 {left} 条线索没有排除", f"{left} clues are not rebutted") if left else None


def _identity_confirmed(_: Lifecycle, facts: Facts, event: Event, __: Calendar) -> T | None:
    unsure = sum(c.unsure and c.outcome == CONFIRMED for c in facts.clues)
    if unsure:
        return T(f"{unsure} 条线索的身份关联低于 T1, 须先核实", f"{unsure} clues rest below T1")
    return None


def _department_named(_: Lifecycle, facts: Facts, event: Event, __: Calendar) -> T | None:
    return None if facts.department else T("未定承办部门", "no department is named")


def _handlers_named(lifecycle: Lifecycle, facts: Facts, _: Event, __: Calendar) -> T | None:
    least = lifecycle.limits["handlers"]
    if len(facts.handlers) < least:
        return T(f"承办人至少 {least} 名", f"at least {least} handlers")
    return None


def _joint_team(lifecycle: Lifecycle, facts: Facts, event: Event, _: Calendar) -> T | None:
    """A joint team is one of more handlers than a plain matter needs, one of them more."""
    large = facts.at_stake >= lifecycle.limits["joint_amount"]
    shared = facts.departments >= lifecycle.limits["joint_departments"]
    least = lifecycle.limits.get("handlers", 1) + 1
    if (large or shared) and len(facts.handlers) < least:
        return T(
            f"涉及 {yuan(facts.at_stake)} 元或 {facts.departments} 个部门, 联合核查至少 {least} 人",
            f"large or shared between departments: a joint team of at least {least}",
        )
    return None


def _below_high(_: Lifecycle, facts: Facts, event: Event, __: Calendar) -> T | None:
    if any(c.severity == "H" for c in facts.clues):
        return T("含高级别线索, 不适用自查自纠", "clues of severity H are not for a self-check")
    return None


def _recovered_in_full(_: Lifecycle, facts: Facts, event: Event, __: Calendar) -> T | None:
    if facts.recovered != facts.due:
        return T(
            f"应追 {yuan(facts.due)} 元, 已追 {yuan(facts.recovered)} 元",
            f"{yuan(facts.due)} yuan are due, {yuan(facts.recovered)} recovered",
        )
    return None


def _first_return(_: Lifecycle, facts: Facts, event: Event, __: Calendar) -> T | None:
    if facts.taken.get("return", 0):
        return T("已退回过一次, 再退转协调", "returned once before: a second goes to coordination")
    return None


def _second_return(_: Lifecycle, facts: Facts, event: Event, __: Calendar) -> T | None:
    return None if facts.taken.get("return", 0) else T("未曾退回", "not returned before")


def _return_in_time(
    lifecycle: Lifecycle, facts: Facts, event: Event, calendar: Calendar
) -> T | None:
    running = next((r for r in reversed(facts.clocks) if r.clock == TAKING), None)
    if running is None:
        return None
    ends = deadlines.due(lifecycle.clock(TAKING), running, calendar, event.on).day
    if event.on > ends:
        return T(f"退回期限 {ends} 已过", f"it could be returned until {ends}")
    return None


def _legal_reviewed(lifecycle: Lifecycle, facts: Facts, _: Event, __: Calendar) -> T | None:
    major = max(facts.at_stake, facts.due) >= lifecycle.limits["major_amount"]
    if major and not facts.papers.get(LEGAL_REVIEW, 0):
        return T("重大事项缺法制审核意见", "a major matter needs its legal review")
    return None


def _due_booked(_: Lifecycle, facts: Facts, event: Event, __: Calendar) -> T | None:
    return None if facts.due > 0 else T("应追金额未入账", "what is due is not booked")


def _amounts_settled(_: Lifecycle, facts: Facts, event: Event, __: Calendar) -> T | None:
    if settled(facts) or facts.due == facts.recovered == facts.written_off == 0:
        return None
    due, recovered, off = (yuan(n) for n in (facts.due, facts.recovered, facts.written_off))
    return T(
        f"应追 {due} ≠ 已追 {recovered} + 核销 {off} 元",
        f"due {due} ≠ recovered {recovered} + written off {off} yuan",
    )


def _children_closed(_: Lifecycle, facts: Facts, event: Event, __: Calendar) -> T | None:
    n = facts.children_open
    return T(f"还有 {n} 个子事项未办结", f"{n} child matters are open") if n else None


def _referrals_answered(_: Lifecycle, facts: Facts, event: Event, __: Calendar) -> T | None:
    n = facts.referrals_open
    return T(f"还有 {n} 项移送未反馈", f"{n} referrals are not answered") if n else None


def _looked_back(wanted: str) -> Guard:
    def guard(_: Lifecycle, facts: Facts, event: Event, __: Calendar) -> T | None:
        if facts.look_back == wanted:
            return None
        shown = facts.look_back or "—"
        return T(f"回头看结果为 {shown}, 非 {wanted}", f"the look-back says {shown}, not {wanted}")

    return guard


GUARDS: Mapping[str, Guard] = MappingProxyType(
    {
        "has_clues": _has_clues,
        "exclusions_seen": _exclusions_seen,
        "exclusions_answered": _exclusions_answered,
        "clues_settled": _clues_settled,
        "clues_rebutted": _clues_rebutted,
        "identity_confirmed": _identity_confirmed,
        "department_named": _department_named,
        "handlers_named": _handlers_named,
        "joint_team": _joint_team,
        "below_high": _below_high,
        "recovered_in_full": _recovered_in_full,
        "first_return": _first_return,
        "second_return": _second_return,
        "return_in_time": _return_in_time,
        "legal_reviewed": _legal_reviewed,
        "due_booked": _due_booked,
        "amounts_settled": _amounts_settled,
        "children_closed": _children_closed,
        "referrals_answered": _referrals_answered,
        "look_back_passed": _looked_back(PASS),
        "look_back_partial": _looked_back(PARTIAL),
        "look_back_failed": _looked_back(FAIL),
    }
)
