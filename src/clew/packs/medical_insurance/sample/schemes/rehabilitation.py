"""MI-19: therapists with too long a day, or none; sessions that cannot have been."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from clew.packs.medical_insurance.sample import papers
from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.items import EVEN, Illness, Item
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Visit, at, delivery_of, stamp
from clew.packs.medical_insurance.sample.registers import Staff
from clew.packs.medical_insurance.sample.schemes.charging import (
    charge,
    operate,
    pair,
    reverse,
    service,
    who,
)
from clew.packs.medical_insurance.sample.schemes.consulting import STROKE, see
from clew.packs.medical_insurance.sample.schemes.wards import Bear, fill, lodge

ID = "MI-19"
FIRST, LAST = date(2023, 1, 5), date(2023, 8, 10)
WARD = "19"
AFTER_STROKE = Illness("I69.300", "脑梗死后遗症", (40, 99), EVEN, WARD)
SPINE = Illness("S14.100", "颈部脊髓损伤", (20, 80), EVEN, WARD)
KNEE = Illness("M17.900", "膝骨关节病", (40, 90), EVEN, WARD)
LIMIT_DAYS = 4


class Gym:
    """A hospital's rehabilitation: its items and one therapist."""

    def __init__(self, city: City) -> None:
        self.place: Institution = city.open("2", "330304")
        self.walk = _therapy(city, 21, "步行功能训练", 4310, one_to_one="1", active="1")
        self.hand = _therapy(city, 22, "手功能训练", 3770, one_to_one="1", active="1")
        self.wax = _therapy(city, 23, "蜡疗", 2290, one_to_one="1", active="0")
        self.group = _therapy(city, 24, "集体体操训练", 1670, one_to_one="0", active="1")
        self.evaluation = service(city, "340200029", "康复综合评定", "rehab_eval", 6130)
        self.therapist: Staff = city.staff(self.place, role="therapist")


def _therapy(city: City, number: int, name: str, price: int, **cells: str) -> Item:
    return service(city, f"3402000{number}", name, "rehab", price, minutes="60", **cells)


def plant(city: City) -> None:
    gym = Gym(city)
    _long_days(city, gym)
    _away(city, gym)
    _unevaluated(city, gym)
    _outside(city, gym)
    _unconscious(city, gym)
    _limits(city, gym)
    _exclusive(city, gym)
    _sets(city, gym)


def _long_days(city: City, gym: Gym) -> None:
    """Nine sessions of an hour are 540 minutes, eight are not too many."""
    people = [city.cast() for _ in range(9)]
    for n, code in enumerate(("", "OVER_MINUTES", "GROUP_ITEM", "REVERSED") * 3):
        day = date(2023, 1, 9) + timedelta(days=17 * n)
        staff = city.staff(gym.place, role="therapist")
        visits = []
        for order, person in enumerate(people[: 8 if code == "OVER_MINUTES" else 9]):
            _, visit = see(city, gym.place, day, person=person, ill=STROKE)
            in_group = code == "GROUP_ITEM" and order > 6
            item = gym.group if in_group else gym.walk
            charge(city, visit, item, day, exec_dr_codg=staff.code)
            visits.append(visit)
        if code == "REVERSED":
            reverse(city, visits[0])
        city.plant(ID, gym.place.code, staff.code, day.isoformat(), rule="a", excluded_by=code)


def _away(city: City, gym: Gym) -> None:
    """Therapists on leave, and assistants whose own licence comes later."""
    for code, gap in (
        ("", 0), ("", 3), ("", 9), *(("REVERSED", n) for n in (1, 2, 5)),
        *(("ABSENT_OR_UNLICENSED", n) for n in (-1, 10, 30)),
    ):  # fmt: skip
        staff = city.staff(gym.place, role="therapist")
        out = city.day(FIRST, LAST)
        city.records.add(
            "mi_absence", delivery_of(out), staff_codg=staff.code, start_date=out.isoformat(),
            end_date=(out + timedelta(9)).isoformat(), kind="training",
        )  # fmt: skip
        _session(city, gym, staff, out + timedelta(gap), code)
    for _ in range(3):
        day = city.day(FIRST, LAST)
        later = (day + timedelta(30)).isoformat()
        staff = city.staff(gym.place, role="therapist", licence_from=later, assistant_flag="1")
        _session(city, gym, staff, day, "ASSISTANT_LICENSED")
        # Whether an assistant may do this work is a question of rehabilitation alone.
        city.plant("MI-26", gym.place.code, staff.code, day.isoformat(), rule="b")


def _session(city: City, gym: Gym, staff: Staff, day: date, code: str) -> None:
    _, visit = see(city, gym.place, day, ill=STROKE)
    charge(city, visit, gym.walk, day, exec_dr_codg=staff.code)
    if code == "REVERSED":
        reverse(city, visit)
    city.plant(
        ID, gym.place.code, staff.code, day.isoformat(), rule="b", excluded_by=code, severity="H"
    )


def _rehabilitated(
    city: City, gym: Gym, nights: int, *, ill: Illness = AFTER_STROKE, low: date = FIRST
) -> tuple[Person, Visit, date]:
    person, day = city.cast(), city.day(low, date(2023, 8, 1))
    return person, lodge(city, gym.place, person, day, nights, ill=ill), day


def _train(
    city: City, gym: Gym, visit: Visit, item: Item, when: date | datetime, session: str = ""
) -> None:
    charge(city, visit, item, when, exec_dr_codg=gym.therapist.code, sess_no=session)


def _unevaluated(city: City, gym: Gym) -> None:
    """Thirty dates from admission to discharge are 29 nights."""
    for code, nights, evaluated in (
        ("", 29, ()), ("", 34, (35,)), ("", 65, (1, 33)), *((("REVERSED", 31, ())),) * 3,
        ("NO_EVALUATION", 28, ()), ("NO_EVALUATION", 31, (3,)), ("NO_EVALUATION", 45, (16, 40)),
    ):  # fmt: skip
        person, visit, day = _rehabilitated(city, gym, nights)
        for n in range(2, nights, 3):
            _train(city, gym, visit, gym.walk, day + timedelta(n))
        for date_no in evaluated:
            _train(city, gym, visit, gym.evaluation, day + timedelta(date_no - 1))
        if code == "REVERSED":
            reverse(city, visit)
        city.plant(
            ID, gym.place.code, who(person), visit.mdtrt_id, rule="c", excluded_by=code
        )


def _outside(city: City, gym: Gym) -> None:
    nights = 9
    for code, gap in (
        ("", -1), ("", nights + 1), ("", nights + 2), *(("REVERSED", n) for n in (-1, -2, 10)),
        *(("NOT_IN_THE_WARD", n) for n in (0, 4, nights)),
    ):  # fmt: skip
        person, visit, day = _rehabilitated(city, gym, nights)
        on = day + timedelta(gap)
        _train(city, gym, visit, gym.wax, on)
        if code == "REVERSED":
            reverse(city, visit)
        _plant_day(city, gym, person, visit, on, "d", code, severity="H")
    for code, hour in (("", 9), ("", 10), ("", 11), *(("NOT_IN_THE_WARD", n) for n in (7, 12, 15))):
        person, visit, day = _rehabilitated(city, gym, nights, ill=KNEE)
        on = day + timedelta(2)
        _train(city, gym, visit, gym.wax, at(on, hour, 1))
        operate(
            city, visit, on, "81.4700", oprn_begntime=stamp(at(on, 9, 30)),
            oprn_endtime=stamp(at(on, 12)),
        )  # fmt: skip
        _plant_day(city, gym, person, visit, on, "d", code, severity="H")


def _plant_day(
    city: City, gym: Gym, person: Person, visit: Visit, on: date, rule: str, code: str,
    severity: str = "M",
) -> None:  # fmt: skip
    city.plant(
        ID, gym.place.code, who(person), visit.mdtrt_id, on.isoformat(), rule=rule,
        excluded_by=code, severity=severity,
    )  # fmt: skip


def _unconscious(city: City, gym: Gym) -> None:
    """Unconscious from the second morning to the sixth."""
    for code, gap in (
        ("", 1), ("", 3), ("", 4), *(("REVERSED", n) for n in (2, 3, 4)),
        *(("UNCONSCIOUS", n) for n in (0, 5, 7)),
    ):  # fmt: skip
        person, day = city.cast(), city.day(FIRST, LAST)
        begin, end = at(day + timedelta(1), 6), at(day + timedelta(5), 8)
        coma = {"uncons_begntime": stamp(begin), "uncons_endtime": stamp(end)}
        visit = lodge(city, gym.place, person, day, 10, ill=AFTER_STROKE, inpatient=coma)
        on = day + timedelta(gap)
        _train(city, gym, visit, gym.walk, at(on, 10))
        if code == "REVERSED":
            reverse(city, visit)
        _plant_day(city, gym, person, visit, on, "e", code)


def _limits(city: City, gym: Gym) -> None:
    """Four days with sessions are the benefit of a bad knee and of an injured spine."""
    for category in ("M17", "S14"):
        city.register(
            "mi_code_list", list="rehab_limit", code=category, start_date="2020-01-01",
            value=str(LIMIT_DAYS),
        )  # fmt: skip
    for code, days, ill in (
        ("", 5, KNEE), ("", 6, SPINE), ("", 7, KNEE), *(("REVERSED", 5, KNEE),) * 3,
        *(("EXTENSION_FILED", n, SPINE) for n in (5, 6, 6)),
        *(("BEYOND_LIMIT", 4, ill) for ill in (KNEE, SPINE, KNEE)),
    ):  # fmt: skip
        person, visit, day = _rehabilitated(city, gym, 10, ill=ill)
        for n in range(days):
            _train(city, gym, visit, gym.wax, day + timedelta(n + 1))
        if code == "EXTENSION_FILED":
            papers.file(
                city, person, "rehab_ext", day, day + timedelta(30), days="2",
                fixmedins_code=gym.place.code, diag_code=ill.code,
            )  # fmt: skip
        if code == "REVERSED":
            reverse(city, visit)
        city.plant(
            ID, gym.place.code, who(person), visit.mdtrt_id, rule="f", excluded_by=code
        )


def _exclusive(city: City, gym: Gym) -> None:
    pair(city, gym.walk, gym.hand, "exclusive", "session")
    for code, numbers in (
        ("", ("1", "1")), ("", ("3", "3")), ("", ("", "")), *(("REVERSED", ("1", "1")),) * 3,
        *(("SAME_SESSION", ("1", "2")),) * 3,
    ):  # fmt: skip
        person, visit, day = _rehabilitated(city, gym, 8)
        on = day + timedelta(3)
        for item, number in zip((gym.walk, gym.hand), numbers, strict=True):
            _train(city, gym, visit, item, at(on, 9 if item is gym.walk else 10), number)
        if code == "REVERSED":
            reverse(city, visit)
        _plant_day(city, gym, person, visit, on, "g", code)


def _sets(city: City, gym: Gym) -> None:
    """A ward of twenty in three months by turns: all the same, one in eight not, three back."""
    place = city.open("2", "330381")
    items = (gym.walk, gym.wax, gym.group)

    def bearing(lacking: int, back: int) -> Bear:
        def bear(n: int, visit: Visit, day: date) -> None:
            for item in items if n >= lacking else items[1:]:
                charge(city, visit, item, day + timedelta(2))
            if n < back:
                reverse(city, visit)

        return bear

    turns = {"": bearing(2, 0), "SAME_SET": bearing(3, 0), "REVERSED": bearing(0, 3)}
    codes = tuple(turns) * 3
    months = [(date(2023, 1 + n, 1), turns[code]) for n, code in enumerate(codes)]
    fill(city, place, AFTER_STROKE, 6, months)
    for (first, _), code in zip(months, codes, strict=True):
        city.plant(ID, place.code, WARD, f"{first:%Y-%m}", rule="h", excluded_by=code)
