"""A permit case that ended after its deadline.

Looks for cases whose end lies after the deadline that was set for them. `by` says what "after"
means:

- `instant` (default): the end is a later point in time than the deadline.
- `date`: the end falls on a later calendar day in UTC. The public cases are published with time
  zone offsets, and tools that drop the offset count days in UTC. A deadline at local midnight
  then belongs to the day before, so this reading is stricter than it looks.
- `local_date`: the end falls on a later calendar day of the lake's own wall time (Shanghai).

On the 1,434 public cases: 377 by instant, 358 by UTC date, 309 by local date; the local dates of
the source give 309 too. All three agree that 105 cases have a deadline and no end.

A time that is known by its day alone is compared by local day in every reading, so that a case is
never late within a day whose hours nobody wrote down. A case still open whose deadline has passed
goes to the review list: its end may only not have been recorded.

Why it matters: a deadline is a promise to the applicant, in some laws silence past it is consent,
and lateness that gathers in one team points at a cause that can be removed.

Known gaps: suspensions and granted extensions are not in the data, so a late case may have been
extended; deadlines are taken as delivered, not computed from the working days of the law.

To verify by hand: open the case file, compare the stamp on the decision with the deadline on the
receipt, and look for a notice of extension or a request for further documents in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import (
    DATA_CORRECTION,
    HIGH,
    MEDIUM,
    REVIEW_LIST,
    Condition,
    Detector,
    Exclusion,
    Fact,
    Param,
    Params,
    Relations,
    T,
    days_between,
    detector,
)
from clew.kernel.errors import InputError

READINGS = ("instant", "date", "local_date")
DAY_PRECISION = 3
HOURS_AHEAD_OF_UTC = 8


def _grade(facts: Sequence[Fact], p: Params) -> Sequence[str]:
    return [HIGH if fact.rows[0].days_late >= p.high_days else MEDIUM for fact in facts]


@detector(
    id="TP-01",
    title=T("许可超期办结", "Permit ended after its deadline"),
    version=1,
    per="all",
    subject="organisation",
    fact_key=("case_no",),
    base=T("全部许可办件", "All permit cases"),
    required=("permit_event",),
    params=(
        Param("by", "instant", "instant | date | local_date", T("比较方式", "How ends compare")),
        Param("high_days", 30, "day", T("高风险超期天数", "Days late that are grave"), 1, 3650),
    ),
    conditions=(
        Condition(
            "LATE", T("办结晚于期限", "Ended after the deadline"), ("permit_event.deadline",)
        ),
    ),
    exclusions=(
        Exclusion("NO_DEADLINE", T("没有可用的期限", "No usable deadline"), DATA_CORRECTION),
        Exclusion(
            "CONTRADICTORY",
            T("各环节所记期限或办结时间不一", "Steps disagree on deadline or end"),
            DATA_CORRECTION,
        ),
        Exclusion("STILL_OPEN", T("尚未记录办结", "No end recorded"), REVIEW_LIST),
    ),
    owner="行政审批局",
    next_review=date(2024, 6, 30),
    grade=_grade,
)
def _find(r: Relations, p: Params) -> ir.Table:
    t = _cases(r)
    ended = t.ended.notnull()
    until = ibis.ifelse(ended, t.ended.date(), r.today)
    days_late = days_between(until, t.deadline.date())
    late = ibis.ifelse(ended, _after(t, p.by), days_late > 0)
    none = ibis.literal(0, "int64")
    return t.select(
        "case_no",
        "row_id",
        "with_steps",
        "deadline",
        "ended",
        subject="dept",
        days_late=days_late,
        if_LATE=ibis.ifelse(t.usable, late, ibis.null("boolean")),
        not_NO_DEADLINE=~t.usable,
        not_CONTRADICTORY=t.contradictory,
        not_STILL_OPEN=~ended,
        fund=none,
        account=none,
    )


overdue: Detector = _find


def _cases(r: Relations) -> ir.Table:
    """One row per case, from the steps taken up to the run's day.

    An end after that day is not read. Where steps disagree the later deadline and the earlier end
    stand, which accuses less, and `contradictory` is true.
    """
    t, today = r["permit_event"], r.today
    t = t.filter(t.event_time.date() <= today)
    read = t.end_time.date() <= today
    t = t.mutate(
        ended=ibis.ifelse(read, t.end_time, ibis.null("timestamp")),
        ended_precision=ibis.ifelse(read, t.end_time_precision, ibis.null("int8")),
    )
    cases = t.group_by("case_no").aggregate(
        row_id=t.row_id.max(),
        with_steps=t.row_id.collect(),
        dept=t.dept.max().fill_null(""),
        deadline=t.deadline.max(),
        ended=t.ended.min(),
        usable=(t.deadline_precision.min() >= DAY_PRECISION).fill_null(False),
        timed=ibis.least(t.deadline_precision.min(), t.ended_precision.min()) > DAY_PRECISION,
        contradictory=(t.deadline.nunique() > 1) | (t.ended.nunique() > 1),
    )
    return cases


def _after(t: ir.Table, by: str) -> Any:
    """Whether a case ended after its deadline; see the module text.

    Raises:
        InputError: `by` is none of READINGS.
    """
    if by not in READINGS:
        raise InputError(
            f"TP-01.by 只能是 {', '.join(READINGS)} (by is one of these, not {by!r})",
            next_step="clew detect TP-01 --set TP-01.by=instant",
        )
    by_day = t.ended.date() > t.deadline.date()
    if by == "local_date":
        return by_day
    ahead = ibis.interval(hours=HOURS_AHEAD_OF_UTC)
    exact = {
        "instant": t.ended > t.deadline,
        "date": (t.ended - ahead).date() > (t.deadline - ahead).date(),
    }
    return ibis.ifelse(t.timed, exact[by], by_day)
