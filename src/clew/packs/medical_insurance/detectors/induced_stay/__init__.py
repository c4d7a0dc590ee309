"""Neighbours or colleagues taken into hospital together.

Looks for at least five admissions to one institution, within two days of the first, of persons from
one village or employer: none an emergency, nearly all of them mild cases, and either without cash,
or brought in by one person or phone, or at a place that admits far more elderly than its peers. A
score weighs these marks and complaints about free meals, transport or money back.

Why it matters: whoever is driven to a ward for a bed and a meal needs no treatment; the fund pays
for the stay, and the beds are gone for those who do.

Known gaps: patients collected from many villages make no cluster; the village is that of the
insured register, not where somebody lives today; without weights and a list of mild diagnoses the
share of mild cases stays unknown.

To verify by hand: ask the patients how they came, who called them and what they paid; read the
admission notes side by side; look for the vehicle, and for payments to whoever brought them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import ibis.expr.types as ir

from clew.declare import (
    HIGH,
    Condition,
    Detector,
    Exclusion,
    Param,
    Params,
    Relations,
    Signal,
    T,
    detector,
    severity_always,
)
from clew.packs.medical_insurance.detectors.induced_stay.admissions import crowded, described
from clew.packs.medical_insurance.detectors.induced_stay.clusters import after, still_induced
from clew.packs.medical_insurance.detectors.induced_stay.elderly import with_elderly_rate
from clew.packs.medical_insurance.detectors.induced_stay.excuses import with_excuses

EMERGENCY = ("mi_inpatient.emer_flag", "mi_settlement.emer_flag")
DIAGNOSES = ("mi_diagnosis", "mi_settlement.dise_codg")


@detector(
    id="MI-03",
    title=T("诱导住院", "Induced hospitalisation"),
    version=1,
    per="institution",
    subject="organisation",
    fact_key=("window_start", "place"),
    base=T(
        "同村(社区)或同单位人员在数日内入住同一机构的住院",
        "Admissions of persons of one village or employer to one institution within days",
    ),
    required=("mi_settlement", "mi_person"),
    optional=(
        "mi_inpatient", "mi_diagnosis", "mi_dept", "mi_fee", "mi_code_list", "mi_institution",
        "mi_programme", "mi_resident", "mi_complaint", "reversals", "numbered_persons",
        "net_settlements", "stays",
    ),
    params=(
        Param("window", 2, "day", T("距首例入院天数", "Days from the first admission"), 0, 30),
        Param("n", 5, "person", T("最少人数", "Fewest persons"), 2),
        Param("mild_weight", Decimal("0.6"), "weight", T("轻症权重上限", "Weight of a mild case")),
        Param("mild_share", Decimal("0.8"), "ratio", T("轻症占比", "Share of mild cases"), 0, 1),
        Param("cash_share", Decimal("0.5"), "ratio", T("零自付占比", "Share without cash"), 0, 1),
        Param(
            "contact_share", Decimal("0.5"), "ratio",
            T("同一介绍人或电话占比", "Share of one referrer or phone"), 0, 1,
        ),
        Param("z", 3, "z", T("老年住院率标准分", "z of the rate of elderly admissions"), 1),
        Param("elderly_age", 60, "year", T("老年年龄", "Age of the elderly"), 40, 100),
        Param("complaint_days", 30, "day", T("投诉前后天数", "Days around a complaint"), 0, 366),
        Param("score", Decimal("0.6"), "score", T("计分线", "Score of a clue"), 0, 1),
    ),
    conditions=(
        Condition("CLUSTER", T("人数", "Enough persons")),
        Condition("NO_EMERGENCY", T("非急诊入院", "No emergency"), sources=EMERGENCY),
        Condition(
            "MILD", T("轻症占比", "Mostly mild cases"),
            sources=("mi_inpatient.drg_weight", "mi_code_list"),
        ),
        Condition("INDUCED", T("至少一项诱导迹象", "At least one mark of inducement")),
        Condition("SCORE", T("得分", "Score")),
    ),
    signals=(
        Signal("ZERO_CASH", T("零自付", "No cash paid"), sources=("mi_settlement.psn_cash_pay",)),
        Signal(
            "SAME_CONTACT", T("同一介绍人或电话", "One referrer or phone"),
            sources=(
                "mi_inpatient.referrer", "mi_inpatient.tel", "mi_settlement.referrer",
                "mi_settlement.tel",
            ),
        ),
        Signal(
            "ELDERLY_RATE", T("老年住院率畸高", "Rate of elderly admissions"),
            sources=("mi_institution.hosp_lv",),
        ),
        Signal("COMPLAINT", T("投诉命中", "Complaint"), sources=("mi_complaint",)),
    ),
    exclusions=(
        Exclusion("REVERSED", T("已冲销", "Reversed")),
        Exclusion(
            "INFECTIOUS_SAME_CATEGORY", T("同类传染病", "One infectious disease"),
            sources=("mi_code_list",),
        ),
        Exclusion(
            "ACCIDENT_POISONING", T("意外伤害或中毒", "Accident or poisoning"), sources=DIAGNOSES
        ),
        Exclusion(
            "REGISTERED_PROGRAMME", T("登记项目", "Registered programme"),
            sources=("mi_programme",),
        ),
        Exclusion(
            "DAY_CASE_SERIES", T("肿瘤或透析日间治疗", "Day cases of oncology or dialysis"),
            sources=DIAGNOSES,
        ),
        Exclusion(
            "ATTACHED_NURSING_HOME", T("附属养老机构人员", "Residents of an attached home"),
            sources=("mi_resident",),
        ),
        Exclusion(
            "HOLIDAY_BACKLOG", T("乡镇唯一医院节后积压", "Backlog after a holiday, only hospital"),
            sources=("mi_institution.only_in_town",),
        ),
    ),
    basis=("reg735-15", "reg735-40"),
    owner="医保局",
    scored=True,
    next_review=date(2024, 6, 30),
    grade=severity_always(HIGH),
    after=after,
    holds=still_induced,
    tags=("诱导住院", "拉拢住院"),
)  # fmt: skip
def _find(r: Relations, p: Params) -> ir.Table:
    t = described(r, crowded(r, p), p)
    t = with_elderly_rate(r, t, p)
    return with_excuses(r, t)


induced_stay: Detector = _find

__all__ = ["induced_stay"]
