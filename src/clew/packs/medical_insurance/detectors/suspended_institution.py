"""Charges to the fund while the agreement is suspended.

Looks for services on days on which the institution's agreement, or that of the department which
charged, was suspended, interrupted or terminated.

Why it matters: an institution under sanction has no right to bill the fund; what it bills all the
same is owed back, and the sanction was no sanction.

Known gaps: a department is known by its fee lines alone, so a sanction of one department is not
tested where lines are not held; a lifting that nobody registered cannot be seen.

To verify by hand: read notice and lifting of the sanction, ask the settlement centre why the
terminal stayed open, and ask when the patients were really treated.
"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from clew.declare import (
    HIGH,
    Condition,
    Detector,
    Exclusion,
    Params,
    Relations,
    T,
    add_days,
    any_true,
    apportion,
    days_between,
    detector,
    severity_always,
)
from clew.packs.medical_insurance.derived.fee_lines import weighted_lines
from clew.packs.medical_insurance.derived.terms import T2, exact_sum, inside, stage, valid_on

SIGNED, TERMINATED = "signed", "terminated"
SANCTIONS = ("suspended", "interrupted", TERMINATED)
EMERGENCIES = ("13", "24")


@detector(
    id="MI-25",
    title=T("暂停、解除期间结算", "Billed while suspended"),
    version=1,
    per="institution",
    subject="organisation",
    fact_key=("visit",),
    base=T(
        "受处理机构在暂停、中止、解除期间就诊、在院或结算的就诊",
        "Visits to a sanctioned institution that lie in the sanction, or were settled in it",
    ),
    required=("mi_settlement", "mi_agreement"),
    optional=(
        "mi_fee", "mi_inpatient", "mi_person", "reversals", "numbered_persons", "net_settlements",
    ),
    conditions=(
        Condition("DURING", T("服务日期在处理期间内", "Served on a day of the sanction")),
    ),
    exclusions=(
        Exclusion("REVERSED", T("已冲销", "Reversed")),
        Exclusion("ADMITTED_BEFORE", T("处理前已入院", "Admitted before")),
        Exclusion(
            "CRITICAL_TRANSFER", T("协议允许的危重转诊", "Critical transfer that is allowed"),
            sources=("mi_agreement.critical_transfer",),
        ),
    ),
    basis=("reg735-15", "reg735-38", "reg735-40"),
    owner="医保局",
    next_review=date(2024, 6, 30),
    grade=severity_always(HIGH),
    tags=("暂停期间结算",),
)  # fmt: skip
def _find(r: Relations, p: Params) -> ir.Table:
    spells = stage(_spells(r), "sanctions")
    visits = stage(_visits(r, spells), "visits_of_the_sanctioned")
    t = _parts(_services(r, visits), spells)
    t = t.join(visits, "setl_row", rname="{name}_visit")
    t = t.join(spells, "spell", rname="{name}_spell")
    share = ibis.ifelse(t.during, t.part, 0)
    emergency = any_true(
        t.emer_settled, t.emer_registered,
        ibis.ifelse(t.med_type.isin(EMERGENCIES), True, ibis.null("boolean")),
    )  # fmt: skip
    return t.select(
        "visit", "setl_id", "med_type", "admitted", "first_day", "last_day", "with_lines",
        "status", "since", "until", "department",
        subject=t.institution,
        row_id=ibis.coalesce(t.line_id, t.setl_row),
        with_settlement=t.setl_row,
        with_agreement=t.spell,
        if_DURING=t.during,
        not_REVERSED=t.reversed,
        not_ADMITTED_BEFORE=t.lying & (t.admitted < t.since),
        not_CRITICAL_TRANSFER=t.critical & emergency,
        fund=apportion(t.fund_whole, share, t.whole),
        account=apportion(t.account_whole, share, t.whole),
        confirm_identity=(t.tier == T2).fill_null(False),
    )


suspended_institution: Detector = _find


def _spells(r: Relations) -> ir.Table:
    """Sanctions, each row of the register with its first and last day (null: goes on).

    A termination ends the day before the agreement is signed again, whatever end it names, and so
    does a sanction without an end.
    """
    a = r["mi_agreement"]
    a = a.filter(a.start_date <= r.today)
    signed = a.filter(a.status == SIGNED).select(
        signer="fixmedins_code", signed_on="start_date", signed_for=a.dept_codg.nullif("")
    )
    t = a.filter(a.status.isin(SANCTIONS)).select(
        "status", "end_date",
        spell=a.row_id,
        sanctioned=a.fixmedins_code,
        since=a.start_date,
        department=a.dept_codg.nullif(""),
        critical=a.critical_transfer,
    )  # fmt: skip
    j = t.join(
        signed,
        [
            t.sanctioned == signed.signer,
            signed.signed_on >= t.since,
            signed.signed_for.isnull() | (signed.signed_for == t.department),
        ],
    )
    again = j.group_by("spell").aggregate(signed_on=j.signed_on.min())
    t = t.left_join(again, "spell", rname="{name}_again").drop("spell_again")
    lifted = add_days(t.signed_on, -1)
    named = ibis.ifelse(t.status == TERMINATED, ibis.null("date"), t.end_date)
    return t.mutate(until=ibis.coalesce(named, lifted)).drop("end_date", "signed_on")


def _visits(r: Relations, spells: ir.Table) -> ir.Table:
    """Settlements of sanctioned institutions, beside the stay of the visit."""
    s = r["net_settlements"]
    s = s.semi_join(spells, s.fixmedins_code == spells.sanctioned)
    first = s.service_date.min().over(ibis.window(group_by="mdtrt_id"))
    i = r["mi_inpatient"]
    i = i.select(stay="mdtrt_id", adm=i.adm_time.date(), emer_registered="emer_flag")
    t = s.mutate(first_served=first).left_join(i, s.mdtrt_id == i.stay)
    return t.select(
        "setl_id", "med_type", "service_date", "reversed", "tier", "emer_registered",
        setl_row=t.row_id,
        visit=t.mdtrt_id,
        institution=t.fixmedins_code,
        lying=t.inpatient | t.stay.notnull(),
        admitted=ibis.coalesce(t.adm, t.first_served),
        ended=ibis.greatest(ibis.coalesce(t.end_date, t.service_date), t.service_date),
        settled=t.settled_date,
        emer_settled=t.emer_flag,
        fund_whole=t.fund,
        account_whole=t.account,
    )


def _services(r: Relations, visits: ir.Table) -> ir.Table:
    """Service days: each net fee line, or the visit from its first to its last day.

    `day` to `day_end` is what a row covers, `reach` the later of its end and the settlement; a
    visit without lines is served on its first day, a stay on each of them.
    """
    lines = weighted_lines(r, visits, ("bilg_dept_codg",))
    t = visits.left_join(lines, "setl_id", rname="{name}_line")
    days = days_between(t.ended, t.service_date) + 1
    lined = t.fee_date.notnull()
    return t.select(
        "setl_row", "institution", "line_id", "line_ids", "bilg_dept_codg", "service_date",
        "lying", "ended", "settled",
        lined=lined,
        weight=t.weight,
        whole=ibis.ifelse(lined, t.whole, days),
        day=ibis.coalesce(t.fee_date, t.service_date),
        day_end=ibis.coalesce(t.fee_date, t.ended),
        reach=ibis.greatest(ibis.coalesce(t.fee_date, t.ended), t.settled),
    )


def _parts(t: ir.Table, spells: ir.Table) -> ir.Table:
    """Services by settlement and sanction: `during` of its days or not, `part` of `whole`.

    A service under several sanctions stands under the one that began first.
    """
    j = t.join(spells, t.institution == spells.sanctioned)
    own_lines = j.department.isnull() | (j.bilg_dept_codg == j.department).fill_null(False)
    j = j.filter(j.reach >= j.since, own_lines)
    last = ibis.least(ibis.coalesce(j.until, j.day_end), j.day_end)
    days = days_between(last, ibis.greatest(j.day, j.since)) + 1
    begun = inside(j.day, j.since, ibis.coalesce(j.until, j.day))
    # A stay is served on each of its days, another visit without lines on its first.
    during = ibis.ifelse(j.lined | ~j.lying, begun, days > 0)
    settled = valid_on(j.settled, j.since, j.until)
    j = j.mutate(
        during=during, touched=during | settled, weight=ibis.ifelse(j.lined, j.weight, days)
    )
    j = j.filter(j.touched)
    earliest = ibis.window(
        group_by=["setl_row", "line_id", "day"],
        order_by=[ibis.desc("during"), "since", "spell"],
    )
    j = j.mutate(place=ibis.row_number().over(earliest))
    j = j.filter(j.place == 0)
    return j.group_by("setl_row", "spell", "during").aggregate(
        part=exact_sum(j.weight),
        whole=j.whole.max(),
        line_id=j.line_id.min(),
        with_lines=j.line_ids.collect().flatten(),
        first_day=j.day.min(),
        last_day=ibis.least(j.day_end.max(), j.until.max().fill_null(j.day_end.max())),
    )
