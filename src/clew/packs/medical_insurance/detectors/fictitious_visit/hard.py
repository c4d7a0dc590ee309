"""MI-08 (a): a visit that cannot have taken place."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import (
    HIGH,
    Condition,
    Params,
    Relations,
    Signal,
    T,
    any_of,
    apportion,
    days_between,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.fee_lines import weighted_lines
from clew.packs.medical_insurance.derived.terms import T2, exact_sum, stage
from clew.packs.medical_insurance.detectors.fictitious_visit.absent import (
    ABROAD,
    CUSTODY,
    absences,
    services_after_death,
    spells,
)
from clew.packs.medical_insurance.detectors.fictitious_visit.excuses import (
    CUSTODY_HOSPITAL,
    INTERNET_REVISIT,
    MOBILE_CLINIC,
    OFFLINE_SUPPLEMENT,
    REVERSED,
    mark_programme,
    with_excuses,
)
from clew.packs.medical_insurance.detectors.fictitious_visit.missing import (
    lines_without_device,
    services_without_doctor,
)

ROW = ("row_id", "service_row")
SIGNS = ("is_IN_CUSTODY", "is_ABROAD", "is_DEAD", "is_NO_SUCH_DEVICE", "is_NO_SUCH_DOCTOR")


@rule(
    code="a",
    title=T("硬信号: 不可能发生的就诊", "A visit that cannot have taken place"),
    per="person",
    subject="person",
    fact_key=("institution", "service_day"),
    base=T(
        "羁押、出境、死亡人员, 或由当日不存在的设备、医师提供的服务",
        "Services to persons in custody, abroad or dead, or by a device or doctor that was not "
        "there that day",
    ),
    required=(
        "mi_settlement",
        any_of(
            "mi_custody", "mi_border", "death_health", "death_police", "mi_device", "mi_staff"
        ),
    ),
    conditions=(Condition("HARD_SIGNAL", T("至少一项硬信号", "At least one hard signal")),),
    signals=(
        Signal("IN_CUSTODY", T("羁押期间", "In custody"), sources=("mi_custody",)),
        Signal("ABROAD", T("出境期间", "Abroad"), sources=("mi_border",)),
        Signal("DEAD", T("已死亡", "Dead"), sources=("death_health", "death_police")),
        Signal(
            "NO_SUCH_DEVICE", T("设备当日不存在", "No such device that day"),
            sources=("mi_device",),
        ),
        Signal(
            "NO_SUCH_DOCTOR", T("医师当日不存在", "No such doctor that day"),
            sources=("mi_staff",),
        ),
    ),
    exclusions=(
        REVERSED, OFFLINE_SUPPLEMENT, INTERNET_REVISIT, MOBILE_CLINIC, CUSTODY_HOSPITAL,
    ),
    grade=severity_always(HIGH),
)  # fmt: skip
def hard(r: Relations, p: Params) -> ir.Table:
    t = _signalled(r)
    t = mark_programme(r, t, "not_MOBILE_CLINIC", "mobile", ROW)
    t = mark_programme(r, t, "at_custody_hospital", "custody_hospital", ROW)
    only_custody = t.is_IN_CUSTODY
    only_dead = t.is_DEAD
    for sign in SIGNS:
        if sign != "is_IN_CUSTODY":
            only_custody = only_custody & ~t[sign]
        if sign != "is_DEAD":
            only_dead = only_dead & ~t[sign]
    t = t.mutate(not_CUSTODY_HOSPITAL=only_custody & t.at_custody_hospital, only_dead=only_dead)
    return _by_day(r, _untestable(r, t))


def _signalled(r: Relations) -> ir.Table:
    """Service lines, or settlements without lines, on which at least one signal is seen."""
    s = r["net_settlements"]
    s = s.filter(s.person.notnull(), s.fixmedins_code.notnull())
    away = stage(absences(s, spells(r)), "absences")
    dead = stage(services_after_death(r), "dead_services")
    device = stage(lines_without_device(r, s), "without_device")
    doctor = stage(services_without_doctor(r, s), "without_doctor")
    found = ibis.union(*(part.select("setl_id") for part in (away, dead, device, doctor)))
    wanted = s.semi_join(found.distinct(), "setl_id")
    t = _services(r, wanted)
    t = _with_absence(t, away, dead)
    return _with_missing(t, device, doctor)


def _services(r: Relations, visits: ir.Table) -> ir.Table:
    lines = weighted_lines(r, visits)
    t = visits.left_join(lines, "setl_id", rname="{name}_line")
    # Without lines the first day alone is a service date, and its share is one of all days.
    span = ibis.greatest(days_between(t.end_date, t.service_date).fill_null(0), 0) + 1
    t = t.mutate(
        service_row=ibis.coalesce(t.line_id, t.row_id),
        subject_place=t.fixmedins_code,
        day=ibis.coalesce(t.fee_date, t.service_date),
        weight=t.weight.fill_null(1),
        whole=ibis.ifelse(t.line_id.notnull(), t.whole, span),
    )
    t = with_excuses(t).select(
        *ROW, "setl_id", "med_list_codg", "person", "tier", "subject_place", "day", "mdtrt_id",
        "med_type", "weight", "whole", "line_ids", "fund", "account", "not_REVERSED",
        "not_OFFLINE_SUPPLEMENT", "not_INTERNET_REVISIT",
    )  # fmt: skip
    return stage(t, "services")


def _with_absence(t: ir.Table, away: ir.Table, dead: ir.Table) -> ir.Table:
    gone = t.join(
        away,
        [t.setl_id == away.setl_id, t.day > away.away_from, t.day < away.away_to],
        rname="{name}_away",
    )
    gone = gone.group_by(*ROW).aggregate(
        is_IN_CUSTODY=(gone.kind == CUSTODY).any(),
        is_ABROAD=(gone.kind == ABROAD).any(),
        with_absence=gone.proof.collect(),
        vague=(~gone.exact).any(),
    )
    late = dead.group_by("dead_row").aggregate(with_death=dead.proof.collect().flatten())
    t = t.left_join(gone, list(ROW), rname="{name}_gone")
    t = t.left_join(late, t.service_row == late.dead_row)
    return t.mutate(
        is_IN_CUSTODY=t.is_IN_CUSTODY.fill_null(False),
        is_ABROAD=t.is_ABROAD.fill_null(False),
        is_DEAD=t.dead_row.notnull(),
    )


def _with_missing(t: ir.Table, device: ir.Table, doctor: ir.Table) -> ir.Table:
    for sign, missing in (("is_NO_SUCH_DEVICE", device), ("is_NO_SUCH_DOCTOR", doctor)):
        t = stage(t, f"before_{sign}")
        found = missing.select(bill="setl_id", item="med_list_codg", seen_on="fee_date")
        # A visit of which nothing is left has no net lines; one attended names no item.
        same_item: Any = (
            found.item.isnull() | t.med_list_codg.isnull() | (t.med_list_codg == found.item)
        )
        named = t.join(found, [t.setl_id == found.bill, t.day == found.seen_on, same_item])
        named = named.select(*ROW).distinct().mutate(seen_missing=True)
        t = t.left_join(named, list(ROW), rname="{name}_named")
        t = t.mutate(**{sign: t.seen_missing.fill_null(False)})
        t = t.drop("seen_missing", "row_id_named", "service_row_named")
    seen: Any = t[SIGNS[0]]
    for sign in SIGNS[1:]:
        seen = seen | t[sign]
    return stage(t.filter(seen), "signalled")


def _untestable(r: Relations, t: ir.Table) -> ir.Table:
    """A register says nothing where lines name neither devices nor doctors."""
    unknown: dict[str, Any] = {}
    if not r.held("mi_fee.device_no"):
        unknown["is_NO_SUCH_DEVICE"] = ibis.null("boolean")
    if not r.held("mi_fee.bilg_dr_codg", "mi_settlement.atddr_no"):
        unknown["is_NO_SUCH_DOCTOR"] = ibis.null("boolean")
    return t.mutate(**unknown) if unknown else t


def _by_day(r: Relations, t: ir.Table) -> ir.Table:
    """One row a settlement and day; what one excuse covers, or death alone, is kept apart."""
    excuses = [c for c in t.columns if c.startswith("not_")]
    signs = {sign: t[sign].any() for sign in SIGNS}
    g = t.group_by(
        "row_id", "person", "subject_place", "day", "mdtrt_id", "med_type", "fund", "account",
        "only_dead", *excuses,
    ).aggregate(
        line=t.service_row.min(),
        with_lines=t.line_ids.collect().flatten(),
        with_absence=t.with_absence.collect().flatten(),
        with_death=t.with_death.collect().flatten(),
        confirm_identity=((t.tier == T2) | t.vague.fill_null(False)).any(),
        part=exact_sum(t.weight),
        whole=t.whole.max(),
        **signs,
    )  # fmt: skip
    fund = apportion(g.fund, g.part, g.whole)
    # What relatives spent from the account of the dead is told by MI-01 and sent nowhere else.
    account = ibis.ifelse(g.only_dead, 0, apportion(g.account, g.part, g.whole))
    return g.select(
        *excuses, *SIGNS, "mdtrt_id", "med_type", "confirm_identity", "with_lines",
        "with_absence", "with_death",
        subject=g.person,
        institution=g.subject_place,
        service_day=g.day,
        row_id=g.line,
        with_settlement=g.row_id,
        fund=fund,
        account=account,
        if_HARD_SIGNAL=~g.only_dead | (fund > 0),
    )  # fmt: skip
