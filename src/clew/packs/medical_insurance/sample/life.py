"""Background life: ordinary visits, stays, families and deaths that no detector should flag.

Nobody is in two places at once: the stays of a person lie two months apart, no other visit touches
them, and life ends before the earliest of the death dates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import accumulate, cycle

from clew.packs.medical_insurance.sample import items
from clew.packs.medical_insurance.sample.city import FIRST_DAY, LAST_DAY, City
from clew.packs.medical_insurance.sample.items import Illness
from clew.packs.medical_insurance.sample.papers import bind, die, leave, operate
from clew.packs.medical_insurance.sample.people import Person
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Line, Pay, Visit, at

HALVES = ((FIRST_DAY, date(2023, 3, 20)), (date(2023, 6, 10), date(2023, 10, 10)))
LONGEST_STAY = 16
EMERGENCY = {"emer_flag": "1", "planned_flag": "0"}
STAYS_PERCENT, PHARMACY_PERCENT, DETAIL_PERCENT = 5, 38, 20


class Life:
    """Lives the background. `busy` holds the days of each person that are taken."""

    def __init__(self, city: City, visits: int) -> None:
        self.city = city
        self.rng = city.rng
        self.visits = visits
        self.people = [self._person() for _ in range(max(300, visits // 6))]
        self.busy: dict[str, set[date]] = defaultdict(set)
        self.died: dict[str, date] = {}
        self.payer: dict[str, str] = {}
        self._weights = list(accumulate(1 + p.age(LAST_DAY) ** 2 // 400 for p in self.people))
        self._usual = {p.number: self._usual_places(p) for p in self.people}

    def live(self, progress: Callable[[float], None]) -> None:
        for person in self.people:
            self.city.enrol(person)
        self._deaths()
        self._families()
        stays = self.visits * STAYS_PERCENT // 100
        self._stays(stays)
        for n in range(self.visits - stays):
            self._visit()
            if n % 2000 == 0:
                progress(n / self.visits)

    def _person(self) -> Person:
        low, high = self.rng.choice(((1, 17), (18, 39), (40, 59), (40, 59), (60, 92), (60, 92)))
        return self.city.births.person(low, high)

    def _usual_places(self, person: Person) -> tuple[Institution, Institution]:
        places = self.city.places
        near = [i for i in (*places.clinics, *places.level1) if i.div == person.div]
        shops = [i for i in places.pharmacies if i.div == person.div]
        return self.rng.choice(near), self.rng.choice(shops)

    def _someone(self) -> Person:
        return self.rng.choices(self.people, cum_weights=self._weights)[0]

    def _deaths(self) -> None:
        old = [p for p in self.people if p.age(LAST_DAY) >= 72]
        for person in self.rng.sample(old, max(3, len(old) // 25)):
            day = FIRST_DAY + timedelta(days=self.rng.randint(20, 335))
            self.died[person.number] = day
            die(self.city, person, day, police=day + timedelta(self.rng.choice((0, 0, 0, 1, 2))))

    def _families(self) -> None:
        owners = [p for p in self.people if p.psn_type == "在职" and p.age(LAST_DAY) < 60]
        elders = [p for p in self.people if p.age(LAST_DAY) >= 62]
        count = min(len(owners), len(elders)) // 3
        couples = zip(self.rng.sample(owners, count), self.rng.sample(elders, count), strict=True)
        for owner, elder in couples:
            self.payer[elder.number] = owner.number
            bind(self.city, owner, elder, date(2022, 3, 1) + timedelta(self.rng.randrange(200)))

    def _stays(self, count: int) -> None:
        """Hospitals of a level take turns, so that their numbers of stays are even."""
        places = self.city.places
        level1, level2, level3 = map(cycle, (places.level1, places.level2, places.level3))
        turns = cycle((level2, level3, level1, level2, level3, level2, level2, level3))
        halves: dict[str, set[int]] = defaultdict(set)
        written = 0
        while written < count:
            person, half = self._someone(), self.rng.randrange(2)
            admitted = self.city.day(*HALVES[half])
            discharged = admitted + timedelta(days=self.rng.randint(2, LONGEST_STAY))
            if half in halves[person.number] or discharged >= self._end(person):
                continue
            halves[person.number].add(half)
            self._stay(person, next(next(turns)), admitted, discharged)
            written += 1
        self._deathbeds()

    def _deathbeds(self) -> None:
        """Some die in hospital, and their last stay is settled weeks later."""
        for person in self.people:
            day = self.died.get(person.number)
            if day is None or self.rng.random() > 0.4:
                continue
            admitted = day - timedelta(days=self.rng.randint(2, 9))
            if not self.busy[person.number] & _days(admitted - timedelta(60), day):
                place = self.rng.choice(self.city.places.level1)
                settled = at(min(day + timedelta(20), LAST_DAY), 11)
                self._stay(person, place, admitted, day, way="5", settled=settled)

    def _stay(
        self,
        person: Person,
        place: Institution,
        admitted: date,
        discharged: date,
        *,
        way: str = "1",
        settled: datetime | None = None,
    ) -> None:
        self.busy[person.number] |= _days(admitted - timedelta(1), discharged + timedelta(1))
        mother = person.sex == 2 and 22 <= person.age(admitted) <= 38
        ill = items.BIRTH if mother else self._illness(items.STAYS, person, admitted)
        visit = self.city.records.stay(
            person,
            place,
            admitted,
            discharged,
            ill=ill,
            med_type="52" if mother else "21",
            way=way,
            settled=settled,
            others=(items.OTHER.code,) if person.age(admitted) > 55 else (),
            inpatient=EMERGENCY if ill.dept == "03" and self.rng.random() < 0.3 else None,
        )
        if ill.dept == "04":
            operate(self.city, visit, admitted + timedelta(1), "51.2300")
        if self.rng.random() < 0.04:
            leave(
                self.city, visit, at(admitted + timedelta(1), 14), at(admitted + timedelta(1), 20)
            )

    def _illness(self, known: tuple[Illness, ...], person: Person, day: date) -> Illness:
        age = person.age(day)
        possible = [i for i in known if i.ages[0] <= age <= i.ages[1]] or [known[0]]
        return self.rng.choices(possible, [i.months[day.month - 1] for i in possible])[0]

    def _end(self, person: Person) -> date:
        return self.died.get(person.number, LAST_DAY)

    def _visit(self) -> None:
        while True:
            person = self._someone()
            day = self.city.day(FIRST_DAY, self._end(person) - timedelta(1))
            if day not in self.busy[person.number]:
                break
        self.busy[person.number].add(day)
        if self.rng.randrange(100) < PHARMACY_PERCENT:
            visit = self._purchase(person, day)
        else:
            visit = self._consultation(person, day)
        if self.rng.random() < 0.004:
            self._reverse(visit)

    def _purchase(self, person: Person, day: date) -> Visit:
        rng = self.rng
        lines = [Line(rng.choice(items.DRUGS), at(day, 8 + rng.randrange(12), rng.randrange(60)))]
        total = lines[0].amount
        owner = self.payer.get(person.number, "")
        if owner and rng.random() < 0.4:
            pay = Pay(total * 3 // 10, 0, 0, total - total * 3 // 10, owner)
        else:
            fund = total * rng.choice((0, 0, 3, 5)) // 10
            pay = Pay(fund, total - fund)
        return self._write(person, self._usual[person.number][1], pay, "41", lines)

    def _consultation(self, person: Person, day: date) -> Visit:
        rng, places = self.rng, self.city.places
        place = self._usual[person.number][0]
        if rng.random() < 0.45:
            place = rng.choice(rng.choice((places.level2, places.level3)))
        when = at(day, 7 + rng.randrange(10), rng.randrange(60))
        lines = [Line(items.CONSULT, when), Line(rng.choice(items.DRUGS), when, rng.randint(1, 3))]
        if rng.random() < 0.3:
            lines.append(Line(rng.choice((items.CT, items.BLOOD)), when))
        total = sum(line.amount for line in lines)
        fund = total * rng.randint(45, 70) // 100
        account = (total - fund) * rng.randint(30, 90) // 100
        pay = Pay(fund, account, total - fund - account)
        med_type = rng.choices(("11", "13", "14"), (85, 5, 10))[0]
        return self._write(person, place, pay, med_type, lines)

    def _write(
        self, person: Person, place: Institution, pay: Pay, med_type: str, lines: list[Line]
    ) -> Visit:
        rng, begin = self.rng, lines[0].when
        return self.city.records.visit(
            person,
            place,
            begin,
            pay,
            med_type=med_type,
            ill=self._illness(items.VISITS, person, begin.date()),
            lines=lines if rng.randrange(100) < DETAIL_PERCENT else None,
            cells={
                "verify_mode": rng.choice(("face", "password", "password", "none")),
                "emer_flag": "1" if med_type == "13" else "0",
            },
        )

    def _reverse(self, visit: Visit) -> None:
        when = visit.settled + timedelta(days=self.rng.randint(1, 45), minutes=30)
        if when.date() <= LAST_DAY:
            whole = bool(visit.fees) or self.rng.random() < 0.7
            pointer = not whole or self.rng.random() < 0.6
            self.city.records.reverse(visit, when, percent=100 if whole else 30, pointer=pointer)


def _days(first: date, last: date) -> set[date]:
    return {first + timedelta(n) for n in range((last - first).days + 1)}
