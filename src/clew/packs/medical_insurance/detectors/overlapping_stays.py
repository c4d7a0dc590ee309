"""One person in two hospitals at the same time.

Looks for two inpatient stays of one person at different institutions that share more than the
allowed number of nights, counted from the later admission to the earlier discharge.

Why it matters: nobody sleeps in two beds. Either one stay was not real, or a discharge was entered
too late and days without a patient were charged.

Known gaps: stays of which neither discharge nor fee lines are held have no end and are not tested;
a transfer that was booked a day late looks like an overlap of one night and is allowed by default.

To verify by hand: put both charts side by side, read the nursing records and the fee lines of the
shared nights, and ask which of the two wards saw the patient.
"""

from __future__ import annotations

from datetime import date

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
    apportion,
    days_between,
    detector,
    overlapping,
    severity_always,
)
from clew.packs.medical_insurance.derived.fee_lines import weighted_lines
from clew.packs.medical_insurance.derived.terms import T2, exact_sum, inside, stage
from clew.packs.medical_insurance.detectors.institutions import mark_merged

PAIR = ("mdtrt_id_a", "mdtrt_id_b")


@detector(
    id="MI-05",
    title=T("重叠住院", "Overlapping stays"),
    version=1,
    per="person",
    subject="person",
    fact_key=("stay_1", "stay_2"),
    base=T("同一人时间相接或重叠的两次住院", "Two stays of one person that touch or overlap"),
    required=("mi_settlement",),
    optional=(
        "mi_inpatient", "mi_fee", "mi_diagnosis", "mi_dept", "mi_institution", "mi_person",
        "reversals", "numbered_persons", "net_settlements", "stays",
    ),
    params=(
        Param("nights", 1, "night", T("允许重叠夜数", "Nights of overlap allowed"), 0, 30),
        Param("newborn_days", 28, "day", T("新生儿天数", "Days a newborn counts as one"), 0, 365),
    ),
    conditions=(
        Condition("OTHER_INSTITUTION", T("两家不同机构", "Different institutions")),
        Condition(
            "OVERLAP",
            T("重叠夜数超过允许值, 或同日转院", "More nights than allowed, or a same-day transfer"),
        ),
    ),
    exclusions=(
        Exclusion("REVERSED", T("已冲销", "Reversed")),
        Exclusion("SAME_DAY_TRANSFER", T("同日转院", "Transferred the same day")),
        Exclusion("LATE_DISCHARGE_ENTRY", T("出院登记滞后", "Discharge entered late")),
        Exclusion(
            "NEWBORN", T("新生儿用母亲账号", "Newborn under the mother's number"),
            sources=(
                "mi_inpatient.newborn_flag", "mi_inpatient.infant_days", "mi_settlement.brdy",
            ),
        ),
        Exclusion(
            "HOME_BED", T("家庭病床", "Home bed"), sources=("mi_inpatient.home_bed_flag",)
        ),
        Exclusion(
            "MERGED_INSTITUTION", T("合并机构或同一总院", "Merged or one hospital's campuses"),
            sources=("mi_institution",),
        ),
    ),
    basis=("reg735-15", "reg735-38"),
    owner="医保局",
    next_review=date(2024, 6, 30),
    tags=("重叠住院", "重复住院"),
    grade=severity_always(MEDIUM),
)
def _find(r: Relations, p: Params) -> ir.Table:
    t = overlapping(
        r["stays"], by="person", start="adm_date", end="end_date", order=("mdtrt_id",)
    )
    h = r["holders"].select("born", holder="person")
    t = t.left_join(h, t.person_a == h.holder)
    shared = days_between(ibis.least(t.end_date_a, t.end_date_b), t.adm_date_b)
    real = days_between(ibis.least(t.true_end_a, t.true_end_b), t.adm_date_b)
    transfer = t.end_date_a == t.adm_date_b
    t = t.mutate(
        shared=shared,
        confirm_identity=(t.tier_a == T2) | (t.tier_b == T2),
        if_OTHER_INSTITUTION=t.fixmedins_code_a != t.fixmedins_code_b,
        if_OVERLAP=(shared > p.nights) | transfer,
        not_REVERSED=t.reversed_a | t.reversed_b,
        not_SAME_DAY_TRANSFER=transfer,
        not_LATE_DISCHARGE_ENTRY=~transfer & (real <= p.nights),
        not_NEWBORN=_newborn(p, t),
        not_HOME_BED=t.home_bed_flag_a | t.home_bed_flag_b,
    )
    t = mark_merged(
        r, t, "not_MERGED_INSTITUTION", PAIR, "fixmedins_code_a", "fixmedins_code_b"
    )
    return _priced(r, t)


overlapping_stays: Detector = _find


def _newborn(p: Params, t: ir.Table) -> ir.BooleanValue:
    """A newborn on either side, or an infant on one and childbirth on the other; its age by the
    register of stays, the bill, or the document number where it has one of its own.
    """

    def newborn(side: str, other: str) -> ir.BooleanValue:
        admitted = t[f"adm_date_{side}"]
        infant = any_true(
            t[f"infant_days_{side}"] <= p.newborn_days,
            inside(days_between(admitted, t[f"birth_date_{side}"]), 0, p.newborn_days),
            inside(days_between(admitted, t.born), 0, p.newborn_days),
        )
        return any_true(t[f"newborn_flag_{side}"], infant & t[f"obstetric_{other}"])

    either: ir.BooleanValue = newborn("a", "b") | newborn("b", "a")
    return either


def _priced(r: Relations, t: ir.Table) -> ir.Table:
    """Adds to each pair what the shared nights cost on either side; the smaller is at stake."""
    for side in ("a", "b"):
        t = _side(r, t, side)
    lesser = (t.fund_part_a + t.account_part_a) <= (t.fund_part_b + t.account_part_b)
    ordered = t.mdtrt_id_a < t.mdtrt_id_b
    verdicts = [c for c in t.columns if c.startswith(("if_", "not_"))]
    return t.select(
        *verdicts,
        subject="person_a",
        stay_1=ibis.ifelse(ordered, t.mdtrt_id_a, t.mdtrt_id_b),
        stay_2=ibis.ifelse(ordered, t.mdtrt_id_b, t.mdtrt_id_a),
        row_id=ibis.ifelse(lesser, t.row_id_a, t.row_id_b),
        with_earlier="stay_rows_a",
        with_later="stay_rows_b",
        earlier_institution="fixmedins_code_a",
        earlier_admitted="adm_date_a",
        earlier_discharged="end_date_a",
        earlier_part=t.fund_part_a + t.account_part_a,
        later_institution="fixmedins_code_b",
        later_admitted="adm_date_b",
        later_discharged="end_date_b",
        later_part=t.fund_part_b + t.account_part_b,
        nights="shared",
        confirm_identity="confirm_identity",
        fund=ibis.ifelse(lesser, t.fund_part_a, t.fund_part_b),
        account=ibis.ifelse(lesser, t.account_part_a, t.account_part_b),
    )


def _side(r: Relations, t: ir.Table, side: str) -> ir.Table:
    """Adds `fund_part_<side>`, `account_part_<side>` in fen.

    Settlements whose fee lines are held give the part of the lines dated from the later admission
    to the day before the earlier discharge; the others their share of the nights.
    """
    stay = f"mdtrt_id_{side}"
    t = stage(t, f"pairs_{side}")
    until = ibis.least(t.end_date_a, t.end_date_b)
    spans = t.select(*PAIR, stay_of=t[stay], since=t.adm_date_b, until=until)
    s = r["net_settlements"].select("setl_id", "mdtrt_id", "fund", "account")
    s = s.join(spans, s.mdtrt_id == spans.stay_of)
    lines = weighted_lines(r, s)
    lines = lines.select("setl_id", "fee_date", "weight", "whole")
    detail = s.join(lines, "setl_id")
    shared = (detail.fee_date >= detail.since) & (detail.fee_date < detail.until)
    bills = detail.group_by(*PAIR, "setl_id").aggregate(
        fund_bill=detail.fund.max(),
        account_bill=detail.account.max(),
        part=exact_sum(ibis.ifelse(shared, detail.weight, 0)),
        whole=detail.whole.max(),
    )
    bills = bills.mutate(
        fund_lines=apportion(bills.fund_bill, bills.part, bills.whole),
        account_lines=apportion(bills.account_bill, bills.part, bills.whole),
    )
    known = bills.group_by(*PAIR).aggregate(
        **{n: exact_sum(bills[n]) for n in bills.columns if n.endswith(("_bill", "_lines"))}
    )
    t = t.left_join(known, list(PAIR), rname="{name}_known")
    parts = {}
    for name in ("fund", "account"):
        rest = t[f"{name}_{side}"] - t[f"{name}_bill"].fill_null(0)
        by_night = apportion(rest, t.shared, t[f"nights_{side}"])
        parts[f"{name}_part_{side}"] = t[f"{name}_lines"].fill_null(0) + by_night
    kept = [c for c in t.columns if not c.endswith(("_known", "_bill", "_lines"))]
    return t.mutate(**parts).select(*kept, *parts)
