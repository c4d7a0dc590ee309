"""MI-13: the next box before the last one is empty."""

from __future__ import annotations

from datetime import date, timedelta

from clew.packs.medical_insurance.sample import items
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.items import SUBSTANCE, Illness, Item
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Line, Pay, Visit, at
from clew.packs.medical_insurance.sample.schemes.charging import charge
from clew.packs.medical_insurance.sample.truth import BASE

METFORMIN = items.DRUGS[0]
DIABETES = next(i for i in items.VISITS if i.code.startswith("E11"))
BOX = items.DOSES[METFORMIN.code].days
EARLY = (10, 3, 20)
"""Days after which thirty days' supply is dispensed again."""


def plant(city: City) -> None:
    for n in range(3):
        _again(city, after=EARLY[n])
        _again(city, doctor=True, after=EARLY[n])
        visit = _again(city, "REVERSED")
        city.records.reverse(visit, at(date(2023, 10, 16)), pointer=n > 0)
        _again(city, "DOSE_CHANGE", doses=("0.5g", "1.0g"))
        _again(city, BASE, after=21 + n)
        _discharged(city)


def _hand_out(
    city: City, person: Person, place: Institution, day: date, item: Item, days: int, dose: str
) -> Visit:
    when = at(day, 9 + city.rng.randrange(8), 25)
    price = item.price
    visit = city.records.visit(
        person, place, when, Pay(price * 5 // 10, price - price * 5 // 10),
        med_type="41" if place.kind == "pharmacy" else "11", ill=DIABETES,
        lines=[Line(item, when, days=days)],
    )  # fmt: skip
    visit.fees[0].update(sin_dos_dscr=dose, used_frqu_dscr="每日两次")
    return visit


def _case(
    city: City, place: Institution, person: Person, item: Item, day: date, code: str
) -> None:
    city.plant(
        "MI-13", place.code, f"person:{person.number}", item.code[:SUBSTANCE], day.isoformat(),
        excluded_by=code, severity="L",
    )  # fmt: skip


def _again(
    city: City,
    code: str = "",
    *,
    after: int = 12,
    doctor: bool = False,
    doses: tuple[str, str] = ("0.5g", "0.5g"),
) -> Visit:
    """A box, and another one some days later."""
    person, day = city.cast(), city.day()
    place = city.rng.choice(city.places.clinics) if doctor else city.pharmacy()
    again = day + timedelta(after)
    _hand_out(city, person, place, day, METFORMIN, BOX, doses[0])
    visit = _hand_out(city, person, place, again, METFORMIN, BOX, doses[1])
    _case(city, place, person, METFORMIN, again, code)
    return visit


def _discharged(city: City) -> None:
    """A week's supply on the way home, and the doctor's own soon after."""
    person, place, day = city.cast(), city.ward(), city.day()
    left = day + timedelta(8)
    ill = Illness("E11.900", DIABETES.name, (40, 99), items.EVEN)
    stay = city.records.stay(person, place, day, left, ill=ill)
    charge(
        city, stay, METFORMIN, at(left, 10), prd_days="7", sin_dos_dscr="0.5g",
        used_frqu_dscr="每日两次",
    )  # fmt: skip
    again = left + timedelta(2)
    _hand_out(city, person, place, again, METFORMIN, BOX, "0.5g")
    _case(city, place, person, METFORMIN, again, "DISCHARGE_MEDICATION")
