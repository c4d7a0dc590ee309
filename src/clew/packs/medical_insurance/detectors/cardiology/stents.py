"""Stents and devices against the procedures that put them in."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import HIGH, MEDIUM, Condition, Params, Relations, T, rule, severity_always
from clew.packs.medical_insurance.derived.charges import UNIT, as_units, summed, total, with_money
from clew.packs.medical_insurance.derived.operations import known_operations, on_list
from clew.packs.medical_insurance.derived.terms import stage
from clew.packs.medical_insurance.detectors.cardiology.lines import (
    ARREST_OR_ICU,
    CTO_FILED,
    DEVICE_LIST,
    REQUIRED,
    REVERSED,
    STAGED_PCI,
    STAY,
    cardiac_lines,
    mark_arrest,
    mark_cto,
    mark_staged,
    stent_procedures,
)

STENT = ("stent",)
DEVICES = ("pacemaker", "occluder")
SHOWN = ("subject", *STAY, "row_id", "with_lines", "fund", "account", "confirm_identity")
OPERATED = (*REQUIRED, "mi_operation", "mi_code_list")
KEY = ("row_id", "day")


@rule(
    code="a",
    title=T("单次手术支架过多", "Too many stents in one procedure"),
    per="person",
    subject="organisation",
    fact_key=STAY,
    base=T("住院每日的支架收费", "Stents charged, by stay and day"),
    required=OPERATED,
    conditions=(
        Condition("PROCEDURE", T("当日有支架置入手术", "A stent procedure on that day")),
        Condition("TOO_MANY", T("当日支架多于上限", "More stents that day than the limit")),
    ),
    exclusions=(REVERSED, STAGED_PCI, CTO_FILED, ARREST_OR_ICU),
    grade=severity_always(MEDIUM),
)
def too_many_stents(r: Relations, p: Params) -> ir.Table:
    t = summed(cardiac_lines(r, STENT), "day", "dise_codg")
    t = t.mutate(stents=total(t.qty, "visit", "day", "reversed"))
    allowed = p.stents * UNIT
    t = stage(t.filter(t.row_id.notnull()), "stents_of_days")
    o = stent_procedures(r)
    days = o.group_by("operated", "procedure_day").aggregate(
        with_procedure=o.procedure_row.collect()
    )
    t = t.left_join(days, [t.visit == days.operated, t.day == days.procedure_day])
    t = t.mutate(
        if_PROCEDURE=t.operated.notnull(), if_TOO_MANY=t.stents > allowed,
        over=ibis.greatest(t.stents - allowed, 0), of=ibis.greatest(t.stents, 1),
        not_REVERSED=t.reversed,
    ).drop("operated", "procedure_day")  # fmt: skip
    t = mark_arrest(r, mark_cto(r, mark_staged(r, t, KEY), KEY), KEY)
    t = with_money(r, t, "stents_paid")
    return t.select(
        *SHOWN, "day", "with_procedure", "if_PROCEDURE", "if_TOO_MANY", "not_REVERSED",
        "not_STAGED_PCI", "not_CTO_FILED", "not_ARREST_OR_ICU",
        stents_of_day=as_units(t.stents),
    )  # fmt: skip


@rule(
    code="b",
    title=T("支架无置入手术", "Stents without a procedure"),
    per="person",
    subject="organisation",
    fact_key=STAY,
    base=T("收取支架的住院", "Stays charged for stents"),
    required=OPERATED,
    conditions=(
        Condition("NO_PROCEDURE", T("该次住院无支架置入手术", "No stent procedure in the stay")),
        Condition("CHARGED", T("数量大于零", "Something is charged")),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(HIGH),
)
def stent_without_procedure(r: Relations, p: Params) -> ir.Table:
    procedures = stent_procedures(r).select("operated").distinct()
    return _without(r, summed(cardiac_lines(r, STENT)), procedures, "stent_stays")


@rule(
    code="e",
    title=T("起搏器或封堵器无手术", "Pacemaker or occluder without an operation"),
    per="person",
    subject="organisation",
    fact_key=STAY,
    base=T("收取起搏器或封堵器的住院", "Stays charged for pacemakers or occluders"),
    required=OPERATED,
    conditions=(
        Condition("NO_PROCEDURE", T("该次住院无器械置入手术", "No such operation in the stay")),
        Condition("CHARGED", T("数量大于零", "Something is charged")),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(HIGH),
)
def device_without_operation(r: Relations, p: Params) -> ir.Table:
    procedures = on_list(r, known_operations(r), DEVICE_LIST).select("operated").distinct()
    return _without(r, summed(cardiac_lines(r, DEVICES)), procedures, "device_stays")


def _without(r: Relations, t: ir.Table, procedures: ir.Table, name: str) -> ir.Table:
    t = t.left_join(procedures, t.visit == procedures.operated)
    alone = t.operated.isnull()
    t = t.mutate(
        if_NO_PROCEDURE=alone, if_CHARGED=t.qty > 0, not_REVERSED=t.reversed,
        over=ibis.ifelse(alone & (t.qty > 0), 1, 0), of=ibis.literal(1), units=as_units(t.qty),
    )  # fmt: skip
    t = with_money(r, t, name)
    return t.select(*SHOWN, "units", "if_NO_PROCEDURE", "if_CHARGED", "not_REVERSED")
