"""The city before anything happens in it: its people, its institutions and its empty books."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle
from random import Random
from typing import Any

from clew.packs.medical_insurance.sample import items, places
from clew.packs.medical_insurance.sample.people import Births, Person
from clew.packs.medical_insurance.sample.places import Institution, Places
from clew.packs.medical_insurance.sample.records import Cells, Pay, Records, at
from clew.packs.medical_insurance.sample.registers import Device, Employer, Registers, Staff
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
        self.registers = Registers(self.records, self.births)
        self.cases: list[Case] = []
        self._pharmacies: Iterator[Institution] = cycle(self.places.pharmacies[1:])
        self._wards: Iterator[Institution] = cycle(self.places.wards)
        self._write_registers()

    def register(self, dataset: str, **cells: str) -> Cells:
        """A row of a register, written once by its key; see Registers.add."""
        return self.registers.add(dataset, **cells)

    def employer(self, *, div: str = "", name: str = "", **cells: str) -> Employer:
        return self.registers.employer(div=div, name=name, **cells)

    def staff(self, place: Institution, *, role: str = "doctor", **cells: Any) -> Staff:
        return self.registers.staff(place, role=role, **cells)

    def device(self, place: Institution, modality: str = "CT", **cells: Any) -> Device:
        return self.registers.device(place, modality, **cells)

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
        rule: str = "",
    ) -> None:
        severity = "" if excluded_by else severity
        self.cases.append(Case(detector, subject, fact, excluded_by, severity, story, rule))

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

    def open(self, kind: str, div: str, town: str = "001") -> Institution:
        """One more institution, registered with its departments; see Places.open."""
        institution = self.places.open(kind, div, town)
        self._write_institution(institution)
        return institution

    def _write_institution(self, institution: Institution) -> None:
        self.register("mi_institution", **places.register_row(institution))
        for row in places.department_rows(institution):
            self.register("mi_dept", **row)

    def _write_registers(self) -> None:
        for institution in self.places.all():
            self._write_institution(institution)
        for dataset, rows in (
            ("mi_catalogue", items.catalogue_rows()),
            ("mi_drug", items.drug_rows()),
            ("mi_drug_indication", items.indication_rows()),
        ):
            for row in rows:
                self.register(dataset, **row)
