"""Who may: the one place where a step is allowed or refused, and personal data shown in clear.

Nothing is kept between two questions, so a post that ends or an account that is deactivated holds
from the next question on. What an account may not see answers NotFound, as if it were not there;
what it sees and may not do is Denied. A door that catches Denied writes it down: see
`actions.record_denial`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from clew.accounts import queries, roles
from clew.accounts.models import Account, Department, Post
from clew.accounts.scope import NOTHING, Held, Scope
from clew.audit.models import Entry
from clew.declare.text import T
from clew.kernel.errors import InputError, NotFound, Refused

Row = TypeVar("Row", bound=Model)
REASON_LENGTH = 200

_NUMBER = re.compile(r"[0-9０-９][0-9０-９ \-]{3,}[0-9０-９Xx]")


class Denied(Refused):
    """An account lacks the post for a step. `act` is a line of the table of roles."""

    def __init__(self, cause: str, *, next_step: str, act: str) -> None:
        super().__init__(cause, next_step=next_step)
        self.act = act


def scope_of(account: Account, *, on: date | None = None) -> Scope:
    """The posts in force on a day (today without one); nothing if the account is deactivated."""
    if not account.is_active:
        return Scope(account.code)
    held = queries.in_force(on).filter(account_id=account.pk, account__is_active=True)
    rows = held.values_list("role", "domain", "division", "department__code")
    return Scope(account.code, tuple(Held(r, d, v, p or "") for r, d, v, p in rows))


def require(
    account: Account,
    act: str,
    *,
    domain: str,
    division: str,
    department: str = "",
    mine: bool = False,
) -> None:
    """
    Raises:
        Denied: no post of the account allows it there; arguments as of `Scope.allows`.
        DeclarationError: `act` is no line of the table of roles.
    """
    if not scope_of(account).allows(
        act, domain=domain, division=division, department=department, mine=mine
    ):
        raise denied(account, act)


def require_for(account: Account, act: str, department: Department | None) -> None:
    """`require` for what has an owner department but no place: accounts, batches.

    Raises:
        Denied: no post of the account allows it for that department.
    """
    reached = scope_of(account).departments(act)
    if reached is not None and (department is None or department.code not in reached):
        raise denied(account, act)


def denied(account: Account, act: str) -> Denied:
    """The error for a step that no post of the account allows there."""
    title = roles.act(act).title
    if not account.is_active:
        return Denied(
            f"账户 {account.code} 已停用, 不能{title.zh} (deactivated: it may not {title.en})",
            next_step="请系统管理员启用 (ask the system administrator to activate it)",
            act=act,
        )
    return Denied(
        f"账户 {account.code} 的岗位不允许在此{title.zh} (no post of it may {title.en} here)",
        next_step="clew accounts show; 请安全管理员授岗 (the security administrator gives posts)",
        act=act,
    )


def not_the_same(first: Account, second: Account) -> None:
    """Four eyes.

    Raises:
        Refused: both are one account.
    """
    if first.code == second.code:
        raise Refused(
            f"须由另一人办理: {first.code} 不能批准自己提出的 "
            "(four eyes: nobody approves what they proposed)",
            next_step="请另一账户办理 (ask another account)",
        )


def one(visible: QuerySet[Row], code: str, *, cause: str, next_step: str) -> Row:
    """The one object, among those an account sees, whose code begins so.

    Raises:
        NotFound: none or several; in the same words whether it is absent or out of sight.
    """
    found = list(visible.filter(code__startswith=code)[:2]) if code else []
    if len(found) > 1:
        found = [each for each in found if getattr(each, "code", "") == code]
    if len(found) != 1:
        raise NotFound(cause, next_step=next_step)
    return found[0]


def visible_departments(account: Account) -> QuerySet[Department]:
    """All of them, for whoever is active."""
    return Department.objects.all() if account.is_active else Department.objects.none()


def visible_accounts(account: Account) -> QuerySet[Account]:
    """Oneself, and those of the departments that one's posts reach."""
    reached = scope_of(account).departments("read_accounts")
    everybody = Account.objects.select_related("department").order_by("code")
    if not account.is_active:
        return everybody.none()
    if reached is None:
        return everybody
    return everybody.filter(Q(pk=account.pk) | Q(department__code__in=reached))


def visible_posts(account: Account) -> QuerySet[Post]:
    """Posts, ended ones too, of the accounts that one sees."""
    seen = visible_accounts(account).values("pk")
    return Post.objects.select_related("account", "department").filter(account_id__in=seen)


def visible_entries(account: Account) -> QuerySet[Entry]:
    """The ledger, newest first: all of it or nothing."""
    found = Entry.objects.order_by("-seq")
    allowed = scope_of(account).allows("read_ledger", domain="", division="")
    return found if allowed else found.filter(NOTHING)


def may_unmask(
    account: Account,
    *,
    reason: str,
    purpose: str,
    places: Iterable[tuple[str, str]],
    sensitivity: int,
    department: str = "",
    mine: bool = False,
) -> str:
    """The reason, trimmed, if this account may see these personal data in clear.

    It takes a stated reason; a purpose, the outside id of the matter or run for which they are
    seen; and for each place, a domain and division, a post that may unmask and reaches this
    sensitivity class there. Recording it is part of the step: see `actions.unmask`.

    Raises:
        Denied: no such post.
        Refused: no reason, or no purpose.
    """
    scope = scope_of(account)
    for domain, division in sorted(set(places)) or [("", "")]:
        allowed = scope.allows(
            "unmask", domain=domain, division=division, department=department, mine=mine
        )
        if not allowed or scope.sensitivity(domain, division) < sensitivity:
            raise denied(account, "unmask")
    stated = " ".join(reason.split())
    if not stated:
        raise Refused(
            "明文查看个人信息须说明理由 (personal data in clear needs a stated reason)",
            next_step='--unmask --reason "用途 why"; 不加 --unmask 则为掩码 (masked without it)',
        )
    if not purpose:
        raise Refused(
            "明文查看个人信息须有用途: 事项或运行 (in clear only for a matter or a run)",
            next_step="clew clues list (masked)",
        )
    return stated


def without_numbers(text: str) -> str:
    """The text with every run of five or more digits blanked."""
    return _NUMBER.sub("***", text)


def stated(text: str, next_step: str) -> str:
    """A reason for the record, trimmed, without personal numbers; InputError if there is none."""
    reason = without_numbers(" ".join(text.split()))[:REASON_LENGTH]
    if not reason:
        raise InputError("须说明理由 (a reason is needed)", next_step=next_step)
    return reason


def refuse_if(why: T | None) -> None:
    """Refused for what stands against a step, if anything does."""
    if why is not None:
        raise Refused(
            f"{why.zh} ({why.en})", next_step="请另一账户办理或担任 (another account, then)"
        )
