"""Pictures of a clue's evidence: rows on a line of days, people around the places they share.

Both are computed here and drawn as SVG by the template, so that they print, and need no script.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from clew.declare import T, registry
from clew.declare.types import Date, InstitutionCode, Timestamp
from clew.detection.models import Clue, Evidence
from clew.detection.queries import Subjects, may_be_person

Cells = Mapping[int, Mapping[str, Any]]
WIDTH, LEFT, RIGHT, ROW = 900, 150, 50, 26
RADIUS, CENTRE = 150, 210
MOST = 40


@dataclass(frozen=True, slots=True)
class Bar:
    """One evidence row on the line: from `x`, `w` wide, in the row that begins at `y`."""

    title: T
    first: date
    last: date
    role: str
    x: float
    w: float
    y: int

    @property
    def base(self) -> int:
        return self.y + 14


@dataclass(frozen=True, slots=True)
class Timeline:
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]
    height: int
    left: int = LEFT
    width: int = WIDTH


@dataclass(frozen=True, slots=True)
class Node:
    name: str
    place: bool
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Network:
    nodes: tuple[Node, ...]
    edges: tuple[tuple[Node, Node, int], ...]
    size: int = 2 * CENTRE


def timeline(rows: Sequence[Evidence], cells: Cells) -> Timeline | None:
    """None where fewer than two rows have a day."""
    spans = [(r, s) for r in rows if (s := _span(r, cells.get(r.row_id, {})))]
    spans = sorted(spans, key=lambda x: (x[1], x[0].row_id))[:MOST]
    if len(spans) < 2:
        return None
    start = min(s[0] for _, s in spans)
    days = max((max(s[1] for _, s in spans) - start).days, 1)
    scale = (WIDTH - LEFT - RIGHT) / days
    bars = tuple(
        Bar(
            registry.dataset(r.dataset).title, first, last, r.role,
            LEFT + (first - start).days * scale, max((last - first).days * scale, 6), 8 + n * ROW,
        )
        for n, (r, (first, last)) in enumerate(spans)
    )  # fmt: skip
    ticks = tuple(
        (LEFT + n * days / 4 * scale, f"{start + timedelta(days=n * days // 4)}") for n in range(5)
    )  # fmt: skip
    return Timeline(bars, ticks, 8 + len(bars) * ROW + 22)


def _span(row: Evidence, cells: Mapping[str, Any]) -> tuple[date, date] | None:
    """From the row's main day to the last of its own days not before it, within two years."""
    contract = registry.dataset(row.dataset)
    first = _day(cells.get(contract.main_date or ""))
    if first is None:
        return None
    ends = [
        day
        for column in contract.columns.values()
        if isinstance(column.type, (Timestamp, Date)) and column.name.startswith("end")
        if (day := _day(cells.get(column.name))) and 0 <= (day - first).days <= 730
    ]
    return first, max(ends, default=first)


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def network(
    rows: Sequence[Evidence], cells: Cells, clue: Clue, people: Subjects
) -> Network | None:
    """Persons and institutions that the evidence joins; None for fewer than three of them."""
    joined: dict[tuple[str, str], int] = {}
    for row in rows:
        persons = {p for p in map(str, row.key) if may_be_person(p)}
        if clue.subject_kind == "person":
            persons.add(clue.subject_key)
        for person in persons:
            for place in _institutions(row, cells.get(row.row_id, {})):
                joined[person, place] = joined.get((person, place), 0) + 1
    ends = list(dict.fromkeys([*(p for p, _ in joined), *(q for _, q in joined)]))[:MOST]
    if len(ends) < 3:
        return None
    nodes = {
        end: Node(
            people.person(int(end)) if may_be_person(end) else end, not may_be_person(end),
            round(CENTRE + RADIUS * math.cos(2 * math.pi * n / len(ends)), 1),
            round(CENTRE + RADIUS * math.sin(2 * math.pi * n / len(ends)), 1),
        )
        for n, end in enumerate(ends)
    }  # fmt: skip
    edges = [
        (nodes[a], nodes[b], count) for (a, b), count in joined.items() if a in nodes and b in nodes
    ]
    return Network(tuple(nodes.values()), tuple(edges))


def _institutions(row: Evidence, cells: Mapping[str, Any]) -> list[str]:
    contract = registry.dataset(row.dataset)
    return [
        str(cells[c.name])
        for c in contract.columns.values()
        if isinstance(c.type, InstitutionCode) and cells.get(c.name)
    ]
