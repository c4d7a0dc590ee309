"""An empty workbook for one dataset: what it asks for, how, and nothing else to read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from xlsxwriter.worksheet import Worksheet

from clew.datasets.contracts import form, version
from clew.datasets.excel import marks
from clew.datasets.excel.cells import CODES_SHEET, LAST_ROW, Lists, Styles, put, workbook
from clew.declare import Column, Dataset
from clew.declare.types import S2, S3, Decimal, Integer, Money

GUIDE_SHEET = "填报说明"
REQUIRED, OPTIONAL = "#1F5F8B", "#6B7A89"
_NUMBERS = ((Money, 2), (Decimal, "0.####"), (Integer, 1))
_RULES = (
    ("每行一条记录, 表头不要改动、合并或移动; 带 * 的列必填, 其余没有就留空。",
     "One record a row. Leave the header as it is. Columns with * must be filled in."),
    ("证件号码、编号、日期均为文本格式, 粘贴时请用“只粘贴值”, 以免号码末位变成 0。",
     "Numbers of documents and dates are text: paste values only, or their last digits are lost."),
    ("金额单位是元。有下拉列表的列可选择含义, 也可直接填代码。",
     "Amounts are in yuan. Where a list drops down, its words and its codes are both accepted."),
    ("不要加标题行、合计行和备注; 做好后直接发回本文件。",
     "Add no title, totals or notes. Send this file back as it is."),
)  # fmt: skip


def template(contract: type[Dataset], path: Path) -> Path:
    """Writes the workbook for a contract and returns its path.

    The data sheet bears the dataset's Chinese title, so that the file is recognised; the hidden
    sheet names dataset and contract version.
    """
    columns = list(contract.columns.values())
    with workbook(path, f"{contract.title.zh} {contract.title.en}") as book:
        styles = Styles(book)
        data = book.add_worksheet(contract.title.zh[:31])
        guide = book.add_worksheet(GUIDE_SHEET)
        lists = Lists(book, styles, columns)
        _data(data, styles, lists, contract, columns)
        _guide(guide, styles, contract, columns)
        marks.write(
            book,
            marks.Marks(marks.TEMPLATE, contract.name, data.get_name(), version(contract)),
        )
        data.activate()
    return path


def must(contract: type[Dataset], column: Column) -> bool:
    """Whether the owner has to fill the column in."""
    return column.name in contract.key or (column.required and column.default is None)


def _data(
    sheet: Worksheet,
    styles: Styles,
    lists: Lists,
    contract: type[Dataset],
    columns: list[Column],
) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 34)
    for place, column in enumerate(columns):
        needed = must(contract, column)
        sheet.set_column(place, place, _width(column), _cell_format(styles, column))
        put(
            sheet, styles, 0, place, column.title.zh + ("*" if needed else ""),
            bold=True, font_color="#FFFFFF", bg_color=REQUIRED if needed else OPTIONAL,
            align="center", text_wrap=True, border=1, border_color="#FFFFFF",
        )  # fmt: skip
        sheet.write_comment(
            0, place, _comment(contract, column),
            {"x_scale": 2.1, "y_scale": 1.5, "font_size": 9, "color": "#FFFBE6", "author": "Clew"},
        )  # fmt: skip
        lists.attach(sheet, column, place, 1, LAST_ROW)


def _cell_format(styles: Styles, column: Column) -> Any:
    for kind, number in _NUMBERS:
        if isinstance(column.type, kind):
            return styles.of(num_format=number)
    return styles.text()


def _width(column: Column) -> float:
    """Wide enough for the title over two lines, and for an example."""
    title = 2 * len(column.title.zh) + 2
    return min(30.0, max(10.0, title * 0.75, len(form(column.type).example) * 1.15 + 2))


def _comment(contract: type[Dataset], column: Column) -> str:
    found = form(column.type)
    lines = [
        f"{column.title.zh} {column.title.en}",
        f"格式: {found.how.zh}",
        f"Format: {found.how.en}",
    ]
    if found.example:
        lines.append(f"示例 example: {found.example}")
    if column.name in contract.may_lack:
        stand_in = contract.columns[contract.may_lack[column.name]].title
        lines.append(f"没有时可用「{stand_in.zh}」代替 (or give {stand_in.en})")
    return "\n".join(lines)


def _guide(
    sheet: Worksheet, styles: Styles, contract: type[Dataset], columns: list[Column]
) -> None:
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for place, width in enumerate((26, 7, 36, 40, 24, 8)):
        sheet.set_column(place, place, width)
    put(sheet, styles, 0, 0, f"{contract.title.zh} · 填报说明", bold=True, font_size=16)
    put(sheet, styles, 1, 0, f"{contract.title.en}: how to fill in this file", font_color="#6B7A89")
    owners = "、".join(contract.owners)
    put(sheet, styles, 2, 0, f"数据提供部门 owner: {owners}    数据集 dataset: {contract.name}")
    sheet.set_row(0, 26)
    row = 4
    for number, (zh, en) in enumerate(_RULES, 1):
        sheet.merge_range(row, 0, row, 5, f"{number}. {zh}\n    {en}", styles.text(text_wrap=True))
        sheet.set_row(row, 32)
        row += 1
    _columns_table(sheet, styles, contract, columns, row + 1)


def _columns_table(
    sheet: Worksheet,
    styles: Styles,
    contract: type[Dataset],
    columns: list[Column],
    row: int,
) -> None:
    head = ("列名 column", "必填", "含义 meaning", "填写格式 format", "示例 example", "级别")
    for place, title in enumerate(head):
        put(sheet, styles, row, place, title, bold=True, bg_color="#E8EEF4", bottom=2)
    for line, column in enumerate(columns, row + 1):
        found = form(column.type)
        needed = must(contract, column)
        level = column.type.sensitivity
        cells = (
            column.title.zh, "必填 *" if needed else "", column.title.en,
            f"{found.how.zh}\n{found.how.en}", found.example, level if level in (S2, S3) else "",
        )  # fmt: skip
        for place, text in enumerate(cells):
            put(sheet, styles, line, place, text, text_wrap=True, bottom=1,
                bottom_color="#DDE3E9", bold=place == 0 and needed)  # fmt: skip
        sheet.set_row(line, 28)
    note = f"级别: S2 个人信息, S3 健康、财产等敏感信息。代码含义见「{CODES_SHEET}」。"
    below = row + len(columns) + 2
    put(sheet, styles, below, 0, note, font_color="#6B7A89")
    english = "S2 personal, S3 health or finance; the codes stand on the sheet of codes."
    put(sheet, styles, below + 1, 0, english, font_color="#6B7A89")
