"""Inpatients whose face was seen far from their bed."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import (
    MEDIUM,
    Condition,
    Params,
    Relations,
    T,
    add_days,
    rule,
    severity_always,
    within,
)
from clew.packs.medical_insurance.derived.distances import distance_km
from clew.packs.medical_insurance.derived.terms import T2, stage
from clew.packs.medical_insurance.derived.ward_lines import ward_lines
from clew.packs.medical_insurance.detectors.bed_hanging.excuses import (
    APPROVED_LEAVE,
    CONTRACTED_EXAM,
    LONG_TERM_OBSERVATION,
    RELATIVE_PICKUP,
    REVERSED,
    mark_observation,
    one_a_day,
    with_parts,
)
from clew.packs.medical_insurance.detectors.institutions import mark_merged
from clew.packs.medical_insurance.detectors.stay_excuses import mark_excuses

FACE = "face"
EDGE_DAYS = 1
"""Days left out at either end of the stay, as in MI-27."""
KEY = ("row_id", "person", "mdtrt_id_span")
OTHER_EXCUSES = ("POSTED_LONG_RX", "NEWBORN", "HOME_BED", "ENDED_BEFORE")
"""What MI-27 excuses and this detector has no code for: such a day is none that MI-27 takes."""


@rule(
    code="b",
    title=T("住院期间在远处刷脸", "Seen far away during the stay"),
    per="person",
    subject="organisation",
    fact_key=("person", "mdtrt_id"),
    base=T(
        "住院期间在其他机构人脸核验的门诊或药店结算",
        "Face-verified services outside the wards while the patient lay in hospital",
    ),
    required=(
        "mi_settlement", "mi_settlement.verify_mode", "mi_institution",
    ),
    conditions=(
        Condition("TAKEN_BY_MI_27", T("属住院期间院外就诊", "A service elsewhere as in MI-27")),
        Condition(
            "FAR_AWAY", T("超过规定距离", "Farther away than allowed"),
            sources=("mi_institution.lon", "mi_institution.lat"),
        ),
    ),
    exclusions=(
        REVERSED, APPROVED_LEAVE, LONG_TERM_OBSERVATION, CONTRACTED_EXAM, RELATIVE_PICKUP,
    ),
    grade=severity_always(MEDIUM),
    after=one_a_day,
)  # fmt: skip
def seen_far_away(r: Relations, p: Params) -> ir.Table:
    t = within(
        _faces(r), r["stays"], by="person", at="service_date", start="adm_date", end="end_date"
    )
    t = t.filter(t.fixmedins_code_span.notnull())
    t = mark_merged(r, t, "one_institution", KEY, "institution", "fixmedins_code_span")
    t = mark_excuses(r, t, KEY)
    t = mark_observation(r, t, KEY, "fixmedins_code_span", "adm_dept_span", "adm_date_span")
    t = _far(r, p, t.mutate(if_TAKEN_BY_MI_27=_taken(t)))
    t = t.select(
        "person", "institution", "km", "if_TAKEN_BY_MI_27", "if_FAR_AWAY", "not_APPROVED_LEAVE",
        "not_LONG_TERM_OBSERVATION", "not_CONTRACTED_EXAM", "not_RELATIVE_PICKUP",
        subject="fixmedins_code_span",
        mdtrt_id="mdtrt_id_span",
        reversed="reversed_span",
        day="service_date",
        mark="row_id",
        stay_row="row_id_span",
        with_stay="stay_rows_span",
        with_service="row_id",
        not_REVERSED=t.reversed | t.reversed_span,
        confirm_identity=(t.service_tier == T2) | (t.tier_span == T2),
    )  # fmt: skip
    t = stage(t, "far_services")
    lines = stage(ward_lines(r, t.select("mdtrt_id", "reversed").distinct()), "far_lines")
    t = with_parts(r, t.drop("reversed"), lines, "far_parts")
    zero = ibis.literal(0, "int64")
    return t.mutate(row_id=t.stay_row, fund=zero, account=zero)


def _faces(r: Relations) -> ir.Table:
    """Services outside the wards at which the patient's face was verified."""
    s = r["net_settlements"]
    s = s.filter(~s.inpatient, s.verify_mode == FACE, s.person.notnull())
    return s.select(
        "row_id", "person", "service_date", "begntime", "begntime_precision", "dise_codg",
        "brdy", "reversed",
        visit="mdtrt_id",
        institution="fixmedins_code",
        service_tier="tier",
    )  # fmt: skip


def _taken(t: ir.Table) -> ir.BooleanValue:
    taken: ir.BooleanValue = (
        (t.service_date >= add_days(t.adm_date_span, EDGE_DAYS))
        & (t.service_date <= add_days(t.end_date_span, -EDGE_DAYS))
        & (t.institution != t.fixmedins_code_span).fill_null(False)
        & ~t.one_institution
    )
    for code in OTHER_EXCUSES:
        taken = taken & ~t[f"not_{code}"].fill_null(False)
    return taken


def _far(r: Relations, p: Params, t: ir.Table) -> ir.Table:
    """Adds `km` from ward to service and `if_FAR_AWAY`, unknown where a place is not on the map."""
    i = r["mi_institution"]
    here = i.select(here="fixmedins_code", lon_here="lon", lat_here="lat")
    there = i.select(there="fixmedins_code", lon_there="lon", lat_there="lat")
    t = t.left_join(here, t.fixmedins_code_span == here.here)
    t = t.left_join(there, t.institution == there.there)
    t = t.mutate(km=distance_km(t.lon_here, t.lat_here, t.lon_there, t.lat_there))
    return t.mutate(if_FAR_AWAY=t.km > float(p.far_km))
