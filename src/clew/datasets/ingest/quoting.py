"""Blanks between a cell's quotation marks and its delimiters: `a, "b" ,c`.

RFC 4180 knows none, spreadsheets and hands write them, and readers differ: they belong to nobody's
cell. Blanks inside the marks, or of a cell without any, stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

_SEEN = re.compile(rb'(?:\A|[,;\t|\r\n]) +"|" +(?:[,;\t|\r\n]|\Z)')
_BEFORE = re.compile(r' +(?=")')
_REST_OF_CELL = re.compile(r'(?:[^"]|"")*+"')


def spaced(data: bytes) -> bool:
    """Whether such blanks may stand in it; at worst they stand inside the marks."""
    return (b' "' in data or b'" ' in data) and _SEEN.search(data) is not None


def closed_up(lines: Iterable[str], delimiter: str) -> Iterator[str]:
    """The lines without such blanks."""
    inside = False
    for line in lines:
        tight, inside = close_up(line, delimiter, inside=inside)
        yield tight


def close_up(line: str, delimiter: str, *, inside: bool) -> tuple[str, bool]:
    """The line without such blanks, and whether it ends inside quotation marks.

    `inside`: it begins there.
    """
    after = _after(delimiter)
    kept, at = [], 0
    while True:
        if not inside:
            at = blank.end() if (blank := _BEFORE.match(line, at)) else at
            inside = line.startswith('"', at)
            if inside:
                kept.append('"')
                at += 1
        if inside:
            cell = _REST_OF_CELL.match(line, at)
            if cell is None:
                return "".join(kept) + line[at:], True
            kept.append(cell[0])
            blank = after.match(line, cell.end())
            at, inside = blank.end() if blank else cell.end(), False
        end = line.find(delimiter, at) + 1
        if not end:
            return "".join(kept) + line[at:], False
        kept.append(line[at:end])
        at = end


@cache
def _after(delimiter: str) -> re.Pattern[str]:
    return re.compile(rf" +(?=[{re.escape(delimiter)}\r\n]|\Z)")
