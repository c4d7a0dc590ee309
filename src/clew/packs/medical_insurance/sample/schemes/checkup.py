"""MI-07: a health check in a hospital bed."""

from __future__ import annotations

from datetime import date, timedelta

from clew.packs.medical_insurance.sample import items
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.items import ITEMS, Illness, Item
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Visit, at
from clew.packs.medical_insurance.sample.schemes.beds import Daily, found, lie_in
from clew.packs.medical_insurance.sample.schemes.charging import on_list, operate

GASTRITIS = next(i for i in items.VISITS if i.code.startswith("K29"))
SERIOUS = Illness("C16.900", "胃恶性肿瘤", (40, 99), items.EVEN)
NIGHTS = 2
ULTRASOUND, LIVER, XRAY = ITEMS["220301001"], ITEMS["250301001"], ITEMS["210103001"]
SET = (items.CT, ULTRASOUND), (LIVER, XRAY, items.BLOOD)
BED_ONLY = (items.BED, items.NURSING)


def plant(city: City) -> None:
    on_list(city, "mild", "K29")
    place = found(city, "township", "330327")
    for n in range(3):
        _case(city, place)
        visit = _case(city, place, "REVERSED")
        city.records.reverse(visit, at(date(2023, 10, 15)), pointer=n > 0)
        _case(city, place, "UNDER_THREE", person=city.cast(1, 2))
        _sent_on(city, place)
        _operated_later(city, place)
        _case(city, place, "MILD", ill=SERIOUS)
        _case(city, place, "EXAM_SHARE", sets=((ULTRASOUND,), (LIVER,)))
        _case(city, place, "TREAT_SHARE", sets=((*SET[0], items.INFUSION), (*SET[1], *_drips())))
        operated = _case(city, place, "NO_OPERATION")
        operate(city, operated, _begin(operated), "45.2300")


def _drips() -> tuple[Item, ...]:
    return (items.INFUSION,) * 5


def _begin(visit: Visit) -> date:
    return date.fromisoformat(visit.settlement["begntime"][:10])


def _case(
    city: City,
    place: Institution,
    code: str = "",
    *,
    person: Person | None = None,
    ill: Illness = GASTRITIS,
    sets: tuple[tuple[Item, ...], ...] = SET,
    **inpatient: str,
) -> Visit:
    """Two nights, and what is examined on either day."""
    person = person or city.cast()
    daily: Daily = {n: (*BED_ONLY, *examined) for n, examined in enumerate(sets)}
    visit = lie_in(city, person, place, city.day(), NIGHTS, daily, ill, **inpatient)
    city.plant(
        "MI-07", place.code, f"person:{person.number}", visit.mdtrt_id, excluded_by=code
    )
    return visit


def _sent_on(city: City, place: Institution) -> None:
    person = city.cast()
    visit = _case(city, place, "SERIOUS_DISEASE_RULED_OUT", person=person, dscg_way="2")
    left = _begin(visit) + timedelta(NIGHTS)
    city.records.stay(person, city.ward(), left, left + timedelta(9), ill=SERIOUS)


def _operated_later(city: City, place: Institution) -> None:
    person = city.cast()
    visit = _case(city, place, "SERIOUS_DISEASE_RULED_OUT", person=person)
    back = _begin(visit) + timedelta(NIGHTS + 20)
    later = city.records.stay(person, city.ward(), back, back + timedelta(9), ill=SERIOUS)
    operate(city, later, back + timedelta(2), "43.7x00")
