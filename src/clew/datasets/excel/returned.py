"""Return to sender: a batch's quarantine as its owner's own sheet, with what is wrong in red."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from clew.datasets import reasons
from clew.datasets.excel import marks
from clew.datasets.excel.cells import LONGEST, Lists, Styles, put, workbook
from clew.datasets.ingest.recognise import match
from clew.datasets.lake.engine import name
from clew.datasets.models import Batch
from clew.datasets.places import QuarantinedRow, quarantined_rows
from clew.declare import Column, Dataset, T, registry
from clew.kernel.errors import InputError

DATA_SHEET, GUIDE_SHEET = "待更正", "说明"
OWN = 2
"""Columns of ours before the owner's: the row in their file, and the reason."""
MOST_ROWS = 100_000
"""More is a fault of the program that exported, and no work for a person with a spreadsheet."""
COMMENTED_ROWS = 5_000
"""Beyond these rows the reason stands in its column only: tens of thousands of comments make a
spreadsheet program crawl."""
RED, PALE, GREY = "#F8C9C4", "#FDF1EF", "#EEF1F4"
_GUIDE = (
    ("红色单元格有问题, 原因写在批注和「原因」列。请直接在单元格里改。",
     "Red cells are wrong; the comment and the reason column say why. Mend them in place."),
    ("有下拉列表的列可选择, 也可填代码。证件号码和日期保持文本格式。",
     "Choose where a list drops down, or type the code. Keep numbers and dates as text."),
    ("「原始内容」不空的行未能分列: 核对各列后清空该单元格, 否则此行不会报送。",
     "Rows with text under 原始内容 could not be split: check every cell, then empty that one."),
    ("不要改动表头。改好后保存为 .xlsx 发回, 系统会自动识别并重新报送。",
     "Leave the header alone. Save as .xlsx and send it back: it resubmits itself."),
)  # fmt: skip


@dataclass
class Sheet:
    """What one returned sheet is made of. `columns` maps contract columns to the headers that
    feed them, `listed` headers to columns with a list of codes."""

    contract: type[Dataset]
    headers: Sequence[str]
    delimiter: str
    columns: Mapping[str, Sequence[str]]
    listed: Mapping[str, Column]
    raw: bool = False
    rows: Sequence[QuarantinedRow] = field(default_factory=list)


def returned(batch: Batch, path: Path) -> Path:
    """Writes the workbook and returns its path.

    Raises:
        InputError: nothing of the batch is in quarantine, or more than a person mends.
    """
    rows = quarantined_rows(batch)
    if not rows:
        raise InputError(
            f"批次 {batch.code} 没有被隔离的行 (no quarantined rows)",
            next_step=f"clew datasets show {batch.code}",
        )
    if len(rows) > MOST_ROWS:
        raise InputError(
            f"批次 {batch.code} 隔离了 {len(rows):,} 行, 无法逐行手工更正 "
            "(too many rows to mend by hand)",
            next_step="请数据提供部门改正导出程序后整批重送 (mend the export, send the file again)",
        )
    layout = sheet_of(batch, rows)
    with workbook(path, f"{batch.file_name} 待更正") as book:
        styles = Styles(book)
        data = book.add_worksheet(DATA_SHEET)
        _guide(book.add_worksheet(GUIDE_SHEET), styles, batch, len(rows))
        lists = Lists(book, styles, list(layout.listed.values()))
        _header(data, styles, layout)
        numbers = first_rows(batch, rows)
        for place, (row, number) in enumerate(zip(rows, numbers, strict=True), 1):
            _row(data, styles, layout, place, row, number)
        for place, header in enumerate(layout.headers, OWN):
            if header in layout.listed:
                lists.attach(data, layout.listed[header], place, 1, len(rows))
        _widths(data, layout)
        _write_marks(book, batch, layout)
        data.activate()
    return path


def sheet_of(batch: Batch, rows: Sequence[QuarantinedRow]) -> Sheet:
    """Headers and columns as the batch was read; older batches are matched by their titles."""
    contract = registry.dataset(batch.dataset)
    read = batch.report.get("layout") or {}
    headers = read.get("headers") or next((list(r.cells) for r in rows if "" not in r.cells), [])
    sources: Mapping[str, str] = read.get("columns") or {
        column: name(header) for column, header in match(contract, headers).columns.items()
    }
    columns = {c: [h for h in headers if name(h) in sql] for c, sql in sources.items()}
    direct = {h: contract.columns[c] for c, sql in sources.items() for h in headers
              if sql == name(h) and c in contract.columns}  # fmt: skip
    raw = any(_unsplit(row) for row in rows)
    return Sheet(contract, headers, read.get("delimiter", ","), columns, direct, raw, rows)


def first_rows(batch: Batch, rows: Sequence[QuarantinedRow]) -> list[int]:
    """Row numbers in the file that the owner knows, also when the batch is itself a correction."""
    before = batch.report.get("corrected_rows") or []
    return [before[r.row - 1] if 0 < r.row <= len(before) else r.row for r in rows]


def _unsplit(row: QuarantinedRow) -> bool:
    return "" in row.cells or any(len(v or "") > LONGEST for v in row.cells.values())


def _header(sheet: Worksheet, styles: Styles, layout: Sheet) -> None:
    sheet.freeze_panes(1, OWN)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_row(0, 26)
    titles = [marks.ROW_TITLE, marks.REASON_TITLE, *layout.headers]
    titles += [marks.raw_title(layout.headers)] * layout.raw
    for place, title in enumerate(titles):
        own = place < OWN or place == OWN + len(layout.headers)
        put(sheet, styles, 0, place, title, bold=True, font_color="#FFFFFF", align="center",
            bg_color="#6B7A89" if own else "#1F5F8B", border=1, border_color="#FFFFFF")  # fmt: skip
    sheet.autofilter(0, 0, len(layout.rows), len(titles) - 1)


def _row(
    sheet: Worksheet,
    styles: Styles,
    layout: Sheet,
    place: int,
    row: QuarantinedRow,
    number: int,
) -> None:
    sentences = [_sentence(layout, reason) for reason in row.reasons]
    why = "\n".join([*(s.zh for s in sentences), *(s.en for s in sentences)])
    put(sheet, styles, place, 0, str(number), bg_color=GREY, align="right", valign="top")
    put(sheet, styles, place, 1, why, bg_color=PALE, text_wrap=True, valign="top", font_size=9)
    sheet.set_row(place, 13.5 * max(2, 2 * len(sentences)))
    cells, raw = _cells(layout, row)
    wrong = _wrong(layout, row)
    for column, header in enumerate(layout.headers, OWN):
        red = raw is not None or header in wrong
        look = {"bg_color": RED, "border": 1, "border_color": "#C0392B"} if red else {}
        put(sheet, styles, place, column, cells.get(header), valign="top", **look)
        if header in wrong and place <= COMMENTED_ROWS:
            _comment(sheet, place, column, "\n".join(wrong[header]))
    if layout.raw:
        last = OWN + len(layout.headers)
        put(sheet, styles, place, last, raw, valign="top", bg_color=RED if raw else "#FFFFFF")
        if raw is not None and place <= COMMENTED_ROWS:
            _comment(sheet, place, last, why)


def _comment(sheet: Worksheet, row: int, column: int, text: str) -> None:
    lines = text.count("\n") + 1 + sum(len(line) > 24 for line in text.split("\n"))
    sheet.write_comment(
        row, column, text,
        {"x_scale": 2.2, "y_scale": max(0.7, 0.24 * lines), "font_size": 9, "color": "#FFFBE6",
         "author": "Clew"},
    )  # fmt: skip


def _cells(layout: Sheet, row: QuarantinedRow) -> tuple[dict[str, str], str | None]:
    """Cells by header, and the text of a row that could not be laid under the headers."""
    if "" in row.cells:
        text = row.cells[""] or ""
        parts = next(csv.reader([text.replace("\n", " ")], delimiter=layout.delimiter), [])
        cut = [part[:LONGEST] for part in parts]
        return dict(zip(layout.headers, cut, strict=False)), text[:LONGEST] or "?"
    long = [header for header, value in row.cells.items() if len(value or "") > LONGEST]
    kept = {header: (value or "")[:LONGEST] for header, value in row.cells.items()}
    return kept, f"内容过长, 已截断: {', '.join(long)} (cut short)" if long else None


def _wrong(layout: Sheet, row: QuarantinedRow) -> dict[str, list[str]]:
    """Offending headers with the words for their comment."""
    wrong: dict[str, list[str]] = {}
    for reason in row.reasons:
        column = reason.partition(":")[0]
        said = _sentence(layout, reason)
        for header in layout.columns.get(column, ()):
            wrong.setdefault(header, []).extend([said.zh, said.en])
    return wrong


def _sentence(layout: Sheet, reason: str) -> T:
    header = next(iter(layout.columns.get(reason.partition(":")[0], ())), "")
    return reasons.sentence(reason, layout.contract, header)


def _widths(sheet: Worksheet, layout: Sheet) -> None:
    sheet.set_column(0, 0, 7)
    sheet.set_column(1, 1, 44)
    for place, header in enumerate(layout.headers, OWN):
        seen = [row.cells.get(header) or "" for row in layout.rows[:300]]
        widest = max(map(_breadth, (header, *seen)))
        sheet.set_column(place, place, min(40, max(8, widest + 3)))
    if layout.raw:
        sheet.set_column(OWN + len(layout.headers), OWN + len(layout.headers), 50)


def _breadth(text: str) -> int:
    """Width in characters of the sheet's font; Chinese ones take two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text[:60])


def _guide(sheet: Worksheet, styles: Styles, batch: Batch, rows: int) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 110)
    put(sheet, styles, 0, 0, "待更正数据 · Rows to be mended", bold=True, font_size=16)
    about = (
        f"文件 file: {batch.file_name}    批次 batch: {batch.code}    "
        f"部门 department: {batch.department.name_zh}    待更正 rows: {rows} / {batch.rows}"
    )
    put(sheet, styles, 1, 0, about, font_color="#6B7A89", text_wrap=True)
    sheet.set_row(1, 32)
    sheet.set_row(0, 26)
    for row, (zh, en) in enumerate(_GUIDE, 3):
        put(sheet, styles, row, 0, f"{row - 2}. {zh}\n    {en}", text_wrap=True)
        sheet.set_row(row, 32)


def _write_marks(book: Workbook, batch: Batch, layout: Sheet) -> None:
    marks.write(
        book,
        marks.Marks(
            marks.RETURNED, batch.dataset, DATA_SHEET, batch=batch.code,
            department=batch.department.code, mapping=batch.mapping,
            headers=tuple(layout.headers),
        ),
    )  # fmt: skip
