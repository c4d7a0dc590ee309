"""Verbs on departments and accounts. Each is atomic and leaves exactly one ledger entry.

Names and operating-system users are personal data and stay out of the ledger.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models, transaction

from clew.accounts import access
from clew.accounts.models import Account, Department
from clew.audit.actions import append, keyed_hash
from clew.kernel.errors import InputError, Refused

FIRST_ACCOUNT = "admin"


@transaction.atomic
def bootstrap(*, os_user: str) -> Account:
    """The very first account, bound to the given operating-system user, acting for itself.

    Refused if there is any account already.
    """
    if Account.objects.exists():
        raise Refused(
            "工作区已有账户 (this workspace has accounts already)",
            next_step="请其中一位为你建立或绑定账户 (ask one of them to create or bind yours)",
        )
    account = Account(code=FIRST_ACCOUNT, name="管理员", os_user=os_user or None)
    account.set_unusable_password()
    _save(account)
    facts = {"os_user": _os_user_hash(os_user)}
    append(by=account, verb="accounts.bootstrap", subject=account.code, facts=facts)
    return account


@transaction.atomic
def create_department(*, by: Account, code: str, name_zh: str, name_en: str) -> Department:
    """InputError if the code is taken or malformed, or a name is missing."""
    department = Department(code=code, name_zh=name_zh, name_en=name_en)
    _save(department)
    append(by=by, verb="accounts.create_department", subject=department.code, facts={})
    return department


@transaction.atomic
def create_account(
    *,
    by: Account,
    code: str,
    name: str,
    department: Department | None = None,
    os_user: str | None = None,
) -> Account:
    """An account without a password; InputError if code or os_user is taken or malformed."""
    account = Account(code=code, name=name, department=department, os_user=os_user or None)
    account.set_unusable_password()
    _save(account)
    append(
        by=by,
        verb="accounts.create_account",
        subject=account.code,
        facts={
            "department": department.code if department else None,
            "os_user": _os_user_hash(os_user),
        },
    )
    return account


@transaction.atomic
def bind_os_user(*, by: Account, account: Account, os_user: str) -> Account:
    """From now on the command line acts as `account` for this operating-system user.

    InputError if the name is empty or bound to another account.
    """
    if not os_user:
        raise InputError(
            "操作系统用户名为空 (the operating-system user is empty)",
            next_step="给出登录名 (give the login name)",
        )
    bound = Account.objects.get(pk=account.pk)
    bound.os_user = os_user
    _save(bound)
    facts = {"os_user": _os_user_hash(os_user)}
    append(by=by, verb="accounts.bind_os_user", subject=bound.code, facts=facts)
    return bound


@transaction.atomic
def unmask(*, by: Account, subject: str, reason: str) -> None:
    """Call before personal data is shown in clear; if it raises, show nothing.

    subject: outside id of what is shown. Refused as in `access.may_unmask`. The ledger keeps
    the reason with every run of five or more digits blanked: people paste citizen IDs.
    """
    stated = access.may_unmask(by, reason=reason)
    facts = {"reason": access.without_numbers(stated)}
    append(by=by, verb="accounts.unmask", subject=subject, facts=facts)


def _os_user_hash(os_user: str | None) -> str | None:
    return keyed_hash(f"os_user\n{os_user}") if os_user else None


def _save(instance: models.Model) -> None:
    """Validates and saves; a field at fault is named in an InputError."""
    try:
        instance.full_clean()
    except ValidationError as error:
        faults = "; ".join(
            f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items()
        )
        raise InputError(
            f"{instance._meta.verbose_name} 不合规 (not valid): {faults}",
            next_step="更正所列的值后重试 (correct the value named and repeat the step)",
        ) from error
    instance.save()
