"""MI-12: more drugs than one can use, drugs that sell, rings of cards, trace codes sold twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction

from tests.journeys.oracle.drug_ring import rings
from tests.journeys.oracle.drugs import Dispensing, Pharmacy, after_window, starts
from tests.journeys.oracle.rows import CLUE, Fact, Judged, Params, Rows
from tests.journeys.oracle.visits import Visit, net


def expected(city: Rows, params: Params) -> dict[Fact, Judged]:
    visits = [v for v in net(city) if not v.reversed]
    pharmacy = Pharmacy(city, visits, params)
    dispensed = list(pharmacy.dispensings())
    facts = [
        *_excess(dispensed, pharmacy, params),
        *_mix(dispensed, pharmacy, params),
        *rings(city, visits, pharmacy, params),
        *_twice(visits),
    ]
    return {fact: Judged(CLUE) for fact in facts}


def _excess(dispensed: list[Dispensing], pharmacy: Pharmacy, params: Params) -> Iterator[Fact]:
    """(a) twice the largest dose for the whole window, from several institutions."""
    limit = Fraction(str(params["factor"])) * params["window"]

    def over(rows: list[Dispensing]) -> bool:
        who, substance = rows[0].who, rows[0].substance
        filed = {f["filing_id"]: f for r in rows for f in pharmacy.filed(who, substance, r.day)}
        excused = sum(pharmacy.filed_days(f, substance) for f in filed.values())
        places = {r.institution for r in rows}
        return (
            sum(r.days for r in rows) - excused >= limit and len(places) >= params["institutions"]
        )

    own: dict[tuple[int, str], list[Dispensing]] = defaultdict(list)
    for row in dispensed:
        if not row.excuse:
            own[row.who, row.substance].append(row)
    for (who, substance), rows in own.items():
        for start in _taken(rows, params["window"], over):
            yield ("a", str(who), substance, start.isoformat())


def _mix(dispensed: list[Dispensing], pharmacy: Pharmacy, params: Params) -> Iterator[Fact]:
    """(b) several substances that are easily sold, for diagnoses they are not meant for."""
    own: dict[int, list[Dispensing]] = defaultdict(list)
    for row in dispensed:
        excused = row.excuse or pharmacy.filed(row.who, row.substance, row.day)
        if row.resale and not row.related and not excused:
            own[row.who].append(row)

    def many(rows: list[Dispensing]) -> bool:
        return len({r.substance for r in rows}) >= int(params["resale_n"])

    for who, rows in own.items():
        for start in _taken(rows, params["window"], many):
            yield ("b", str(who), start.isoformat())


def _taken(
    rows: list[Dispensing], days: int, holds: Callable[[list[Dispensing]], bool]
) -> Iterator[date]:
    """Starts of the windows that qualify, each after the end of the one taken before."""
    left = rows
    while left:
        found = next((w for w in starts(left, days) if holds(w)), None)
        if found is None:
            return
        yield found[0].day
        left = after_window(left, found[0].day, days)


def _twice(visits: list[Visit]) -> Iterator[Fact]:
    """(d) one trace code in two net settlements; the later one's institution answers."""
    sold: dict[str, dict[str, Visit]] = defaultdict(dict)
    for visit in visits:
        for line in visit.lines:
            if line["drug_trac_codg"] and line["cnt"] > 0:
                sold[line["drug_trac_codg"]][visit.row["setl_id"]] = visit
    for code, by in sold.items():
        if len(by) >= 2:
            later = max(by.values(), key=lambda v: (v.row["begntime"], v.row["setl_time"]))
            yield ("d", later.row["fixmedins_code"], code)
