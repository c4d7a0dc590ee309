"""More units than a day, a stay or the clock allows."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import (
    MEDIUM,
    Condition,
    Exclusion,
    Params,
    Relations,
    T,
    apportion,
    days_between,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.charges import (
    UNIT,
    as_units,
    charges,
    listed,
    summed,
    total,
    with_money,
)
from clew.packs.medical_insurance.derived.quantities import scaled

REVERSED = Exclusion("REVERSED", T("已冲销", "Reversed"))
REQUIRED = ("mi_settlement", "mi_fee", "mi_catalogue")
BED = "bed"
BY_DAY = ("person", "visit", "code", "day")
BY_STAY = ("person", "visit", "code")


def _over(r: Relations, t: ir.Table, by: tuple[str, ...], condition: str, name: str) -> ir.Table:
    """Units over `allowed` among the rows that agree in `by`, which are of one person."""
    charged = total(t.qty, *by, "reversed")
    t = t.mutate(charged=charged)
    t = t.mutate(
        over=ibis.greatest(t.charged - t.allowed, 0), of=ibis.greatest(t.charged, 1),
        **{f"if_{condition}": (t.charged > t.allowed).fill_null(False)},
    )  # fmt: skip
    t = with_money(r, t, name)
    return t.select(
        "subject", *by, "row_id", "with_lines", "fund", "account", "confirm_identity",
        f"if_{condition}",
        excess=apportion(t.amount, t.over, t.of),
        charged_units=as_units(t.charged),
        limit_units=as_units(t.allowed),
        not_REVERSED=t.reversed,
    )  # fmt: skip


def _of_persons(t: ir.Table) -> ir.Table:
    return t.filter(t.person.notnull())


@rule(
    code="a",
    title=T("超日最大数量", "More than the most a day"),
    per="person",
    subject="organisation",
    fact_key=BY_DAY,
    base=T("有日最大数量的项目, 每次就诊每日", "Items with a most a day, by visit and day"),
    required=REQUIRED,
    conditions=(
        Condition("OVER_DAY", T("数量大于日最大", "More units than the most a day")),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
)
def day_maximum(r: Relations, p: Params) -> ir.Table:
    items = listed(r, "max_per_day")
    t = _of_persons(charges(r, items.filter(items.max_per_day.notnull())))
    t = t.mutate(allowed=scaled(t.max_per_day))
    return _over(r, summed(t, "code", "day", "allowed"), BY_DAY, "OVER_DAY", "charged_days")


@rule(
    code="b",
    title=T("超次最大数量或床位天数", "More than the most a stay, or bed days"),
    per="person",
    subject="organisation",
    fact_key=BY_STAY,
    base=T("住院的床位和有次最大数量的项目", "Beds, and items with a most a stay, of stays"),
    required=REQUIRED,
    conditions=(
        Condition(
            "OVER_STAY",
            T("床日多于夜数加一, 或大于次最大", "More bed days than nights and one, or the most"),
        ),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
)
def stay_maximum(r: Relations, p: Params) -> ir.Table:
    items = listed(r, "max_per_stay")
    bed = (items.kind == BED).fill_null(False)
    items = items.mutate(bed=bed).filter(bed | items.max_per_stay.notnull())
    t = _of_persons(charges(r, items))
    t = summed(t, "code", bed=t.bed.any(), most=scaled(t.max_per_stay).max())
    s = r["stays"]
    s = s.select(stay="mdtrt_id", nights=days_between(s.end_date, s.adm_date))
    t = t.join(s, t.visit == s.stay)
    # The limit of a stay that sees two of them is the larger one.
    most = t.most.max().over(ibis.window(group_by=list(BY_STAY)))
    t = t.mutate(allowed=ibis.ifelse(t.bed, (t.nights + p.bed_extra_days) * UNIT, most))
    return _over(r, t, BY_STAY, "OVER_STAY", "charged_stays")


@rule(
    code="f",
    title=T("按小时项目超过全天", "Hours beyond those of a day"),
    per="person",
    subject="organisation",
    fact_key=BY_DAY,
    base=T("按小时计价的项目, 每次就诊每日", "Items charged by the hour, by visit and day"),
    required=REQUIRED,
    conditions=(Condition("OVER_HOURS", T("小时数大于上限", "More hours than a day has")),),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
)
def hours_of_a_day(r: Relations, p: Params) -> ir.Table:
    items = listed(r, "hour_item")
    t = _of_persons(charges(r, items.filter(items.hour_item)))
    t = summed(t, "code", "day").mutate(allowed=ibis.literal(p.hours * UNIT, "int64"))
    return _over(r, t, BY_DAY, "OVER_HOURS", "charged_hours")
