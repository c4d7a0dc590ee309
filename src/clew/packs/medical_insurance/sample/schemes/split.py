"""MI-06: one illness billed as two stays."""

from __future__ import annotations

from datetime import date, timedelta

from clew.packs.medical_insurance.sample import items, papers
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.items import EVEN, Illness
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Cells, Visit
from clew.packs.medical_insurance.sample.truth import BASE

USUAL = items.STAYS[1]
FIRST_NIGHTS, SECOND_NIGHTS = 7, 6
# A rate counts what no exclusion takes out, in the months up to the readmission: an excused one is
# only looked at where others came before it.
EARLY = (date(2023, 1, 5), date(2023, 1, 15))
LATER = date(2023, 3, 1)


def plant(city: City) -> None:
    for make in (
        _readmitted, _reversed, _by_diagnosis, _staged, _emergency, _against_advice,
        _other_discharge, _unplanned, _too_late, _common,
    ):  # fmt: skip
        make(city)


def _again(
    city: City,
    code: str = "",
    *,
    gap: int = 6,
    ill: Illness = USUAL,
    place: Institution | None = None,
    day: date | None = None,
    person: Person | None = None,
    way: str = "1",
    others: tuple[str, ...] = (),
    second: Cells | None = None,
) -> Visit:
    """Two stays `gap` days apart; `way` is how the first ended, `second` describes the second."""
    place = place or city.places.split
    person = person or city.cast()
    day = day or city.day(LATER)
    city.ordinary(person, day)
    left = day + timedelta(FIRST_NIGHTS)
    city.records.stay(person, place, day, left, ill=ill, way=way)
    back = left + timedelta(gap)
    visit = city.records.stay(
        person, place, back, back + timedelta(SECOND_NIGHTS), ill=ill, others=others,
        inpatient=second,
    )  # fmt: skip
    city.plant("MI-06", place.code, f"person:{person.number}", visit.mdtrt_id, excluded_by=code)
    return visit


def _readmitted(city: City) -> None:
    for gap in (6, 3, 0):
        _again(city, gap=gap, day=city.day(*EARLY))
    for gap in (10, 1, 8):
        _again(city, gap=gap)


def _reversed(city: City) -> None:
    for pointer in (True, True, False):
        visit = _again(city, "REVERSED")
        city.records.reverse(visit, visit.settled + timedelta(2), pointer=pointer)


def _by_diagnosis(city: City) -> None:
    """Illnesses that are treated in rounds; one of each code by a further diagnosis only."""
    rounds = {
        "CHEMO_RADIO_DIALYSIS": ("Z51.100", "Z51.000", "Z49.100"),
        "OBSTETRICS": ("O60.000", "O20.000", "O24.900"),
        "BURNS": ("T23.300", "T24.300", "T31.000"),
        "TUBERCULOSIS": ("A15.000", "A15.300", "A15.000"),
    }
    for excuse, codes in rounds.items():
        for code in codes:
            person = city.cast(24, 38, sex=2) if excuse == "OBSTETRICS" else None
            _again(city, excuse, ill=Illness(code, "", (1, 99), EVEN), person=person)
    tumour = Illness("C34.900", "支气管或肺恶性肿瘤", (40, 99), EVEN)
    for gap in (6, 7):
        _again(city, "CHEMO_RADIO_DIALYSIS", gap=gap, ill=tumour, others=("Z51.100",))


def _staged(city: City) -> None:
    """An operation in two parts, filed beforehand and marked so."""
    stone = items.STAYS[6]
    for _ in range(3):
        day, person = city.day(LATER), city.cast()
        visit = _again(city, "STAGED_OPERATION", ill=stone, day=day, person=person)
        back = day + timedelta(FIRST_NIGHTS + 6)
        papers.operate(city, visit, back + timedelta(1), "55.0100", staged=True)
        papers.file(
            city, person, "staged", day, day + timedelta(90), diag_code=stone.code,
            fixmedins_code=city.places.split.code,
        )  # fmt: skip


def _emergency(city: City) -> None:
    """Marked planned, yet brought in at night and put into intensive care."""
    for hours in ("12", "30", "71"):
        _again(city, "EMERGENCY_ICU", second={"emer_flag": "1", "icu_hours": hours})


def _against_advice(city: City) -> None:
    for _ in range(3):
        _again(city, "AGAINST_ADVICE", way="4")


def _other_discharge(city: City) -> None:
    """The first stay ended by a transfer: it was not cut in two."""
    for way in ("2", "2", "3"):
        _again(city, "DISCHARGE", way=way)


def _unplanned(city: City) -> None:
    for planned in ("0", "", "0"):
        _again(city, "PLANNED", second={"planned_flag": planned, "emer_flag": "1"})


def _too_late(city: City) -> None:
    for gap in (11, 12, 14):
        _again(city, BASE, gap=gap)


def _common(city: City) -> None:
    """Where half of the level does it as often, nobody stands out."""
    for place in city.places.level3[:4]:
        for _ in range(2):
            day = date(2023, 9, 20) + timedelta(days=city.rng.randrange(10))
            _again(city, "RATE", place=place, day=day, gap=5)
