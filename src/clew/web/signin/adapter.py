"""How allauth finds, admits and turns away accounts. Nobody signs up: accounts are made by the
system administrator; whoever comes from an OpenID Connect provider is one of them, or nobody.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from clew.accounts.models import Account
from clew.accounts.signing import actions
from clew.declare import T
from clew.kernel.errors import Refused
from clew.web.door import language_of, shown

WRONG = T("账户或密码不对。", "The account or the password is not right.")


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Every way in and out passes here, and leaves its entry in the ledger."""

    @property
    def error_messages(self) -> dict[str, Any]:
        known: dict[str, Any] = dict(DefaultAccountAdapter.error_messages)
        told = WRONG.of(language_of(self.request)) if self.request else WRONG.zh
        return known | {"username_password_mismatch": told}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: Account) -> None:
        with transaction.atomic():
            super().login(request, user)
            actions.sign_in(by=user)

    def logout(self, request: HttpRequest) -> None:
        user = request.user
        with transaction.atomic():
            if user.is_authenticated:
                actions.sign_out(by=user)
            super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        super().authentication_failed(request, **credentials)
        tried = Account.objects.filter(code=credentials.get("username") or "").first()
        if tried is not None:
            actions.fail_to_sign_in(by=tried)

    def set_password(self, user: Account, password: str) -> None:
        actions.set_password(by=user, account=user, password=password)
        user.refresh_from_db(fields=["password"])

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the page that follows says it."""


class OutsideAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The provider's claim that `settings.OIDC_CLAIM` names is the code of an account."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        claims = sociallogin.account.extra_data
        claims = claims.get("userinfo") or claims
        code = str(claims.get(settings.OIDC_CLAIM) or "")
        found = Account.objects.filter(code=code, is_active=True).first() if code else None
        if found is None or (sociallogin.is_existing and sociallogin.user.pk != found.pk):
            error = Refused(
                "统一身份认证中的用户在本系统没有账户 (the provider's user has no account here)",
                next_step="请系统管理员建立账户 (ask the system administrator for an account)",
            )
            raise ImmediateHttpResponse(shown(request, error, 403))
        if not sociallogin.is_existing:
            sociallogin.connect(request, found)
