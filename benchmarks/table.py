"""One line a measurement, for a program and for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

HEADERS = (
    "goal", "name", "ratio", "limit", "floor_s", "compile_s", "execute_s", "facts_s", "peak_mb",
    "facts", "equal",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """`ratio` is compilation and execution over the floor, all measured in one run.

    Seconds are for the reader of the table only: they mean nothing on another machine.
    """

    goal: str
    name: str
    ratio: float
    limit: float
    rows: int
    peak_mb: int
    answers_equal: bool
    floor_s: float
    execute_s: float
    compile_s: float | None = None
    facts_s: float | None = None
    facts: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "goal": self.goal, "name": self.name, "ratio": round(self.ratio, 2),
            "limit": self.limit, "rows": self.rows, "peak_mb": self.peak_mb,
            "answers_equal": self.answers_equal,
        }  # fmt: skip

    def cells(self) -> tuple[str, ...]:
        mark = "" if self.ratio <= self.limit else " over"
        return (
            self.goal, self.name, f"{self.ratio:.2f}{mark}", f"{self.limit:g}",
            *(_text(s) for s in (self.floor_s, self.compile_s, self.execute_s, self.facts_s)),
            f"{self.peak_mb}", "" if self.facts is None else f"{self.facts:,}",
            "yes" if self.answers_equal else "NO",
        )  # fmt: skip


def _text(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.2f}"


def show(lines: Sequence[Line]) -> str:
    """Aligned columns; the ratio is marked where it is over its limit."""
    grid = [HEADERS, *(line.cells() for line in lines)]
    widths = [max(map(len, column)) for column in zip(*grid, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in grid
    )
