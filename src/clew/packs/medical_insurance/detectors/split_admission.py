"""One illness cut into two bills.

Looks for planned readmissions to the same institution within ten days, with the same category of
main diagnosis, at an institution that does so clearly more often than its peers.

Why it matters: where the fund pays per case, a stay cut in two is paid twice, and the patient
meets the deductible twice.

Known gaps: an institution with few peers of its level cannot be compared, nor one whose level is
not registered; a main diagnosis changed on purpose is not seen; readmission elsewhere is not asked.

To verify by hand: read discharge note and admission note side by side: what was left to do on the
day of discharge, was the second stay arranged before it, who asked for it?
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from clew.declare import (
    MEDIUM,
    Condition,
    Detector,
    Exclusion,
    Param,
    Params,
    Relations,
    T,
    any_true,
    days_between,
    detector,
    previous,
    severity_always,
)
from clew.packs.medical_insurance.derived.terms import T2, category, inside, mark, valid_on
from clew.packs.medical_insurance.detectors.readmission_rate import mark_rate

KEY = ("subject", "person", "mdtrt_id")
NOT_QUALIFYING = ("2", "3", "5")
AGAINST_ADVICE = "4"
SERIES = ("Z49", "Z51")
BURNS = ("T20", "T32")
TUBERCULOSIS = ("A15", "A19")
FIRST = (
    "mdtrt_id", "adm_date", "true_end", "category", "dscg_way", "reversed", "stay_rows", "tier",
)  # fmt: skip


@detector(
    id="MI-06",
    title=T("分解住院", "Split admission"),
    version=1,
    per="person",
    subject="organisation",
    fact_key=("person", "mdtrt_id"),
    base=T(
        "同一人在同一机构前次出院后规定天数内的再次住院",
        "Stays of a person at the same institution within the days after the stay before",
    ),
    required=("mi_settlement",),
    optional=(
        "mi_inpatient", "mi_fee", "mi_diagnosis", "mi_dept", "mi_operation", "mi_filing",
        "mi_institution", "mi_person", "reversals", "numbered_persons", "net_settlements", "stays",
    ),
    params=(
        Param("days", 10, "day", T("再入院间隔", "Days to the readmission"), 0, 90),
        Param("rate_months", 12, "month", T("比率统计月数", "Months of the rate"), 1, 60),
        Param(
            "sd", Decimal(2), "standard deviation",
            T("高于均值的标准差数", "Standard deviations above the mean"), 0, 10,
        ),
        Param("min_peers", 5, "institution", T("最少同级机构数", "Fewest peers"), 2),
    ),
    conditions=(
        Condition("SAME_CATEGORY", T("主要诊断类目相同", "Same category of main diagnosis")),
        Condition(
            "DISCHARGE", T("前次非转院或死亡出院", "First discharge no transfer and no death"),
            sources=("mi_inpatient.dscg_way",),
        ),
        Condition(
            "PLANNED", T("计划入院", "Planned admission"),
            sources=(
                "mi_inpatient.planned_flag", "mi_inpatient.emer_flag", "mi_settlement.emer_flag",
            ),
        ),
        Condition(
            "RATE", T("机构再入院率高于同级", "Rate above the institution's peers"),
            sources=("mi_institution.hosp_lv",),
        ),
    ),
    exclusions=(
        Exclusion("REVERSED", T("已冲销", "Reversed")),
        Exclusion(
            "CHEMO_RADIO_DIALYSIS", T("放化疗或透析", "Chemotherapy, radiotherapy or dialysis"),
            sources=("mi_diagnosis", "mi_settlement.dise_codg"),
        ),
        Exclusion(
            "OBSTETRICS", T("产科", "Obstetrics"),
            sources=("mi_diagnosis", "mi_settlement.dise_codg"),
        ),
        Exclusion(
            "STAGED_OPERATION", T("备案的分期手术", "Staged operation on file"),
            sources=("mi_filing", "mi_operation.staged_flag"),
        ),
        Exclusion(
            "BURNS", T("烧伤", "Burns"), sources=("mi_diagnosis", "mi_settlement.dise_codg")
        ),
        Exclusion(
            "TUBERCULOSIS", T("结核", "Tuberculosis"),
            sources=("mi_diagnosis", "mi_settlement.dise_codg"),
        ),
        Exclusion(
            "EMERGENCY_ICU", T("急诊且重症监护", "Emergency with intensive care"),
            sources=("mi_inpatient.icu_hours",),
        ),
        Exclusion(
            "AGAINST_ADVICE", T("前次非医嘱离院", "First discharge against advice"),
            sources=("mi_inpatient.dscg_way",),
        ),
    ),
    basis=("reg735-15", "reg735-38"),
    owner="医保局",
    next_review=date(2024, 6, 30),
    tags=("分解住院",),
    grade=severity_always(MEDIUM),
)
def _find(r: Relations, p: Params) -> ir.Table:
    t = _diagnosed(r, _readmissions(r, p))
    t = _staged(r, t)
    t = t.mutate(
        not_REVERSED=t.reversed | t.previous_reversed,
        not_EMERGENCY_ICU=t.emer_flag & (t.icu_hours > 0),
        not_AGAINST_ADVICE=t.previous_dscg_way == AGAINST_ADVICE,
    )
    t = mark_rate(r, p, t)
    verdicts = [c for c in t.columns if c.startswith(("if_", "not_"))]
    return t.select(
        *KEY, *verdicts, "row_id", "fund", "account", "category", "rate", "rate_z",
        confirm_identity=(t.tier == T2) | (t.previous_tier == T2),
        first_stay="previous_mdtrt_id",
        first_admitted="previous_adm_date",
        first_ended="previous_true_end",
        admitted="adm_date",
        discharged="dscg_date",
        with_second="stay_rows",
        with_first="previous_stay_rows",
    )


split_admission: Detector = _find


def _readmissions(r: Relations, p: Params) -> ir.Table:
    """Stays beside the stay before at the same institution, with the conditions of the pair.

    A reversed stay parts no two others; it is kept beside its neighbours to be told as excused.
    """
    s = r["stays"]
    standing = _pairs(s.filter(~s.reversed), p)
    cancelled = _pairs(s, p)
    cancelled = cancelled.filter(cancelled.reversed | cancelled.previous_reversed)
    t = standing.union(cancelled.anti_join(standing, "mdtrt_id"))
    return t.mutate(
        subject=t.fixmedins_code,
        if_SAME_CATEGORY=(t.category == t.previous_category).fill_null(False),
        if_DISCHARGE=~t.previous_dscg_way.isin(NOT_QUALIFYING),
        # As marked; where that is empty, what is no emergency.
        if_PLANNED=ibis.coalesce(t.planned_flag, ~t.emer_flag),
    )


def _pairs(stays: ir.Table, p: Params) -> ir.Table:
    """Each of the stays with the one before, where that ended within the days."""
    t = previous(stays, FIRST, by=("person", "fixmedins_code"), order=("adm_date", "mdtrt_id"))
    gap = days_between(t.adm_date, t.previous_true_end)
    return t.filter(inside(gap, 0, p.days), t.fixmedins_code.notnull())


def _diagnosed(r: Relations, t: ir.Table) -> ir.Table:
    """Exclusions by any diagnosis of the second stay, or by its main one."""
    d = r["mi_diagnosis"]
    c = category(d.diag_code)
    found = d.group_by(visit="mdtrt_id").aggregate(
        series=c.isin(SERIES).any(),
        birth=(c.substr(0, 1) == "O").any(),
        burns=inside(c, *BURNS).any(),
        tuberculosis=inside(c, *TUBERCULOSIS).any(),
    )
    j = t.left_join(found, t.mdtrt_id == found.visit)
    return j.mutate(
        not_CHEMO_RADIO_DIALYSIS=any_true(j.series, j.category.isin(SERIES)),
        not_OBSTETRICS=any_true(j.birth, j.category.substr(0, 1) == "O"),
        not_BURNS=any_true(j.burns, inside(j.category, *BURNS)),
        not_TUBERCULOSIS=any_true(j.tuberculosis, inside(j.category, *TUBERCULOSIS)),
    ).drop("visit", "series", "birth", "burns", "tuberculosis")


def _staged(r: Relations, t: ir.Table) -> ir.Table:
    f, o = r["mi_filing"], r["mi_operation"]
    filings = f.filter(f.kind == "staged").select(
        filed_for="certno", filed_from="start_date", filed_to="end_date"
    )
    t = mark(
        t, "filed", KEY, filings,
        lambda a, b: [a.person == b.filed_for, valid_on(a.adm_date, b.filed_from, b.filed_to)],
    )
    marked = o.filter(o.staged_flag).select(operated="mdtrt_id")
    t = mark(t, "staged", KEY, marked, lambda a, b: [a.mdtrt_id == b.operated])
    return t.mutate(not_STAGED_OPERATION=t.filed | t.staged).drop("filed", "staged")
