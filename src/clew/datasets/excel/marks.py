"""The hidden sheet by which Clew knows its own workbooks when they come back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

SHEET = "_clew"
TEMPLATE, RETURNED = "template", "returned"
ROW_TITLE, REASON_TITLE = "行号", "原因"


@dataclass(frozen=True, slots=True)
class Marks:
    """What the hidden sheet says. `data` names the sheet that holds the rows.

    A returned workbook also names its `batch`, that batch's `department` (code) and `mapping`, and
    the `headers` of the owner's file; a template names the contract's `version`.
    """

    kind: str
    dataset: str
    data: str
    version: str = ""
    batch: str = ""
    department: str = ""
    mapping: str = ""
    headers: tuple[str, ...] = ()


def raw_title(headers: Sequence[str]) -> str:
    """Header of the column for rows that could not be split; never one of the owner's own."""
    title = "原始内容"
    while title in headers:
        title += "*"
    return title


def write(workbook: Workbook, marks: Marks) -> None:
    """Adds the hidden sheet; people see it only when they look for it."""
    sheet = workbook.add_worksheet(SHEET)
    for row, (key, value) in enumerate(asdict(marks).items()):
        sheet.write_string(row, 0, key)
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        sheet.write_string(row, 1, text)
    # A user of Excel cannot unhide it by accident, only through the editor.
    sheet.very_hidden()


def read(workbook: CalamineWorkbook) -> Marks | None:
    """The marks of a workbook that Clew wrote; None for any other."""
    if SHEET not in workbook.sheet_names:
        return None
    rows = workbook.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
    found = {str(row[0]): str(row[1]) for row in rows if len(row) > 1}
    try:
        headers = json.loads(found.pop("headers", "[]"))
        return Marks(**found, headers=tuple(map(str, headers)))
    except (TypeError, ValueError):
        return None
