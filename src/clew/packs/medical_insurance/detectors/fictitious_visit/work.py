"""Signs in what was billed (MI-08 b): more minutes than a day has, tests that nobody logged."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Params, Relations, add_days, ratio
from clew.packs.medical_insurance.derived.charges import listed
from clew.packs.medical_insurance.derived.quantities import SCALE, scaled
from clew.packs.medical_insurance.derived.terms import exact_sum, stage, valid_on
from clew.packs.medical_insurance.detectors.fictitious_visit.observed import (
    LOG,
    MINUTES,
    group_name,
    observed,
)

TESTS = ("exam", "lab")
CANCELLED = "cancelled"


def doctor_minutes(r: Relations, v: ir.Table, p: Params) -> ir.Table:
    """Visits of doctors whose items of one day take more minutes than doctor_min."""
    items = listed(r, "minutes")
    items = items.filter(items.minutes > 0)
    f = _lines(r, v, items)
    f = f.mutate(doctor=ibis.coalesce(f.exec_dr_codg, f.bilg_dr_codg), work=f.qty * f.minutes)
    f = stage(f.filter(f.doctor.notnull()), "doctor_work")
    days = f.group_by("doctor", "fee_date").aggregate(worked=exact_sum(f.work))
    days = days.filter(days.worked > p.doctor_min * SCALE)
    f = f.semi_join(days, ["doctor", "fee_date"])
    t = f.group_by("row_id", "doctor", "fee_date", "day").aggregate(work=exact_sum(f.work))
    sign = ibis.ifelse(t.fee_date == t.day, MINUTES, "")
    return observed(t, sign, group_name(MINUTES, t.doctor, t.fee_date), t.work)


def unlogged_tests(r: Relations, v: ir.Table, p: Params) -> ir.Table:
    """Visits with tests that no log of the institution holds on the same or the next day, where
    these are most tests of the day. A log row without visit and person may be anybody's.
    """
    items = listed(r)
    f = _lines(r, v, items.filter(items.kind.isin(TESTS)))
    f = f.group_by("row_id", "subject_place", "mdtrt_id", "person", "day", "fee_date", "code")
    f = f.aggregate(qty=lambda t: exact_sum(t.qty))
    f = stage(f.filter(f.qty > 0), "billed_tests")
    log = r["mi_lab_log"]
    log = log.filter((log.result_status != CANCELLED).fill_null(True))
    log = log.select(
        "fixmedins_code", "med_list_codg", logged_visit="mdtrt_id", logged_person="certno",
        logged_on=log.exam_time.date(),
    )  # fmt: skip
    same_visit: Any = log.logged_visit == f.mdtrt_id
    same_person: Any = log.logged_visit.isnull() & (
        log.logged_person.isnull() | (log.logged_person == f.person)
    )
    lacking = f.anti_join(
        log,
        [
            f.subject_place == log.fixmedins_code,
            f.code == log.med_list_codg,
            log.logged_on >= f.fee_date,
            log.logged_on <= add_days(f.fee_date, 1),
            (same_visit | same_person).fill_null(False),
        ],
    )
    key = ("row_id", "subject_place", "day", "fee_date")
    billed = f.group_by(*key).aggregate(tests=f.count())
    missing = lacking.group_by("row_id", "fee_date").aggregate(missing=lacking.count())
    t = billed.left_join(missing, ["row_id", "fee_date"], rname="{name}_missing")
    t = stage(t.mutate(missing=t.missing.fill_null(0)).select(*key, "tests", "missing"), "tests")
    days = t.group_by("subject_place", "fee_date").aggregate(
        tests=exact_sum(t.tests), missing=exact_sum(t.missing)
    )
    share = ratio(days.missing, days.tests)
    days = days.filter(days.tests >= p.log_n, share >= float(p.log_share))
    t = t.semi_join(days, ["subject_place", "fee_date"])
    flagged = (t.missing > 0) & (t.fee_date == t.day)
    group = group_name(LOG, t.subject_place, t.fee_date)
    return observed(t, ibis.ifelse(flagged, LOG, ""), group, t.missing, t.tests)


def _lines(r: Relations, v: ir.Table, items: ir.Table) -> ir.Table:
    """Lines of the visits `v` by the listed items, in force on their day.

    What a part reversal gives back stands beside with negative `qty` (`own` is false); a visit
    reversed as a whole keeps its lines.
    """
    f = r["mi_fee"].select(
        "exec_dr_codg", "bilg_dr_codg", "med_list_codg", "setl_id",
        units=lambda t: scaled(t.cnt), fee_date=lambda t: t.fee_ocur_time.date(),
    )  # fmt: skip
    f = f.join(
        items,
        [
            f.med_list_codg == items.code,
            valid_on(f.fee_date, items.start_date, items.end_date),
        ],
    )
    back = r["reversals"].select("original_id", back_id="setl_id")
    f = f.left_join(back, f.setl_id == back.back_id)
    own = f.original_id.isnull()
    f = f.mutate(
        own=own,
        bill=ibis.coalesce(f.original_id, f.setl_id),
        qty=ibis.ifelse(own, f.units, -f.units.abs()),
    )
    f = f.filter((f.units > 0) | ~f.own).drop("setl_id", "original_id", "back_id", "units")
    s = v.select("row_id", "setl_id", "subject_place", "mdtrt_id", "person", "day", "reversed")
    f = f.join(s, f.bill == s.setl_id)
    return f.filter(f.own | ~f.reversed)
