"""Charges beyond what there was, by institution: the shares of MI-17, MI-18 and MI-19."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Fact, Params, Relations
from clew.packs.medical_insurance.derived.charges import UNIT, as_units, month, summed, total
from clew.packs.medical_insurance.derived.terms import exact_sum, stage

CANCELLED = "cancelled"
ITEM_MONTH = ("code", "month")


def beyond(t: ir.Table, by: tuple[str, ...], used: str = "qty") -> ir.Table:
    """Adds `every` and `standing`, the sums of `used` over the rows that agree in `by`, all of
    them and those not `out`, and `over` and `of`: the share of a row beyond `allowed`.
    """
    t = t.mutate(
        every=total(t[used], *by), standing=total(ibis.ifelse(t.out, 0, t[used]), *by)
    )
    return t.mutate(
        over=ibis.ifelse(t.out, 0, ibis.greatest(t.standing - t.allowed, 0)),
        of=ibis.greatest(t.standing, 1),
    )


def still_beyond(fact: Fact, p: Params) -> bool:
    """Whether the rows that stand use more than `allowed_units`."""
    return bool(sum(row.used_units for row in fact.rows) > fact.rows[0].allowed_units)


def facts_of(t: ir.Table, used: str = "qty") -> dict[str, Any]:
    """What a clue shows of a share, and what `still_beyond` reads."""
    return {
        "used_units": as_units(t[used]),
        "charged_units": as_units(t.standing),
        "allowed_units": as_units(t.allowed),
    }


def beyond_reports(r: Relations, t: ir.Table, *by: str) -> ir.Table:
    """Charges of a month beside the reports of the institution's own systems, with `over` of `of`.

    `t` has `out`, true where an exclusion takes a line out; `by` are further columns that tell
    rows apart. Months of which an institution delivered no log at all are left out.
    """
    t = stage(t.mutate(month=month(t.day)), "logged_items")
    g = r["mi_lab_log"]
    g = g.filter(g.exam_time.date() <= r.today)
    counted = (g.result_status != CANCELLED).fill_null(True)
    one = g.cnt.fill_null(1).cast("float64") * float(UNIT)
    g = g.select(
        logged_at="fixmedins_code", logged="med_list_codg", log_month=month(g.exam_time.date()),
        reports=ibis.ifelse(counted, one.round().cast("int64"), 0), report_row="row_id",
    )  # fmt: skip
    g = stage(g, "reports")
    kept = g.select("logged_at", "log_month").distinct()
    reports = g.group_by("logged_at", "log_month", "logged").aggregate(reports=exact_sum(g.reports))
    reports = reports.rename(report_at="logged_at", report_month="log_month")
    t = t.join(kept, [t.subject == kept.logged_at, t.month == kept.log_month])
    t = summed(t, *ITEM_MONTH, "out", *by)
    t = t.left_join(
        reports,
        [
            t.subject == reports.report_at,
            t.month == reports.report_month,
            t.code == reports.logged,
        ],
    )
    t = t.mutate(allowed=t.reports.fill_null(0))
    t = beyond(t, ("subject", *ITEM_MONTH))
    return t.mutate(if_MORE_THAN_REPORTS=t.every > t.allowed)
