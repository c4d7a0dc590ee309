"""Bills that somebody else owes, or that were paid already.

Looks for visits with an injury as the main diagnosis within days of a traffic accident or of an
injury recognised as one at work, paid by the fund all the same; and for one invoice paid twice.

Why it matters: whoever caused the accident, the insurance for work injuries, or the office that
paid the invoice first owes this money; the fund may advance it and must ask for it back.

Known gaps: a visit without any diagnosis is not told from an injury; treatment that begins later is
not seen, nor are accidents that nobody reported; invoices of two regions may bear one number.

To verify by hand: read how the injury came about in the chart and in the accident report, ask what
the insurer paid and for which bills, compare both invoices with their originals.
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
    days_between,
    names_agree,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.terms import (
    DAY_PRECISION,
    T2,
    category,
    inside,
    linked,
    stage,
)

INJURIES = ("S", "T")
FULL = "full"
BLANKS = r"[\s　]+"
NO_NUMBER = ("无", "不详")
FILLER = 6
"""Digits of a number that has no other than 1, or than 9, and stands for none (D03)."""

REVERSED = Exclusion("REVERSED", T("已冲销", "Reversed"))
INJURY = Condition(
    "INJURY", T("主要诊断为损伤", "An injury is the main diagnosis"),
    sources=("mi_diagnosis", "mi_settlement.dise_codg"),
)  # fmt: skip
FUND_PAID = Condition("FUND_PAID", T("基金已支付", "The fund paid"))
LIABILITY = Condition(
    "LIABILITY", T("非本人全责", "Not the person's liability alone"),
    sources=("traffic_accident.liability",),
)  # fmt: skip


@rule(
    code="a",
    title=T("交通事故由第三方负担", "Traffic accident, owed by a third party"),
    per="person",
    subject="person",
    fact_key=("visit",),
    base=T("交通事故后数日内的就诊", "Visits within days of a traffic accident"),
    required=("mi_settlement", "traffic_accident"),
    conditions=(INJURY, FUND_PAID, LIABILITY),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
)
def traffic(r: Relations, p: Params) -> ir.Table:
    a = linked(r, r["traffic_accident"], "certno")
    a = a.filter(a.accd_time_precision >= DAY_PRECISION)
    return _visits(r, p, _events(a, a.accd_time.date(), a.liability != FULL))


@rule(
    code="b",
    title=T("工伤应由工伤保险负担", "Work injury, owed by its own insurance"),
    per="person",
    subject="person",
    fact_key=("visit",),
    base=T("工伤发生后数日内的就诊", "Visits within days of an injury at work"),
    required=("mi_settlement", "work_injury"),
    conditions=(INJURY, FUND_PAID),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
)
def at_work(r: Relations, p: Params) -> ir.Table:
    w = linked(r, r["work_injury"], "certno")
    w = w.filter(w.inj_date_precision >= DAY_PRECISION)
    return _visits(r, p, _events(w, w.inj_date, ibis.literal(True))).drop("if_LIABILITY")


def _events(t: ir.Table, day: Any, owed: Any) -> ir.Table:
    """Accidents by person, with whether somebody else may owe the bill."""
    return t.select(
        happened=day,
        owed=owed,
        injured=ibis.coalesce(t.certno, t.linked_person),
        event_key=t.psn_name_key,
        event_row=t.row_id,
        event_doubted=(t.linked_tier == T2).fill_null(False),
    )


def _visits(r: Relations, p: Params, events: ir.Table) -> ir.Table:
    """Settlements from the day of an accident on, one row each, with the verdicts."""
    s = r["net_settlements"]
    t = s.join(
        events,
        [
            s.person == events.injured,
            inside(days_between(s.service_date, events.happened), 0, p.days),
            names_agree(s.name_key, events.event_key),
        ],
    )
    t = t.group_by(
        "row_id", "person", "mdtrt_id", "service_date", "fund", "account", "reversed", "tier",
        "dise_codg", institution="fixmedins_code",
    ).aggregate(
        happened=t.happened.min(),
        owed=t.owed.any(),
        owed_unknown=t.owed.isnull().any(),
        event_doubted=t.event_doubted.any(),
        with_event=t.event_row.collect(),
    )  # fmt: skip
    t = _diagnosed(r, stage(t, "visits_after"))
    unknown = ibis.ifelse(t.owed_unknown, ibis.null("boolean"), False)
    return t.select(
        "row_id", "fund", "account", "institution", "service_date", "happened", "category",
        "with_event",
        subject=t.person,
        visit=t.mdtrt_id,
        if_INJURY=t.category.substr(0, 1).isin(INJURIES),
        if_FUND_PAID=(t.fund > 0) | t.reversed,
        if_LIABILITY=ibis.ifelse(t.owed.fill_null(False), True, unknown),
        not_REVERSED=t.reversed,
        confirm_identity=(t.tier == T2) | t.event_doubted,
    )


def _diagnosed(r: Relations, t: ir.Table) -> ir.Table:
    """Adds `category`, that of the visit's main diagnosis."""
    d = r["mi_diagnosis"]
    d = d.filter(d.diag_type == "1").semi_join(t, "mdtrt_id")
    main = d.group_by(diagnosed="mdtrt_id").aggregate(main=d.diag_code.argmin(d.diag_srt_no))
    t = t.left_join(main, t.mdtrt_id == main.diagnosed)
    return t.mutate(category=category(ibis.coalesce(t.main, t.dise_codg)))


@rule(
    code="c",
    title=T("同一发票重复报销", "One invoice paid twice"),
    per="set",
    subject="person",
    fact_key=("invoice",),
    base=T("发票号相同且基金支付的结算", "Settlements paid by the fund on one invoice number"),
    required=("mi_settlement.invo_no",),
    conditions=(Condition("PAID_TWICE", T("另有一次支付", "Paid another time")),),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
)
def invoice_twice(r: Relations, p: Params) -> ir.Table:
    """All but the largest of each number are flagged; reversed ones are the last to count."""
    s = r["net_settlements"]
    s = s.mutate(invoice=_number(s.invo_no), worth=s.fund + s.account)
    s = s.filter(s.invoice.notnull(), s.person.notnull(), (s.fund > 0) | s.reversed)
    again = s.group_by("invoice").aggregate(times=s.count())
    t = s.semi_join(again.filter(again.times > 1), "invoice")
    first = ibis.window(
        group_by="invoice",
        order_by=["reversed", ibis.desc("worth"), "settled_date", "row_id"],
    )
    t = t.mutate(place=ibis.row_number().over(first))
    other = t.filter(t.place == 0).select("invoice", with_other="row_id")
    t = t.filter(t.place > 0).join(other, "invoice")
    return t.select(
        "invoice", "row_id", "with_other", "fund", "account", "mdtrt_id", "service_date",
        "settled_date",
        institution=t.fixmedins_code,
        subject=t.person,
        if_PAID_TWICE=ibis.literal(True),
        not_REVERSED=t.reversed,
        confirm_identity=t.tier == T2,
    )


def _number(text: Any) -> ir.StringValue:
    """An invoice number without blanks and leading zeros; null where it names none."""
    t = text.re_replace(BLANKS, "").re_replace("^0+", "")
    same = (t.replace("1", "") == "") | (t.replace("9", "") == "")
    filler = t.isin(NO_NUMBER) | (same & (t.length() >= FILLER))
    number: ir.StringValue = ibis.ifelse(filler, ibis.null("string"), t).nullif("")
    return number


third_party = Detector(
    id="MI-24",
    title=T("第三方责任、工伤、重复报销", "Third party, work injury, paid twice"),
    version=1,
    doc=(__doc__ or "").strip(),
    rules=(traffic, at_work, invoice_twice),
    optional=(
        "mi_settlement", "mi_diagnosis", "mi_person", "reversals", "numbered_persons",
        "net_settlements",
    ),
    params=(Param("days", 3, "day", T("事故后天数", "Days from the accident"), 0, 366),),
    basis=("sil-30",),
    owner="医保局",
    next_review=date(2024, 6, 30),
    tags=("第三方责任", "重复报销"),
)  # fmt: skip
