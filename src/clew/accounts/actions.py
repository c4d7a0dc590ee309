"""Verbs on departments and accounts. Each is atomic and leaves exactly one ledger entry.

Names and operating-system users are personal data and stay out of the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models, transaction

from clew.accounts import access, duties, queries
from clew.accounts.models import Account, Department
from clew.accounts.posts.actions import new_post
from clew.audit.actions import append, keyed_hash
from clew.kernel.errors import InputError, Refused

FIRST_ACCOUNT = "admin"


@transaction.atomic
def bootstrap(*, os_user: str) -> Account:
    """The very first account, bound to the given operating-system user, acting for itself.

    It is the first administrator, and so that one person alone can work in a workspace it begins
    with all of `duties.FIRST_POSTS`, everywhere: the three administrators' roles, which nobody else
    may hold together, and the working ones. `duties` says how that exception wears off. Four eyes
    hold for it from the start: it approves nothing that it proposed.

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
    for code in duties.FIRST_POSTS:
        new_post(account, account, code, first=True).save()
    facts = {"os_user": _os_user_hash(os_user), "posts": " ".join(duties.FIRST_POSTS)}
    append(by=account, verb="accounts.bootstrap", subject=account.code, facts=facts)
    return account


@transaction.atomic
def create_department(*, by: Account, code: str, name_zh: str, name_en: str) -> Department:
    """InputError if the code is taken or malformed, or a name is missing; Denied without a post."""
    _require(by, "create_department")
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
    """An account without a password and without posts, so that it may do nothing yet.

    InputError if code or os_user is taken or malformed; Denied without a post for it.
    """
    _require(by, "create_account")
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

    InputError if the name is empty or bound to another account; Denied without a post for it.
    """
    _require(by, "bind_account")
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
def activate(*, by: Account, account: Account) -> Account:
    """The account may act again, by the posts it still holds.

    Raises:
        Denied: no post for it.
        Refused: it is active.
    """
    _require(by, "activate")
    return _switch(by, account, on=True, reason="")


@transaction.atomic
def deactivate(*, by: Account, account: Account, reason: str) -> Account:
    """The account may do nothing from its next step on; its posts stay as they are.

    Raises:
        InputError: no reason.
        Denied: no post for it.
        Refused: it is deactivated, one's own, or that of the last administrator of a kind.
    """
    _require(by, "deactivate")
    stated = access.stated(reason, 'clew accounts deactivate ACCOUNT --reason "…"')
    if account.pk == by.pk:
        raise Refused(
            "不能停用自己的账户 (nobody deactivates their own account)",
            next_step="请另一名管理员办理 (ask another administrator)",
        )
    now = queries.duties_now()
    access.refuse_if(duties.why_not_end(now, [d for d in now if d.account == account.code]))
    return _switch(by, account, on=False, reason=stated)


@transaction.atomic
def unmask(
    *,
    by: Account,
    subject: str,
    reason: str,
    purpose: str,
    places: Iterable[tuple[str, str]],
    sensitivity: int = 3,
    department: str = "",
    mine: bool = False,
) -> None:
    """Call before personal data is shown in clear; if it raises, show nothing.

    subject: outside id of what is shown. The rest, and Refused, as in `access.may_unmask`. The
    ledger keeps the reason with every run of five or more digits blanked: people paste citizen IDs.
    """
    stated = access.may_unmask(
        by, reason=reason, purpose=purpose, places=places, sensitivity=sensitivity,
        department=department, mine=mine,
    )  # fmt: skip
    facts = {"reason": access.without_numbers(stated), "purpose": purpose}
    append(by=by, verb="accounts.unmask", subject=subject, facts=facts)


@transaction.atomic
def record_denial(*, by: Account, act: str, door: str) -> None:
    """What was asked and denied. `door` names the command or route, without its arguments."""
    append(by=by, verb="accounts.record_denial", subject=by.code, facts={"act": act, "door": door})


@transaction.atomic
def record_refusal(*, by: Account, kind: str, door: str) -> None:
    """A step that was asked for and changed nothing. `kind` is the error's, `door` as above."""
    facts = {"kind": kind, "door": door}
    append(by=by, verb="accounts.record_refusal", subject=by.code, facts=facts)


def _require(by: Account, act: str) -> None:
    access.require(by, act, domain="", division="")


def _switch(by: Account, account: Account, *, on: bool, reason: str) -> Account:
    current = Account.objects.select_for_update().get(pk=account.pk)
    if current.is_active == on:
        raise Refused(
            f"账户 {current.code} 已是此状态 (it is so already)",
            next_step=f"clew accounts show {current.code}",
        )
    current.is_active = on
    current.save(update_fields=["is_active"])
    if on:
        append(by=by, verb="accounts.activate", subject=current.code, facts={})
    else:
        append(by=by, verb="accounts.deactivate", subject=current.code, facts={"reason": reason})
    return current


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
