"""MI-15 (g) and MI-16 (c): houses of one level that use alike, and one that uses far more.

They lie in the second quarter of 2023, where no other planted stay of either specialty is.
"""

from __future__ import annotations

from datetime import date, timedelta

from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.items import Item
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Visit
from clew.packs.medical_insurance.sample.schemes.charging import (
    CORONARY,
    FRACTURE,
    charge,
    consumable,
    lie,
    reverse,
)

PERIOD = (date(2023, 4, 3), date(2023, 6, 15))
SUMMER = (date(2023, 7, 3), date(2023, 8, 15))
PEERS = 6
MUCH = 4
ORTHO, CARDIAC = "MI-15", "MI-16"


def plant(city: City) -> None:
    peers = [city.open("2", "330326") for _ in range(PEERS)]
    outlier, excused = city.open("2", "330326"), city.open("2", "330326")
    alone = city.open("township", "330326", "009")
    _materials(city, peers, outlier, excused, alone)
    _catheters(city, peers, outlier, excused, alone)


def _materials(
    city: City,
    peers: list[Institution],
    outlier: Institution,
    excused: Institution,
    alone: Institution,
) -> None:
    used = {
        "cement": consumable(city, 31, "骨水泥", "cement", 121100),
        "biologic": consumable(city, 32, "同种异体骨", "biologic", 231700),
        "npwt": consumable(city, 33, "负压引流护创材料", "npwt", 152300),
    }
    items = list(used.values())
    for place in (*peers, excused):
        _stay(city, place, items, 1)
    _stay(city, outlier, items, MUCH)
    _stay(city, alone, items, MUCH)
    # Free, and reversed: without them the house is like the others.
    visit = _stay(city, excused, [items[1]], 1)
    charge(city, visit, items[0], visit_day(visit), 5 * MUCH, bear_type="3")
    charge(city, visit, items[0], visit_day(visit))
    charge(city, visit, items[2], visit_day(visit))
    back = _stay(city, excused, [items[2]], 3 * MUCH)
    reverse(city, back)
    for kind in used:
        city.plant(ORTHO, outlier.code, kind, "2023Q2", rule="g")
        city.plant(ORTHO, peers[0].code, kind, "2023Q2", rule="g", excluded_by="OUTLIER")
        city.plant(ORTHO, alone.code, kind, "2023Q2", rule="g", excluded_by="PEERS")
    for kind, code in (("cement", "FREE_REPLACEMENT"), ("npwt", "REVERSED")):
        city.plant(ORTHO, excused.code, kind, "2023Q2", rule="g", excluded_by=code)


def _catheters(
    city: City,
    peers: list[Institution],
    outlier: Institution,
    excused: Institution,
    alone: Institution,
) -> None:
    balloon = consumable(city, 41, "冠脉球囊扩张导管", "balloon", 62900)
    wire = consumable(city, 42, "冠脉导丝", "guidewire", 52700)
    for low, high in (PERIOD, SUMMER):
        for place in (*peers, excused):
            _stay(city, place, [balloon, wire], 1, (low, high), heart=True)
    _stay(city, outlier, [balloon, wire], MUCH, PERIOD, heart=True)
    _stay(city, outlier, [balloon], MUCH, SUMMER, heart=True)
    _stay(city, alone, [balloon, wire], MUCH, PERIOD, heart=True)
    _stay(city, excused, [balloon], 3 * MUCH, PERIOD, heart=True, icu="26")
    for kind, quarter in (("balloon", "2023Q2"), ("guidewire", "2023Q2"), ("balloon", "2023Q3")):
        city.plant(CARDIAC, outlier.code, kind, quarter, rule="c")
        city.plant(CARDIAC, peers[0].code, kind, quarter, rule="c", excluded_by="OUTLIER")
    for kind in ("balloon", "guidewire"):
        city.plant(CARDIAC, alone.code, kind, "2023Q2", rule="c", excluded_by="PEERS")
    city.plant(
        CARDIAC, excused.code, "balloon", "2023Q2", rule="c", excluded_by="ARREST_OR_ICU"
    )


def _stay(
    city: City,
    place: Institution,
    items: list[Item],
    count: int,
    period: tuple[date, date] = PERIOD,
    *,
    heart: bool = False,
    icu: str = "0",
) -> Visit:
    ill = CORONARY if heart else FRACTURE
    _, visit, day = lie(
        city, place, ill=ill, day=city.day(*period), inpatient={"icu_hours": icu}
    )
    for item in items:
        charge(city, visit, item, day + timedelta(1), count)
    return visit


def visit_day(visit: Visit) -> date:
    """The day after admission."""
    return date.fromisoformat(visit.settlement["begntime"][:10]) + timedelta(1)
