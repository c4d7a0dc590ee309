"""Finds every change to a ledger, in an exported file or in the database.

`verify_export` needs the file alone: no database, no settings. What a file cannot show by
itself is who signed it, so give it the public key, or run it in the workspace that owns it;
`Report.pinned` says whether either was the case.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from clew.audit.chain import merkle_root
from clew.audit.checkpoint import KEPT_FILE, Checkpoint, kept
from clew.audit.walk import Problem, Report, Walk
from clew.kernel.errors import InputError, StoreError
from clew.kernel.workspace import Workspace, home_path

__all__ = ["Problem", "Report", "verify_database", "verify_export"]

Claim = tuple[dict[str, Any] | None, str]
"""Body and hash, as an entry states them."""

CHECKPOINT_PREFIX = b'{"checkpoint":'


def verify_export(path: Path, *, public_key: bytes | None = None) -> Report:
    """Checks an exported ledger byte by byte.

    public_key: raw 32-byte Ed25519 key of the workspace that exported; by default the key of
    the current workspace, if there is one. InputError if the file cannot be read.
    """
    pinned_key = public_key or _own_key()
    walk = Walk()
    checkpoint: Checkpoint | None = None
    ended = False
    try:
        with path.open("rb") as file:
            for line in file:
                if ended:
                    walk.report("extra")
                elif line.startswith(CHECKPOINT_PREFIX):
                    ended = True
                    checkpoint = _checkpoint(line, walk, pinned_key)
                else:
                    _take_line(line, walk)
    except OSError as error:
        raise InputError(
            f"{path} 读不出来 (cannot be read): {error.strerror}",
            next_step="核对导出文件的路径 (check the path): clew audit verify EXPORT",
        ) from error
    if not ended:
        walk.report("checkpoint_missing")
    if checkpoint is not None:
        _compare(checkpoint, walk)
        if len(walk.hashes) > checkpoint.size:
            walk.report("surplus", at=checkpoint.size + 1, size=checkpoint.size)
    return walk.finish(pinned=pinned_key is not None, key=checkpoint.key if checkpoint else "")


def verify_database() -> Report:
    """The same over the ledger's table, against the checkpoints kept in the workspace."""
    workspace = Workspace.current()
    walk = Walk()
    for body, entry_hash in entries():
        walk.take(body, entry_hash)
    compare_kept(walk, workspace)
    return walk.finish(pinned=True, key=workspace.audit_public_key.hex())


def compare_kept(walk: Walk, workspace: Workspace) -> None:
    """Reports where the entries walked differ from a checkpoint of an earlier export."""
    key = workspace.audit_public_key.hex()
    for checkpoint in kept(workspace.exports):
        if checkpoint is None or checkpoint.key != key:
            walk.report("kept_checkpoint", file=KEPT_FILE)
        else:
            _compare(checkpoint, walk)


def entries() -> Iterator[Claim]:
    """Body and hash of every entry in order; body None where the row cannot be read at all."""
    # Here, so that verifying an exported file needs no database settings.
    from django.db import DatabaseError

    from clew.audit.models import Entry

    chunk = 2000
    try:
        keys = list(Entry.objects.order_by("seq").values_list("pk", flat=True))
    except DatabaseError as error:
        raise StoreError(
            "台账读不出来 (the audit ledger cannot be read)", next_step="clew doctor"
        ) from error
    for start in range(0, len(keys), chunk):
        wanted = keys[start : start + chunk]
        try:
            rows = list(Entry.objects.filter(pk__in=wanted).order_by("seq"))
            found: list[Claim] = [(row.body(), row.hash) for row in rows]
        except (ValueError, TypeError, AttributeError):
            found = [_one(key) for key in wanted]
        yield from found


def _one(key: int) -> Claim:
    from clew.audit.models import Entry

    try:
        row = Entry.objects.get(pk=key)
        return row.body(), row.hash
    except (ValueError, TypeError, AttributeError):
        return None, ""


def _take_line(line: bytes, walk: Walk) -> None:
    try:
        body = json.loads(line)
    except (ValueError, RecursionError):
        walk.take(None, "")
        return
    entry_hash = body.pop("hash", "") if isinstance(body, dict) else ""
    walk.take(body, entry_hash, line=line)


def _checkpoint(line: bytes, walk: Walk, pinned_key: bytes | None) -> Checkpoint | None:
    """The checkpoint, if what it says can be relied on."""
    found = Checkpoint.parse(line[:-1]) if line.endswith(b"\n") else None
    if found is None:
        walk.report("checkpoint_form")
    elif not found.signed_by_its_key():
        walk.report("signature")
    elif pinned_key is not None and found.key != pinned_key.hex():
        walk.report("key", found=found.key, expected=pinned_key.hex())
    else:
        return found
    return None


def _compare(checkpoint: Checkpoint, walk: Walk) -> None:
    difference = checkpoint.first_difference(walk.hashes)
    if difference is not None:
        cut = difference > len(walk.hashes)
        walk.report("tail" if cut else "history", at=difference, size=checkpoint.size)
    elif checkpoint.size == len(walk.hashes) and merkle_root(walk.hashes) != checkpoint.root:
        walk.report("root")


def _own_key() -> bytes | None:
    workspace = Workspace(home_path())
    return workspace.audit_public_key if workspace.exists() else None
