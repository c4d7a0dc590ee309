"""Signs of visits made at one desk (MI-08 b): a terminal, a night, a day, a run of numbers."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Params
from clew.packs.medical_insurance.derived.terms import stage
from clew.packs.medical_insurance.detectors.fictitious_visit.observed import (
    NIGHT,
    NONE,
    RUN,
    TERMINAL,
    group_name,
    observed,
)

PHARMACY, EMERGENCY = "41", "13"
NIGHT_FROM, NIGHT_TO = 22, 6
DESK = ("subject_place", "terminal_no")


def unverified_days(v: ir.Table, p: Params) -> ir.Table:
    """Every one of enough settlements that day was made without verification."""
    none: Any = ibis.ifelse(v.verify_mode == "none", 1, 0)
    days = v.group_by("subject_place", "day").aggregate(n=v.count(), none=none.sum())
    days = days.filter(days.n >= p.none_n, days.n == days.none)
    t = v.semi_join(days, ["subject_place", "day"])
    return observed(t, NONE, group_name(NONE, t.subject_place, t.day))


def night_bursts(v: ir.Table, p: Params) -> ir.Table:
    """Many outpatient services of one night, emergencies left out."""
    emergency = v.emer_flag.fill_null(False) | (v.med_type == EMERGENCY).fill_null(False)
    late = (v.begntime.hour() >= NIGHT_FROM) | (v.begntime.hour() < NIGHT_TO)
    outpatient = ~v.inpatient & (v.med_type != PHARMACY)
    t = v.filter(v.timed, late, outpatient, ~emergency)
    t = t.mutate(night=(t.begntime - ibis.interval(hours=NIGHT_TO)).date())
    nights = t.group_by("subject_place", "night").aggregate(n=t.count())
    nights = nights.filter(nights.n >= p.night_n)
    t = t.semi_join(nights, ["subject_place", "night"])
    return observed(t, NIGHT, group_name(NIGHT, t.subject_place, t.night))


def terminal_bursts(v: ir.Table, p: Params) -> ir.Table:
    """Settlements at one terminal, enough of them within minutes of the first."""
    t = v.filter(v.terminal_no.nullif("").notnull(), v.settle_timed)
    t = t.select("row_id", *DESK, "setl_time", settle_day=t.setl_time.date())
    busy = t.group_by(*DESK, "settle_day").aggregate(n=t.count())
    busy = busy.filter(busy.n >= p.terminal_n)
    minute: Any = t.setl_time.hour() * 60 + t.setl_time.minute()
    # Near midnight a burst may lie on two days, neither of them busy.
    midnight = t.filter((minute >= 24 * 60 - p.terminal_min - 1) | (minute <= p.terminal_min))
    t = t.semi_join(busy, [*DESK, "settle_day"]).union(midnight, distinct=True)
    span = ibis.interval(minutes=p.terminal_min)
    order = ibis.window(group_by=list(DESK), order_by=["setl_time", "row_id"])
    t = t.mutate(reach=t.setl_time.lead(p.terminal_n - 1).over(order))
    until = ibis.ifelse(t.reach <= t.setl_time + span, t.setl_time + span, None)
    so_far = ibis.cumulative_window(group_by=list(DESK), order_by=["setl_time", "row_id"])
    t = t.mutate(until=until.max().over(so_far))
    t = t.filter(t.setl_time <= t.until)
    gap: Any = t.setl_time > t.setl_time.lag().over(order) + span
    begun: Any = ibis.ifelse(gap.fill_null(True), t.setl_time, None)
    t = stage(t.mutate(begun=begun), "in_bursts")
    t = t.mutate(session=t.begun.max().over(so_far))
    return observed(t, TERMINAL, group_name(TERMINAL, *(t[c] for c in DESK), t.session))


def number_runs(v: ir.Table, p: Params) -> ir.Table:
    """Insured numbers that rise one by one in the order of settlement, over one day."""
    t = v.filter(v.psn_no.notnull(), v.settle_timed)
    digits = t.psn_no.re_extract(r"(\d{1,15})$", 1)
    t = t.select(
        "row_id", "subject_place", "day", "setl_time",
        number=digits.nullif("").cast("int64"),
        stem=t.psn_no.substr(0, t.psn_no.length() - digits.length()),
    )  # fmt: skip
    of = ["subject_place", "day"]
    order = ibis.window(group_by=of, order_by=["setl_time", "row_id"])
    follows: Any = (t.number == t.number.lag().over(order) + 1) & (
        t.stem == t.stem.lag().over(order)
    )
    place = ibis.row_number().over(order)
    t = t.mutate(begun=ibis.ifelse(follows.fill_null(False), None, place))
    so_far = ibis.cumulative_window(group_by=of, order_by=["setl_time", "row_id"])
    t = t.mutate(run=t.begun.max().over(so_far))
    runs = t.group_by(*of, "run").aggregate(n=t.count())
    runs = runs.filter(runs.n >= p.run_n)
    t = t.semi_join(runs, [*of, "run"])
    return observed(t, RUN, group_name(RUN, t.subject_place, t.day, t.run))
