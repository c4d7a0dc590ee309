"""How a file becomes part of the lake.

    staged   written and synced under staging/, invisible
    placed   renamed to a name made of its content; still listed nowhere, so no reader sees it
    listed   the database commit that records it is the publication

A crash before the commit leaves placed files that nothing lists: `sweep` removes them at the next
start. One delivery at a time holds `exclusive`, so a sweep never meets a file on its way.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import OperationalError

from clew.datasets.lake.engine import SPILL
from clew.datasets.lake.failpoints import reach
from clew.datasets.models import Batch, LakeFile
from clew.kernel.errors import StoreError
from clew.kernel.workspace import Workspace

LOCK = "lock"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Staged:
    """A file written under staging/, on its way into the lake."""

    path: Path
    dataset: str
    kind: str
    rows: int
    bucket_low: int = 0
    bucket_high: int = 63


@contextmanager
def exclusive(workspace: Workspace) -> Iterator[None]:
    """Holds the workspace for one writer; a second one waits for its turn."""
    workspace.staging.mkdir(parents=True, exist_ok=True)
    with (workspace.staging / LOCK).open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)


@contextmanager
def staging(workspace: Workspace) -> Iterator[Path]:
    """A folder for one piece of work, held exclusively; gone afterwards, whatever happened."""
    with disk_errors(), exclusive(workspace):
        sweep(workspace)
        folder = workspace.staging / "delivery"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def place(workspace: Workspace, staged: Staged, *, batch: str) -> tuple[str, str]:
    """Syncs a staged file and renames it to a name made of its batch and content.

    Returns:
        Its path under the workspace and its SHA-256.
    """
    with disk_errors():
        digest = _hash_and_sync(staged.path)
        folder = workspace.quarantine if staged.kind == LakeFile.QUARANTINE else workspace.lake
        target = folder / staged.dataset / f"{batch}-{staged.kind}-{digest[:16]}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        reach("before-rename")
        staged.path.replace(target)
        _sync_folder(target.parent)
        reach("after-rename")
    return str(target.relative_to(workspace.home)), digest


def sweep(workspace: Workspace) -> list[str]:
    """Removes what a crash left behind and returns its names; renews manifests that are behind.

    That is: staging leftovers, lake files that nothing lists, deliveries under files/ that no held
    batch needs. Call while holding `exclusive`.
    """
    leftovers = [p for p in sorted(workspace.staging.glob("*")) if not _in_use(p)]
    listed = set(LakeFile.objects.values_list("path", flat=True))
    for folder in (workspace.lake, workspace.quarantine):
        placed = sorted(folder.glob("*/*.parquet"))
        leftovers += [p for p in placed if str(p.relative_to(workspace.home)) not in listed]
        leftovers += sorted(folder.glob("*/*.tmp"))
    kept = set(Batch.objects.filter(status=Batch.HELD).values_list("file_hash", flat=True))
    leftovers += [p for p in sorted(workspace.files.glob("*")) if p.name not in kept]
    with disk_errors():
        for path in leftovers:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    named = LakeFile.objects.order_by("dataset").values_list("dataset", flat=True)
    for dataset in named.distinct():
        write_manifest(workspace, dataset)
    return [str(path.relative_to(workspace.home)) for path in leftovers]


def _in_use(path: Path) -> bool:
    """The lock, and the spill folders of processes that live."""
    if path.name == LOCK:
        return True
    owner = path.name.removeprefix(SPILL).partition("-")[0]
    return path.name.startswith(SPILL) and owner.isdigit() and _lives(int(owner))


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def write_manifest(workspace: Workspace, dataset: str) -> None:
    """Lists a dataset's live files for readers without Clew (Spark, pandas).

    Raises:
        StoreError: it could not be written. The next delivery's sweep writes it again.
    """
    files = list(LakeFile.objects.filter(dataset=dataset))
    manifest = {
        "dataset": dataset,
        "rows": [_entry(f) for f in files if f.kind == LakeFile.ROWS],
        "tombstones": [_entry(f) for f in files if f.kind == LakeFile.TOMBSTONES],
        "live": "rows of `rows` whose row_id is in none of `tombstones`",
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    target = workspace.lake / dataset / MANIFEST
    if target.is_file() and target.read_text(encoding="utf-8") == text:
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(".tmp")
        draft.write_text(text, encoding="utf-8")
        draft.replace(target)
    except OSError as error:
        raise StoreError(
            f"数据集 {dataset} 的数据已发布, 但清单文件未能写出: {error} "
            "(published, but its manifest could not be written)",
            next_step="释放空间后重新执行同一命令, 清单会补写 "
            "(free space and repeat the command: it writes the manifest)",
        ) from error


def _entry(file: LakeFile) -> dict[str, object]:
    return {
        "path": file.path,
        "sha256": file.sha256,
        "rows": file.rows,
        "buckets": [file.bucket_low, file.bucket_high],
    }


@contextmanager
def disk_errors() -> Iterator[None]:
    """Turns errors of the operating system and the database into one that names the remedy."""
    try:
        yield
    except (OSError, OperationalError) as error:
        full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
        raise StoreError(
            "磁盘已满, 本次导入未发布 (disk full, nothing was published)"
            if full or "full" in str(error)
            else f"磁盘读写失败, 本次导入未发布: {error} (disk error, nothing was published)",
            next_step="释放空间后重新执行同一命令; 已发布的数据未受影响 "
            "(free space and repeat the command; published data is untouched)",
        ) from error


def _hash_and_sync(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb+") as handle:
        while chunk := handle.read(1 << 20):
            digest.update(chunk)
        os.fsync(handle.fileno())
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
