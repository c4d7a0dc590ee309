"""A delivered file becomes a source the engine can scan: all cells text, in sheet order.

A clean CSV file is scanned where it lies, in UTF-8 or transcoded to it; any other is laid out row
by row into staging (see `careful`), each row with its own number. Parquet is scanned where it lies.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from clew.datasets.ingest import careful, recognise, table, tailcut
from clew.datasets.ingest.careful import ROW, BadRow
from clew.datasets.ingest.layout import CHUNK, Layout, layout
from clew.datasets.lake.engine import files_sql, name, quote
from clew.declare import registry
from clew.kernel.errors import InputError

__all__ = ["ROW", "BadRow", "Source", "read", "rewrite", "sha256"]

Progress = Callable[[float], None]
THERE = "_there"
"""Whether a row holds anything."""
_EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_GLOB = frozenset("*?[")
_SOMETHING = r"[^\s\p{Z}\x1c-\x1f\x{85}]"


@dataclass
class Source:
    """A readable file.

    `scan` is SQL that yields the row number `_row` and one text column a header. `headers` stand
    as delivered, made unique. `in_order`, where there is one, yields every row in sheet order from
    `first_row` on, blank ones too, with `_there` in place of a number: numbering rows holds up the
    engine. `truncated` is the number of a last row that breaks off. `end` is
    what stands below the table. `also` are files outside the workspace that the scan reads.
    """

    path: Path
    sha256: str
    headers: list[str]
    scan: str
    format: str
    layout: Layout | None = None
    bad_rows: list[BadRow] = field(default_factory=list)
    truncated: int | None = None
    end: table.Tail = field(default_factory=lambda: table.Tail(0))
    also: list[Path] = field(default_factory=list)
    in_order: str = ""
    first_row: int = 1

    @property
    def totals(self) -> dict[str, str]:
        """The cells that the totals row fills, by header."""
        return {h: cell for h, cell in zip(self.headers, self.end.totals, strict=False) if cell}

    @property
    def unit(self) -> int:
        """Factor of the money unit that a line above the table states."""
        return self.layout.head.unit if self.layout else 1

    @property
    def encoding(self) -> str:
        return self.layout.encoding if self.layout else ""


def read(
    path: Path,
    staging: Path,
    progress: Progress = lambda share: None,
    titles: Collection[str] | None = None,
) -> Source:
    """Opens a delivery that is one table. `titles` (of all contracts if None) tell its header.

    Raises:
        InputError: the file is missing, empty, of an unknown kind, or cannot be decoded.
    """
    if not path.is_file():
        raise InputError(
            f"文件不存在: {path.name} (no such file)",
            next_step="检查路径后重试 (check the path and repeat the command)",
        )
    try:
        with path.open("rb") as handle:
            head = handle.read(4)
    except PermissionError as error:
        raise InputError(
            f"没有权限读取 {path.name} (no permission to read it)",
            next_step="更正文件权限后重试 (correct its permissions and repeat the command)",
        ) from error
    if not head:
        raise InputError(
            f"{path.name} 是空文件 (the file is empty)",
            next_step="请数据提供部门重新导出 (ask the owner to export it again)",
        )
    if head.startswith(_EXCEL):
        raise InputError(
            f"{path.name} 是 Excel 或压缩文件, 不是单独一张表 (a workbook or archive, not a table)",
            next_step="clew ingest; 或另存为 CSV 后重试 (ingest it, or save it as CSV)",
        )
    if head == b"PAR1":
        return _parquet(path, staging)
    if titles is None:
        titles = recognise.titles(registry.datasets().values())
    return _csv(path, staging, progress, titles)


def _literal(path: Path, staging: Path) -> Path:
    """A path that the engine takes as it stands: `report[1].csv` would be a pattern to it."""
    path = path.absolute()
    if not _GLOB & set(str(path)):
        return path
    staging.mkdir(parents=True, exist_ok=True)
    link = staging / f"{hashlib.sha256(str(path).encode()).hexdigest()[:16]}{path.suffix}"
    if not link.is_symlink():
        link.symlink_to(path)
    return link


# Parquet


def damaged(path: Path, error: Exception) -> InputError:
    """The refusal of a Parquet file that its own format contradicts."""
    return InputError(
        f"{path.name} 不是完整的 Parquet 文件, 可能被截断: {error} (truncated or damaged)",
        next_step="请重新传输该文件 (transfer the file again)",
    )


def _parquet(path: Path, staging: Path) -> Source:
    try:
        names = list(pq.read_schema(path).names)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise damaged(path, error) from error
    headers = unique(names)
    if len({n.lower() for n in names}) < len(names) or any("\0" in n for n in names):
        raise InputError(
            f"{path.name} 的列名重复: {', '.join(names)} (column names repeat)",
            next_step="请数据提供部门重新导出 (ask the owner to export it again)",
        )
    readable = _literal(path, staging)
    cells = ", ".join(
        f"CAST({name(old)} AS VARCHAR) AS {name(new)}"
        for old, new in zip(names, headers, strict=True)
    )
    scan = (
        f"SELECT file_row_number + 1 AS {ROW}, {cells} FROM {files_sql([readable], numbered=True)}"
    )
    return Source(path, sha256(path), headers, scan, "parquet", also=[readable])


# CSV


def _csv(path: Path, staging: Path, progress: Progress, titles: Collection[str]) -> Source:
    found = layout(path, progress, titles)
    headers = unique(found.headers)
    if found.plain:
        source = _in_place(path, found, headers, staging)
        if source is not None:
            return source
    return _rewritten(path, found, headers, staging)


def _in_place(path: Path, found: Layout, headers: list[str], staging: Path) -> Source | None:
    """Scans the file as the engine reads it, without what stands below the table.

    None where that cannot be parted with certainty, or the last row breaks off.
    """
    utf8 = found.encoding.startswith("utf-8")
    readable = _literal(path, staging) if utf8 else _transcoded(path, found, staging)
    cut = tailcut.find(readable, found.delimiter, found.head.row, len(headers))
    if cut is None:
        return None
    if cut.notes or cut.totals:
        if utf8:
            readable = tailcut.copy(path, staging / f"{found.sha256[:16]}.csv")
        tailcut.apply(readable, cut)
    elif not found.ends_in_newline and _last_line_short(readable, found.delimiter, len(headers)):
        return None
    columns = ", ".join(f"{quote(header)}: 'VARCHAR'" for header in headers)
    row = found.head.row
    reader = (
        f"read_csv({quote(str(readable))}, header = false, skip = {row}, auto_detect = false, "
        f"delim = {quote(found.delimiter)}, quote = '\"', escape = '\"', strict_mode = true, "
        "null_padding = false, nullstr = '', max_line_size = "
        f"{careful.LONGEST_FIELD}, buffer_size = {careful.LONGEST_FIELD}, columns = {{{columns}}})"
    )
    cells = ", ".join(name(header) for header in headers)
    numbered = f"SELECT row_number() OVER () + {row} AS {ROW}, {cells} FROM {reader}"
    scan = f"SELECT * FROM ({numbered}) WHERE {_not_blank(headers)}"
    in_order = f"SELECT {_not_blank(headers)} AS {THERE}, {cells} FROM {reader}"
    return Source(
        path, found.sha256, headers, scan, "csv", found, end=table.Tail(0, cut.totals, cut.notes),
        also=[readable], in_order=in_order, first_row=row + 1,
    )  # fmt: skip


def _not_blank(headers: Sequence[str]) -> str:
    """Nearly every row passes its first comparison; the pattern is for what is left."""
    quick = " ".join(f"WHEN {name(header)} BETWEEN '!' AND '~' THEN true" for header in headers)
    joined = ", ".join(name(header) for header in headers)
    return f"CASE {quick} ELSE regexp_matches(concat({joined}), {quote(_SOMETHING)}) END"


def _transcoded(path: Path, found: Layout, staging: Path) -> Path:
    """The file in UTF-8, written in pieces of bounded size."""
    staging.mkdir(parents=True, exist_ok=True)
    target = staging / f"{found.sha256[:16]}.csv"
    with (
        path.open(encoding=found.encoding, newline="") as source,
        target.open("w", encoding="utf-8", newline="") as copy,
    ):
        while piece := source.read(CHUNK):
            copy.write(piece)
    return target


def _last_line_short(path: Path, delimiter: str, width: int) -> bool:
    with path.open("rb") as handle:
        handle.seek(max(0, path.stat().st_size - 65536))
        tail = handle.read().decode("utf-8", errors="ignore")
    last = tail.replace("\r", "\n").rpartition("\n")[2]
    return len(next(csv.reader([last], delimiter=delimiter), [])) < width


def rewrite(source: Source, staging: Path) -> Source:
    """The careful reading of a CSV that the engine's own reader refused."""
    assert source.layout is not None
    return _rewritten(source.path, source.layout, source.headers, staging)


def _rewritten(path: Path, found: Layout, headers: list[str], staging: Path) -> Source:
    """Stages a Parquet file of text cells and row numbers."""
    staging.mkdir(parents=True, exist_ok=True)
    target = staging / f"{found.sha256[:16]}.parquet"
    schema = pa.schema([(ROW, pa.int64()), *((h, pa.string()) for h in headers)])
    sheet = careful.Sheet(path, found.encoding, found.delimiter, len(headers), found.head.row)
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for block in sheet.blocks():
            columns = [
                pa.array(list(cells), column.type)
                for cells, column in zip(zip(*block, strict=True), schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
    scan = f"SELECT * FROM {files_sql([target])}"
    source = Source(
        path, found.sha256, headers, scan, "csv", found, sheet.bad, end=sheet.end, also=[target]
    )
    if found.broken_tail or (sheet.bad and sheet.bad[-1].reason == careful.TRUNCATED):
        source.truncated = sheet.last_row
    return source


def unique(headers: Iterable[str]) -> list[str]:
    """Headers with empty ones named by position and repeated ones numbered.

    The engine does not tell capitals from small letters, so neither does this.
    """
    seen = {ROW, THERE}
    result: list[str] = []
    for position, raw in enumerate(headers, 1):
        plain = raw.replace("\0", "").lstrip("\ufeff").strip() or f"第{position}列"
        header, times = plain, 1
        while header.lower() in seen:
            times += 1
            header = f"{plain} ({times})"
        seen.add(header.lower())
        result.append(header)
    return result


def sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
