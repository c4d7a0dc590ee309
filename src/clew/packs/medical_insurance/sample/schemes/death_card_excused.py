"""MI-01 look-alikes: each would be a clue but for the one thing it is named after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from clew.packs.medical_insurance.sample import items, papers
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.records import Line, Pay, at, stamp
from clew.packs.medical_insurance.sample.schemes.death_card import FUND, deceased, purchase


def plant(city: City) -> None:
    for make in (
        _reversed, _late_settlement, _same_stay, _informant, _mutual_aid, _alive_face,
        _alive_elsewhere, _revoked, _mortuary, _pending, _upper_bound, _no_payment,
    ):  # fmt: skip
        make(city)


def _excused(city: City, person: Person, day: date, code: str) -> None:
    city.plant("MI-01", person.number, day.isoformat(), excluded_by=code)


def _reversed(city: City) -> None:
    for pointer in (True, True, False):
        day = city.day()
        person = deceased(city, day)
        visit = purchase(city, person, day + timedelta(4))
        city.records.reverse(visit, visit.settled + timedelta(1), pointer=pointer)
        _excused(city, person, day, "REVERSED")


def _late_settlement(city: City) -> None:
    """Died in hospital, or bought medicine while alive; only the paper came later."""
    for _ in range(3):
        day = city.day()
        person = deceased(city, day)
        city.records.stay(
            person, city.ward(), day - timedelta(13), day, way="5",
            settled=at(day + timedelta(23), 11),
        )  # fmt: skip
        _excused(city, person, day, "LATE_SETTLEMENT")
    day = city.day()
    person = deceased(city, day)
    settled = at(day + timedelta(12), 10)
    begin = at(day - timedelta(3), 9)
    city.records.visit(
        person,
        city.pharmacy(),
        begin,
        FUND,
        med_type="41",
        settled=settled,
        cells={"setl_way": "2"},
    )
    _excused(city, person, day, "LATE_SETTLEMENT")


def _same_stay(city: City) -> None:
    """The stay that death ended was closed, and charged, one day later."""
    for _ in range(3):
        day = city.day()
        person, after = deceased(city, day), day + timedelta(1)
        city.records.stay(person, city.ward(), day - timedelta(6), after, way="5", last_fee=after)
        _excused(city, person, day, "SAME_STAY")


def _informant(city: City) -> None:
    """The typist entered the number of the relative who reported the death."""
    for _ in range(3):
        day = city.day()
        dead, informant = city.cast(70, 90), city.cast(35, 60)
        papers.health_death(city, dead, stamp(at(day, 5)), day, number=informant.number)
        papers.police_death(city, dead, day, day + timedelta(6))
        purchase(city, informant, day + timedelta(4))
        _excused(city, informant, day, "LINK_BELOW_T1")


def _mutual_aid(city: City) -> None:
    for relation in ("child", "child", "spouse"):
        day = city.day()
        owner, patient = deceased(city, day), city.cast(30, 60)
        papers.bind(city, owner, patient, day - timedelta(200), relation)
        pay = Pay(fund=3000, aid=4200, owner=owner.number)
        purchase(city, patient, day + timedelta(4), pay)
        _excused(city, owner, day, "MUTUAL_AID")


def _alive_face(city: City) -> None:
    """The person showed a face after the day on which the papers say they died."""
    for _ in range(3):
        day = city.day()
        person = deceased(city, day)
        purchase(city, person, day + timedelta(4))
        purchase(city, person, day + timedelta(30), cells={"verify_mode": "face"})
        _excused(city, person, day, "ALIVE_EVIDENCE")


def _alive_elsewhere(city: City) -> None:
    """A border, a tax office or a registrar saw the person after that day."""
    employer = papers.employer(city.births)

    def crossed(person: Person, day: date) -> None:
        papers.travel(city, person, day + timedelta(16), day + timedelta(27))

    def worked(person: Person, day: date) -> None:
        papers.wage(city, person, (day.replace(day=1) + timedelta(32)).replace(day=1), employer)

    def married(person: Person, day: date) -> None:
        papers.marry(city, person, city.cast(40, 60), day + timedelta(21))

    evidence: tuple[Callable[[Person, date], None], ...] = (crossed, worked, married)
    for seen in evidence:
        for _ in range(3):
            day = city.day()
            person = city.cast(40, 60)
            papers.die(city, person, day)
            purchase(city, person, day + timedelta(4))
            seen(person, day)
            _excused(city, person, day, "ALIVE_EVIDENCE")


def _revoked(city: City) -> None:
    for _ in range(3):
        day = city.day()
        person = city.cast(40, 70)
        papers.judge(city, person, "declared", day)
        papers.judge(city, person, "revoked", day + timedelta(61))
        purchase(city, person, day + timedelta(20))
        _excused(city, person, day, "DECLARED_REVOKED")


def _mortuary(city: City) -> None:
    """The last service of all, wrongly charged to the fund."""
    for item in (items.MORTUARY, items.MORTUARY, items.AUTOPSY):
        day = city.day()
        person = deceased(city, day)
        when = at(day + timedelta(1), 9, 30)
        pay = Pay(fund=item.price * 6 // 10, account=item.price * 4 // 10)
        city.records.visit(person, city.ward(), when, pay, lines=[Line(item, when)])
        _excused(city, person, day, "MORTUARY_ITEMS")


def _pending(city: City) -> None:
    """Two departments hold dates weeks apart, and the service lies between them."""
    for _ in range(3):
        day = city.day()
        person, later = city.cast(66, 90), day + timedelta(46)
        papers.health_death(city, person, stamp(at(day, 3)), day)
        papers.police_death(city, person, later, later)
        purchase(city, person, day + timedelta(15))
        _excused(city, person, later, "PENDING_DEATH_DATE")


def _upper_bound(city: City) -> None:
    """Nobody holds a date of death, only days by which the person was dead."""
    for cremated in (True, True, False):
        day = city.day()
        person = city.cast(66, 90)
        papers.police_death(city, person, None, day + timedelta(12))
        if cremated:
            papers.cremation(city, person, day)
        bound = day if cremated else day + timedelta(12)
        purchase(city, person, bound + timedelta(4))
        _excused(city, person, bound, "ONLY_UPPER_BOUND")


def _no_payment(city: City) -> None:
    for _ in range(3):
        day = city.day()
        person = deceased(city, day)
        purchase(city, person, day + timedelta(4), Pay(cash=7600))
        _excused(city, person, day, "NO_PAYMENT")
