"""A unit price above the limit of the institution's level."""

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
    add_days,
    apportion,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.charges import (
    FEN,
    UNIT,
    charges,
    in_force,
    priced,
    summed,
    with_money,
)
from clew.packs.medical_insurance.derived.quantities import scaled
from clew.packs.medical_insurance.derived.terms import inside, mark
from clew.packs.medical_insurance.detectors.overcharging.limits import BY_STAY, REQUIRED, REVERSED


@rule(
    code="c",
    title=T("超最高限价", "Above the price limit"),
    per="person",
    subject="organisation",
    fact_key=BY_STAY,
    base=T("该等级机构有限价的项目", "Items with a price limit at the institution's level"),
    required=(*REQUIRED, "mi_price_limit", "mi_institution"),
    conditions=(
        Condition("OVER_PRICE", T("单价高于当日限价", "Unit price above the limit of that day")),
    ),
    exclusions=(
        REVERSED,
        Exclusion(
            "PRICE_CHANGED",
            T("就诊期间限价调整", "The limit changed within the visit, the price was within one"),
        ),
    ),
    grade=severity_always(MEDIUM),
)
def price_limit(r: Relations, p: Params) -> ir.Table:
    limits = _limits(r)
    t = charges(r, limits)
    i = r["mi_institution"].select(place="fixmedins_code", place_level="hosp_lv")
    t = t.join(i, [t.subject == i.place, t.level == i.place_level])
    t = priced(t.filter(t.person.notnull()))
    t = summed(
        t, "code", "level", "price", "allowed",
        first_day=ibis.least(t.day, t.service_date).min(),
        last_day=ibis.greatest(t.day, t.end_date.fill_null(t.day)).max(),
    )  # fmt: skip
    above = (t.price > t.allowed) & (t.qty > 0)
    t = t.mutate(
        if_OVER_PRICE=above, of=ibis.greatest(t.price, 1),
        over=ibis.ifelse(above, t.price - t.allowed, 0),
    )  # fmt: skip
    t = with_money(r, t, "priced")
    t = _changed(r, t, limits)
    return t.select(
        "subject", *BY_STAY, "row_id", "with_lines", "fund", "account", "confirm_identity",
        "if_OVER_PRICE", "not_PRICE_CHANGED", "first_day", "last_day",
        excess=apportion(t.over, t.qty, ibis.literal(FEN)),
        price_fen=apportion(t.price, ibis.literal(100), ibis.literal(UNIT)),
        limit_fen=apportion(t.allowed, ibis.literal(100), ibis.literal(UNIT)),
        not_REVERSED=t.reversed,
    )  # fmt: skip


def _limits(r: Relations) -> ir.Table:
    limits = in_force(r["mi_price_limit"], "med_list_codg", "hosp_lv")
    return limits.select(
        "start_date", "end_date", code="med_list_codg", level="hosp_lv", allowed=scaled(limits.pric)
    )


def _changed(r: Relations, t: ir.Table, limits: ir.Table) -> ir.Table:
    """Whether the limit changed within the visit and the price was within the old or new one."""
    s = r["stays"].select(stay="mdtrt_id", adm="adm_date", left="end_date")
    t = t.left_join(s, t.visit == s.stay)
    t = t.mutate(
        visit_from=ibis.coalesce(ibis.least(t.adm, t.first_day), t.first_day),
        visit_to=ibis.coalesce(ibis.greatest(t.left, t.last_day), t.last_day),
    ).drop("stay", "adm", "left")
    old = limits.select(old_code="code", old_level="level", ended="end_date", old_allowed="allowed")
    changes = limits.join(
        old,
        [
            limits.code == old.old_code,
            limits.level == old.old_level,
            add_days(old.ended, 1) == limits.start_date,
        ],
    )
    changes = changes.select(
        changed_code="code", changed_level="level", changed_on="start_date",
        highest=ibis.greatest(changes.allowed, changes.old_allowed),
    )  # fmt: skip
    return mark(
        t, "not_PRICE_CHANGED", ("row_id", "allowed"), changes,
        lambda a, b: [
            a.code == b.changed_code,
            a.level == b.changed_level,
            inside(b.changed_on, a.visit_from, a.visit_to),
            a.price <= b.highest,
        ],
    )
