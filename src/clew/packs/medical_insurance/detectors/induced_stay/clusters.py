"""Which admissions make one cluster (MI-03): windows of one place at one institution."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from clew.declare import Fact, Params
from clew.declare.detector import Cells
from clew.kernel.calendar import Calendar
from clew.packs.medical_insurance.detectors.induced_stay.score import Marks, marks

INFECTIOUS_SHARED = 2
HOLIDAY_DAYS, BACKLOG_DAYS = 3, 3
VILLAGE = "village"
SINGLE = (
    "not_REVERSED", "not_INFECTIOUS_SAME_CATEGORY", "not_ACCIDENT_POISONING",
    "not_REGISTERED_PROGRAMME", "not_DAY_CASE_SERIES", "not_ATTACHED_NURSING_HOME",
)  # fmt: skip


@dataclass(slots=True)
class Cluster:
    """Admissions of one window; `standing` are those that nothing takes out."""

    start: date
    rows: list[Cells]
    standing: list[Cells]

    @property
    def persons(self) -> set[int]:
        return {row["person"] for row in self.standing or self.rows}


def after(rows: list[Cells], p: Params) -> list[Cells]:
    """Rows of the clusters that stand, and of those that only exclusions dissolve."""
    places: dict[tuple[str, str, str], list[Cells]] = defaultdict(list)
    for row in rows:
        places[row["subject"], row["sort"], row["place"]].append(row)
    found: dict[str, list[Cluster]] = defaultdict(list)
    told: list[Cells] = []
    # Villages come first, so that the same persons as colleagues are no second cluster.
    for key in sorted(places, key=lambda k: (k[0], k[1] != VILLAGE, k[2])):
        for cluster in _clusters(places[key], p):
            known = found[key[0]]
            if key[1] == VILLAGE or not any(_same(cluster, other, p) for other in known):
                known.append(cluster)
                told += _told(cluster, p)
    return told


def still_induced(fact: Fact, p: Params) -> bool:
    """Whether the admissions that stand still meet every condition."""
    return marks([dict(row.values) for row in fact.rows], p).met(p)


def _same(cluster: Cluster, other: Cluster, p: Params) -> bool:
    near = abs((cluster.start - other.start).days) <= p.window
    return near and cluster.persons <= other.persons


def _clusters(rows: list[Cells], p: Params) -> list[Cluster]:
    """Clusters without what exclusions take out; then, among other days, those with it."""
    rows = sorted(rows, key=lambda row: (row["adm_date"], row["mdtrt_id"]))
    found: list[Cluster] = []
    for window in _windows(rows, p):
        standing = _standing(window, p)
        first = min((row["adm_date"] for row in standing), default=None)
        if first == window[0]["adm_date"] and marks(standing, p).met(p):
            _take(found, Cluster(first, window, standing), p)
    for window in _windows(rows, p):
        if marks(window, p).met(p):
            _take(found, Cluster(window[0]["adm_date"], window, []), p)
    return found


def _take(found: list[Cluster], cluster: Cluster, p: Params) -> None:
    """Adds a cluster no day of which belongs to one found before."""
    if all(abs((cluster.start - other.start).days) > p.window for other in found):
        found.append(cluster)


def _windows(rows: Sequence[Cells], p: Params) -> Iterator[list[Cells]]:
    """Admissions within the window of each day on which there is one, earliest first."""
    for start, _ in groupby(rows, key=lambda row: row["adm_date"]):
        last = start + timedelta(days=p.window)
        yield [row for row in rows if start <= row["adm_date"] <= last]


def _standing(window: Sequence[Cells], p: Params) -> list[Cells]:
    common = _common_infections(window, p)
    return [row for row in window if not any(_excuses(row, common).values())]


def _excuses(row: Cells, common: set[str]) -> dict[str, bool | None]:
    infected: bool | None = row["infectious"] and row["category"] in common
    if row["category"] is None:
        infected = None
    return {
        code: infected if code == "not_INFECTIOUS_SAME_CATEGORY" else row[code] for code in SINGLE
    }


def _common_infections(window: Iterable[Cells], p: Params) -> set[str]:
    """Listed categories that several of the window's persons share."""
    seen = {(row["person"], row["category"]) for row in window if row["infectious"]}
    counts = Counter(category for _, category in seen)
    return {category for category, n in counts.items() if n >= INFECTIOUS_SHARED}


def _told(cluster: Cluster, p: Params) -> list[Cells]:
    common = _common_infections(cluster.rows, p)
    of_all = marks(cluster.standing or cluster.rows, p)
    verdict = _verdict(of_all, p) | {"window_start": cluster.start}
    verdict["not_HOLIDAY_BACKLOG"] = _backlog(cluster)
    complaints = cluster.rows[0]["complaint_rows"] if of_all.complained else None
    told = []
    for row in cluster.rows:
        known = row["emer_flag"] is not None
        cells = row | verdict | _excuses(row, common)
        cells["if_NO_EMERGENCY"] = True if known else None
        cells["with_stay"] = row["stay_rows"]
        cells["with_complaint"] = complaints
        told.append(cells)
    return told


def _verdict(m: Marks, p: Params) -> dict[str, Any]:
    return {
        "if_CLUSTER": m.persons >= p.n,
        "if_MILD": m.mostly_mild(p),
        "if_INDUCED": m.induced(p),
        "if_SCORE": m.score >= p.score,
        "score": m.score,
        "cluster_persons": m.persons,
        "share_mild": m.mild,
        "share_cash": m.cash,
        "share_contact": m.contact,
        **m.signals(p),
    }


def _backlog(cluster: Cluster) -> bool | None:
    """The only hospital of a town, right after a holiday; unknown where that is not registered."""
    if not _after_holiday(cluster.start):
        return False
    only: bool | None = cluster.rows[0]["only_in_town"]
    return only


def _after_holiday(day: date) -> bool:
    calendar = Calendar.shipped()
    for back in range(1, BACKLOG_DAYS + 1):
        last = day - timedelta(days=back)
        if _off(calendar, last) and not _off(calendar, last + timedelta(days=1)):
            return all(_off(calendar, last - timedelta(days=n)) for n in range(HOLIDAY_DAYS))
    return False


def _off(calendar: Calendar, day: date) -> bool:
    """Whether a notice names the day as one off; a plain weekend is none."""
    named = bool(calendar.holiday_name(day)) and day.year in calendar.years
    return named and not calendar.is_working_day(day)
