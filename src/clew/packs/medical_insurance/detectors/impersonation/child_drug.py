"""MI-09 (c): children's drugs on the card of an adult."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import MEDIUM, Condition, Params, Relations, T, rule, severity_always
from clew.packs.medical_insurance.derived.fee_lines import given_back
from clew.packs.medical_insurance.derived.terms import valid_on
from clew.packs.medical_insurance.detectors.impersonation.visits import (
    NEWBORN_UNDER_MOTHER,
    REVERSED,
    settled,
    with_newborn,
)


@rule(
    code="c",
    title=T("成人使用儿童专用药", "A child's drug for an adult"),
    per="person",
    subject="person",
    fact_key=("visit",),
    base=T("含儿童专用药的就诊", "Visits with a drug for children only"),
    required=("mi_settlement", "mi_fee", "mi_drug"),
    conditions=(Condition("ADULT", T("已成年", "Of age")),),
    exclusions=(REVERSED, NEWBORN_UNDER_MOTHER),
    grade=severity_always(MEDIUM),
)
def child_drug(r: Relations, p: Params) -> ir.Table:
    d = r["mi_drug"]
    d = d.filter(d.child_only).select(drug="med_list_codg", since="start_date", until="end_date")
    f = r["mi_fee"]
    day = f.fee_ocur_time.date()
    f = f.filter(f.cnt > 0, day <= r.today).select(
        "setl_id", "med_list_codg", line="row_id", day=day
    )
    f = f.join(d, [f.med_list_codg == d.drug, valid_on(f.day, d.since, d.until)])
    g = given_back(r)
    f = f.anti_join(
        g, [f.setl_id == g.bill, f.med_list_codg == g.item, f.day == g.fee_date]
    )
    lines = f.group_by(bill="setl_id").aggregate(
        last_day=f.day.max(), with_lines=f.line.collect(), drugs=f.drug.collect(distinct=True)
    )
    s = settled(r)
    t = with_newborn(r, s.join(lines, s.setl_id == lines.bill))
    born = ibis.coalesce(t.number_born, t.brdy)
    return t.select(
        "row_id", "fund", "account", "with_lines", "drugs", "institution", "last_day",
        "confirm_identity", "not_NEWBORN_UNDER_MOTHER",
        subject="person",
        visit="mdtrt_id",
        if_ADULT=_age(t.last_day, born) >= p.adult_age,
        not_REVERSED="reversed",
    )  # fmt: skip


def _age(day: ir.DateValue, born: ir.DateValue) -> ir.IntegerValue:
    """Completed years."""
    months = (day.month() < born.month()) | (
        (day.month() == born.month()) & (day.day() < born.day())
    )
    years: ir.IntegerValue = (day.year() - born.year()).cast("int64") - months.cast("int64")
    return years
