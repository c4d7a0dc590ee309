"""Rows that wait for their owner: seen, mended one by one or in the owner's own workbook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse

from clew.datasets import access, actions, queries, reasons
from clew.datasets.excel import resubmitting
from clew.datasets.excel.cells import choices
from clew.datasets.excel.returned import Sheet, first_rows, sheet_of
from clew.datasets.ingest.deliver import Receipt
from clew.datasets.models import Batch
from clew.datasets.places import QuarantinedRow, quarantined_rows
from clew.declare import Column, T, registry
from clew.declare.types import S2, S3
from clew.kernel.errors import InputError
from clew.reports.exports import MEDIA, XLSX
from clew.web.door import Asked, done, page
from clew.web.files import download

PAGE = 50
LARGEST = 50 * 1024 * 1024


def list_(request: Asked) -> HttpResponse:
    """Deliveries with rows that wait."""
    found = access.visible_quarantine(request.account).filter(
        quarantined__gt=0, status=Batch.PUBLISHED
    )
    shown = Paginator(found.select_related("department").order_by("-id"), PAGE).get_page(
        request.GET.get("page")
    )
    known = registry.datasets()
    lines = [
        {"batch": b, "title": known[b.dataset].title if b.dataset in known else b.dataset,
         "reasons": [(_told(known.get(b.dataset), r), n)
                     for r, n in b.report.get("quarantined", {}).items()]}
        for b in shown
    ]  # fmt: skip
    return page(
        request, "data/quarantine.html",
        {"lines": lines, "page": shown, "may_repair": request.scope.holds("repair")},
    )  # fmt: skip


def of_batch(request: Asked, code: str) -> HttpResponse:
    """The rows of one delivery; personal cells are hidden, a mended value is typed anew."""
    batch = access.named(access.visible_quarantine(request.account), code)
    rows = quarantined_rows(batch)
    numbers = first_rows(batch, rows)
    sheet = sheet_of(batch, rows)
    shown = Paginator(list(zip(numbers, rows, strict=True)), PAGE).get_page(request.GET.get("page"))
    return page(
        request, "data/rows.html",
        {"batch": batch, "page": shown, "may_repair": request.scope.holds("repair"),
         "title": sheet.contract.title,
         "lines": [_line(sheet, number, row) for number, row in shown],
         "corrections": queries.corrections(batch)},
    )  # fmt: skip


def mend(request: Asked, code: str, row: int) -> HttpResponse:
    batch = access.named(access.visible_quarantine(request.account), code)
    cells = {
        name.removeprefix("cell-"): str(value).strip()
        for name, value in request.POST.items()
        if name.startswith("cell-") and str(value).strip()
    }
    sent = resubmitting.resubmit_row(by=request.account, batch=batch, row=row, cells=cells)
    return _after(request, batch, sent.receipts)


def workbook(request: Asked, code: str) -> HttpResponse:
    """The owner's own sheet, in clear, what is wrong in red; the ledger has it first."""
    batch = access.named(access.visible_quarantine(request.account), code)
    with TemporaryDirectory(prefix="clew-returned-") as folder:
        path = actions.export_quarantine(
            by=request.account, batch=batch, path=Path(folder) / "returned.xlsx"
        )
        content = path.read_bytes()
    name = f"{Path(batch.file_name).stem}-待更正-{batch.code}.xlsx"
    return download(content, name, MEDIA[XLSX])


def returned(request: Asked) -> HttpResponse:
    """A workbook that its owner has mended."""
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > LARGEST:
        raise InputError(
            "没有选文件, 或超过 50 MB (no file, or too large)",
            next_step="选退回的 Excel (choose the returned workbook)",
        )
    with TemporaryDirectory(prefix="clew-returned-") as folder:
        path = Path(folder) / "returned.xlsx"
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        sent = resubmitting.resubmit(path, by=request.account)
    batch = access.named(access.visible_quarantine(request.account), sent.corrects)
    return _after(request, batch, sent.receipts)


def _after(request: Asked, batch: Batch, receipts: list[Receipt]) -> HttpResponse:
    accepted = sum(r.accepted for r in receipts)
    again = sum(r.quarantined for r in receipts)
    held = [r for r in receipts if r.status in (Batch.HELD, Batch.REFUSED)]
    if held:
        raise InputError(held[0].cause, next_step=held[0].next_step)
    said = T(
        f"已报送: 接收 {accepted} 行, 仍不合规 {again} 行。",
        f"Sent: {accepted} accepted, {again} still not right.",
    )
    return done(request, said, "batch-quarantine", code=batch.code)


def _line(sheet: Sheet, number: int, row: QuarantinedRow) -> dict[str, Any]:
    wrong: dict[str, list[T]] = {}
    for reason in row.reasons:
        column = reason.partition(":")[0]
        for header in sheet.columns.get(column, ()) or [""]:
            wrong.setdefault(header, []).append(_told(sheet.contract, reason))
    fields = [
        {"header": header, "column": sheet.listed.get(header), "said": said,
         "value": _shown(sheet.listed.get(header), row.cells, header),
         "choices": _choices(sheet.listed.get(header))}
        for header, said in wrong.items() if header
    ]  # fmt: skip
    return {"number": number, "fields": fields, "whole": wrong.get("", []),
            "mendable": bool(fields) and "" not in row.cells}  # fmt: skip


def _choices(column: Column | None) -> Mapping[str, str]:
    return choices(column) if column else {}


def _shown(column: Column | None, cells: Mapping[str, str | None], header: str) -> str:
    """What stood in the cell; a person's is hidden."""
    if column is None or column.type.sensitivity in (S2, S3):
        return "***" if cells.get(header) else ""
    return str(cells.get(header) or "")


def _told(contract: Any, reason: str) -> T:
    column, _, code = reason.partition(":")
    title = contract.columns[column].title if contract and column in contract.columns else T("", "")
    words = reasons.fault(code).what
    return T(f"{title.zh} {words.zh}".strip(), f"{title.en} {words.en}".strip())
