"""Who died, when, and who says so: read from the papers of four departments."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date

from tests.journeys.oracle.rows import MONTH, T1, Row, Rows, day


@dataclass(frozen=True)
class Source:
    day: date
    name: str
    tier: str


@dataclass
class Death:
    """`sources` name a day of death; `bounds` only a day by which the person was dead. Of a
    revoked declaration `withdrawn` has its own day, `revoked` that of the revocation.
    """

    sources: list[Source] = field(default_factory=list)
    bounds: list[date] = field(default_factory=list)
    withdrawn: list[date] = field(default_factory=list)
    revoked: list[date] = field(default_factory=list)


def deaths(city: Rows) -> dict[int, Death]:
    found: dict[int, Death] = {}

    def of(row: Row) -> Death:
        return found.setdefault(row["who"], Death())

    for row in _known(city["death_health"]):
        when = _last_day(day(row["death_time"]), row["death_time_precision"])
        of(row).sources.append(Source(when, row["psn_name_key"], row["tier"]))
    for row in _known(city["death_police"]):
        if row["reason"] == "死亡":
            of(row).bounds.append(row["cancel_date"])
            if row["death_date"]:
                when = _last_day(row["death_date"], row["death_date_precision"])
                of(row).sources.append(Source(when, row["psn_name_key"], row["tier"]))
    for row in _known(city["death_civil"]):
        of(row).bounds.append(row["cremation_date"])
    for row in _known(city["court_death"]):
        if row["kind"] == "revoked":
            of(row).revoked.append(row["judg_date"])
    for row in _known(city["court_death"]):
        if row["kind"] == "declared" and any(d >= row["judg_date"] for d in of(row).revoked):
            of(row).withdrawn.append(row["judg_date"])
        elif row["kind"] == "declared":
            of(row).sources.append(Source(row["judg_date"], row["psn_name_key"], row["tier"]))
    return found


def _known(rows: list[Row]) -> list[Row]:
    return [r for r in rows if r["who"] is not None]


def _last_day(told: date, precision: int) -> date:
    """A month stands for its last day, a year for the 31st of December."""
    if precision > MONTH:
        return told
    month = told.month if precision == MONTH else 12
    return date(told.year, month, calendar.monthrange(told.year, month)[1])


class Names:
    """Names that one person bears: equal in comparison form, or the former name on record."""

    def __init__(self, city: Rows) -> None:
        self._borne: dict[int, set[str]] = {}
        for row in city["police_person"]:
            if row["who"] is not None and row["former_name_key"]:
                names = {row["psn_name_key"], row["former_name_key"]}
                self._borne.setdefault(row["who"], set()).update(names)

    def compatible(self, who: int, a: str, b: str) -> bool:
        return a == b or {a, b} <= self._borne.get(who, set())


def first_tier(source: Source, row: Row, who: int, names: Names) -> bool:
    """Whether the death paper and the settlement are about one person beyond doubt (T1)."""
    if source.tier != T1 or (row["who"] == who and row["tier"] != T1):
        return False
    return row["who"] != who or names.compatible(who, source.name, row["psn_name_key"])
