"""Treated elsewhere while lying in hospital.

Looks for an outpatient or pharmacy service of an inpatient at another institution, begun strictly
after the day of admission and strictly before the day of discharge.

Why it matters: either the bed was empty and charged all the same, or somebody else used the card,
or the hospital sent its patient out for what its own fee already covers.

Known gaps: leave that the ward never booked cannot excuse; a stay whose end is unknown is not
looked at; what was paid in cash elsewhere is not in these files.

To verify by hand: ask the ward for its leave book and the nursing record of that day, the other
institution for voucher, picture and prescription; see who collected the medicine.
"""

from __future__ import annotations

from datetime import date
from typing import Any

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
    add_days,
    detector,
    severity_always,
    within,
)
from clew.packs.medical_insurance.derived.terms import T1, T2
from clew.packs.medical_insurance.detectors.institutions import mark_merged
from clew.packs.medical_insurance.detectors.mutual_aid import mark_mutual_aid
from clew.packs.medical_insurance.detectors.stay_excuses import mark_excuses

KEY = ("row_id", "person", "mdtrt_id_span")
FACT = ("row_id", "person")


@detector(
    id="MI-27",
    title=T("住院期间院外就诊", "Service elsewhere during a stay"),
    version=1,
    per="person",
    subject="person",
    fact_key=("visit",),
    base=T(
        "住院人(或其账户)在入院日至出院日之间的门诊或药店结算",
        "Outpatient or pharmacy settlements of an inpatient, or of the inpatient's account, from "
        "admission to discharge",
    ),
    required=("mi_settlement",),
    optional=(
        "mi_inpatient", "mi_fee", "mi_leave", "mi_programme", "mi_filing", "mi_binding",
        "mi_diagnosis", "mi_dept", "mi_institution", "mi_person", "reversals",
        "numbered_persons", "net_settlements", "stays",
    ),
    params=(
        Param("edge_days", 1, "day", T("首末日排除天数", "Days left out at either end"), 0, 30),
    ),
    conditions=(
        Condition("INSIDE", T("严格在入院日之后、出院日之前", "Strictly inside the stay")),
        Condition("OTHER_INSTITUTION", T("另一家机构", "At another institution")),
    ),
    exclusions=(
        Exclusion("REVERSED", T("已冲销", "Reversed")),
        Exclusion("APPROVED_LEAVE", T("经批准请假", "Approved leave"), sources=("mi_leave",)),
        Exclusion(
            "CONTRACTED_EXAM", T("委托检查", "Contracted examination"), sources=("mi_programme",)
        ),
        Exclusion(
            "RELATIVE_PICKUP", T("登记的代配药", "Registered collection by a relative"),
            sources=("mi_filing",),
        ),
        Exclusion(
            "POSTED_LONG_RX", T("长处方邮寄", "Posted medicine of a long prescription"),
            sources=("mi_filing",),
        ),
        Exclusion(
            "NEWBORN", T("新生儿用母亲账号", "Newborn under the mother's number"),
            sources=(
                "mi_inpatient.newborn_flag", "mi_inpatient.infant_days", "mi_settlement.brdy",
            ),
        ),
        Exclusion("MUTUAL_AID", T("家庭共济支付", "Family mutual aid")),
        Exclusion(
            "HOME_BED", T("家庭病床", "Home bed"), sources=("mi_inpatient.home_bed_flag",)
        ),
        Exclusion("ENDED_BEFORE", T("实际已出院", "The stay had really ended")),
    ),
    basis=("reg735-15", "reg735-38"),
    owner="医保局",
    next_review=date(2024, 6, 30),
    tags=("住院期间院外就诊",),
    grade=severity_always(MEDIUM),
)
def _find(r: Relations, p: Params) -> ir.Table:
    t = within(
        _services(r), r["stays"], by="person", at="service_date", start="adm_date", end="end_date"
    )
    t = mark_mutual_aid(r, t, KEY)
    t = mark_merged(r, t, "one_institution", KEY, "institution", "fixmedins_code_span")
    t = t.mutate(
        if_INSIDE=(t.service_date >= add_days(t.adm_date_span, p.edge_days))
        & (t.service_date <= add_days(t.end_date_span, -p.edge_days)),
        # An institution that is not named cannot be said to be another one.
        if_OTHER_INSTITUTION=(t.institution != t.fixmedins_code_span).fill_null(False)
        & ~t.one_institution,
        not_REVERSED=t.reversed | t.reversed_span,
    )
    return _one_a_service(mark_excuses(r, t, KEY))


elsewhere_during_stay: Detector = _find


def _services(r: Relations) -> ir.Table:
    """Settlements outside the wards, by patient and again by the account's owner if another."""
    s = r["net_settlements"]
    s = s.filter(~s.inpatient)
    columns = {
        "row_id": s.row_id,
        "visit": s.mdtrt_id,
        "institution": s.fixmedins_code,
        "med_type": s.med_type,
        "service_date": s.service_date,
        "begntime": s.begntime,
        "begntime_precision": s.begntime_precision,
        "verify_mode": s.verify_mode,
        "dise_codg": s.dise_codg,
        "brdy": s.brdy,
        "owner": s.owner,
        "mutual_aid": s.mutual_aid,
        "fund_whole": s.fund,
        "account_whole": s.account,
        "reversed": s.reversed,
    }
    patient = s.select(
        person=s.person, service_tier=s.tier, by_owner=ibis.literal(False), **columns
    )
    other = s.owner.notnull() & (s.person.isnull() | (s.person != s.owner))
    owner = s.select(
        person=s.owner, service_tier=ibis.literal(T1), by_owner=ibis.literal(True), other=other,
        **columns,
    )
    owner = owner.filter(owner.other).drop("other")
    return patient.filter(patient.person.notnull()).union(owner)


def _one_a_service(t: ir.Table) -> ir.Table:
    """One row per service and person, whatever the number of stays around it.

    Stays that meet the conditions and excuse nothing go before those that excuse, these before
    those that fail; only the foremost are named.
    """
    conditions = [c for c in t.columns if c.startswith("if_")]
    excuses = [c for c in t.columns if c.startswith("not_")]
    met: Any = ibis.literal(True)
    for column in conditions:
        met = met & t[column].fill_null(True)
    excused: Any = ibis.literal(False)
    for column in excuses:
        excused = excused | t[column].fill_null(False)
    t = t.mutate(rank=ibis.cases((~met, 0), (excused, 1), else_=2))
    t = t.mutate(foremost=t["rank"].max().over(ibis.window(group_by=list(FACT))))
    t = t.filter(t["rank"] == t.foremost)
    flags = {c: _any_known(t[c]) for c in (*conditions, *excuses)}
    grouped = t.group_by(
        *FACT, "visit", "institution", "med_type", "service_date", "verify_mode", "fund_whole",
        "account_whole",
    ).aggregate(
        admitted=t.adm_date_span.min(),
        discharged=t.end_date_span.max(),
        stays=t.mdtrt_id_span.collect(),
        wards=t.fixmedins_code_span.collect(distinct=True),
        with_stay=t.stay_rows_span.collect().flatten(),
        confirm_identity=((t.service_tier == T2) | (t.tier_span == T2)).any(),
        **flags,
    )
    return grouped.rename(subject="person", fund="fund_whole", account="account_whole")


def _any_known(flag: Any) -> ir.BooleanValue:
    """True if any is true; null if none is and one is unknown."""
    unknown = ibis.ifelse(flag.isnull().any(), ibis.null("boolean"), False)
    answer: ir.BooleanValue = ibis.ifelse(flag.fill_null(False).any(), True, unknown)
    return answer
