"""The verb: a package leaves the house, and the ledger holds its hash."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from clew.accounts.access import without_numbers
from clew.accounts.models import Account
from clew.audit.actions import append
from clew.detection import access
from clew.detection.queries import current_hits
from clew.detection.triage.groups import Group
from clew.detection.triage.groups import group as find_group
from clew.kernel import clock
from clew.kernel.errors import InputError, Refused, StoreError
from clew.kernel.workspace import Workspace
from clew.reports.evidence import package
from clew.reports.evidence.statement import sightings, statement
from clew.reports.releases.access import standing

MOST_CLUES = 2_000
"""A workbook with more is read by nobody; a group of more is several visits."""


@dataclass(frozen=True, slots=True)
class Exported:
    """`manifest` is the SHA-256 of the package's manifest, `entry` its place in the ledger."""

    folder: Path
    clues: tuple[str, ...]
    rows: int
    manifest: str
    entry: int
    not_recomputed: tuple[str, ...]


def export_evidence(
    *,
    by: Account,
    clues: Sequence[str] = (),
    group: str = "",
    into: Path,
    release: str = "",
    reason: str = "",
) -> Exported:
    """Writes the evidence of clues, of a group, or of both into a new folder.

    Nothing appears there unless the ledger has taken the export. release: the one under which
    persons stand in it in clear; none, and they are masked.

    Raises:
        InputError: no clue, or too many.
        NotFound: no such clue, group or release.
        Refused: the folder holds something, the release does not serve, or no post that exports
            them.
        StoreError: ledger or disk cannot be written; nothing is left.
    """
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise Refused(
            f"{into} 已存在且不为空 (it exists and is not empty)",
            next_step="--into 一个新文件夹 (name a new folder)",
        )
    proposed = find_group(group, hits=access.seen_hits(by, current_hits())) if group else None
    draft = into.with_name(f".{into.name}.part")
    try:
        return _export(by, _codes(clues, proposed), proposed, into, draft, release, reason)
    except OSError as error:
        raise StoreError(
            f"{into} 写不进去 (cannot be written): {error.strerror or error}",
            next_step="检查磁盘空间与权限后重试 (check space and permissions, then repeat)",
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _codes(clues: Sequence[str], group: Group | None) -> list[str]:
    codes = [*clues, *(h.clue.code for h in group.hits)] if group else list(clues)
    if not 0 < len(codes) <= MOST_CLUES:
        raise InputError(
            f"证据包须含 1 至 {MOST_CLUES} 条线索, 现为 {len(codes)} (1 to {MOST_CLUES} clues)",
            next_step="clew clues list; clew groups",
        )
    return codes


def _export(
    by: Account,
    codes: Sequence[str],
    group: Group | None,
    into: Path,
    draft: Path,
    release: str,
    reason: str,
) -> Exported:
    hits = sightings([access.allowed(by, "export", code).code for code in codes])
    subject = group.id if group else hits[0].clue.code
    shutil.rmtree(draft, ignore_errors=True)
    with transaction.atomic():
        under = standing(by, release, hits).code if release else ""
        whole = statement(hits, by=by, at=clock.now(), clear=bool(under), group=group)
        manifest = package.write(draft, whole)
        facts = {
            "clues": [h.clue.code for h in hits], "group": group.id if group else "",
            "manifest": manifest, "masked": not under, "release": under,
            "reason": without_numbers(" ".join(reason.split())),
        }  # fmt: skip
        entry = append(by=by, verb="reports.export_evidence", subject=subject, facts=facts)
        package.attest(draft, entry.body(), entry.hash, Workspace.current().audit_key)
    if into.exists():
        into.rmdir()
    draft.rename(into)
    return Exported(
        into, tuple(h.clue.code for h in hits), sum(len(t["rows"]) for t in whole["tables"]),
        manifest, entry.seq,
        tuple(c["clue"] for c in whole["clues"] if c["recomputed"]["state"] != "agrees"),
    )  # fmt: skip
