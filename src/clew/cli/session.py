"""The beginning of every command that needs a workspace: its day, its actor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import OperationalError

from clew.accounts.access import require
from clew.accounts.models import Account
from clew.accounts.queries import current_account
from clew.declare import registry
from clew.kernel import clock
from clew.kernel.errors import InputError, StoreError
from clew.kernel.workspace import Workspace


def begin() -> Account:
    """Fixes the clock to the workspace's day and returns whoever acts.

    Raises:
        NotFound: no workspace here, or no account for this user.
    """
    clock.fix(Workspace.current().today)
    try:
        return current_account()
    except OperationalError as error:
        raise StoreError(
            "工作区的数据库缺失或未初始化 (the workspace's database is missing or not set up)",
            next_step="clew init",
        ) from error


def begin_for(act: str, domains: Iterable[str] | None = None) -> Account:
    """`begin`, for what goes over whole domains, without bounds of division; all, unless named.

    Raises:
        Denied: no post of the account allows it there.
    """
    by = begin()
    for domain in registry.packs() if domains is None else domains:
        require(by, act, domain=domain, division="")
    return by


def day(text: str) -> date | None:
    """A day as typed, None without one; InputError if it is none."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} 不是日期 (not a date)", next_step="YYYY-MM-DD") from None


def domains_of(detectors: Iterable[str]) -> set[str]:
    """The domains of detectors, by their ids."""
    return {registry.pack_of_detector(id_).name for id_ in detectors}
