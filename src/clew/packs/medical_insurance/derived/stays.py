"""Inpatient stays: when they really ended, what they cost, what is known of them."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import Relations, T, add_days, days_between, derived
from clew.packs.medical_insurance.derived.fee_lines import net_lines
from clew.packs.medical_insurance.derived.terms import (
    MATERNITY_TYPE,
    OBSTETRIC,
    T1,
    T2,
    category,
    exact_sum,
)

FLAGS = (
    "dscg_way", "adm_dept", "icu_hours", "newborn_flag", "infant_days", "home_bed_flag",
    "planned_flag",
)  # fmt: skip

# A day is charged on the way in, not on the way out: one day without lines is the rule.
UNCHARGED_DAYS = 2


def _billed(settlements: ir.Table) -> ir.Table:
    """Settlements by visit. A visit has one patient and one institution, so any value serves;
    but a link of the best tier goes before others.
    """
    s = settlements
    exact = s.tier == T1
    by_visit = s.group_by("mdtrt_id").aggregate(
        person_exact=s.person.min(where=exact),
        person_any=s.person.min(),
        institution_billed=s.fixmedins_code.min(),
        first_date=s.service_date.min(),
        last_date=s.end_date.max(),
        fund=exact_sum(s.fund),
        account=exact_sum(s.account),
        reversed=s.reversed.all(),
        maternity=(s.med_type == MATERNITY_TYPE).any(),
        emer_billed=s.emer_flag.any(),
        birth_date=s.brdy.max(),
        dise_codg=s.dise_codg.min(),
        settlement_rows=s.row_id.collect(),
        settlement_row=s.row_id.min(),
    )
    return by_visit.mutate(
        person_billed=ibis.coalesce(by_visit.person_exact, by_visit.person_any),
        tier_billed=ibis.ifelse(by_visit.person_exact.notnull(), T1, T2),
    ).drop("person_exact", "person_any")


def _registered(r: Relations) -> ir.Table:
    """Rows of the register of stays, as far as the run may read them."""
    i, today = r["mi_inpatient"], r.today
    i = i.filter(i.adm_time.date() <= today)
    out = i.dscg_time.date()
    return i.select(
        *FLAGS,
        "mdtrt_id",
        stay_row=i.row_id,
        person_registered=i.certno,
        institution_registered=i.fixmedins_code,
        adm=i.adm_time.date(),
        out=ibis.ifelse(out <= today, out, ibis.null("date")),
        emer_registered=i.emer_flag,
    )


def _diagnosed(r: Relations) -> ir.Table:
    d = r["mi_diagnosis"]
    return d.group_by("mdtrt_id").aggregate(
        main_code=d.diag_code.argmin(d.diag_srt_no, where=d.diag_type == "1"),
        obstetric_code=d.diag_code.startswith("O").any(),
    )


def _last_fee_days(r: Relations, settlements: ir.Table) -> ir.Table:
    s = settlements.filter(~settlements.reversed).select("setl_id", "mdtrt_id")
    lines = net_lines(r, s).group_by("setl_id").aggregate(day=lambda t: t.fee_date.max())
    joined = lines.join(s, "setl_id")
    return joined.group_by("mdtrt_id").aggregate(last_fee_date=joined.day.max())


@derived(
    title=T("住院", "Inpatient stays"),
    inputs=(
        "mi_settlement", "mi_person", "mi_inpatient", "mi_fee", "mi_diagnosis", "mi_dept",
        "reversals", "numbered_persons", "net_settlements",
    ),
    order=("person", "fixmedins_code", "adm_date", "mdtrt_id"),
)
def stays(r: Relations) -> ir.Table:
    """One row per inpatient visit, from the register of stays, else from its settlements.

    Dates: `adm_date`, `dscg_date` (null while still in), `last_fee_date` (null without lines),
    `end_date` (discharge, else last fee day), `true_end` (the last fee day where the discharge
    was entered two days or more after it). A stay with neither discharge nor lines has no end and
    is left out, as is one without a person; `tier` is that of its link. Amounts are net, in fen;
    `nights` is at least 1. `stay_rows` are the source rows, `row_id` the first of them.
    """
    net = r["net_settlements"]
    inpatient = net.filter(net.inpatient)
    registered = _registered(r)
    billed = _billed(inpatient)
    # Registered stays whose bill bears another type of care; few, so the join stays small.
    unbilled = registered.anti_join(billed, "mdtrt_id").select("mdtrt_id")
    other = net.filter(~net.inpatient).semi_join(unbilled, "mdtrt_id")
    billed = billed.union(_billed(other))
    fees = _last_fee_days(r, inpatient.union(other))

    t = registered.outer_join(billed, "mdtrt_id", rname="{name}_bill")
    t = t.mutate(mdtrt_id=ibis.coalesce(t.mdtrt_id, t.mdtrt_id_bill)).drop("mdtrt_id_bill")
    t = t.left_join(fees, "mdtrt_id", rname="{name}_fee").drop("mdtrt_id_fee")
    t = t.left_join(_diagnosed(r), "mdtrt_id", rname="{name}_diag").drop("mdtrt_id_diag")
    t = t.mutate(
        person=ibis.coalesce(t.person_registered, t.person_billed),
        tier=ibis.ifelse(t.person_registered.notnull(), T1, t.tier_billed),
        fixmedins_code=ibis.coalesce(t.institution_registered, t.institution_billed),
        adm_date=ibis.coalesce(t.adm, t.first_date),
        dscg_date=ibis.ifelse(t.stay_row.notnull(), t.out, t.last_date),
        category=category(ibis.coalesce(t.main_code, t.dise_codg)),
    )
    t = t.mutate(end_date=ibis.coalesce(t.dscg_date, t.last_fee_date))
    t = t.filter(t.person.notnull(), t.end_date.notnull())
    return _described(t, _obstetric_wards(r))


def _obstetric_wards(r: Relations) -> ir.Table:
    w = r["mi_dept"]
    return w.filter(w.specialty == OBSTETRIC).select(
        ward_of="fixmedins_code", ward="dept_codg"
    ).distinct()


def _described(t: ir.Table, wards: ir.Table) -> ir.Table:
    t = t.left_join(wards, [t.fixmedins_code == wards.ward_of, t.adm_dept == wards.ward])
    entered_late = t.last_fee_date <= add_days(t.dscg_date, -UNCHARGED_DAYS)
    none = ibis.literal(0, "int64")
    rows = ibis.ifelse(t.stay_row.notnull(), ibis.array([t.stay_row]), t.settlement_rows)
    both = t.stay_row.notnull() & t.settlement_rows.notnull()
    described = {
        "row_id": ibis.coalesce(t.stay_row, t.settlement_row),
        "true_end": ibis.ifelse(entered_late.fill_null(False), t.last_fee_date, t.end_date),
        "nights": ibis.greatest(days_between(t.end_date, t.adm_date), 1),
        "emer_flag": ibis.coalesce(t.emer_registered, t.emer_billed),
        "fund": ibis.coalesce(t.fund, none),
        "account": ibis.coalesce(t.account, none),
        "reversed": t.reversed.fill_null(False),
        "obstetric": (
            t.maternity.fill_null(False)
            | t.obstetric_code.fill_null(False)
            | (t.category.substr(0, 1) == "O").fill_null(False)
            | t.ward.notnull()
        ),
        "stay_rows": ibis.ifelse(
            both, t.settlement_rows.concat(ibis.array([t.stay_row])), rows
        ),
    }
    return t.mutate(**described).select(
        "person", "tier", "fixmedins_code", "mdtrt_id", "adm_date", "dscg_date", "end_date",
        "last_fee_date", "category", "birth_date", *FLAGS, *described,
    )
