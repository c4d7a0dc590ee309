"""Rows about stays: admissions, diagnoses, operations, leave; see `papers` for the form."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from clew.packs.medical_insurance.sample import items
from clew.packs.medical_insurance.sample.crowd import wards
from clew.packs.medical_insurance.sample.crowd.cells import (
    DAY,
    chosen,
    compact,
    dates,
    flags,
    moments,
    same,
)
from clew.packs.medical_insurance.sample.crowd.houses import Houses
from clew.packs.medical_insurance.sample.crowd.papers import Sent
from clew.packs.medical_insurance.sample.crowd.population import Population
from clew.packs.medical_insurance.sample.crowd.settled import visit_numbers
from clew.packs.medical_insurance.sample.crowd.wards import Stays

_OPERATIONS = tuple(items.OPERATIONS.get(i.code[:3], "") for i in wards.ILLS)
_DEPTS = tuple(i.dept for i in wards.ILLS)


def inpatients(p: Population, houses: Houses, lain: Stays, first: int) -> Sent:
    """`first` is the place of the first stay among the bills."""
    count = len(lain)
    at, local = compact(lain.place)
    newborn = lain.infant >= 0
    bed = lain.person * 7 % 60 + 1
    depts = np.array(_DEPTS)[lain.ill]
    beds, bed_at = compact(bed * 100 + depts.astype(np.int64))
    table = pa.table(
        {
            "mdtrt_id": visit_numbers(p, first + np.arange(count)),
            "adm_time": moments(lain.begin),
            "certno": chosen(p.numbers, lain.person),
            "fixmedins_code": chosen(houses.codes.take(pa.array(at)), local),
            "dscg_time": moments(lain.dis * DAY + 14 * 3600),
            "adm_dept": chosen(_DEPTS, lain.ill),
            "bed_no": chosen([f"{b % 100:02d}{b // 100:02d}" for b in beds.tolist()], bed_at),
            "dscg_way": chosen([str(n) for n in range(10)], lain.way),
            "emer_flag": flags(lain.emergency),
            "planned_flag": flags(~lain.emergency & ~newborn),
            "icu_hours": same("0", count),
            "newborn_flag": flags(newborn),
            "infant_days": chosen([str(n) for n in range(31)], lain.infant),
            "home_bed_flag": same("0", count),
            "day_case_flag": same("0", count),
        }
    )
    return table, lain.settled


def diagnoses(p: Population, lain: Stays, first: int) -> Sent:
    """The main diagnosis, and for the old high blood pressure beside it."""
    old = np.flatnonzero((p.age[lain.person] > 55) & (lain.infant < 0))
    stay = np.concatenate([np.arange(len(lain)), old])
    second = np.arange(len(stay)) >= len(lain)
    codes = [*(i.code for i in wards.ILLS), items.OTHER.code]
    table = pa.table(
        {
            "mdtrt_id": visit_numbers(p, first + stay),
            "diag_srt_no": chosen(["1", "2"], second.astype(np.int64)),
            "diag_type": chosen(["1", "2"], second.astype(np.int64)),
            "diag_code": chosen(codes, np.where(second, len(codes) - 1, lain.ill[stay])),
            "diag_date": dates(lain.dis[stay]),
        }
    )
    order = np.argsort(stay, kind="stable")
    return table.take(pa.array(order)), lain.settled[stay][order]


def operations(p: Population, lain: Stays, first: int) -> Sent:
    """Surgical stays that end at home have their operation the day after admission."""
    operated = np.array([bool(c) for c in _OPERATIONS])[lain.ill] & (lain.way != 2)
    stay = np.flatnonzero(operated)
    ones = same("1", len(stay))
    table = pa.table(
        {
            "mdtrt_id": visit_numbers(p, first + stay),
            "oprn_srt_no": ones,
            "oprn_code": chosen(_OPERATIONS, lain.ill[stay]),
            "oprn_date": dates(lain.adm[stay] + 1),
            "main_flag": ones,
            "staged_flag": same("0", len(stay)),
        }
    )
    return table, lain.settled[stay]


def leaves(p: Population, lain: Stays, first: int, rng: np.random.Generator) -> Sent:
    """An approved afternoon at home."""
    stay = np.flatnonzero((rng.random(len(lain)) < 0.03) & (lain.dis - lain.adm > 3))
    out = (lain.adm[stay] + 2) * DAY + 14 * 3600
    table = pa.table(
        {
            "mdtrt_id": visit_numbers(p, first + stay),
            "leave_begntime": moments(out),
            "leave_endtime": moments(out + 6 * 3600),
            "approved_flag": same("1", len(stay)),
            "reason": same("家中有事", len(stay)),
        }
    )
    return table, lain.settled[stay]
