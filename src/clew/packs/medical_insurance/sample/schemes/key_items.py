"""MI-20: houses of the smallest level that live on one drug or consumable.

Each spends on its own code alone, so that nothing else stands out there.
"""

from __future__ import annotations

from datetime import date, timedelta

from clew.packs.medical_insurance.sample import items
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.items import EVEN, SUBSTANCE, Illness, Item
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Line, Pay, at
from clew.packs.medical_insurance.sample.schemes.charging import consumable

KEY = "MI-20"
QUARTERS = {"2023Q1": date(2023, 1, 9), "2023Q2": date(2023, 4, 10), "2023Q3": date(2023, 7, 10)}
COLD = items.VISITS[0]
DIARRHOEA = Illness("A08.000", "轮状病毒性肠炎", (1, 99), EVEN)
INTERNAL = "03"
VISITS = 5


def plant(city: City) -> None:
    _shares(city)
    _reversed(city)
    _listed(city)
    _department(city)
    _season(city)
    _growth(city)


def _place(city: City) -> Institution:
    return city.open("township", "330329", "021")


def _drug(city: City, number: int, name: str, **cells: str) -> Item:
    """A drug of the catalogue that nobody else gives."""
    code = f"XB{number:02d}AAA{number:03d}B001010{number:03d}{number:04d}"
    item = Item(code, name, "drug", "drug", "盒", 8800)
    city.register(
        "mi_catalogue", med_list_codg=code, name=name, list_type="drug", kind="drug", unit="盒",
        start_date="2020-01-01", **cells,
    )  # fmt: skip
    return item


def _sold(
    city: City,
    place: Institution,
    item: Item,
    first: date,
    *,
    count: int = 1,
    visits: int = VISITS,
    ill: Illness = COLD,
    dept: str = INTERNAL,
    returned: bool = False,
) -> None:
    """Visits a week apart with nothing but this item; the fund pays half of it."""
    for n in range(visits):
        when = at(first + timedelta(7 * n), 10, 10)
        total = item.price * count
        pay = Pay(total // 2, total // 4, total - total // 2 - total // 4)
        line = Line(item, when, count)
        visit = city.records.visit(city.cast(), place, when, pay, ill=ill, lines=[line])
        visit.fees[0]["bilg_dept_codg"] = dept
        if returned:
            city.records.reverse(visit, visit.settled + timedelta(1))


def _plant(city: City, place: Institution, item: Item, quarter: str, code: str = "") -> None:
    name = item.code[:SUBSTANCE] if item.list_type == "drug" else item.code
    city.plant(KEY, place.code, name, quarter, excluded_by=code)


def _shares(city: City) -> None:
    place, drug = _place(city), _drug(city, 1, "脑苷肌肽注射液")
    for quarter, first in QUARTERS.items():
        _sold(city, place, drug, first)
        _plant(city, place, drug, quarter)


def _reversed(city: City) -> None:
    place, drug = _place(city), _drug(city, 2, "转化糖注射液")
    for quarter, first in QUARTERS.items():
        _sold(city, place, drug, first, returned=True)
        _plant(city, place, drug, quarter, "REVERSED")


def _listed(city: City) -> None:
    """Newly listed in January, another switched to bulk purchase in July."""
    place = _place(city)
    listed = _drug(city, 3, "艾司奥美拉唑镁肠溶片", listed_date="2023-01-10")
    switched = _drug(city, 4, "厄贝沙坦氢氯噻嗪片", listed_date="2019-05-01", vbp_date="2023-07-05")
    for drug, (quarter, first) in zip(
        (listed, listed, switched), QUARTERS.items(), strict=True
    ):
        _sold(city, place, drug, first)
        _plant(city, place, drug, quarter, "NEW_LISTING")


def _department(city: City) -> None:
    place, drug = _place(city), _drug(city, 5, "玻璃酸钠滴眼液")
    for dept, name, start in (("77", "眼科", "2023-01-05"), ("78", "眼底病科", "2023-07-05")):
        city.register(
            "mi_dept", fixmedins_code=place.code, dept_codg=dept, name=name, specialty="",
            start_date=start,
        )  # fmt: skip
    for dept, (quarter, first) in zip(("77", "77", "78"), QUARTERS.items(), strict=True):
        _sold(city, place, drug, first, dept=dept)
        _plant(city, place, drug, quarter, "NEW_DEPARTMENT")


def _season(city: City) -> None:
    place, drug = _place(city), _drug(city, 6, "消旋卡多曲颗粒")
    for quarter, first in QUARTERS.items():
        for month in range(3):
            city.register(
                "epi_season", icd_category="A08", month=f"{first.year}-{first.month + month:02d}",
                index="2.1",
            )  # fmt: skip
        _sold(city, place, drug, first, ill=DIARRHOEA)
        _plant(city, place, drug, quarter, "EPIDEMIC_SEASON")


def _growth(city: City) -> None:
    """Three times as much as in that quarter of last year, the increase above 100,000 yuan."""
    place = _place(city)
    lens = consumable(city, 71, "人工晶状体", "other", 2_600_000)
    for quarter, first in QUARTERS.items():
        before = date(first.year - 1, first.month, first.day)
        _sold(city, place, lens, before, visits=5)
        _sold(city, place, lens, first, visits=5, count=3)
        _plant(city, place, lens, quarter)
