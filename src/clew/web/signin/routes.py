"""Signing in and out, the second factor: allauth's own pages, only those that we use."""

from __future__ import annotations

from allauth.account import views as account
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

ENTRANCES: list[URLPattern | URLResolver] = [
    path("", account.login, name="account_login"),
    path("out/", account.logout, name="account_logout"),
    path("locked/", account.account_inactive, name="account_inactive"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("second/", include("allauth.mfa.urls")),
]
if settings.OIDC_URL:
    ENTRANCES.append(
        path("outside/", include("allauth.socialaccount.providers.openid_connect.urls"))
    )
    ENTRANCES.append(path("outside/", include("allauth.socialaccount.urls")))
