"""One's own background work: how far it is, stop it, do it again."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse

from clew.declare import T
from clew.kernel import clock
from clew.kernel.errors import NotFound, Refused
from clew.web.door import Asked, done, page
from clew.web.work import actions
from clew.web.work.models import Work

PAGE = 50
LEAST = 0.02
"""Below this share a time that is left would be a guess."""


def list_(request: Asked) -> HttpResponse:
    shown = Paginator(_mine(request), PAGE).get_page(request.GET.get("page"))
    return page(request, "work/list.html", {"works": list(shown), "page": shown})


def show(request: Asked, code: str) -> HttpResponse:
    """The whole page, or for a request that polls, its moving part."""
    work = _found(request, code)
    template = "work/part.html" if getattr(request, "htmx", False) else "work/one.html"
    return page(
        request, template,
        {"w": work, "percent": round(work.share * 100), "left": _left(work),
         "going": work.status in Work.GOING},
    )  # fmt: skip


def file(request: Asked, code: str) -> FileResponse:
    """What it made, as a file to keep; the ledger has it first."""
    work = _found(request, code)
    path = actions.take_file(by=request.account, work=work)
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"evidence-{code}.zip")


def cancel(request: Asked, code: str) -> HttpResponse:
    work = actions.cancel(by=request.account, work=_found(request, code))
    return done(request, T("正在取消。", "It is being cancelled."), "work-one", code=work.code)


def repeat(request: Asked, code: str) -> HttpResponse:
    """The same work anew; what was done before is not counted twice."""
    old = _found(request, code)
    if old.status in Work.GOING or old.status == Work.DONE:
        raise Refused("未失败的不必重做 (it has not failed)", next_step="刷新页面 (reload)")
    made = actions.ask(
        by=request.account, kind=old.kind, title=old.title, argument=old.argument
    )
    return done(request, T("已重新排队。", "Queued again."), "work-one", code=made.code)


def _mine(request: Asked) -> QuerySet[Work]:
    return Work.objects.filter(by=request.account)


def _found(request: Asked, code: str) -> Work:
    found: Work | None = _mine(request).filter(code=code).first()
    if found is None:
        raise NotFound("没有这件后台办理 (no such work)", next_step="回后台清单 (back to the list)")
    return found


def _left(work: Work) -> int | None:
    """Seconds that are left at the speed so far."""
    if work.share < LEAST or work.status != Work.RUNNING:
        return None
    passed = clock.seconds() - work.began
    return round(passed * (1 - work.share) / work.share)
