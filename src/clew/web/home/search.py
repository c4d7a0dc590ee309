"""Finding a thing by what people have in their hands: an id, a number, a title, BATCH:ROW, a key.

The text is sent as a form and never stands in an address: it may be somebody's number.
"""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect

from clew.datasets import places
from clew.declare import registry
from clew.detection import access, queries
from clew.detection import why as reasons
from clew.kernel.errors import NotFound
from clew.matters.access import visible_matters
from clew.matters.models import Matter
from clew.web.door import Asked, page

SHOWN = 50
LEAST = 4
"""Letters from which on the beginning of an id is enough."""


def search(request: Asked) -> HttpResponse:
    """The one thing found, or a list of them."""
    text = " ".join(request.POST.get("q", "").split())
    if not text:
        raise NotFound("没有要查找的内容 (nothing to find)", next_step="输入编号 (type an id)")
    if len(text) >= LEAST:
        matters = _matters(request, text)
        if len(matters) == 1:
            return redirect("matter", matters[0].code)
        if matters:
            return page(request, "home/found.html", {"matters": matters})
        clues = list(access.visible_clues(request.account).filter(code__startswith=text)[:2])
        if len(clues) == 1:
            return redirect("clue", clues[0].code)
    rows = access.seen_rows(request.account, places.rows_by_key(text)[:SHOWN])
    if not rows:
        raise NotFound(
            "没有这样的线索、事项或数据行 (no such clue, matter or row)",
            next_step="核对编号; 数据行用 批次:行号 或主键 (check it; a row by BATCH:ROW or key)",
        )
    if len(rows) == 1:
        return redirect("row", rows[0].batch, rows[0].row)
    return page(request, "home/found.html", {"rows": _told(request, rows)})


def _matters(request: Asked, text: str) -> list[Matter]:
    """The matter of this number, else those whose id or number begins or whose title holds it."""
    seen = visible_matters(request.account)
    exact = list(seen.filter(number=text))
    like = Q(code__startswith=text) | Q(number__startswith=text) | Q(title__contains=text)
    return exact or list(seen.filter(like).order_by("number")[:SHOWN])


def row(request: Asked, batch: str, row: int) -> HttpResponse:
    """Where a row went, which clues use it, and why others do not, if that is asked."""
    rows = access.seen_rows(request.account, places.rows_by_key(f"{batch}:{row}"))
    if not rows:
        raise NotFound("没有这一行 (no such row)", next_step="从证据行进入 (come from a clue)")
    answers = []
    if request.GET.get("why"):
        detectors = list(registry.detectors().values())
        answers = [
            {"answer": a, "detector": registry.detector(a.detector)}
            for a in reasons.why(f"{batch}:{row}", detectors)
        ]
    return page(
        request, "home/row.html",
        {"rows": _told(request, rows), "answers": answers, "row": rows[0]},
    )  # fmt: skip


def _told(request: Asked, rows: list[places.RowPlace]) -> list[dict[str, object]]:
    ids = [r.row_id for r in rows]
    uses = queries.clues_using(ids)
    seen = access.seen_codes(request.account, {c for codes in uses.values() for c in codes})
    return [
        {"place": r, "dataset": registry.dataset(r.dataset).title,
         "clues": [c for c in uses.get(r.row_id, []) if c in seen]}
        for r in rows
    ]  # fmt: skip
