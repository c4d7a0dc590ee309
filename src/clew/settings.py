"""Django settings. Importing them needs no workspace: `clew init` runs before there is one."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from clew.kernel.errors import ClewError, InputError
from clew.kernel.workspace import Workspace, home_path


def _secret_key(workspace: Workspace) -> str:
    """Stable while the workspace lives, unrelated to the key that guards identities."""
    try:
        key = workspace.key
    except ClewError:
        return secrets.token_hex(32)
    return hmac.new(key, b"django secret key", hashlib.sha256).hexdigest()


TIME_ZONE = "Asia/Shanghai"


def embedded_database(path: Path) -> dict[str, Any]:
    """SQLite in the workspace: readers never wait, a writer waits 20 s for another writer."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "TIME_ZONE": TIME_ZONE,  # a moment that is read back has the day that its officer saw
        "OPTIONS": {
            "timeout": 20,
            # A deferred transaction that reads and then writes fails under WAL with a second
            # writer; the ledger reads its head before it appends.
            "transaction_mode": "IMMEDIATE",
            # FULL, because a commit is what publishes a batch and must survive a power cut.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }


def database_from_url(url: str) -> dict[str, Any]:
    """Settings from `postgres://user:password@host:port/name`; InputError for anything else."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in ("postgres", "postgresql") or not name:
        # The address holds a password, so the message does not repeat it.
        raise InputError(
            "CLEW_DATABASE_URL 不是 PostgreSQL 地址 (not a PostgreSQL address)",
            next_step="postgres://USER:PASSWORD@HOST:PORT/NAME, "
            "或取消该变量以用 SQLite (or unset it for SQLite)",
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "TIME_ZONE": TIME_ZONE,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
    }


_workspace = Workspace(home_path())
_database_url = os.environ.get("CLEW_DATABASE_URL", "")

DEBUG = False
SECRET_KEY = _secret_key(_workspace)
# $CLEW_HOSTS: the names under which the workbench is reached, with commas between them.
HOSTS = [name for name in os.environ.get("CLEW_HOSTS", "").split(",") if name]
ALLOWED_HOSTS = ["127.0.0.1", "localhost", *HOSTS]

DATABASES = {
    "default": (
        database_from_url(_database_url)
        if _database_url
        else embedded_database(_workspace.database_path)
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "clew.web",  # before allauth, whose templates it replaces
    "clew.web.work",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "django_htmx",
    "django_tasks_db",
    "clew.audit",
    "clew.accounts",
    "clew.datasets",
    "clew.linkage",
    "clew.detection",
    "clew.matters",
    "clew.reports",
]
AUTH_USER_MODEL = "accounts.Account"

USE_TZ = True
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]

ROOT_URLCONF = "clew.web.urls"
WSGI_APPLICATION = "clew.web.wsgi.application"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "clew.web.middleware.Language",
    "clew.web.middleware.Csrf",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "clew.web.middleware.Workday",
    "clew.web.middleware.Sessions",
    "clew.web.signin.second.SecondFactor",
    "clew.web.middleware.Unstored",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clew.web.frame.frame",
            ],
            "builtins": ["clew.web.templatetags.clew"],
        },
    }
]
STATIC_URL = "/static/"
# Static files are found in the packages: nothing is collected into a folder of the workspace.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

# Nothing inline, nothing from elsewhere; what a picture or a download needs, from here alone.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Over TLS only where the workbench has a name of its own; on 127.0.0.1 there is no TLS.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = bool(HOSTS)
SECURE_HSTS_SECONDS = 31_536_000 if HOSTS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HOSTS else None
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in HOSTS]
CSRF_FAILURE_VIEW = "clew.web.door.forged"

SESSION_COOKIE_NAME = "clew_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ABSOLUTE_SECONDS = SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "clew.web.signin.adapter.Adapter"
SOCIALACCOUNT_ADAPTER = "clew.web.signin.adapter.OutsideAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "code"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# Guessing is counted by axes, in the database, so that all processes count together.
ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": None}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Clew 线索"
SOCIALACCOUNT_STORE_TOKENS = False
# An OpenID Connect provider of the city: its address, our id and secret there, and the claim that
# holds the code of the account.
OIDC_URL = os.environ.get("CLEW_OIDC_URL", "")
OIDC_NAME = os.environ.get("CLEW_OIDC_NAME", "统一身份认证")
OIDC_CLAIM = os.environ.get("CLEW_OIDC_CLAIM", "preferred_username")
if OIDC_URL:
    _outside = urlsplit(OIDC_URL)
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "city",
                    "name": OIDC_NAME,
                    "client_id": os.environ.get("CLEW_OIDC_CLIENT", ""),
                    "secret": os.environ.get("CLEW_OIDC_SECRET", ""),
                    "settings": {"server_url": OIDC_URL},
                }
            ]
        }
    }
    # A form that leads there is sent by us first, and the browser checks where it ends.
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(
        f"{_outside.scheme}://{_outside.netloc}"
    )
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "clew.web.signin.lockout.account_tried"
AXES_LOCKOUT_CALLABLE = "clew.web.signin.lockout.locked_out"
AXES_VERBOSE = False
AXES_NEVER_LOCKOUT_GET = True

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Statements carry names and numbers as parameters, so the database logger stays silent even
# when somebody turns general logging up.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"bare": {"()": "clew.web.logs.Bare"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "filters": ["bare"]},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.db.backends": {"handlers": ["nowhere"], "level": "CRITICAL", "propagate": False},
    },
}
