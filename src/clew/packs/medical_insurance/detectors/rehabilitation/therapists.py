"""Who is said to have treated: longer than a day's work, away, or without licence."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import (
    HIGH,
    MEDIUM,
    Condition,
    Exclusion,
    Params,
    Relations,
    T,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.charges import UNIT, summed, with_money
from clew.packs.medical_insurance.derived.terms import mark, valid_on
from clew.packs.medical_insurance.detectors.rehabilitation.lines import (
    REQUIRED,
    REVERSED,
    SHOWN,
    sessions,
)
from clew.packs.medical_insurance.detectors.shares import beyond, facts_of, still_beyond

STAFF_DAY = ("staff", "day")


def _therapy(r: Relations, *columns: str) -> ir.Table:
    t = sessions(r, *columns)
    return t.mutate(staff=t.exec_dr_codg.nullif("")).filter(lambda x: x.staff.notnull())


@rule(
    code="a",
    title=T("治疗师当日时长超限", "More minutes than a therapist's day"),
    per="institution",
    subject="organisation",
    fact_key=STAFF_DAY,
    base=T("记有执行人的康复治疗", "Rehabilitation whose therapist is recorded"),
    required=(*REQUIRED, "mi_fee.exec_dr_codg"),
    conditions=(
        Condition("OVER_MINUTES", T("分钟数大于一日上限", "More minutes than a day's work allows")),
    ),
    exclusions=(
        REVERSED,
        Exclusion(
            "GROUP_ITEM", T("非一对一项目", "An item for several at once"),
            sources=("mi_catalogue.one_to_one",),
        ),
    ),
    grade=severity_always(MEDIUM),
    holds=still_beyond,
)  # fmt: skip
def overlong_day(r: Relations, p: Params) -> ir.Table:
    t = _therapy(r, "minutes", "one_to_one")
    t = t.filter(t.minutes.notnull()).mutate(minutes=t.minutes.cast("int64"))
    t = summed(t, *STAFF_DAY, "minutes", "one_to_one")
    group = ~t.one_to_one
    t = t.mutate(
        spent=t.qty * t.minutes,
        group_item=group,
        out=t.reversed | group.fill_null(False),
        allowed=ibis.literal(int(p.day_minutes * p.tolerance * UNIT), "int64"),
    )
    t = beyond(t, ("subject", *STAFF_DAY), "spent")
    t = t.mutate(if_OVER_MINUTES=t.every > t.allowed)
    t = with_money(r, t, "overlong")
    return t.select(
        *SHOWN, *STAFF_DAY, "visit", "if_OVER_MINUTES", not_REVERSED=t.reversed,
        not_GROUP_ITEM=t.group_item, **facts_of(t, "spent"),
    )  # fmt: skip


@rule(
    code="b",
    title=T("治疗师缺勤或无证", "The therapist was away or unlicensed"),
    per="institution",
    subject="organisation",
    fact_key=STAFF_DAY,
    base=T("记有执行人的康复治疗", "Rehabilitation whose therapist is recorded"),
    required=(*REQUIRED, "mi_fee.exec_dr_codg", "mi_staff", "mi_absence"),
    conditions=(
        Condition(
            "ABSENT_OR_UNLICENSED",
            T("当日缺勤或无有效执业证", "Absent, or without a licence valid on that date"),
        ),
    ),
    exclusions=(
        REVERSED,
        Exclusion(
            "ASSISTANT_LICENSED", T("持证助理", "A licensed assistant"),
            sources=("mi_staff.assistant_flag",),
        ),
    ),
    grade=severity_always(HIGH),
)  # fmt: skip
def away_or_unlicensed(r: Relations, p: Params) -> ir.Table:
    t = summed(_therapy(r), *STAFF_DAY)
    t = t.filter(t.qty > 0, t.row_id.notnull())
    a = r["mi_absence"].select("staff_codg", "start_date", "end_date")
    t = mark(
        t, "absent", ("row_id", *STAFF_DAY), a,
        lambda x, y: [x.staff == y.staff_codg, valid_on(x.day, y.start_date, y.end_date)],
    )
    s = r["mi_staff"].select(
        "licence_from", "licence_to", "assistant_flag", registered="staff_codg", staff_row="row_id"
    )
    t = t.left_join(s, t.staff == s.registered)
    early = (t.day < t.licence_from).fill_null(False)
    late = (t.day > t.licence_to).fill_null(False)
    unlicensed = t.registered.isnull() | early | late
    t = t.mutate(unlicensed=unlicensed, if_ABSENT_OR_UNLICENSED=t.absent | unlicensed)
    # An assistant works until the full licence comes, not after one was cancelled.
    assistant = t.assistant_flag & ~t.absent & ~late
    t = t.mutate(
        not_ASSISTANT_LICENSED=ibis.ifelse(t.registered.isnull(), False, assistant),
        over=ibis.ifelse(t.if_ABSENT_OR_UNLICENSED, 1, 0), of=ibis.literal(1),
    )  # fmt: skip
    t = with_money(r, t, "unlicensed")
    return t.select(
        *SHOWN, *STAFF_DAY, "visit", "absent", "unlicensed", "if_ABSENT_OR_UNLICENSED",
        "not_ASSISTANT_LICENSED", with_staff=t.staff_row, not_REVERSED=t.reversed,
    )  # fmt: skip
