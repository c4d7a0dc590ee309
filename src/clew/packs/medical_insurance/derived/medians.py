"""Medians from whole numbers, alike on every engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import ibis
import ibis.expr.types as ir

from clew.packs.medical_insurance.derived.terms import exact_sum


def middle(t: ir.Table, by: Sequence[str], value: str) -> ir.BooleanValue:
    """Whether a row carries the middle value, or one of the two, of the rows that agree in `by`.

    `value` must not be null there.
    """
    ordered = ibis.window(group_by=list(by), order_by=value)
    place = ibis.row_number().over(ordered).cast("int64")
    count = t[value].count().over(ibis.window(group_by=list(by))).cast("int64")
    return cast(ir.BooleanValue, (place * 2 + 1 - count).abs() <= 1)


def twice_median(value: Any, marked: Any) -> ir.IntegerValue:
    """Twice the median of a whole number, for an aggregation; null where no row is `marked`."""
    number = ibis.ifelse(marked, 1, 0).sum()
    total = exact_sum(ibis.ifelse(marked, value, 0))
    twice = ibis.cases((number == 1, total * 2), (number == 2, total), else_=ibis.null("int64"))
    return cast(ir.IntegerValue, twice)
