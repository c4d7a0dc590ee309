"""MI-10: each maternity claim beside its mother's months at the employer who claims."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Params, Relations, months_between
from clew.packs.medical_insurance.derived.medians import middle, twice_median
from clew.packs.medical_insurance.derived.months_paid import same_name
from clew.packs.medical_insurance.derived.terms import (
    MONTH_PRECISION,
    T2,
    exact_sum,
    inside,
    linked,
    stage,
)

LEAST_EARLIER = 3
"""Months before the counting ones that a median needs."""

TEN_THOUSAND = (8_000, 12_500)
"""Between which multiples two amounts stand as 10 000 to 1 (D09)."""


def claims(r: Relations) -> ir.Table:
    """Claims paid by the run's day; `claim` is the row."""
    m, today = linked(r, r["mi_maternity"], "certno"), r.today
    t = m.select(
        "dlvy_date", "pay_date", "leave_days", "allow_base",
        claim=m.row_id,
        person=ibis.coalesce(m.certno, m.linked_person),
        name_key=m.psn_name_key,
        employer=m.emp_uscc,
        paid=m.allow_paid,
        doubted=(m.linked_tier == T2).fill_null(False),
        precision=m.dlvy_date_precision,
    )  # fmt: skip
    return t.filter(
        t.person.notnull(), t.employer.notnull(), t.precision >= MONTH_PRECISION,
        t.dlvy_date <= today, t.pay_date <= today,
    ).drop("precision")  # fmt: skip


def with_months(r: Relations, p: Params, c: ir.Table) -> ir.Table:
    """Adds what the mother's months at the employer add up to, in fen.

    `months`, `declared`: the counting months and their bases; `earlier`, `twice_earlier`: the
    months before and twice their median. Names that end in `_own` leave out what a court ordered.
    `wage_months`, `wage`, `declared_waged`: counting months whose wage is known; `twice_wage` twice
    the median wage before. `first_month`, `first_base`: the first month at the employer.
    """
    t = _marked(p, at_employer(r, c))
    counting, own = t.counting, t.counting & t.regular
    waged, own_waged = t.counting & t.waged, t.counting & t.waged & t.regular
    seen = t.counting | t.before
    found = t.group_by("claim").aggregate(
        months=_count(counting),
        declared=_sum(counting, t.base),
        months_own=_count(own),
        declared_own=_sum(own, t.own),
        earlier=_count(t.before),
        twice_earlier=twice_median(t.base, t.middle),
        earlier_own=_count(t.before_own),
        twice_earlier_own=twice_median(t.own, t.middle_own),
        first_month=t.month.min(),
        first_base=t.base.argmin(t.month),
        first_month_own=t.month.min(where=t.regular),
        first_base_own=t.own.argmin(t.month, where=t.regular),
        wage_months=_count(waged),
        wage=_sum(waged, t.wage),
        declared_waged=_sum(waged, t.base),
        wage_months_own=_count(own_waged),
        wage_own=_sum(own_waged, t.wage),
        declared_waged_own=_sum(own_waged, t.own),
        earlier_waged=_count(t.before_waged),
        twice_wage=twice_median(t.wage, t.middle_wage),
        seen_waged=_count(seen & t.waged),
        scaled=_count(seen & t.scaled),
        with_contributions=t.month_rows.collect(where=seen).flatten(),
        with_wages=t.wage_row.collect(where=seen),
    )
    return stage(beside(c, found), "claims_with_months")


def beside(c: ir.Table, found: ir.Table) -> ir.Table:
    """Claims with what was found of them, one row a claim at most."""
    return c.left_join(found, "claim", rname="{name}_found").drop("claim_found")


def at_employer(r: Relations, c: ir.Table) -> ir.Table:
    """Claims joined to each month of the mother at their employer."""
    m = r["months_paid"].rename(
        month_person="person", month_employer="employer", month_key="name_key"
    )
    return c.join(
        m,
        [
            c.person == m.month_person,
            c.employer == m.month_employer,
            same_name(c.name_key, m.month_key),
        ],
    )


def _marked(p: Params, t: ir.Table) -> ir.Table:
    """Adds which months count, which lie before, and which of those carry a median."""
    ago = months_between(t.dlvy_date, t.month)
    before = inside(ago, p.count_months + 1, p.count_months + p.before_months)
    t = t.mutate(
        counting=inside(ago, 1, p.count_months),
        before=before,
        before_own=before & t.regular,
        before_waged=before & t.wage.notnull(),
        own=t.base - t.ordered,
        waged=t.wage.notnull(),
        scaled=_stand_10k(t.base, t.wage) | _stand_10k(t.wage, t.base),
    )
    return t.mutate(
        middle=t.before & middle(t, ("claim", "before"), "base"),
        middle_own=t.before_own & middle(t, ("claim", "before_own"), "own"),
        middle_wage=t.before_waged & middle(t, ("claim", "before_waged"), "wage"),
    )


def _stand_10k(large: Any, small: Any) -> Any:
    low, high = TEN_THOUSAND
    stand = (small > 0) & inside(large, small * low, small * high)
    return stand.fill_null(False)


def _count(where: Any) -> ir.IntegerValue:
    return exact_sum(ibis.ifelse(where, 1, 0))


def _sum(where: Any, value: Any) -> ir.IntegerValue:
    return exact_sum(ibis.ifelse(where, value, 0))
