"""MI-10: what the allowance would have been."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import Params, Relations, int_div, ratio
from clew.packs.medical_insurance.derived.terms import exact_sum, stage
from clew.packs.medical_insurance.detectors.fictitious_employment import fictitious_employment
from clew.packs.medical_insurance.detectors.inflated_base.months import (
    LEAST_EARLIER,
    at_employer,
    beside,
)
from clew.packs.medical_insurance.detectors.shells import claimants, shells

OWN_BASE = "own_base"


def with_amount(r: Relations, p: Params, base: ir.Table, c: ir.Table) -> ir.Table:
    """Adds `fund`: what was paid beyond the allowance on the corrected base, at least 0; all of it
    where the employment is fictitious. In fen, rounded half up once.

    `corrected_sum` over `corrected_months` is the corrected base.
    """
    if p.allowance_basis == OWN_BASE:
        known = (c.earlier >= LEAST_EARLIER).fill_null(False)
        c = c.mutate(base_sum=c.twice_earlier, base_months=ibis.ifelse(known, 2, 0))
    else:
        c = _year_before(r, p, base, c)
    known = c.base_months > 0
    c = c.mutate(
        corrected_sum=ibis.ifelse(known, c.base_sum, c.allow_base),
        corrected_months=ibis.ifelse(known, c.base_months, 1),
    )
    c = _with_fictitious(r, base, c)
    share = c.corrected_months * p.days_per_month
    beyond = (c.paid * share - c.corrected_sum * c.leave_days) * 2 + share
    rest = ibis.greatest(int_div(beyond, share * 2), 0)
    return c.mutate(fund=ibis.ifelse(c.fictitious, c.paid, rest))


def _year_before(r: Relations, p: Params, base: ir.Table, c: ir.Table) -> ir.Table:
    """Adds `base_sum`, `base_months` of the employer in the calendar year before the delivery,
    without the months in which hers was raised.
    """
    m = r["months_paid"]
    m = m.select("base", firm=m.employer, year=m.month.year().cast("int64"))
    m = m.semi_join(base.select(firm="employer").distinct(), "firm")
    staff = m.group_by("firm", "year").aggregate(
        year_sum=exact_sum(m.base), year_months=m.count()
    )
    t = at_employer(r, base)
    t = t.filter(t.month.year() == t.dlvy_date.year() - 1)
    usual = (t.earlier >= LEAST_EARLIER).fill_null(False)
    raised = ~usual | (ratio(t.base * 2, t.twice_earlier) > float(p.jump)).fill_null(True)
    t = t.filter(raised)
    hers = t.group_by("claim").aggregate(her_sum=exact_sum(t.base), her_months=t.count())
    year = c.dlvy_date.year().cast("int64") - 1
    c = c.left_join(staff, [c.employer == staff.firm, year == staff.year]).drop("firm", "year")
    c = beside(c, hers)
    return c.mutate(
        base_sum=c.year_sum.fill_null(0) - c.her_sum.fill_null(0),
        base_months=c.year_months.fill_null(0) - c.her_months.fill_null(0),
    )


def _with_fictitious(r: Relations, base: ir.Table, c: ir.Table) -> ir.Table:
    """Adds `fictitious`: MI-11 with its usual parameters fires for the employer, and she is one of
    those it flags.
    """
    if not (r.held("org_registry") and r.held("org_tax")):
        return c.mutate(fictitious=False)
    p = fictitious_employment.values()
    employers = base.select("employer").distinct()
    flagged = stage(claimants(r, p, employers), "claimants")
    firms = shells(r, p, flagged)
    fires = ibis.literal(True)
    for name in firms.columns:
        if name.startswith("if_"):
            fires = fires & firms[name].fill_null(True)
        elif name.startswith("not_"):
            fires = fires & ~firms[name].fill_null(False)
    keys = ["employer", "person"]
    found = flagged.filter(flagged.quick).semi_join(firms.filter(fires), "employer")
    found = found.select(*keys).distinct().mutate(fictitious=True)
    c = c.left_join(found, keys, rname="{name}_paper").drop(*(f"{k}_paper" for k in keys))
    return c.mutate(fictitious=c.fictitious.fill_null(False))
