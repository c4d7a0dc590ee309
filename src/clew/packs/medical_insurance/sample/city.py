"""The city before anything happens in it: its people, its institutions and its empty books."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle
from random import Random

from clew.packs.medical_insurance.sample import items, places
from clew.packs.medical_insurance.sample.people import Births, Person
from clew.packs.medical_insurance.sample.places import Institution, Places
from clew.packs.medical_insurance.sample.records import Pay, Records, at
from clew.packs.medical_insurance.sample.truth import Case

FIRST_DAY = date(2022, 11, 1)
LAST_DAY = date(2023, 10, 31)


class City:
    """What generators share. `cast` members live for planted cases and have little other life."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.births = Births(rng)
        self.places = Places(rng)
        self.records = Records(rng)
        self.cases: list[Case] = []
        self._pharmacies: Iterator[Institution] = cycle(self.places.pharmacies[1:])
        self._wards: Iterator[Institution] = cycle(self.places.wards)
        self._write_registers()

    def cast(self, low: int = 45, high: int = 75, *, sex: int = 0) -> Person:
        person = self.births.person(low, high, sex=sex)
        self.enrol(person)
        return person

    def pharmacy(self) -> Institution:
        """Another pharmacy each time, never the one of the story."""
        return next(self._pharmacies)

    def ward(self) -> Institution:
        """Another hospital of level 1 or 2 each time."""
        return next(self._wards)

    def day(self, low: date = date(2023, 1, 5), high: date = date(2023, 8, 20)) -> date:
        return low + timedelta(days=self.rng.randint(0, (high - low).days))

    def ordinary(self, person: Person, before: date) -> None:
        """A visit or two long before anything planted, as everybody has."""
        for _ in range(self.rng.randint(1, 2)):
            span = (before - FIRST_DAY).days - 20
            if span > 5:
                when = at(FIRST_DAY + timedelta(days=self.rng.randrange(span)), 10)
                self.records.visit(person, self.ward(), when, Pay(3000, 1200, 800))

    def plant(
        self,
        detector: str,
        subject: str,
        *fact: str,
        excluded_by: str = "",
        severity: str = "M",
        story: str = "",
    ) -> None:
        severity = "" if excluded_by else severity
        self.cases.append(Case(detector, subject, fact, excluded_by, severity, story))

    def enrol(self, person: Person) -> None:
        """The person's rows in the insured register and in the household register."""
        self.records.add(
            "mi_person",
            0,
            psn_no=person.psn_no,
            certno=person.number,
            psn_name=person.name,
            gend=str(person.sex),
            brdy=person.born.isoformat(),
            hukou_div=person.div,
            resd_div=person.div,
            resd_village=person.village,
            psn_type=person.psn_type,
            tel=person.tel,
        )
        self.records.add(
            "police_person",
            0,
            certno=person.number,
            psn_name=person.name,
            gend=str(person.sex),
            former_name=self.births.name() if self.rng.random() < 0.02 else "",
            hukou_div=person.div,
        )

    def _write_registers(self) -> None:
        self.records.planted = True
        for dataset, rows in (
            ("mi_institution", places.register_rows(self.places)),
            ("mi_dept", places.department_rows(self.places)),
            ("mi_catalogue", items.catalogue_rows()),
        ):
            for row in rows:
                self.records.add(dataset, 0, **row)
        self.records.planted = False
