"""MI-04: beds that are charged for and empty, or full of patients who are not there."""

from __future__ import annotations

from datetime import date, timedelta

from clew.packs.medical_insurance.sample import items, papers
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Pay, Visit, at
from clew.packs.medical_insurance.sample.schemes.beds import Daily, found, lie_in
from clew.packs.medical_insurance.sample.truth import BASE

ILL = next(i for i in items.STAYS if i.code.startswith("I50"))
REHAB = "19"
NIGHTS = 10
BARE, FEW = (3, 6, 9), (3, 6)
AWAY = 6
BEDS, CROWD = 4, 5
TAKEN_BACK = at(date(2023, 10, 14))


def plant(city: City) -> None:
    home = found(city, "township", "330302")
    partner = found(city, "township", "330302", beside=home)
    far, near = found(city, "clinic", "330329"), found(city, "clinic", "330302", beside=home)
    papers.register(city, "contract_exam", home.code, partner_code=partner.code, name="CT")
    for n in range(3):
        _bare(city, home, partner, n)
        _far(city, home, far, near)
    _contracted_far(city)
    _over_full(city)


def _days(nights: int, bare: tuple[int, ...], empty: tuple[int, ...] = ()) -> Daily:
    """Bed and nursing every day, a drip on those that are not bare."""
    usual = (items.BED, items.NURSING)
    return {
        n: usual if n in bare else (*usual, items.INFUSION)
        for n in range(nights)
        if n not in empty
    }


def _stay(
    city: City,
    place: Institution,
    bare: tuple[int, ...] = (),
    *,
    nights: int = NIGHTS,
    empty: tuple[int, ...] = (),
    **inpatient: str,
) -> tuple[Person, Visit, date]:
    person, day = city.cast(), city.day()
    daily = _days(nights, bare, empty)
    return person, lie_in(city, person, place, day, nights, daily, ILL, **inpatient), day


def _case(
    city: City, place: Institution, person: Person, stay: Visit, rule: str, code: str = ""
) -> None:
    city.plant(
        "MI-04", place.code, f"person:{person.number}", stay.mdtrt_id, rule=rule, excluded_by=code
    )


def _bare(city: City, home: Institution, partner: Institution, n: int) -> None:
    for nights, bare, empty in ((NIGHTS, BARE, ()), (5, (1, 3), ()), (NIGHTS, (), (2, 5, 6))):
        person, stay, _ = _stay(city, home, bare, nights=nights, empty=empty)
        _case(city, home, person, stay, "a")

    person, stay, _ = _stay(city, home, BARE)
    city.records.reverse(stay, TAKEN_BACK, pointer=n > 0)
    _case(city, home, person, stay, "a", "REVERSED")

    person, stay, day = _stay(city, home, BARE)
    out = day + timedelta(BARE[n])
    papers.leave(city, stay, at(out, 7), at(out, 20))
    _case(city, home, person, stay, "a", "APPROVED_LEAVE")

    person, stay, _ = _stay(city, home, BARE, adm_dept=REHAB)
    _case(city, home, person, stay, "a", "LONG_TERM_OBSERVATION")

    person, stay, day = _stay(city, home, BARE)
    sent = _see(city, person, partner, day + timedelta(BARE[1]), face=False)
    _case(city, home, person, stay, "a", "CONTRACTED_EXAM")
    city.plant("MI-27", person.number, sent.mdtrt_id, excluded_by="CONTRACTED_EXAM")

    person, stay, _ = _stay(city, home, FEW)
    _case(city, home, person, stay, "a", BASE)


def _see(
    city: City, person: Person, place: Institution, day: date, *, face: bool = True
) -> Visit:
    """A service outside, the face verified or not."""
    return city.records.visit(
        person, place, at(day, 10, 20), Pay(2400, 1600), ill=ILL,
        cells={"verify_mode": "face" if face else "password"},
    )  # fmt: skip


def _seen(
    city: City,
    home: Institution,
    place: Institution,
    code: str = "",
    *,
    after: int = AWAY,
    also: str = "",
    dept: str = ILL.dept,
) -> tuple[Person, Visit, Visit, date]:
    """An inpatient of `home` seen at `place`; `also` is what excuses the service in MI-27."""
    person, stay, day = _stay(city, home, adm_dept=dept)
    when = day + timedelta(after)
    service = _see(city, person, place, when)
    _case(city, home, person, stay, "b", code)
    city.plant("MI-27", person.number, service.mdtrt_id, excluded_by=also)
    return person, stay, service, when


def _far(city: City, home: Institution, far: Institution, near: Institution) -> None:
    _seen(city, home, far)
    _seen(city, home, near, "FAR_AWAY")
    _seen(city, home, far, "TAKEN_BY_MI_27", after=0, also="INSIDE")
    _seen(city, home, far, "LONG_TERM_OBSERVATION", dept=REHAB)

    _, _, service, _ = _seen(city, home, far, "REVERSED", also="REVERSED")
    city.records.reverse(service, TAKEN_BACK)

    _, stay, _, when = _seen(city, home, far, "APPROVED_LEAVE", also="APPROVED_LEAVE")
    papers.leave(city, stay, at(when, 8), at(when, 19))

    person, _, _, when = _seen(city, home, far, "RELATIVE_PICKUP", also="RELATIVE_PICKUP")
    relative = city.cast(25, 60)
    papers.file(
        city, person, "pickup", when - timedelta(30), when + timedelta(60),
        collector_certno=relative.number, collector_name=relative.name,
    )  # fmt: skip


def _contracted_far(city: City) -> None:
    """A partner that happens to be far away."""
    home, partner = found(city, "township", "330326"), found(city, "township", "330382")
    papers.register(city, "contract_exam", home.code, partner_code=partner.code, name="MR")
    for _ in range(3):
        _seen(city, home, partner, "CONTRACTED_EXAM", also="CONTRACTED_EXAM")


def _over_full(city: City) -> None:
    """Five in four beds once the fifth has come, until all leave."""
    place = found(city, "township", "330328", beds_open=str(BEDS), beds_approved=str(BEDS))
    for n in range(3):
        first = date(2023, 1, 9) + timedelta(75 * n)
        for start, people, code in (
            (first, CROWD, ""), (first + timedelta(25), CROWD, "REVERSED"),
            (first + timedelta(50), CROWD - 1, BASE),
        ):  # fmt: skip
            stays = [
                lie_in(
                    city, city.cast(), place, start + timedelta(i), NIGHTS - i,
                    _days(NIGHTS - i, ()), ILL,
                )
                for i in range(people)
            ]  # fmt: skip
            if code == "REVERSED":
                city.records.reverse(stays[0], TAKEN_BACK)
            full = start + timedelta(CROWD - 1)
            city.plant("MI-04", place.code, full.isoformat(), rule="c", excluded_by=code)
