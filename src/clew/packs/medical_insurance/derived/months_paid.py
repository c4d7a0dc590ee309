"""Contributions month by month, beside the wage that was taxed for it."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import Relations, T, derived, names_agree
from clew.packs.medical_insurance.derived.terms import exact_sum


@derived(
    title=T("逐月缴费", "Months paid"),
    inputs=("si_contribution", "tax_wage"),
    order=("employer", "person", "month"),
)
def months_paid(r: Relations) -> ir.Table:
    """One row per person, employer and month (its first day) in which something was paid.

    `base` is the sum of the month's rows in fen, supplementary ones and corrections included;
    `ordered` the part of it that a court ordered, `regular` whether there is another part. `wage`
    is 0 where the employer filed wages of that month, though not this person's, and null where
    none of the employer's are held. `month_rows` and `wage_row` are the source rows.
    """
    c, today = r["si_contribution"], r.today
    court = c.supp_flag.fill_null(False) & c.court_doc_no.nullif("").notnull()
    c = c.mutate(court=court).filter(c.certno.notnull(), c.emp_uscc.notnull(), c.month <= today)
    t = c.group_by(person="certno", employer="emp_uscc", month="month").aggregate(
        base=exact_sum(c.base),
        ordered=exact_sum(ibis.ifelse(c.court, c.base, 0)),
        regular=(~c.court).any(),
        name_key=c.psn_name_key.max(),
        month_rows=c.row_id.collect(),
    )
    return _with_wages(r, t.filter(t.base > 0))


def _with_wages(r: Relations, t: ir.Table) -> ir.Table:
    w = r["tax_wage"]
    w = w.filter(w.emp_uscc.notnull())
    filed = w.select(filed_by="emp_uscc", filed_for="month").distinct()
    own = w.filter(w.certno.notnull()).select(
        "wage_income", earner="certno", payer="emp_uscc", earned="month",
        earner_key="psn_name_key", wage_row="row_id",
    )  # fmt: skip
    t = t.left_join(
        own,
        [
            t.person == own.earner,
            t.employer == own.payer,
            t.month == own.earned,
            same_name(t.name_key, own.earner_key),
        ],
    )
    t = t.left_join(filed, [t.employer == filed.filed_by, t.month == filed.filed_for])
    missing = ibis.ifelse(t.filed_by.notnull(), ibis.literal(0, "int64"), ibis.null("int64"))
    return t.select(
        "person", "employer", "month", "name_key", "base", "ordered", "regular", "month_rows",
        "wage_row", wage=ibis.coalesce(t.wage_income, missing),
    )  # fmt: skip


def same_name(a: ir.StringValue, b: ir.StringValue) -> ir.BooleanValue:
    """As names_agree, for files in which the name is optional: without it the number decides."""
    return names_agree(a.fill_null(""), b.fill_null(""))
