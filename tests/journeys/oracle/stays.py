"""Inpatient stays: one a visit number, with their true end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from tests.journeys.oracle.rows import Row, Rows, day
from tests.journeys.oracle.visits import Diagnoses, Visit, fee_day


@dataclass
class Stay:
    """`discharged` is None while the patient is in; `row` is empty without an inpatient row."""

    mdtrt_id: str
    who: int | None
    institution: str
    admitted: date
    discharged: date | None
    row: Row = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)

    @property
    def reversed(self) -> bool:
        return bool(self.visits) and all(v.reversed for v in self.visits)

    @property
    def last_fee(self) -> date | None:
        return max((fee_day(line) for v in self.visits for line in v.lines), default=None)

    @property
    def end(self) -> date | None:
        """The discharge date, else the last fee day; None: not to be tested."""
        return self.discharged or self.last_fee

    @property
    def true_end(self) -> date | None:
        if self.discharged and self.last_fee and (self.discharged - self.last_fee).days >= 2:
            return self.last_fee
        return self.end

    def age(self, on: date) -> int | None:
        """Days of life of the person that the settlements name."""
        born = [v.row["brdy"] for v in self.visits if v.row["brdy"]]
        return (on - max(born)).days if born else None


def stays(city: Rows, visits: list[Visit]) -> list[Stay]:
    settled: dict[str, list[Visit]] = {}
    for visit in visits:
        if visit.inpatient:
            settled.setdefault(visit.row["mdtrt_id"], []).append(visit)
    found = []
    for row in city["mi_inpatient"]:
        own = settled.pop(row["mdtrt_id"], [])
        first = own[0].row if own else {}
        out = row["dscg_time"]
        found.append(Stay(
            row["mdtrt_id"], row["who"] or first.get("who"),
            row["fixmedins_code"] or first.get("fixmedins_code") or "",
            day(row["adm_time"]), day(out) if out else None, row, own,
        ))  # fmt: skip
    for mdtrt_id, own in settled.items():
        ends: list[datetime] = [v.row["endtime"] for v in own if v.row["endtime"]]
        first = own[0].row
        found.append(Stay(
            mdtrt_id, first["who"], first["fixmedins_code"], min(v.began for v in own),
            day(max(ends)) if ends else None, {}, own,
        ))  # fmt: skip
    return [s for s in found if s.who is not None]


class Wards:
    """What the registers tell of a stay: obstetric or not, one house or two."""

    def __init__(self, city: Rows, diagnoses: Diagnoses) -> None:
        self._diagnoses = diagnoses
        self._obstetric = {
            (r["fixmedins_code"], r["dept_codg"])
            for r in city["mi_dept"] if r["specialty"] == "obstetric"
        }  # fmt: skip
        self._institutions = {r["fixmedins_code"]: r for r in city["mi_institution"]}

    def obstetric(self, stay: Stay) -> bool:
        return (
            self._diagnoses.main(stay.mdtrt_id).startswith("O")
            or any(v.row["med_type"] == "52" for v in stay.visits)
            or (stay.institution, stay.row.get("adm_dept")) in self._obstetric
        )

    def one_house(self, a: str, b: str) -> bool:
        """Merged codes, or campuses of one hospital."""
        if a == b:
            return True
        first, second = self._institutions.get(a, {}), self._institutions.get(b, {})
        if first.get("successor_code") == b or second.get("successor_code") == a:
            return True
        return (first.get("campus_of") or a) == (second.get("campus_of") or b)
