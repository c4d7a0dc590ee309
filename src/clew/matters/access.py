"""Who sees a matter, and who may do what to it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from clew.accounts.access import one, require, scope_of
from clew.accounts.models import Account
from clew.accounts.roles import ASSIGNED, act
from clew.accounts.scope import NOTHING, Scope
from clew.kernel.errors import NotFound
from clew.matters.models import Handler, Matter

READ = "read"


def visible_matters(account: Account) -> QuerySet[Matter]:
    """Those within the account's posts, and those given to it where a role of it reaches these."""
    scope = scope_of(account)
    within = scope.within(READ, department="department__code")
    found = Matter.objects.select_related("department")
    # An empty filter reaches everything, and would be lost beside another one.
    if within == Q():
        return found.all()
    handled = Handler.objects.filter(matter=OuterRef("pk"), account=account, until=None)
    return found.filter(within | (_given(scope) & Exists(handled)))


def seen(account: Account, text: str) -> Matter:
    """A matter by its number, its id, or the beginning of that.

    Raises:
        NotFound: none that this account sees, or several.
    """
    visible = visible_matters(account)
    if numbered := visible.filter(number=text).first():
        return numbered
    return one(visible, text, cause="没有这件事项 (no such matter)", next_step="clew matters list")


def may(account: Account, what: str, matter: Matter) -> None:
    """
    Raises:
        NotFound: the account does not see the matter.
        Denied: it sees it, and may not do this.
    """
    if not visible_matters(account).filter(pk=matter.pk).exists():
        raise NotFound("没有这件事项 (no such matter)", next_step="clew matters list")
    require(
        account, what, domain=matter.domain, division=matter.division,
        department=matter.department.code, mine=is_mine(account, matter),
    )  # fmt: skip


def roles(account: Account, matter: Matter) -> frozenset[str]:
    """The roles in which an account meets a matter."""
    return scope_of(account).roles(
        domain=matter.domain, division=matter.division, department=matter.department.code
    )


def is_mine(account: Account, matter: Matter) -> bool:
    return Handler.objects.filter(matter=matter, account=account, until=None).exists()


def _given(scope: Scope) -> Q:
    """Where a matter that is given to the person comes into sight."""
    found = NOTHING
    for post in scope.posts:
        if act(READ).reach(post.role) == ASSIGNED:
            here = Q(division__startswith=post.division)
            found |= here & Q(domain=post.domain) if post.domain else here
    return found
