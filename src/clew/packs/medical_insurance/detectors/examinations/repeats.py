"""Pictures taken again: at the same institution, or at one that should have recognised them."""

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
    days_between,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.charges import UNIT, summed, with_money
from clew.packs.medical_insurance.derived.diagnoses import with_main_code
from clew.packs.medical_insurance.derived.terms import category, inside, stage
from clew.packs.medical_insurance.detectors.examinations.excuses import EXCUSES, mark_excuses
from clew.packs.medical_insurance.detectors.examinations.lines import (
    REQUIRED,
    REVERSED,
    VISIT_ITEM,
    exam_lines,
)
from clew.packs.medical_insurance.detectors.institutions import mark_merged

LARGE = ("CT", "MR")
PAIR = ("row_id_a", "row_id_b")
SHOWN = (
    "subject", *VISIT_ITEM, "row_id", "with_lines", "with_earlier", "fund", "account",
    "confirm_identity", "day", "earlier_day", "not_REVERSED", *(f"not_{e.code}" for e in EXCUSES),
)  # fmt: skip


def _examinations(r: Relations, name: str) -> ir.Table:
    """One row a settlement, item, day and site; `qty` pictures."""
    t = exam_lines(r, "modality", "region", "recog_days", "enhanced")
    t = t.filter(t.person.notnull())
    t = summed(
        t, "code", "day", "modality", "region", "recog_days", "enhanced", "body_site", "med_type",
        "emer_flag", "dise_codg", begin=t.begin.min(),
    )  # fmt: skip
    return stage(t.filter(t.row_id.notnull(), t.qty > 0), name)


@rule(
    code="a",
    title=T("短期重复 CT、MR 检查", "CT or MR repeated within days"),
    per="person",
    subject="organisation",
    fact_key=VISIT_ITEM,
    base=T("同一机构同一部位的两次 CT 或 MR", "Two CT or MR of one region at one institution"),
    required=REQUIRED,
    conditions=(
        Condition(
            "METHOD", T("同日须为同一方法两次", "On one date only one method twice counts")
        ),
        Condition(
            "SAME_DIAGNOSIS", T("主要诊断类目未变", "The main diagnosis is of one category")
        ),
    ),
    exclusions=(REVERSED, *EXCUSES),
    grade=severity_always(MEDIUM),
)
def repeated(r: Relations, p: Params) -> ir.Table:
    t = _examinations(r, "large_examinations")
    t = t.filter(t.modality.isin(LARGE), t.region.notnull())
    t = with_main_code(r, t, "diagnosed_examinations")
    t = stage(t.mutate(category=category(t.main_code)), "categorised_examinations")
    a, b = t.rename("{name}_a"), t.rename("{name}_b")
    j = a.join(
        b,
        [
            a.person_a == b.person_b,
            a.subject_a == b.subject_b,
            a.region_a == b.region_b,
            a.begin_a <= b.begin_b,
        ],
    )
    twice_in_one = (j.row_id_a == j.row_id_b) & (j.qty_b >= 2 * UNIT)
    j = j.filter(
        days_between(j.day_b, j.day_a) <= p.repeat_days,
        (j.begin_a < j.begin_b) | (j.row_id_a < j.row_id_b) | twice_in_one,
    )
    same_visit = j.visit_a == j.visit_b
    j = j.mutate(
        if_METHOD=(j.day_a < j.day_b) | (j.modality_a == j.modality_b),
        if_SAME_DIAGNOSIS=ibis.ifelse(same_visit, True, j.category_a == j.category_b),
    )
    return _told(r, p, j, "repeated", "if_METHOD", "if_SAME_DIAGNOSIS")


@rule(
    code="g",
    title=T("互认期内在他院重复检查", "Repeated elsewhere while results are recognised"),
    per="person",
    subject="organisation",
    fact_key=VISIT_ITEM,
    base=T("互认期内另一机构的同一检查", "The same examination elsewhere within the days"),
    required=REQUIRED,
    conditions=(
        Condition("ANOTHER_INSTITUTION", T("不是同一家机构", "Not two codes of one institution")),
    ),
    exclusions=(REVERSED, *EXCUSES),
    grade=severity_always(MEDIUM),
)
def not_recognised(r: Relations, p: Params) -> ir.Table:
    t = _examinations(r, "examinations")
    a, b = t.filter(t.recog_days.notnull()).rename("{name}_a"), t.rename("{name}_b")
    j = a.join(b, [a.person_a == b.person_b, a.subject_a != b.subject_b])
    same: Any = (j.modality_a == j.modality_b) & (j.region_a == j.region_b)
    tie = (j.begin_a == j.begin_b) & (j.row_id_a < j.row_id_b)
    j = j.filter(
        (j.code_a == j.code_b) | same.fill_null(False),
        inside(days_between(j.day_b, j.day_a), 0, j.recog_days_a),
        (j.begin_a < j.begin_b) | tie,
    )
    j = mark_merged(r, j, "merged", PAIR, "subject_a", "subject_b")
    j = j.mutate(if_ANOTHER_INSTITUTION=~j.merged).drop("merged")
    return _told(r, p, j, "not_recognised", "if_ANOTHER_INSTITUTION")


def _told(r: Relations, p: Params, j: ir.Table, name: str, *conditions: str) -> ir.Table:
    """One row a later examination, beside the earlier one that accuses most."""
    j = mark_excuses(r, p, stage(j, name), PAIR)
    failed: Any = ibis.literal(False)
    for condition in conditions:
        failed = failed | ~j[condition].fill_null(True)
    excused: Any = ibis.literal(False)
    for excuse in EXCUSES:
        excused = excused | j[f"not_{excuse.code}"].fill_null(False)
    window = ibis.window(
        group_by="row_id_b",
        order_by=[failed, j.reversed_a, excused, ibis.desc(j.day_a), j.row_id_a],
    )
    j = j.mutate(place=ibis.row_number().over(window)).filter(lambda x: x.place == 0)
    twice_in_one = j.row_id_a == j.row_id_b
    j = j.mutate(
        **{
            column: j[f"{column}_b"]
            for column in (
                "subject", "person", "visit", "code", "row_id", "with_lines", "setl_id", "scope",
                "amount", "fund_whole", "account_whole", "day",
            )
        },
        over=ibis.ifelse(twice_in_one, j.qty_b - UNIT, j.qty_b),
        of=j.qty_b,
        with_earlier=j.with_lines_a,
        earlier_day=j.day_a,
        confirm_identity=j.confirm_identity_a | j.confirm_identity_b,
        # What was taken back is no earlier picture either.
        not_REVERSED=j.reversed_a | j.reversed_b,
    )  # fmt: skip
    return with_money(r, j, f"{name}_money").select(*SHOWN, *conditions)
