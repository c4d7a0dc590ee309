"""One stay: a complication that nothing billed has treated."""

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
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.charges import as_units
from clew.packs.medical_insurance.derived.quantities import quantities, scaled
from clew.packs.medical_insurance.derived.terms import T2, stage, valid_on
from clew.packs.medical_insurance.detectors.upcoding.complications import (
    REVERSED,
    complications,
    expected_treatments,
    heaviest,
)

GROUP_LENGTH, FAMILY = 4, 3
"""Characters of a case group, and of the family of groups that differ by complications only."""


@rule(
    code="a",
    title=T("并发症无相应治疗", "Complication without its treatment"),
    per="person",
    subject="organisation",
    fact_key=("person", "mdtrt_id"),
    base=T("名单列有治疗的并发症诊断", "Complications for which the list names treatments"),
    required=(
        "mi_inpatient", "mi_diagnosis", "mi_diagnosis.cc_level", "mi_settlement", "mi_fee",
        "mi_code_list",
    ),
    conditions=(
        Condition("UNTREATED", T("住院期间未收取相应治疗", "None of them billed in the stay")),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
)  # fmt: skip
def untreated(r: Relations, p: Params) -> ir.Table:
    found = stage(complications(r), "complications")
    t = stage(_tested(r, found), "tested_complications")
    billed = stage(_billed(r, t), "billed_codes")
    done = t.join(
        billed, [t.mdtrt_id == billed.billed_in, billed.code.startswith(t.treatment)]
    )
    # Where no line of a stay is held, nothing tells what it was treated with.
    t = t.semi_join(billed, t.mdtrt_id == billed.billed_in)
    t = t.anti_join(done.select("diagnosis").distinct(), "diagnosis")
    t = stage(t.drop("treatment").distinct(), "untreated_complications")
    t = _weighed(r, t, found)
    first = t.diagnosis.min().over(ibis.window(group_by="mdtrt_id"))
    return t.select(
        "person", "mdtrt_id", "adm_date", "end_date", "diag_code", "cc_level", "drg_code",
        subject="fixmedins_code",
        row_id="diagnosis",
        with_stay="stay_rows",
        confirm_identity=(t.tier == T2).fill_null(False),
        weight=as_units(t.weight),
        weight_without=as_units(t.weight_without),
        fund=ibis.ifelse(t.diagnosis == first, t.excess, 0),
        account=ibis.literal(0, "int64"),
        if_UNTREATED=ibis.literal(True),
        not_REVERSED=t.reversed,
    )  # fmt: skip


def _tested(r: Relations, found: ir.Table) -> ir.Table:
    """Complications of stays beside each treatment that was to be expected."""
    s = r["stays"].select(
        "person", "tier", "mdtrt_id", "fixmedins_code", "adm_date", "end_date", "reversed",
        "stay_rows", whole="fund",
    )  # fmt: skip
    t = s.filter(s.fixmedins_code.notnull()).join(found, s.mdtrt_id == found.visit)
    e = expected_treatments(r, found)
    return t.join(
        e, [t.diag_code == e.of_code, valid_on(t.end_date, e.listed_from, e.listed_to)]
    ).drop("visit", "of_code", "listed_from", "listed_to")


def _billed(r: Relations, t: ir.Table) -> ir.Table:
    """Codes of which something is left, or was charged at first in a stay wholly reversed."""
    s = r["net_settlements"].select("setl_id", "mdtrt_id", "reversed")
    s = s.semi_join(t.select("mdtrt_id").distinct(), "mdtrt_id")
    lines = quantities(r, s).select("setl_id", "cnt", code="med_list_codg")
    j = s.join(lines, "setl_id")
    j = j.filter(j.reversed | (j.cnt > 0))
    return j.select("code", billed_in="mdtrt_id").distinct()


def _weighed(r: Relations, t: ir.Table, found: ir.Table) -> ir.Table:
    """Adds `drg_code`, `weight`, `weight_without` the complications in `t`, and `excess`: the part
    of the fund's payment that their weight is, 0 where it is not known.
    """
    left = found.anti_join(t.select("diagnosis").distinct(), "diagnosis")
    left = left.group_by("visit").aggregate(ending=heaviest(left.cc_level))
    i = r["mi_inpatient"].select(
        "drg_code", stay_of="mdtrt_id", weight=scaled(r["mi_inpatient"].drg_weight)
    )
    weights = i.filter(i.drg_code.length() == GROUP_LENGTH, i.weight > 0)
    weights = weights.group_by(group="drg_code").aggregate(
        weight_without=weights.weight.max(), least=weights.weight.min()
    )
    # A group with two weights tells nothing.
    weights = weights.filter(weights.weight_without == weights.least).drop("least")
    t = t.left_join(i, t.mdtrt_id == i.stay_of).left_join(left, t.mdtrt_id == left.visit)
    family: Any = t.drg_code.substr(0, FAMILY) + t.ending.fill_null("5")
    t = t.mutate(group_without=ibis.ifelse(t.drg_code.length() == GROUP_LENGTH, family, None))
    t = t.left_join(weights, t.group_without == weights.group)
    lighter = ((t.weight_without < t.weight) & (t.weight > 0)).fill_null(False)
    excess = apportion(t.whole, t.weight - t.weight_without, t.weight)
    return t.mutate(excess=ibis.ifelse(lighter, excess, 0)).drop(
        "stay_of", "visit", "group_without", "group", "ending"
    )
