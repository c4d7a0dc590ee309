"""Small expressions that several relations of this pack share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

import ibis
import ibis.expr.types as ir

from clew.declare import Relations

INPATIENT_TYPES = ("21", "22", "23", "24", "52")
MATERNITY_TYPE = "52"
OBSTETRIC = "obstetric"
DAY_PRECISION = 3
YEAR_PRECISION, MONTH_PRECISION = 1, 2
T1, T2 = "T1", "T2"
"""Tiers of the link by which a row's person is known."""


def exact_sum(value: Any) -> ir.IntegerValue:
    """Sum of integers as int64: one engine widens it to 128 bits, which would spread."""
    return cast(ir.IntegerValue, value.sum().cast("decimal(38, 0)").cast("int64"))


def category(code: Any) -> ir.StringValue:
    """Analysis level of a diagnosis: three characters; null for an empty code."""
    return cast(ir.StringValue, code.nullif("").substr(0, 3).upper())


def inside(value: Any, low: Any, high: Any) -> ir.BooleanValue:
    """Whether low ≤ value ≤ high. Spelt out: one engine reads BETWEEN … AND … AND wrongly."""
    return cast(ir.BooleanValue, (value >= low) & (value <= high))


def valid_on(day: Any, start: Any, end: Any) -> ir.BooleanValue:
    """Whether `day` lies in a validity that includes both its days; an empty end is open."""
    return cast(ir.BooleanValue, (start <= day) & (end.isnull() | (end >= day)))


def stage(t: ir.Table, name: str) -> ir.Table:
    """The same rows as a named step of the query.

    A query that joins `t` with something made from `t` would otherwise hold its text twice, and
    double at every such step. `name` is used once in a query.
    """
    return t.select(*t.columns).alias(name)


def linked(r: Relations, rows: ir.Table, column: str) -> ir.Table:
    """Adds `linked_person`, `linked_tier`: whose a row is whose number in `column` is unusable."""
    links = r["links"]
    links = links.filter(links.column == column).select(
        linked_row="row_id", linked_person="person", linked_tier="tier"
    )
    asked = ibis.ifelse(rows[column].isnull(), rows.row_id, ibis.null("int64"))
    return rows.left_join(links, asked == links.linked_row).drop("linked_row")


def mark(
    rows: ir.Table,
    name: str,
    key: Sequence[str],
    others: ir.Table,
    on: Callable[[ir.Table, ir.Table], Sequence[Any]],
    *,
    value: str | None = None,
) -> ir.Table:
    """Adds the boolean `name`: whether a row of `others` meets `on`.

    `key` tells rows apart. With `value`, a boolean column of `others`, only rows where it is true
    count; where all that meet `on` leave it unknown the answer is null.
    """
    flag = "mark_value"
    rows = stage(rows, f"before_{name}")
    others = others.mutate(**{flag: others[value] if value else ibis.literal(True)})
    found = (
        rows.join(others, on(rows, others), rname="{name}_other")
        .group_by(list(key))
        .aggregate(
            mark_met=lambda t: t[flag].fill_null(False).any(),
            mark_unknown=lambda t: t[flag].isnull().any(),
        )
    )
    joined = rows.left_join(found, list(key), rname="{name}_found")
    unknown = ibis.ifelse(joined.mark_unknown.fill_null(False), ibis.null("boolean"), False)
    answer = ibis.ifelse(joined.mark_met.fill_null(False), True, unknown)
    return joined.mutate(**{name: answer}).select(*rows.columns, name)
