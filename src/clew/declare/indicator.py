"""A figure: one expression that yields the rows it counts, so that it always drills down.

The function returns one row per counted row: `row_id` (a source row) or `clue` (a clue's id), and
`value` (int64) where the figure is a sum. `count` counts rows, `distinct` counts values of
`value`, `sum` adds them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis.expr.types as ir

from clew.declare.relations import Relations
from clew.declare.text import T

COUNT, DISTINCT, SUM = "count", "distinct", "sum"


@dataclass(frozen=True)
class Indicator:
    id: str
    label: T
    unit: str
    measure: str
    rows: Callable[[Relations], ir.Table]
    text: T


def indicator(
    *, id: str, label: T, unit: str, text: T, measure: str = COUNT
) -> Callable[[Callable[[Relations], ir.Table]], Indicator]:
    """Declares the function below it. `text` is the brief's sentence, `{value}` its figure."""

    def declare(rows: Callable[[Relations], ir.Table]) -> Indicator:
        return Indicator(id, label, unit, measure, rows, text)

    return declare
