"""MI-03: a village is fetched to the ward."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from clew.packs.medical_insurance.sample import items, papers
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.items import EVEN, Illness
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Cells, Visit
from clew.packs.medical_insurance.sample.truth import BASE

BACK_PAIN = Illness("M54.500", "腰痛", (25, 99), EVEN)
NIGHTS = 6
LISTS = (("infectious", "A05"), ("infectious", "A09"), ("mild", "M54.5"), ("mild", "J06"))
AFTER_HOLIDAYS = (date(2023, 1, 28), date(2023, 5, 5), date(2023, 6, 27))
COMPLAINT = "该院派车接送老人住院, 包吃住, 出院还返现"


def plant(city: City) -> None:
    for name, code in LISTS:
        city.register("mi_code_list", list=name, code=code, start_date="2020-01-01")
    for make in (
        _fetched, _colleagues, _reversed, _infected, _hurt, _screened, _day_cases, _home,
        _after_holiday, _too_few, _paid, _grave,
    ):  # fmt: skip
        make(city)


def _villagers(city: City, count: int, place: Institution) -> list[Person]:
    """Persons of one village that nobody else lives in."""
    village = f"{place.div}099{city.rng.randrange(241, 999)}"
    people = [replace(city.births.person(62, 80), village=village) for _ in range(count)]
    for person in people:
        city.enrol(person)
    return people


def _admit(
    city: City,
    people: Sequence[Person],
    place: Institution,
    day: date,
    *,
    ill: Illness = BACK_PAIN,
    cash: bool = False,
    weight: str = "0.42",
    referrer: str = "",
) -> list[Visit]:
    """Everybody within three days, one night after the other."""
    paid: Cells = {} if cash else {"psn_cash_pay": "0.00", "psn_part_amt": "0.00"}
    stays = []
    for n, person in enumerate(people):
        first = day + timedelta(n % 3)
        cells = {"drg_weight": weight, "emer_flag": "0", "referrer": referrer}
        stays.append(
            city.records.stay(
                person, place, first, first + timedelta(NIGHTS), ill=ill, cells=paid,
                inpatient=cells,
            )
        )
    return stays


def _place(city: City) -> Institution:
    return city.open("township", city.rng.choice(("330326", "330328", "330329")), "099")


def _day(city: City) -> date:
    """No first day within three days after a holiday of three days."""
    return city.day(date(2023, 2, 6), date(2023, 4, 20))


def _tell(
    city: City, place: Institution, day: date, where: str, code: str = "", severity: str = "H"
) -> None:
    city.plant(
        "MI-03", place.code, day.isoformat(), where, excluded_by=code, severity=severity
    )


def _fetched(city: City) -> None:
    for count, referrer in ((9, "王某某"), (5, ""), (7, "介绍站")):
        place, day = _place(city), _day(city)
        people = _villagers(city, count, place)
        _admit(city, people, place, day, referrer=referrer)
        _tell(city, place, day, people[0].village)
        city.records.add(
            "mi_complaint", 0, cmpl_no=f"TS{city.records.number()}",
            recv_date=(day + timedelta(count)).isoformat(), content=COMPLAINT,
            fixmedins_code=place.code, channel="12393",
        )  # fmt: skip


def _colleagues(city: City) -> None:
    """From different villages, of one employer."""
    place, day, employer = _place(city), _day(city), city.employer()
    people = [city.births.person(40, 58) for _ in range(6)]
    for person in people:
        city.enrol(person)
        city.records.rows["mi_person"][0][-1].cells["emp_uscc"] = employer.uscc
    _admit(city, people, place, day)
    _tell(city, place, day, employer.uscc)


def _cluster(
    city: City,
    code: str,
    *,
    ill: Illness = BACK_PAIN,
    day: date | None = None,
    count: int = 5,
    cash: bool = False,
    weight: str = "0.42",
) -> tuple[Institution, list[Person], list[Visit], date]:
    place, day = _place(city), day or _day(city)
    people = _villagers(city, count, place)
    stays = _admit(city, people, place, day, ill=ill, cash=cash, weight=weight)
    _tell(city, place, day, people[0].village, code)
    return place, people, stays, day


def _reversed(city: City) -> None:
    for _ in range(3):
        _, _, stays, _ = _cluster(city, "REVERSED")
        city.records.reverse(stays[1], stays[1].settled + timedelta(2))


def _infected(city: City) -> None:
    """The guests of one feast."""
    poisoned = Illness("A05.900", "细菌性食物中毒", (1, 99), EVEN)
    for _ in range(3):
        _cluster(city, "INFECTIOUS_SAME_CATEGORY", ill=poisoned, count=7)


def _hurt(city: City) -> None:
    bruised = Illness("S30.000", "腰背部挫伤", (1, 99), EVEN)
    for _ in range(3):
        _cluster(city, "ACCIDENT_POISONING", ill=bruised)


def _screened(city: City) -> None:
    for _ in range(3):
        place, people, _, _ = _cluster(city, "REGISTERED_PROGRAMME")
        papers.register(
            city, "screening", place.code, name="白内障复明", village=people[0].village
        )


def _day_cases(city: City) -> None:
    dialysis = Illness("Z49.100", "体外透析", (20, 99), EVEN)
    for _ in range(3):
        _cluster(city, "DAY_CASE_SERIES", ill=dialysis)


def _home(city: City) -> None:
    for n in range(3):
        place, people, _, _ = _cluster(city, "ATTACHED_NURSING_HOME")
        programme = f"YL{n}{city.records.number()}"
        city.records.add(
            "mi_programme", 0, prog_id=programme, kind="nursing_home", fixmedins_code=place.code,
            start_date="2022-01-01",
        )  # fmt: skip
        for person in people:
            city.records.add(
                "mi_resident", 0, prog_id=programme, certno=person.number,
                psn_name=person.name, start_date="2022-03-01",
            )  # fmt: skip


def _after_holiday(city: City) -> None:
    for day in AFTER_HOLIDAYS:
        _cluster(city, "HOLIDAY_BACKLOG", day=day)


def _too_few(city: City) -> None:
    for _ in range(3):
        _cluster(city, BASE, count=4)


def _paid(city: City) -> None:
    for _ in range(3):
        _cluster(city, BASE, cash=True)


def _grave(city: City) -> None:
    for _ in range(3):
        _cluster(city, BASE, weight="1.25", ill=items.STAYS[5])
