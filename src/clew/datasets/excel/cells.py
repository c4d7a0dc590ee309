"""Cells that keep what they hold: text stays text, nothing becomes a formula, lists drop down."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from clew.declare import Column
from clew.declare.types import Code, Delivery, Flag, Sex
from clew.kernel import clock

LONGEST = 32_767
LAST_ROW = 1_048_575
CODES_SHEET = "代码表"
FLAGS = {"1": "是", "0": "否"}
SEXES = {"1": "男", "2": "女", "0": "未知", "9": "未说明"}
_FORMULA = re.compile(r"\s*[=+\-@\t\r]")
TEXT = 49
"""Number of the built-in text format, which programs know better than a format code."""
FONT = "Microsoft YaHei"


@contextmanager
def workbook(path: Path, title: str) -> Iterator[Workbook]:
    """A new workbook in which no text is ever taken for a number, link or formula.

    Raises:
        OSError: it cannot be written.
    """
    options = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield from _filled(path, title, options)
    except FileCreateError as error:
        # The library wraps the system's error, which says what to do.
        raise error.args[0] if isinstance(error.args[0], OSError) else OSError(error) from error


def _filled(path: Path, title: str, options: dict[str, bool]) -> Iterator[Workbook]:
    with Workbook(str(path), options) as book:
        # The time of making is left out, so that the same content is the same file.
        book.set_properties({"title": title, "author": "Clew", "created": _EPOCH})
        yield book


_EPOCH = datetime(2000, 1, 1)


class Styles:
    """Formats of one workbook, made once each. `text` cells carry Excel's text format."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def of(self, **properties: Any) -> Format:
        wanted = {"font_name": FONT, "font_size": 10, "valign": "vcenter"} | properties
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(wanted)
        return self._made[key]

    def text(self, value: str = "", **properties: Any) -> Format:
        """Text format. What looks like a formula also gets Excel's own quote prefix, which keeps
        it a text when somebody edits the cell, and is no part of the value."""
        if _FORMULA.match(value):
            properties["quote_prefix"] = True
        return self.of(num_format=TEXT, **properties)


def put(
    sheet: Worksheet, styles: Styles, row: int, column: int, value: str | None, **look: Any
) -> None:
    """Writes a text cell. A value longer than Excel allows must be cut by the caller."""
    text = value or ""
    style = styles.text(text, **look)
    if text:
        sheet.write_string(row, column, text, style)
    else:
        sheet.write_blank(row, column, None, style)


def choices(column: Column) -> dict[str, str]:
    """Code → the word shown for it in a drop-down; empty for columns without a list.

    Every word is one that ingestion reads back as its code.
    """
    if isinstance(column.type, Flag):
        return dict(FLAGS)
    if isinstance(column.type, Sex):
        return dict(SEXES)
    if not isinstance(column.type, Code):
        return {}
    delivery = Delivery(clock.today())
    shown: dict[str, str] = {}
    for code, meaning in column.type.meanings.items():
        readable = (m for m in meaning.split("/") if column.type.check(m, delivery).normal == code)
        shown[code] = next(readable, code)
    return shown


class Lists:
    """The sheet of codes: a table to look things up in, and the source of every drop-down."""

    def __init__(self, book: Workbook, styles: Styles, columns: Sequence[Column]) -> None:
        self._ranges: dict[str, str] = {}
        listed = [(column, shown) for column in columns if (shown := choices(column))]
        if not listed:
            return
        sheet = book.add_worksheet(CODES_SHEET)
        sheet.hide_gridlines(2)
        sheet.freeze_panes(2, 0)
        for place, (column, shown) in enumerate(listed):
            self._ranges[column.name] = self._write(sheet, styles, place * 3, column, shown)

    @staticmethod
    def _write(
        sheet: Worksheet, styles: Styles, left: int, column: Column, shown: dict[str, str]
    ) -> str:
        head = {"bold": True, "bg_color": "#E8EEF4", "border": 1, "border_color": "#C5CED8"}
        title = f"{column.title.zh} {column.title.en}"
        sheet.merge_range(0, left, 0, left + 1, title, styles.of(**head, text_wrap=True))
        sheet.set_row(0, 30)
        put(sheet, styles, 1, left, "代码", **head)
        put(sheet, styles, 1, left + 1, "含义 (填写此列或代码)", **head)
        for row, (code, word) in enumerate(shown.items(), 2):
            put(sheet, styles, row, left, code, border=1, border_color="#E1E6EB")
            put(sheet, styles, row, left + 1, word, border=1, border_color="#E1E6EB")
        sheet.set_column(left, left, 9)
        sheet.set_column(left + 1, left + 1, max(22, 2 * max(map(len, shown.values()))))
        sheet.set_column(left + 2, left + 2, 2)
        where: str = xl_range_abs(2, left + 1, len(shown) + 1, left + 1)
        return f"='{CODES_SHEET}'!{where}"

    def attach(self, sheet: Worksheet, column: Column, place: int, first: int, last: int) -> None:
        """A drop-down on rows first…last of a column. It helps and does not forbid: a code typed
        by hand is as good, and an open list grows."""
        source = self._ranges.get(column.name)
        if source is None or last < first:
            return
        sheet.data_validation(
            first, place, last, place,
            {"validate": "list", "source": source, "ignore_blank": True, "show_error": False,
             "input_title": column.title.zh[:32],
             "input_message": "从列表选择, 或填代码\nchoose, or type the code"},
        )  # fmt: skip
