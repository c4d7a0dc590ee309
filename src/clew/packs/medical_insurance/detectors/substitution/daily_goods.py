"""MI-22 (c): daily goods that the fund or an account paid for."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import MEDIUM, Condition, Params, Relations, T, rule, severity_always
from clew.packs.medical_insurance.derived.terms import valid_on
from clew.packs.medical_insurance.detectors.substitution.sold import (
    REVERSED,
    evidence,
    month,
    sold,
)

LIST = "daily_goods"


@rule(
    code="c",
    title=T("日用品医保支付", "Daily goods paid by insurance"),
    per="institution",
    subject="organisation",
    fact_key=("month",),
    base=T("名称或院内编码列入日用品名单的明细", "Lines whose name or local code is on the list"),
    required=("mi_settlement", "mi_fee", "mi_code_list"),
    conditions=(
        Condition("PAID", T("由基金或个人账户支付", "Paid by the fund or an account")),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
)
def daily_goods(r: Relations, p: Params) -> ir.Table:
    names = r["mi_code_list"]
    names = names.filter(names.list == LIST).select(
        listed="code", listed_from="start_date", listed_to="end_date"
    )
    f = r["mi_fee"]
    # Few different names bear many lines, so the list is held against names.
    known = ibis.union(
        f.select(text=f.item_name), f.select(text=f.medins_list_codg)
    ).distinct()
    known = known.filter(known.text.notnull())
    known = known.join(names, known.text.startswith(names.listed))
    bearing = [
        f.select("row_id", text=f[column], day=f.fee_ocur_time.date())
        for column in ("item_name", "medins_list_codg")
    ]
    bearing = ibis.union(*bearing)
    bearing = bearing.semi_join(
        known,
        [
            bearing.text == known.text,
            valid_on(bearing.day, known.listed_from, known.listed_to),
        ],
    )
    lines = f.semi_join(bearing, "row_id")
    t = sold(r, p, lines)
    rows = evidence(r, t.mutate(month=month(t.day)), "daily_goods", "month")
    paid = (rows.fund > 0) | (rows.account > 0) | rows.not_REVERSED
    return rows.mutate(if_PAID=paid)
