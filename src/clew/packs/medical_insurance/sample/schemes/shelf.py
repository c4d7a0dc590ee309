"""Drugs that only planted cases sell, and purchases of one line."""

from __future__ import annotations

from datetime import date, datetime

from clew.packs.medical_insurance.sample import items
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.items import SUBSTANCE, Illness, Item
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Line, Pay, Visit, at

COLD, CANCER = items.VISITS[0], Illness("C34.900", "肺恶性肿瘤", (40, 99), items.EVEN)


def drug(city: City, number: int, name: str, price: int, **cells: str) -> Item:
    """A drug of which a box lasts seven days, for lung cancer; `cells` go into mi_drug."""
    code = f"XB{number:02d}BAB{number:03d}A001010{number:03d}{number:04d}"
    city.register(
        "mi_catalogue", med_list_codg=code, name=name, list_type="drug", kind="drug", unit="盒",
        start_date="2020-01-01",
    )  # fmt: skip
    usual = {
        "substance": code[:SUBSTANCE],
        "dose_per_unit": "700",
        "max_daily_dose": "100",
        "dose_unit": "mg",
        "child_only": "0",
        "resale_flag": "0",
    }
    city.register("mi_drug", med_list_codg=code, start_date="2020-01-01", **(usual | cells))
    city.register("mi_drug_indication", substance=code[:SUBSTANCE], icd_category="C34")
    return Item(code, name, "drug", "drug", "盒", price)


def buy(
    city: City,
    person: Person,
    place: Institution,
    when: date | datetime,
    *sold: tuple[Item, int],
    ill: Illness = COLD,
    cash: bool = False,
    cells: dict[str, str] | None = None,
) -> Visit:
    """Items and their numbers on one bill of a pharmacy, or of a clinic; settled at once."""
    moment = when if isinstance(when, datetime) else at(when, 9 + city.rng.randrange(9), 12)
    lines = [Line(item, moment, count) for item, count in sold]
    total = sum(line.amount for line in lines)
    pay = Pay(cash=total) if cash else Pay(total * 3 // 10, total - total * 3 // 10)
    return city.records.visit(
        person, place, moment, pay, med_type="41" if place.kind == "pharmacy" else "11", ill=ill,
        lines=lines, settled=moment, cells=cells,
    )  # fmt: skip


def programme(
    city: City, kind: str, place: Institution, *people: Person, **cells: str
) -> None:
    """A registered programme with its members, all the time."""
    number = f"XM{city.records.number()}"
    city.register(
        "mi_programme", prog_id=number, kind=kind, fixmedins_code=place.code,
        start_date="2022-01-01", **cells,
    )  # fmt: skip
    for person in people:
        city.records.add(
            "mi_resident", 0, prog_id=number, certno=person.number, psn_name=person.name,
            start_date="2022-02-01",
        )  # fmt: skip
