"""Verbs on posts: given and ended, each atomic with exactly one ledger entry."""

from __future__ import annotations

import secrets
from datetime import date

from django.db import transaction

from clew.accounts import access, duties, queries, roles
from clew.accounts.models import Account, Department, Post
from clew.audit.actions import append
from clew.declare import registry
from clew.kernel import clock, divisions
from clew.kernel.errors import InputError, Refused


@transaction.atomic
def give_post(
    *,
    by: Account,
    account: Account,
    role: str,
    department: Department | None = None,
    domain: str = "",
    division: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Post:
    """Lets an account act in a role, in force from `since` (today without it) until the day before
    `until`. Empty domain or division means every one; see `models.Post`.

    Nobody gives a post to themselves, and nobody is two administrators; `duties` states the one
    exception and how an administrator's role passes on from the first account.

    Raises:
        InputError: an unknown role, domain or division, a role that takes none or needs a
            department, days that do not follow each other or lie in the past.
        Denied: no post that gives posts.
        Refused: the account itself, a role it may not hold beside its own, or the same post twice.
    """
    access.require(by, "give_post", domain="", division="")
    account = Account.objects.select_for_update().get(pk=account.pk)
    given = new_post(by, account, role, department, domain, division, since, until)
    _check(given)
    now = queries.duties_now(ahead=True)
    given.first = account.pk == by.pk and duties.is_alone(now, by.code)
    access.refuse_if(duties.why_not_give(now, by=by.code, to=account.code, wanted=role))
    _refuse_same(given)
    passed = duties.handed_over(now, to=account.code, wanted=role)
    for old in Post.objects.filter(code__in=[d.post for d in passed]):
        _end(old, by, f"交接给 {account.code} (handed over)")
    given.save()
    append(
        by=by, verb="accounts.give_post", subject=account.code,
        facts=_post_facts(given) | {"handed_over_by": " ".join(d.account for d in passed) or "-"},
    )  # fmt: skip
    return given


@transaction.atomic
def end_post(*, by: Account, post: Post, reason: str) -> Post:
    """Ends a post at once: the account's next question is answered without it.

    Raises:
        InputError: no reason.
        Denied: no post that ends posts.
        Refused: it has ended, or is that of the last administrator of a kind.
    """
    access.require(by, "end_post", domain="", division="")
    stated = access.stated(reason, 'clew accounts end-post POST --reason "…"')
    current = Post.objects.select_for_update().select_related("account").get(pk=post.pk)
    if current.until is not None and current.until <= clock.today():
        raise Refused(
            f"岗位 {current.code} 已结束 (this post has ended)", next_step="clew accounts list"
        )
    now = queries.duties_now()
    access.refuse_if(duties.why_not_end(now, [d for d in now if d.post == current.code]))
    _end(current, by, stated)
    append(
        by=by, verb="accounts.end_post", subject=current.account.code,
        facts=_post_facts(current) | {"reason": stated},
    )  # fmt: skip
    return current


def new_post(
    by: Account,
    account: Account,
    role: str,
    department: Department | None = None,
    domain: str = "",
    division: str = "",
    since: date | None = None,
    until: date | None = None,
    *,
    first: bool = False,
) -> Post:
    """A post that is not saved yet."""
    return Post(
        code=secrets.token_hex(5), account=account, role=role, department=department,
        domain=domain, division=division, since=since or clock.today(), until=until,
        first=first, given_by=by,
    )  # fmt: skip


def _check(post: Post) -> None:
    """InputError naming the first thing that does not fit."""
    known = [each.code for each in roles.ROLES]
    domains = list(registry.packs())
    faults = [
        (post.role not in known, f"没有角色 {post.role} (no such role)", "clew accounts roles"),
        (
            post.domain not in ("", *domains),
            f"没有领域 {post.domain} (no such domain)", f"可用: {', '.join(domains)}",
        ),
        (
            not divisions.is_subtree(post.division),
            f"{post.division!r} 不是区划代码或其开头 (no beginning of a division code)",
            "--division 3303 (全市 the city), 330381 (一县 one county)",
        ),
        (
            post.since < clock.today() or (post.until is not None and post.until <= post.since),
            "起止日期不合理 (the days lie in the past or do not follow each other)",
            "--since YYYY-MM-DD --until YYYY-MM-DD",
        ),
    ]  # fmt: skip
    if not faults[0][0]:
        faults += [
            (
                roles.unscoped(post.role) and bool(post.domain or post.division),
                "该角色不分领域与区划 (this role takes no domain and no division)",
                "不给 --domain --division (leave them out)",
            ),
            (
                roles.needs_department(post.role) and post.department is None,
                "该角色须有部门 (this role acts for a department)", "--department CODE",
            ),
            (
                post.role in roles.ADMINISTRATORS
                and (post.since != clock.today() or post.until is not None),
                "管理员岗位当日起任, 不设期限 (an administrator's post begins today and is open)",
                "不给 --since --until (leave them out)",
            ),
        ]  # fmt: skip
    for wrong, cause, next_step in faults:
        if wrong:
            raise InputError(cause, next_step=next_step)


def _refuse_same(post: Post) -> None:
    same = queries.unended().filter(
        account=post.account, role=post.role, department=post.department, domain=post.domain,
        division=post.division,
    )  # fmt: skip
    if same.exists():
        raise Refused(
            f"账户 {post.account.code} 已有此岗位 (it holds this post already)",
            next_step=f"clew accounts show {post.account.code}",
        )


def _end(post: Post, by: Account, reason: str) -> None:
    """From today on; a post that had not begun never does."""
    post.until = max(clock.today(), post.since)
    post.ended_by, post.end_reason = by, reason[: access.REASON_LENGTH]
    post.save(update_fields=Post.ENDING)


def _post_facts(post: Post) -> dict[str, object]:
    return {
        "post": post.code,
        "role": post.role,
        "department": post.department.code if post.department else "*",
        "domain": post.domain or "*",
        "division": post.division or "*",
    }
