"""MI-08 (b): visits on which two unlike signs of fabrication meet."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import (
    HIGH,
    Condition,
    Params,
    Relations,
    Signal,
    T,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.terms import T2, stage
from clew.packs.medical_insurance.detectors.fictitious_visit.bursts import (
    night_bursts,
    number_runs,
    terminal_bursts,
    unverified_days,
)
from clew.packs.medical_insurance.detectors.fictitious_visit.excuses import (
    INTERNET_REVISIT,
    MOBILE_CLINIC,
    OFFLINE_SUPPLEMENT,
    REVERSED,
    mark_programme,
    with_excuses,
)
from clew.packs.medical_insurance.detectors.fictitious_visit.meeting import after
from clew.packs.medical_insurance.detectors.fictitious_visit.observed import (
    LOG,
    MINUTES,
    NIGHT,
    NONE,
    PHONE,
    RUN,
    SPEED,
    TERMINAL,
    visits,
)
from clew.packs.medical_insurance.detectors.fictitious_visit.phone import relatives, same_phones
from clew.packs.medical_insurance.detectors.fictitious_visit.speed import impossible_journeys
from clew.packs.medical_insurance.detectors.fictitious_visit.work import (
    doctor_minutes,
    unlogged_tests,
)

Sources = tuple[str, ...]
TITLES: dict[str, tuple[T, Sources]] = {
    SPEED: (T("移动速度不可能", "Journey too fast"), ("mi_institution.lon",)),
    TERMINAL: (T("同一终端密集结算", "Burst at a terminal"), ("mi_settlement.terminal_no",)),
    RUN: (T("连号参保人依次结算", "Insured numbers in a row"), ("mi_settlement.psn_no",)),
    NIGHT: (T("夜间门诊密集", "Outpatient burst at night"), ()),
    NONE: (T("全天无核验", "A day without verification"), ("mi_settlement.verify_mode",)),
    PHONE: (T("多名无亲属关系者同一电话", "One phone, unrelated"), ("mi_settlement.tel",)),
    MINUTES: (T("医师工时超限", "More minutes than a day has"), ("mi_catalogue.minutes",)),
    LOG: (T("检查检验无日志", "Tests that nobody logged"), ("mi_lab_log",)),
}


@rule(
    code="b",
    title=T("软信号: 两类以上异常同现", "Two unlike signs on one visit"),
    per="institution",
    subject="organisation",
    fact_key=("service_day",),
    base=T("带有至少两类软信号的就诊", "Visits with at least two soft signals"),
    required=("mi_settlement",),
    conditions=(Condition("TWO_SIGNALS", T("两类以上软信号", "Two different soft signals")),),
    signals=tuple(Signal(code, title, sources) for code, (title, sources) in TITLES.items()),
    exclusions=(REVERSED, OFFLINE_SUPPLEMENT, INTERNET_REVISIT, MOBILE_CLINIC),
    grade=severity_always(HIGH),
    after=after,
)
def soft(r: Relations, p: Params) -> ir.Table:
    v = visits(r)
    first = ibis.union(
        unverified_days(v, p), night_bursts(v, p), terminal_bursts(v, p),
        impossible_journeys(r, v, p), doctor_minutes(r, v, p), unlogged_tests(r, v, p),
    )  # fmt: skip
    first = stage(first, "seen_first")
    # A run matters only where something else was seen: the days of those visits are enough.
    days = v.semi_join(first, "row_id").select("subject_place", "day").distinct()
    runs = number_runs(v.semi_join(days, ["subject_place", "day"]), p)
    seen = stage(first.union(runs), "seen")
    if r.held("kin", "mi_binding"):
        seen = stage(seen.union(same_phones(v, seen, p)), "seen_all")
    marked = seen.filter(seen.sign != "")
    counts = marked.group_by("row_id").aggregate(signs=marked.sign.nunique())
    meeting = counts.filter(counts.signs > 1)
    groups = marked.semi_join(meeting, "row_id").select("grp").distinct()
    return _described(r, v, seen.semi_join(groups, "grp"))


def _described(r: Relations, v: ir.Table, seen: ir.Table) -> ir.Table:
    """Observations of groups in which signs meet, with their visits."""
    seen = stage(seen, "in_question")
    t = v.semi_join(seen, "row_id")
    t = with_excuses(t).select(
        "row_id", "subject_place", "day", "person", "tier", "mdtrt_id", "med_type", "begntime",
        "setl_time", "psn_no", "terminal_no", "fund", "account", "not_REVERSED",
        "not_OFFLINE_SUPPLEMENT", "not_INTERNET_REVISIT",
    )  # fmt: skip
    t = mark_programme(r, t, "not_MOBILE_CLINIC", "mobile", ("row_id",))
    kin = relatives(r, t.select("person").distinct())
    t = t.left_join(kin, t.person == kin.relative_of).drop("relative_of")
    unknown: Any = ibis.literal(not r.held("mi_programme"))
    t = t.mutate(
        confirm_identity=(t.tier == T2).fill_null(False),
        not_MOBILE_CLINIC=ibis.ifelse(unknown, ibis.null("boolean"), t.not_MOBILE_CLINIC),
        phones_told=ibis.literal(r.held("kin", "mi_binding")),
        lines_held=ibis.literal(r.held("mi_fee")),
    ).drop("tier")
    return seen.join(t, "row_id", rname="{name}_visit")
