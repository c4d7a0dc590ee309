"""What surrounds every page: the rooms that an account may enter, its language, its text size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest

from clew.accounts.access import scope_of
from clew.accounts.models import Account
from clew.declare import T
from clew.kernel import clock
from clew.kernel.errors import ClewError
from clew.kernel.workspace import Workspace
from clew.web.door import SIGNED_IN, language_of

TEXT_COOKIE = "clew_text"
LARGE = "large"


@dataclass(frozen=True, slots=True)
class Room:
    """One entry of the menu; `name` is the route that it opens, `key` the letter after `g`."""

    name: str
    icon: str
    title: T
    act: str
    key: str


ROOMS = (
    Room("home", "home", T("首页", "Home"), SIGNED_IN, "h"),
    Room("clues", "needle-thread", T("线索", "Clues"), "read", "c"),
    Room("matters", "layout-kanban", T("事项", "Matters"), "read", "m"),
    Room("detectors", "adjustments", T("模型", "Detectors"), "read_runs", "d"),
    Room("data", "database", T("数据", "Data"), "read_batches", "b"),
    Room("results", "chart-bar", T("成果", "Results"), "read_brief", "r"),
    Room("ledger", "book-2", T("台账", "Ledger"), "read_ledger", "l"),
    Room("people", "users", T("账户", "Accounts"), "read_accounts", "a"),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Variables of every template; without an account, only those of the entrance."""
    common = {
        "language": language_of(request),
        "other_language": "zh-hans" if language_of(request) == "en" else "en",
        "large_text": request.COOKIES.get(TEXT_COOKIE) == LARGE,
        "today": clock.today(),
        "sample": is_sample(),
        "outside": settings.OIDC_NAME if settings.OIDC_URL else "",
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return common
    scope = getattr(request, "scope", None) or scope_of(cast(Account, user))
    rooms = [r for r in ROOMS if r.act == SIGNED_IN or scope.holds(r.act)]
    here = request.resolver_match.url_name if request.resolver_match else ""
    return common | {"rooms": rooms, "here": _room_of(here or ""), "scope": scope,
                     "may_export": scope.holds("export")}  # fmt: skip


def _room_of(route: str) -> str:
    """The menu's entry of a page: the first word of its name."""
    first = route.split("-")[0]
    return {"clue": "clues", "matter": "matters", "detector": "detectors", "run": "detectors",
            "batch": "data", "dataset": "data", "figure": "results", "figures": "results",
            "entry": "ledger", "person": "people", "release": "clues",
            "releases": "clues"}.get(first, first)  # fmt: skip


def is_sample() -> bool:
    """Whether the workspace is a made-up city, with keys from a seed."""
    try:
        return "seed" in Workspace.current().config
    except ClewError:
        return False
