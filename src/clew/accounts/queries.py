"""Reading departments and accounts."""

from __future__ import annotations

import getpass

from clew.accounts.models import Account, Department
from clew.kernel.errors import NotFound, Refused


def current_account() -> Account:
    """The account bound to the operating-system user of this process: `by=` of the CLI.

    NotFound if none is bound, Refused if it has been deactivated.
    """
    os_user = _os_user()
    account = Account.objects.select_related("department").filter(os_user=os_user).first()
    if account is None:
        raise NotFound(
            f"No account is bound to the operating-system user {os_user}",
            next_step="clew init, or ask an administrator to bind your user to an account",
        )
    if not account.is_active:
        raise Refused(
            f"The account {account.code} is deactivated",
            next_step="ask an administrator to activate it",
        )
    return account


def department(code: str) -> Department:
    """NotFound if there is no such department."""
    found = Department.objects.filter(code=code).first()
    if found is None:
        raise NotFound(f"There is no department {code}", next_step="check the code")
    return found


def _os_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        # A container may run under a number without a name.
        raise NotFound(
            "The operating system gives no name for the user of this process",
            next_step="set LOGNAME to the name that an account is bound to",
        ) from error
