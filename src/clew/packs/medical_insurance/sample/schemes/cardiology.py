"""MI-16: stents, devices and services of the heart beyond what was done."""

from __future__ import annotations

from datetime import date, timedelta

from clew.packs.medical_insurance.sample import papers
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.items import Item
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Pay, Visit, at
from clew.packs.medical_insurance.sample.schemes.charging import (
    CORONARY,
    charge,
    consumable,
    lie,
    on_list,
    operate,
    pair,
    reverse,
    service,
    who,
)
from clew.packs.medical_insurance.sample.truth import BASE

ID = "MI-16"
STENTING, ANGIOGRAPHY, PACING = "36.0700", "88.5500", "37.8300"


def plant(city: City) -> None:
    on_list(city, "stent_procedure", "36.06", "36.07")
    on_list(city, "device_procedure", "37.8", "35.5")
    place = city.open("2", "330327")
    _stents(city, place, consumable(city, 51, "冠脉药物支架", "stent", 84500))
    _devices(city, place)
    _angiography(city, place)
    _monitoring(city, place)
    _markers(city, place)


def _stents(city: City, place: Institution, stent: Item) -> None:
    for count, code in (
        (4, ""), (5, ""), (4, ""), *((3, "TOO_MANY"),) * 3, *((4, "STAGED_PCI"),) * 3,
        *((4, "CTO_FILED"),) * 3, *((4, "ARREST_OR_ICU"),) * 3, *((4, "REVERSED"),) * 3,
        *((4, "PROCEDURE"),) * 3,
    ):  # fmt: skip
        arrested = code == "ARREST_OR_ICU" and city.rng.random() < 0.5
        icu = "31" if code == "ARREST_OR_ICU" and not arrested else "0"
        person, visit, day = lie(
            city, place, ill=CORONARY, others=("I46.900",) if arrested else (),
            inpatient={"icu_hours": icu},
        )  # fmt: skip
        on = day + timedelta(1)
        charge(city, visit, stent, on, count)
        operate(city, visit, on + timedelta(1) if code == "PROCEDURE" else on, STENTING)
        _planted(city, "a", place, person, visit, code)
        _planted(city, "b", place, person, visit, "NO_PROCEDURE")
        if code == "STAGED_PCI":
            _second_stage(city, place, person, on, marked=city.rng.random() < 0.5)
        if code == "CTO_FILED":
            papers.file(city, person, "cto", day, day + timedelta(60), diag_code="I25.100")
        if code == "REVERSED":
            reverse(city, visit)
    for operations in ((), (ANGIOGRAPHY,), ()):
        person, visit, day = lie(city, place, ill=CORONARY)
        charge(city, visit, stent, day + timedelta(1), 2)
        operate(city, visit, day + timedelta(1), *operations)
        _planted(city, "b", place, person, visit, severity="H")


def _second_stage(
    city: City, place: Institution, person: Person, first: date, *, marked: bool
) -> None:
    """The other vessel, a month or two later, marked as a stage or filed as one."""
    day = first + timedelta(city.rng.randint(30, 80))
    _, visit, _ = lie(city, place, ill=CORONARY, day=day, person=person)
    operate(city, visit, day + timedelta(1), STENTING, staged_flag="1" if marked else "0")
    if not marked:
        papers.file(city, person, "staged", first, day + timedelta(10), diag_code="I25.100")


def _devices(city: City, place: Institution) -> None:
    pacer = consumable(city, 52, "双腔起搏器", "pacemaker", 2617300)
    plug = consumable(city, 53, "房间隔封堵器", "occluder", 1438900)
    for item, operations, code in (
        (pacer, (), ""), (plug, (), ""), (pacer, (ANGIOGRAPHY,), ""),
        (pacer, (PACING,), "NO_PROCEDURE"), (plug, ("35.5200",), "NO_PROCEDURE"),
        (pacer, (PACING,), "NO_PROCEDURE"),
    ):  # fmt: skip
        person, visit, day = lie(city, place, ill=CORONARY)
        charge(city, visit, item, day + timedelta(1))
        operate(city, visit, day + timedelta(2), *operations)
        _planted(city, "e", place, person, visit, code, severity="H")


def _angiography(city: City, place: Institution) -> None:
    """An intervention includes the angiography of the day: MI-14 sees it too."""
    pci = service(city, "320500002", "冠脉支架置入术", "pci", 372000)
    angio = service(city, "320500001", "冠状动脉造影术", "angio", 251000)
    pair(city, pci, angio, "included")
    for apart, code in ((0, ""), (0, ""), (0, ""), *((2, BASE),) * 3):
        person, visit, day = lie(city, place, ill=CORONARY)
        _both(city, visit, pci, angio, day + timedelta(1), apart)
        _planted(city, "d", place, person, visit, code)
        _included(city, place, person, visit, pci, angio, code)
    for _ in range(3):
        person, day = city.cast(), city.day(date(2023, 1, 5), date(2023, 3, 10))
        visit = city.records.visit(person, place, at(day), Pay(3000, 1000, 1000), ill=CORONARY)
        _both(city, visit, pci, angio, day, 0)
        _planted(city, "d", place, person, visit, "INPATIENT")
        _included(city, place, person, visit, pci, angio)


def _both(city: City, visit: Visit, pci: Item, angio: Item, day: date, apart: int) -> None:
    charge(city, visit, pci, day)
    charge(city, visit, angio, day + timedelta(apart))


def _included(
    city: City,
    place: Institution,
    person: Person,
    visit: Visit,
    pci: Item,
    angio: Item,
    code: str = "",
) -> None:
    city.plant(
        "MI-14", place.code, who(person), visit.mdtrt_id, pci.code, angio.code, rule="e",
        excluded_by=code,
    )  # fmt: skip


def _monitoring(city: City, place: Institution) -> None:
    """Three nights are some 77 hours."""
    monitor = service(
        city, "310701022", "心电监护", "ecg_monitor", 410, unit="小时", hour_item="1"
    )
    holter = service(city, "310701003", "动态心电图", "holter", 11300)
    for hours, beside, code in (
        (20, False, ""), (21, False, ""), (12, True, ""), (10, True, ""),
        *((18, False, "MONITORED"),) * 3,
    ):  # fmt: skip
        person, visit, day = lie(city, place, ill=CORONARY, nights=3)
        for n in range(4):
            charge(city, visit, monitor, day + timedelta(n), hours)
        if beside:
            charge(city, visit, holter, day + timedelta(1))
        _planted(city, "f", place, person, visit, code)


def _markers(city: City, place: Institution) -> None:
    troponin = service(
        city, "250304005", "肌钙蛋白I测定", "lab", 8700, analyte="肌钙蛋白I"
    )
    peptide = service(city, "250304009", "B型钠尿肽测定", "lab", 15900, analyte="BNP")
    for item, count, code in (
        (troponin, 5, ""), (troponin, 6, ""), (peptide, 5, ""), (troponin, 4, "TOO_OFTEN"),
        (peptide, 4, "TOO_OFTEN"), (troponin, 3, "TOO_OFTEN"), (troponin, 6, "ARREST_OR_ICU"),
    ):  # fmt: skip
        icu = "40" if code == "ARREST_OR_ICU" else "0"
        person, visit, day = lie(city, place, ill=CORONARY, inpatient={"icu_hours": icu})
        on = day + timedelta(1)
        charge(city, visit, item, on, count)
        city.plant(
            ID, place.code, who(person), visit.mdtrt_id, on.isoformat(), rule="g",
            excluded_by=code,
        )  # fmt: skip


def _planted(
    city: City,
    rule: str,
    place: Institution,
    person: Person,
    visit: Visit,
    code: str = "",
    severity: str = "M",
) -> None:
    city.plant(
        ID, place.code, who(person), visit.mdtrt_id, rule=rule, excluded_by=code,
        severity=severity,
    )  # fmt: skip
