"""Reading departments, accounts and posts. Who may see them is asked of `access`."""

from __future__ import annotations

import getpass
from datetime import date

from django.db.models import Q, QuerySet

from clew.accounts.duties import Duty
from clew.accounts.models import Account, Department, Post
from clew.kernel import clock
from clew.kernel.errors import NotFound, Refused


def current_account() -> Account:
    """The account bound to the operating-system user of this process: `by=` of the CLI.

    NotFound if none is bound, Refused if it has been deactivated.
    """
    os_user = _os_user()
    account = Account.objects.select_related("department").filter(os_user=os_user).first()
    if account is None:
        raise NotFound(
            f"操作系统用户 {os_user} 没有绑定账户 (no account is bound to it)",
            next_step="clew init, 或请管理员绑定 (or ask an administrator to bind you)",
        )
    if not account.is_active:
        raise Refused(
            f"账户 {account.code} 已停用 (it is deactivated)",
            next_step="请管理员启用 (ask an administrator to activate it)",
        )
    return account


def department(code: str) -> Department:
    """NotFound if there is no such department."""
    found = Department.objects.filter(code=code).first()
    if found is None:
        raise NotFound(
            f"没有部门 {code} (no such department)", next_step="核对代码 (check the code)"
        )
    return found


def in_force(on: date | None = None) -> QuerySet[Post]:
    """Posts of a day, today without one; of active accounts and others."""
    day = on or clock.today()
    return Post.objects.filter(since__lte=day).filter(Q(until=None) | Q(until__gt=day))


def duties_now(*, ahead: bool = False) -> list[Duty]:
    """Posts of active accounts that are in force today, or also later, if `ahead`.

    Call in a transaction: they are held until it ends, so that nobody else ends one meanwhile.
    """
    posts = (unended() if ahead else in_force()).filter(account__is_active=True)
    posts = posts.select_for_update(of=("self",))
    return [Duty(*row) for row in posts.values_list("code", "account__code", "role", "first")]


def unended() -> QuerySet[Post]:
    """Posts in force today, and those that will be."""
    return Post.objects.filter(Q(until=None) | Q(until__gt=clock.today()))


def _os_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        # A container may run under a number without a name.
        raise NotFound(
            "操作系统没有给出当前用户的名称 (no name for the user of this process)",
            next_step="设 LOGNAME 为已绑定的名称 (set LOGNAME to a name that is bound)",
        ) from error
