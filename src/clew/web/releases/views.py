"""Releases as pages: what somebody would take in clear, the word on it, the file."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse

from clew.declare import T
from clew.detection.queries import latest_hits
from clew.kernel import clock
from clew.kernel.errors import InputError
from clew.reports.exports import MEDIA, made
from clew.reports.models import Release
from clew.reports.releases import access, actions
from clew.web.clues.lists import chosen, lines, listed
from clew.web.door import Asked, done, page
from clew.web.files import download

PAGE = 50


def list_(request: Asked) -> HttpResponse:
    found = Paginator(access.visible_releases(request.account), PAGE)
    shown = found.get_page(request.GET.get("page"))
    return page(request, "releases/list.html", {"releases": list(shown), "page": shown})


def ask(request: Asked) -> HttpResponse:
    """Asks for the ticked clues, or for all that the filters of the address leave."""
    codes = request.POST.getlist("clue") or [
        hit.clue.code for hit in chosen(request)[: actions.MOST + 1]
    ]
    found = actions.ask_release(
        by=request.account, clues=codes, reason=request.POST.get("reason", "")
    )
    said = T("已申请，待另一人批准。", "Asked for; another decides.")
    return done(request, said, "release", code=found.code)


def show(request: Asked, code: str) -> HttpResponse:
    found = access.seen(request.account, code)
    mine = found.by_id == request.account.pk
    hits = latest_hits(found.clues)
    context = {
        "r": found, "mine": mine, "lines": lines(hits[:PAGE]), "more": max(0, len(hits) - PAGE),
        "may_decide": found in access.to_decide(request.account),
        "usable": mine and found.status == Release.GRANTED
        and found.until is not None and found.until >= clock.today(),
    }  # fmt: skip
    return page(request, "releases/one.html", context)


def decide(request: Asked, code: str) -> HttpResponse:
    granted = request.POST.get("granted") == "yes"
    found = actions.decide_release(
        by=request.account, release=code, granted=granted, answer=request.POST.get("reason", "")
    )
    said = T("已批准。", "Granted.") if granted else T("未批准。", "Not granted.")
    return done(request, said, "release", code=found.code)


def take(request: Asked, code: str) -> HttpResponse:
    """The list as a file, persons in clear; the ledger has it first."""
    kind = request.POST.get("kind", "xlsx")
    if kind not in MEDIA:
        raise InputError(f"不能导出为 {kind} (no such kind of file)", next_step="xlsx, csv")
    hits = latest_hits(access.seen(request.account, code).clues)
    found = actions.take_release(by=request.account, release=code, hits=hits, kind=kind)
    table = listed(lines(hits, clear=True))
    content = made(table, kind, account=request.account, purpose=found.reason)
    return download(content, f"clues-{found.code}.{kind}", MEDIA[kind])
