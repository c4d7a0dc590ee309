"""Services charged after the patient's death.

Looks for settlements whose patient, or account owner, is dead and whose service date lies after
the death date in use. The service date is the day of each fee line, else the start of the visit;
never the day of settlement, because bills are often settled weeks late.

Why it matters: whoever holds the card of a dead person draws on the pooled fund, or an institution
charges for somebody who was never there. Spending from the personal account by relatives is
another thing: it is carried apart and such a clue stays low.

Known gaps: a person without any death record cannot be seen; a death file that bears a wrong
number leads to the review list only; without fee lines a long stay counts by its first day.

To verify by hand: compare the death records named as evidence with each other, read the fee lines
dated after the latest of them, ask the institution for prescription, voucher and picture of the
collection, and ask the family before anything is called fraud.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import (
    DATA_CORRECTION,
    HIGH,
    LOW,
    MEDIUM,
    REVIEW_LIST,
    Condition,
    Detector,
    Exclusion,
    Fact,
    Param,
    Params,
    Relations,
    T,
    add_days,
    any_of,
    apportion,
    days_between,
    detector,
    names_agree,
)
from clew.packs.medical_insurance.derived.fee_lines import weighted_lines
from clew.packs.medical_insurance.derived.terms import T2, exact_sum, mark, stage, valid_on
from clew.packs.medical_insurance.detectors.mutual_aid import mark_mutual_aid

LEFT_DEAD = "5"
PHARMACY = "41"
MORTUARY_KINDS = ("mortuary", "autopsy")
MORTUARY_DAYS = 1
KEY = ("setl_row", "person")
CLASSES = (
    "if_AFTER_DEATH", "not_LATE_SETTLEMENT", "not_SAME_STAY", "not_MORTUARY_ITEMS",
    "not_PENDING_DEATH_DATE",
)  # fmt: skip


def grade(facts: Sequence[Fact], p: Params) -> list[str]:
    deceased: defaultdict[str, set[int | str]] = defaultdict(set)
    for fact in facts:
        for row in fact.rows if fact.fund > 0 else ():
            deceased[row.institution].add(fact.subject)
    return [_severity(fact, p, deceased) for fact in facts]


def _severity(fact: Fact, p: Params, deceased: dict[str, set[int | str]]) -> str:
    if fact.fund == 0:
        return LOW
    services: set[tuple[Any, ...]] = set()
    for row in fact.rows:
        days = row.days if row.inpatient else (None,)
        visit = row.mdtrt_id if row.inpatient else row.setl_id
        services.update((visit, day) for day in days)
    crowded = any(len(deceased[row.institution]) >= p.h_deceased for row in fact.rows)
    inpatient = any(row.inpatient for row in fact.rows)
    return HIGH if inpatient or crowded or len(services) >= p.h_services else MEDIUM


@detector(
    id="MI-01",
    title=T("死亡人员刷卡", "Card used after death"),
    version=1,
    per="person",
    subject="person",
    fact_key=("death_date",),
    base=T(
        "患者或账户所有人已死亡, 且就诊或结算晚于最早死亡日期的结算",
        "Settlements of a dead patient or account owner, served or settled after the earliest "
        "death date",
    ),
    required=("mi_settlement", any_of("death_health", "death_police")),
    optional=(
        "mi_fee", "mi_inpatient", "mi_diagnosis", "mi_dept", "mi_catalogue", "mi_person",
        "death_civil", "court_death", "police_person", "mi_binding", "mi_border", "tax_wage",
        "civil_marriage", "reversals", "numbered_persons", "net_settlements", "stays", "deaths",
        "life_evidence",
    ),
    params=(
        Param("grace_days", 0, "day", T("宽限天数", "Days of grace after death"), 0, 30),
        Param(
            "death_conflict_days", 3, "day",
            T("死亡日期来源差异上限", "Largest spread of death dates that still agree"), 0, 365,
        ),
        Param("stay_days", 1, "day", T("出院与死亡相差天数", "Discharge from death"), 0, 30),
        Param("h_services", 3, "settlement", T("高等级服务次数", "Services that make it high"), 1),
        Param(
            "h_deceased", 3, "person",
            T("高等级机构死者人数", "Deceased of one institution that make it high"), 1,
        ),
    ),
    conditions=(
        Condition(
            "AFTER_DEATH",
            T("就诊在死亡之后, 或仅结算在死亡之后", "Served, or only settled, after the death"),
        ),
    ),
    exclusions=(
        Exclusion("REVERSED", T("已冲销", "Reversed")),
        Exclusion("LATE_SETTLEMENT", T("结算滞后", "Only the settlement is late")),
        Exclusion(
            "SAME_STAY", T("住院期间死亡", "Died during this stay"),
            sources=("mi_inpatient.dscg_way",),
        ),
        Exclusion("LINK_BELOW_T1", T("身份关联不足", "Link below T1"), REVIEW_LIST),
        Exclusion("MUTUAL_AID", T("家庭共济支付", "Family mutual aid")),
        Exclusion(
            "ALIVE_EVIDENCE", T("有在世证据", "Evidence of life"), DATA_CORRECTION,
            sources=("mi_settlement.verify_mode", "mi_border", "civil_marriage", "tax_wage"),
        ),
        Exclusion(
            "DECLARED_REVOKED", T("宣告死亡已撤销", "Declaration of death revoked"),
            sources=("court_death",),
        ),
        Exclusion(
            "MORTUARY_ITEMS", T("尸体料理等项目, 不属基金支付", "Mortuary care: not fund payable"),
            REVIEW_LIST, sources=("mi_fee",),
        ),
        Exclusion(
            "PENDING_DEATH_DATE", T("待核死亡日期", "Death date to be settled"), REVIEW_LIST
        ),
        Exclusion(
            "ONLY_UPPER_BOUND", T("仅有注销或火化日期", "Only registration or cremation dates"),
            REVIEW_LIST,
        ),
        Exclusion("NO_PAYMENT", T("无基金和账户支付", "Paid by neither"), REVIEW_LIST),
    ),
    basis=("reg735-17", "reg735-41", "reg735-15", "reg735-40", "sil-88"),
    owner="医保局",
    next_review=date(2024, 6, 30),
    tags=("死亡人员刷卡", "冒用死者医保"),
    grade=grade,
)
def _find(r: Relations, p: Params) -> ir.Table:
    found = stage(_candidates(r), "candidates")
    services = services_of_the_dead(r, p, found)
    parts = services.group_by(*KEY, *CLASSES).aggregate(
        line_id=services.line_id.min(),
        with_lines=services.line_ids.collect().flatten(),
        part=exact_sum(services.weight),
        whole=services.whole.max(),
        days=services.day.collect(distinct=True),
        first_day=services.day.min(),
        last_day=services.day.max(),
    )
    t = parts.join(found, list(KEY), rname="{name}_found")
    t = t.mutate(
        fund=apportion(t.fund_whole, t.part, t.whole),
        account=apportion(t.account_whole, t.part, t.whole),
    )
    return t.select(
        *CLASSES,
        "death_date", "institution", "mdtrt_id", "setl_id", "med_type", "inpatient", "days",
        "first_day", "last_day", "settled_date", "with_lines", "with_death",
        "not_LINK_BELOW_T1", "not_MUTUAL_AID", "not_ALIVE_EVIDENCE", "fund", "account",
        subject=t.person,
        # The lines are what is flagged; where none are held, the settlement.
        row_id=ibis.coalesce(t.line_id, t.setl_row),
        with_settlement=t.setl_row,
        not_REVERSED=t.reversed,
        not_DECLARED_REVOKED=t.revoked,
        not_ONLY_UPPER_BOUND=t.only_bound,
        not_NO_PAYMENT=(t.fund == 0) & (t.account == 0),
    )


death_card: Detector = _find


def _candidates(r: Relations) -> ir.Table:
    """Settlements beside the death of their patient or account owner, with what is known of both.

    One row per settlement and dead person.
    """
    s, d = r["net_settlements"], r["deaths"]
    dead = d.rename(dead="person", dead_name="name_key")
    patient = s.join(dead, s.person == dead.dead).mutate(by_owner=False)
    agrees = _agrees(patient)
    named = patient.names.contains(patient.name_key) | patient.names.contains("") | (
        patient.name_key == ""
    )
    # A death under another name counts only where none of that number is under this one.
    patient = patient.mutate(agrees=agrees).filter(
        agrees | (patient.first_name & ~named.fill_null(False))
    )
    elsewhere = s.filter(s.owner.notnull() & (s.person.isnull() | (s.person != s.owner)))
    owner = elsewhere.join(dead, elsewhere.owner == dead.dead).mutate(by_owner=True, agrees=True)
    owner = owner.filter(owner.first_name)
    t = patient.union(owner.select(*patient.columns))
    t = stage(t, "of_the_dead")
    late = _served_late(r, t)
    t = t.left_join(late, ["row_id", "dead"], rname="{name}_late")
    after = (
        (t.service_date > t.earliest)
        | (t.end_date > t.earliest)
        | (t.settled_date > t.earliest)
        | t.served_late
    )
    t = t.filter(after.fill_null(False)).select(
        "setl_id", "mdtrt_id", "psn_no", "med_type", "inpatient", "service_date", "settled_date",
        "owner", "mutual_aid", "reversed", "by_owner", "agrees", "tier", "exact", "death_date",
        "earliest", "spread", "only_bound", "revoked",
        setl_row="row_id",
        person="dead",
        name_key="dead_name",
        holder="person",
        institution="fixmedins_code",
        fund_whole="fund",
        account_whole="account",
        with_death="death_rows",
    )
    return _tested(r, t)


def _agrees(t: ir.Table) -> ir.BooleanValue:
    former = (t.name_key == t.former_key).fill_null(False)
    return names_agree(t.name_key, t.dead_name) | former


def _served_late(r: Relations, t: ir.Table) -> ir.Table:
    """Candidates by a fee line alone: visit and settlement are dated before the death."""
    f = r["mi_fee"].select(fee_of="setl_id", fee_time="fee_ocur_time")
    j = t.join(f, t.setl_id == f.fee_of)
    j = j.filter(j.fee_time.date() > j.earliest)
    return j.select("row_id", "dead").distinct().mutate(served_late=True)


def _tested(r: Relations, t: ir.Table) -> ir.Table:
    """Exclusions that are a matter of the person or the whole settlement."""
    p = r["mi_person"].select(number="psn_no", registered="certno")
    t = t.left_join(p, t.psn_no == p.number)
    # A repaired number, of the patient or on the death record that gives the date, is below T1. An
    # ID and a department's own number that name two persons are a conflict, not a link.
    conflict = (t.registered != t.holder).fill_null(False)
    patient = ~t.by_owner & (~t.agrees | conflict | (t.tier == T2).fill_null(False))
    t = t.mutate(not_LINK_BELOW_T1=patient | ~t.exact)
    t = t.drop("number", "registered", "agrees", "tier", "exact")
    t = mark(
        t, "not_ALIVE_EVIDENCE", KEY, r["life_evidence"],
        lambda a, b: [a.person == b.person, a.name_key.identical_to(b.name_key)],
    )
    return mark_mutual_aid(r, t, KEY)


def services_of_the_dead(r: Relations, p: Params, found: ir.Table | None = None) -> ir.Table:
    """Every service time of settlements of the dead, beside the verdicts of this detector."""
    if found is None:
        found = stage(_candidates(r), "of_dead_patients")
    return _classified(r, p, _services(r, found))


def _services(r: Relations, found: ir.Table) -> ir.Table:
    """Service times: each net fee line, or the start of a visit whose lines are not held."""
    lines = weighted_lines(r, found)
    t = found.left_join(lines, "setl_id", rname="{name}_line")
    t = t.mutate(
        day=ibis.coalesce(t.fee_date, t.service_date),
        weight=t.weight.fill_null(1),
        whole=t.whole.fill_null(1),
    )
    window = ibis.window(group_by=list(KEY))
    return t.mutate(last_service=t.day.max().over(window))


def _classified(r: Relations, p: Params, t: ir.Table) -> ir.Table:
    """Adds the booleans in CLASSES, by which services of one settlement are kept apart."""
    t = _with_stay(p, r, t)
    t = _with_mortuary(r, t)
    late = (t.last_service <= t.earliest) & (t.settled_date > t.earliest) & ~t.only_bound
    after = t.day > add_days(t.death_date, p.grace_days)
    pending = (
        (t.day > add_days(t.earliest, p.grace_days))
        & ~after
        & (t.spread > p.death_conflict_days)
    )
    return t.mutate(
        not_LATE_SETTLEMENT=late.fill_null(False),
        not_PENDING_DEATH_DATE=pending,
        if_AFTER_DEATH=after | pending | late.fill_null(False),
    )


def _with_stay(p: Params, r: Relations, t: ir.Table) -> ir.Table:
    s = r["stays"].select("dscg_way", "dscg_date", "adm_date", stay_id="mdtrt_id")
    t = t.left_join(s, t.mdtrt_id == s.stay_id)
    possible = (t.adm_date <= t.death_date) & (t.day <= add_days(t.death_date, p.stay_days))
    near = days_between(t.dscg_date, t.death_date).abs() <= p.stay_days
    died = (t.dscg_way == LEFT_DEAD) & near
    return t.mutate(not_SAME_STAY=possible.fill_null(False) & died)


def _with_mortuary(r: Relations, t: ir.Table) -> ir.Table:
    """Unknown where the day would allow it and neither lines nor a catalogue tell; a pharmacy
    has no mortuary.
    """
    c = r["mi_catalogue"]
    c = c.select(
        listed="med_list_codg", listed_from="start_date", listed_to="end_date", kind="kind"
    ).mutate(mortuary=lambda x: x.kind.isin(MORTUARY_KINDS))
    by_day = ("setl_id", "med_list_codg", "day")
    t = stage(t, "service_days")
    kinds = t.select(*by_day).distinct()
    kinds = kinds.join(
        c, [kinds.med_list_codg == c.listed, valid_on(kinds.day, c.listed_from, c.listed_to)]
    )
    kinds = kinds.group_by(list(by_day)).aggregate(mortuary=lambda x: x.mortuary.any())
    t = t.left_join(kinds, list(by_day), rname="{name}_kind")
    soon = (t.day > t.death_date) & (t.day <= add_days(t.death_date, MORTUARY_DAYS))
    seen = t.med_list_codg.notnull()
    possible = soon & (seen | (t.med_type != PHARMACY).fill_null(True))
    listed = t.mortuary
    if r.held("mi_catalogue"):
        listed = ibis.ifelse(seen, listed.fill_null(False), listed)
    return t.mutate(not_MORTUARY_ITEMS=possible & listed)
