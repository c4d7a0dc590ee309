"""Datasets and deliveries: what is there, what a delivery is like, what is decided on it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Max, Sum
from django.http import HttpResponse

from clew.datasets import access, actions, queries
from clew.datasets import page as report
from clew.datasets.excel.template import template as write_template
from clew.datasets.ingest import deliver
from clew.datasets.models import Batch
from clew.declare import T, registry
from clew.kernel.errors import InputError
from clew.reports.exports import MEDIA, XLSX
from clew.web.door import Asked, done, page
from clew.web.files import download

PAGE = 50
STATES = {
    Batch.PUBLISHED: T("已发布", "published"),
    Batch.HELD: T("待确认", "held"),
    Batch.REFUSED: T("拒收", "refused"),
    Batch.DUPLICATE: T("重复", "duplicate"),
    Batch.WITHDRAWN: T("已撤回", "withdrawn"),
}


def list_(request: Asked) -> HttpResponse:
    """Datasets with their last delivery, and the deliveries."""
    visible = access.visible_batches(request.account)
    told = {
        row["dataset"]: row
        for row in visible.filter(status=Batch.PUBLISHED).order_by().values("dataset").annotate(
            rows=Sum("accepted"), last=Max("received_at"), until=Max("period_end")
        )
    }  # fmt: skip
    lines = [
        {"dataset": d, "told": told.get(d.name), "name": d.name}
        for d in registry.datasets().values()
    ]
    found = visible.select_related("department").order_by("-id")
    asked = request.GET
    if status := asked.get("status"):
        found = found.filter(status=status)
    if dataset_ := asked.get("dataset"):
        found = found.filter(dataset=dataset_)
    pages = Paginator(found, PAGE)
    shown = pages.get_page(asked.get("page"))
    return page(
        request, "data/list.html",
        {"datasets": lines, "page": shown, "total": pages.count, "batches": _lines(shown),
         "states": STATES, "asked": asked},
    )  # fmt: skip


def dataset(request: Asked, name: str) -> HttpResponse:
    """A contract: its columns, and what each must look like."""
    contract = registry.dataset(name)
    found = access.visible_batches(request.account).filter(dataset=name).order_by("-id")[:PAGE]
    return page(
        request, "data/dataset.html",
        {"d": contract, "columns": contract.columns.values(), "batches": _lines(found),
         "states": STATES},
    )  # fmt: skip


def template(request: Asked, name: str) -> HttpResponse:
    """An empty workbook in which a department can deliver this dataset."""
    contract = registry.dataset(name)
    with TemporaryDirectory(prefix="clew-template-") as folder:
        path = write_template(contract, Path(folder) / "template.xlsx")
        content = path.read_bytes()
    return download(content, f"{contract.title.zh}.xlsx", MEDIA[XLSX])


def show(request: Asked, code: str) -> HttpResponse:
    """One delivery with its quality report."""
    batch = access.seen(request.account, code)
    told = report.told(batch)
    return page(
        request, "data/batch.html",
        told | {
            "batch": batch, "states": STATES,
            "held_for": batch.report.get("held_for", []) if batch.status == Batch.HELD else [],
            "corrections": queries.corrections(batch),
            "may_decide": request.scope.holds("decide_batch"),
            "may_read": request.scope.holds("read_quarantine"),
        },
    )  # fmt: skip


def decide(request: Asked, code: str) -> HttpResponse:
    """Confirms or refuses a delivery that is held, or withdraws a published one."""
    batch = access.allowed(request.account, "decide_batch", code)
    what = request.POST.get("what", "")
    if what == "confirm":
        receipts = deliver.confirm(batch, by=request.account)
        last = receipts[-1]
        said = T(f"已处理: {STATES[last.status].zh}。", f"Done: {STATES[last.status].en}.")
        return done(request, said, "batch", code=last.batch or batch.code)
    if what == "refuse":
        actions.refuse_held(by=request.account, batch=batch)
        return done(request, T("已拒收。", "Refused."), "batch", code=batch.code)
    if what == "retract":
        actions.retract(by=request.account, batch=batch, reason=request.POST.get("reason", ""))
        return done(request, T("已撤回。", "Withdrawn."), "batch", code=batch.code)
    raise InputError("请选择办法 (choose what to do)", next_step="确认, 拒收, 撤回")


def _lines(batches: Any) -> list[dict[str, Any]]:
    known = registry.datasets()
    return [
        {"batch": b, "title": known[b.dataset].title if b.dataset in known else b.dataset,
         "state": STATES[b.status]}
        for b in batches
    ]  # fmt: skip
