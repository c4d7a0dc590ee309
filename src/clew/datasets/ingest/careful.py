"""A CSV read row by row: every row keeps its number, and one that does not fit is set apart."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from clew.datasets.ingest import quoting, table

ROW = "_row"
LONGEST_FIELD = 4 << 20
BLOCK_ROWS = 20_000
KEPT_TEXT = 1 << 16
TRUNCATED, QUOTES, COLUMN_COUNT, TOO_LONG = "TRUNCATED", "QUOTES", "COLUMN_COUNT", "TOO_LONG"


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be laid under the headers: its number, why, and its text."""

    row: int
    reason: str
    raw: str


@dataclass
class Sheet:
    """Rows under a header of `width` cells, which ends at row `head_row`.

    `bad`, `last_row` and `end` (totals and notes below the table) are known when all is read.
    """

    path: Path
    encoding: str
    delimiter: str
    width: int
    head_row: int = 1
    bad: list[BadRow] = field(default_factory=list)
    last_row: int = 0
    end: table.Tail = field(default_factory=lambda: table.Tail(0))

    def blocks(self) -> Iterator[list[tuple[int | str | None, ...]]]:
        """Rows that fit, in blocks: the row's number, then its cells, empty ones as None."""
        block: list[tuple[int | str | None, ...]] = []
        with (
            _long_fields(),
            self.path.open(encoding=self.encoding, newline="", errors="replace") as handle,
        ):
            for number, cells in self._rows(handle):
                block.append((number, *(cell or None for cell in cells)))
                if len(block) >= BLOCK_ROWS:
                    yield block
                    block = []
        if block:
            yield block

    def _rows(self, handle: TextIO) -> Iterator[tuple[int, Sequence[str]]]:
        """Rows that fit. The last ones wait until it is known whether they are of the table."""
        waiting: deque[_Row] = deque()
        for row in self._below_header(handle):
            waiting.append(row)
            if len(waiting) > table.TAIL_ROWS:
                yield from self._judged(waiting.popleft())
        self.end = table.tail([row.cells for row in waiting], self.width)
        for _ in range(self.end.keep):
            yield from self._judged(waiting.popleft())

    def _judged(self, row: _Row) -> Iterator[tuple[int, Sequence[str]]]:
        self.last_row = row.number
        if row.bad:
            self.bad.append(row.bad)
        else:
            yield row.number, row.cells

    def _below_header(self, handle: TextIO) -> Iterator[_Row]:
        lines = _Lines(handle, self.delimiter)
        for number, cells, reason in _records(lines, self.delimiter):
            if number <= self.head_row or (not reason and not any(c.strip() for c in cells)):
                continue
            while len(cells) > self.width and not cells[-1].strip():
                cells.pop()
            if not reason and len(cells) != self.width:
                breaks_off = len(cells) < self.width and lines.at_end
                unfinished = breaks_off and not lines.text.endswith(("\n", "\r"))
                reason = TRUNCATED if unfinished else COLUMN_COUNT
            bad = None
            if reason:
                bad = BadRow(number, reason, lines.text.rstrip("\r\n")[:KEPT_TEXT])
            yield _Row(number, cells, bad)


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: list[str]
    bad: BadRow | None


def _records(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """Number and cells of each record, or the reason why it is none.

    A quotation mark that is never closed would swallow the rows below it: after such an error only
    the line it began on is given up.
    """
    number = 0
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        number += 1
        lines.restart()
        try:
            cells, reason = next(reader), ""
        except StopIteration:
            return
        except csv.Error as error:
            cells, reason = [], TOO_LONG if "field limit" in str(error) else QUOTES
            at_file_end = lines.ended
            if lines.give_back():
                reason = QUOTES
            elif at_file_end:
                reason = TRUNCATED
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
        yield number, cells, reason


class _Lines:
    """Hands lines to the CSV reader and remembers those of the row in work."""

    def __init__(self, handle: TextIO, delimiter: str) -> None:
        self._handle = handle
        self._delimiter = delimiter
        self._waiting: deque[str] = deque()
        self._row: list[str] = []
        self.ended = False

    @property
    def text(self) -> str:
        return "".join(self._row)

    @property
    def at_end(self) -> bool:
        if not self._waiting and (line := self._handle.readline()):
            self._waiting.append(line)
        return not self._waiting

    def restart(self) -> None:
        self._row = []

    def give_back(self) -> bool:
        """Returns all lines of the row but its first one to be read again; whether any."""
        rest = self._row[1:]
        self._waiting.extendleft(reversed(rest))
        self._row = self._row[:1]
        self.ended = False
        return bool(rest)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else self._handle.readline()
        if not line:
            self.ended = True
            raise StopIteration
        inside = bool(self._row)  # else the reader would not ask for more of this row
        self._row.append(line)
        line = line.replace("\0", "")
        if ' "' in line or '" ' in line:
            line, _ = quoting.close_up(line, self._delimiter, inside=inside)
        return line


@contextmanager
def _long_fields() -> Iterator[None]:
    before = csv.field_size_limit(LONGEST_FIELD)
    try:
        yield
    finally:
        csv.field_size_limit(before)
