"""What holds for every request: its language, its day, how long a session lasts."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import translation

from clew.kernel import clock
from clew.kernel.errors import NotFound
from clew.kernel.workspace import Workspace

Next = Callable[[HttpRequest], HttpResponse]
LANGUAGE_COOKIE = "clew_language"
_RENEW_SECONDS = 60


class Csrf(CsrfViewMiddleware):
    """Under `no-referrer` a browser sends `Origin: null` with a plain form. It also says, in a
    header that no script can set, whether the form came from our own page: that is believed.
    """

    def _origin_verified(self, request: HttpRequest) -> bool:
        if request.headers.get("Origin") == "null":
            return request.headers.get("Sec-Fetch-Site") == "same-origin"
        return super()._origin_verified(request)  # type: ignore[misc, no-any-return]


class Language:
    """Chinese, unless this browser was told otherwise; never guessed from its settings."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(LANGUAGE_COOKIE, "")
        chosen = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen
            answer = self.get_response(request)
            answer.headers.setdefault("Content-Language", chosen)
            return answer


class Workday:
    """The workspace's day: a sample city lives on its own."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            day = Workspace.current().today
        except NotFound:
            day = None
        with clock.fixed(day):
            return self.get_response(request)


class Sessions:
    """Signs out whoever was idle for half an hour, or signed in twelve hours ago."""

    BEGAN, SEEN = "began", "seen"

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._judge(request, clock.seconds())
        return self.get_response(request)

    def _judge(self, request: HttpRequest, now: float) -> None:
        session = request.session
        began, seen = session.setdefault(self.BEGAN, now), session.get(self.SEEN, now)
        idle = now - seen > settings.SESSION_IDLE_SECONDS
        if idle or now - began > settings.SESSION_ABSOLUTE_SECONDS:
            auth.logout(request)
        elif now - seen > _RENEW_SECONDS or self.SEEN not in session:
            # Not at every request: each renewal is a write.
            session[self.SEEN] = now


class Unstored:
    """Pages hold personal data, if masked: no browser and no proxy keeps them."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        answer.headers.setdefault("Cache-Control", "no-store")
        answer.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self)")
        return answer
