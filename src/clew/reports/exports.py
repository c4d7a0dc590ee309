"""Tables that leave the house as files: safe to open, marked with who took them and why.

A cell that a spreadsheet program would take for a formula is written as text. Persons are masked
by whoever makes the table. Taking one away leaves an entry in the ledger, before the file is made.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from clew.accounts.models import Account
from clew.declare import T
from clew.kernel import clock
from clew.kernel.errors import InputError

XLSX, CSV = "xlsx", "csv"
MEDIA = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
}
LARGEST = 100_000
"""Rows in one file."""
MARK = T("由 {account} 于 {time} 导出，用途：{purpose}。仅限此用途，不得转发。",
         "Taken by {account} at {time} for: {purpose}. For this purpose only; do not pass on.")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_TEXT_WIDTH = 22


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` are as long as `heads`; cells are text or whole numbers."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]


def made(table: Table, kind: str, *, account: Account, purpose: str) -> bytes:
    """
    Raises:
        InputError: another kind of file.
    """
    stamp = MARK.zh.format(
        account=account.code, time=f"{clock.now():%Y-%m-%d %H:%M}", purpose=purpose
    )
    if kind == XLSX:
        return _workbook(table, stamp)
    if kind == CSV:
        return _text(table, stamp)
    raise InputError(f"不能导出为 {kind} (no such kind of file)", next_step="xlsx, csv")


def safe(cell: Any) -> Any:
    """Text that no spreadsheet program runs; amounts and whole numbers stay as they are."""
    text = str(cell)
    if isinstance(cell, str) and text.startswith(_FORMULA) and not _is_amount(text):
        return f"'{text}"
    return cell


def _is_amount(text: str) -> bool:
    return text[1:].replace(".", "", 1).replace(",", "").isdigit() and text[0] == "-"


def _text(table: Table, stamp: str) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.heads)
    writer.writerows([safe(c) for c in row] for row in table.rows)
    writer.writerow([safe(stamp)])
    # The mark of UTF-8 without which spreadsheet programs read Chinese as something else.
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _workbook(table: Table, stamp: str) -> bytes:
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(table.title[:31])
        head = book.add_format({"bold": True, "bottom": 2, "text_wrap": True})
        sheet.write_row(0, 0, table.heads, head)
        for n, row in enumerate(table.rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, int) and not isinstance(cell, bool):
                    sheet.write_number(n, column, cell)
                else:
                    sheet.write_string(n, column, str(safe(cell)))
        sheet.write_string(len(table.rows) + 2, 0, stamp)
        sheet.set_header(f"&C{stamp[:200]}")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(table.heads) - 1, 0), _TEXT_WIDTH)
    return out.getvalue()
