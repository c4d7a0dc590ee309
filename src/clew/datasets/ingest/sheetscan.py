"""A first look into an XLSX file's own parts, before its cells are laid out in memory.

One cell at the far corner of a sheet would make the reader reserve room for seventeen thousand
million cells, and end the process.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from html import unescape

from clew.kernel.errors import InputError

MOST_CELLS = 30_000_000
LAST_ROW, LAST_COLUMN = 1 << 20, 1 << 14
_CHUNK = 1 << 20
_CELL = re.compile(rb"<(?:\w+:)?c\s([^<>]*)>")
_ROW = re.compile(rb"<(?:\w+:)?row\s[^<>]*?\br\s*=\s*[\"'](\d+)[\"'][^<>/]*>")
_PLACE = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]+)(\d+)[\"']")
_ERROR = re.compile(rb"\st\s*=\s*[\"']e[\"']")
_SHEET = re.compile(r"<(?:\w+:)?sheet\s([^<>]*)>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^<>]*)>")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")


@dataclass
class _Extent:
    rows: int = 0
    columns: int = 0
    errors: int = 0


@dataclass(frozen=True, slots=True)
class Scan:
    """`errors` counts cells that show an error (#N/A, #REF!), by sheet."""

    errors: dict[str, int] = field(default_factory=dict)


def scan(archive: zipfile.ZipFile, name: str) -> Scan:
    """
    Raises:
        InputError: the cells of a sheet lie too far apart to be laid out.
    """
    extents: dict[str, _Extent] = {}
    for entry in archive.infolist():
        extent = extents[entry.filename] = _extent(archive, entry)
        if extent.rows > LAST_ROW or extent.columns > LAST_COLUMN:
            raise _too_wide(name, extent)
        if extent.rows * extent.columns > MOST_CELLS:
            raise _too_wide(name, extent)
    parts = _parts(archive)
    return Scan({s: extents[p].errors for s, p in parts.items() if p in extents})


def _too_wide(name: str, extent: _Extent) -> InputError:
    return InputError(
        f"{name} 的工作表范围过大: {extent.rows} 行 × {extent.columns} 列 (the sheet is too large)",
        next_step="删除远处的空白单元格, 或另存为 CSV (delete stray cells, or save it as CSV)",
    )


def _extent(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> _Extent:
    found, rest, first = _Extent(), b"", True
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK):
            if first and b"<sst" in chunk[:4096]:  # texts, in which no tag can stand
                break
            first = False
            piece = rest + chunk
            end = piece.rfind(b"<")
            rest = piece[end:] if end >= 0 and len(piece) - end < 4096 else b""
            _measure(piece[: len(piece) - len(rest)], found)
    _measure(rest, found)
    return found


def _measure(piece: bytes, found: _Extent) -> None:
    for row in _ROW.findall(piece):
        found.rows = max(found.rows, int(row[:9]))
    # A cell without content is dropped by the reader, wherever it stands.
    cells = b"\n".join(c for c in _CELL.findall(piece) if not c.endswith(b"/"))
    places = _PLACE.findall(b"\n" + cells)
    for letters in {letters for letters, _ in places}:
        found.columns = max(found.columns, _column(letters))
    for row in {row for _, row in places}:
        found.rows = max(found.rows, int(row[:9]))
    found.errors += len(_ERROR.findall(b"\n" + cells))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:5].upper():
        number = number * 26 + letter - 64
    return number


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → the part it is kept in, as far as they can be told."""
    try:
        book = archive.read("xl/workbook.xml").decode()
        relations = archive.read("xl/_rels/workbook.xml.rels").decode()
    except (KeyError, UnicodeDecodeError):
        return {}
    targets = {}
    for tag in _RELATION.findall(relations):
        found = dict(_ATTRIBUTE.findall(tag))
        target = found.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
        targets[found.get("Id", "")] = posixpath.normpath(path)
    parts = {}
    for tag in _SHEET.findall(book):
        found = dict(_ATTRIBUTE.findall(tag))
        identity = next((v for k, v in found.items() if k.endswith(":id")), "")
        parts[unescape(found.get("name", ""))] = targets.get(identity, "")
    return parts
