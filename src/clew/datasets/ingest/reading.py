"""A delivered file becomes a source the engine can scan: all cells text, in sheet order.

CSV is judged in one pass over its bytes (hash, encoding, layout). A clean UTF-8 file is scanned
where it lies; anything else is rewritten into staging, row by row, with each row's own number.
Parquet is scanned where it lies.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from clew.datasets.lake.engine import files_sql, name, quote
from clew.kernel.errors import InputError

CHUNK = 1 << 20
ROW = "_row"
EXTRA = "_extra"
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be laid under the headers."""

    row: int
    reason: str
    raw: str


@dataclass
class Source:
    """A readable file.

    `scan` is SQL that yields the row number `_row` and one text column a header. `headers` stand
    as delivered, made unique. `truncated` is the number of a last row that breaks off.
    """

    path: Path
    sha256: str
    headers: list[str]
    scan: str
    format: str
    encoding: str = ""
    bad_rows: list[BadRow] = field(default_factory=list)
    truncated: int | None = None
    also: list[Path] = field(default_factory=list)


def read(path: Path, staging: Path, progress: Progress = lambda share: None) -> Source:
    """Opens a delivery.

    Raises:
        InputError: the file is missing, empty, of an unknown kind, or cannot be decoded.
    """
    if not path.is_file():
        raise InputError(f"文件不存在: {path.name} (no such file)", next_step="检查路径后重试")
    if path.stat().st_size == 0:
        raise InputError(
            f"{path.name} 是空文件 (the file is empty)",
            next_step="请数据提供部门重新导出 (ask the owner to export it again)",
        )
    with path.open("rb") as handle:
        head = handle.read(8)
    if head[:4] == b"PAR1":
        return _parquet(path)
    if head[:4] == b"PK\x03\x04" or head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise InputError(
            f"{path.name} 是 Excel 或压缩文件, 目前接受 CSV 与 Parquet (CSV or Parquet please)",
            next_step="另存为 CSV 后重试 (save it as CSV and repeat the command)",
        )
    return _csv(path, staging, progress)


# Parquet


def _parquet(path: Path) -> Source:
    try:
        schema = pq.read_schema(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(
            f"{path.name} 不是完整的 Parquet 文件, 可能被截断: {error} (truncated or damaged)",
            next_step="请重新传输该文件 (transfer the file again)",
        ) from error
    headers = unique(list(schema.names))
    cells = ", ".join(
        f"CAST({name(old)} AS VARCHAR) AS {name(new)}"
        for old, new in zip(schema.names, headers, strict=True)
    )
    scan = f"SELECT file_row_number + 1 AS {ROW}, {cells} FROM {_numbered(path)}"
    return Source(path, sha256(path), headers, scan, "parquet", also=[path])


def _numbered(path: Path) -> str:
    return files_sql([path]).replace("])", "], file_row_number = true)")


# CSV


@dataclass
class _Look:
    """What one pass over the bytes found. `broken_tail`: the last character is incomplete."""

    sha256: str
    encoding: str
    blank_lines: bool = False
    ends_in_newline: bool = True
    broken_tail: bool = False


def _csv(path: Path, staging: Path, progress: Progress) -> Source:
    look = _look(path, progress)
    delimiter, headers, header_rows = _headers(path, look.encoding)
    if not look.blank_lines and not look.broken_tail and header_rows == 1:
        readable = path if look.encoding.startswith("utf-8") else _transcoded(path, look, staging)
        source = _in_place(path, readable, look, delimiter, headers)
        if source is not None:
            return source
    return _rewritten(path, look, delimiter, headers, staging)


def _transcoded(path: Path, look: _Look, staging: Path) -> Path:
    """The file in UTF-8, written in pieces of bounded size."""
    staging.mkdir(parents=True, exist_ok=True)
    target = staging / f"{look.sha256[:16]}.csv"
    with (
        path.open(encoding=look.encoding, newline="") as source,
        target.open("w", encoding="utf-8", newline="") as copy,
    ):
        while piece := source.read(CHUNK):
            copy.write(piece)
    return target


def _look(path: Path, progress: Progress) -> _Look:
    """Hash, encoding and blank lines in one read.

    Raises:
        InputError: neither UTF-8 nor GB18030 decodes the whole file.
    """
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    size, seen, blank, last = path.stat().st_size, 0, False, b""
    failed_at: int | None = None
    with path.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            digest.update(chunk)
            if failed_at is None:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError as error:
                    failed_at = seen + error.start
            joined = last + chunk
            blank = blank or b"\n\n" in joined or b"\n\r\n" in joined
            last = joined[-3:]
            seen += len(chunk)
            progress(seen / size)
    look = _Look(digest.hexdigest(), "utf-8", blank, last.endswith((b"\n", b"\r")))
    if failed_at is not None:
        look.encoding = _other_encoding(path, failed_at)
    else:
        look.broken_tail = bool(decoder.getstate()[0])
        with path.open("rb") as handle:
            if handle.read(3) == codecs.BOM_UTF8:
                look.encoding = "utf-8-sig"
    return look


def _other_encoding(path: Path, failed_at: int) -> str:
    """The encoding of a file that is not UTF-8 from byte `failed_at` on."""
    with path.open("rb") as handle:
        head = handle.readline()
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    begins_as_utf8 = failed_at > len(head) and not head.isascii()
    wrong_at = failed_at if begins_as_utf8 else _undecodable(path, "gb18030")
    if wrong_at is None:
        return "gb18030"
    raise InputError(
        f"{path.name} 第 {_row_at(path, wrong_at)} 行 (第 {wrong_at} 字节) 不是 UTF-8 或 GB18030 "
        f"编码 (neither UTF-8 nor GB18030 at row {_row_at(path, wrong_at)})",
        next_step="请另存为 UTF-8 的 CSV 后重试 (save it as UTF-8 CSV and repeat the command)",
    )


def _undecodable(path: Path, encoding: str) -> int | None:
    """The byte at which a file stops being decodable, if it does."""
    decoder, seen = codecs.getincrementaldecoder(encoding)(), 0
    with path.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return seen + error.start
            seen += len(chunk)
    return None


def _row_at(path: Path, byte: int) -> int:
    with path.open("rb") as handle:
        return handle.read(byte).count(b"\n") + 1


def _headers(path: Path, encoding: str) -> tuple[str, list[str], int]:
    """Delimiter, headers and the number of rows up to and with the header."""
    with path.open(encoding=encoding, newline="") as handle:
        sample = handle.read(1 << 16)
    first = next((line for line in sample.splitlines() if line.strip(" ,\t;")), "")
    delimiter = max((",", "\t", ";", "|"), key=first.count)
    for number, cells in enumerate(csv.reader(io.StringIO(sample), delimiter=delimiter), 1):
        if any(cell.strip() for cell in cells):
            return delimiter, unique([cell.strip() for cell in cells]), number
    raise InputError(
        f"{path.name} 没有表头也没有数据 (no header and no rows)",
        next_step="请数据提供部门重新导出 (ask the owner to export it again)",
    )


def _in_place(
    path: Path, readable: Path, look: _Look, delimiter: str, headers: list[str]
) -> Source | None:
    """Scans the UTF-8 file `readable` where it lies, unless its last row breaks off."""
    columns = ", ".join(f"{quote(header)}: 'VARCHAR'" for header in headers)
    reader = (
        f"read_csv({quote(str(readable))}, header = false, skip = 1, auto_detect = false, "
        f"delim = {quote(delimiter)}, quote = '\"', escape = '\"', strict_mode = true, "
        f"null_padding = false, nullstr = '', max_line_size = 4194304, columns = {{{columns}}})"
    )
    if not look.ends_in_newline and _last_line_short(readable, delimiter, len(headers)):
        return None
    cells = ", ".join(name(header) for header in headers)
    scan = f"SELECT row_number() OVER () + 1 AS {ROW}, {cells} FROM {reader}"
    return Source(path, look.sha256, headers, scan, "csv", look.encoding, also=[readable])


def _last_line_short(path: Path, delimiter: str, width: int) -> bool:
    with path.open("rb") as handle:
        handle.seek(max(0, path.stat().st_size - 65536))
        tail = handle.read().decode("utf-8", errors="ignore")
    cells = next(csv.reader([tail.splitlines()[-1]], delimiter=delimiter), [])
    return len(cells) < width


def rewrite(source: Source, staging: Path) -> Source:
    """The careful reading of a CSV that the engine's own reader refused."""
    look = _Look(source.sha256, source.encoding)
    delimiter, headers, _ = _headers(source.path, source.encoding)
    return _rewritten(source.path, look, delimiter, headers, staging)


def _rewritten(
    path: Path, look: _Look, delimiter: str, headers: list[str], staging: Path
) -> Source:
    """Reads row by row with Python and stages a Parquet file of text cells and row numbers."""
    staging.mkdir(parents=True, exist_ok=True)
    target = staging / f"{look.sha256[:16]}.parquet"
    bad: list[BadRow] = []
    schema = pa.schema([(ROW, pa.int64()), *((h, pa.string()) for h in headers)])
    last = 0
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for block in _blocks(path, look.encoding, delimiter, len(headers), bad):
            last = block[-1][0]
            columns = [pa.array(list(c), f.type) for c, f in zip(zip(*block), schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
    source = Source(path, look.sha256, headers, f"SELECT * FROM {files_sql([target])}", "csv",
                    look.encoding, bad, also=[target])
    if look.broken_tail or (bad and bad[-1].reason == "TRUNCATED"):
        source.truncated = max(last, bad[-1].row if bad else 0)
    return source


def _blocks(
    path: Path, encoding: str, delimiter: str, width: int, bad: list[BadRow]
) -> Iterator[list[tuple[object, ...]]]:
    """Rows that fit, in blocks; the others go to `bad` with their number in the sheet."""
    block: list[tuple[object, ...]] = []
    with path.open(encoding=encoding, newline="", errors="replace") as handle:
        lines = _Lines(handle)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        number, seen_header = 0, False
        while True:
            number += 1
            lines.restart()
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error:
                reason = "TRUNCATED" if lines.ended else "QUOTES"
                bad.append(BadRow(number, reason, lines.text.rstrip("\r\n")))
                if lines.ended:
                    break
                reader = csv.reader(lines, delimiter=delimiter, strict=True)
                continue
            if not any(cell.strip() for cell in cells):
                continue
            if not seen_header:
                seen_header = True
                continue
            if len(cells) > width and not any(c.strip() for c in cells[width:]):
                cells = cells[:width]
            if len(cells) != width:
                broken = len(cells) < width and lines.at_end and not lines.text.endswith("\n")
                reason = "TRUNCATED" if broken else "COLUMN_COUNT"
                bad.append(BadRow(number, reason, lines.text.rstrip("\r\n")))
                continue
            block.append((number, *(cell or None for cell in cells)))
            if len(block) >= 20_000:
                yield block
                block = []
    if block:
        yield block


class _Lines:
    """Hands lines to the CSV reader and remembers the text of the row in work."""

    def __init__(self, handle: io.TextIOBase) -> None:
        self._handle = handle
        self._ahead = handle.readline()
        self.text = ""
        self.ended = False

    @property
    def at_end(self) -> bool:
        return not self._ahead

    def restart(self) -> None:
        self.text = ""

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._ahead
        if not line:
            self.ended = True
            raise StopIteration
        self._ahead = self._handle.readline()
        self.text += line
        return line.replace("\0", "")


def unique(headers: list[str]) -> list[str]:
    """Headers with empty ones named by position and repeated ones numbered."""
    seen: dict[str, int] = {}
    result: list[str] = []
    for position, raw in enumerate(headers, 1):
        header = raw.lstrip("\ufeff").strip() or f"第{position}列"
        seen[header] = seen.get(header, 0) + 1
        result.append(header if seen[header] == 1 else f"{header} ({seen[header]})")
    return result


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
