"""What excuses a bare day or a service elsewhere, and what such a day of the stay is worth."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Exclusion, Params, Relations, T, days_between
from clew.declare.detector import Cells
from clew.packs.medical_insurance.derived.terms import exact_sum, inside, mark, stage, valid_on
from clew.packs.medical_insurance.detectors.drug_resale.windows import shared_out

REVERSED = Exclusion("REVERSED", T("已冲销", "Reversed"))
APPROVED_LEAVE = Exclusion(
    "APPROVED_LEAVE", T("经批准请假", "Approved leave"), sources=("mi_leave",)
)
LONG_TERM_OBSERVATION = Exclusion(
    "LONG_TERM_OBSERVATION",
    T("精神、长期护理或康复观察", "Psychiatric, long-term or rehabilitation observation"),
    sources=("mi_dept",),
)
CONTRACTED_EXAM = Exclusion(
    "CONTRACTED_EXAM", T("委托检查", "Contracted examination"), sources=("mi_programme",)
)
RELATIVE_PICKUP = Exclusion(
    "RELATIVE_PICKUP", T("登记的代配药", "Registered collection by a relative"),
    sources=("mi_filing",),
)
OBSERVATION = ("psychiatric", "long_term", "rehab")


def mark_observation(
    r: Relations, t: ir.Table, key: tuple[str, ...], at: str, ward: str, day: str
) -> ir.Table:
    """Adds `not_LONG_TERM_OBSERVATION`: the ward of admission observes for long. `at`, `ward` and
    `day` name the columns of institution, department and admission.
    """
    w = r["mi_dept"]
    w = w.filter(w.specialty.isin(OBSERVATION)).select(
        "start_date", "end_date", ward_of="fixmedins_code", ward_code="dept_codg"
    )
    open_since = w.start_date.fill_null(ibis.date(1900, 1, 1))
    t = mark(
        t, "observes", key, w.mutate(start_date=open_since),
        lambda a, b: [
            a[at] == b.ward_of, a[ward] == b.ward_code,
            valid_on(a[day], b.start_date, b.end_date),
        ],
    )  # fmt: skip
    known = ibis.ifelse(t[ward].nullif("").isnull(), ibis.null("boolean"), t.observes)
    return t.mutate(not_LONG_TERM_OBSERVATION=known).drop("observes")


def with_parts(r: Relations, t: ir.Table, lines: ir.Table, name: str) -> ir.Table:
    """Rows of `t` (`mdtrt_id`, `day`) by settlement of the stay, with the part of it that the day
    is: `weight` of `whole`, by the day's lines, or by days where the settlement has no lines.

    Adds also `setl_id`, `fund_whole`, `account_whole`, `line_id` and `with_lines`. `lines` are
    those of the stays; `name` is used once in a query.
    """
    t = stage(t, name)
    wholes = lines.group_by(counted="setl_id").aggregate(
        scope_sum=exact_sum(lines.scope), amount_sum=exact_sum(lines.amount)
    )
    daily = lines.group_by(daily="setl_id", on_day="day").aggregate(
        scope_day=exact_sum(lines.scope),
        amount_day=exact_sum(lines.amount),
        line_id=lines.line_id.min(),
        with_lines=lines.line_ids.collect().flatten(),
    )
    s = r["net_settlements"]
    s = s.select(
        "setl_id", billed="mdtrt_id", fund_whole="fund", account_whole="account",
        first="service_date", last=ibis.coalesce(s.end_date, s.service_date),
    )  # fmt: skip
    t = t.join(s, t.mdtrt_id == s.billed)
    t = t.left_join(wholes, t.setl_id == wholes.counted)
    t = t.left_join(daily, [t.setl_id == daily.daily, t.day == daily.on_day])
    by_scope = t.scope_sum > 0
    by_lines = ibis.ifelse(by_scope, t.scope_day, t.amount_day).fill_null(0)
    by_days = ibis.ifelse(inside(t.day, t.first, t.last), 1, 0).cast("int64")
    has_lines = t.counted.notnull()
    return t.mutate(
        weight=ibis.ifelse(has_lines, by_lines, by_days),
        whole=ibis.ifelse(
            has_lines,
            ibis.ifelse(by_scope, t.scope_sum, t.amount_sum),
            days_between(t.last, t.first) + 1,
        ),
    ).drop(
        "billed", "first", "last", "counted", "scope_sum", "amount_sum", "daily", "on_day",
        "scope_day", "amount_day",
    )  # fmt: skip


def one_a_day(rows: list[Cells], p: Params) -> list[Cells]:
    """One row a `mark` and day of each stay, with what the day is worth.

    A day's share of a settlement is counted once, on the first row that stands.
    """
    seen: set[tuple[Any, ...]] = set()
    rows.sort(key=lambda x: (x["mdtrt_id"], x["day"], x["mark"], x["setl_id"] or ""))
    for row in rows:
        part = (row["setl_id"], row["day"])
        row["standing"] = part not in seen and _stands(row)
        if row["standing"]:
            seen.add(part)
    merged: dict[tuple[Any, ...], Cells] = {}
    for row, (fund, account) in zip(
        rows, shared_out(rows, lambda x: bool(x["standing"])), strict=True
    ):
        key = (row["mdtrt_id"], row["day"], row["mark"])
        kept = merged.setdefault(
            key, row | {"fund": 0, "account": 0, "with_lines": [], "row_id": row["stay_row"]}
        )
        kept["fund"] += fund
        kept["account"] += account
        kept["with_lines"] += row["with_lines"] or []
        if kept["with_lines"]:
            kept["row_id"] = min(kept["with_lines"])
    return [{c: v for c, v in row.items() if c not in WORKING} for row in merged.values()]


def _stands(row: Cells) -> bool:
    """Whether nothing excuses the row and no condition is known to fail."""
    excused = any(row[c] for c in row if c.startswith("not_"))
    return not excused and all(row[c] is not False for c in row if c.startswith("if_"))


WORKING = (
    "standing", "mark", "weight", "whole", "setl_id", "fund_whole", "account_whole", "line_id",
    "stay_row",
)  # fmt: skip
