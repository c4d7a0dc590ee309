"""Reading batches, lake files and what is held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.db.models import Max

from clew.accounts.models import Department
from clew.datasets.ingest.recognise import headers_hash, plain_header
from clew.datasets.lake.engine import files_sql, rows_sql
from clew.datasets.models import Batch, ConfirmedMapping, LakeFile
from clew.declare import registry
from clew.kernel.errors import InputError, NotFound
from clew.kernel.workspace import Workspace


def batch(code: str) -> Batch:
    """A batch by its outside id, or by the beginning of it.

    Raises:
        NotFound: none, or several begin so.
    """
    found = list(Batch.objects.filter(code__startswith=code)[:2]) if code else []
    if len(found) != 1:
        raise NotFound(f"没有批次 {code} (no such batch)", next_step="clew datasets batches")
    return found[0]


def batches(dataset: str = "") -> list[Batch]:
    found = Batch.objects.select_related("department").order_by("id")
    return list(found.filter(dataset=dataset) if dataset else found)


def corrections(batch: Batch) -> list[Batch]:
    """Batches that mended rows of this one's quarantine, oldest first."""
    return list(Batch.objects.filter(report__corrects=batch.code).order_by("id"))


def earlier_delivery(file_hash: str, dataset: str, department: Department) -> Batch | None:
    """The published batch that came from the same file."""
    return Batch.objects.filter(
        file_hash=file_hash, dataset=dataset, department=department, status=Batch.PUBLISHED
    ).first()


def next_batch_number(file_hash: str, dataset: str, department: Department) -> int:
    """The number of a delivery's batch: that of its held or refused predecessor, else a new one.

    Call while holding `store.exclusive`.
    """
    waiting = Batch.objects.filter(
        file_hash=file_hash,
        dataset=dataset,
        department=department,
        status__in=(Batch.HELD, Batch.REFUSED),
    ).first()
    if waiting:
        return int(waiting.pk)
    return last_batch_number() + 1


def last_batch_number() -> int:
    return int(Batch.objects.aggregate(last=Max("id"))["last"] or 0)


def require_held(batch: Batch) -> None:
    """
    Raises:
        InputError: the batch does not wait for a decision.
    """
    if batch.status != Batch.HELD:
        raise InputError(
            f"批次 {batch.code} 不在待确认状态 (batch {batch.code} is not held)",
            next_step=f"clew datasets show {batch.code}",
        )


def require_published(batch: Batch) -> None:
    """
    Raises:
        InputError: the batch is not part of the live view.
    """
    if batch.status != Batch.PUBLISHED:
        raise InputError(
            f"批次 {batch.code} 不是已发布状态 (batch {batch.code} is not published)",
            next_step=f"clew datasets show {batch.code}",
        )


def to_supersede(
    code: str, dataset: str, department: Department, delivery: str = ""
) -> Batch | None:
    """The published batch that a new delivery is to supersede.

    None if another table of the same `delivery` (SHA-256 of the whole file) has superseded it.

    Raises:
        NotFound: no such batch.
        InputError: it is not published, or of another dataset or department.
    """
    old = batch(code)
    if (old.dataset, old.department_id) != (dataset, department.pk):
        raise InputError(
            f"批次 {old.code} 属于 {old.department.name_zh} 的 {old.dataset}, 不能由 "
            f"{department.name_zh} 的 {dataset} 取代 (batch {old.code} is of another dataset or "
            "department)",
            next_step="clew datasets batches; 其余的表不带 --supersedes 再导入一次 "
            "(tables of another dataset: ingest the file once more without it)",
        )
    if delivery and _gone_for(old, delivery):
        return None
    require_published(old)
    return old


def _gone_for(old: Batch, delivery: str) -> bool:
    code = old.report.get("superseded_by")
    successor = Batch.objects.filter(code=code).first() if code else None
    return successor is not None and (
        successor.report.get("container", {}).get("delivery") == delivery
    )


def withdrawn_before(batch: Batch) -> int:
    """How often the same file was delivered for the same and then withdrawn."""
    return Batch.objects.filter(
        file_hash=batch.file_hash, dataset=batch.dataset, department=batch.department,
        period_start=batch.period_start, period_end=batch.period_end, status=Batch.WITHDRAWN,
    ).count()  # fmt: skip


def paths(workspace: Workspace, dataset: str | None, kind: str) -> list[Path]:
    """Files of a dataset (or of all), oldest first."""
    files = LakeFile.objects.filter(kind=kind)
    if dataset is not None:
        files = files.filter(dataset=dataset)
    return [workspace.home / p for p in files.order_by("id").values_list("path", flat=True)]


def live_sql(workspace: Workspace, dataset: str) -> str:
    """SQL of a dataset's live rows; empty if it has none."""
    files = paths(workspace, dataset, LakeFile.ROWS)
    if not files:
        return ""
    dead = paths(workspace, dataset, LakeFile.TOMBSTONES)
    without = f" WHERE row_id NOT IN (SELECT row_id FROM {files_sql(dead)})" if dead else ""
    return f"(SELECT * FROM {rows_sql(registry.dataset(dataset).schema(), files)}{without})"


def last_days() -> dict[str, date]:
    """Dataset → last day of the facts that its published batches hold."""
    days = Batch.objects.filter(status=Batch.PUBLISHED, period_end__isnull=False)
    grouped = days.order_by().values_list("dataset").annotate(last=Max("period_end"))
    return {dataset: last for dataset, last in grouped if last is not None}


def held(datasets: Sequence[str]) -> frozenset[str]:
    """Names of datasets and of columns ("mi_fee.fund_scope_amt") that published batches hold."""
    names: set[str] = set()
    published = Batch.objects.filter(
        dataset__in=datasets, status=Batch.PUBLISHED, accepted__gt=0
    ).values_list("dataset", "report")
    for dataset, report in published:
        names.add(dataset)
        names |= {f"{dataset}.{column}" for column in report.get("filled", [])}
    return frozenset(names)


def confirmed_mapping(dataset: str, headers: Sequence[str]) -> dict[str, str] | None:
    """Columns → those of these headers that a person confirmed for such a set.

    Blanks, width and case of the headers may differ from those confirmed.
    """
    found = ConfirmedMapping.objects.filter(
        dataset=dataset, headers_hash=headers_hash(headers)
    ).first()
    if found is None:
        return None
    here = {plain_header(header): header for header in reversed(headers)}
    return {c: h if h in headers else here[plain_header(h)] for c, h in found.columns.items()}


def department_names() -> list[str]:
    return list(Department.objects.values_list("name_zh", flat=True))


def department_named(name: str) -> Department:
    """A department by code or Chinese name.

    Raises:
        NotFound: there is none.
    """
    found = (
        Department.objects.filter(code=name).first()
        or Department.objects.filter(name_zh=name).first()
    )
    if found is None:
        raise NotFound(
            f"没有部门 {name} (no such department)",
            next_step=f"可用: {', '.join(department_names())}",
        )
    return found
