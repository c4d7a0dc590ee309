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

from clew.datasets.lake.failpoints import reach
from clew.datasets.models import LakeFile
from clew.kernel.errors import StoreError
from clew.kernel.workspace import Workspace


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
    with (workspace.staging / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)


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
        os.replace(staged.path, target)
        _sync_folder(target.parent)
        reach("after-rename")
    return str(target.relative_to(workspace.home)), digest


def sweep(workspace: Workspace) -> list[str]:
    """Removes staging leftovers and files that nothing lists; returns what was removed."""
    removed: list[str] = []
    for leftover in sorted(workspace.staging.glob("*")):
        if leftover.name == "lock":
            continue
        removed.append(leftover.name)
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    listed = set(LakeFile.objects.values_list("path", flat=True))
    for folder in (workspace.lake, workspace.quarantine):
        for path in sorted(folder.glob("*/*.parquet")):
            relative = str(path.relative_to(workspace.home))
            if relative not in listed:
                removed.append(relative)
                path.unlink()
    return removed


def write_manifest(workspace: Workspace, dataset: str) -> None:
    """Lists a dataset's live files for readers without Clew (Spark, pandas)."""
    files = LakeFile.objects.filter(dataset=dataset)
    manifest = {
        "dataset": dataset,
        "rows": [_entry(f) for f in files if f.kind == LakeFile.ROWS],
        "tombstones": [_entry(f) for f in files if f.kind == LakeFile.TOMBSTONES],
        "live": "rows of `rows` whose row_id is in none of `tombstones`",
    }
    target = workspace.lake / dataset / "manifest.json"
    with disk_errors():
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(".tmp")
        draft.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(draft, target)


def _entry(file: LakeFile) -> dict[str, object]:
    return {
        "path": file.path,
        "sha256": file.sha256,
        "rows": file.rows,
        "buckets": [file.bucket_low, file.bucket_high],
    }


@contextmanager
def disk_errors() -> Iterator[None]:
    """Turns the operating system's errors into one that names the remedy."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise StoreError(
            "磁盘已满, 本次导入未发布 (disk full, nothing was published)"
            if full
            else f"磁盘读写失败: {error} (disk error, nothing was published)",
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
