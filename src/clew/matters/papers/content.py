"""What an attached file is, by its content: a short list of kinds is taken, the rest refused.

The name only proposes; a file whose content is of another kind than its name says is refused, and
so is whatever may act by itself: scripts, pages, macros, archives.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from clew.kernel.errors import InputError, StoreError
from clew.kernel.workspace import Workspace

LARGEST = 20 * 2**20
"""Bytes. A scan of a file of some hundred pages stays below."""
NAME_LENGTH = 120
_PIECE = 2**20
_PDF_ACTS = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile)\b")
_OFFICE_ACTS = re.compile(r"vbaproject|activex|oleobject|externallink", re.IGNORECASE)
_MARKUP = re.compile(rb"<\s*(!doctype|html|script|svg|iframe|\?xml)", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069/\\]")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was checked: `name` is fit to be shown, `size` in bytes."""

    name: str
    media: str
    size: int
    sha256: str


def keep(path: Path, name: str = "") -> Kept:
    """Checks a file and stores its content under its hash, once.

    Call inside the transaction that lists it; content that nothing lists does no harm.

    Raises:
        InputError: unreadable, empty, too large, of a kind that is not taken, or not what its
            name says.
        StoreError: the disk cannot take it.
    """
    shown = shown_name(name or path.name)
    try:
        size = path.stat().st_size
        if not 0 < size <= LARGEST:
            raise _unfit(shown, f"大小 {size} 字节不在 1 至 {LARGEST} 之间 (empty or too large)")
        content = path.read_bytes()
    except OSError as error:
        raise _unfit(shown, f"{error.strerror} (cannot be read)") from error
    media = media_of(shown, content, path)
    digest = hashlib.sha256(content).hexdigest()
    _store(content, digest)
    return Kept(shown, media, len(content), digest)


def path_of(sha256: str) -> Path:
    """Where the content of an attachment lies."""
    return Workspace.current().files / sha256


def checked(sha256: str) -> Path:
    """`path_of`, after its content was found to be what was attached.

    Raises:
        StoreError: it is gone or changed.
    """
    path = path_of(sha256)
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise StoreError(
            "附件内容缺失或已被改动 (the content of this paper is gone or changed)",
            next_step="从备份恢复 files/ (restore files/ from a backup)",
        )
    return path


def media_of(name: str, content: bytes, path: Path) -> str:
    """The media type that name and content agree upon.

    Raises:
        InputError: they do not, or it is none of those taken.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in KINDS:
        raise _unfit(name, f"只收 {' '.join(KINDS)} (this kind of file is not taken)")
    media, is_one = KINDS[suffix]
    if not is_one(content, path):
        raise _unfit(name, "内容与类型不符, 或含可执行内容 (its content is not what it says)")
    return media


def shown_name(name: str) -> str:
    """A file's name without folders, control characters and marks that turn text around."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    plain = _UNPRINTABLE.sub("", base).strip(" .")
    stem, suffix = Path(plain).stem, Path(plain).suffix
    return stem[: NAME_LENGTH - len(suffix)] + suffix


def _pdf(content: bytes, _: Path) -> bool:
    return content.startswith(b"%PDF-") and not _PDF_ACTS.search(content)


def _starts(*beginnings: bytes) -> Callable[[bytes, Path], bool]:
    return lambda content, _: content.startswith(beginnings)


def _office(part: str) -> Callable[[bytes, Path], bool]:
    """A package of Office with this main part and nothing in it that acts."""

    def is_one(content: bytes, path: Path) -> bool:
        if not content.startswith(b"PK\x03\x04"):
            return False
        try:
            with zipfile.ZipFile(path) as package:
                names = package.namelist()
        except (zipfile.BadZipFile, NotImplementedError):
            return False
        return part in names and not any(_OFFICE_ACTS.search(n) for n in names)

    return is_one


def _text(content: bytes, _: Path) -> bool:
    if _CONTROL.search(content) or _MARKUP.search(content[:_PIECE]):
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            content.decode(encoding)
            return True
        except UnicodeDecodeError:
            continue
    return False


_OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS: Mapping[str, tuple[str, Callable[[bytes, Path], bool]]] = MappingProxyType(
    {
        ".pdf": ("application/pdf", _pdf),
        ".png": ("image/png", _starts(b"\x89PNG\r\n\x1a\n")),
        ".jpg": ("image/jpeg", _starts(b"\xff\xd8\xff")),
        ".jpeg": ("image/jpeg", _starts(b"\xff\xd8\xff")),
        ".docx": (f"{_OFFICE}.wordprocessingml.document", _office("word/document.xml")),
        ".xlsx": (f"{_OFFICE}.spreadsheetml.sheet", _office("xl/workbook.xml")),
        ".txt": ("text/plain", _text),
        ".csv": ("text/csv", _text),
    }
)


def _store(content: bytes, digest: str) -> None:
    workspace = Workspace.current()
    target = workspace.files / digest
    if target.is_file() and target.stat().st_size == len(content):
        return
    draft = workspace.staging / f"paper-{secrets.token_hex(8)}"
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise StoreError(
            f"附件写不进去 (the attachment cannot be written): {error.strerror}",
            next_step="检查磁盘空间与权限后重试 (check space and permissions, then repeat)",
        ) from error


def _unfit(name: str, why: str) -> InputError:
    return InputError(
        f"{name}: {why}",
        next_step=f"PDF、图片、Word、Excel 或文本, 不超过 {LARGEST // 2**20} MB",
    )
