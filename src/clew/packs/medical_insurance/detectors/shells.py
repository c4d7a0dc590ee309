"""Employers that insure somebody shortly before a claim and do no business of their own."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Params, Relations, any_true, days_between, months_between
from clew.packs.medical_insurance.derived.months_paid import same_name
from clew.packs.medical_insurance.derived.terms import T1, T2, inside, linked, stage

UNKNOWN = ibis.null("boolean")
FULL_WIDTH = ("０１２３４５６７８９", "0123456789")
BLANKS = r"[\s　,，.。、;；:：()（）\-－—_#]+"
LEVELS = ("区", "县", "市")


def payments(r: Relations) -> ir.Table:
    """What the fund paid to whom, row by row: settlements and maternity claims.

    `day` of the service or delivery, `fund` in fen, `row`; `claim` marks inpatient settlements and
    maternity claims.
    """
    s, m = r["net_settlements"], linked(r, r["mi_maternity"], "certno")
    visits = s.select(
        "person", "name_key", "tier", "reversed", "fund", day="service_date", row="row_id",
        claim="inpatient",
    )  # fmt: skip
    births = m.select(
        person=ibis.coalesce(m.certno, m.linked_person),
        name_key=m.psn_name_key,
        tier=ibis.ifelse(m.certno.notnull(), ibis.literal(T1), m.linked_tier),
        reversed=ibis.literal(False),
        fund=m.allow_paid,
        day=m.dlvy_date,
        row=m.row_id,
        claim=ibis.literal(True),
    )
    t = visits.union(births)
    return t.filter(t.person.notnull(), t.day <= r.today)


def claimants(r: Relations, p: Params, employers: ir.Table | None = None) -> ir.Table:
    """Insured whose first claim lies within the days after the first day of the month in which
    they joined the employer; `employers` (column `employer`) narrows the search.

    `joined` is that month, `quick` whether the claim stands; where only reversed ones came so
    early it is false. `doubted`: the claim is theirs by a repaired number.
    """
    m = r["months_paid"]
    if employers is not None:
        m = m.semi_join(employers, "employer")
    joined = m.group_by("employer", "person").aggregate(
        joined=m.month.min(), paid_key=m.name_key.max(), joined_rows=m.month_rows.argmin(m.month)
    )
    c = payments(r)
    c = c.filter(c.claim).rename(claimant="person")
    t = joined.join(c, [joined.person == c.claimant, same_name(joined.paid_key, c.name_key)])
    t = t.group_by("employer", "person", "joined").aggregate(
        first=t.day.min(where=~t.reversed),
        first_reversed=t.day.min(where=t.reversed),
        doubted=(t.tier == T2).fill_null(False).any(),
        paid_key=t.paid_key.max(),
        joined_rows=t.joined_rows.argmin(t.row),
    )
    quick = inside(days_between(t["first"], t.joined), 0, p.claim_days).fill_null(False)
    back = inside(days_between(t.first_reversed, t.joined), 0, p.claim_days).fill_null(False)
    late = t["first"].isnull() | (t["first"] >= t.joined)
    t = t.mutate(quick=quick).filter(quick | (back & late))
    # Where a claim stands, those that were taken back say nothing.
    any_quick = t.quick.any().over(ibis.window(group_by="employer"))
    t = t.mutate(any_quick=any_quick)
    return t.filter(t.quick | ~t.any_quick).drop("any_quick")


def shells(r: Relations, p: Params, flagged: ir.Table) -> ir.Table:
    """Registered employers of `flagged` (see claimants), one row each, with the verdicts of MI-11.

    `first_joined` is the first month in which one of the flagged joined.
    """
    e = flagged.group_by("employer").aggregate(first_joined=flagged.joined.min())
    o = _registry(r)
    e = e.join(o, e.employer == o.code).drop("code")
    e = stage(e, "employers_of_claimants")
    pairs = stage(_neighbours(e, o), "neighbours")
    pairs = _busy(r, p, pairs, flagged)
    near = pairs.group_by("employer").aggregate(
        taxed=(pairs.taxed & pairs.own).any(),
        waged=(pairs.waged & pairs.own).any(),
        at_address=_empty(pairs, pairs.by_address),
        by_agent=_empty(pairs, pairs.by_agent),
    )
    t = e.join(near, "employer").left_join(_start_ups(r, p, e), "employer", rname="{name}_new")
    undated = t.est_date.isnull() & t.invoiced.notnull()
    new = ibis.ifelse(undated, UNKNOWN, t.young.fill_null(False))
    wages = (~t.waged | new.fill_null(False)) if r.held("tax_wage") else UNKNOWN
    return t.mutate(
        if_EMPTY=~t.taxed | new.fill_null(False),
        if_NO_OTHER_WAGES=wages,
        if_SHARED=any_true(
            ibis.ifelse(t.place.isnull(), UNKNOWN, t.at_address + 1 >= p.address_n),
            ibis.ifelse(t.agent_tel.isnull(), UNKNOWN, t.by_agent + 1 >= p.phone_n),
        ),
        not_STARTUP_WITH_INVOICES=new,
        not_DISPATCH_LICENCE=_licensed(t),
    )


def _registry(r: Relations) -> ir.Table:
    o = r["org_registry"]
    return o.select(
        "est_date", "dispatch_licence", "dispatch_from", "dispatch_to",
        code=o.emp_uscc,
        registry_row=o.row_id,
        place=_address(o.addr),
        agent_tel=o.agent_tel.nullif(""),
    )  # fmt: skip


def _address(text: Any) -> ir.StringValue:
    """An address in a form in which two ways of writing it are equal: without province and
    prefecture, without the level of the county's name, without blanks and marks.
    """
    t = text.translate(*FULL_WIDTH).re_replace(BLANKS, "").upper()
    t = t.re_replace("^浙江省?", "").re_replace("^温州市?", "")
    level = t.substr(2, 1).isin(LEVELS)
    plain: ir.StringValue = ibis.ifelse(level, t.substr(0, 2) + t.substr(3), t)
    return plain.nullif("")


def _neighbours(e: ir.Table, o: ir.Table) -> ir.Table:
    """Each employer beside itself and those registered at its address or by its agent's phone."""
    near = o.select(neighbour="code", near_place="place", near_tel="agent_tel")
    own = e.select("employer", "first_joined", "place", "agent_tel")
    columns = ("employer", "first_joined", "neighbour")
    at_place = own.join(near, own.place == near.near_place).select(*columns)
    by_tel = own.join(near, own.agent_tel == near.near_tel).select(*columns)
    itself = own.mutate(neighbour=own.employer).select(*columns)
    t = ibis.union(
        at_place.mutate(kind=1), by_tel.mutate(kind=2), itself.mutate(kind=0)
    )
    t = t.filter((t.kind == 0) | (t.neighbour != t.employer))
    return t.group_by(*columns).aggregate(
        own=(t.kind == 0).any(), by_address=(t.kind == 1).any(), by_agent=(t.kind == 2).any()
    )


def _busy(r: Relations, p: Params, pairs: ir.Table, flagged: ir.Table) -> ir.Table:
    """Adds `taxed` (tax or invoices) and `waged` (wages of persons who are not flagged) in the
    quiet months of the employer.
    """
    tax, wage = r["org_tax"], r["tax_wage"]
    tax = tax.filter((tax.tax_paid > 0) | (tax.invo_cnt > 0)).select(
        payer=tax.emp_uscc, paid_for=tax.month
    )
    staff = flagged.select(staff_of="employer", staff_person="person")
    wage = wage.filter(wage.wage_income > 0)
    wage = wage.anti_join(
        staff, [wage.emp_uscc == staff.staff_of, wage.certno == staff.staff_person]
    ).select(payer="emp_uscc", paid_for="month")
    keys = ["employer", "neighbour"]
    t = pairs
    for name, paid in (("taxed", tax), ("waged", wage)):
        found = pairs.join(
            paid,
            [
                pairs.neighbour == paid.payer,
                inside(months_between(pairs.first_joined, paid.paid_for), 0, p.quiet_months - 1),
            ],
        )
        found = found.select(*keys).distinct().mutate(**{name: True})
        t = t.left_join(found, keys, rname=f"{{name}}_{name}")
        t = t.mutate(**{name: t[name].fill_null(False)})
    return t


def _empty(pairs: ir.Table, near: Any) -> ir.IntegerValue:
    """How many other employers of that kind are empty."""
    counted = near & ~pairs.own & ~pairs.taxed & ~pairs.waged
    number: ir.IntegerValue = ibis.ifelse(counted, 1, 0).sum()
    return number


def _start_ups(r: Relations, p: Params, e: ir.Table) -> ir.Table:
    """Employers that issued invoices: `invoiced` is true, `young` where they did within the first
    months and somebody flagged joined in these.
    """
    tax = r["org_tax"]
    tax = tax.filter(tax.invo_cnt > 0, tax.month <= r.today).select(
        payer="emp_uscc", paid_for="month"
    )
    t = e.join(tax, e.employer == tax.payer)
    soon = inside(months_between(t.paid_for, t.est_date), 0, p.startup_months)
    young = soon & (months_between(t.first_joined, t.est_date) <= p.startup_months)
    found = t.group_by("employer").aggregate(young=young.fill_null(False).any())
    return found.mutate(invoiced=True)


def _licensed(t: ir.Table) -> ir.BooleanValue:
    begun = t.dispatch_from.isnull() | (t.dispatch_from <= t.first_joined)
    open_ = t.dispatch_to.isnull() | (t.dispatch_to >= t.first_joined)
    return t.dispatch_licence.nullif("").notnull() & begun & open_
