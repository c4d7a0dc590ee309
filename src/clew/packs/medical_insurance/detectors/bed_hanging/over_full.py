"""More inpatients on a day than there are beds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import (
    MEDIUM,
    Condition,
    Params,
    Relations,
    T,
    add_days,
    days_between,
    rule,
    severity_always,
)
from clew.declare.detector import Cells
from clew.packs.medical_insurance.derived.quantities import SCALE
from clew.packs.medical_insurance.derived.terms import stage
from clew.packs.medical_insurance.detectors.bed_hanging.excuses import REVERSED


def runs(rows: list[Cells], p: Params) -> list[Cells]:
    """Days by run of consecutive days: those over-full as it stands, then those that would be had
    nothing been reversed.
    """
    found: list[Cells] = []
    run, expected, first = None, None, None
    for row in sorted(rows, key=lambda x: (x["subject"], x["not_REVERSED"], x["day"])):
        same = (row["subject"], row["not_REVERSED"])
        if same != run or row["day"] != expected:
            first = row["day"]
        run, expected = same, row["day"] + timedelta(days=1)
        found.append({**row, "first_day": first})
    return found


@rule(
    code="c",
    title=T("在院人数超过床位", "An over-full ward"),
    per="institution",
    subject="organisation",
    fact_key=("first_day",),
    base=T(
        "登记了开放床位的机构的在院日", "Days of inpatients at institutions with open beds on file"
    ),
    required=("mi_settlement", "mi_institution.beds_open"),
    conditions=(
        Condition("OVER_FULL", T("在院人数超过床位", "More inpatients than the beds allow")),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
    after=runs,
)
def over_full(r: Relations, p: Params) -> ir.Table:
    i = r["mi_institution"]
    i = i.filter(i.beds_open.notnull()).select(
        subject="fixmedins_code", beds="beds_open", register_row="row_id"
    )
    ratio_units = int(p.bed_ratio * SCALE)
    crowded = _present(r).group_by("at", "day").aggregate(present=lambda t: t.count())
    crowded = crowded.join(i, crowded["at"] == i.subject)
    crowded = crowded.filter(_over(crowded.present, crowded.beds, ratio_units))
    crowded = stage(crowded, "crowded_days")
    t = _with_present(r, crowded)
    t = t.filter(_over(t.everybody, t.beds, ratio_units))
    zero = ibis.literal(0, "int64")
    return t.select(
        "subject", "day", "beds", "inpatients", "with_stays",
        row_id="register_row",
        fund=zero,
        account=zero,
        if_OVER_FULL=ibis.literal(True),
        not_REVERSED=~_over(t.inpatients, t.beds, ratio_units),
    )  # fmt: skip


def _over(present: Any, beds: Any, ratio_units: int) -> ir.BooleanValue:
    over: ir.BooleanValue = present * SCALE > beds.cast("int64") * ratio_units
    return over


def _present(r: Relations) -> ir.Table:
    """One row a stay and day on which the patient lies in: not the day of discharge."""
    s = r["stays"]
    nights = days_between(s.end_date, s.adm_date)
    s = s.filter(s.fixmedins_code.notnull(), nights > 0).select(
        "person", "adm_date", "reversed", at="fixmedins_code", stay_row="row_id",
        nights=days_between(s.end_date, s.adm_date),
    )  # fmt: skip
    s = s.mutate(nth=ibis.range(0, s.nights).unnest())
    return s.mutate(day=add_days(s.adm_date, s.nth.cast("int64")))


def _with_present(r: Relations, crowded: ir.Table) -> ir.Table:
    """Counts persons and names their stays, on the days on which there may be too many."""
    s = r["stays"]
    t = crowded.join(
        s,
        [
            crowded.subject == s.fixmedins_code,
            crowded.day >= s.adm_date,
            crowded.day < s.end_date,
        ],
    )
    return t.group_by("subject", "day", "beds", "register_row").aggregate(
        everybody=t.person.nunique(),
        inpatients=t.person.nunique(where=~t.reversed),
        with_stays=t.row_id.collect(where=~t.reversed),
    )
