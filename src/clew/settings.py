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


def embedded_database(path: Path) -> dict[str, Any]:
    """SQLite in the workspace: readers never wait, a writer waits 20 s for another writer."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
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
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
    }


_workspace = Workspace(home_path())
_database_url = os.environ.get("CLEW_DATABASE_URL", "")

DEBUG = False
SECRET_KEY = _secret_key(_workspace)
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]

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
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]

# Statements carry names and numbers as parameters, so the database logger stays silent even
# when somebody turns general logging up.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {
        "console": {"class": "logging.StreamHandler"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.db.backends": {"handlers": ["nowhere"], "level": "CRITICAL", "propagate": False},
    },
}
