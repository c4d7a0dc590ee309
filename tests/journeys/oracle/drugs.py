"""Dispensings as person, substance and days of the largest dose, and what excuses them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.journeys.oracle.rows import Params, Row, Rows, grouped, valid, window
from tests.journeys.oracle.visits import Diagnoses, Visit, fee_day

LONGEST_FILING = 84
"""Days of one filed long prescription that count: twelve weeks."""


@dataclass(frozen=True)
class Dispensing:
    who: int
    day: date
    institution: str
    substance: str
    days: Fraction
    resale: bool
    related: bool
    excuse: str


class Pharmacy:
    """Registers of drugs, of filings and of programmes."""

    def __init__(self, city: Rows, visits: list[Visit], params: Params) -> None:
        self._drugs = grouped(city["mi_drug"], "med_list_codg")
        self._catalogue = grouped(city["mi_catalogue"], "med_list_codg")
        self._filings = grouped(city["mi_filing"], "who")
        self._programmes = {r["prog_id"]: r for r in city["mi_programme"]}
        self._members = grouped(city["mi_resident"], "who")
        self._diagnoses = Diagnoses(city, visits)
        self._indications = {
            substance: {r["icd_category"] for r in rows}
            for substance, rows in grouped(city["mi_drug_indication"], "substance").items()
        }
        self._visits, self._length = visits, params["substance_len"]

    def dispensings(self) -> Iterator[Dispensing]:
        for visit in self._visits:
            who = visit.row["who"]
            for line in visit.lines if who is not None else ():
                on = fee_day(line)
                drug = self.drug(line["med_list_codg"], on)
                packs = self._packs(line, drug, on) if drug else None
                if drug and packs:
                    substance = self._substance(drug)
                    known = self._indications.get(substance, set())
                    related = bool(known & self._diagnoses.any(visit.row["mdtrt_id"]))
                    yield Dispensing(
                        who, on, visit.row["fixmedins_code"], substance,
                        packs * _daily(drug), bool(drug["resale_flag"]), related,
                        self._excuse(who, on, substance, visit),
                    )  # fmt: skip

    def drug(self, code: str, on: date) -> Row | None:
        return next((r for r in self._drugs.get(code, ()) if valid(r, on)), None)

    def _substance(self, drug: Row) -> str:
        return str(drug["substance"] or drug["med_list_codg"][: self._length])

    def _packs(self, line: Row, drug: Row, on: date) -> Fraction | None:
        """Quantity in the catalogue's unit."""
        listed = next(
            (r for r in self._catalogue.get(line["med_list_codg"], ()) if valid(r, on)), None
        )
        usual = listed["unit"] if listed else None
        if line["unit"] in (None, usual) or usual is None:
            return Fraction(line["cnt"])
        small = drug["unit_per_pack"]
        return Fraction(line["cnt"]) / Fraction(small) if small else None

    def _excuse(self, who: int, on: date, substance: str, visit: Visit) -> str:
        """What takes a dispensing out as such; filed quantities are another matter."""
        if self.pickup(who, on):
            return "BULK_PICKUP"
        for programme in self._member(who, on, {"drug_programme"}):
            drug = self.drug(programme["med_list_codg"], on) if programme["med_list_codg"] else None
            if drug and self._substance(drug) == substance:
                return "ONCOLOGY_TRANSPLANT"
            if programme["icd_category"] in self._diagnoses.any(visit.row["mdtrt_id"]):
                return "ONCOLOGY_TRANSPLANT"
        return ""

    def pickup(self, who: int, on: date) -> bool:
        """A resident for whom drugs are fetched for the whole house."""
        return bool(self._member(who, on, {"nursing_home", "bulk_pickup"}))

    def _member(self, who: int, on: date, kinds: set[str]) -> list[Row]:
        programmes = [
            self._programmes.get(r["prog_id"]) for r in self._members.get(who, ()) if valid(r, on)
        ]
        return [p for p in programmes if p and p["kind"] in kinds and valid(p, on)]

    def filed(self, who: int, substance: str, on: date) -> list[Row]:
        """Filings of a long prescription or of a replacement that hold that day. One that names
        no substance speaks for all: in doubt the reading that accuses less.
        """
        return [
            r for r in self._filings.get(who, ())
            if r["kind"] in ("long_rx", "replace") and r["substance"] in (None, substance)
            and valid(r, on)
        ]  # fmt: skip

    def filed_days(self, filing: Row, substance: str) -> Fraction:
        drugs = [r for rows in self._drugs.values() for r in rows]
        drug = next((r for r in drugs if self._substance(r) == substance), None)
        if filing["qty"] is not None and drug:
            days = Fraction(filing["qty"]) * _daily(drug)
        else:
            days = Fraction(filing["days"] or 0)
        return min(days, Fraction(LONGEST_FILING)) if filing["kind"] == "long_rx" else days


def _daily(drug: Row) -> Fraction:
    """Days that one pack lasts at the largest daily dose."""
    return Fraction(drug["dose_per_unit"]) / Fraction(drug["max_daily_dose"])


def starts(rows: Iterable[Dispensing], days: int) -> Iterator[list[Dispensing]]:
    """Rolling windows from each day on which something was dispensed, earliest first."""
    ordered = sorted(rows, key=lambda r: r.day)
    for first in sorted({r.day for r in ordered}):
        begins, ends = window(first, days)
        yield [r for r in ordered if begins <= r.day <= ends]


def after_window(rows: list[Dispensing], taken: date, days: int) -> list[Dispensing]:
    """What is left for the next window when one has been taken."""
    return [r for r in rows if r.day >= taken + timedelta(days=days)]
