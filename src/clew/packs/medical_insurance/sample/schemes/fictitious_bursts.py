"""MI-08 (b): cards worked off at a desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.items import INFUSION
from clew.packs.medical_insurance.sample.people import Person, mobile
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Cells, Line, Visit, at, stamp
from clew.packs.medical_insurance.sample.schemes.fictitious import PAY, clinic
from clew.packs.medical_insurance.sample.truth import BASE

BURST, DAY_OF = 8, 10
LONG_ITEM = "00990000010000-990000010"


def plant(city: City) -> None:
    for make in (
        _numbered, _unverified, _by_night, _too_fast, _one_phone, _too_long, _reversed, _offline,
        _online, _mobile, _only_a_burst,
    ):  # fmt: skip
        make(city)


def _in_a_row(city: City, count: int) -> list[Person]:
    """Persons with insured numbers in a row, as somebody registered them."""
    first = 33_039_000_000_000 + city.rng.randrange(10**8) * 100
    people = [
        replace(city.births.person(40, 80), psn_no=str(first + n)) for n in range(count)
    ]
    for person in people:
        city.enrol(person)
    return people


def _burst(
    city: City,
    people: list[Person],
    begin: datetime,
    *,
    seconds: int = 30,
    cells: Cells | None = None,
    lines: Callable[[datetime], list[Line]] | None = None,
    terminals: bool = False,
) -> tuple[Institution, list[Visit]]:
    """One settled after the other, at one terminal, or at several where `terminals`."""
    place = clinic(city)
    visits = []
    for n, person in enumerate(people):
        when = begin + timedelta(seconds=seconds * n)
        own = {
            "internet_flag": "0", "verify_mode": "face",
            "terminal_no": f"T{place.code[1:]}{n if terminals else 1}",
            "upload_time": stamp(when + timedelta(minutes=7)),
        }  # fmt: skip
        visits.append(
            city.records.visit(
                person, place, when, PAY, settled=when, cells=own | (cells or {}),
                lines=lines(when) if lines else None,
            )
        )
    return place, visits


def _tell(city: City, place: Institution, begin: datetime, code: str = "") -> None:
    city.plant(
        "MI-08", place.code, begin.date().isoformat(), rule="b", excluded_by=code, severity="H"
    )


def _begin(city: City, hour: int = 10) -> datetime:
    return at(city.day(), hour, city.rng.randrange(50))


def _numbered(city: City) -> None:
    for count in (BURST, BURST, 10):
        begin = _begin(city)
        place, _ = _burst(city, _in_a_row(city, count), begin)
        _tell(city, place, begin)


def _strangers(city: City, count: int = DAY_OF) -> list[Person]:
    return [city.cast(40, 80) for _ in range(count)]


def _unverified(city: City) -> None:
    for _ in range(2):
        begin = _begin(city)
        place, _ = _burst(city, _strangers(city), begin, cells={"verify_mode": "none"})
        _tell(city, place, begin)


def _by_night(city: City) -> None:
    begin = _begin(city, 22)
    place, _ = _burst(city, _strangers(city), begin)
    _tell(city, place, begin)


def _too_fast(city: City) -> None:
    """Without verification all day; one of them was far away ten minutes later."""
    begin, people = _begin(city), _strangers(city)
    place, _ = _burst(
        city, people, begin, seconds=400, cells={"verify_mode": "none"}, terminals=True
    )
    far = next(i for i in city.places.level1 if i.div == "330329")
    later = begin + timedelta(minutes=10)
    cells = {"internet_flag": "0", "upload_time": stamp(later + timedelta(minutes=9))}
    city.records.visit(people[0], far, later, PAY, settled=later, cells=cells)
    _tell(city, place, begin)


def _one_phone(city: City) -> None:
    begin, phone = _begin(city), mobile(city.rng)
    place, _ = _burst(
        city, _strangers(city), begin, seconds=400, terminals=True,
        cells={"verify_mode": "none", "tel": phone},
    )  # fmt: skip
    _tell(city, place, begin)


def _too_long(city: City) -> None:
    """Ten patients of one doctor, whose items alone take more hours than a day has to work."""
    item = INFUSION._replace(code=LONG_ITEM, name="长时综合治疗", price=6000)
    city.register(
        "mi_catalogue", med_list_codg=LONG_ITEM, name=item.name, list_type="item",
        start_date="2020-01-01", kind="treat", unit="次", minutes="120",
    )  # fmt: skip
    begin = _begin(city, 8)
    place, visits = _burst(
        city, _strangers(city), begin, seconds=400, terminals=True,
        cells={"verify_mode": "none"}, lines=lambda when: [Line(item, when)],
    )  # fmt: skip
    doctor = city.staff(place)
    for visit in visits:
        visit.fees[0]["bilg_dr_codg"] = doctor.code
    _tell(city, place, begin)


def _excused(
    city: City, code: str, change: Callable[[Institution, list[Visit], datetime], None]
) -> None:
    """Eight numbers in a row in one burst: without one of them it is none."""
    begin = _begin(city)
    place, visits = _burst(city, _in_a_row(city, BURST), begin)
    change(place, visits, begin)
    _tell(city, place, begin, code)


def _reversed(city: City) -> None:
    def change(place: Institution, visits: list[Visit], begin: datetime) -> None:
        city.records.reverse(visits[2], begin + timedelta(days=1))

    for _ in range(3):
        _excused(city, "REVERSED", change)


def _offline(city: City) -> None:
    def change(place: Institution, visits: list[Visit], begin: datetime) -> None:
        late = stamp(begin + timedelta(hours=5))
        visits[7].settlement |= {"offline_flag": "1", "upload_time": late}

    for _ in range(3):
        _excused(city, "OFFLINE_SUPPLEMENT", change)


def _online(city: City) -> None:
    def change(place: Institution, visits: list[Visit], begin: datetime) -> None:
        visits[4].settlement["internet_flag"] = "1"

    for _ in range(3):
        _excused(city, "INTERNET_REVISIT", change)


def _mobile(city: City) -> None:
    def change(place: Institution, visits: list[Visit], begin: datetime) -> None:
        day = begin.date().isoformat()
        city.records.add(
            "mi_programme", 0, prog_id=f"XH{city.records.number()}", kind="mobile",
            fixmedins_code=place.code, start_date=day, end_date=day,
        )  # fmt: skip

    for _ in range(3):
        _excused(city, "MOBILE_CLINIC", change)


def _only_a_burst(city: City) -> None:
    """A busy morning of people who do not know each other."""
    for _ in range(3):
        begin = _begin(city)
        place, _ = _burst(city, _strangers(city), begin)
        _tell(city, place, begin, BASE)
