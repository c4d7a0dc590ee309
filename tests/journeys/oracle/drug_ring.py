"""MI-12 (c): cards that are settled together, again and again, at several institutions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from tests.journeys.oracle.drugs import Pharmacy
from tests.journeys.oracle.rows import MINUTE, Fact, Params, Row, Rows, valid, window
from tests.journeys.oracle.visits import PHARMACY, Visit, fee_day

Pair = tuple[int, int]


class Together(NamedTuple):
    """Two cards at one counter; `time` is the earlier of the two settlements."""

    time: datetime
    institution: str


def rings(city: Rows, visits: list[Visit], pharmacy: Pharmacy, params: Params) -> Iterator[Fact]:
    met = _met([v for v in visits if _counts(city, v, pharmacy)], params["ring_min"])
    edges = {pair: seen for pair, seen in met.items() if _edge(seen, params)}
    for cards in _components(edges):
        if len(cards) >= params["ring_n"]:
            first = min(t for (a, _), seen in edges.items() if a in cards for t in seen)
            yield ("c", "", first.institution, first.time.isoformat())


def _counts(city: Rows, visit: Visit, pharmacy: Pharmacy) -> bool:
    """A purchase, by a card that nobody is registered to carry for others."""
    row = visit.row
    if visit.inpatient or row["who"] is None or row["setl_time_precision"] < MINUTE:
        return False
    drugs = (
        line["list_type"] == "drug" or pharmacy.drug(line["med_list_codg"], fee_day(line))
        for line in visit.lines
    )  # fmt: skip
    if row["med_type"] != PHARMACY and not any(drugs):
        return False
    return not pharmacy.pickup(row["who"], visit.began) and not _collects(city, row)


def _collects(city: Rows, row: Row) -> bool:
    return any(
        f["kind"] == "pickup" and f["collector_certno"] == row["who"]
        and valid(f, row["begntime"].date())
        for f in city["mi_filing"]
    )  # fmt: skip


def _met(visits: list[Visit], minutes: int) -> dict[Pair, list[Together]]:
    found: dict[Pair, list[Together]] = defaultdict(list)
    places: dict[str, list[Visit]] = defaultdict(list)
    for visit in visits:
        places[visit.row["fixmedins_code"]].append(visit)
    for place, own in places.items():
        own.sort(key=lambda v: v.row["setl_time"])
        for i, first in enumerate(own):
            for second in own[i + 1 :]:
                apart = second.row["setl_time"] - first.row["setl_time"]
                if apart.total_seconds() > minutes * 60:
                    break
                if first.row["who"] != second.row["who"]:
                    a, b = sorted((first.row["who"], second.row["who"]))
                    found[a, b].append(Together(first.row["setl_time"], place))
    return found


def _edge(seen: list[Together], params: Params) -> bool:
    days: dict[date, set[str]] = defaultdict(set)
    for time, place in seen:
        days[time.date()].add(place)
    for start in days:
        begins, ends = window(start, params["ring_days"])
        within = [places for day, places in days.items() if begins <= day <= ends]
        many = len(within) >= params["ring_times"]
        if many and len(set().union(*within)) >= params["ring_institutions"]:
            return True
    return False


def _components(edges: dict[Pair, list[Together]]) -> list[set[int]]:
    groups: list[set[int]] = []
    for pair in edges:
        touching = [g for g in groups if g & set(pair)]
        groups = [g for g in groups if g not in touching]
        groups.append(set(pair).union(*touching))
    return groups
