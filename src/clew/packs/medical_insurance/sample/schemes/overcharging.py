"""MI-14: more of an item, a dearer one, or one twice, than the catalogue allows."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from clew.packs.medical_insurance.sample import items
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.items import Item
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Visit
from clew.packs.medical_insurance.sample.schemes.charging import (
    charge,
    lie,
    operate,
    pair,
    reverse,
    service,
    who,
)
from clew.packs.medical_insurance.sample.truth import BASE

ID = "MI-14"
CHANGED = date(2023, 5, 10)


def plant(city: City) -> None:
    place = city.open("2", "330304")
    _day_maximum(city, place)
    _stay_maximum(city, place)
    _prices(city, place)
    _exclusive(city, place)
    _included(city, place)
    _hours(city, place)


def _day_maximum(city: City, place: Institution) -> None:
    item = service(city, "120700001", "雾化吸入", "treat", 731, max_per_day="2")
    for count, code in (
        (3, ""), (4, ""), (3, ""), *((2, "OVER_DAY"),) * 3, *((3, "REVERSED"),) * 3,
    ):  # fmt: skip
        person, visit, day = lie(city, place)
        on = day + timedelta(2)
        charge(city, visit, item, on, count)
        city.plant(
            ID, place.code, who(person), visit.mdtrt_id, item.code, on.isoformat(), rule="a",
            excluded_by=code,
        )  # fmt: skip
        if code == "REVERSED":
            reverse(city, visit)


def _stay_maximum(city: City, place: Institution) -> None:
    """A bed is charged for each night; one day more is allowed."""
    item = service(city, "120400011", "中心静脉置管", "treat", 18700, max_per_stay="1")
    for item_of, count, code in (
        (items.BED, 2, ""), (items.BED, 3, ""), (item, 2, ""), (items.BED, 1, "OVER_STAY"),
        (items.BED, 1, "OVER_STAY"), (item, 1, "OVER_STAY"),
    ):  # fmt: skip
        person, visit, day = lie(city, place)
        charge(city, visit, item_of, day + timedelta(1), count)
        city.plant(
            ID, place.code, who(person), visit.mdtrt_id, item_of.code, rule="b", excluded_by=code
        )


def _prices(city: City, place: Institution) -> None:
    item = service(city, "220600001", "心脏彩色超声", "exam", 16000)
    raised = service(city, "220600002", "左心功能测定", "exam", 7300)
    for listed, level, start, limit in (
        (item.code, "2", "2020-01-01", "150.00"), (item.code, "3", "2020-01-01", "170.00"),
        (raised.code, "2", "2020-01-01", "70.00"),
        (raised.code, "2", CHANGED.isoformat(), "73.00"),
    ):  # fmt: skip
        city.register(
            "mi_price_limit", med_list_codg=listed, hosp_lv=level, start_date=start, pric=limit
        )
    for price, code in ((16000, ""), (15001, ""), (19900, ""), *((15000, "OVER_PRICE"),) * 3):
        person, visit, day = lie(city, place)
        charge(city, visit, item, day + timedelta(1), 2, price=price)
        city.plant(
            ID, place.code, who(person), visit.mdtrt_id, item.code, rule="c", excluded_by=code
        )
    # Admitted before the change and charged the new price before it, or the old price raised.
    for before, code in (*((n, "PRICE_CHANGED") for n in (3, 4, 5)), (30, "")):
        person, visit, day = lie(city, place, day=CHANGED - timedelta(before))
        charge(city, visit, raised, day + timedelta(1))
        city.plant(
            ID, place.code, who(person), visit.mdtrt_id, raised.code, rule="c", excluded_by=code
        )


def _exclusive(city: City, place: Institution) -> None:
    one = service(city, "330100001", "关节穿刺", "treat", 9100)
    other = service(city, "330100002", "关节腔灌洗", "treat", 23500)
    pair(city, one, other, "exclusive")
    first, second = sorted((one.code, other.code))
    both = partial(_both, city, one, other)
    for code in ("", "", "", *("DIFFERENT_SITES",) * 3, *("SEPARATE_INCISIONS",) * 3, "REVERSED"):
        person, visit, day = lie(city, place)
        both(
            visit, day + timedelta(2),
            sites=("左膝", "右膝" if code == "DIFFERENT_SITES" else "左膝"),
            incisions=("1", "2") if code == "SEPARATE_INCISIONS" else ("", ""),
        )  # fmt: skip
        if code == "SEPARATE_INCISIONS":
            operate(city, visit, day + timedelta(2), "80.2600", "80.7600")
        if code == "REVERSED":
            reverse(city, visit)
        on = (day + timedelta(2)).isoformat()
        city.plant(
            ID, place.code, who(person), visit.mdtrt_id, first, second, on, rule="d",
            excluded_by=code,
        )  # fmt: skip
    for apart, severity in ((0, "L"), (1, ""), (1, ""), (1, "")):
        person, visit, day = lie(city, place)
        both(visit, day + timedelta(2), sites=("", ""), apart=apart)
        on = (day + timedelta(2)).isoformat()
        city.plant(
            ID, place.code, who(person), visit.mdtrt_id, first, second, on, rule="d",
            excluded_by=BASE if apart else "", severity=severity,
        )  # fmt: skip


def _both(
    city: City,
    one: Item,
    other: Item,
    visit: Visit,
    day: date,
    *,
    sites: tuple[str, str],
    incisions: tuple[str, str] = ("", ""),
    apart: int = 0,
) -> None:
    charge(city, visit, one, day, body_site=sites[0], incision_no=incisions[0])
    charge(
        city, visit, other, day + timedelta(apart), body_site=sites[1], incision_no=incisions[1]
    )


def _included(city: City, place: Institution) -> None:
    whole = service(city, "331500001", "膝关节镜探查清理", "operation", 98000)
    part = service(city, "331500002", "关节镜检查", "operation", 41000)
    pair(city, whole, part, "included")
    for apart, sites, code in (
        (0, ("", ""), ""), (0, ("左膝", "左膝"), ""), (0, ("", "左膝"), ""), (1, ("", ""), BASE),
        (1, ("", ""), BASE), (2, ("", ""), BASE), (0, ("左膝", "右膝"), "DIFFERENT_SITES"),
    ):  # fmt: skip
        person, visit, day = lie(city, place)
        _both(city, whole, part, visit, day + timedelta(1), sites=sites, apart=apart)
        city.plant(
            ID, place.code, who(person), visit.mdtrt_id, whole.code, part.code, rule="e",
            excluded_by=code,
        )  # fmt: skip


def _hours(city: City, place: Institution) -> None:
    item = service(
        city, "120100030", "持续微量泵输注", "treat", 190, unit="小时", hour_item="1"
    )
    for count, code in ((25, ""), (30, ""), (48, ""), *((24, "OVER_HOURS"),) * 3):
        person, visit, day = lie(city, place)
        on = day + timedelta(3)
        charge(city, visit, item, on, count)
        city.plant(
            ID, place.code, who(person), visit.mdtrt_id, item.code, on.isoformat(), rule="f",
            excluded_by=code,
        )  # fmt: skip
