"""A health check billed as a stay in hospital.

Looks for short stays for a mild illness whose bill is nearly all examinations and laboratory, with
hardly any treatment or drug and no operation.

Why it matters: examinations outside the ward are paid by the patient or by a lower share; a stay
makes the fund pay for a check-up nobody was ill for.

Known gaps: a drug added for show lifts the share of treatment; what counts as mild is the local
list; a main diagnosis chosen heavier than the illness hides the stay.

To verify by hand: read the admission note for what the patient complained of, see whether the same
set of examinations was done to others of the same days, ask who proposed the stay.
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
    int_div,
    months_between,
    ratio,
    severity_always,
)
from clew.packs.medical_insurance.derived.diagnoses import mark_listed, with_main_code
from clew.packs.medical_insurance.derived.fee_lines import given_back
from clew.packs.medical_insurance.derived.terms import T2, exact_sum, inside, mark, stage
from clew.packs.medical_insurance.derived.ward_lines import fee_lines, ward_lines, with_kind

EXAMS = ("exam", "lab")
TREATMENT = ("treat", "rehab", "drug")
OPERATION = "operation"
TRANSFERRED = "2"
KEY = ("mdtrt_id",)


@detector(
    id="MI-07",
    title=T("体检式住院", "A check-up billed as a stay"),
    version=1,
    per="person",
    subject="organisation",
    fact_key=("person", "mdtrt_id"),
    base=T("不超过规定天数且有费用明细的住院", "Short stays with fee lines"),
    required=("mi_settlement", "mi_fee", "mi_catalogue", "mi_code_list"),
    optional=(
        "mi_inpatient", "mi_operation", "mi_diagnosis", "mi_dept", "mi_person", "reversals",
        "numbered_persons", "net_settlements", "itemised", "stays",
    ),
    params=(
        Param("max_days", 3, "day", T("最长住院日", "Longest stay"), 0, 30),
        Param(
            "exam_share", Decimal("0.7"), "share of the total",
            T("检查检验占比", "Share of examinations and laboratory"), 0, 1,
        ),
        Param(
            "treat_share", Decimal("0.1"), "share of the total",
            T("治疗和药品占比", "Share of treatment and drugs"), 0, 1,
        ),
        Param("after_days", 30, "day", T("出院后天数", "Days after discharge"), 0, 365),
        Param("min_age", 3, "year", T("最小年龄", "Youngest age"), 0, 120),
    ),
    conditions=(
        Condition("EXAM_SHARE", T("检查检验占比高", "Mostly examinations and laboratory")),
        Condition("TREAT_SHARE", T("治疗和药品占比低", "Hardly any treatment or drug")),
        Condition("NO_OPERATION", T("无手术", "No operation")),
        Condition("MILD", T("轻症", "A mild illness")),
    ),
    exclusions=(
        Exclusion("REVERSED", T("已冲销", "Reversed")),
        Exclusion(
            "SERIOUS_DISEASE_RULED_OUT",
            T("排查重症, 其后转院或手术", "Serious disease was looked for"),
            sources=("mi_inpatient.dscg_way", "mi_operation"),
        ),
        Exclusion("UNDER_THREE", T("低于最小年龄", "Below the youngest age")),
    ),
    basis=("reg735-15", "reg735-38"),
    owner="医保局",
    next_review=date(2024, 6, 30),
    grade=severity_always(MEDIUM),
    tags=("低标准住院", "体检式住院"),
)  # fmt: skip
def _find(r: Relations, p: Params) -> ir.Table:
    short = stage(_short(r, p), "short_stays")
    t = _shares(r, p, short)
    t = _mild(r, t)
    t = _without_operation(r, t)
    t = _ruled_out(r, p, t)
    t = _young(r, p, t)
    return t.select(
        "subject", "person", "mdtrt_id", "row_id", "fund", "account", "with_stay", "with_lines",
        "adm_date", "dscg_date", "main_code", "exam_share", "treat_share", "if_EXAM_SHARE",
        "if_TREAT_SHARE", "if_NO_OPERATION", "if_MILD", "not_SERIOUS_DISEASE_RULED_OUT",
        "not_UNDER_THREE", "confirm_identity",
        not_REVERSED="reversed",
    )  # fmt: skip


checkup_stay: Detector = _find


def _short(r: Relations, p: Params) -> ir.Table:
    s = r["stays"]
    days = days_between(s.dscg_date, s.adm_date)
    s = s.filter(days <= p.max_days, s.fixmedins_code.notnull())
    return s.select(
        "row_id", "person", "mdtrt_id", "adm_date", "dscg_date", "dscg_way", "newborn_flag",
        "infant_days", "birth_date", "reversed", "fund", "account",
        subject="fixmedins_code",
        with_stay="stay_rows",
        confirm_identity=s.tier == T2,
    )


def _shares(r: Relations, p: Params, short: ir.Table) -> ir.Table:
    """Stays with lines, by what they were charged for."""
    f = ward_lines(r, short)

    def sum_of(*kinds: str) -> ir.IntegerValue:
        return exact_sum(ibis.ifelse(f.kind.isin(kinds).fill_null(False), f.amount, 0))

    sums = f.group_by(billed="mdtrt_id").aggregate(
        total=exact_sum(f.amount),
        exams=sum_of(*EXAMS),
        treatment=sum_of(*TREATMENT),
        charged_operation=(f.kind == OPERATION).fill_null(False).any(),
        with_lines=f.line_ids.collect().flatten(),
    )
    t = short.join(sums, short.mdtrt_id == sums.billed)
    t = t.filter(t.total > 0).mutate(
        exam_share=ratio(t.exams, t.total), treat_share=ratio(t.treatment, t.total)
    )
    return t.mutate(
        if_EXAM_SHARE=t.exam_share >= float(p.exam_share),
        if_TREAT_SHARE=t.treat_share <= float(p.treat_share),
    ).drop("billed", "total", "exams", "treatment")


def _mild(r: Relations, t: ir.Table) -> ir.Table:
    """Adds `main_code` and `if_MILD`, unknown without a main diagnosis."""
    s = r["net_settlements"]
    coded = s.group_by(coded="mdtrt_id").aggregate(dise_codg=s.dise_codg.nullif("").min())
    t = t.left_join(coded, t.mdtrt_id == coded.coded).drop("coded")
    t = with_main_code(r, t.mutate(visit=t.mdtrt_id), "coded_stays")
    t = mark_listed(
        r, t.mutate(code=t.main_code.fill_null(""), day=t.adm_date), "on_mild_list", "mild"
    )
    known = ibis.ifelse(t.code == "", ibis.null("boolean"), t.on_mild_list)
    return t.mutate(if_MILD=known).drop("code", "day", "on_mild_list", "dise_codg", "visit")


def _without_operation(r: Relations, t: ir.Table) -> ir.Table:
    o = r["mi_operation"].select(operated="mdtrt_id").distinct()
    t = t.left_join(o, t.mdtrt_id == o.operated)
    seen = t.charged_operation | t.operated.notnull()
    unseen = ibis.literal(True) if r.held("mi_operation") else ibis.null("boolean")
    return t.mutate(if_NO_OPERATION=ibis.ifelse(seen, False, unseen)).drop(
        "operated", "charged_operation"
    )


def _ruled_out(r: Relations, p: Params, t: ir.Table) -> ir.Table:
    """Adds `not_SERIOUS_DISEASE_RULED_OUT`: sent on and admitted elsewhere, or operated on."""
    t = stage(t, "checkups")
    s = r["stays"].filter(lambda x: ~x.reversed).select(
        other="mdtrt_id", patient="person", admitted="adm_date", elsewhere="fixmedins_code"
    )
    t = mark(
        t, "admitted_after", KEY, s,
        lambda a, b: [
            a.person == b.patient, a.subject != b.elsewhere,
            inside(days_between(b.admitted, a.dscg_date), 0, p.after_days),
        ],
    )  # fmt: skip
    t = mark(
        t, "operated_after", KEY, _operations(r, t),
        lambda a, b: [
            a.person == b.patient, a.mdtrt_id != b.operated,
            inside(days_between(b.operated_on, a.dscg_date), 0, p.after_days),
        ],
    )  # fmt: skip
    sent = t.admitted_after & (t.dscg_way == TRANSFERRED)
    return t.mutate(not_SERIOUS_DISEASE_RULED_OUT=any_true(sent, t.operated_after)).drop(
        "admitted_after", "operated_after"
    )


def _operations(r: Relations, t: ir.Table) -> ir.Table:
    """Operations of those patients, recorded or charged."""
    s = r["net_settlements"]
    s = s.semi_join(t.select("person").distinct(), "person").filter(~s.reversed)
    o = r["mi_operation"]
    o = o.filter(o.oprn_date <= r.today)
    visits = s.select("mdtrt_id", patient="person").distinct()
    recorded = o.join(visits, "mdtrt_id").select(
        "patient", operated="mdtrt_id", operated_on="oprn_date"
    )
    bills = s.select("setl_id", "mdtrt_id", patient="person")
    f = fee_lines(r)
    f = with_kind(r, f.join(bills, f.bill == bills.setl_id))
    f = f.filter(f.own, f.kind == OPERATION)
    g = given_back(r)
    f = f.anti_join(g, [f.bill == g.bill, f.med_list_codg == g.item, f.day == g.fee_date])
    return recorded.union(
        f.select("patient", operated="mdtrt_id", operated_on="day")
    )


def _young(r: Relations, p: Params, t: ir.Table) -> ir.Table:
    """Adds `not_UNDER_THREE`, by the document number, the bill or the register of stays: the card
    of a mother may be shown for her infant.
    """
    h = r["holders"].select("born", holder="person")
    t = t.left_join(h, t.person == h.holder)
    infant = (t.newborn_flag | t.infant_days.notnull()).fill_null(False)
    young = any_true(
        _age(t.adm_date, t.born) < p.min_age,
        _age(t.adm_date, t.birth_date) < p.min_age,
        ibis.ifelse(infant, True, ibis.null("boolean")),
    )
    return t.mutate(not_UNDER_THREE=young)


def _age(day: ir.DateValue, born: ir.DateValue) -> ir.IntegerValue:
    """Completed years."""
    months = months_between(day, born)
    return int_div(ibis.ifelse(day.day() < born.day(), months - 1, months), 12)
