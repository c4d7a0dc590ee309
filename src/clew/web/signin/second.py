"""The second factor: who must have one, and the ledger's word of every change to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from clew.accounts.signing import actions
from clew.web.frame import is_sample

Next = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponse]
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
        return is_sample() or is_mfa_enabled(request.user)


def added(instance: Authenticator, created: bool, **_: Any) -> None:
    """Not allauth's own signal: that comes after the transaction, too late for the ledger."""
    if created:
        actions.change_second_factor(by=instance.user, change=f"added {instance.type}")


def removed(instance: Authenticator, **_: Any) -> None:
    actions.change_second_factor(by=instance.user, change=f"removed {instance.type}")


def connect() -> None:
    """Called once, when the application is ready."""
    post_save.connect(added, sender=Authenticator, dispatch_uid="clew-factor-added")
    post_delete.connect(removed, sender=Authenticator, dispatch_uid="clew-factor-removed")
