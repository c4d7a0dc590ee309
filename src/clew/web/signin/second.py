"""The second factor: who must have one, and the ledger's word of every change to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa import signals
from allauth.mfa.utils import is_mfa_enabled
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from clew.accounts.signing import actions
from clew.web.frame import is_sample

Next = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponse]
_KNOWN = "second-factor"
ENTRANCE = "/sign-in/"
_FREE = (ENTRANCE, "/language/", "/text-size/", "/static/")


class SecondFactor:
    """Leads whoever has no second factor to where one is set up; only a sample city asks none."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        free = request.path.startswith(_FREE)
        if request.user.is_authenticated and not free and not self._has_one(request):
            return redirect(reverse("mfa_activate_totp"))
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """At the entrance a change and its ledger entry are one transaction."""
        if request.method != "POST" or not request.path.startswith(ENTRANCE):
            return None
        with transaction.atomic():
            return view(request, *args, **kwargs)

    def _has_one(self, request: HttpRequest) -> bool:
        if request.session.get(_KNOWN) or is_sample():
            return True
        if is_mfa_enabled(request.user):
            request.session[_KNOWN] = True
            return True
        return False


def written_down(change: str) -> Callable[..., None]:
    """A receiver that appends to the ledger inside the view's transaction."""

    def receive(request: HttpRequest, user: Any, **rest: Any) -> None:
        if change == "removed":
            request.session.pop(_KNOWN, None)
        actions.change_second_factor(by=user, change=change)

    return receive


def connect() -> None:
    """Called once, when the application is ready."""
    for signal, change in (
        (signals.authenticator_added, "added"),
        (signals.authenticator_removed, "removed"),
        (signals.authenticator_reset, "reset"),
    ):
        signal.connect(written_down(change), weak=False, dispatch_uid=f"clew-{change}")
