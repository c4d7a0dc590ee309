"""One set of therapies for a whole ward."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir

from clew.declare import MEDIUM, Condition, Params, Relations, T, rule, severity_always
from clew.packs.medical_insurance.derived.charges import with_money
from clew.packs.medical_insurance.derived.terms import stage
from clew.packs.medical_insurance.detectors.rehabilitation.lines import (
    REQUIRED,
    REVERSED,
    SHOWN,
    sessions,
)
from clew.packs.medical_insurance.detectors.ward_sets import (
    WARD_MONTH,
    choose_sets,
    still_a_set,
    ward_charges,
)


def _choose(rows: list[dict[str, Any]], p: Params) -> list[dict[str, Any]]:
    return choose_sets(rows, p, (REVERSED.code,))


@rule(
    code="h",
    title=T("套餐式康复", "One set of therapies for a whole ward"),
    per="institution",
    subject="organisation",
    fact_key=WARD_MONTH,
    base=T("病区当月入院的常见康复项目", "Common therapies of a ward's admissions of a month"),
    required=(*REQUIRED, "mi_inpatient"),
    conditions=(
        Condition(
            "SAME_SET", T("几乎人人同一组治疗", "Nearly every admission bears the same therapies")
        ),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
    after=_choose,
    holds=still_a_set,
)
def ward_therapies(r: Relations, p: Params) -> ir.Table:
    t = sessions(r)
    t = ward_charges(r, p, stage(t.filter(t.inpatient), "ward_therapies"))
    t = with_money(r, t, "set_therapies", once=WARD_MONTH)
    return t.select(
        *SHOWN, *WARD_MONTH, "visit", "code", "admissions", if_SAME_SET=t.qty > 0,
        not_REVERSED=t.reversed,
    )
