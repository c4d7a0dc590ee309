"""Wards whose admissions bear the same items: for MI-18 and MI-19."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from clew.packs.medical_insurance.sample import items
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.items import Illness
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

ADMISSIONS = 20
"""As few as a ward is looked at with."""

Bear = Callable[[int, Visit, date], None]
"""Charges the n-th admission, of that day, its own lines."""


def lodge(
    city: City,
    place: Institution,
    person: Person,
    day: date,
    nights: int,
    *,
    ill: Illness,
    inpatient: Cells | None = None,
) -> Visit:
    """A stay with infusions every day and nothing else; its lines are for others to add."""
    end = at(day + timedelta(nights), 14)
    drips = [Line(items.INFUSION, at(day + timedelta(n), 10), 10) for n in range(nights)]
    total = sum(line.amount for line in drips)
    visit = city.records.visit(
        person, place, at(day, 9), Pay(total * 6 // 10, 0, total - total * 6 // 10),
        med_type="21", ill=ill, lines=drips, settled=end + timedelta(hours=1), end=end,
    )  # fmt: skip
    number = delivery_of(visit.settled.date())
    usual = {
        "mdtrt_id": visit.mdtrt_id, "adm_time": stamp(at(day, 9)), "certno": person.number,
        "fixmedins_code": place.code, "dscg_time": stamp(end), "adm_dept": ill.dept,
        "dscg_way": "1", "emer_flag": "0", "planned_flag": "1", "icu_hours": "0",
        "newborn_flag": "0", "home_bed_flag": "0", "day_case_flag": "0",
    }  # fmt: skip
    city.records.add("mi_inpatient", number, **(usual | (inpatient or {})))
    city.records.add(
        "mi_diagnosis", number, mdtrt_id=visit.mdtrt_id, diag_srt_no="1", diag_type="1",
        diag_code=ill.code, diag_date=end.date().isoformat(),
    )  # fmt: skip
    return visit


def fill(
    city: City,
    place: Institution,
    ill: Illness,
    nights: int,
    months: list[tuple[date, Bear]],
) -> None:
    """A ward month by month: the same people again and again, each on another day."""
    people = [city.cast() for _ in range(ADMISSIONS)]
    for first, bear in months:
        for n, person in enumerate(people):
            day = first + timedelta(days=1 + n)
            bear(n, lodge(city, place, person, day, nights, ill=ill), day)
