"""Implants that no operation, no plate and no vertebra explains; one serial number twice."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import (
    HIGH,
    MEDIUM,
    Condition,
    Fact,
    Params,
    Relations,
    T,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.charges import UNIT, as_units, summed, total, with_money
from clew.packs.medical_insurance.derived.operations import known_operations
from clew.packs.medical_insurance.derived.quantities import scaled
from clew.packs.medical_insurance.derived.terms import exact_sum
from clew.packs.medical_insurance.detectors.orthopaedics.lines import (
    FREE_REPLACEMENT,
    HARDWARE_REMOVAL,
    IMPLANTS,
    MATERIALS,
    MULTIPLE_TRAUMA,
    REQUIRED,
    REVERSED,
    REVISION,
    STAY,
    ortho_lines,
    with_operations,
)

BONE_OPERATIONS = ("78.", "79.", "80.", "81.")
SCREW, PEDICLE_SCREW = "screw", "pedicle_screw"
EXCUSES = (REVERSED, MULTIPLE_TRAUMA, REVISION, HARDWARE_REMOVAL, FREE_REPLACEMENT)
SHOWN = (
    "subject", *STAY, "row_id", "with_lines", "fund", "account", "confirm_identity",
    "not_REVERSED", "not_MULTIPLE_TRAUMA", "not_REVISION", "not_HARDWARE_REMOVAL",
    "not_FREE_REPLACEMENT",
)  # fmt: skip


def _of_stays(t: ir.Table) -> ir.Table:
    return t.filter(t.inpatient, t.person.notnull())


@rule(
    code="a",
    title=T("植入物无相应手术", "Implant without an operation"),
    per="person",
    subject="organisation",
    fact_key=STAY,
    base=T("收取骨科植入物的住院", "Stays charged for orthopaedic implants"),
    required=(*REQUIRED, "mi_operation"),
    conditions=(
        Condition("OPERATIONS", T("该次住院有手术记录", "Operations of the stay are recorded")),
        Condition(
            "NO_BONE_OPERATION",
            T("无 78 至 81 类手术", "None of the chapters 78 to 81 among them"),
        ),
        Condition("CHARGED", T("数量大于零", "Something is charged")),
    ),
    exclusions=EXCUSES,
    grade=severity_always(MEDIUM),
)
def implant_without_operation(r: Relations, p: Params) -> ir.Table:
    t = summed(_of_stays(ortho_lines(r, IMPLANTS)), "free")
    t = with_operations(r, t, "implant_stays")
    o = known_operations(r)
    bone = o.oprn_code.substr(0, 3).isin(BONE_OPERATIONS)
    operated = o.filter(bone).select(bone_visit="operated").distinct()
    t = t.left_join(operated, t.visit == operated.bone_visit)
    t = t.mutate(
        if_OPERATIONS=t.recorded.notnull(),
        if_NO_BONE_OPERATION=t.bone_visit.isnull(),
        if_CHARGED=t.qty > 0,
        not_REVERSED=t.reversed,
        not_FREE_REPLACEMENT=t.free,
    )
    flagged = t.if_OPERATIONS & t.if_NO_BONE_OPERATION & t.if_CHARGED
    t = t.mutate(over=ibis.ifelse(flagged, 1, 0), of=ibis.literal(1))
    t = with_money(r, t, "implants")
    return t.select(
        *SHOWN, "with_operations", "if_OPERATIONS", "if_NO_BONE_OPERATION", "if_CHARGED",
        implants=as_units(t.qty),
    )  # fmt: skip


def _still_too_many(fact: Fact, p: Params) -> bool:
    """Screws that stand against the holes and vertebrae of the stay, kind by kind."""
    for kind in (SCREW, PEDICLE_SCREW):
        rows = [row for row in fact.rows if row.kind == kind]
        if rows and sum(row.screws for row in rows) > rows[0].allowed_screws:
            return True
    return False


@rule(
    code="b",
    title=T("螺钉多于孔数或椎体数所需", "More screws than holes or vertebrae take"),
    per="person",
    subject="organisation",
    fact_key=STAY,
    base=T("收取螺钉的住院", "Stays charged for screws"),
    required=(*REQUIRED, "mi_implant"),
    conditions=(
        Condition(
            "BONE_FACTS", T("孔数或椎体数有登记", "Holes or fused vertebrae are registered")
        ),
        Condition("TOO_MANY", T("螺钉数大于上限", "More screws than the limit")),
    ),
    exclusions=EXCUSES,
    grade=severity_always(MEDIUM),
    holds=_still_too_many,
)
def too_many_screws(r: Relations, p: Params) -> ir.Table:
    t = summed(_of_stays(ortho_lines(r, (SCREW, PEDICLE_SCREW))), "kind", "free")
    m = r["mi_implant"]
    bone = m.group_by(bone_visit="mdtrt_id").aggregate(
        # A row stands for so many plates.
        holes=exact_sum(m.plate_holes * scaled(m.cnt.fill_null(1))),
        vertebrae=exact_sum(m.fused_vertebrae),
    )
    t = t.left_join(bone, t.visit == bone.bone_visit).drop("bone_visit")
    t = t.mutate(
        allowed=ibis.ifelse(
            t.kind == SCREW,
            t.holes + p.screw_extra * UNIT,
            (t.vertebrae * p.per_vertebra + p.pedicle_extra) * UNIT,
        ),
        paid=ibis.ifelse(t.free.fill_null(False), 0, t.qty),
    )
    group = ("visit", "kind", "reversed")
    t = t.mutate(every=total(t.qty, *group), standing=total(t.paid, *group))
    t = t.mutate(
        if_BONE_FACTS=t.allowed.notnull(),
        if_TOO_MANY=(t.every > t.allowed).fill_null(False),
        over=ibis.greatest(t.standing - t.allowed, 0).fill_null(0),
        of=ibis.greatest(t.standing, 1),
    )
    t = with_operations(r, t, "screw_stays")
    t = t.mutate(not_REVERSED=t.reversed, not_FREE_REPLACEMENT=t.free)
    t = with_money(r, t, "screws")
    return t.select(
        *SHOWN, "with_operations", "if_BONE_FACTS", "if_TOO_MANY", "kind",
        screws=as_units(t.qty),
        allowed_screws=as_units(t.allowed),
    )  # fmt: skip


def _two_left(fact: Fact, p: Params) -> bool:
    return len({row.patient for row in fact.rows}) > 1


@rule(
    code="c",
    title=T("同一唯一标识用于两名患者", "One device identifier in two patients"),
    per="set",
    subject="set",
    fact_key=("udi",),
    base=T("有唯一标识的骨科耗材", "Orthopaedic consumables with an identifier"),
    required=(*REQUIRED, "mi_fee.udi"),
    conditions=(
        Condition("TWO_PATIENTS", T("两名以上患者", "Charged to two patients or more")),
    ),
    exclusions=(REVERSED, FREE_REPLACEMENT),
    grade=severity_always(HIGH),
    holds=_two_left,
)
def one_identifier_twice(r: Relations, p: Params) -> ir.Table:
    t = ortho_lines(r, (*IMPLANTS, *MATERIALS)).rename(written="udi")
    t = t.mutate(udi=t.written.strip().upper().nullif(""))
    t = t.filter(t.udi.notnull(), t.person.notnull())
    t = summed(t, "udi", "free", "code")
    t = t.filter(t.qty > 0)
    window = ibis.window(group_by="udi")
    two = t.person.min().over(window) != t.person.max().over(window)
    t = t.mutate(two=two)
    t = t.mutate(over=ibis.ifelse(t.two, 1, 0), of=ibis.literal(1))
    t = with_money(r, t, "identified")
    return t.select(
        "udi", "row_id", "with_lines", "fund", "account", "confirm_identity", "code", "visit",
        subject=ibis.literal(""),
        patient=t.person,
        institution=t.subject,
        if_TWO_PATIENTS=t.two,
        not_REVERSED=t.reversed,
        not_FREE_REPLACEMENT=t.free,
    )  # fmt: skip
