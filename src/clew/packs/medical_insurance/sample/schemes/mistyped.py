"""Numbers with one letter in place of a digit: repaired where name and birth agree (tier T2).

Such a link supports a clue whose subject must be confirmed first; where the detector asks for more
it only reaches the review list.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from clew.packs.medical_insurance.sample import papers
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.records import at
from clew.packs.medical_insurance.sample.schemes.death_card import FUND, deceased, purchase
from clew.packs.medical_insurance.sample.truth import BASE

LOOK_ALIKES = {"0": "O", "1": "I", "5": "S"}
BIRTH = range(6, 14)


def plant(city: City) -> None:
    _sold_to_the_dead(city)
    _certificate(city)
    _two_wards(city)
    _pharmacy(city)


def _mistyped(person: Person, name: str = "") -> Person:
    """The person as a careless clerk enters them: the last digit that a letter resembles, outside
    the date of birth, has become that letter, and no insured number helps out.
    """
    number = person.number
    place = max(i for i, c in enumerate(number) if c in LOOK_ALIKES and i not in BIRTH)
    written = number[:place] + LOOK_ALIKES[number[place]] + number[place + 1 :]
    return replace(person, number=written, psn_no="", name=name or person.name)


def _sold_to_the_dead(city: City) -> None:
    for _ in range(2):
        day = city.day()
        person = deceased(city, day)
        purchase(city, _mistyped(person), day + timedelta(4))
        city.plant("MI-01", person.number, day.isoformat(), excluded_by="LINK_BELOW_T1")


def _certificate(city: City) -> None:
    """The only record of the death bears the mistyped number."""
    day = city.day()
    person = city.cast(66, 90)
    papers.health_death(city, _mistyped(person), day.isoformat(), day)
    purchase(city, person, day + timedelta(4))
    city.plant("MI-01", person.number, day.isoformat(), excluded_by="LINK_BELOW_T1")


def _two_wards(city: City) -> None:
    """Two overlapping pairs of stays, and a third whose bill bears another name."""
    for name in ("", "", city.births.name() + "某"):
        day, person = city.day(), city.cast()
        one = city.records.stay(person, city.ward(), day, day + timedelta(9))
        other = city.records.stay(
            _mistyped(person, name), city.ward(), day + timedelta(6), day + timedelta(11)
        )
        fact = sorted((one.mdtrt_id, other.mdtrt_id))
        city.plant("MI-05", person.number, *fact, excluded_by=BASE if name else "")


def _pharmacy(city: City) -> None:
    day, person = city.day(high=date(2023, 7, 20)), city.cast()
    city.records.stay(person, city.ward(), day, day + timedelta(9))
    visit = city.records.visit(
        _mistyped(person), city.pharmacy(), at(day + timedelta(4), 10, 30), FUND, med_type="41"
    )
    city.plant("MI-27", person.number, visit.mdtrt_id)
