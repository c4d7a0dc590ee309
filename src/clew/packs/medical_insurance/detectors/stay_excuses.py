"""What excuses a service outside during a stay (MI-27), one boolean `not_<CODE>` each."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import Relations, any_true, days_between
from clew.packs.medical_insurance.derived.terms import (
    DAY_PRECISION,
    category,
    inside,
    mark,
    valid_on,
)

NEWBORN_DAYS = 28
PERINATAL = ("P00", "P96")
LIVEBORN = "Z38"
LEAVE_HOURS = 24


def mark_excuses(r: Relations, t: ir.Table, key: tuple[str, ...]) -> ir.Table:
    """Adds every exclusion but REVERSED and MUTUAL_AID.

    `t` is a service (`person`, `institution`, `service_date`, `begntime`, …) joined to a stay
    around it, whose columns end in `_span`; `key` tells its rows apart.
    """
    t = _leave(r, t, key)
    t = _contracted(r, t, key)
    t = _filed(r, t, key)
    t = _newborn(r, t, key)
    return t.mutate(
        not_HOME_BED=t.home_bed_flag_span,
        not_ENDED_BEFORE=(t.last_fee_date_span < t.service_date).fill_null(False),
    )


def _leave(r: Relations, t: ir.Table, key: tuple[str, ...]) -> ir.Table:
    """Leave excuses its first 24 hours; where a time is missing, days are compared."""
    v = r["mi_leave"]
    cap = v.leave_begntime + ibis.interval(hours=LEAVE_HOURS)
    leave = v.select(
        "leave_begntime",
        leave_of="mdtrt_id",
        leave_until=ibis.least(ibis.coalesce(v.leave_endtime, cap), cap),
        approved="approved_flag",
        timed=(v.leave_begntime_precision > DAY_PRECISION)
        & (v.leave_endtime_precision.fill_null(DAY_PRECISION + 1) > DAY_PRECISION),
    )

    def on(a: ir.Table, b: ir.Table) -> list[ir.BooleanValue]:
        by_time = inside(a.begntime, b.leave_begntime, b.leave_until)
        by_day = inside(a.service_date, b.leave_begntime.date(), b.leave_until.date())
        timed = b.timed & (a.begntime_precision > DAY_PRECISION)
        return [a.mdtrt_id_span == b.leave_of, ibis.ifelse(timed, by_time, by_day)]

    return mark(t, "not_APPROVED_LEAVE", key, leave, on, value="approved")


def _contracted(r: Relations, t: ir.Table, key: tuple[str, ...]) -> ir.Table:
    """An examination contract between the ward's institution and the other one."""
    c = r["mi_programme"]
    c = c.filter(c.kind == "contract_exam", c.partner_code.notnull())
    contracts = ibis.union(
        c.select("start_date", "end_date", at_home=c.fixmedins_code, away=c.partner_code),
        c.select("start_date", "end_date", at_home=c.partner_code, away=c.fixmedins_code),
    )
    return mark(
        t, "not_CONTRACTED_EXAM", key, contracts,
        lambda a, b: [
            a.fixmedins_code_span == b.at_home,
            a.institution == b.away,
            valid_on(a.service_date, b.start_date, b.end_date),
        ],
    )


def _filed(r: Relations, t: ir.Table, key: tuple[str, ...]) -> ir.Table:
    """Medicine that a relative collects or the post brings, filed for that day."""
    f = r["mi_filing"].select("certno", "kind", "start_date", "end_date", "post_flag")

    def on(a: ir.Table, b: ir.Table) -> list[ir.BooleanValue]:
        return [a.person == b.certno, valid_on(a.service_date, b.start_date, b.end_date)]

    t = mark(t, "not_RELATIVE_PICKUP", key, f.filter(f.kind == "pickup"), on)
    return mark(
        t, "not_POSTED_LONG_RX", key, f.filter(f.kind == "long_rx"), on, value="post_flag"
    )


def _newborn(r: Relations, t: ir.Table, key: tuple[str, ...]) -> ir.Table:
    """Mother and child share a number: the stay is the child's, or it is the mother's and the
    service is the child's by age or diagnosis.
    """
    d = r["mi_diagnosis"]
    c = category(d.diag_code)
    perinatal = d.filter(inside(c, *PERINATAL) | (c == LIVEBORN)).select(child="mdtrt_id")
    t = mark(t, "child_diagnosis", key, perinatal, lambda a, b: [a.visit == b.child])
    own = category(t.dise_codg)
    child = t.child_diagnosis | (inside(own, *PERINATAL) | (own == LIVEBORN)).fill_null(False)
    by_age = inside(days_between(t.service_date, t.brdy), 0, NEWBORN_DAYS)
    return t.mutate(
        not_NEWBORN=any_true(
            t.newborn_flag_span,
            t.infant_days_span <= NEWBORN_DAYS,
            by_age & t.obstetric_span,
            child & t.obstetric_span,
        )
    ).drop("child_diagnosis")
