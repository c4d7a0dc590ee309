"""Stays with a bill of one's own, at institutions that nobody else goes to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from clew.packs.medical_insurance.sample import places
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.items import Illness, Item
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

Daily = dict[int, tuple[Item, ...]]
"""What is charged on which day of a stay, counted from 0."""


def found(
    city: City, kind: str, div: str, *, beside: Institution | None = None, **cells: str
) -> Institution:
    """One more institution; `beside` another it lies about a kilometre away. `cells` replace those
    of its register row.
    """
    made = city.places.open(kind, div, "001")
    if beside:
        made = replace(made, lon=beside.lon + 0.01, lat=beside.lat)
    city.register("mi_institution", **(places.register_row(made) | cells))
    for row in places.department_rows(made):
        city.register("mi_dept", **row)
    return made


def lie_in(
    city: City,
    person: Person,
    place: Institution,
    first: date,
    nights: int,
    daily: Daily,
    ill: Illness,
    **inpatient: str,
) -> Visit:
    """A stay with the lines in `daily`; `inpatient` replace cells of the register of stays."""
    lines = [
        Line(item, at(first + timedelta(n), 10, city.rng.randrange(60)))
        for n, items_of_day in daily.items()
        for item in items_of_day
    ]
    total = sum(line.amount for line in lines)
    fund = total * 6 // 10
    account = (total - fund) // 2
    out = first + timedelta(nights)
    visit = city.records.visit(
        person, place, at(first, 9), Pay(fund, account, total - fund - account),
        med_type="21", ill=ill, lines=lines, settled=at(out, 15), end=at(out, 14),
    )  # fmt: skip
    number = delivery_of(out)
    usual: Cells = {
        "mdtrt_id": visit.mdtrt_id, "adm_time": stamp(at(first, 9)), "certno": person.number,
        "fixmedins_code": place.code, "dscg_time": stamp(at(out, 14)), "adm_dept": ill.dept,
        "bed_no": f"{ill.dept}{city.rng.randint(1, 60):02d}", "dscg_way": "1", "emer_flag": "0",
        "planned_flag": "1", "icu_hours": "0", "newborn_flag": "0", "home_bed_flag": "0",
        "day_case_flag": "0",
    }  # fmt: skip
    city.records.add("mi_inpatient", number, **(usual | inpatient))
    city.records.add(
        "mi_diagnosis", number, mdtrt_id=visit.mdtrt_id, diag_srt_no="1", diag_type="1",
        diag_code=ill.code, diag_date=out.isoformat(),
    )  # fmt: skip
    return visit
