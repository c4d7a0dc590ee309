"""One person at two distant places within too short a time (MI-08 b)."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Params, Relations, add_days, minutes_between
from clew.packs.medical_insurance.derived.distances import distance_km
from clew.packs.medical_insurance.derived.terms import stage
from clew.packs.medical_insurance.detectors.fictitious_visit.observed import (
    SPEED,
    group_name,
    observed,
)

SMALL_HOURS = 6
SECONDS_AN_HOUR = 3600


def impossible_journeys(r: Relations, v: ir.Table, p: Params) -> ir.Table:
    """Outpatient and pharmacy visits of one person, begun far apart and close in time."""
    i = r["mi_institution"]
    i = i.filter(i.lon.notnull(), i.lat.notnull()).select("lon", "lat", place="fixmedins_code")
    # A journey over midnight ends in the small hours: these count for the day before too.
    t = v.filter(~v.inpatient, v.timed, v.person.notnull())
    t = t.select("row_id", "person", "day", "begntime", "subject_place")
    early = t.filter(t.begntime.hour() < SMALL_HOURS)
    early = early.mutate(day=add_days(early.day, -1))
    a, b = t.rename("{name}_a"), t.union(early).rename("{name}_b")
    t = a.join(
        b,
        [
            a.person_a == b.person_b,
            a.day_a == b.day_b,
            a.subject_place_a != b.subject_place_b,
            (a.begntime_a < b.begntime_b)
            | ((a.begntime_a == b.begntime_b) & (a.row_id_a < b.row_id_b)),
        ],
    )
    for side in ("a", "b"):
        own = i.rename("{name}_" + side)
        t = t.join(own, t[f"subject_place_{side}"] == own[f"place_{side}"])
    km = distance_km(t.lon_a, t.lat_a, t.lon_b, t.lat_b)
    seconds = _seconds_between(t.begntime_b, t.begntime_a)
    too_fast: Any = km * SECONDS_AN_HOUR > seconds.cast("float64") * float(p.speed)
    t = stage(t.filter(km > float(p.far_km), too_fast), "journeys")
    pair = group_name(SPEED, t.row_id_a, t.row_id_b)
    sides = (observed(t.mutate(row_id=t[f"row_id_{s}"]), SPEED, pair) for s in ("a", "b"))
    return ibis.union(*sides)


def _seconds_between(later: Any, earlier: Any) -> ir.IntegerValue:
    minutes = minutes_between(later.truncate("m"), earlier.truncate("m"))
    rest: ir.IntegerValue = later.second().cast("int64") - earlier.second().cast("int64")
    return minutes * 60 + rest
