"""MI-18: more tests than reports, than reagents, than the year before."""

from __future__ import annotations

from datetime import date, timedelta

from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.items import Item
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Visit, at, delivery_of
from clew.packs.medical_insurance.sample.schemes.charging import charge, reverse
from clew.packs.medical_insurance.sample.schemes.consulting import report, see
from clew.packs.medical_insurance.sample.schemes.laboratory import ID, RESEARCH, lab_item

QUARTERS = (
    ("2022Q4", date(2022, 11, 1), date(2022, 12, 31)),
    ("2023Q1", date(2023, 1, 1), date(2023, 3, 31)),
    ("2023Q2", date(2023, 4, 1), date(2023, 6, 30)),
)


def plant(city: City) -> None:
    _unreported(city, city.open("2", "330324"))
    _reagents(city, city.open("2", "330382"))
    _grown(city, city.open("2", "330326"))


def _four(city: City, number: int, *tests: tuple[str, int]) -> list[Item]:
    return [lab_item(city, number + n, name, price) for n, (name, price) in enumerate(tests)]


def _visits(city: City, place: Institution, first: date, count: int) -> list[tuple[date, Visit]]:
    days = [first + timedelta(days=n) for n in range(count)]
    return [(day, see(city, place, day)[1]) for day in days]


def _unreported(city: City, place: Institution) -> None:
    short, right, returned, funded = _four(
        city, 61,
        ("降钙素原测定", 8110), ("D二聚体测定", 6230),
        ("铁蛋白测定", 5170), ("转铁蛋白测定", 4830),
    )  # fmt: skip
    for first in (date(2023, 2, 3), date(2023, 5, 3), date(2023, 7, 3)):
        visits = _visits(city, place, first, 5)
        for n, (day, visit) in enumerate(visits):
            for item in (short, right, funded) if n < 4 else ():
                bearer = RESEARCH if item is funded and n == 3 else "1"
                charge(city, visit, item, day, bear_type=bearer)
            if n != 3:
                charge(city, visit, returned, day)
            for item in (short, right, returned, funded):
                if n < (4 if item is right else 3):
                    seen = {"mdtrt_id": visit.mdtrt_id}
                    report(city, place, item, at(day, 11), "LIS", **seen)
        reverse(city, visits[-1][1])
        for item, code in (
            (short, ""), (right, "MORE_THAN_REPORTS"), (returned, "REVERSED"),
            (funded, "RESEARCH_FUNDED"),
        ):  # fmt: skip
            city.plant(
                ID, place.code, item.code, f"{first:%Y-%m}", rule="d", excluded_by=code
            )


def _reagents(city: City, place: Institution) -> None:
    """One kit of ten a quarter: enough for eleven tests by the rule, not for twelve."""
    short, right, returned, funded = _four(
        city, 71,
        ("胱抑素C测定", 5630), ("同型半胱氨酸测定", 6770),
        ("前白蛋白测定", 3190), ("胆汁酸测定", 2770),
    )  # fmt: skip
    for quarter, first, last in QUARTERS:
        visits = _visits(city, place, first + timedelta(days=8), 12)
        for n, (day, visit) in enumerate(visits):
            twelfth = n == len(visits) - 1
            for item in (short, right, funded) if not twelfth else ():
                bearer = RESEARCH if item is funded and not n else "1"
                charge(city, visit, item, day, bear_type=bearer)
            charge(city, visit, returned, day)
        reverse(city, visits[-1][1])
        day, visit = _visits(city, place, first + timedelta(days=30), 1)[0]
        charge(city, visit, short, day)
        charge(city, visit, funded, day)
        for item in (short, right, returned, funded):
            _stock(city, place, item, first, last)
        for item, code in (
            (short, ""), (right, "FEWER_BOUGHT"), (returned, "REVERSED"),
            (funded, "RESEARCH_FUNDED"),
        ):  # fmt: skip
            city.plant(ID, place.code, item.code, quarter, rule="e", excluded_by=code)


def _stock(city: City, place: Institution, item: Item, first: date, last: date) -> None:
    city.records.add(
        "mi_stock", delivery_of(last), fixmedins_code=place.code, med_list_codg=item.code,
        start_date=first.isoformat(), end_date=last.isoformat(), line_no="1", open_cnt="0",
        purc_cnt="1", close_cnt="0", stock_unit="盒", pack_factor="10", reimb_flag="1",
        item_name=f"{item.name}试剂盒",
    )  # fmt: skip


def _grown(city: City, place: Institution) -> None:
    """Fifty in a month of last year, a hundred and fifty in that of this, by tens a visit."""
    grown, nearly, returned, funded = _four(
        city, 81,
        ("25羟基维生素D测定", 8870), ("维生素B12测定", 7190),
        ("叶酸测定", 6610), ("骨钙素测定", 9370),
    )  # fmt: skip
    for month in (1, 2, 3):
        for day, visit in _visits(city, place, date(2022, month, 5), 5):
            for item in (grown, nearly, returned, funded):
                charge(city, visit, item, day, 10)
        visits = _visits(city, place, date(2023, month, 5), 15)
        for n, (day, visit) in enumerate(visits):
            charge(city, visit, returned, day, 10)
            for item in (grown, nearly, funded) if n else ():
                bearer = RESEARCH if item is funded and n == 1 else "1"
                charge(city, visit, item, day, 10, bear_type=bearer)
        reverse(city, visits[0][1])
        day, visit = _visits(city, place, date(2023, month, 25), 1)[0]
        for item, count in ((grown, 10), (nearly, 9), (funded, 10)):
            charge(city, visit, item, day, count)
        for item, code in (
            (grown, ""), (nearly, "GROWTH"), (returned, "REVERSED"), (funded, "RESEARCH_FUNDED"),
        ):  # fmt: skip
            city.plant(
                ID, place.code, item.code, f"2023-{month:02d}", rule="f", excluded_by=code
            )
