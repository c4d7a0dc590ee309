"""Neighbours in time: the row before, the row after, spans that overlap, events within spans.

Detectors ask for a neighbour; how it is found is the engine's choice. A table that the engine has
written in order (a materialised derived table) and whose order it has verified is read once with a
streaming lag; any other table pays for a window.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import cast

import ibis
import ibis.expr.types as ir

Orders = Mapping[str, tuple[str, ...]]
"""Tables whose stored order an engine has checked, each with the columns of it."""


@dataclass(frozen=True)
class _Verified:
    orders: Orders
    asked: dict[str, tuple[str, ...]]


_verified: ContextVar[_Verified | None] = ContextVar("verified", default=None)


@contextmanager
def verified_order(orders: Orders) -> Iterator[Orders]:
    """For the engine: what it has checked. Yields the tables that were asked for inside the block,
    each with its order, () if none is known.
    """
    known = _Verified(orders, {})
    token = _verified.set(known)
    try:
        yield known.asked
    finally:
        _verified.reset(token)


def previous(
    table: ir.Table, columns: Sequence[str], *, by: Sequence[str], order: Sequence[str]
) -> ir.Table:
    """Adds `previous_<column>`: the column in the row before, by `order`, of the same `by`.

    Null in the first row of each group. `order` must tell any two rows of a group apart.
    """
    return _shifted(table, columns, by, order, "previous")


def next(
    table: ir.Table, columns: Sequence[str], *, by: Sequence[str], order: Sequence[str]
) -> ir.Table:
    """Adds `next_<column>`, the mirror of `previous`."""
    return _shifted(table, columns, by, order, "next")


def _shifted(
    table: ir.Table, columns: Sequence[str], by: Sequence[str], order: Sequence[str], side: str
) -> ir.Table:
    def move(column: ir.Column, window: object) -> ir.Column:
        shifted = column.lag() if side == "previous" else column.lead()
        return cast(ir.Column, shifted.over(window))

    if _is_stored(table, by, order):
        streaming = ibis.window()
        same = ibis.literal(True)
        for name in by:
            same = same & (move(table[name], streaming) == table[name]).fill_null(False)
        return table.mutate(
            **{f"{side}_{c}": ibis.ifelse(same, move(table[c], streaming), None) for c in columns}
        )
    window = ibis.window(group_by=list(by), order_by=list(order))
    return table.mutate(**{f"{side}_{c}": move(table[c], window) for c in columns})


def _is_stored(table: ir.Table, by: Sequence[str], order: Sequence[str]) -> bool:
    """Whether the table lies in exactly this order, so that its storage can be read instead."""
    name, known = getattr(table.op(), "name", ""), _verified.get()
    if known is None:
        return False
    stored = known.asked[name] = known.orders.get(name, ())
    groups, within_groups = stored[: len(by)], stored[len(by) : len(by) + len(order)]
    return bool(stored) and set(groups) == set(by) and within_groups == tuple(order)


def overlapping(
    spans: ir.Table, *, by: str, start: str, end: str, order: Sequence[str]
) -> ir.Table:
    """Every pair of spans of the same `by` that share at least one instant, each pair once.

    The earlier span's columns are suffixed `_a`, the later one's `_b`; earlier by `start`, then by
    `order`, which must tell spans apart. Both ends belong to a span.
    """
    a = spans.rename("{name}_a")
    b = spans.rename("{name}_b")
    first: ir.BooleanValue = ibis.literal(False)
    equal: ir.BooleanValue = ibis.literal(True)
    for name in (start, *order):
        first = first | (equal & (a[f"{name}_a"] < b[f"{name}_b"]))
        equal = equal & (a[f"{name}_a"] == b[f"{name}_b"])
    return a.join(
        b,
        [
            a[f"{by}_a"] == b[f"{by}_b"],
            first,
            b[f"{start}_b"] <= a[f"{end}_a"],
        ],
    )


def within(
    events: ir.Table, spans: ir.Table, *, by: str, at: str, start: str, end: str
) -> ir.Table:
    """Events joined to the spans of the same `by` that contain them, both ends included.

    The span's columns are suffixed `_span`.
    """
    s = spans.rename("{name}_span")
    return events.join(
        s,
        [
            events[by] == s[f"{by}_span"],
            events[at] >= s[f"{start}_span"],
            events[at] <= s[f"{end}_span"],
        ],
    )
