"""MI-23: complications that nobody treated, and a house where every second case has one."""

from __future__ import annotations

from datetime import date, timedelta

from clew.packs.medical_insurance.sample import items
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.items import Item
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Pay, Visit, at, delivery_of, stamp
from clew.packs.medical_insurance.sample.schemes.charging import charge, lie, service
from clew.packs.medical_insurance.sample.truth import BASE

UPCODING = "MI-23"
STROKE = items.STAYS[2]
FAILURE, BLEEDING, UNLISTED = "J96.000", "D62.x00", "E87.600"
HEAVY, LIGHT = ("BR23", "1.20"), ("BR25", "0.90")
PERIOD = (date(2023, 2, 1), date(2023, 8, 1))
QUARTERS = {"2022Q4": date(2022, 11, 3), "2023Q1": date(2023, 1, 4), "2023Q2": date(2023, 4, 3)}
CASES, CODED, RETURNED = 50, 25, 40
NIGHTS = 6
PEERS = 6
"""Houses of the level with a stay in the quarter, however small the city."""


def plant(city: City) -> None:
    air = service(city, "310603001", "呼吸机辅助呼吸", "treat", 4800)
    blood = service(city, "310800001", "成分输血", "treat", 9500)
    for code, item in (("J96", air), ("D62", blood)):
        city.register(
            "mi_code_list", list="cc_treatment", code=code, start_date="2020-01-01", note=item.code
        )
    _untreated(city)
    _treated(city, air, blood)
    _returned(city)
    _unlisted(city)
    _shares(city)


def _case(city: City, code: str, level: str, excluded_by: str = "") -> tuple[Visit, date]:
    person, visit, day = lie(
        city, city.ward(), ill=STROKE, day=city.day(*PERIOD),
        inpatient={"drg_code": HEAVY[0], "drg_weight": HEAVY[1]},
    )  # fmt: skip
    _coded(city, visit.mdtrt_id, 2, code, level, day)
    place = visit.settlement["fixmedins_code"]
    city.plant(
        UPCODING, place, f"person:{person.number}", visit.mdtrt_id, rule="a",
        excluded_by=excluded_by,
    )  # fmt: skip
    return visit, day


def _coded(city: City, visit: str, order: int, code: str, level: str, day: date) -> None:
    city.records.add(
        "mi_diagnosis",
        delivery_of(day + timedelta(NIGHTS + 1)),
        mdtrt_id=visit,
        diag_srt_no=str(order),
        diag_type="2",
        diag_code=code,
        diag_date=(day + timedelta(NIGHTS)).isoformat(),
        cc_level=level,
    )


def _untreated(city: City) -> None:
    for code, level in ((FAILURE, "MCC"), (BLEEDING, "CC"), (FAILURE, "CC")):
        _case(city, code, level)


def _treated(city: City, air: Item, blood: Item) -> None:
    for code, item in ((FAILURE, air), (BLEEDING, blood), (FAILURE, air)):
        visit, day = _case(city, code, "CC", BASE)
        charge(city, visit, item, day + timedelta(2))


def _returned(city: City) -> None:
    for code in (FAILURE, BLEEDING, FAILURE):
        visit, _ = _case(city, code, "CC", "REVERSED")
        city.records.reverse(visit, visit.settled + timedelta(2))


def _unlisted(city: City) -> None:
    """No list says what treats it; a stay of the lighter group tells what that one weighs."""
    for _ in range(3):
        _case(city, UNLISTED, "CC", BASE)
    lie(
        city, city.ward(), ill=STROKE, day=city.day(*PERIOD),
        inpatient={"drg_code": LIGHT[0], "drg_weight": LIGHT[1]},
    )  # fmt: skip


def _shares(city: City) -> None:
    """Two houses: one codes a complication on half of its stays, the other gave the bills back."""
    heavy, honest = city.open("2", "330328"), city.open("2", "330328")
    people = [city.cast(50, 78) for _ in range(CASES)]
    for quarter, first in QUARTERS.items():
        for peer in city.places.level2[:PEERS]:
            lie(city, peer, ill=STROKE, day=first)
        _quarter(city, heavy, people, first, CODED)
        city.plant(UPCODING, heavy.code, quarter, rule="b")
        coded = _quarter(city, honest, people, first + timedelta(30), RETURNED)
        for visit in coded:
            city.records.reverse(visit, visit.settled + timedelta(1))
        city.plant(UPCODING, honest.code, quarter, rule="b", excluded_by="REVERSED")


def _quarter(
    city: City, place: Institution, people: list[Person], first: date, coded: int
) -> list[Visit]:
    """A stay of each, none on the day of many others; those with a complication are returned."""
    visits = []
    for n, person in enumerate(people):
        day = first + timedelta(n // 3)
        end = day + timedelta(NIGHTS)
        ill = items.STAYS[n % 3]
        visit = city.records.visit(
            person, place, at(day), Pay(420000, 30000, 150000), med_type="21", ill=ill,
            settled=at(end, 15), end=at(end, 14),
        )  # fmt: skip
        city.records.add(
            "mi_inpatient", delivery_of(end), mdtrt_id=visit.mdtrt_id, adm_time=stamp(at(day)),
            certno=person.number, fixmedins_code=place.code, dscg_time=stamp(at(end, 14)),
            adm_dept=ill.dept, bed_no=f"03{n:02d}", dscg_way="1", emer_flag="0",
            planned_flag="1", icu_hours="0", newborn_flag="0", home_bed_flag="0",
            day_case_flag="0", drg_code="BR23", drg_weight="1.20",
        )  # fmt: skip
        if n < coded:
            _coded(city, visit.mdtrt_id, 2, UNLISTED, "CC", day)
            visits.append(visit)
    return visits
