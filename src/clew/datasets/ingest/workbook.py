"""A sheet of a workbook becomes a CSV of the same rows, which is then read as any other.

The CSV is the sheet's content and nothing else: its hash tells the sheet from others of the same
workbook, and is the same when a program saves the workbook anew.
"""

from __future__ import annotations

import csv
import datetime
import mmap
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from clew.datasets.ingest import sheetscan, zipsize
from clew.kernel.errors import InputError

UNPACKED = 1 << 30
LEGACY = b"\xd0\xcf\x11\xe0"
EXACT_DIGITS = 10**15
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass
class Book:
    """An open workbook. `sheets` are those that people see, in order; `hidden` are left out."""

    path: Path
    calamine: CalamineWorkbook
    sheets: list[str]
    hidden: list[str]
    errors: dict[str, int]


def is_workbook(archive: zipfile.ZipFile) -> bool:
    names = set(archive.namelist())
    return "[Content_Types].xml" in names and any(n.startswith("xl/") for n in names)


@contextmanager
def opened(path: Path, staging: Path) -> Iterator[Book]:
    """Opens an XLSX or XLS file. Formulas have the values that were last calculated.

    Raises:
        InputError: encrypted, damaged, too large, or of another kind.
    """
    errors: dict[str, int] = {}
    with path.open("rb") as handle:
        legacy = handle.read(4) == LEGACY
    if legacy:
        _refuse_locked(path)
    else:
        with zipsize.opened(path, UNPACKED) as archive:
            if "xl/workbook.bin" in archive.namelist():
                raise _unreadable(path)
            errors = sheetscan.scan(archive, path.name).errors
    with _answered(path):
        readable = _with_suffix(path, ".xls" if legacy else ".xlsx", staging)
        book = CalamineWorkbook.from_path(str(readable))
        shown: list[str] = []
        hidden: list[str] = []
        for sheet in book.sheets_metadata:
            if sheet.typ == SheetTypeEnum.WorkSheet:
                (shown if sheet.visible == SheetVisibleEnum.Visible else hidden).append(sheet.name)
    try:
        yield Book(path, book, shown, hidden, errors)
    finally:
        book.close()


def _with_suffix(path: Path, suffix: str, staging: Path) -> Path:
    """The reader believes the suffix; exports often bear the wrong one."""
    if path.suffix.lower() == suffix:
        return path
    staging.mkdir(parents=True, exist_ok=True)
    link = staging / f"book{suffix}"
    link.unlink(missing_ok=True)
    link.symlink_to(path.absolute())
    return link


@contextmanager
def _answered(path: Path) -> Iterator[None]:
    """Whatever the reader stumbles over is a refusal."""
    try:
        yield
    except PasswordError as error:
        raise _locked(path) from error
    except (CalamineError, ValueError, OverflowError) as error:
        raise _unreadable(path) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the reader's own end, no Exception to Python
            raise
        raise _unreadable(path) from error


def _refuse_locked(path: Path) -> None:
    """An encrypted XLSX file lies in a container of the old format."""
    with (
        path.open("rb") as handle,
        mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        if content.find(_ENCRYPTED) >= 0:
            raise _locked(path)


def _locked(path: Path) -> InputError:
    return InputError(
        f"{path.name} 设有打开密码 (the workbook is encrypted)",
        next_step="取消密码后重新送交 (remove the password and send it again)",
    )


def _unreadable(path: Path) -> InputError:
    return InputError(
        f"{path.name} 不是可读的 Excel 文件 (not a workbook that can be read)",
        next_step="另存为 .xlsx 或 CSV 后重试 (save it as .xlsx or CSV and repeat the command)",
    )


@dataclass(frozen=True, slots=True)
class Written:
    """A sheet as CSV: its first rows, how many rows, how many cells a merged one above filled."""

    path: Path
    head: Sequence[Sequence[str]]
    rows: int
    filled: int


def write(book: Book, sheet: str, target: Path, head_rows: int) -> Written | None:
    """Writes a sheet as UTF-8 CSV, row for row; None where it has no cells.

    Raises:
        InputError: the sheet cannot be read.
    """
    with _answered(book.path):
        cells = book.calamine.get_sheet_by_name(sheet)
        width = _width(cells)
        if not width:
            return None
        merged = _merged_down(cells)
        return _write(cells, target, width, merged, head_rows)


def _write(
    cells: CalamineSheet,
    target: Path,
    width: int,
    merged: dict[int, list[tuple[int, int]]],
    head_rows: int,
) -> Written:
    head: list[list[str]] = []
    open_: dict[int, tuple[int, str]] = {}
    number = filled = 0
    with target.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        for number, line in enumerate(cells.iter_rows(), 1):
            row = [text(cell) for cell in line[:width]]
            for column, last in merged.get(number - 1, ()):
                if column < width:
                    open_[column] = last, row[column]
            for column, (last, value) in list(open_.items()):
                if number - 1 > last:
                    del open_[column]
                elif not row[column] and value:
                    row[column] = value
                    filled += 1
            writer.writerow(row)
            if len(head) < head_rows:
                head.append(row)
    return Written(target, head, number, filled)


def _width(cells: CalamineSheet) -> int:
    """Columns up to the last one that holds anything."""
    width = 0
    for row in cells.iter_rows():
        while any(cell != "" for cell in row[width:]):
            width += 1
    return width


def _merged_down(cells: CalamineSheet) -> dict[int, list[tuple[int, int]]]:
    """First row → (column, last row) of cells merged over several rows, counting from 0."""
    left = cells.start[1] if cells.start else 0
    found: dict[int, list[tuple[int, int]]] = {}
    for (top, column), (bottom, _) in cells.merged_cell_ranges or ():
        if bottom > top and column >= left:
            found.setdefault(top, []).append((column - left, bottom))
    return found


def text(cell: Any) -> str:
    """A cell as text. A number beyond 15 digits has lost its last ones, and must look so (D01)."""
    if isinstance(cell, str):
        return cell.replace("\r\n", "\n").replace("\r", "\n") if "\r" in cell else cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float | int):
        if abs(cell) >= EXACT_DIGITS:
            return f"{cell:.5E}"
        return str(int(cell)) if float(cell).is_integer() else format(cell, ".15g")
    if isinstance(cell, datetime.datetime):
        cell = (cell + datetime.timedelta(microseconds=500_000)).replace(microsecond=0)
        midnight = cell.time() == datetime.time()
        return str(cell.date()) if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, datetime.time):
        return cell.isoformat(timespec="seconds")
    return str(cell)
