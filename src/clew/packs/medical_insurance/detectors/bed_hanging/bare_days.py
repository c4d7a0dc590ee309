"""Days of a stay on which nothing was charged but the bed."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import (
    MEDIUM,
    Condition,
    Fact,
    Params,
    Relations,
    T,
    add_days,
    days_between,
    ratio,
    rule,
    severity_always,
)
from clew.declare.expressions import RATIO_SCALE
from clew.packs.medical_insurance.derived.terms import (
    DAY_PRECISION,
    T2,
    exact_sum,
    mark,
    stage,
    valid_on,
)
from clew.packs.medical_insurance.derived.ward_lines import fee_lines, ward_lines, with_kind
from clew.packs.medical_insurance.detectors.bed_hanging.excuses import (
    APPROVED_LEAVE,
    CONTRACTED_EXAM,
    LONG_TERM_OBSERVATION,
    REVERSED,
    mark_observation,
    one_a_day,
    with_parts,
)

BARE = ("bed", "nursing", "consult")
DAY = ("mdtrt_id", "day")
LEAVE_HOURS = 24


def still_bare(fact: Fact, p: Params) -> bool:
    """Whether the days that stand are enough, of those on which the patient was not on leave."""
    bare = len({row.day for row in fact.rows})
    days = int(fact.rows[0].stay_days)
    share = divmod(2 * bare * RATIO_SCALE + days, 2 * days)[0] if days else 0
    return bool(bare >= p.k or (days >= p.min_stay_days and share >= p.bare_share * RATIO_SCALE))


@rule(
    code="a",
    title=T("空床日", "Bare days"),
    per="person",
    subject="organisation",
    fact_key=("person", "mdtrt_id"),
    base=T(
        "有费用明细且不止一日的住院",
        "Stays with fee lines of more than one day",
    ),
    required=("mi_settlement", "mi_fee", "mi_catalogue"),
    conditions=(
        Condition(
            "BARE_DAYS",
            T("仅有床位、护理、诊查的日子过多", "Too many days of bed, nursing and consultation"),
        ),
    ),
    exclusions=(REVERSED, APPROVED_LEAVE, LONG_TERM_OBSERVATION, CONTRACTED_EXAM),
    grade=severity_always(MEDIUM),
    after=one_a_day,
    holds=still_bare,
)
def bare_days(r: Relations, p: Params) -> ir.Table:
    suspects = stage(_suspects(r), "suspect_stays")
    lines = stage(ward_lines(r, suspects), "suspect_lines")
    t = _bare(r, p, _days(suspects, lines))
    t = mark_observation(r, t, DAY, "subject", "adm_dept", "adm_date")
    t = _contracted(r, t)
    t = with_parts(r, t, lines, "bare_parts")
    return t.select(
        "subject", "person", *DAY, "adm_date", "end_date", "stay_days", "bare", "stay_row",
        "with_stay", "setl_id", "fund_whole", "account_whole", "weight", "whole", "line_id",
        "with_lines", "if_BARE_DAYS", "not_REVERSED", "not_APPROVED_LEAVE",
        "not_LONG_TERM_OBSERVATION", "not_CONTRACTED_EXAM", "confirm_identity",
        mark=ibis.literal(0, "int64"),
        row_id="stay_row",
        fund=ibis.literal(0, "int64"),
        account=ibis.literal(0, "int64"),
    )  # fmt: skip


def _stays(r: Relations) -> ir.Table:
    """Stays by visit; the day of discharge is none of the `days`."""
    s = r["stays"]
    s = s.filter(s.fixmedins_code.notnull())
    return s.select(
        "person", "mdtrt_id", "adm_date", "end_date", "adm_dept", "reversed",
        subject="fixmedins_code",
        confirm_identity=s.tier == T2,
        stay_row="row_id",
        with_stay="stay_rows",
        days=ibis.greatest(days_between(s.end_date, s.adm_date), 1),
    )  # fmt: skip


def _suspects(r: Relations) -> ir.Table:
    """Stays that may have a bare day: before reversals are netted, so one with a reversal may."""
    s = _stays(r)
    n = r["net_settlements"].select("setl_id", billed="mdtrt_id")
    n = n.join(s, n.billed == s.mdtrt_id).select("setl_id", "mdtrt_id", "adm_date", "days")
    f = fee_lines(r)
    f = with_kind(r, f.join(n, f.bill == n.setl_id))
    nth = days_between(f.day, f.adm_date)
    f = f.filter(nth >= 0, nth < f.days)
    daily = f.group_by(*DAY, "days").aggregate(care=_is_care(f).any(), untouched=f.own.all())
    by_stay = daily.group_by("mdtrt_id", "days").aggregate(
        active=exact_sum(ibis.ifelse(daily.care, 1, 0)), untouched=daily.untouched.all()
    )
    few = by_stay.filter((by_stay.active < by_stay.days) | ~by_stay.untouched)
    return s.semi_join(few, "mdtrt_id")


def _is_care(t: ir.Table) -> ir.BooleanValue:
    """What the catalogue does not know is taken for care."""
    care: ir.BooleanValue = ~t.kind.isin(BARE).fill_null(False)
    return care


def _days(suspects: ir.Table, lines: ir.Table) -> ir.Table:
    """Every day of the stays whose lines bear more than one date, with `is_bare`."""
    dated = lines.group_by(dated="mdtrt_id").aggregate(dates=lines.day.nunique())
    dated = dated.filter(dated.dates > 1)
    care = lines.group_by(cared="mdtrt_id", cared_on="day").aggregate(care=_is_care(lines).any())
    t = suspects.join(dated, suspects.mdtrt_id == dated.dated)
    t = t.mutate(nth=ibis.range(0, t.days).unnest())
    t = t.mutate(day=add_days(t.adm_date, t.nth.cast("int64")))
    t = t.left_join(care, [t.mdtrt_id == care.cared, t.day == care.cared_on])
    return t.mutate(is_bare=~t.care.fill_null(False)).drop(
        "dated", "dates", "nth", "cared", "cared_on", "care"
    )


def _bare(r: Relations, p: Params, t: ir.Table) -> ir.Table:
    """Bare days, the condition tested with days of leave and without them."""
    t = mark(
        t, "not_APPROVED_LEAVE", DAY, _leave(r),
        lambda a, b: [a.mdtrt_id == b.leave_of, a.day >= b.first, a.day <= b.last],
        value="approved",
    )  # fmt: skip
    here = ~t.not_APPROVED_LEAVE.fill_null(False)
    window = ibis.window(group_by="mdtrt_id")

    def count(which: Any) -> ir.IntegerValue:
        found: ir.IntegerValue = ibis.ifelse(which, 1, 0).sum().over(window).cast("int64")
        return found

    t = t.mutate(
        bare=count(t.is_bare), bare_here=count(t.is_bare & here), stay_days=count(here),
        not_REVERSED=t.reversed,
    )  # fmt: skip

    def enough(bare: Any, days: Any) -> ir.BooleanValue:
        share = (days >= p.min_stay_days) & (ratio(bare, days) >= float(p.bare_share))
        met: ir.BooleanValue = (bare >= p.k) | share.fill_null(False)
        return met

    met = enough(t.bare, t.days) | enough(t.bare_here, t.stay_days)
    return t.mutate(if_BARE_DAYS=met).filter(t.is_bare, met)


def _leave(r: Relations) -> ir.Table:
    """Days touched by leave, of which the first 24 hours count."""
    v = r["mi_leave"]
    cap = v.leave_begntime + ibis.interval(hours=LEAVE_HOURS)
    second = ibis.interval(seconds=1)
    timed = (v.leave_begntime_precision > DAY_PRECISION).fill_null(False)
    end_timed = (v.leave_endtime_precision > DAY_PRECISION).fill_null(False)
    # An instant at midnight does not touch the day that begins with it.
    last = ibis.ifelse(timed, (cap - second).date(), cap.date())
    back = ibis.ifelse(end_timed, (v.leave_endtime - second).date(), v.leave_endtime.date())
    first = v.leave_begntime.date()
    return v.select(
        leave_of="mdtrt_id",
        approved="approved_flag",
        first=first,
        last=ibis.greatest(ibis.least(ibis.coalesce(back, last), last), first),
    )


def _contracted(r: Relations, t: ir.Table) -> ir.Table:
    """The patient was sent to a partner for an examination on that day."""
    c = r["mi_programme"]
    c = c.filter(c.kind == "contract_exam", c.partner_code.notnull())
    sides = ("fixmedins_code", "partner_code")
    contracts = ibis.union(
        *(
            c.select("start_date", "end_date", home=c[a], away=c[b])
            for a, b in (sides, sides[::-1])
        )
    )
    s = r["net_settlements"]
    s = s.filter(~s.inpatient, ~s.reversed).select("person", "service_date", at="fixmedins_code")
    sent = s.join(
        contracts,
        [
            s["at"] == contracts.away,
            valid_on(s.service_date, contracts.start_date, contracts.end_date),
        ],
    ).select(sent="person", sent_on="service_date", home="home")
    return mark(
        t, "not_CONTRACTED_EXAM", DAY, sent,
        lambda a, b: [a.person == b.sent, a.day == b.sent_on, a.subject == b.home],
    )
