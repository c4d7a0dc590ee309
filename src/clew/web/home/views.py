"""Home: what waits, what was done, what is watched, what is late; finding a thing by its id."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from clew.declare import T
from clew.matters import queries as matters
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
    return page(
        request, "home/home.html",
        {"tiles": tiles, "chosen": chosen, "lines": lists.get(chosen, [])},
    )  # fmt: skip


def mine(request: Asked) -> HttpResponse:
    return page(request, "home/mine.html", {})


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
