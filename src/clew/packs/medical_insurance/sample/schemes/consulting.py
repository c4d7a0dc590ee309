"""Outpatient visits that planted cases fill with lines of their own, and reports of them."""

from __future__ import annotations

from datetime import date, datetime

from clew.packs.medical_insurance.sample import items
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.items import EVEN, Illness, Item
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import (
    Cells,
    Line,
    Pay,
    Visit,
    at,
    delivery_of,
    stamp,
)

PNEUMONIA = Illness("J18.900", "肺炎", (1, 99), EVEN)
STROKE = Illness("I69.300", "脑梗死后遗症", (40, 99), EVEN)


def see(
    city: City,
    place: Institution,
    day: date,
    *,
    person: Person | None = None,
    hour: int = 0,
    ill: Illness = PNEUMONIA,
    med_type: str = "11",
    cells: Cells | None = None,
) -> tuple[Person, Visit]:
    """A visit at some hour of the morning, with nothing on the bill but the consultation."""
    person = person or city.cast()
    when = at(day, hour or city.rng.randint(8, 11), city.rng.randrange(60))
    visit = city.records.visit(
        person, place, when, Pay(600, 300, 100), med_type=med_type, ill=ill,
        lines=[Line(items.CONSULT, when)], cells=cells,
    )  # fmt: skip
    return person, visit


def report(
    city: City, place: Institution, item: Item, when: datetime, system: str = "PACS", **cells: str
) -> None:
    """A row of the institution's own log."""
    usual = {"result_status": "ok", "cnt": "1"}
    city.records.add(
        "mi_lab_log", delivery_of(when.date()), report_id=f"BG{city.records.number()}",
        fixmedins_code=place.code, system=system, med_list_codg=item.code, exam_time=stamp(when),
        **(usual | cells),
    )  # fmt: skip
