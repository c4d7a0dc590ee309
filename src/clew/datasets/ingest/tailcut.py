"""Cuts totals and notes off the end of a large CSV without reading the rows above them."""

from __future__ import annotations

import csv
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from clew.datasets.ingest import table

WINDOW = 1 << 16


@dataclass(frozen=True, slots=True)
class Cut:
    """The byte at which the table ends, and what stands below it."""

    at: int
    totals: table.Cells = ()
    notes: tuple[str, ...] = ()


def find(path: Path, delimiter: str, head_row: int, width: int) -> Cut | None:
    """What to cut off a UTF-8 file of one row a line.

    None where a quotation mark or other line ends leave doubt about where the rows begin.
    """
    size = path.stat().st_size
    start = max(0, size - WINDOW)
    with path.open("rb") as handle:
        handle.seek(start)
        window = handle.read()
    lines = window.splitlines(keepends=True) if b"\n" not in window else _lines(window)
    lines = lines[1:] if start else lines[head_row:]
    lines = lines[-table.TAIL_ROWS :]
    rows = [_cells(line, delimiter) for line in lines]
    end = table.tail(rows, width)
    if end.keep == len(rows):
        return Cut(size)
    if b'"' in window:
        return None
    return Cut(size - sum(map(len, lines[end.keep :])), end.totals, end.notes)


def _lines(window: bytes) -> list[bytes]:
    lines = window.split(b"\n")
    return [line + b"\n" for line in lines[:-1]] + [lines[-1]] * bool(lines[-1])


def _cells(line: bytes, delimiter: str) -> list[str]:
    text = line.decode("utf-8", errors="replace").rstrip("\r\n").replace("\0", "")
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return [text, text]


def copy(path: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)
    return target


def apply(path: Path, cut: Cut) -> None:
    os.truncate(path, cut.at)
