"""Two items charged of which one rules out, or already holds, the other."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import MEDIUM, Condition, Params, Relations, T, rule, severity_always
from clew.packs.medical_insurance.derived.charges import with_money
from clew.packs.medical_insurance.detectors.item_pairs import (
    DIFFERENT_SITES,
    EXCLUSIVE,
    INCLUDED,
    SEPARATE_INCISIONS,
    SESSION,
    charged_pairs,
    excused,
    pairs,
    site_verdicts,
)
from clew.packs.medical_insurance.detectors.overcharging.limits import REQUIRED, REVERSED

PAIR = ("person", "visit", "code_a", "code_b")
VERDICTS = (
    "not_REVERSED", "not_DIFFERENT_SITES", "not_SEPARATE_INCISIONS", "fund", "account", "excess",
)  # fmt: skip
CHARGE = ("row_id", "setl_id", "scope", "amount", "fund_whole", "account_whole")


@rule(
    code="d",
    title=T("互斥项目同日收费", "Items that exclude each other on one day"),
    per="person",
    subject="organisation",
    fact_key=(*PAIR, "day"),
    base=T("同一就诊同日收取的互斥项目", "Exclusive items of one visit and day"),
    required=(*REQUIRED, "mi_item_pair"),
    conditions=(
        Condition("SAME_DAY", T("同日收费", "Charged on the same day")),
        Condition(
            "SITE", T("部位有记录", "The site of both is recorded"), sources=("mi_fee.body_site",)
        ),
    ),
    exclusions=(REVERSED, DIFFERENT_SITES, SEPARATE_INCISIONS),
    grade=severity_always(MEDIUM),
)
def exclusive_items(r: Relations, p: Params) -> ir.Table:
    wanted = pairs(r, EXCLUSIVE)
    wanted = wanted.filter(wanted.scope != SESSION)
    # Written in either direction, it is the same pair.
    wanted = wanted.mutate(
        one=ibis.least(wanted.one, wanted.other), other=ibis.greatest(wanted.one, wanted.other)
    ).distinct()
    t = site_verdicts(r, charged_pairs(r, wanted, "exclusive_charges"))
    first = t.amount_a <= t.amount_b
    t = t.mutate(
        **{c: ibis.ifelse(first, t[f"{c}_a"], t[f"{c}_b"]) for c in CHARGE},
        with_other=ibis.ifelse(first, t.with_lines_b, t.with_lines_a),
        with_lines=ibis.ifelse(first, t.with_lines_a, t.with_lines_b),
        subject=t.subject_a,
        person=t.person_a,
        visit=t.visit_a,
        day=t.day_a,
        if_SAME_DAY=t.day_a == t.day_b,
        if_SITE=ibis.ifelse(t.sites_known, True, ibis.null("boolean")),
        confirm_identity=t.confirm_identity_a | t.confirm_identity_b,
    )
    t = _once(t, (*PAIR, "day", "row_id"))
    t = with_money(r, t, "cheaper_items").mutate(excess=lambda x: x.amount * x.over)
    t = _nothing_twice(t)
    return t.select(
        "subject", *PAIR, "day", "row_id", "with_lines", "with_other", "if_SAME_DAY", "if_SITE",
        "confirm_identity", *VERDICTS,
    )  # fmt: skip


@rule(
    code="e",
    title=T("内涵项目另行收费", "Included items charged separately"),
    per="person",
    subject="organisation",
    fact_key=PAIR,
    base=T("与包含它的项目一同收费的项目", "Items charged beside one that includes them"),
    required=(*REQUIRED, "mi_item_pair"),
    conditions=(
        Condition("INCLUDED", T("已含于另一收费项目", "Part of another charged item")),
    ),
    exclusions=(REVERSED, DIFFERENT_SITES, SEPARATE_INCISIONS),
    grade=severity_always(MEDIUM),
)
def included_items(r: Relations, p: Params) -> ir.Table:
    return included(r, pairs(r, INCLUDED), "included").select(
        "subject", *PAIR, "row_id", "with_lines", "with_other", "day", "if_INCLUDED",
        "confirm_identity", *VERDICTS,
    )  # fmt: skip


def included(r: Relations, wanted: ir.Table, name: str) -> ir.Table:
    """Charges of the second item of `wanted` beside the first, with verdicts and money; a charge
    beside several is one row, excused only if all excuse it.
    """
    t = site_verdicts(r, charged_pairs(r, wanted, f"{name}_charges"))
    t = t.mutate(
        **{c: t[f"{c}_b"] for c in CHARGE},
        subject=t.subject_b,
        person=t.person_b,
        visit=t.visit_b,
        day=t.day_b,
        inpatient=t.inpatient_b,
        with_lines=t.with_lines_b,
        with_other=t.with_lines_a,
        if_INCLUDED=ibis.literal(True),
        confirm_identity=t.confirm_identity_a | t.confirm_identity_b,
    )
    t = _once(t, (*PAIR, "row_id"))
    t = t.filter(t.over == 1)
    return with_money(r, t, f"{name}_items").mutate(excess=lambda x: x.amount)


def _once(t: ir.Table, by: tuple[str, ...]) -> ir.Table:
    """`over` is 1 on one row of those that agree in `by`, one that stands if any does, else 0."""
    window = ibis.window(
        group_by=list(by), order_by=[excused(t), t.row_id_a, t.row_id_b, t.pair_from]
    )
    first = ibis.row_number().over(window) == 0
    return t.mutate(over=first.cast("int64"), of=ibis.literal(1, "int64"))


def _nothing_twice(t: ir.Table) -> ir.Table:
    """A charge that meets several others is paid for once."""
    counted = t.over == 1
    return t.mutate(
        fund=ibis.ifelse(counted, t.fund, 0), account=ibis.ifelse(counted, t.account, 0)
    )
