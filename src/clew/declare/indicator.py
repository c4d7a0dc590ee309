"""A figure: one expression that yields the rows it counts, so that it always drills down.

The function returns one row per thing counted, under `ref`: a source row (int64 row_id), a clue
a matter, an entry of money or a batch (text); and `value` where the figure is not a count: `sum`
adds it, `distinct` counts its different values, `ratio` adds it and divides by the sum of `base`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis.expr.types as ir

from clew.declare.relations import Relations
from clew.declare.text import T

COUNT, DISTINCT, SUM, RATIO = "count", "distinct", "sum", "ratio"


@dataclass(frozen=True)
class Indicator:
    id: str
    label: T
    unit: str
    measure: str
    style: str
    rows: Callable[[Relations], ir.Table]
    text: T


def indicator(
    *, id: str, label: T, unit: str, text: T, measure: str = COUNT, style: str = "exact"
) -> Callable[[Callable[[Relations], ir.Table]], Indicator]:
    """Declares the function below it.

    `text` is the brief's sentence: `{value}` is the figure, `{scaled}` the figure times the
    sample's scale, `{scale}` that scale. A figure in `unit` 元 is a sum of fen; a ratio is shown
    in per cent, with two decimals, and has none where nothing stands under it.
    """

    def declare(rows: Callable[[Relations], ir.Table]) -> Indicator:
        return Indicator(id, label, unit, measure, style, rows, text)

    return declare
