"""MI-12 (c), (d): cards that go shopping together, and packs that are sold twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from clew.packs.medical_insurance.sample import items
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Visit, at
from clew.packs.medical_insurance.sample.schemes.shelf import buy, programme

FIRST = date(2022, 11, 14)
PLASTER = items.DRUGS[7]


def plant(city: City) -> None:
    for n in range(3):
        _ring(city, cards=4, dates=6, places=3, shift=n)
        _ring(city, "BULK_PICKUP", cards=3, resident=True, shift=n)
        _ring(city, "REVERSED", cards=3, back=True, shift=n)
        _ring(city, "JOINT_VISITS", cards=3, dates=4, shift=n)
        _ring(city, "RING", cards=2, shift=n)
        _couple(city, n)
        _trace_codes(city, n)


def _meet(
    city: City, people: Sequence[Person], places: Sequence[Institution], dates: int, shift: int
) -> list[list[Visit]]:
    """The cards one after the other, two minutes apart, once a month and more."""
    meetings = []
    for n in range(dates):
        day = FIRST + timedelta(days=n * 29 + shift * 3)
        first = at(day, 10 + shift, 17)
        meetings.append(
            [
                buy(city, person, places[n % len(places)], first + timedelta(minutes=2 * k),
                    (PLASTER, 1))
                for k, person in enumerate(people)
            ]
        )  # fmt: skip
    return meetings


def _moment(meetings: list[list[Visit]]) -> datetime:
    return meetings[0][0].settled


def _ring(
    city: City,
    code: str = "",
    *,
    cards: int,
    dates: int = 5,
    places: int = 2,
    resident: bool = False,
    back: bool = False,
    shift: int,
) -> None:
    people = [city.cast(40, 80) for _ in range(cards)]
    shops = [city.pharmacy() for _ in range(places)]
    meetings = _meet(city, people, shops, dates, shift)
    if resident:
        programme(city, "nursing_home", city.places.level1[1], people[1])
    for visit in meetings[1] if back else ():
        city.records.reverse(visit, visit.settled + timedelta(days=2))
    city.plant(
        "MI-12", "", shops[0].code, _moment(meetings).isoformat(timespec="seconds"), rule="c",
        excluded_by=code, severity="H",
    )  # fmt: skip


def _couple(city: City, shift: int) -> None:
    """Husband and wife, who see one doctor together every month."""
    pair = [city.cast(60, 80, sex=1), city.cast(60, 80, sex=2)]
    city.records.add(
        "kin", 0, certno=pair[0].number, kin_certno=pair[1].number, relation="spouse",
        source="户口簿", start_date="1985-05-01",
    )  # fmt: skip
    clinic = city.places.clinics[shift]
    meetings = _meet(city, pair, [clinic], 12, shift)
    city.plant(
        "MI-12", "", clinic.code, _moment(meetings).isoformat(timespec="seconds"), rule="c",
        excluded_by="SPOUSE_PAIR",
    )  # fmt: skip


def _trace_codes(city: City, n: int) -> None:
    """A pack settled twice; one that came back in between; one whose second sale was undone."""
    for code, undone in (("", None), ("REVERSED", 0), ("REVERSED", 1)):
        trace = f"81{city.rng.randrange(10**18):018d}"
        day, shops = city.day(), (city.pharmacy(), city.pharmacy())
        sales = [
            buy(city, city.cast(), shop, day + timedelta(days=9 * k), (PLASTER, 1))
            for k, shop in enumerate(shops)
        ]
        for sale in sales:
            sale.fees[0]["drug_trac_codg"] = trace
        if undone is not None:
            sale = sales[undone]
            city.records.reverse(sale, sale.settled + timedelta(days=1))
        city.plant("MI-12", shops[1].code, trace, rule="d", excluded_by=code, severity="H")
