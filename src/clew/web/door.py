"""The one way into a page: who may knock, and what is said where a step is refused.

Every page is a `Route`, and its act is a line of the table of roles: a page without one cannot be
declared. The act is asked here once for the account as a whole; the page asks again, through the
access functions, for each object that it shows or changes. Whatever is refused leaves the store as
it was, and one entry in the ledger.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError, transaction
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.urls import URLPattern, path

from clew.accounts import actions
from clew.accounts.access import Denied, denied, scope_of
from clew.accounts.models import Account
from clew.accounts.scope import Scope
from clew.declare import T
from clew.kernel.errors import ClewError, InputError, NotFound, Refused, StoreError

logger = logging.getLogger(__name__)
_COMMAND = ("clew ", "--")
"""A next step of the command line: of no use to somebody who reads a page."""

SIGNED_IN, OPEN = "signed-in", "open"
"""Acts outside the table: what every account may do with itself, and what needs no account."""

View = Callable[..., HttpResponseBase]
READ, WRITE, BOTH = ("GET",), ("POST",), ("GET", "POST")
_STATUS = {Denied: 403, NotFound: 404, InputError: 400, Refused: 409, StoreError: 503}
_TITLES = {
    400: T("填写有误", "Something in it is not right"),
    403: T("无权办理", "Not allowed"),
    404: T("没有这一项", "No such thing"),
    409: T("现在不能这样办", "It cannot be done now"),
    500: T("意外错误", "Something unforeseen"),
    503: T("暂时不能读写", "It cannot be read or written now"),
}


class Asked(HttpRequest):
    """A request that passed the door: its account, and how far that account reaches today."""

    account: Account
    scope: Scope


@dataclass(frozen=True, slots=True)
class Route:
    """One address. `methods` are those that its page answers."""

    path: str
    view: View
    name: str
    act: str
    methods: tuple[str, ...] = READ


def urls(*rooms: tuple[Route, ...]) -> list[URLPattern]:
    """Addresses of the rooms' pages, each behind the door."""
    return [path(r.path, guarded(r), name=r.name) for routes in rooms for r in routes]


def guarded(route: Route) -> View:
    """The page behind the door; `route` is kept on it, for whoever walks all pages."""

    @wraps(route.view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "HEAD" and "GET" in route.methods:
            request.method = "GET"
        if request.method not in route.methods:
            return HttpResponseNotAllowed(route.methods)
        if route.act == OPEN:
            return route.view(request, *args, **kwargs)
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        asked = cast(Asked, request)
        asked.account = request.user
        try:
            asked.scope = scope_of(asked.account)
            if route.act != SIGNED_IN and not asked.scope.holds(route.act):
                raise denied(asked.account, route.act)
            return route.view(asked, *args, **kwargs)
        except ClewError as error:
            return refused(asked, error, route.name)
        except DatabaseError as error:
            logger.error("%s: %s", route.name, type(error).__name__)
            return refused(asked, _locked(error), route.name)

    opened.route = route  # type: ignore[attr-defined]
    return opened


def refused(request: Asked, error: ClewError, door: str) -> HttpResponse:
    """The cause and the next step, and the refusal in the ledger."""
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)
    if status < 500 and not error.recorded:
        try:
            with transaction.atomic():
                _write_down(request.account, error, door)
        except (ClewError, DatabaseError) as failure:
            logger.error("a refusal at %s is not in the ledger: %s", door, type(failure).__name__)
            error, status = _locked(failure), 503
    return shown(request, error, status)


def shown(request: HttpRequest, error: ClewError, status: int) -> HttpResponse:
    """An error as a page, or as a notice on the page that asked, whose fields stay as typed."""
    partial = bool(getattr(request, "htmx", False))
    answer = render(
        request, "web/notice.html" if partial else "web/refused.html",
        {"error": error, "status": status, "title": _TITLES[status],
         "next_step": "" if error.next_step.startswith(_COMMAND) else error.next_step},
        status=status,
    )  # fmt: skip
    if partial:
        answer["HX-Retarget"], answer["HX-Reswap"] = "#notice", "innerHTML"
    return answer


def done(request: HttpRequest, said: T, to: str, **where: Any) -> HttpResponse:
    """A change that was made: what to say, and the page to go to (a route, or an address)."""
    messages.success(request, said.of(language_of(request)))
    return _go(request, resolve_url(to, **where))


def page(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    return render(request, f"web/{template}", dict(context))


def language_of(request: HttpRequest) -> str:
    return str(getattr(request, "LANGUAGE_CODE", "zh-hans"))


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that does not come from our page, or from one left open too long."""
    error = Refused(
        "表单已失效或不是本站发出 (the form has expired, or is not ours)",
        next_step="刷新页面后重新填写 (reload the page and fill it in again)",
    )
    if request.user.is_authenticated:
        with transaction.atomic():
            _write_down(request.user, error, "csrf")
    return shown(request, error, 403)


def absent(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """An address that no page has."""
    error = NotFound("没有这个页面 (no such page)", next_step="从首页进入 (start from home)")
    return shown(request, error, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """A defect of ours; nothing of it is shown, since it could carry personal data."""
    error = ClewError(
        "意外错误, 未保存任何改动 (something unforeseen; nothing was saved)",
        next_step="返回后重试; 仍不行请告知系统管理员 (go back and repeat; else tell your system "
        "administrator)",
    )
    return shown(request, error, 500)


def _write_down(account: Account, error: ClewError, door: str) -> None:
    if isinstance(error, Denied):
        actions.record_denial(by=account, act=error.act, door=door)
    else:
        actions.record_refusal(by=account, kind=type(error).__name__, door=door)


def _locked(error: Exception) -> StoreError:
    return StoreError(
        "数据库正忙或不可写, 未保存任何改动 (the database is busy or read-only; nothing was saved)",
        next_step="稍后重试 (repeat in a moment)",
    )


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    back = request.get_full_path() if request.method == "GET" else "/"
    return _go(request, f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}")


def _go(request: HttpRequest, there: str) -> HttpResponse:
    """To another page, for a whole request and for a partial one. The page that asked is loaded
    anew where it is: its own address with another anchor would only be scrolled to.
    """
    htmx = getattr(request, "htmx", None)
    if not htmx:
        return HttpResponseRedirect(there)
    here = urlsplit(htmx.current_url or "")
    same = (here.path, here.query) == (urlsplit(there).path, urlsplit(there).query)
    headers = {"HX-Refresh": "true"} if same else {"HX-Redirect": there}
    return HttpResponse(status=204, headers=headers)
