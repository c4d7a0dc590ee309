"""MI-25: institutions under sanction that go on billing."""

from __future__ import annotations

from datetime import date, timedelta

from clew.packs.medical_insurance.sample import items
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Cells, Line, Pay, Visit, at
from clew.packs.medical_insurance.sample.truth import BASE

SINCE, UNTIL = date(2023, 2, 1), date(2023, 4, 10)
REHAB, WARD = "19", "03"
FUND = Pay(fund=7_400, account=2_600, cash=1_000)


def plant(city: City) -> None:
    _pharmacy(city)
    _ended(city)
    _ward(city)
    _department(city)
    _transfers(city)


def _sanctioned(
    city: City, kind: str, div: str, status: str, *, last: date | None = UNTIL, **cells: str
) -> Institution:
    """An institution of its own with an agreement, and a sanction from SINCE on."""
    place = city.open(kind, div)
    _agree(city, place, "signed", date(2020, 1, 1))
    _agree(city, place, status, SINCE, last, **({"critical_transfer": "0"} | cells))
    return place


def _agree(
    city: City, place: Institution, status: str, first: date, last: date | None = None, **cells: str
) -> None:
    city.register(
        "mi_agreement",
        fixmedins_code=place.code,
        status=status,
        start_date=first.isoformat(),
        end_date=last.isoformat() if last else "",
        doc_no=f"温医保处〔{first.year}〕{city.rng.randint(1, 400)}号",
        **cells,
    )


def _planted(city: City, place: Institution, visit: Visit, code: str = "") -> None:
    city.plant("MI-25", place.code, visit.mdtrt_id, excluded_by=code, severity="H")


def _seen(
    city: City,
    place: Institution,
    day: date,
    code: str = "",
    *,
    settled: date | None = None,
    cells: Cells | None = None,
) -> Visit:
    """A visit of two lines at that institution."""
    begin = at(day, 10, city.rng.randrange(60))
    med_type = "41" if place.kind == "pharmacy" else "11"
    lines = [Line(items.DRUGS[n], begin, 1, days=5) for n in (3, 5)]
    visit = city.records.visit(
        city.cast(), place, begin, FUND, med_type=med_type, lines=lines, cells=cells,
        settled=at(settled, 9) if settled else None,
    )  # fmt: skip
    _planted(city, place, visit, code)
    return visit


def _pharmacy(city: City) -> None:
    """Suspended for some weeks; what was served before or after is no matter."""
    place = _sanctioned(city, "pharmacy", "330304", "suspended")
    for day in (SINCE, SINCE + timedelta(20), UNTIL):
        _seen(city, place, day)
    for pointer in (True, True, False):
        visit = _seen(city, place, SINCE + timedelta(9), "REVERSED")
        city.records.reverse(visit, visit.settled + timedelta(2), pointer=pointer)
    for day in (SINCE - timedelta(1), UNTIL + timedelta(1), UNTIL + timedelta(30)):
        _seen(city, place, day, BASE)
    for n in (3, 9, 15):
        day = SINCE - timedelta(n)
        _seen(city, place, day, "DURING", settled=SINCE + timedelta(n))


def _ended(city: City) -> None:
    """Terminated until the agreement was signed again, whatever the register's end says."""
    place = _sanctioned(city, "clinic", "330326", "terminated", last=SINCE)
    again = date(2023, 4, 20)
    _agree(city, place, "signed", again)
    for n in (5, 40, 70):
        _seen(city, place, SINCE + timedelta(n))
    for n in (0, 10):
        _seen(city, place, again + timedelta(n), BASE)


def _ward(city: City) -> None:
    """Interrupted and not taken up again: who lay there may stay, nobody may come."""
    place = _sanctioned(city, "township", "330327", "interrupted", last=None)
    for n in (0, 12, 90):
        _stay(city, place, SINCE + timedelta(n))
    for n in (1, 3, 5):
        _stay(city, place, SINCE - timedelta(n), "ADMITTED_BEFORE")


def _stay(
    city: City, place: Institution, admitted: date, code: str = "", inpatient: Cells | None = None
) -> Visit:
    visit = city.records.stay(
        city.cast(), place, admitted, admitted + timedelta(7), inpatient=inpatient
    )
    _planted(city, place, visit, code)
    return visit


def _department(city: City) -> None:
    """One department alone is suspended: only what it charged counts."""
    place = _sanctioned(city, "township", "330328", "suspended", dept_codg=REHAB)
    for n in (4, 18, 33):
        visit = _seen(city, place, SINCE + timedelta(n))
        for fee, dept in zip(visit.fees, (WARD, REHAB), strict=True):
            fee["bilg_dept_codg"] = dept
    for n in (6, 21, 35):
        visit = _seen(city, place, SINCE + timedelta(n), BASE)
        for fee in visit.fees:
            fee["bilg_dept_codg"] = WARD


def _transfers(city: City) -> None:
    """Critical transfers are allowed: emergencies, at the door or by ambulance into the ward."""
    place = _sanctioned(city, "township", "330329", "suspended", critical_transfer="1")
    for n in (2, 8):
        _seen(city, place, SINCE + timedelta(n), "CRITICAL_TRANSFER", cells={"emer_flag": "1"})
    for n in (13, 25):
        day = SINCE + timedelta(n)
        _stay(city, place, day, "CRITICAL_TRANSFER", inpatient={"emer_flag": "1"})
    _seen(city, place, SINCE + timedelta(30))
