"""Verbs of the entrance: passwords, signing in and out, the second factor. The ledger keeps that
they happened and to which account; never a password, an address of a machine or a wrong guess.
"""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from clew.accounts import access
from clew.accounts.models import Account
from clew.audit.actions import append
from clew.kernel.errors import InputError


@transaction.atomic
def set_password(*, by: Account, account: Account, password: str) -> Account:
    """A first or a new password; its owner's sessions end, except where it is one's own.

    Raises:
        InputError: too short, too common, or all digits.
        Denied: another's password, without a post for it.
    """
    if by.pk != account.pk:
        access.require(by, "set_password", domain="", division="")
    current = Account.objects.select_for_update().get(pk=account.pk)
    try:
        validate_password(password, current)
    except ValidationError as error:
        raise InputError(
            f"密码不合要求 (the password will not do): {' '.join(error.messages)}",
            next_step="至少 10 个字符, 不用常见密码 (ten characters or more, no common one)",
        ) from error
    current.set_password(password)
    current.save(update_fields=["password"])
    append(by=by, verb="accounts.set_password", subject=current.code, facts={})
    return current


@transaction.atomic
def sign_in(*, by: Account) -> None:
    append(by=by, verb="accounts.sign_in", subject=by.code, facts={})


@transaction.atomic
def sign_out(*, by: Account) -> None:
    append(by=by, verb="accounts.sign_out", subject=by.code, facts={})


@transaction.atomic
def fail_to_sign_in(*, by: Account) -> None:
    """A wrong password. Whoever tried is not known: `by` is the account that was tried."""
    append(by=by, verb="accounts.fail_to_sign_in", subject=by.code, facts={})


@transaction.atomic
def change_second_factor(*, by: Account, change: str) -> None:
    """change: what was added or removed, as `added totp`."""
    append(by=by, verb="accounts.change_second_factor", subject=by.code, facts={"change": change})
