"""A workbook against the statement that it was written from, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter.utility import xl_rowcol_to_cell

from clew.declare.text import T
from clew.reports.evidence.problem import Problem
from clew.reports.evidence.sheets import COUNT, MONEY, Cell, Sheet
from clew.reports.evidence.workbook import kept, sheets


def compared(path: Path, whole: Mapping[str, Any]) -> tuple[list[Problem], int]:
    """What differs, and how many cells the statement has.

    Raises:
        OSError: there is no such file.
    """
    try:
        book = CalamineWorkbook.from_path(path)
        read = {name: _grid(book, name) for name in book.sheet_names}
    except CalamineError:
        return [Problem(path.name, "", T("不是可读的工作簿", "not a readable workbook"))], 0
    wanted = sheets(whole)
    problems, cells = [], 0
    if list(read) != [sheet.title for sheet in wanted]:
        told = T("工作表的名称或次序与 JSON 不符", "its sheets are not those of the JSON")
        problems.append(Problem(path.name, "", told))
    for sheet in wanted:
        expected = dict(_expected(sheet))
        cells += len(expected)
        problems += _differences(path.name, sheet.title, expected, read.get(sheet.title, {}))
    return problems, cells


def _grid(book: CalamineWorkbook, name: str) -> dict[tuple[int, int], Any]:
    """Every cell that holds something, by place."""
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return {
        (r, c): value
        for r, row in enumerate(rows)
        for c, value in enumerate(row)
        if value not in ("", None)
    }


def _expected(sheet: Sheet) -> Iterator[tuple[tuple[int, int], Cell]]:
    for r, row in enumerate(sheet.rows):
        place = 0
        for cell in row:
            if cell.text:
                yield (r, place), cell
            place += cell.span


def _differences(
    file: str,
    title: str,
    expected: Mapping[tuple[int, int], Cell],
    read: Mapping[tuple[int, int], Any],
) -> Sequence[Problem]:
    wrong = [place for place, cell in expected.items() if not _same(cell, read.get(place))]
    surplus = [place for place in read if place not in expected]
    return [
        Problem(file, f"«{title}»!{xl_rowcol_to_cell(*place)}", told)
        for places, told in (
            (wrong, T("单元格与 JSON 不符", "the cell is not what the JSON says")),
            (surplus, T("JSON 中没有此单元格", "the JSON has no such cell")),
        )
        for place in sorted(places)
    ]


def _same(cell: Cell, read: Any) -> bool:
    if cell.kind in (MONEY, COUNT):
        if isinstance(read, bool) or not isinstance(read, int | float):
            return False
        return f"{read:.2f}" == f"{float(cell.text):.2f}"
    return isinstance(read, str) and read == kept(cell)
