"""How often an institution readmits, against its peers of the same level."""

from __future__ import annotations

from typing import Any, cast

import ibis
import ibis.expr.types as ir

from clew.declare import Params, Relations, apportion
from clew.packs.medical_insurance.derived.peers import z_of
from clew.packs.medical_insurance.derived.terms import exact_sum, stage

PER_MILLION = 1_000_000
OF = ("institution", "month")


def mark_rate(r: Relations, p: Params, t: ir.Table) -> ir.Table:
    """Adds `rate` (readmissions in a million stays), `rate_z` and the nullable `if_RATE`.

    `t` holds readmissions with every other condition and every exclusion. The rate of the months
    that end with a readmission's: readmissions that no exclusion takes out, by admission, over
    stays, by discharge. What is untested counts as met, and as not excluded. Null where the level
    is unknown or the peers are too few.
    """
    met, excused = _verdicts(t)
    t = stage(t.mutate(month_of=_month(t.adm_date), met=met, excused=excused), "readmissions")
    asked = t.filter(t.met)
    months = asked.select(month="month_of").distinct()
    again = asked.filter(~asked.excused).select(institution="subject", happened="month_of")
    stays = r["stays"]
    stays = stays.filter(~stays.reversed & stays.dscg_date.notnull())
    stays = stays.select(institution="fixmedins_code", happened=_month(stays.dscg_date))
    numerator = _in_window(months, again, p.rate_months, "again")
    rates = _in_window(months, stays, p.rate_months, "stays").left_join(
        numerator, list(OF), rname="{name}_again"
    )
    rates = rates.mutate(
        rate=apportion(ibis.literal(PER_MILLION, "int64"), rates.again.fill_null(0), rates.stays)
    )
    scores = _scores(r, p, rates.select(*OF, "rate"))
    t = t.left_join(scores, [t.subject == scores.institution, t.month_of == scores.month])
    t = t.mutate(if_RATE=t.rate_z > float(p.sd))
    return t.drop(*OF, "month_of", "met", "excused")


def _verdicts(t: ir.Table) -> tuple[ir.BooleanValue, ir.BooleanValue]:
    met: Any = ibis.literal(True)
    excused: Any = ibis.literal(False)
    for column in t.columns:
        if column.startswith("if_"):
            met = met & t[column].fill_null(True)
        if column.startswith("not_"):
            excused = excused | t[column].fill_null(False)
    return met, excused


def _month(day: ir.DateValue) -> ir.IntegerValue:
    return cast(ir.IntegerValue, day.year().cast("int64") * 12 + day.month().cast("int64"))


def _in_window(months: ir.Table, events: ir.Table, length: int, name: str) -> ir.Table:
    """Events of each institution in the months that end with each of `months`."""
    monthly = events.group_by("institution", "happened").aggregate(n=events.count())
    t = months.join(
        monthly,
        [monthly.happened <= months.month, monthly.happened > months.month - length],
    )
    return t.group_by(list(OF)).aggregate(**{name: exact_sum(t.n)})


def _scores(r: Relations, p: Params, rates: ir.Table) -> ir.Table:
    """z of each rate among the other institutions of its level, from exact integer sums."""
    levels = r["mi_institution"].select(code="fixmedins_code", level="hosp_lv")
    t = rates.join(levels.filter(levels.level.notnull()), rates.institution == levels.code)
    sums = t.group_by("level", "month").aggregate(
        n=t.count(), s=exact_sum(t.rate), q=exact_sum(t.rate * t.rate)
    )
    t = t.join(sums, ["level", "month"])
    n, s, q = t.n - 1, t.s - t.rate, t.q - t.rate * t.rate
    distance = n * t.rate - s
    spread = n * q - s * s
    z = z_of(distance, spread)
    return t.select(
        *OF, "rate", rate_z=ibis.ifelse(n >= p.min_peers, z, ibis.null("float64"))
    )
