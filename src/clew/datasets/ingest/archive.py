"""A ZIP of deliveries: each file in it is one. Files are read out, never extracted by name."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from clew.datasets.ingest import zipsize
from clew.kernel.errors import InputError

UNPACKED = 1 << 33
_CHUNK = 1 << 20
_ENCRYPTED = 0x1
_UTF8 = 0x800
_JUNK = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def members(archive: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    """Files with their names, without what operating systems leave beside them."""
    found = [(member_name(e), e) for e in archive.infolist() if not e.is_dir()]
    return [(name, e) for name, e in found if not _is_junk(name)]


def member_name(entry: zipfile.ZipInfo) -> str:
    """Name of an entry; programs in Chinese write GBK without saying so. No part leads upwards."""
    name = entry.orig_filename.partition("\0")[0]
    if not entry.flag_bits & _UTF8:
        raw = name.encode("cp437", errors="replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    parts = [p.strip() for p in name.replace("\\", "/").split("/")]
    clean = ["".join(c for c in part if c.isprintable()) for part in parts]
    return "/".join(p for p in clean if p.strip(". ")) or "未命名"


def _is_junk(name: str) -> bool:
    last = PurePosixPath(name).name
    return name.startswith(_JUNK[0]) or last in _JUNK or last.startswith(("~$", "._"))


def unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, target: Path) -> Path:
    """Writes one file's bytes to `target`.

    Raises:
        InputError: encrypted, damaged, or larger than the archive says.
    """
    if entry.flag_bits & _ENCRYPTED:
        raise InputError(
            f"{name} 已加密 (the file is encrypted)",
            next_step="取消密码后重新压缩送交 (pack it again without a password)",
        )
    with (
        zipsize.refused_if_broken(name),
        archive.open(entry) as source,
        target.open("wb") as copy,
    ):
        for chunk in _chunks(source, entry.file_size):
            copy.write(chunk)
    return target


def _chunks(source: IO[bytes], size: int) -> Iterator[bytes]:
    seen = 0
    while chunk := source.read(_CHUNK):
        seen += len(chunk)
        if seen > size:
            raise zipfile.BadZipFile("larger than its directory says")
        yield chunk
