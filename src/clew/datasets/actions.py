"""Verbs on deliveries. Each is atomic and leaves exactly one ledger entry."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction

from clew.accounts.access import without_numbers
from clew.accounts.models import Account, Department
from clew.audit.actions import append
from clew.datasets import queries
from clew.datasets.excel.returned import returned
from clew.datasets.ingest.recognise import headers_hash
from clew.datasets.lake import store, withdrawal
from clew.datasets.lake.failpoints import reach
from clew.datasets.lake.store import Staged
from clew.datasets.lake.withdrawal import Withdrawal
from clew.datasets.models import Batch, ConfirmedMapping, LakeFile
from clew.kernel import clock
from clew.kernel.errors import InputError
from clew.kernel.workspace import Workspace


def publish(
    *,
    by: Account,
    batch: Batch,
    report: Mapping[str, Any],
    staged: Sequence[Staged],
    confirmed_mapping: Mapping[str, str] | None = None,
    headers: Sequence[str] = (),
    going: Withdrawal | None = None,
) -> Batch:
    """Places the staged files and makes them readable; the commit is the publication.

    `confirmed_mapping` (column → header) is remembered for files with the same `headers`. The
    batch that is `going` is superseded in the same transaction.

    Raises:
        StoreError: disk or database failed; nothing is published.
    """
    workspace = Workspace.current()
    batch.report = dict(report)
    placed = [(s, *store.place(workspace, s, batch=batch.code)) for s in staged]
    listed = withdrawal.place(workspace, going) if going else []
    reach("before-commit")
    with store.disk_errors(), transaction.atomic():
        if going:
            cause = f"由批次 {batch.code} 取代 (superseded by batch {batch.code})"
            _withdraw(going, listed, cause=cause, successor=batch.code)
        _replace(batch)
        LakeFile.objects.bulk_create(
            LakeFile(
                batch=batch, dataset=s.dataset, kind=s.kind, path=path, sha256=digest,
                rows=s.rows, bucket_low=s.bucket_low, bucket_high=s.bucket_high,
            )
            for s, path, digest in placed
        )  # fmt: skip
        if confirmed_mapping:
            ConfirmedMapping.objects.update_or_create(
                dataset=batch.dataset,
                headers_hash=headers_hash(headers),
                defaults={
                    "columns": dict(confirmed_mapping),
                    "confirmed_by": by,
                    "confirmed_at": clock.now(),
                },
            )
        facts = _facts(batch) | {"confirmed": list(report.get("confirmed", []))}
        if going:
            facts |= {"supersedes": going.batch.code} | _effect(going)
            append(by=by, verb="datasets.supersede", subject=batch.code, facts=facts)
        else:
            append(by=by, verb="datasets.publish", subject=batch.code, facts=facts)
        reach("in-commit")
    reach("after-commit")
    _forget(workspace, batch.file_hash)
    reach("before-manifest")
    store.write_manifest(workspace, batch.dataset)
    return batch


def retract(*, by: Account, batch: Batch, reason: str) -> Batch:
    """Withdraws a published batch: the live view becomes what it would be without it.

    Its files stay, so that what earlier runs saw can be recomputed; its counts stay.

    Raises:
        InputError: the batch is not published, or no reason is given.
        StoreError: disk or database failed; nothing has changed.
    """
    workspace, stated = Workspace.current(), without_numbers(reason.strip())
    if not stated:
        raise InputError(
            "撤回批次须说明理由 (a withdrawal needs a reason)",
            next_step=f"clew datasets retract {batch.code} --reason …",
        )
    with store.staging(workspace) as folder:
        current = Batch.objects.select_related("department").get(pk=batch.pk)
        queries.require_published(current)
        going = withdrawal.prepare(workspace, current, folder)
        listed = withdrawal.place(workspace, going)
        reach("before-commit")
        with transaction.atomic():
            _withdraw(going, listed, cause=stated, successor="")
            facts = {"dataset": current.dataset, "accepted": current.accepted, "reason": stated}
            facts |= _effect(going)
            append(by=by, verb="datasets.retract", subject=current.code, facts=facts)
            reach("in-commit")
        reach("after-commit")
        store.write_manifest(workspace, current.dataset)
    return current


def hold(*, by: Account, batch: Batch, report: Mapping[str, Any], delivered: Path) -> Batch:
    """Keeps a delivery until a person decides; its file is kept, nothing is readable."""
    workspace = Workspace.current()
    _keep(workspace, delivered, batch.file_hash)
    batch.report = dict(report)
    with store.disk_errors(), transaction.atomic():
        _replace(batch)
        append(by=by, verb="datasets.hold", subject=batch.code, facts=_facts(batch))
    return batch


def refuse(*, by: Account, file_name: str, file_hash: str, dataset: str, cause: str) -> Batch:
    """Records that a file was refused, and why. Nothing else of it is kept."""
    code = hashlib.sha256(f"{file_hash}\n{dataset}\n{file_name}\nrefused".encode()).hexdigest()[:12]
    with store.disk_errors(), transaction.atomic():
        batch = Batch.objects.filter(code=code).first() or Batch(
            id=queries.last_batch_number() + 1, code=code, dataset=dataset,
            department=_any_department(), file_name=file_name, file_hash=file_hash,
            status=Batch.REFUSED,
        )  # fmt: skip
        batch.cause = [cause]
        batch.received_at, batch.received_by = clock.now(), by
        batch.save()
        append(
            by=by, verb="datasets.refuse", subject=code,
            facts={"dataset": dataset, "file_hash": file_hash},
        )  # fmt: skip
    return batch


def refuse_held(*, by: Account, batch: Batch) -> Batch:
    """A person's decision against a held batch. Its kept file is deleted.

    Raises:
        InputError: the batch is not held.
    """
    workspace = Workspace.current()
    with store.exclusive(workspace), store.disk_errors():
        with transaction.atomic():
            current = Batch.objects.select_for_update().get(pk=batch.pk)
            queries.require_held(current)
            current.status = Batch.REFUSED
            current.rows = current.accepted = current.quarantined = current.duplicates = 0
            current.report = {}
            current.save()
            facts = {"dataset": batch.dataset, "file_hash": batch.file_hash}
            append(by=by, verb="datasets.refuse", subject=batch.code, facts=facts)
        _forget(workspace, batch.file_hash)
    return current


def note_duplicate(*, by: Account, batch: Batch) -> None:
    """Records that a published file was sent again. The ledger takes no file names."""
    with store.disk_errors(), transaction.atomic():
        facts = {"file_hash": batch.file_hash}
        append(by=by, verb="datasets.note_duplicate", subject=batch.code, facts=facts)


def export_quarantine(*, by: Account, batch: Batch, path: Path) -> Path:
    """Writes a batch's quarantine as its owner's workbook; unmasked, so the ledger comes first.

    Raises:
        InputError: nothing of the batch is in quarantine, or too much for a sheet.
        StoreError: ledger or disk cannot be written; no file is left.
    """
    draft = path.with_name(f".{path.name}.part")
    try:
        with store.disk_errors():
            with transaction.atomic():
                facts = {"dataset": batch.dataset, "quarantined": batch.quarantined}
                append(by=by, verb="datasets.export_quarantine", subject=batch.code, facts=facts)
                returned(batch, draft)
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def _replace(batch: Batch) -> None:
    """Saves a batch in place of its held or refused predecessor, if there is one."""
    Batch.objects.filter(pk=batch.pk).exclude(status=Batch.PUBLISHED).delete()
    batch.save(force_insert=True)


def _withdraw(
    going: Withdrawal, listed: Sequence[LakeFile], *, cause: str, successor: str
) -> None:
    """Lists the new files instead of the retired and marks the batch; part of a transaction."""
    LakeFile.objects.filter(pk__in=[f.pk for f in going.retired]).update(kind=LakeFile.RETIRED)
    LakeFile.objects.bulk_create(listed)
    for owner in Batch.objects.filter(pk__in=going.given_back):
        count = going.given_back[owner.pk]
        owner.accepted += count
        owner.duplicates -= count
        owner.report["given_back"] = owner.report.get("given_back", 0) + count
        owner.report["filled"] = sorted({*owner.report["filled"], *going.batch.report["filled"]})
        owner.save()
    gone = going.batch
    gone.status, gone.cause = Batch.WITHDRAWN, [cause]
    gone.report["superseded_by"] = successor
    gone.save()


def _effect(going: Withdrawal) -> dict[str, int]:
    return {"revived": going.revived, "given_back": sum(going.given_back.values())}


def _facts(batch: Batch) -> dict[str, Any]:
    return {
        "dataset": batch.dataset,
        "file_hash": batch.file_hash,
        "rows": batch.rows,
        "accepted": batch.accepted,
        "quarantined": batch.quarantined,
        "duplicates": batch.duplicates,
    }


def _any_department() -> Department:
    """A refused file has no owner yet; the workspace's first department stands for none."""
    return Department.objects.order_by("id")[0]


def _keep(workspace: Workspace, delivered: Path, digest: str) -> None:
    """A copy of a held delivery, named by its content."""
    with store.disk_errors():
        workspace.files.mkdir(parents=True, exist_ok=True)
        target = workspace.files / digest
        if not target.exists():
            draft = target.with_suffix(".tmp")
            shutil.copyfile(delivered, draft)
            draft.replace(target)


def _forget(workspace: Workspace, digest: str) -> None:
    """Deletes a kept delivery that no held batch needs any more."""
    if not Batch.objects.filter(file_hash=digest, status=Batch.HELD).exists():
        with contextlib.suppress(OSError):  # the decision stands; the next sweep deletes it
            (workspace.files / digest).unlink(missing_ok=True)
