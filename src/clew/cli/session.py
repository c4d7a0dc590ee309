"""The beginning of every command that needs a workspace: its day, its actor."""

from __future__ import annotations

from django.db import OperationalError

from clew.accounts.models import Account
from clew.accounts.queries import current_account
from clew.kernel import clock
from clew.kernel.errors import StoreError
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
