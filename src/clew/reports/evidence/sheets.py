"""The sheets of an evidence workbook, as a pure function of its statement.

Writing and verifying both start here, so a workbook and its JSON can be held together cell by
cell. A change of what stands where is another edition of the format.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Whole = Mapping[str, Any]
TITLE_LONGEST = 31

TEXT, MONEY, COUNT = "text", "money", "count"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text as the statement has it, how it is kept, and how it looks.

    `span` is the number of columns that it covers, `note` a comment, `lines` the height that its
    text takes.
    """

    text: str
    look: str = "plain"
    kind: str = TEXT
    span: int = 1
    note: str = ""
    lines: int = 1


Row = Sequence[Cell]


@dataclass
class Sheet:
    """`widths` are in characters, `frozen` counts the rows that stay on screen, `repeated` the
    columns that stand on every page of a sheet too wide for one.
    """

    title: str
    widths: Sequence[float]
    rows: list[Row] = field(default_factory=list)
    frozen: int = 0
    frozen_columns: int = 0
    repeated: int = 0

    def add(self, *cells: Cell) -> None:
        self.rows.append(cells)

    def table(self, heads: Sequence[str], rows: Iterable[Row], spans: Sequence[int] = ()) -> None:
        """A header and its rows; an empty table says so. `spans` are the heads' columns."""
        wide = spans or [1] * len(heads)
        self.add(
            *(
                Cell(head, "head", span=span, lines=1 + head.count("\n"))
                for head, span in zip(heads, wide, strict=True)
            )
        )
        before = len(self.rows)
        self.rows.extend(rows)
        if len(self.rows) == before:
            self.add(Cell("无 none", "muted"))


def text(value: Any, look: str = "plain") -> Cell:
    return Cell("" if value is None else str(value), look)


def money(value: str, look: str = "plain") -> Cell:
    return Cell(value, look, MONEY)


def count(value: int, look: str = "plain") -> Cell:
    return Cell(str(value), look, COUNT)


def wrapped(value: str, width: float, look: str = "wrap", span: int = 1) -> Cell:
    """A text over as many lines as it takes in a column of this width."""
    lines = sum(max(1, -(-breadth(line) // max(1, int(width) - 1))) for line in value.split("\n"))
    return Cell(value, look, span=span, lines=lines)


def breadth(value: str) -> int:
    """Width in characters of the sheet's font; Chinese ones take two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in value)


def titled(wanted: str, taken: Iterable[str]) -> str:
    """A name that a sheet may have and no other sheet has."""
    clean = "".join("·" if c in "[]:*?/\\" else c for c in wanted)[: TITLE_LONGEST - 3]
    known = {name.lower() for name in taken}
    if clean.lower() not in known:
        return clean
    number = 2
    while f"{clean} {number}".lower() in known:
        number += 1
    return f"{clean} {number}"
