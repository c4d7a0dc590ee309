"""MI-12 (a), (b): one person who buys more than a body takes, or what no body needs together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from clew.packs.medical_insurance.sample import items, papers
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.items import SUBSTANCE
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.records import Visit, at
from clew.packs.medical_insurance.sample.schemes.shelf import CANCER, COLD, buy, drug, programme

Excuse = Callable[[City, Person, date, list[Visit]], None]
METFORMIN = items.DRUGS[0]
"""A box lasts fifteen days: twelve boxes in ninety days are twice the highest dose."""
DIABETES = next(i for i in items.VISITS if i.code.startswith("E11"))
RESALE = {
    "培美曲塞片": 8130, "吉非替尼片": 9470, "奥希替尼片": 12350, "安罗替尼胶囊": 10790,
}  # fmt: skip
LAST = 85


def plant(city: City) -> None:
    _excess(city)
    _mix(city)


def _filed(kind: str, substance: str, *, days: int = 84) -> Excuse:
    def excuse(city: City, person: Person, day: date, bought: list[Visit]) -> None:
        papers.file(
            city, person, kind, day, day + timedelta(LAST), substance=substance, days=str(days)
        )

    return excuse


def _reversed(number: int) -> Excuse:
    def excuse(city: City, person: Person, day: date, bought: list[Visit]) -> None:
        city.records.reverse(bought[number], at(date(2023, 10, 11)))

    return excuse


def _member(kind: str, **cells: str) -> Excuse:
    def excuse(city: City, person: Person, day: date, bought: list[Visit]) -> None:
        programme(city, kind, city.places.level1[0], person, **cells)

    return excuse


def _excess(city: City) -> None:
    substance = METFORMIN.code[:SUBSTANCE]
    for boxes in ((4, 4, 4), (6, 4, 5), (4, 5, 4)):
        _bought(city, boxes=boxes)
    for n in range(3):
        _bought(city, "LONG_PRESCRIPTION", excuse=_filed("long_rx", substance))
        _bought(city, "REPLACEMENT", excuse=_filed("replace", substance))
        _bought(city, "BULK_PICKUP", excuse=_member("nursing_home"))
        _bought(
            city, "ONCOLOGY_TRANSPLANT",
            excuse=_member("drug_programme", med_list_codg=METFORMIN.code),
        )  # fmt: skip
        _bought(city, "REVERSED", excuse=_reversed(n))
        _bought(city, "EXCESS_DOSE", boxes=(4, 4, 3))
        _bought(city, "INSTITUTIONS", places=2)


def _bought(
    city: City,
    code: str = "",
    *,
    boxes: tuple[int, ...] = (4, 4, 4),
    places: int = 3,
    excuse: Excuse | None = None,
) -> None:
    """Boxes of one substance at several pharmacies, the first and the last within ninety days."""
    person, day = city.cast(), city.day(high=date(2023, 7, 1))
    shops = [city.pharmacy() for _ in range(places)]
    bought = [
        buy(city, person, shops[n % places], day + timedelta(n * LAST // 2), (METFORMIN, count),
            ill=DIABETES)
        for n, count in enumerate(boxes)
    ]  # fmt: skip
    if excuse:
        excuse(city, person, day, bought)
    city.plant(
        "MI-12", person.number, METFORMIN.code[:SUBSTANCE], day.isoformat(), rule="a",
        excluded_by=code, severity="H",
    )  # fmt: skip


def _mix(city: City) -> None:
    goods = [
        drug(city, 40 + n, name, price, resale_flag="1", resale_source="市场监管局查处案件")
        for n, (name, price) in enumerate(RESALE.items())
    ]
    substance = goods[3].code[:SUBSTANCE]

    def mixed(
        code: str = "", *, kinds: int = 4, fits: bool = False, excuse: Excuse | None = None
    ) -> None:
        person, day = city.cast(), city.day(high=date(2023, 7, 1))
        bought = [
            buy(city, person, city.pharmacy(), day + timedelta(n * LAST // 3), (item, 1),
                ill=CANCER if fits and n == 3 else COLD)
            for n, item in enumerate(goods[:kinds])
        ]  # fmt: skip
        if excuse:
            excuse(city, person, day, bought)
        city.plant(
            "MI-12", person.number, day.isoformat(), rule="b", excluded_by=code, severity="H"
        )

    for n in range(3):
        mixed()
        mixed("LONG_PRESCRIPTION", excuse=_filed("long_rx", substance, days=7))
        mixed("REPLACEMENT", excuse=_filed("replace", substance, days=7))
        mixed("BULK_PICKUP", excuse=_member("bulk_pickup"))
        mixed("ONCOLOGY_TRANSPLANT", excuse=_member("drug_programme", med_list_codg=goods[3].code))
        mixed("REVERSED", excuse=_reversed(n))
        mixed("RESALE_MIX", kinds=3)
        mixed("UNRELATED", fits=True)
