"""The course of a stay: evaluated in time, and no longer than the benefit allows."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import (
    MEDIUM,
    Condition,
    Exclusion,
    Params,
    Relations,
    T,
    add_days,
    days_between,
    rule,
    severity_always,
    to_int,
)
from clew.packs.medical_insurance.derived.charges import summed, with_money
from clew.packs.medical_insurance.derived.diagnoses import with_main_code
from clew.packs.medical_insurance.derived.terms import exact_sum, inside, stage, valid_on
from clew.packs.medical_insurance.detectors.rehabilitation.lines import (
    EVALUATION,
    REQUIRED,
    REVERSED,
    SHOWN,
    STAY,
    sessions,
)

BY_STAY = ("subject", *STAY)


def _days(r: Relations, name: str, *more: str) -> ir.Table:
    """One row a settlement, item and day with sessions of an inpatient."""
    t = sessions(r)
    t = summed(t.filter(t.inpatient, t.person.notnull()), "code", "day", *more)
    return stage(t.filter(t.qty > 0, t.row_id.notnull()), name)


@rule(
    code="c",
    title=T("康复无评定", "Rehabilitation without evaluation"),
    per="person",
    subject="organisation",
    fact_key=STAY,
    base=T("住院期间的康复治疗", "Rehabilitation within a stay"),
    required=REQUIRED,
    conditions=(
        Condition(
            "NO_EVALUATION", T("连续规定天数内无评定", "So many days on end without evaluation")
        ),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
)
def not_evaluated(r: Relations, p: Params) -> ir.Table:
    t = _days(r, "session_days")
    s = r["stays"].select(stay="mdtrt_id", stay_from="adm_date", stay_to="end_date")
    t = t.join(s, t.visit == s.stay)
    t = t.filter(inside(t.day, t.stay_from, t.stay_to))
    first = t.day.min().over(ibis.window(group_by=["visit", "reversed"]))
    t = stage(t.mutate(first_day=first), "stay_sessions")
    e = sessions(r, kind=EVALUATION)
    e = e.filter(~e.reversed, e.person.notnull())
    e = e.group_by(evaluated="person", on="day").aggregate(done=exact_sum(e.qty))
    e = e.filter(e.done > 0)
    key = ("person", "day", "first_day", "stay_from", "stay_to")
    asked = t.select(*key).distinct()
    j = asked.join(e, asked.person == e.evaluated)
    around = j.group_by(*key).aggregate(
        before=j.on.max(where=inside(j.on, j.stay_from, j.day)),
        after=j.on.min(where=(j.on > j.day) & (j.on <= j.stay_to)),
        early=inside(j.on, add_days(j.first_day, -p.eval_days), j.first_day).any(),
    )
    t = t.left_join(around, list(key), rname="{name}_around")
    # One that precedes the first session counts as if it were done that day.
    opening = ibis.ifelse(t.early.fill_null(False), t.first_day, t.before)
    before = ibis.greatest(ibis.coalesce(opening, t.before), ibis.coalesce(t.before, opening))
    lower = ibis.coalesce(before, add_days(t.stay_from, -1))
    upper = ibis.coalesce(t.after, add_days(t.stay_to, 1))
    bare_days = ibis.ifelse((lower == t.day).fill_null(False), 0, days_between(upper, lower) - 1)
    t = t.mutate(bare_days=bare_days, if_NO_EVALUATION=bare_days >= p.eval_days)
    t = t.mutate(over=ibis.ifelse(t.if_NO_EVALUATION, 1, 0), of=ibis.literal(1))
    t = with_money(r, t, "unevaluated", once=("visit",))
    return t.select(
        *SHOWN, *STAY, "day", "bare_days", "if_NO_EVALUATION", not_REVERSED=t.reversed
    )


@rule(
    code="f",
    title=T("康复超限定天数", "Beyond the days of the benefit"),
    per="person",
    subject="organisation",
    fact_key=STAY,
    base=T("诊断有限定天数的住院康复", "Rehabilitation of stays whose diagnosis has a limit"),
    required=(*REQUIRED, "mi_code_list"),
    conditions=(
        Condition("BEYOND_LIMIT", T("治疗日数大于限定天数", "More session days than allowed")),
    ),
    exclusions=(
        REVERSED,
        Exclusion("EXTENSION_FILED", T("已备案延期", "An extension is filed"),
                  sources=("mi_filing",)),
    ),
    grade=severity_always(MEDIUM),
)  # fmt: skip
def beyond_limit(r: Relations, p: Params) -> ir.Table:
    t = _days(r, "limited_days", "dise_codg")
    t = with_main_code(r, t, "diagnosed_days")
    t = stage(_limits(r, t), "limited_sessions")
    window = ibis.window(group_by=["visit", "reversed"], order_by="day")
    t = t.mutate(session_day=ibis.dense_rank().over(window).cast("int64") + 1)
    t = stage(t, "ranked_sessions")
    f = r["mi_filing"]
    f = f.filter(f.kind == "rehab_ext").select(
        "start_date", "end_date", filed_for="certno", filed_at="fixmedins_code", filed_days="days"
    )
    found = t.join(
        f,
        [
            t.person == f.filed_for,
            valid_on(t.day, f.start_date, f.end_date),
            (f.filed_at == t.subject).fill_null(True),
        ],
    )
    extended = found.group_by("row_id").aggregate(
        extension=exact_sum(found.filed_days.fill_null(0).cast("int64")),
        # A filing without a number of days holds for all of its validity.
        unlimited=found.filed_days.isnull().any(),
    )
    t = t.left_join(extended, "row_id", rname="{name}_extended")
    beyond = t.session_day > t.limit_days
    within = t.unlimited | (t.session_day <= t.limit_days + t.extension)
    t = t.mutate(
        if_BEYOND_LIMIT=beyond,
        not_EXTENSION_FILED=within.fill_null(False),
        over=ibis.ifelse(beyond, 1, 0),
        of=ibis.literal(1),
    )
    t = with_money(r, t, "beyond_limit", once=("visit", "not_EXTENSION_FILED"))
    return t.select(
        *SHOWN, *STAY, "day", "session_day", "limit_days", "if_BEYOND_LIMIT",
        "not_EXTENSION_FILED", not_REVERSED=t.reversed,
    )  # fmt: skip


def _limits(r: Relations, t: ir.Table) -> ir.Table:
    """Adds `limit_days`: by the longest beginning of the diagnosis on the list that day."""
    c = r["mi_code_list"]
    c = c.filter(c.list == "rehab_limit", c.value.notnull()).select(
        "start_date", "end_date", beginning="code", days=to_int(c.value)
    )
    asked = t.select("main_code", "day").distinct()
    found = asked.join(
        c,
        [
            asked.main_code.startswith(c.beginning),
            valid_on(asked.day, c.start_date, c.end_date),
        ],
    )
    found = found.group_by("main_code", "day").aggregate(
        limit_days=found.days.argmax(found.beginning.length())
    )
    return t.join(found, ["main_code", "day"])
