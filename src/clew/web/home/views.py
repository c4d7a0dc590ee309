"""Home: what waits, what was done, what is watched, what is late; finding a thing by its id."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from clew.accounts.roles import role
from clew.datasets.access import visible_batches
from clew.datasets.models import Batch
from clew.declare import T, registry
from clew.detection.access import visible_hits
from clew.detection.models import Clue
from clew.kernel.divisions import division_name
from clew.matters import queries as matters
from clew.matters.models import MatterClue
from clew.reports.releases.access import to_decide
from clew.web.door import Asked, page
from clew.web.frame import LARGE, TEXT_COOKIE
from clew.web.middleware import LANGUAGE_COOKIE

VIEWS = (
    (matters.TODO, T("待办", "To do")),
    (matters.DONE, T("已办", "Done")),
    (matters.WATCHED, T("督办", "Watched")),
    (matters.OVERDUE, T("超期", "Overdue")),
)
YEAR = 365 * 24 * 3600


def home(request: Asked) -> HttpResponse:
    chosen = request.GET.get("view", matters.TODO)
    lists = {code: matters.matters(request.account, view=code) for code, _ in VIEWS}
    tiles = [(code, title, len(lists[code])) for code, title in VIEWS]
    may = request.scope.holds
    seen = {line.matter.pk for found in lists.values() for line in found}
    context = {
        "tiles": tiles, "chosen": chosen, "lines": lists.get(chosen, []),
        "waiting": matters.to_decide(request.account) if may("approve") else [],
        "releases": to_decide(request.account) if may("release") else [],
        "reminders": [r for r in matters.reminders() if r.matter.pk in seen],
        "clues": _waiting_clues(request) if may("triage") else None,
        "held": _held(request) if may("decide_batch") else None,
        "may": {act: may(act) for act in ("read", "read_brief", "read_ledger", "read_accounts")},
    }
    return page(request, "home/home.html", context)


def _waiting_clues(request: Asked) -> int:
    held = MatterClue.objects.filter(held=True).values("clue")
    waiting = visible_hits(request.account).filter(clue__status=Clue.OPEN)
    return waiting.exclude(clue__in=held).count()


def _held(request: Asked) -> int:
    return visible_batches(request.account).filter(status=Batch.HELD).count()


def mine(request: Asked) -> HttpResponse:
    packs = registry.packs()
    posts = [
        {"role": role(p.role).name, "domain": packs[p.domain].title if p.domain in packs else "",
         "division": division_name(p.division) or p.division}
        for p in request.scope.posts
    ]  # fmt: skip
    return page(request, "home/mine.html", {"posts": posts})


def language(request: HttpRequest) -> HttpResponse:
    """Remembers the language in this browser."""
    wanted = request.POST.get("language", "")
    answer = _back(request)
    if wanted in dict(settings.LANGUAGES):
        _remember(answer, LANGUAGE_COOKIE, wanted)
    return answer


def text_size(request: HttpRequest) -> HttpResponse:
    """Changes between standard and large text in this browser."""
    answer = _back(request)
    if request.COOKIES.get(TEXT_COOKIE) == LARGE:
        answer.delete_cookie(TEXT_COOKIE)
    else:
        _remember(answer, TEXT_COOKIE, LARGE)
    return answer


def _back(request: HttpRequest) -> HttpResponse:
    there = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(there, {request.get_host()}, request.is_secure())
    return redirect(there if safe else "/")


def _remember(answer: HttpResponse, name: str, value: str) -> None:
    answer.set_cookie(
        name, value, max_age=YEAR, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
