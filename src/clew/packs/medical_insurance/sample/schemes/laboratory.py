"""MI-18: sets for whole wards, panels in parts, two methods."""

from __future__ import annotations

from datetime import date, timedelta

from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.items import EVEN, Illness, Item
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Visit
from clew.packs.medical_insurance.sample.schemes.charging import (
    charge,
    on_list,
    pair,
    reverse,
    service,
    who,
)
from clew.packs.medical_insurance.sample.schemes.consulting import see
from clew.packs.medical_insurance.sample.schemes.wards import Bear, fill

ID = "MI-18"
RESEARCH = "2"
ILL = Illness("K85.900", "急性胰腺炎", (20, 80), EVEN)
FIRST, LAST = date(2023, 1, 5), date(2023, 8, 10)


def plant(city: City) -> None:
    _sets(city)
    place = city.open("2", "330303")
    _panels(city, place)
    _methods(city, place)


def lab_item(city: City, number: int, name: str, price: int, **cells: str) -> Item:
    return service(city, f"2504{number:05d}", name, "lab", price, **cells)


def _sets(city: City) -> None:
    """Three wards of twenty people, six months each: what they bear decides."""
    three = [
        lab_item(city, n, name, price)
        for n, (name, price) in enumerate(
            (("甲状腺功能测定", 5310), ("肿瘤标志物测定", 7430), ("微量元素测定", 4170)), 1
        )
    ]
    before = [
        lab_item(city, 11, "凝血四项", 3730),
        lab_item(city, 12, "血型鉴定", 1530),
        lab_item(city, 13, "尿常规", 1130),
    ]
    screens = [lab_item(city, 21, "乙肝表面抗原", 2330), lab_item(city, 22, "梅毒抗体", 2930)]
    on_list(city, "preop_set", *(item.code for item in before))
    on_list(city, "infection_screen", *(item.code for item in screens))
    kinds: dict[str, Bear] = {
        "": _bearing(city, three),
        "SAME_SET": _bearing(city, three, lacking=2),
        "REVERSED": _bearing(city, three, reversed_from=2),
        "PREOP_SET": _bearing(city, [*three[:1], *before]),
        "INFECTION_SCREEN": _bearing(city, [*three[:2], *screens]),
        "RESEARCH_FUNDED": _bearing(city, three, bear_type=RESEARCH),
    }
    codes = list(kinds)
    for ward, div in enumerate(("330302", "330304", "330381")):
        place = city.open("2", div)
        months = [(date(2023, 2 + n, 1), kinds[code]) for n, code in enumerate(codes)]
        fill(city, place, ILL, 4 + ward, months)
        for (first, _), code in zip(months, codes, strict=True):
            city.plant(ID, place.code, ILL.dept, f"{first:%Y-%m}", rule="a", excluded_by=code)


def _bearing(
    city: City, tests: list[Item], *, lacking: int = 0, reversed_from: int = 0,
    bear_type: str = "1",
) -> Bear:  # fmt: skip
    """Charges the tests to all but the first `lacking`; the first `reversed_from` go back."""

    def bear(n: int, visit: Visit, day: date) -> None:
        for order, item in enumerate(tests if n >= lacking else tests[1:]):
            charge(city, visit, item, day + timedelta(order % 2), bear_type=bear_type)
        if n < reversed_from:
            reverse(city, visit)

    return bear


def _panels(city: City, place: Institution) -> None:
    """A panel of three at 60 yuan, whose parts cost 72; another whose parts cost less."""
    parts = [lab_item(city, 30 + n, name, 2400 + n) for n, name in enumerate(("钾", "钠", "氯"))]
    dear = lab_item(city, 38, "电解质三项", 6000)
    cheap_parts = [lab_item(city, 41 + n, f"补体C{n + 3}", 1800 + n) for n in range(2)]
    cheap = lab_item(city, 48, "补体两项", 3700)
    for panel, components in ((dear, parts), (cheap, cheap_parts)):
        for part in components:
            pair(city, panel, part, "panel")
        city.register(
            "mi_price_limit", med_list_codg=panel.code, hosp_lv="2", start_date="2020-01-01",
            pric=f"{panel.price // 100}.00",
        )  # fmt: skip
    for code in ("", "REVERSED", "RESEARCH_FUNDED", "ALL_PARTS", "DEARER"):
        for _ in range(3):
            day = city.day(FIRST, LAST)
            person, visit = see(city, place, day)
            panel, components = (cheap, cheap_parts) if code == "DEARER" else (dear, parts)
            for n, part in enumerate(components if code != "ALL_PARTS" else components[1:]):
                bearer = RESEARCH if code == "RESEARCH_FUNDED" and not n else "1"
                charge(city, visit, part, day, bear_type=bearer)
            if code == "REVERSED":
                reverse(city, visit)
            city.plant(
                ID, place.code, who(person), visit.mdtrt_id, panel.code, day.isoformat(), rule="b",
                excluded_by=code,
            )  # fmt: skip


def _methods(city: City, place: Institution) -> None:
    one = lab_item(city, 51, "C反应蛋白散射比浊", 3310, analyte="CRP", method="散射比浊法")
    other = lab_item(city, 52, "C反应蛋白干化学", 4470, analyte="CRP", method="干化学法")
    for code in ("", "REVERSED", "RESEARCH_FUNDED", "TWO_METHODS"):
        for _ in range(3):
            day = city.day(FIRST, LAST)
            person, visit = see(city, place, day)
            second = day + timedelta(1) if code == "TWO_METHODS" else day
            charge(city, visit, one, day)
            bearer = RESEARCH if code == "RESEARCH_FUNDED" else "1"
            charge(city, visit, other, second, bear_type=bearer)
            if code == "REVERSED":
                reverse(city, visit)
            city.plant(
                ID, place.code, who(person), visit.mdtrt_id, "CRP", day.isoformat(), rule="c",
                excluded_by=code,
            )  # fmt: skip
