"""MI-05: two stays of one person at different institutions overlap by more than one night."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations

from tests.journeys.oracle.rows import CLUE, Fact, Judged, Params, Rows
from tests.journeys.oracle.stays import Stay, Wards, stays
from tests.journeys.oracle.visits import Diagnoses, fee_day, fen, net


def expected(city: Rows, params: Params) -> dict[Fact, Judged]:
    visits = net(city)
    wards = Wards(city, Diagnoses(city, visits))
    persons: dict[int, list[Stay]] = {}
    for stay in stays(city, visits):
        if stay.who is not None:
            persons.setdefault(stay.who, []).append(stay)
    found = {}
    for who, own in persons.items():
        for a, b in combinations(sorted(own, key=lambda s: s.mdtrt_id), 2):
            if a.institution != b.institution and a.end and b.end:
                later, earlier = max(a.admitted, b.admitted), min(a.end, b.end)
                if (earlier - later).days > params["nights"]:
                    fact = ("", str(who), a.mdtrt_id, b.mdtrt_id)
                    found[fact] = _judge(a, b, later, earlier, wards, params)
    return found


def _judge(a: Stay, b: Stay, later: date, earlier: date, wards: Wards, params: Params) -> Judged:
    if a.reversed or b.reversed:
        return Judged("REVERSED")
    assert a.true_end and b.true_end
    if (min(a.true_end, b.true_end) - later).days <= params["nights"]:
        return Judged("LATE_DISCHARGE_ENTRY")
    if newborn(a, b, wards, params["newborn_days"]) or newborn(b, a, wards, params["newborn_days"]):
        return Judged("NEWBORN")
    if a.row.get("home_bed_flag") or b.row.get("home_bed_flag"):
        return Judged("HOME_BED")
    if wards.one_house(a.institution, b.institution):
        return Judged("MERGED_INSTITUTION")
    amounts = [_amount(stay, later, earlier) for stay in (a, b)]
    return Judged(CLUE, *min(amounts, key=sum))


def newborn(child: Stay, other: Stay, wards: Wards, days: int) -> bool:
    if child.row.get("newborn_flag"):
        return True
    told, age = child.row.get("infant_days"), child.age(child.admitted)
    young = (told is not None and told <= days) or (age is not None and 0 <= age <= days)
    return young and wards.obstetric(other)


def _amount(stay: Stay, later: date, earlier: date) -> tuple[int, int]:
    assert stay.end
    nights = Fraction((earlier - later).days, max((stay.end - stay.admitted).days, 1))
    last = earlier - timedelta(days=1)
    fund = account = Fraction(0)
    for visit in stay.visits:
        part = visit.part(lambda line: later <= fee_day(line) <= last) if visit.lines else nights
        fund += visit.fund * part
        account += visit.account * part
    return fen(fund), fen(account)
