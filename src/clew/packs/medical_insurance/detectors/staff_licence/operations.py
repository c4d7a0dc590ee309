"""Two patients under one surgeon's hands at the same time."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import (
    MEDIUM,
    Condition,
    Params,
    Relations,
    T,
    any_of,
    days_between,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.terms import DAY_PRECISION, exact_sum, stage
from clew.packs.medical_insurance.detectors.staff_licence.lines import (
    REVERSED,
    flagged,
    staff_lines,
)

PAIR = ("subject", "visit", "other_visit", "operated_on")


@rule(
    code="e",
    title=T("同一术者同时手术", "Operations at the same time"),
    per="set",
    subject="organisation",
    fact_key=("visit", "other_visit", "operated_on"),
    base=T("同一术者同日或相邻日的两名患者", "Two patients of one surgeon on one day or the next"),
    required=(
        "mi_settlement", "mi_fee", "mi_staff", "mi_operation", "mi_operation.oper_dr_codg",
        any_of("mi_operation.oprn_begntime", "mi_theatre"),
    ),
    conditions=(
        Condition(
            "OVERLAP", T("手术时间重叠", "They lie over each other in time"),
            sources=("mi_operation.oprn_begntime", "mi_theatre"),
        ),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
)  # fmt: skip
def simultaneous(r: Relations, p: Params) -> ir.Table:
    t = _pairs(r, p)
    sides = _side(t, "a", "b").union(_side(t, "b", "a"))
    sides = sides.group_by(*PAIR, "of_visit").aggregate(
        row_id=sides.operation.min(),
        with_operations=sides.operation.collect(),
        with_theatre=sides.theatre_rows.collect().flatten(),
        day=sides.day.min(),
        # One overlap among several operations of the two is enough.
        if_OVERLAP=sides.overlap.max(),
        not_REVERSED=sides.reversed.any(),
    )
    sides = stage(sides, "sides_of_pairs")
    billed = _billed(r, sides)
    t = sides.left_join(
        billed,
        [
            sides.subject == billed.staff,
            sides.of_visit == billed.billed_visit,
            sides.day == billed.billed_day,
        ],
    )
    none: Any = ibis.literal(0, "int64")
    return t.select(
        *PAIR, "row_id", "with_operations", "with_theatre", "with_lines", "not_REVERSED",
        fund=t.fund.fill_null(none),
        account=t.account.fill_null(none),
        if_OVERLAP=ibis.cases((t.if_OVERLAP == 1, True), else_=ibis.null("boolean")),
    )  # fmt: skip


def _operations(r: Relations) -> ir.Table:
    """Operations with a surgeon: `begin` and `end` are their own times, else those in the theatre
    of that visit and day, null where neither has hours.
    """
    o = r["mi_operation"]
    o = o.filter(o.oper_dr_codg.nullif("").notnull(), o.oprn_date <= r.today)
    h = r["mi_theatre"]
    timed = (h.in_time_precision > DAY_PRECISION) & (h.out_time_precision > DAY_PRECISION)
    h = h.filter(timed.fill_null(False))
    h = h.mutate(in_day=h.in_time.date())
    h = h.group_by("in_day", of="mdtrt_id", by=h.oper_dr_codg.fill_null("")).aggregate(
        first_in=h.in_time.min(), last_out=h.out_time.max(), theatre_rows=h.row_id.collect()
    )
    t = o.left_join(
        h,
        [
            o.mdtrt_id == h.of,
            o.oprn_date == h.in_day,
            (h.by == "") | (h.by == o.oper_dr_codg),
        ],
    )
    own = (t.oprn_begntime_precision > DAY_PRECISION) & (t.oprn_endtime_precision > DAY_PRECISION)
    own = own.fill_null(False)
    return t.select(
        surgeon="oper_dr_codg", visit="mdtrt_id", operation="row_id", day="oprn_date",
        begin=ibis.ifelse(own, t.oprn_begntime, t.first_in),
        end=ibis.ifelse(own, t.oprn_endtime, t.last_out),
        theatre_rows=ibis.ifelse(own, None, t.theatre_rows),
    )  # fmt: skip


def _pairs(r: Relations, p: Params) -> ir.Table:
    """Operations of one surgeon on two patients that overlap, or may: on one day, and of one of
    them no times are known. `overlap` is 1, or null.
    """
    o = stage(_operations(r), "surgeons_operations")
    a, b = o.rename("{name}_a"), o.rename("{name}_b")
    t = a.join(b, [a.surgeon_a == b.surgeon_b, a.visit_a < b.visit_b])
    t = t.filter(days_between(t.day_a, t.day_b).abs() <= 1)
    timed = t.begin_a.notnull() & t.begin_b.notnull() & t.end_a.notnull() & t.end_b.notnull()
    begin, end = ibis.greatest(t.begin_a, t.begin_b), ibis.least(t.end_a, t.end_b)
    over = end > begin + ibis.interval(minutes=int(p.overlap_min))
    unknown = ~timed & (t.day_a == t.day_b)
    t = t.filter(ibis.ifelse(timed, over, unknown).fill_null(False))
    t = stage(t.mutate(overlap=ibis.ifelse(timed, 1, ibis.null("int64"))), "pairs_of_operations")
    s = r["net_settlements"]
    wanted = t.select(v=t.visit_a).union(t.select(v=t.visit_b)).distinct()
    s = s.semi_join(wanted, s.mdtrt_id == wanted.v)
    s = stage(
        s.group_by("mdtrt_id").aggregate(person=s.person.min(), reversed=s.reversed.all()),
        "visits_of_pairs",
    )
    t = _seen(_seen(t, s, "a"), s, "b")
    return t.filter(t.person_a != t.person_b)


def _seen(t: ir.Table, s: ir.Table, side: str) -> ir.Table:
    s = s.rename(f"{{name}}_{side}")
    return t.join(s, t[f"visit_{side}"] == s[f"mdtrt_id_{side}"])


def _side(t: ir.Table, one: str, other: str) -> ir.Table:
    """One of the two visits, with what identifies the pair."""
    return t.select(
        "overlap",
        subject="surgeon_a",
        visit="visit_a",
        other_visit="visit_b",
        operated_on=ibis.least(t.day_a, t.day_b),
        of_visit=f"visit_{one}",
        operation=f"operation_{one}",
        theatre_rows=f"theatre_rows_{one}",
        day=f"day_{one}",
        reversed=t.reversed_a | t.reversed_b,
    )


def _billed(r: Relations, sides: ir.Table) -> ir.Table:
    """What the surgeons billed for those visits on those days."""
    lines = staff_lines(r, sides.select(staff="subject").distinct())
    wanted = sides.select(staff="subject", visit="of_visit", day="day").distinct()
    lines = flagged(r, lines.semi_join(wanted, ["staff", "visit", "day"]), "operating_lines")
    return lines.group_by("staff", billed_visit="visit", billed_day="day").aggregate(
        fund=exact_sum(lines.fund),
        account=exact_sum(lines.account),
        with_lines=lines.with_lines.collect().flatten(),
    )
