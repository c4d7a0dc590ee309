"""MI-26: doctors whose names are lent, and surgeons in two rooms at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from clew.packs.medical_insurance.sample import items, papers
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Line, Pay, Visit, at, delivery_of, stamp
from clew.packs.medical_insurance.sample.registers import Staff
from clew.packs.medical_insurance.sample.schemes.charging import charge, lie
from clew.packs.medical_insurance.sample.truth import BASE

LICENCE = "MI-26"
STONES = items.STAYS[4]
CHOLECYSTECTOMY = items.ITEMS["331002004"]
DAYS = (date(2023, 2, 1), date(2023, 8, 1))
TIMES = 3


def plant(city: City) -> None:
    _elsewhere(city)
    _licences(city)
    _retired(city)
    _dead(city)
    _simultaneous(city)


def _billed(
    city: City, rule: str, doctor: Staff, place: Institution, day: date, excluded_by: str = ""
) -> None:
    """A visit of somebody in good health whose consultation bears the doctor's code."""
    patient = city.cast()
    visit = city.records.visit(
        patient, place, at(day, 9, 20), Pay(600, 250, 150), ill=items.VISITS[8],
        lines=[Line(items.CONSULT, at(day, 9, 20))],
    )  # fmt: skip
    visit.fees[0]["bilg_dr_codg"] = doctor.code
    if excluded_by == "REVERSED":
        city.records.reverse(visit, visit.settled + timedelta(1))
    city.plant(
        LICENCE, place.code, doctor.code, day.isoformat(), rule=rule, excluded_by=excluded_by
    )
    if rule == "b" and excluded_by != BASE:
        city.plant(
            "MI-08", patient.number, place.code, day.isoformat(), rule="a",
            excluded_by=excluded_by,
        )  # fmt: skip


def _elsewhere(city: City) -> None:
    for code in ("", "REVERSED", "MULTI_SITE_FILED", BASE):
        for _ in range(TIMES):
            doctor, place, day = city.staff(city.ward()), city.ward(), city.day(*DAYS)
            if code in ("MULTI_SITE_FILED", BASE):
                flag = "1" if code == "MULTI_SITE_FILED" else "0"
                city.registers.practice(doctor.code, place, multi_site_flag=flag)
            _billed(city, "a", doctor, place, day, code)


def _licences(city: City) -> None:
    """Cancelled the day before; for look-alikes on the day itself."""
    for code in ("", "REVERSED", BASE):
        for _ in range(TIMES):
            place, day = city.ward(), city.day(*DAYS)
            end = day - timedelta(0 if code == BASE else 1)
            doctor = city.staff(place, licence_to=end.isoformat())
            _billed(city, "b", doctor, place, day, code)


def _retired(city: City) -> None:
    """Look-alikes were rehired: the practice point stands."""
    for code in ("", "REVERSED", BASE):
        for _ in range(TIMES):
            place, day = city.ward(), city.day(*DAYS)
            left = (day - timedelta(40)).isoformat()
            doctor = city.staff(place, practice=code == BASE, retire_date=left)
            _billed(city, "c", doctor, place, day, code)


def _dead(city: City) -> None:
    for code in ("", "REVERSED", BASE):
        for _ in range(TIMES):
            person, place, day = city.cast(45, 64), city.ward(), city.day(*DAYS)
            papers.die(city, person, day - timedelta(0 if code == BASE else 12))
            doctor = city.staff(place, name=person.name, certno=person.number)
            _billed(city, "d", doctor, place, day, code)


def _simultaneous(city: City) -> None:
    """The second begins half an hour, or for look-alikes ten minutes, before the first ends."""
    for code in ("", "REVERSED", BASE):
        for _ in range(TIMES):
            place, day = city.ward(), city.day(*DAYS)
            surgeon = city.staff(place)
            start = 9 * 60 + (50 if code == BASE else 30)
            first = _operated(city, place, day, surgeon, 9 * 60, 10 * 60)
            second = _operated(city, place, day, surgeon, start, 11 * 60)
            if code == "REVERSED":
                city.records.reverse(second, second.settled + timedelta(1))
            visits = sorted((first.mdtrt_id, second.mdtrt_id))
            on = (day + timedelta(1)).isoformat()
            city.plant(LICENCE, surgeon.code, *visits, on, rule="e", excluded_by=code)


def _operated(
    city: City, place: Institution, day: date, surgeon: Staff, begin: int, end: int
) -> Visit:
    """A stay from `day` with an operation on the next; times in minutes after midnight."""
    _, visit, _ = lie(city, place, ill=STONES, day=day)
    on = day + timedelta(1)
    charge(city, visit, CHOLECYSTECTOMY, at(on, *divmod(begin, 60)), exec_dr_codg=surgeon.code)
    times: dict[str, Any] = {
        name: stamp(at(on, *divmod(minutes, 60)))
        for name, minutes in (("oprn_begntime", begin), ("oprn_endtime", end))
    }
    city.records.add(
        "mi_operation", delivery_of(visit.settled.date()), mdtrt_id=visit.mdtrt_id,
        oprn_srt_no="1", oprn_code=items.OPERATIONS["K80"], oprn_date=on.isoformat(),
        oper_dr_codg=surgeon.code, main_flag="1", staged_flag="0", **times,
    )  # fmt: skip
    return visit
