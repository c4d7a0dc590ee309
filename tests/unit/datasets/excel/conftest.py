"""A clerk with a spreadsheet program: opens a workbook, changes cells, saves everything again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

Change = Callable[[list[list[Any]]], None]
Edit = Callable[..., Path]


def grid(path: Path, sheet: str) -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python(
        skip_empty_area=False
    )  # fmt: skip


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    """Rewrites a workbook with changed sheets: every sheet is kept, numbers stay numbers."""

    def editor(path: Path, name: str = "改好.xlsx", **changes: Change) -> Path:
        return _rewrite(path, tmp_path / name, changes)

    return editor


def _rewrite(path: Path, target: Path, changes: Mapping[str, Change]) -> Path:
    sheets = CalamineWorkbook.from_path(str(path)).sheet_names
    with Workbook(str(target), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        for name in sheets:
            cells = grid(path, name)
            changes.get(name, lambda cells: None)(cells)
            sheet = book.add_worksheet(name)
            for row, line in enumerate(cells):
                for column, cell in enumerate(line):
                    if isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    else:
                        sheet.write(row, column, cell)
    return target
