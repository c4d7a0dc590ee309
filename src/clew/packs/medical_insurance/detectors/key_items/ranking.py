"""The three rankings of the whole city in a quarter."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Params, ratio

YEAR = 4
"""Quarters."""


def beside_last_year(t: ir.Table, *by: str) -> ir.Table:
    """Adds `old`: `net` of the same quarter of last year, 0 where nothing was spent."""
    before = t.select(
        **{f"{name}_before": t[name] for name in by}, q_before=t.q + YEAR, old=t.net
    )
    same = [t[name] == before[f"{name}_before"] for name in by]
    j = t.left_join(before, [*same, t.q == before.q_before])
    return j.mutate(old=j.old.fill_null(0)).drop(*(f"{name}_before" for name in by), "q_before")


def key_codes(p: Params, city: ir.Table) -> ir.Table:
    """`item` and `q` of the codes that lead a ranking: spend, part in the city's growth, growth.

    `city` has the spending `net` by `item` and `q`. The part in one growth ranks as the increase
    itself; a code without spending last year has no growth. Ties go by code.
    """
    t = beside_last_year(city, "item")
    t = t.mutate(increase=t.net - t.old)
    grown = t.filter(t.old > 0)
    grown = grown.mutate(growth=ratio(grown.increase, grown.old))
    parts = (_top(p, t, "net"), _top(p, t, "increase"), _top(p, grown, "growth"))
    return ibis.union(*parts, distinct=True)


def _top(p: Params, t: ir.Table, value: str) -> ir.Table:
    order: Any = [ibis.desc(t[value]), t.item]
    place = ibis.row_number().over(ibis.window(group_by="q", order_by=order))
    ranked = t.mutate(place=place)
    return ranked.filter(ranked.place < p.top_n).select("item", "q")
