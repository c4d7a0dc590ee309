"""MI-10: the five signals of a base that was raised for the allowance."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Params, Relations, any_true, months_between, ratio
from clew.packs.medical_insurance.derived.medians import middle, twice_median
from clew.packs.medical_insurance.derived.months_paid import same_name
from clew.packs.medical_insurance.derived.terms import exact_sum, inside
from clew.packs.medical_insurance.detectors.inflated_base.months import LEAST_EARLIER, beside

LEAST_OTHERS = 3
"""Other staff of a month that a median needs."""

UNKNOWN = ibis.null("boolean")


def with_signals(r: Relations, p: Params, base: ir.Table) -> ir.Table:
    """Adds the nullable `jump`, `wage_gap`, each with its `_own`, `joined_late`, `fell`, `small`;
    and `wage_fell`: after the payment her wage fell in every month in which the base did.
    """
    c = base
    for found in (
        _others(r, base, ""), _others(r, base, "_own"), _months_after(r, p, base), _staff(r, base),
    ):  # fmt: skip
        c = beside(c, found)
    keys = ["employer", "person", "dlvy_date"]
    c = c.left_join(_deliveries(p, base), keys, rname="{name}_born")
    since = months_between(c.dlvy_date, c.first_month)
    return c.mutate(
        jump=_jump(p, c, ""),
        jump_own=_jump(p, c, "_own"),
        wage_gap=_wage_gap(p, c, ""),
        wage_gap_own=_wage_gap(p, c, "_own"),
        joined_late=inside(since, 0, p.join_months),
        fell=_fell(r, p, c),
        wage_fell=c.wage_fell.fill_null(False),
        small=(c.insured.fill_null(0) <= p.small) & c.enough_deliveries,
    )


def _jump(p: Params, c: ir.Table, suffix: str) -> ir.BooleanValue:
    """(i): the mean of the counting months against the median before, or the first base against
    the median of the other staff.
    """
    months, earlier = c[f"months{suffix}"], c[f"earlier{suffix}"]
    rise = ratio(c[f"declared{suffix}"] * 2, months * c[f"twice_earlier{suffix}"])
    first = ratio(c[f"first_base{suffix}"] * 2, c[f"twice_others{suffix}"])
    return any_true(
        ibis.ifelse((earlier >= LEAST_EARLIER) & (months > 0), rise >= float(p.jump), UNKNOWN),
        ibis.ifelse(c[f"others{suffix}"] >= LEAST_OTHERS, first >= float(p.first_jump), UNKNOWN),
    )


def _wage_gap(p: Params, c: ir.Table, suffix: str) -> ir.BooleanValue:
    """(ii): bases against the wages of the same months."""
    declared, wage = c[f"declared_waged{suffix}"], c[f"wage{suffix}"]
    above = ibis.ifelse(wage > 0, ratio(declared, wage) > float(p.tax_ratio), declared > 0)
    gap: ir.BooleanValue = ibis.ifelse(c[f"wage_months{suffix}"] > 0, above, UNKNOWN)
    return gap


def _fell(r: Relations, p: Params, c: ir.Table) -> ir.BooleanValue:
    """(iv): unknown while the months after the payment have not passed."""
    passed = months_between(r.today, c.pay_date) > p.fall_months
    lower = ibis.ifelse(c.months > 0, c.base_fell, UNKNOWN)
    stopped = c.months_after.isnull()
    fell: ir.BooleanValue = ibis.ifelse(passed, stopped | lower, UNKNOWN)
    return fell


def _others(r: Relations, base: ir.Table, suffix: str) -> ir.Table:
    """`others`, `twice_others`: the staff beside her in her first month there."""
    c = base.select("claim", mother="person", firm="employer", began=f"first_month{suffix}")
    m = r["months_paid"].select("person", "employer", "month", "base")
    t = c.join(m, [c.firm == m.employer, c.began == m.month, c.mother != m.person])
    t = t.mutate(middle=middle(t, ("claim",), "base"))
    return t.group_by("claim").aggregate(
        **{f"others{suffix}": t.count(), f"twice_others{suffix}": twice_median(t.base, t.middle)}
    )


def after_payment(r: Relations, p: Params, base: ir.Table) -> ir.Table:
    """Claims joined to the mother's months, at any employer (`firm`), soon after the payment."""
    m = r["months_paid"].select(
        "month", after_base="base", after_wage="wage", someone="person", someone_key="name_key",
        firm="employer",
    )  # fmt: skip
    t = base.join(m, [base.person == m.someone, same_name(base.name_key, m.someone_key)])
    return t.filter(inside(months_between(t.month, t.pay_date), 1, p.fall_months))


def _months_after(r: Relations, p: Params, base: ir.Table) -> ir.Table:
    t, low = after_payment(r, p, base), float(p.fall)
    t = t.group_by("claim", "month", "months", "declared", "wage_months", "wage").aggregate(
        after_base=exact_sum(t.after_base),
        after_wage=exact_sum(t.after_wage),
        wage_unknown=t.after_wage.isnull().any(),
    )
    t = t.mutate(
        base_low=(ratio(t.after_base * t.months, t.declared) <= low).fill_null(False),
        wage_low=(ratio(t.after_wage * t.wage_months, t.wage) <= low).fill_null(False),
    )
    return t.group_by("claim").aggregate(
        months_after=t.count(),
        base_fell=t.base_low.any(),
        wage_fell=(~t.base_low | (t.wage_low & ~t.wage_unknown)).all(),
    )


def _staff(r: Relations, base: ir.Table) -> ir.Table:
    """`insured`: persons for whom the employer paid in the month of delivery."""
    m = r["months_paid"].select("month", insured_person="person", firm="employer")
    c = base.select("claim", "employer", "dlvy_date")
    t = c.join(m, [c.employer == m.firm, months_between(c.dlvy_date, m.month) == 0])
    return t.group_by("claim").aggregate(insured=t.insured_person.nunique())


def _deliveries(p: Params, base: ir.Table) -> ir.Table:
    """Whether enough of an employer's deliveries fall into some months that contain this one."""
    births = base.select("employer", "person", "dlvy_date").distinct()
    ordered = ibis.window(group_by="employer", order_by=["dlvy_date", "person"])
    met: Any = ibis.literal(False)
    for before in range(p.claims):
        first = births.dlvy_date.lag(before).over(ordered)
        last = births.dlvy_date.lead(p.claims - 1 - before).over(ordered)
        end = (first + ibis.interval(months=p.claims_months)).cast("timestamp").date()
        met = met | (last < end).fill_null(False)
    return births.mutate(enough_deliveries=met)
