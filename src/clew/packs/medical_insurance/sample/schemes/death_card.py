"""MI-01: cards of the dead that are still used."""

from __future__ import annotations

from datetime import date, timedelta

from clew.packs.medical_insurance.sample import papers
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Cells, Pay, Visit, at, stamp

FUND = Pay(fund=8600, account=2400)
ACCOUNT = Pay(account=9800)
STORY = "pharmacy_of_the_dead"


def purchase(
    city: City,
    person: Person,
    day: date,
    pay: Pay = FUND,
    *,
    place: Institution | None = None,
    hour: int = 15,
    cells: Cells | None = None,
) -> Visit:
    """A purchase without fee lines and without a face shown."""
    place = place or city.pharmacy()
    return city.records.visit(person, place, at(day, hour, 20), pay, med_type="41", cells=cells)


def deceased(city: City, day: date) -> Person:
    """An old person whose death on `day` three departments hold."""
    person = city.cast(66, 90)
    city.ordinary(person, day)
    papers.die(city, person, day)
    return person


def plant(city: City) -> None:
    _high(city)
    _medium(city)
    _low(city)


def _clue(
    city: City, person: Person, day: date, severity: str, *visits: Visit, story: str = ""
) -> None:
    """A clue of MI-01; each day on which the fund paid, on one of `visits`, is one of MI-08 too."""
    city.plant("MI-01", person.number, day.isoformat(), severity=severity, story=story)
    for visit in visits:
        place, begun = visit.settlement["fixmedins_code"], visit.settlement["begntime"]
        for served in sorted({t[:10] for t in [f["fee_ocur_time"] for f in visit.fees] or [begun]}):
            city.plant("MI-08", person.number, place, served, rule="a")


def _high(city: City) -> None:
    """Many purchases, a stay in hospital, or a counter that knows several of the dead."""
    for _ in range(3):
        day = city.day()
        person, place = deceased(city, day), city.pharmacy()
        visits = [
            purchase(city, person, day + timedelta(gap), place=place) for gap in (4, 11, 19, 40)
        ]
        _clue(city, person, day, "H", *visits)
    for _ in range(3):
        day = city.day()
        person = deceased(city, day)
        stay = city.records.stay(person, city.ward(), day + timedelta(5), day + timedelta(11))
        _clue(city, person, day, "H", stay)
    counter = city.places.pharmacies[0]
    for n in range(5):
        day = date(2023, 2, 3) + timedelta(days=27 * n + city.rng.randrange(9))
        person = deceased(city, day)
        gap = timedelta(city.rng.randint(3, 20))
        visit = purchase(city, person, day + gap, place=counter)
        _clue(city, person, day, "H", visit, story=STORY)


def _medium(city: City) -> None:
    """One purchase paid by the fund, the death known in different ways."""
    for _ in range(3):
        day = city.day()
        _once(city, deceased(city, day), day)
    _one_day_apart(city)
    _only_police(city)
    _only_month(city)
    _declared(city)
    _partly_reversed(city)
    _late(city)


def _once(city: City, person: Person, day: date) -> None:
    _clue(city, person, day, "M", purchase(city, person, day + timedelta(4)))


def _one_day_apart(city: City) -> None:
    """Health and police two days apart: agreed, the later one counts."""
    day = city.day()
    person = city.cast(66, 90)
    papers.die(city, person, day, police=day + timedelta(2))
    _once(city, person, day + timedelta(2))


def _only_police(city: City) -> None:
    day = city.day()
    person = city.cast(66, 90)
    papers.police_death(city, person, day, day + timedelta(9))
    _once(city, person, day)


def _only_month(city: City) -> None:
    """A certificate that names the month alone means its last day."""
    person = city.cast(66, 90)
    papers.health_death(city, person, "2023年3月", date(2023, 3, 20))
    _once(city, person, date(2023, 3, 31))


def _declared(city: City) -> None:
    """Declared dead by a court, never revoked: the day of the judgment."""
    day = city.day()
    person = city.cast(50, 70)
    papers.judge(city, person, "declared", day)
    _once(city, person, day)


def _partly_reversed(city: City) -> None:
    day = city.day()
    person = deceased(city, day)
    visit = purchase(city, person, day + timedelta(4))
    city.records.reverse(visit, at(date(2023, 10, 9)), percent=40)
    _clue(city, person, day, "M", visit)


def _late(city: City) -> None:
    """The row reaches the office with the last delivery."""
    day = date(2023, 2, 14)
    person = deceased(city, day)
    begin = at(day + timedelta(6), 16)
    uploaded = stamp(at(date(2023, 9, 21), 9))
    visit = city.records.visit(
        person,
        city.pharmacy(),
        begin,
        FUND,
        med_type="41",
        delivery=2,
        cells={"upload_time": uploaded},
    )
    _clue(city, person, day, "M", visit)


def _low(city: City) -> None:
    """Only the personal account paid: relatives, and no fraud upon the fund."""
    for gaps in ((4,), (9,), (20, 24, 31, 38)):
        day = city.day()
        person = deceased(city, day)
        place = city.pharmacy()
        for gap in gaps:
            purchase(city, person, day + timedelta(gap), ACCOUNT, place=place)
        _clue(city, person, day, "L")
