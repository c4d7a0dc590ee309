"""A panel billed by its parts, and one analyte measured by two methods."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import (
    MEDIUM,
    Condition,
    Fact,
    Params,
    Relations,
    T,
    apportion,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.charges import (
    UNIT,
    charges,
    in_force,
    priced,
    summed,
    total,
    with_money,
)
from clew.packs.medical_insurance.derived.quantities import scaled
from clew.packs.medical_insurance.derived.terms import exact_sum, stage, valid_on
from clew.packs.medical_insurance.detectors.laboratory.lines import (
    REQUIRED,
    RESEARCH_FUNDED,
    REVERSED,
    SHOWN,
    VERDICTS,
    judged,
    lab_lines,
)

PANEL = "panel"
EXCLUSIONS = (REVERSED, RESEARCH_FUNDED)
OF_PANEL = ("subject", "person", "visit", "panel", "day")
OF_ANALYTE = ("subject", "person", "visit", "analyte", "day")


def _all_left(fact: Fact, p: Params) -> bool:
    """Whether every component is still there and dearer than the panel."""
    rows = fact.rows
    whole = len({row.code for row in rows}) == rows[0].components
    return bool(whole and sum(row.amount for row in rows) > rows[0].panel_fen)


@rule(
    code="b",
    title=T("组套拆分收费", "A panel billed by its parts"),
    per="person",
    subject="organisation",
    fact_key=("person", "visit", "panel", "day"),
    base=T("同日收取组套的全部组成项目", "All parts of a panel charged on one day"),
    required=(*REQUIRED, "mi_item_pair"),
    conditions=(
        Condition("ALL_PARTS", T("全部组成项目同日收费", "All parts charged that day")),
        Condition("DEARER", T("合计高于组套价格", "Together dearer than the panel")),
    ),
    exclusions=EXCLUSIONS,
    grade=severity_always(MEDIUM),
    holds=_all_left,
)
def decomposed_panel(r: Relations, p: Params) -> ir.Table:
    s = r["mi_item_pair"]
    s = in_force(s.filter(s.relation == PANEL), "code_a", "code_b")
    s = s.select(panel="code_a", part="code_b", pair_from="start_date", pair_to="end_date")
    t = lab_lines(r)
    t = t.filter(t.person.notnull()).semi_join(s.select(code=s.part).distinct(), "code")
    t = summed(t, "code", "day", "research", "out")
    t = t.filter(t.qty > 0, t.row_id.notnull())
    t = t.join(s, [t.code == s.part, valid_on(t.day, s.pair_from, s.pair_to)])
    t = stage(t, "panel_parts")
    days = t.select("panel", "day").distinct()
    parts = s.rename(whole="panel")
    needed = days.join(
        parts,
        [days.panel == parts.whole, valid_on(days.day, parts.pair_from, parts.pair_to)],
    )
    needed = needed.group_by("panel", "day").aggregate(components=needed.part.nunique())
    charged = t.group_by(*OF_PANEL).aggregate(
        parts=t.code.nunique(), every=exact_sum(t.amount), rounds=t.qty.max(),
        standing=exact_sum(ibis.ifelse(t.out, 0, t.amount)),
    )  # fmt: skip
    t = t.join(charged, list(OF_PANEL)).join(needed, ["panel", "day"])
    t = _panel_prices(r, t.filter(t.parts == t.components))
    # As many panels as the part charged most often.
    allowed = apportion(t.price_fen, ibis.greatest(t.rounds, UNIT), ibis.literal(UNIT))
    t = t.mutate(panel_fen=allowed, if_ALL_PARTS=t.parts == t.components)
    t = t.mutate(
        if_DEARER=t.every > t.panel_fen,
        over=ibis.ifelse(t.out, 0, ibis.greatest(t.standing - t.panel_fen, 0)),
        of=ibis.greatest(t.standing, 1),
    )
    t = judged(with_money(r, t, "decomposed", once=("panel", "day", "out")))
    return t.select(
        *SHOWN, "person", "panel", "day", "code", "amount", "components", "panel_fen",
        "if_ALL_PARTS", "if_DEARER", *VERDICTS,
    )  # fmt: skip


def _panel_prices(r: Relations, t: ir.Table) -> ir.Table:
    """Adds `price_fen`: the panel's limit at the institution's level that day, else the highest
    price at which it was ever billed. Rows of panels without any price are left out.
    """
    i = r["mi_institution"].select(place="fixmedins_code", place_level="hosp_lv")
    t = t.left_join(i, t.subject == i.place)
    limits = in_force(r["mi_price_limit"], "med_list_codg", "hosp_lv")
    limits = limits.select(
        limited="med_list_codg", limit_level="hosp_lv", limit_from="start_date",
        limit_to="end_date", limit_price=scaled(limits.pric),
    )  # fmt: skip
    t = t.left_join(
        limits,
        [
            t.panel == limits.limited,
            t.place_level == limits.limit_level,
            valid_on(t.day, limits.limit_from, limits.limit_to),
        ],
    )
    panels = r["mi_item_pair"]
    panels = panels.filter(panels.relation == PANEL).select(code="code_a").distinct()
    panels = panels.mutate(start_date=ibis.date("1900-01-01"), end_date=ibis.null("date"))
    billed = priced(charges(r, panels))
    billed = billed.filter(~billed.reversed).group_by(billed_panel="code").aggregate(
        billed_price=billed.price.max()
    )
    t = t.left_join(billed, t.panel == billed.billed_panel)
    t = t.mutate(price=ibis.coalesce(t.limit_price, t.billed_price))
    t = t.filter(t.price.notnull())
    return t.mutate(price_fen=apportion(t.price, ibis.literal(100), ibis.literal(UNIT)))


def _two_left(fact: Fact, p: Params) -> bool:
    return len({row.method for row in fact.rows}) > 1


@rule(
    code="c",
    title=T("同日两种方法测同一指标", "Two methods for one analyte"),
    per="person",
    subject="organisation",
    fact_key=("person", "visit", "analyte", "day"),
    base=T("标明指标和方法的检验", "Tests whose analyte and method are listed"),
    required=REQUIRED,
    conditions=(
        Condition("TWO_METHODS", T("同日两种方法", "Two methods on the same day")),
    ),
    exclusions=EXCLUSIONS,
    grade=severity_always(MEDIUM),
    holds=_two_left,
)  # fmt: skip
def two_methods(r: Relations, p: Params) -> ir.Table:
    items = lab_lines(r, "analyte", "method")
    t = items.filter(items.analyte.notnull(), items.method.notnull(), items.person.notnull())
    t = summed(t, "code", "day", "analyte", "method", "research", "out")
    t = t.filter(t.qty > 0, t.row_id.notnull())
    window = ibis.window(group_by=list(OF_ANALYTE))
    several = t.method.min().over(window) != t.method.max().over(window)
    # The sum of a code's lines decides which is the dearer.
    t = t.mutate(several=several, cost=total(t.amount, *OF_ANALYTE, "code", "out"))
    standing = ibis.window(group_by=[*OF_ANALYTE, "out"], order_by=[ibis.desc("cost"), "code"])
    dearer = (ibis.dense_rank().over(standing) == 0) & ~t.out
    t = t.mutate(over=ibis.ifelse(dearer & t.several, 1, 0), of=ibis.literal(1))
    t = judged(with_money(r, t, "methods"))
    counted = t.over == 1
    return t.select(
        *(c for c in SHOWN if c not in ("fund", "account")), "person", "analyte", "day", "code",
        "method", *VERDICTS,
        fund=ibis.ifelse(counted, t.fund, 0),
        account=ibis.ifelse(counted, t.account, 0),
        if_TWO_METHODS=t.several,
    )  # fmt: skip
