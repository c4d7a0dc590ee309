"""What is said after too many wrong passwords: the same words whether the account exists or not."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from clew.kernel.errors import Refused
from clew.web.door import shown


def locked_out(request: HttpRequest, credentials: Any = None, *args: Any) -> HttpResponse:
    error = Refused(
        "尝试次数过多, 已暂时锁定 (too many attempts: locked for a while)",
        next_step="15 分钟后再试, 或请系统管理员解除 (try again in 15 minutes, or ask the system "
        "administrator)",
    )
    return shown(request, error, 403)
