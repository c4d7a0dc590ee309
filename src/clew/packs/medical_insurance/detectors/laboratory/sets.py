"""One set of tests for a whole ward."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir

from clew.declare import (
    MEDIUM,
    Condition,
    Exclusion,
    Params,
    Relations,
    T,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.charges import with_money
from clew.packs.medical_insurance.derived.diagnoses import mark_listed
from clew.packs.medical_insurance.derived.terms import stage
from clew.packs.medical_insurance.detectors.laboratory.lines import (
    REQUIRED,
    RESEARCH_FUNDED,
    REVERSED,
    SHOWN,
    VERDICTS,
    judged,
    lab_lines,
)
from clew.packs.medical_insurance.detectors.ward_sets import (
    WARD_MONTH,
    choose_sets,
    still_a_set,
    ward_charges,
)

FIRST_DAYS = 2
EXCLUSIONS = (
    REVERSED,
    Exclusion("PREOP_SET", T("术前检查目录", "On the list before operations"),
              sources=("mi_code_list",)),
    Exclusion("INFECTION_SCREEN", T("感染筛查目录", "On the list of infection screening"),
              sources=("mi_code_list",)),
    RESEARCH_FUNDED,
)  # fmt: skip


def _choose(rows: list[dict[str, Any]], p: Params) -> list[dict[str, Any]]:
    return choose_sets(rows, p, tuple(e.code for e in EXCLUSIONS))


@rule(
    code="a",
    title=T("套餐式检验", "One set of tests for a whole ward"),
    per="institution",
    subject="organisation",
    fact_key=WARD_MONTH,
    base=T("病区当月入院头两日的常见检验", "Common tests of the first two days, by ward and month"),
    required=(*REQUIRED, "mi_inpatient"),
    conditions=(
        Condition(
            "SAME_SET", T("几乎人人同一组检验", "Nearly every admission bears the same tests")
        ),
    ),
    exclusions=EXCLUSIONS,
    grade=severity_always(MEDIUM),
    after=_choose,
    holds=still_a_set,
)
def ward_set(r: Relations, p: Params) -> ir.Table:
    t = lab_lines(r)
    t = stage(t.filter(t.inpatient), "ward_tests")
    t = mark_listed(r, t, "preop", "preop_set")
    t = mark_listed(r, stage(t, "preop_tests"), "screening", "infection_screen")
    t = ward_charges(r, p, t, "preop", "screening", "research", first_days=FIRST_DAYS)
    excuses = ("preop", "screening", "research", "reversed")
    t = judged(with_money(r, t, "set_tests", once=(*WARD_MONTH, *excuses)))
    return t.select(
        *SHOWN, *WARD_MONTH, "code", "admissions", *VERDICTS,
        not_PREOP_SET=t.preop, not_INFECTION_SCREEN=t.screening, if_SAME_SET=t.qty > 0,
    )  # fmt: skip
