"""Monitoring of the heart for more hours than the stay has, or beside a long-term recording."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import (
    MEDIUM,
    Condition,
    Params,
    Relations,
    Signal,
    T,
    any_true,
    int_div,
    minutes_between,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.charges import UNIT, as_units, summed, total, with_money
from clew.packs.medical_insurance.derived.terms import DAY_PRECISION, stage
from clew.packs.medical_insurance.detectors.cardiology.lines import (
    REQUIRED,
    REVERSED,
    STAY,
    cardiac_lines,
)

MONITOR, HOLTER = "ecg_monitor", "holter"


@rule(
    code="f",
    title=T("心电监护时长异常", "Hours of monitoring that the stay does not have"),
    per="person",
    subject="organisation",
    fact_key=STAY,
    base=T("收取心电监护的住院", "Stays charged for monitoring of the heart"),
    required=REQUIRED,
    conditions=(
        Condition("MONITORED", T("超过住院时长或与动态心电图重叠", "Either of the two is seen")),
    ),
    signals=(
        Signal("HOURS", T("监护小时多于住院小时", "More hours than from admission to discharge")),
        Signal("HOLTER", T("与动态心电图同时", "At the same time as a long-term recording")),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
)
def monitoring(r: Relations, p: Params) -> ir.Table:
    t = stage(cardiac_lines(r, (MONITOR, HOLTER), "hour_item"), "heart_lines")
    t = _beside_holter(t)
    t = summed(t, "hour_item", "beside", with_holter=t.holter_line.collect(where=t.beside))
    t = stage(t.filter(t.row_id.notnull(), t.qty > 0), "monitored")
    t = _hours(r, t)
    by_hour = t.hour_item.fill_null(False)
    hours = total(ibis.ifelse(by_hour, t.qty, 0), "visit", "reversed")
    t = t.mutate(hours=hours, allowed=t.stay_hours * UNIT)
    t = t.mutate(
        is_HOURS=ibis.ifelse(by_hour, t.hours > t.allowed, False), is_HOLTER=t.beside
    )
    seen = any_true(t.is_HOURS, t.is_HOLTER).fill_null(False)
    t = t.mutate(
        if_MONITORED=seen,
        # Beside the recording the whole line is flagged, else what exceeds the stay.
        over=ibis.cases((t.beside, 1), (seen, t.hours - t.allowed), else_=0),
        of=ibis.ifelse(t.beside, 1, ibis.greatest(t.hours, 1)),
        not_REVERSED=t.reversed,
        billed_hours=as_units(t.hours),
    )
    t = with_money(r, t, "monitoring_paid")
    return t.select(
        "subject", *STAY, "row_id", "with_lines", "with_holter", "fund", "account",
        "confirm_identity", "billed_hours", "stay_hours", "if_MONITORED", "is_HOURS", "is_HOLTER",
        "not_REVERSED",
    )  # fmt: skip


def _beside_holter(t: ir.Table) -> ir.Table:
    """Monitoring lines with `beside` and the recording's line: overlapping hours, or one date
    where an end is not recorded.
    """
    columns = ("begin", "fee_endtime", "day", "timed", "line")
    h = t.filter(t.kind == HOLTER, t.qty > 0)
    h = h.select(holter_visit="visit", holter_off="reversed", **{f"holter_{c}": c for c in columns})
    m = t.filter(t.kind == MONITOR)
    by_time = (m.begin < h.holter_fee_endtime) & (h.holter_begin < m.fee_endtime)
    both_timed = m.timed & h.holter_timed
    together = m.join(
        h,
        [
            m.visit == h.holter_visit,
            m.reversed | ~h.holter_off,
            ibis.ifelse(both_timed, by_time, m.day == h.holter_day),
        ],
    )
    found = together.group_by(monitored="line").aggregate(
        holter_line=together.holter_line.min()
    )
    m = m.left_join(found, m.line == found.monitored).drop("monitored")
    return m.mutate(beside=m.holter_line.notnull())


def _hours(r: Relations, t: ir.Table) -> ir.Table:
    """Adds `stay_hours`, from admission to discharge rounded up; null without both times."""
    i = r["mi_inpatient"]
    timed = (i.adm_time_precision > DAY_PRECISION) & (i.dscg_time_precision > DAY_PRECISION)
    minutes = minutes_between(i.dscg_time, i.adm_time)
    i = i.select(
        registered="mdtrt_id",
        stay_hours=ibis.ifelse(timed, int_div(minutes + 59, 60), ibis.null("int64")),
    )
    t = t.left_join(i, t.visit == i.registered)
    s = r["mi_settlement"]
    s = s.semi_join(t.filter(t.registered.isnull()).select(mdtrt_id="visit").distinct(), "mdtrt_id")
    s = s.filter(s.begntime_precision > DAY_PRECISION, s.endtime_precision > DAY_PRECISION)
    billed = s.group_by(billed="mdtrt_id").aggregate(first=s.begntime.min(), last=s.endtime.max())
    t = t.left_join(billed, t.visit == billed.billed)
    by_bill = int_div(minutes_between(t.last, t.first) + 59, 60)
    return t.mutate(stay_hours=ibis.coalesce(t.stay_hours, by_bill)).drop(
        "registered", "billed", "first", "last"
    )
