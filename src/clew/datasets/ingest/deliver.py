"""One file on its way into the lake, stage by stage.

    part → read → recognise → type → judge → report → stage → place → publish

Up to `publish` nothing can be seen by a reader; the commit there is the publication.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from clew.accounts.models import Account
from clew.datasets import actions, queries
from clew.datasets.ingest import mapping, parts, reading, recognise
from clew.datasets.ingest.mapping import Target, in_unit
from clew.datasets.ingest.request import SPANS, Progress, Receipt, Request
from clew.datasets.ingest.stages import Work
from clew.datasets.lake import engine, store
from clew.datasets.lake.failpoints import reach
from clew.datasets.models import Batch
from clew.declare import Dataset, registry
from clew.kernel.errors import ClewError, InputError, NotFound
from clew.kernel.workspace import Workspace

__all__ = ["Receipt", "Request", "confirm", "deliver"]


def deliver(
    request: Request, *, by: Account, progress: Progress = lambda stage, share: None
) -> list[Receipt]:
    """Takes one file in, each table in it as a delivery of its own.

    A refused file gives one receipt and leaves nothing but its refusal.

    Raises:
        NotFound: the dataset or department named in the request does not exist.
        StoreError: disk or database failed; what was not yet published is not.
    """
    workspace = Workspace.current()
    with store.staging(workspace) as staging:
        return _deliver(request, workspace, staging, by, progress)


def confirm(
    batch: Batch, *, by: Account, progress: Progress = lambda stage, share: None
) -> list[Receipt]:
    """A person's decision for a held batch: its kept file is taken in as it was first sent.

    Everything that it is held for counts as confirmed. It is held again if something new speaks
    against it now.

    Raises:
        InputError: the batch is not held.
        NotFound: the kept file is gone or has changed.
    """
    workspace = Workspace.current()
    with store.staging(workspace) as staging:
        batch = Batch.objects.select_related("department").get(pk=batch.pk)
        queries.require_held(batch)
        kept = workspace.files / batch.file_hash
        if not kept.is_file() or reading.sha256(kept) != batch.file_hash:
            raise NotFound(
                f"批次 {batch.code} 的原始文件已不在工作区 (its kept file is gone or has changed)",
                next_step=f"请重新送交 {batch.file_name} (deliver the file again)",
            )
        # Under its own name again, which may name its dataset and stands in every message.
        path = staging / "kept" / parts.base(batch.file_name)
        path.parent.mkdir()
        path.symlink_to(kept)
        return _deliver(_as_sent(batch, path), workspace, staging, by, progress)


def _as_sent(batch: Batch, path: Path) -> Request:
    content = batch.report.get("mapping")
    return Request(
        path,
        batch.dataset,
        batch.department.code,
        mapping.parse(content, batch.mapping) if content else None,
        frozenset(reason["what"] for reason in batch.report["held_for"])
        | frozenset(batch.report.get("confirmed", [])),
        corrects=batch.report.get("corrects", ""),
        supersedes=batch.report.get("supersedes", ""),
        corrected_rows=tuple(batch.report.get("corrected_rows", ())),
        name=batch.file_name,
        container=batch.report.get("container", {}),
    )


def _deliver(
    request: Request, workspace: Workspace, staging: Path, by: Account, progress: Progress
) -> list[Receipt]:
    receipts: list[Receipt] = []
    folder = staging / "table"
    stays = False
    if request.supersedes and "delivery" not in request.container:
        # Its tables are told by it as parts of one file, of which each supersedes the same batch.
        container = {**request.container, "delivery": _digest(request.path)}
        request = replace(request, container=container)
    try:
        for part in parts.parts(request, staging):
            if part.refusal is not None:
                digest = _digest(part.request.path)
                receipts.append(_refuse(part.request, digest, part.refusal, by))
                continue
            folder.mkdir()
            asked = replace(part.request, supersedes="") if stays else part.request
            receipts += _deliver_table(asked, workspace, folder, by, progress)
            shutil.rmtree(folder)
            stays = any(_is_sent_again(request.supersedes, receipt) for receipt in receipts)
    except InputError as error:
        receipts.append(_refuse(request, _digest(request.path), error, by))
    return receipts


def _is_sent_again(old: str, receipt: Receipt) -> bool:
    """Whether a table is the very batch to be superseded: it stays, and other tables join it."""
    return bool(old) and receipt.status == Batch.DUPLICATE and receipt.batch.startswith(old)


def _deliver_table(
    request: Request, workspace: Workspace, staging: Path, by: Account, progress: Progress
) -> list[Receipt]:
    try:
        known = parts.titles(request)
        source = reading.read(
            request.path, staging, lambda share: progress("read", share * SPANS["read"][1]), known
        )
        targets = _targets(request, source)
    except InputError as error:
        return [_refuse(request, _digest(request.path), error, by)]
    reach("after-read")
    receipts = []
    for number, (target, guessed, unknown) in enumerate(targets):
        folder = staging / f"{number}"
        folder.mkdir()
        work = Work(request, workspace, folder, source, target, guessed, unknown, by, progress)
        try:
            receipts.append(work.run())
        except InputError as error:
            receipts.append(_refuse(request, source.sha256, error, by, target))
    return receipts


def _digest(path: Path) -> str:
    """Names a refused file by its content, where it has one that can be read."""
    try:
        return reading.sha256(path)
    except OSError:
        return ""


def _targets(
    request: Request, source: reading.Source
) -> list[tuple[Target, dict[str, str], list[str]]]:
    """Datasets to feed from this file, with guessed headers and headers left out.

    Raises:
        InputError: the file fits no dataset, or lacks required columns.
    """
    if request.mapping is not None:
        entry = request.mapping.for_headers(source.headers, request.file_name)
        wanted = [t for t in entry.targets if request.dataset in ("", t.dataset)]
        if not wanted:
            raise InputError(
                f"映射 {request.mapping.name} 不产生 {request.dataset} (it makes no such dataset)",
                next_step=f"可选: {', '.join(t.dataset for t in entry.targets)}",
            )
        return [(target, {}, []) for target in wanted]
    if request.dataset:
        contract = registry.dataset(request.dataset)
        matched = recognise.match(contract, source.headers)
        if matched.missing:
            raise _lacking(contract, matched.missing, request.file_name)
    else:
        contracts = registry.datasets().values()
        matched = recognise.recognise(contracts, source.headers, request.file_name, request.sheet)
    matched = recognise.in_stated_unit(matched, source.unit)
    remembered = queries.confirmed_mapping(matched.dataset.name, source.headers)
    guessed = {} if remembered else matched.guessed
    columns = {
        column: in_unit(engine.name(header), matched.factors[column])
        if column in matched.factors
        else engine.name(header)
        for column, header in (remembered or matched.columns).items()
    }
    return [(Target(matched.dataset.name, columns), guessed, matched.unknown)]


def _lacking(contract: type[Dataset], missing: list[str], file_name: str) -> InputError:
    titles = ", ".join(f"{m} ({contract.columns[m].title.zh})" for m in missing)
    return InputError(
        f"{file_name} 缺少 {contract.name} 必需的列: {titles} (required columns are missing)",
        next_step=f"clew datasets show {contract.name}; clew datasets map {file_name}",
    )


def _refuse(
    request: Request, digest: str, error: ClewError, by: Account, target: Target | None = None
) -> Receipt:
    dataset = target.dataset if target else request.dataset
    receipt = Receipt(
        request.file_name, dataset, Batch.REFUSED, cause=error.cause, next_step=error.next_step
    )
    if not request.dry_run:
        receipt.batch = actions.refuse(
            by=by, file_name=request.file_name, file_hash=digest, dataset=dataset, cause=error.cause
        ).code
    return receipt
