"""The evidence as a workbook: the statement's sheets, written once; the same in, the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from clew.datasets.excel.cells import LONGEST, Styles, put, workbook
from clew.reports.evidence import details
from clew.reports.evidence.examined import examined
from clew.reports.evidence.overview import overview
from clew.reports.evidence.sheets import COUNT, MONEY, Cell, Row, Sheet, Whole

_INK, _LINE, _GREY = "#1F5F8B", "#D5DBE1", "#6B7A89"
_GRID = {"border": 1, "border_color": _LINE}
_HEAD = {"bold": True, "font_color": "#FFFFFF", "bg_color": _INK, "text_wrap": True, "border": 1,
         "border_color": "#FFFFFF", "align": "center"}  # fmt: skip
_LOOKS: dict[str, dict[str, Any]] = {
    "plain": _GRID,
    "wrap": _GRID | {"text_wrap": True},
    "code": _GRID | {"font_name": "Consolas", "font_size": 9},
    "title": {"bold": True, "font_size": 18, "font_color": _INK},
    "warning": {"text_wrap": True, "bg_color": "#FFF4D6", "border": 1, "border_color": "#E0B84C"},
    "band": {"text_wrap": True, "bold": True, "bg_color": "#E8EEF4"},
    "muted": {"font_color": _GREY, "text_wrap": True},
    "section": {"bold": True, "font_size": 12, "font_color": _INK, "bottom": 2,
                "bottom_color": _INK},
    "head": _HEAD,
    "own head": _HEAD | {"bg_color": _GREY},
    "condition head": _HEAD,
    "signal head": _HEAD | {"bg_color": "#3E7B6F"},
    "exclusion head": _HEAD | {"bg_color": "#8A6D3B"},
    "small": {"font_size": 8, "font_color": _GREY, "text_wrap": True, "align": "center"},
    "yes": _GRID | {"align": "center", "bg_color": "#EAF3E6"},
    "no": _GRID | {"align": "center", "font_color": _GREY},
    "strong": _GRID | {"bold": True},
    "total": {"bold": True, "top": 2, "bg_color": "#E8EEF4"},
    "own": _GRID | {"bg_color": "#EEF1F4", "text_wrap": True, "font_size": 9},
    "marked": {"bg_color": "#F8C9C4", "border": 1, "border_color": "#C0392B", "bold": True},
    "mended": {"bg_color": "#FFFBE6", "border": 1, "border_color": "#E0B84C"},
    "proof": _GRID | {"font_color": "#4A5663", "bg_color": "#F7F8FA", "text_wrap": True},
    "proof marked": {"bg_color": "#DCE9F5", "border": 1, "border_color": _INK},
    "bad": _GRID | {"font_color": "#B03A2E", "bold": True, "text_wrap": True},
    "caution": _GRID | {"bg_color": "#FFF4D6", "text_wrap": True, "font_color": "#9A6A00",
                        "bold": True},
    "level H": _GRID | {"bold": True, "align": "center", "bg_color": "#F8C9C4"},
    "level M": _GRID | {"bold": True, "align": "center", "bg_color": "#FFE9B8"},
    "level L": _GRID | {"bold": True, "align": "center", "bg_color": "#E3EFD9"},
}  # fmt: skip
_NUMBERS: dict[str, dict[str, Any]] = {
    MONEY: {"num_format": "#,##0.00", "align": "right", "indent": 1},
    COUNT: {"num_format": "0", "align": "center"},
}
PAGE = 330
"""Characters across a page that can still be read; a wider sheet goes over several pages."""
_LINE_HEIGHT = 14.5


def sheets(whole: Whole) -> list[Sheet]:
    """Every sheet of a statement, in the order of the workbook."""
    return [
        overview(whole), examined(whole), *details.evidence(whole),
        details.method(whole), details.sources(whole),
    ]  # fmt: skip


def write(whole: Whole, path: Path) -> None:
    """
    Raises:
        OSError: it cannot be written.
    """
    with workbook(path, "疑似线索证据包 Evidence package") as book:
        styles = Styles(book)
        for sheet in sheets(whole):
            _write(book, styles, sheet)


def kept(cell: Cell) -> str:
    """The text that a cell of the workbook holds: a sheet's cells end at a certain length."""
    return cell.text[:LONGEST]


def _write(book: Workbook, styles: Styles, sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.title)
    page.hide_gridlines(2)
    page.set_landscape()
    page.set_paper(8)  # A3
    if sheet.repeated and sum(sheet.widths) > PAGE:
        page.set_print_scale(50)
        page.repeat_columns(0, sheet.repeated - 1)
    else:
        page.fit_to_pages(1, 0)
    page.set_margins(0.4, 0.4, 0.5, 0.5)
    page.set_footer("&L疑似线索, 以核查认定为准&C&A&R&P / &N")
    for at, width in enumerate(sheet.widths):
        page.set_column(at, at, width)
    for at, row in enumerate(sheet.rows):
        _row(page, styles, at, row)
    if sheet.frozen or sheet.frozen_columns:
        page.freeze_panes(sheet.frozen, sheet.frozen_columns)
        page.repeat_rows(0, max(0, sheet.frozen - 1))


def _row(page: Worksheet, styles: Styles, at: int, row: Row) -> None:
    place = 0
    for cell in row:
        look = _LOOKS[cell.look]
        if cell.span > 1:
            page.merge_range(at, place, at, place + cell.span - 1, "", styles.text(**look))
        if cell.kind in _NUMBERS and cell.text:
            number = styles.of(**(look | _NUMBERS[cell.kind]))
            page.write_number(at, place, float(cell.text), number)
        else:
            put(page, styles, at, place, kept(cell), **look)
        if cell.note:
            page.write_comment(at, place, cell.note, {"x_scale": 1.8, "y_scale": 0.6,
                               "font_size": 9, "color": "#FFFBE6", "author": "Clew"})  # fmt: skip
        place += cell.span
    lines = max((cell.lines for cell in row), default=1)
    page.set_row(at, 6 + _LINE_HEIGHT * min(lines, 24))
