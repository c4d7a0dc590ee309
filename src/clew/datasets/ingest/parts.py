"""What one delivered file holds: tables, each of which is a delivery of its own.

A CSV or Parquet file is one; a workbook has one a sheet, an archive one a file or more.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from clew.datasets.excel import marks
from clew.datasets.ingest import archive, recognise, table, workbook, zipsize
from clew.datasets.ingest.request import Request
from clew.declare import registry
from clew.kernel.errors import InputError

ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class Part:
    """One table to take in, read from `request.path`; or the reason why it cannot be."""

    request: Request
    refusal: InputError | None = None


def parts(request: Request, staging: Path) -> Iterator[Part]:
    """Tables of a file in order. What an earlier one left in `staging` is gone when the next comes.

    Raises:
        InputError: the file as a whole cannot be read.
        OSError: a disk failed.
    """
    try:
        with request.path.open("rb") as handle:
            head = handle.read(4)
    except (FileNotFoundError, PermissionError, IsADirectoryError):
        head = b""  # reading it says what is wrong
    if head == workbook.LEGACY:
        yield from _sheets(request, staging)
    elif head in (ZIP, _EMPTY_ZIP):
        yield from _zipped(request, staging)
    else:
        yield Part(request)


def _zipped(request: Request, staging: Path) -> Iterator[Part]:
    with zipsize.opened(request.path, archive.UNPACKED) as opened:
        if not workbook.is_workbook(opened):
            yield from _members(request, opened, staging)
            return
    yield from _sheets(request, staging)


def _members(request: Request, opened: Any, staging: Path) -> Iterator[Part]:
    found = archive.members(opened)
    if not found:
        raise InputError(
            f"{request.file_name} 中没有文件 (the archive is empty)",
            next_step="请重新压缩后送交 (pack the files again)",
        )
    for name, entry in found:
        folder = staging / "member"
        folder.mkdir(parents=True)
        try:
            member = replace(
                request, name=_long(f"{request.file_name}/{name}"), path=folder / base(name)
            )
            try:
                archive.unpack(opened, entry, name, member.path)
                yield from _inner(member, staging)
            except InputError as error:
                yield Part(member, error)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _inner(member: Request, staging: Path) -> Iterator[Part]:
    with member.path.open("rb") as handle:
        head = handle.read(4)
    if head in (ZIP, _EMPTY_ZIP):
        with zipsize.opened(member.path, workbook.UNPACKED) as opened:
            if not workbook.is_workbook(opened):
                raise InputError(
                    f"{member.file_name} 是压缩包中的压缩包 (an archive inside an archive)",
                    next_step="解压后直接送交其中的表格 (unpack it and send the tables)",
                )
    yield from parts(member, staging)


def base(name: str) -> str:
    """The last part of a name, fit to be a file's own name in staging."""
    last = PurePosixPath(name).name.replace("\0", "")
    stem, dot, suffix = last.rpartition(".")
    kept = f"{stem[:60]}{dot}{suffix[:16]}" if dot else last[:60]
    return kept if kept.strip(".") else "delivery"


def _long(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"…{name[1 - LONGEST_NAME :]}"


def _sheets(request: Request, staging: Path) -> Iterator[Part]:
    with workbook.opened(request.path, staging) as book:
        request, wanted = _ours(request, book)
        known = titles(request)
        folder = staging / "sheet"
        folder.mkdir(parents=True, exist_ok=True)
        written: dict[str, workbook.Written] = {}
        try:
            for place, sheet in enumerate(wanted):
                target = folder / f"{place}.csv"
                made = workbook.write(book, sheet, target, 2 * table.HEAD_ROWS)
                if made is not None:
                    written[sheet] = made
            if not written:
                raise InputError(
                    f"{request.file_name} 的工作表都是空的 (no visible sheet holds anything)",
                    next_step="请检查后重新送交 (check the workbook and send it again)",
                )
            tables = [s for s, w in written.items() if _holds_table(w, known)]
            tables = tables or list(written)[:1]
            others = [s for s in book.sheets if s not in tables]
            for sheet in tables:
                container = _container(book, sheet, written[sheet], others)
                yield Part(_sheet(request, sheet, written[sheet], len(written) > 1, container))
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _holds_table(written: workbook.Written, known: Collection[str]) -> bool:
    found = table.head(written.head, known)
    return found is not None and found.known >= table.FEWEST_TITLES


def _container(
    book: workbook.Book, sheet: str, written: workbook.Written, others: list[str]
) -> dict[str, Any]:
    found = {
        "sheet": sheet,
        "hidden_sheets": [s for s in book.hidden if s != marks.SHEET],
        "other_sheets": others,
        "merged_cells": written.filled,
        "error_cells": book.errors.get(sheet, 0),
    }
    return {key: value for key, value in found.items() if value}


def _sheet(
    request: Request,
    sheet: str,
    written: workbook.Written,
    several: bool,
    container: dict[str, Any],
) -> Request:
    name = _long(f"{request.file_name}[{sheet}]" if several else request.file_name)
    # Messages name the file that is read, so it bears the sheet's name.
    path = written.path.parent / written.path.stem / f"{base(name)}"
    path.parent.mkdir()
    written.path.rename(path)
    container = {**request.container, **container}
    return replace(request, path=path, name=name, sheet=sheet, container=container)


def _ours(request: Request, book: workbook.Book) -> tuple[Request, list[str]]:
    """The sheets to read. A workbook that Clew wrote says which one, and of which dataset.

    Raises:
        InputError: it is a returned workbook, which goes back another way.
    """
    found = marks.read(book.calamine)
    if found is None:
        return request, book.sheets
    if found.kind == marks.RETURNED:
        raise InputError(
            f"{request.file_name} 是系统退回的更正文件 (a workbook that came back for correction)",
            next_step=f"clew quarantine resubmit {request.file_name}",
        )
    if found.data not in book.sheets:
        return request, book.sheets
    known = found.dataset in registry.datasets()
    return replace(request, dataset=request.dataset or found.dataset * known), [found.data]


def titles(request: Request) -> frozenset[str]:
    """Headers by which the tables of a request are known."""
    if request.mapping is not None:
        named = frozenset[str]().union(*(entry.match for entry in request.mapping.files))
        return frozenset(recognise.plain_header(header)[0] for header in named)
    if request.dataset:
        return recognise.titles([registry.dataset(request.dataset)])
    return recognise.titles(registry.datasets().values())
