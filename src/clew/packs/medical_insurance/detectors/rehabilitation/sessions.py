"""Sessions that cannot have been: outside the stay, under anaesthesia, unconscious, exclusive."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import (
    HIGH,
    MEDIUM,
    Condition,
    Params,
    Relations,
    Signal,
    T,
    int_div,
    minutes_between,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.charges import UNIT, summed, with_money
from clew.packs.medical_insurance.derived.terms import DAY_PRECISION, mark, stage, valid_on
from clew.packs.medical_insurance.detectors.item_pairs import EXCLUSIVE, pairs
from clew.packs.medical_insurance.detectors.rehabilitation.lines import (
    REQUIRED,
    REVERSED,
    SHOWN,
    STAY_DAY,
    sessions,
)


@rule(
    code="d",
    title=T("住院之外或手术中的康复", "Sessions outside the stay or during an operation"),
    per="person",
    subject="organisation",
    fact_key=STAY_DAY,
    base=T("住院的康复治疗", "Rehabilitation charged to a stay"),
    required=REQUIRED,
    conditions=(
        Condition(
            "NOT_IN_THE_WARD",
            T("入院前、出院后或手术中", "Before admission, after discharge or in theatre"),
        ),
    ),
    signals=(
        Signal("BEFORE_ADMISSION", T("早于入院日期", "Before the day of admission")),
        Signal("AFTER_DISCHARGE", T("晚于出院日期", "After the day of discharge")),
        Signal(
            "DURING_OPERATION", T("与手术时间重叠", "While being operated"),
            sources=("mi_operation",),
        ),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(HIGH),
)  # fmt: skip
def outside_the_stay(r: Relations, p: Params) -> ir.Table:
    t = sessions(r, "minutes")
    s = r["stays"].select(
        stay="mdtrt_id", adm="adm_date", left="dscg_date", with_stay="stay_rows"
    )
    t = t.filter(t.person.notnull()).join(s, t.visit == s.stay)
    t = _in_theatre(r, t)
    t = t.mutate(
        before=t.day < t.adm, after=(t.day > t.left).fill_null(False), operated=t.operated
    )
    t = t.filter(t.before | t.after | t.operated)
    t = summed(
        t, "day", before=t.before.any(), after=t.after.any(), operated=t.operated.any(),
        adm=t.adm.min(), left=t.left.max(),
    )  # fmt: skip
    t = t.filter(t.qty > 0, t.row_id.notnull())
    t = with_money(r, t.mutate(over=ibis.literal(1), of=ibis.literal(1)), "outside")
    return t.select(
        *SHOWN, *STAY_DAY, "adm", "left", if_NOT_IN_THE_WARD=t.before | t.after | t.operated,
        is_BEFORE_ADMISSION=t.before, is_AFTER_DISCHARGE=t.after, is_DURING_OPERATION=t.operated,
        not_REVERSED=t.reversed,
    )  # fmt: skip


def _in_theatre(r: Relations, t: ir.Table) -> ir.Table:
    """Adds `operated`: the session overlaps an operation of the visit, both timed."""
    o = r["mi_operation"]
    timed = (o.oprn_begntime_precision > DAY_PRECISION) & (o.oprn_endtime_precision > DAY_PRECISION)
    o = o.filter(timed).select("oprn_begntime", "oprn_endtime", operated_visit="mdtrt_id")
    lasted = int_div(t.minutes.fill_null(0).cast("int64") * t.qty.abs(), UNIT)
    t = t.mutate(lasted=lasted)
    return mark(
        t, "operated", ("line",), o,
        lambda a, b: [
            a.visit == b.operated_visit,
            a.begin_timed,
            a.begin < b.oprn_endtime,
            (a.begin >= b.oprn_begntime)
            | ibis.ifelse(
                a.timed,
                a.fee_endtime > b.oprn_begntime,
                minutes_between(b.oprn_begntime, a.begin) < a.lasted,
            ),
        ],
    )


@rule(
    code="e",
    title=T("昏迷期间主动训练", "Active training while unconscious"),
    per="person",
    subject="organisation",
    fact_key=STAY_DAY,
    base=T("有昏迷记录的住院的主动训练", "Active training of stays with recorded unconsciousness"),
    required=(*REQUIRED, "mi_inpatient"),
    conditions=(
        Condition("UNCONSCIOUS", T("处于昏迷时段", "Within the hours of unconsciousness")),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
)
def trained_unconscious(r: Relations, p: Params) -> ir.Table:
    t = sessions(r, "active")
    t = t.filter(t.active, t.person.notnull())
    i = r["mi_inpatient"]
    i = i.filter(i.uncons_begntime.notnull()).select(
        "uncons_begntime",
        "uncons_begntime_precision",
        unconscious="mdtrt_id",
        stay_row="row_id",
        until=ibis.coalesce(i.uncons_endtime, i.dscg_time),
        until_precision=ibis.coalesce(i.uncons_endtime_precision, i.dscg_time_precision),
    )
    t = t.join(i, t.visit == i.unconscious)
    timed = t.begin_timed & (t.uncons_begntime_precision > DAY_PRECISION)
    timed = timed & (t.until_precision > DAY_PRECISION).fill_null(True)
    by_time = (t.begin >= t.uncons_begntime) & (t.begin < t.until).fill_null(True)
    # Where an hour is missing, the first and the last day say nothing.
    by_day = (t.day > t.uncons_begntime.date()) & (t.day < t.until.date()).fill_null(True)
    t = t.mutate(asleep=ibis.ifelse(timed, by_time, by_day))
    t = summed(t, "day", "asleep", "stay_row")
    t = t.filter(t.qty > 0)
    t = t.mutate(over=ibis.ifelse(t.asleep, 1, 0), of=ibis.literal(1))
    t = with_money(r, t, "unconscious")
    return t.select(
        *SHOWN, *STAY_DAY, with_stay=t.stay_row, if_UNCONSCIOUS=t.asleep, not_REVERSED=t.reversed
    )


@rule(
    code="g",
    title=T("同一单元互斥治疗", "Exclusive therapies in one session"),
    per="person",
    subject="organisation",
    fact_key=STAY_DAY,
    base=T("同日收取的互斥康复项目", "Exclusive therapies of one visit and day"),
    required=(*REQUIRED, "mi_item_pair"),
    conditions=(
        Condition(
            "SAME_SESSION",
            T("同一治疗单元, 或同一治疗师", "One session, or where none is recorded one therapist"),
        ),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
)
def exclusive_therapies(r: Relations, p: Params) -> ir.Table:
    w = pairs(r, EXCLUSIVE)
    codes = w.select(code=w.one).union(w.select(code=w.other)).distinct()
    t = sessions(r)
    t = t.filter(t.person.notnull()).semi_join(codes, "code")
    t = t.mutate(session=t.sess_no.nullif(""), staff=t.exec_dr_codg.nullif(""))
    t = summed(t, "code", "day", "session", "staff")
    t = stage(t.filter(t.qty > 0, t.row_id.notnull()), "exclusive_sessions")
    a, b = t.rename("{name}_a"), t.rename("{name}_b")
    j = a.join(w, [a.code_a == w.one, valid_on(a.day_a, w.pair_from, w.pair_to)])
    j = j.join(
        b, [j.visit_a == b.visit_b, j.person_a == b.person_b, j.day_a == b.day_b,
            j.other == b.code_b]
    )  # fmt: skip
    numbered = j.session_a.notnull() & j.session_b.notnull()
    same = ibis.ifelse(numbered, j.session_a == j.session_b, j.staff_a == j.staff_b)
    first = j.amount_a <= j.amount_b
    columns = (
        "subject", *STAY_DAY, "row_id", "with_lines", "setl_id", "scope", "amount", "fund_whole",
        "account_whole", "code",
    )  # fmt: skip
    j = j.mutate(
        **{c: ibis.ifelse(first, j[f"{c}_a"], j[f"{c}_b"]) for c in columns},
        with_other=ibis.ifelse(first, j.with_lines_b, j.with_lines_a),
        same=same.fill_null(False),
        back=j.reversed_a | j.reversed_b,
        confirm_identity=j.confirm_identity_a | j.confirm_identity_b,
    )
    # The cheaper of two therapies is at stake once, however many others it meets.
    window = ibis.window(
        group_by="row_id", order_by=[~j.same, j.back, j.row_id_a, j.row_id_b, j.pair_from]
    )
    j = j.mutate(place=ibis.row_number().over(window)).filter(lambda x: x.place == 0)
    j = j.mutate(over=ibis.ifelse(j.same, 1, 0), of=ibis.literal(1))
    j = with_money(r, j, "exclusive", once=("day",))
    return j.select(
        *SHOWN, *STAY_DAY, "code", "with_other", if_SAME_SESSION=j.same, not_REVERSED=j.back
    )
