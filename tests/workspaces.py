"""Workspaces that a whole module of tests shares, and who acts in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from clew.accounts import actions as accounts
from clew.accounts.models import Account
from clew.declare import registry
from clew.kernel import clock
from clew.kernel.workspace import HOME_VARIABLE, Workspace


@contextmanager
def lasting_workspace(
    blocker: Any, home: Path, *, seed: int, today: date, os_user: str
) -> Iterator[Account]:
    """A new workspace, the current one until the block ends; then its database rows are undone."""
    with (
        pytest.MonkeyPatch.context() as patch,
        blocker.unblock(),
        clock.fixed(today),
        transaction.atomic(),
    ):
        patch.setenv(HOME_VARIABLE, str(Workspace.create(home, seed=seed, today=today).home))
        yield people(os_user)
        transaction.set_rollback(True)


def people(os_user: str) -> Account:
    """The acting account and the departments of every pack."""
    account = accounts.bootstrap(os_user=os_user)
    for pack in registry.packs().values():
        for owner in pack.owners:
            accounts.create_department(
                by=account, code=owner.code, name_zh=owner.title.zh, name_en=owner.title.en
            )
    return account
