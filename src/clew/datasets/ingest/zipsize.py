"""ZIP containers are measured before anything unpacks them: directories inside them may lie."""

from __future__ import annotations

import errno
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clew.kernel.errors import InputError

MOST_ENTRIES = 10_000
RATIO, RATIO_FROM = 200, 64 << 20
"""More than this is no document; small files may be as empty as they like."""
_DEFLATE_AT_BEST = 1032
_CHUNK = 1 << 18
_BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError,
    NotImplementedError, RuntimeError, ValueError, IndexError, KeyError, OverflowError,
)  # fmt: skip


@contextmanager
def opened(path: Path, limit: int) -> Iterator[zipfile.ZipFile]:
    """A ZIP file whose entries together unpack to no more than `limit` bytes.

    Raises:
        InputError: damaged, too many entries, too large, or packed tighter than any document.
    """
    with refused_if_broken(path.name), zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES:
            raise _bomb(path.name, f"{len(entries)} 个条目 ({len(entries)} entries)")
        _judge(path.name, sum(e.file_size for e in entries), path.stat().st_size, limit)
        if sum(e.compress_size for e in entries) * _DEFLATE_AT_BEST > limit:
            real = sum(_unpacked(archive, entry, limit) for entry in entries)
            _judge(path.name, real, path.stat().st_size, limit)
        yield archive


@contextmanager
def refused_if_broken(name: str) -> Iterator[None]:
    """Turns every way in which a ZIP file can be damaged into one refusal."""
    try:
        yield
    except _BROKEN as error:
        raise _damaged(name) from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a seek to where the damaged directory points
            raise
        raise _damaged(name) from error


def _damaged(name: str) -> InputError:
    return InputError(
        f"{name} 不是完整的 Excel 或压缩文件, 可能被截断 (damaged or incomplete)",
        next_step="请重新传输该文件 (transfer the file again)",
    )


def _judge(name: str, unpacked: int, packed: int, limit: int) -> None:
    if unpacked > limit or (unpacked > RATIO_FROM and unpacked > RATIO * packed):
        raise _bomb(name, f"{unpacked >> 20} MB")


def _bomb(name: str, what: str) -> InputError:
    return InputError(
        f"{name} 解压后过大: {what} (unpacks to more than is accepted)",
        next_step="请拆分, 或以 CSV 直接送交 (split it, or send CSV files as they are)",
    )


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> int:
    """Real size of an entry, whatever the directory says; counting stops beyond `limit`."""
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        return max(entry.file_size, entry.compress_size)
    source = archive.fp
    assert source is not None
    source.seek(entry.header_offset)
    name_length, extra_length = struct.unpack("<HH", source.read(30)[26:30])
    source.seek(name_length + extra_length, 1)
    inflate, left, size = zlib.decompressobj(-15), entry.compress_size, 0
    while left > 0 and not inflate.eof and size <= limit:
        data = source.read(min(_CHUNK, left))
        if not data:
            break
        left -= len(data)
        while data and size <= limit:
            size += len(inflate.decompress(data, _CHUNK))
            data = inflate.unconsumed_tail
    return size
