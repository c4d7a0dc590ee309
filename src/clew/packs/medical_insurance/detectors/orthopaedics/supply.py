"""Consumables against what the institution bought: dearer, or never bought."""

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
    apportion,
    ratio,
    rule,
    severity_always,
    to_int,
)
from clew.packs.medical_insurance.derived.charges import (
    UNIT,
    in_force,
    priced,
    quarter,
    summed,
    with_money,
)
from clew.packs.medical_insurance.derived.quantities import scaled
from clew.packs.medical_insurance.derived.terms import mark, stage, valid_on
from clew.packs.medical_insurance.detectors.orthopaedics.lines import (
    FREE_REPLACEMENT,
    IMPLANTS,
    MATERIALS,
    REQUIRED,
    REVERSED,
    ortho_lines,
)

CONSUMABLES = (*IMPLANTS, *MATERIALS)
MONTHS_BEFORE = 9
"""A quarter and the three before it begin this many months before the quarter."""


def _stock(r: Relations) -> ir.Table:
    s = r["mi_stock"]
    return s.filter(s.end_date <= r.today)


@rule(
    code="d",
    title=T("耗材加价", "Billed above the purchase price"),
    per="institution",
    subject="organisation",
    fact_key=("code", "quarter"),
    base=T("有进价的骨科耗材收费", "Charges of orthopaedic consumables with a purchase price"),
    required=(*REQUIRED, "mi_stock", "mi_stock.purc_pric"),
    conditions=(
        Condition(
            "ABOVE_PURCHASE", T("单价高于最近一次进价", "Dearer than the last purchase before")
        ),
    ),
    exclusions=(REVERSED, FREE_REPLACEMENT),
    grade=severity_always(MEDIUM),
)
def marked_up(r: Relations, p: Params) -> ir.Table:
    t = priced(ortho_lines(r, CONSUMABLES)).mutate(quarter=lambda x: quarter(x.day))
    b = _purchases(r)
    t = t.join(
        b,
        [
            t.subject == b.buyer,
            t.code == b.bought,
            valid_on(t.day, b.bought_from, b.bought_to),
        ],
    )
    same_unit = ibis.coalesce(t.unit, t.listed_unit, "") == ibis.coalesce(
        t.stock_unit, t.listed_unit, ""
    )
    factor = ibis.ifelse(same_unit, UNIT, t.pack_factor)
    raised = t.bought_at * (UNIT + round(p.markup * UNIT))
    # Both to 4 decimals; null where the units differ and nobody says by how much.
    t = t.mutate(allowed=to_int(ratio(raised, factor * UNIT) * float(UNIT)))
    t = summed(t, "code", "quarter", "price", "allowed", "free", "stock_row")
    above = ((t.price > t.allowed) & (t.qty > 0)).fill_null(False)
    t = t.mutate(
        if_ABOVE_PURCHASE=above,
        over=ibis.ifelse(above, t.price - t.allowed, 0),
        of=ibis.greatest(t.price, 1),
    )
    t = with_money(r, t, "marked_up")
    return t.select(
        *_SHOWN, "if_ABOVE_PURCHASE",
        with_stock=t.stock_row,
        billed_fen=_fen(t.price),
        purchase_fen=_fen(t.allowed),
        not_REVERSED=t.reversed,
        not_FREE_REPLACEMENT=t.free,
    )  # fmt: skip


_SHOWN = (
    "subject", "code", "quarter", "row_id", "with_lines", "fund", "account", "confirm_identity",
    "visit",
)  # fmt: skip


def _fen(price: Any) -> ir.IntegerValue:
    return apportion(price, ibis.literal(100), ibis.literal(UNIT))


def _purchases(r: Relations) -> ir.Table:
    """Each purchase price from the first day of its period until the next purchase; of one period
    the last line.
    """
    s = _stock(r)
    s = s.filter(s.purc_pric.notnull(), s.purc_cnt > 0)
    window = ibis.window(
        group_by=["fixmedins_code", "med_list_codg", "start_date"],
        order_by=[ibis.desc(s.line_no.fill_null(1)), s.row_id],
    )
    s = s.mutate(place=ibis.row_number().over(window)).filter(lambda x: x.place == 0)
    s = s.select(
        "start_date", "stock_unit",
        end_date=ibis.null("date"),
        buyer=s.fixmedins_code,
        bought=s.med_list_codg,
        stock_row=s.row_id,
        bought_at=scaled(s.purc_pric),
        pack_factor=scaled(s.pack_factor),
    )  # fmt: skip
    return in_force(s, "buyer", "bought").rename(bought_from="start_date", bought_to="end_date")


@rule(
    code="e",
    title=T("耗材不在购进清单", "Consumable never bought"),
    per="institution",
    subject="organisation",
    fact_key=("code", "quarter"),
    base=T("骨科耗材收费", "Charges of orthopaedic consumables"),
    required=(*REQUIRED, "mi_stock"),
    conditions=(
        Condition("REPORTS_OTHERS", T("机构报有其他品种的进销存", "It reports stock of others")),
        Condition("NOT_BOUGHT", T("四个季度内无该品种", "None of this code in four quarters")),
        Condition("CHARGED", T("数量大于零", "Something is charged")),
    ),
    exclusions=(REVERSED, FREE_REPLACEMENT),
    grade=severity_always(MEDIUM),
)
def never_bought(r: Relations, p: Params) -> ir.Table:
    t = ortho_lines(r, CONSUMABLES)
    t = t.mutate(quarter=quarter(t.day), since=_since(t.day))
    t = stage(t, "consumable_lines")
    key = ("subject", "code", "day", "since")
    asked = t.select(*key).distinct()
    s = _stock(r).select("start_date", "end_date", "fixmedins_code", stocked="med_list_codg")
    periods = s.group_by("start_date", "end_date", "fixmedins_code").aggregate(
        lowest=s.stocked.min(), highest=s.stocked.max()
    )
    asked = mark(
        asked, "bought", key, s,
        lambda a, b: [
            a.subject == b.fixmedins_code, a.code == b.stocked, b.start_date <= a.day,
            b.end_date >= a.since,
        ],
    )
    asked = mark(
        asked, "others", key, periods,
        lambda a, b: [
            a.subject == b.fixmedins_code, b.start_date <= a.day, b.end_date >= a.since,
            (b.lowest != a.code) | (b.highest != a.code),
        ],
    )
    t = t.join(asked, list(key))
    t = summed(t, "code", "quarter", "free", "bought", "others")
    flagged = t.others & ~t.bought & (t.qty > 0)
    t = t.mutate(
        if_REPORTS_OTHERS=t.others, if_NOT_BOUGHT=~t.bought, if_CHARGED=t.qty > 0,
        over=ibis.ifelse(flagged, 1, 0), of=ibis.literal(1),
    )  # fmt: skip
    t = with_money(r, t, "never_bought")
    return t.select(
        *_SHOWN, "if_REPORTS_OTHERS", "if_NOT_BOUGHT", "if_CHARGED",
        not_REVERSED=t.reversed,
        not_FREE_REPLACEMENT=t.free,
    )  # fmt: skip


def _since(day: Any) -> Any:
    """First day of the third quarter before that of `day`."""
    first = day.truncate("Q") - ibis.interval(months=MONTHS_BEFORE)
    return first.cast("timestamp").date()
