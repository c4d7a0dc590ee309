"""Writes the ledger to a file that proves itself: one entry a line, a signed checkpoint last."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from clew.audit.chain import canonical
from clew.audit.checkpoint import KEPT_FILE, Checkpoint
from clew.audit.verify import compare_kept, entries
from clew.audit.walk import Walk
from clew.kernel.errors import Refused, StoreError
from clew.kernel.workspace import Workspace


def export(path: Path) -> Checkpoint:
    """Writes all entries and returns the checkpoint, which is also kept in `exports/`.

    Refused if the ledger does not verify, against kept checkpoints too: signing it would turn a
    forgery into the truth. StoreError if the file cannot be written; no partial file remains.
    """
    workspace = Workspace.current()
    walk = Walk()
    try:
        with _replacing(path) as file:
            for body, entry_hash in entries():
                walk.take(body, entry_hash)
                if not walk.problems:
                    file.write(canonical({**(body or {}), "hash": entry_hash}) + b"\n")
            _refuse_tampered(walk, workspace)
            checkpoint = Checkpoint.sign(walk.hashes, workspace.audit_key)
            file.write(checkpoint.line() + b"\n")
            # Before the export appears, so that no export exists which the workspace forgot.
            _keep(checkpoint, workspace.exports)
    except OSError as error:
        raise StoreError(
            f"{path} 写不进去 (cannot be written): {error.strerror}",
            next_step="检查磁盘空间与权限后再导出 (check space and permissions): clew audit export",
        ) from error
    return checkpoint


def _refuse_tampered(walk: Walk, workspace: Workspace) -> None:
    compare_kept(walk, workspace)
    if walk.problems:
        first = min(walk.problems, key=lambda problem: problem.seq)
        raise Refused(
            f"台账核验未通过, 不予签名: {first.text_zh} "
            f"(the ledger does not verify and is not signed: {first.text_en})",
            next_step="clew audit verify",
        )


def _keep(checkpoint: Checkpoint, exports: Path) -> None:
    path = exports / KEPT_FILE
    earlier = path.read_bytes() if path.exists() else b""
    line = checkpoint.line() + b"\n"
    if not earlier.endswith(line):
        with _replacing(path) as file:
            file.write(earlier + line)


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """The file appears under its name whole and on disk, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    partial = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
