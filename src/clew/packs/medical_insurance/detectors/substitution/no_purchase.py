"""MI-22 (a): billed, yet never bought, while something of that price was that nobody reimburses."""

from __future__ import annotations

from typing import Any, cast

import ibis
import ibis.expr.types as ir

from clew.declare import MEDIUM, Condition, Params, Relations, T, rule, severity_always
from clew.packs.medical_insurance.derived.charges import quarter
from clew.packs.medical_insurance.derived.quantities import SCALE, scaled
from clew.packs.medical_insurance.derived.terms import stage
from clew.packs.medical_insurance.detectors.substitution.sold import REVERSED, evidence, sold

FACT = ("subject", "code", "quarter")
QUARTER = 3


@rule(
    code="a",
    title=T("结算品种无购进", "Billed but never bought"),
    per="institution",
    subject="organisation",
    fact_key=("code", "quarter"),
    base=T(
        "台账单位按季度结算的药品和耗材",
        "Drugs and consumables billed in a quarter by institutions with a stock book",
    ),
    required=("mi_settlement", "mi_fee", "mi_stock"),
    conditions=(
        Condition("NOT_BOUGHT", T("十二个月内无购进和期初库存", "Neither bought nor in stock")),
        Condition(
            "SIMILAR_GOODS", T("购进价格相近的自费商品", "Goods of that price that nobody pays")
        ),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
)
def no_purchase(r: Relations, p: Params) -> ir.Table:
    k = _stock(r)
    keepers = k.select(subject="keeper").distinct()
    t = sold(r, p, r["mi_fee"])
    t = t.filter(t.goods).semi_join(keepers, "subject")
    first = t.day.truncate("Q")
    t = stage(
        t.mutate(
            quarter=quarter(t.day),
            since=_day(first - ibis.interval(months=p.months - QUARTER)),
            until=_day(first + ibis.interval(months=QUARTER)),
        ),
        "billed",
    )
    billed = t.select(*FACT, "since", "until", "price").distinct()
    held = k.filter(k.held)
    t = t.anti_join(
        billed.join(held, [*_in_time(billed, held), billed.code == held.stock_code]).distinct(),
        list(FACT),
    )
    others = k.filter(k.unpaid)
    band = int(p.price_band * SCALE)
    near = (others.cost - billed.price).abs() * SCALE <= billed.price * band
    similar = billed.join(others, [*_in_time(billed, others), near])
    similar = similar.group_by(*FACT).aggregate(
        with_goods=similar.stock_row.collect(distinct=True)
    )
    rows = evidence(r, t.semi_join(similar, list(FACT)), "unbought", "code", "quarter")
    rows = rows.join(similar, list(FACT))
    return rows.mutate(if_NOT_BOUGHT=ibis.literal(True), if_SIMILAR_GOODS=ibis.literal(True))


def _stock(r: Relations) -> ir.Table:
    k = r["mi_stock"]
    bought = (k.purc_cnt > 0).fill_null(False)
    return k.select(
        keeper="fixmedins_code",
        stock_code="med_list_codg",
        stock_row="row_id",
        stock_from="start_date",
        stock_to="end_date",
        cost=scaled(k.purc_pric),
        held=bought | (k.open_cnt > 0).fill_null(False),
        unpaid=bought & (~k.reimb_flag).fill_null(False),
    )


def _day(moment: Any) -> ir.DateValue:
    """One engine answers a date plus an interval with a timestamp."""
    return cast(ir.DateValue, moment.cast("timestamp").date())


def _in_time(billed: ir.Table, k: ir.Table) -> list[ir.BooleanValue]:
    """Periods of the stock book that touch the months up to the end of the quarter."""
    return [
        billed.subject == k.keeper,
        k.stock_from < billed.until,
        k.stock_to >= billed.since,
    ]
