"""MI-27: served elsewhere while lying in a ward."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from clew.packs.medical_insurance.sample import items, papers
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Cells, Line, Pay, Visit, at
from clew.packs.medical_insurance.sample.schemes.death_card import FUND

Excuse = Callable[[Person, date, Visit], None]
NIGHTS = 9


def plant(city: City) -> None:
    for make in (
        _outside, _reversed, _on_leave, _contracted, _picked_up, _posted, _newborn, _mutual_aid,
        _home_bed, _ended_before, _on_the_edge, _same_house,
    ):  # fmt: skip
        make(city)


def _case(
    city: City,
    code: str = "",
    *,
    after: int = 4,
    excuse: Excuse | None = None,
    last_fee: int = 0,
    place: Institution | None = None,
    ward: Institution | None = None,
    cells: Cells | None = None,
    inpatient: Cells | None = None,
) -> Visit:
    """A stay of nine nights and a service `after` days into it, at `place` or some pharmacy."""
    day, person = city.day(), city.cast()
    city.ordinary(person, day)
    stay = city.records.stay(
        person,
        ward or city.ward(),
        day,
        day + timedelta(NIGHTS),
        last_fee=day + timedelta(last_fee) if last_fee else None,
        inpatient=inpatient,
    )
    when = at(day + timedelta(after), 10, 30)
    visit = city.records.visit(
        person, place or city.pharmacy(), when, FUND, med_type="11" if place else "41",
        cells=cells,
    )  # fmt: skip
    if excuse:
        excuse(person, when.date(), stay)
    city.plant("MI-27", person.number, visit.mdtrt_id, excluded_by=code)
    if last_fee:
        # The days on paper after that have no line.
        house = stay.settlement["fixmedins_code"]
        city.plant("MI-04", house, f"person:{person.number}", stay.mdtrt_id, rule="a")
    return visit


def _outside(city: City) -> None:
    for after in (1, NIGHTS - 1, 4):
        _case(city, after=after)
    _case(city, place=city.ward())


def _reversed(city: City) -> None:
    """Taken back months later, with the last delivery."""
    for n, pointer in enumerate((True, True, False)):
        visit = _case(city, "REVERSED")
        city.records.reverse(visit, at(date(2023, 9, 10 + n)), pointer=pointer)


def _on_leave(city: City) -> None:
    def leave(person: Person, day: date, stay: Visit) -> None:
        papers.leave(city, stay, at(day, 8), at(day, 17))

    for _ in range(3):
        _case(city, "APPROVED_LEAVE", excuse=leave)


def _contracted(city: City) -> None:
    """The ward sends its patients to a partner for an examination."""
    for partner in city.places.partners:
        ward = city.ward()
        papers.register(city, "contract_exam", ward.code, partner_code=partner.code, name="CT")
        day, person = city.day(), city.cast()
        city.records.stay(person, ward, day, day + timedelta(NIGHTS))
        when = at(day + timedelta(3), 10, 30)
        price = items.CT.price
        pay = Pay(fund=price // 2, account=price // 2)
        visit = city.records.visit(person, partner, when, pay, lines=[Line(items.CT, when)])
        city.plant("MI-27", person.number, visit.mdtrt_id, excluded_by="CONTRACTED_EXAM")


def _picked_up(city: City) -> None:
    def filed(person: Person, day: date, stay: Visit) -> None:
        relative = city.cast(25, 60)
        papers.file(
            city, person, "pickup", day - timedelta(60), day + timedelta(120),
            collector_certno=relative.number, collector_name=relative.name,
        )  # fmt: skip

    for _ in range(3):
        _case(city, "RELATIVE_PICKUP", excuse=filed)


def _posted(city: City) -> None:
    def filed(person: Person, day: date, stay: Visit) -> None:
        papers.file(
            city, person, "long_rx", day - timedelta(40), day + timedelta(40), post_flag="1",
            days="84",
        )  # fmt: skip

    for _ in range(3):
        _case(city, "POSTED_LONG_RX", excuse=filed)


def _newborn(city: City) -> None:
    """Infant and mother share her number: one lies in the ward, the other goes elsewhere."""
    for flagged in (True, True, False, False):
        day, mother = city.day(), city.cast(24, 36, sex=2)
        ill = items.Illness("P59.900", "新生儿黄疸", (0, 0), items.EVEN)
        if flagged:
            extra = {"newborn_flag": "1", "infant_days": "4"}
            city.records.stay(
                mother, city.ward(), day, day + timedelta(7), ill=ill, inpatient=extra
            )
            outside: Cells = {}
        else:
            city.records.stay(
                mother, city.ward(), day, day + timedelta(7), ill=items.BIRTH, med_type="52"
            )
            outside = {"brdy": (day + timedelta(1)).isoformat()}
        when = at(day + timedelta(4), 10)
        visit = city.records.visit(mother, city.ward(), when, FUND, ill=ill, cells=outside)
        city.plant("MI-27", mother.number, visit.mdtrt_id, excluded_by="NEWBORN")


def _mutual_aid(city: City) -> None:
    """The account of the one in the ward pays for a relative at a counter."""
    for relation in ("child", "parent", "spouse"):
        day, owner, patient = city.day(), city.cast(), city.cast(20, 80)
        papers.bind(city, owner, patient, day - timedelta(150), relation)
        city.records.stay(owner, city.ward(), day, day + timedelta(NIGHTS))
        pay = Pay(fund=2600, aid=5100, owner=owner.number)
        when = at(day + timedelta(3), 16)
        visit = city.records.visit(patient, city.pharmacy(), when, pay, med_type="41")
        city.plant("MI-27", owner.number, visit.mdtrt_id, excluded_by="MUTUAL_AID")


def _home_bed(city: City) -> None:
    for _ in range(3):
        _case(city, "HOME_BED", inpatient={"home_bed_flag": "1"})


def _ended_before(city: City) -> None:
    """Nothing was charged in the ward after the fourth day."""
    for after in (6, 7, 8):
        _case(city, "ENDED_BEFORE", after=after, last_fee=4)


def _on_the_edge(city: City) -> None:
    """On the way in and on the way out one may still buy something."""
    for after in (0, NIGHTS, NIGHTS):
        _case(city, "INSIDE", after=after)


def _same_house(city: City) -> None:
    """Another code, not another institution."""
    for ward, place in (
        city.places.campuses,
        city.places.campuses,
        city.places.merged,
    ):
        _case(city, "OTHER_INSTITUTION", ward=ward, place=place)
