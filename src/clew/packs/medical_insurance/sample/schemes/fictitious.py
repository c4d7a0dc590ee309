"""MI-08 (a): visits that cannot have taken place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from clew.packs.medical_insurance.sample import items, papers
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Cells, Line, Pay, Visit, at, stamp
from clew.packs.medical_insurance.sample.truth import BASE

PAY = Pay(fund=6400, account=2100, cash=900)
ONLINE: Cells = {"internet_flag": "1"}
AWAY_DAYS = 30
Away = Callable[[City, Person, date], None]


def plant(city: City) -> None:
    for make in (
        _away, _devices, _doctors, _reversed, _offline, _online, _mobile, _prison, _edges,
    ):  # fmt: skip
        make(city)


def clinic(city: City) -> Institution:
    """A new clinic in one of the inner divisions."""
    return city.open("clinic", city.rng.choice(("330302", "330303", "330304")))


def custody(city: City, person: Person, day: date) -> None:
    city.records.add(
        "mi_custody", 2, certno=person.number, psn_name=person.name, start_date=day.isoformat(),
        end_date=(day + timedelta(AWAY_DAYS)).isoformat(), place="市看守所",
    )  # fmt: skip


def abroad(city: City, person: Person, day: date) -> None:
    papers.travel(city, person, day, day + timedelta(AWAY_DAYS))


def _visit(
    city: City,
    person: Person,
    place: Institution,
    day: date,
    *,
    cells: Cells | None = None,
    lines: list[Line] | None = None,
) -> Visit:
    """A visit by day whose cells leave nothing untested."""
    usual = {"internet_flag": "0", "verify_mode": "password"}
    return city.records.visit(
        person, place, at(day, 10, 20), PAY, cells=usual | (cells or {}), lines=lines
    )


def _tell(city: City, person: Person, place: Institution, day: date, code: str = "") -> None:
    city.plant(
        "MI-08", person.number, place.code, day.isoformat(), rule="a", excluded_by=code,
        severity="H",
    )  # fmt: skip


def _gone(
    city: City,
    away: Away,
    code: str = "",
    *,
    after: int = 9,
    place: Institution | None = None,
    cells: Cells | None = None,
) -> tuple[Visit, date, Institution]:
    """Somebody away for a month, and seen `after` days into it."""
    left, person, place = city.day(), city.cast(30, 60), place or city.ward()
    away(city, person, left)
    day = left + timedelta(after)
    visit = _visit(city, person, place, day, cells=cells)
    _tell(city, person, place, day, code)
    return visit, day, place


def _away(city: City) -> None:
    for away in (custody, abroad):
        for after in (1, 9, AWAY_DAYS - 1):
            _gone(city, away, after=after)


def _edges(city: City) -> None:
    """On the day of leaving and of coming back one may still see a doctor."""
    for away in (custody, abroad):
        for after in (0, AWAY_DAYS):
            _gone(city, away, BASE, after=after)


def _devices(city: City) -> None:
    """An institution with two devices bills by a third."""
    place = clinic(city)
    known = [city.device(place, "US").number for _ in range(2)]
    for number in ("US901", "US902", "US903", *known):
        _by_line(city, place, "device_no", number, BASE if number in known else "")


def _doctors(city: City) -> None:
    place = clinic(city)
    known = [city.staff(place).code for _ in range(2)]
    for number in ("901", "902", "903", *known):
        code = number if number in known else f"D{place.div}999{number}"
        _by_line(city, place, "bilg_dr_codg", code, BASE if code in known else "")


def _by_line(city: City, place: Institution, column: str, text: str, code: str) -> None:
    day, person = city.day(), city.cast()
    lines = [Line(items.INFUSION, at(day, 10, 30), 2)]
    visit = _visit(city, person, place, day, lines=lines)
    visit.fees[0][column] = text
    _tell(city, person, place, day, code)


def _reversed(city: City) -> None:
    for pointer in (True, True, False):
        visit, _, _ = _gone(city, custody, "REVERSED")
        city.records.reverse(visit, visit.settled + timedelta(1), pointer=pointer)


def _offline(city: City) -> None:
    """Sent in when the line was up again; nobody knows when the visit really was."""
    for hours in (2, 26, 60):
        visit, day, _ = _gone(city, abroad, "OFFLINE_SUPPLEMENT", cells={"offline_flag": "1"})
        visit.settlement["upload_time"] = stamp(at(day, 10, 20) + timedelta(hours=hours))


def _online(city: City) -> None:
    for _ in range(3):
        _gone(city, abroad, "INTERNET_REVISIT", cells=ONLINE)


def _mobile(city: City) -> None:
    for _ in range(3):
        _, day, place = _gone(city, custody, "MOBILE_CLINIC", place=clinic(city))
        city.records.add(
            "mi_programme", 0, prog_id=f"XH{city.records.number()}", kind="mobile",
            fixmedins_code=place.code, start_date=day.isoformat(), end_date=day.isoformat(),
        )  # fmt: skip


def _prison(city: City) -> None:
    place = clinic(city)
    papers.register(city, "custody_hospital", place.code, name="监所医疗合作")
    for _ in range(3):
        _gone(city, custody, "CUSTODY_HOSPITAL", place=place)
