"""What a CSV file is like before any of it is believed: encoding, delimiter, header."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import itertools
import struct
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from clew.datasets.ingest import quoting, table
from clew.kernel.errors import InputError

CHUNK = 1 << 20
SAMPLE = 1 << 18
_SEAM = 64
"""Bytes looked at again with the next piece, for what lies across two."""
_SCANNED_ROWS = 200
_DELIMITERS = (",", "\t", ";", "|")
# So many characters beyond ASCII that decode as UTF-8 never stand in a row in a GB18030 file.
_ENOUGH_WIDE = 6


@dataclass(slots=True)
class Layout:
    """`plain` files hold one row a line and no blank about quotation marks, so that the engine's
    reader can be used.

    `head` is the header and what stands above it. `broken_tail`: the file ends inside a character.
    """

    sha256: str
    encoding: str = "utf-8"
    delimiter: str = ","
    head: table.Head = field(default_factory=lambda: table.Head(1, ()))
    plain: bool = True
    ends_in_newline: bool = True
    broken_tail: bool = False

    @property
    def headers(self) -> Sequence[str]:
        return self.head.headers


def layout(
    path: Path, progress: Callable[[float], None], titles: Collection[str] = frozenset()
) -> Layout:
    """Reads the bytes once, and the beginning of the text. `titles` tell the header.

    Raises:
        InputError: neither UTF-8, UTF-16 with its mark, nor GB18030; or no header.
    """
    found, utf8 = _bytes(path, progress)
    failed_at, wide, found.broken_tail = (None, 0, False) if utf8 else _end_of_utf8(path)
    if failed_at is not None:
        found.encoding = _other_encoding(path, failed_at, wide)
        found.broken_tail = _decode(path, found.encoding)[1]
        # Line ends of UTF-16 are not found in its bytes.
        found.plain = found.plain and found.encoding != "utf-16"
    elif _begins_with(path, codecs.BOM_UTF8):
        found.encoding = "utf-8-sig"
    found.plain = found.plain and not found.broken_tail
    _header(path, found, titles)
    return found


def _bytes(path: Path, progress: Callable[[float], None]) -> tuple[Layout, bool]:
    """Hash and line ends, and whether all of it is UTF-8. Hashing goes on beside the rest."""
    digest, size, seen, last = hashlib.sha256(), path.stat().st_size, 0, b""
    plain, utf8, pending = True, True, b""
    with path.open("rb") as handle, ThreadPoolExecutor(1) as beside:
        hashed: Future[None] | None = None
        while chunk := handle.read(CHUNK):
            if hashed is not None:
                hashed.result()
            hashed = beside.submit(digest.update, chunk)
            if utf8:
                text = pending + chunk
                pending = _unfinished(text)
                utf8 = _is_utf8(text[: len(text) - len(pending)])
            seam = last + chunk
            plain = plain and not _has_blank_line(seam) and not quoting.spaced(seam)
            last = chunk[-_SEAM:]
            seen += len(chunk)
            progress(min(1.0, seen / size) if size else 1.0)
    found = Layout(digest.hexdigest(), plain=plain, ends_in_newline=last.endswith((b"\n", b"\r")))
    return found, utf8 and not pending


def _has_blank_line(data: bytes) -> bool:
    """A blank line, or a byte that no text holds."""
    if b"\0" in data or (b"\r" in data and (b"\n\r" in data or b"\r\r" in data)):
        return True
    return b"\n\n" in data


def _is_utf8(text: bytes) -> bool:
    """Python's own decoder takes three times as long."""
    ends = pa.py_buffer(struct.pack("=ii", 0, len(text)))
    cell = pa.Array.from_buffers(pa.binary(), 1, [None, ends, pa.py_buffer(text)])
    try:
        cell.cast(pa.string())
    except pa.ArrowInvalid:
        return False
    return True


def _unfinished(text: bytes) -> bytes:
    """The beginning of a character at the end of a piece of UTF-8."""
    for length in range(1, min(4, len(text) + 1)):
        lead = text[-length]
        if lead & 0xC0 != 0x80:
            whole = 1 + (lead >= 0xC0) + (lead >= 0xE0) + (lead >= 0xF0)
            return text[-length:] if whole > length else b""
    return b""


def _end_of_utf8(path: Path) -> tuple[int | None, int, bool]:
    """The byte at which UTF-8 ends, if it does; how many wide characters came before; whether the
    file ends inside a character.
    """
    decoder, seen, wide = codecs.getincrementaldecoder("utf-8")(), 0, 0
    with path.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            pending = len(decoder.getstate()[0])
            try:
                text, failed_at = decoder.decode(chunk), None
            except UnicodeDecodeError as error:
                failed_at = seen - pending + error.start
                text = chunk[: max(0, error.start - pending)].decode("utf-8", "ignore")
            if wide < _ENOUGH_WIDE and not text.isascii():
                wide += sum(character > "\x7f" for character in text)
            if failed_at is not None:
                return failed_at, wide, False
            seen += len(chunk)
    return None, wide, bool(decoder.getstate()[0])


def _other_encoding(path: Path, failed_at: int, wide: int) -> str:
    """The encoding of a file that is not UTF-8 from byte `failed_at` on."""
    marked = _begins_with(path, codecs.BOM_UTF16_LE) or _begins_with(path, codecs.BOM_UTF16_BE)
    encoding = "utf-16" if marked else "gb18030"
    damaged_utf8 = wide >= _ENOUGH_WIDE and encoding == "gb18030"
    wrong_at = failed_at if damaged_utf8 else _decode(path, encoding)[0]
    if wrong_at is None:
        return encoding
    row = _row_at(path, wrong_at)
    raise InputError(
        f"{path.name} 第 {row} 行 (第 {wrong_at} 字节) 不是 UTF-8 或 GB18030 编码 "
        f"(neither UTF-8 nor GB18030 at row {row})",
        next_step="请另存为 UTF-8 的 CSV 后重试 (save it as UTF-8 CSV and repeat the command)",
    )


def _begins_with(path: Path, mark: bytes) -> bool:
    with path.open("rb") as handle:
        return handle.read(len(mark)) == mark


def _decode(path: Path, encoding: str) -> tuple[int | None, bool]:
    """The byte at which a file stops being decodable, if it does; whether its tail is broken."""
    decoder, seen = codecs.getincrementaldecoder(encoding)(), 0
    with path.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return max(0, seen - pending + error.start), False
            seen += len(chunk)
    return None, bool(decoder.getstate()[0])


def _row_at(path: Path, byte: int) -> int:
    with path.open("rb") as handle:
        return handle.read(byte).count(b"\n") + 1


def _header(path: Path, found: Layout, titles: Collection[str]) -> None:
    with path.open(encoding=found.encoding, newline="", errors="replace") as handle:
        sample = handle.read(SAMPLE).replace("\0", "")
    found.delimiter = _delimiter(sample, titles)
    rows, ends = _first_rows(sample, found.delimiter)
    head = table.head(rows, titles)
    if head is None:
        raise InputError(
            f"{path.name} 没有可读的表头 (no header that can be read)",
            next_step="请数据提供部门重新导出 (ask the owner to export it again)",
        )
    found.head = head
    found.plain = found.plain and ends[head.row - 1] == head.row


def _first_rows(sample: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """The first rows, and the line on which each ends."""
    lines = quoting.closed_up(io.StringIO(sample, newline=""), delimiter)
    reader = csv.reader(lines, delimiter=delimiter)
    rows: list[list[str]] = []
    ends: list[int] = []
    try:
        for cells in itertools.islice(reader, _SCANNED_ROWS):
            rows.append(cells)
            ends.append(reader.line_num)
    except csv.Error:
        pass
    return rows, ends


def _delimiter(sample: str, titles: Collection[str]) -> str:
    """The sign that parts known titles; else the most frequent one of the first line with any."""
    lines = [line for line in sample.splitlines()[: 2 * table.HEAD_ROWS] if line.strip(" ,\t;|")]
    scores = {}
    for sign in _DELIMITERS:
        found = table.head([line.replace('"', "").split(sign) for line in lines], titles)
        scores[sign] = found.known if found else 0
    best = max(_DELIMITERS, key=lambda sign: scores[sign])
    if scores[best] >= table.FEWEST_TITLES:
        return best
    first = next((line for line in lines if any(sign in line for sign in _DELIMITERS)), "")
    return max(_DELIMITERS, key=first.count)
