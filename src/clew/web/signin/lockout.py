"""After too many wrong passwords: whom that concerns, and what is said, in the same words whether
the account exists or not.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from clew.kernel.errors import Refused
from clew.web.door import shown


def account_tried(request: HttpRequest, credentials: Any = None) -> str:
    """The account that somebody tries to enter: the form calls it login, a backend username."""
    return str((credentials or {}).get("username") or request.POST.get("login", ""))


def locked_out(request: HttpRequest, credentials: Any = None, *args: Any) -> HttpResponse:
    error = Refused(
        "尝试次数过多, 已暂时锁定 (too many attempts: locked for a while)",
        next_step="15 分钟后再试, 或请系统管理员解除 (try again in 15 minutes, or ask the system "
        "administrator)",
    )
    return shown(request, error, 403)
