"""MI-05: one person in two wards of different institutions at once."""

from __future__ import annotations

from datetime import date, timedelta

from clew.packs.medical_insurance.sample import items
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Cells, Visit, at
from clew.packs.medical_insurance.sample.schemes.death_card import FUND

MORE = items.STAYS[4]


def plant(city: City) -> None:
    for make in (
        _pairs, _three, _seen_outside, _reversed, _transferred, _late_entry, _newborn, _home_bed,
        _merged, _one_night,
    ):  # fmt: skip
        make(city)


def _pair(city: City, one: Visit, other: Visit, person: Person, code: str = "") -> None:
    fact = sorted((one.mdtrt_id, other.mdtrt_id))
    city.plant("MI-05", person.number, *fact, excluded_by=code)


def _two(
    city: City, person: Person, day: date, code: str = "", second: Cells | None = None
) -> Visit:
    """Nine nights here and five there, three of them shared; `second` describes the other stay."""
    one = city.records.stay(person, city.ward(), day, day + timedelta(9))
    other = city.records.stay(
        person, city.ward(), day + timedelta(6), day + timedelta(11), ill=MORE, inpatient=second
    )
    _pair(city, one, other, person, code)
    return other


def _pairs(city: City) -> None:
    for _ in range(4):
        day = city.day()
        person = city.cast()
        city.ordinary(person, day)
        _two(city, person, day)


def _three(city: City) -> None:
    """Three stays that overlap one another are three pairs."""
    day, person = city.day(), city.cast()
    stays = [
        city.records.stay(person, city.ward(), day + timedelta(n), day + timedelta(n + 9))
        for n in (0, 2, 4)
    ]
    for first, second in ((0, 1), (0, 2), (1, 2)):
        _pair(city, stays[first], stays[second], person)


def _seen_outside(city: City) -> None:
    """Two wards and a pharmacy: two detectors see it."""
    day, person = city.day(), city.cast()
    _two(city, person, day)
    visit = city.records.visit(
        person, city.pharmacy(), at(day + timedelta(7), 11), FUND, med_type="41"
    )
    city.plant("MI-27", person.number, visit.mdtrt_id)


def _reversed(city: City) -> None:
    for pointer in (True, True, False):
        other = _two(city, city.cast(), city.day(), "REVERSED")
        city.records.reverse(other, other.settled + timedelta(2), pointer=pointer)


def _transferred(city: City) -> None:
    for _ in range(3):
        day, person, there = city.day(), city.cast(), city.ward()
        moved = day + timedelta(9)
        one = city.records.stay(
            person, city.ward(), day, moved, way="2", inpatient={"transfer_to": there.code}
        )
        other = city.records.stay(person, there, moved, moved + timedelta(5))
        _pair(city, one, other, person, "SAME_DAY_TRANSFER")


def _late_entry(city: City) -> None:
    """Charged until the fifth day, discharged on paper days later."""
    for _ in range(3):
        day, person = city.day(), city.cast()
        left = day + timedelta(5)
        one = city.records.stay(person, city.ward(), day, day + timedelta(9), last_fee=left)
        other = city.records.stay(person, city.ward(), left, day + timedelta(11))
        _pair(city, one, other, person, "LATE_DISCHARGE_ENTRY")
        # Three days on paper without a line.
        ward = one.settlement["fixmedins_code"]
        city.plant("MI-04", ward, f"person:{person.number}", one.mdtrt_id, rule="a")


def _newborn(city: City) -> None:
    """The newborn lies elsewhere under the mother's number: the flag, or the infant's age with
    an obstetric stay by diagnosis, by type of care or by department.
    """
    other = items.Illness("Z34.900", "正常妊娠监督", (20, 40), items.EVEN)
    birth = items.BIRTH._replace(dept="03")
    by_age = {"infant_days": "3"}
    _mother(city, items.BIRTH, "52", {"newborn_flag": "1"})
    _mother(city, birth, "21", by_age)
    _mother(city, other, "52", by_age)
    _mother(city, other._replace(dept="05"), "21", by_age)
    _mother(city, birth, "21", {}, born_here=True)


def _mother(
    city: City,
    ill: items.Illness,
    med_type: str,
    infant: Cells,
    *,
    born_here: bool = False,
) -> None:
    day, mother = city.day(), city.cast(24, 36, sex=2)
    born = day + timedelta(1)
    sick = items.Illness("P59.900", "新生儿黄疸", (0, 0), items.EVEN)
    cells = {"brdy": born.isoformat()} if born_here else {}
    one = city.records.stay(
        mother, city.ward(), day, day + timedelta(7), ill=ill, med_type=med_type
    )
    other = city.records.stay(
        mother,
        city.ward(),
        day + timedelta(3),
        day + timedelta(9),
        ill=sick,
        cells=cells,
        inpatient=infant,
    )
    _pair(city, one, other, mother, "NEWBORN")


def _home_bed(city: City) -> None:
    for _ in range(3):
        _two(city, city.cast(), city.day(), "HOME_BED", {"home_bed_flag": "1"})


def _merged(city: City) -> None:
    """One house with two codes: an old and a new one, or two campuses."""
    pairs: tuple[tuple[Institution, Institution], ...] = (
        city.places.merged, city.places.merged, city.places.campuses, city.places.campuses,
    )  # fmt: skip
    for here, there in pairs:
        day, person = city.day(), city.cast()
        one = city.records.stay(person, here, day, day + timedelta(9))
        other = city.records.stay(person, there, day + timedelta(6), day + timedelta(11))
        _pair(city, one, other, person, "MERGED_INSTITUTION")


def _one_night(city: City) -> None:
    """One shared night is not more than one."""
    for _ in range(3):
        day, person = city.day(), city.cast()
        one = city.records.stay(person, city.ward(), day, day + timedelta(9))
        other = city.records.stay(person, city.ward(), day + timedelta(8), day + timedelta(12))
        _pair(city, one, other, person, "OVERLAP")
