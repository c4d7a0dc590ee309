"""Who sees which batch, and which quarantine."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from clew.accounts.access import denied, one, scope_of
from clew.accounts.models import Account, Department
from clew.accounts.scope import NOTHING
from clew.datasets.models import Batch
from clew.declare import registry


def visible_batches(account: Account) -> QuerySet[Batch]:
    """Those of the owner department, or of the domain for roles that read all of it."""
    return _reached(account, "read_batches")


def visible_quarantine(account: Account) -> QuerySet[Batch]:
    """Batches whose quarantined rows the account sees; those hold cells as delivered."""
    return _reached(account, "read_quarantine")


def seen(account: Account, code: str) -> Batch:
    """A batch by its id, or by the beginning of it.

    Raises:
        NotFound: none that the account sees, or several.
    """
    return named(visible_batches(account), code)


def named(visible: QuerySet[Batch], code: str) -> Batch:
    """The batch among these, by its id or the beginning of it.

    Raises:
        NotFound: none, or several.
    """
    return one(
        visible, code,
        cause=f"没有批次 {code} (no such batch)", next_step="clew datasets batches",
    )  # fmt: skip


def allowed(account: Account, act: str, code: str) -> Batch:
    """A batch that the account sees and to which it may do this.

    Raises:
        NotFound: it sees no such batch.
        Denied: it sees it, and no post allows the act.
    """
    found = seen(account, code)
    require(account, act, found.dataset, found.department)
    return found


def require(account: Account, act: str, dataset: str, department: Department) -> None:
    """
    Raises:
        Denied: no post of the account allows this on a delivery of that dataset and department.
    """
    packs = registry.packs().values()
    domain = next((p.name for p in packs if any(d.name == dataset for d in p.datasets)), "")
    reached = scope_of(account).departments(act, domain)
    if reached is not None and department.code not in reached:
        raise denied(account, act)


def _reached(account: Account, act: str) -> QuerySet[Batch]:
    """A delivery covers its whole domain, so a post in it reaches it wherever its division is. One
    of no known dataset, as a refused file, is seen by posts of every domain.
    """
    scope = scope_of(account)
    where, known = NOTHING, []
    for pack in registry.packs().values():
        names = [d.name for d in pack.datasets]
        known += names
        where |= Q(dataset__in=names) & _of(scope.departments(act, pack.name))
    where |= ~Q(dataset__in=known) & _of(scope.departments(act, ""))
    return Batch.objects.filter(where).select_related("department")


def _of(departments: tuple[str, ...] | None) -> Q:
    return Q() if departments is None else Q(department__code__in=departments)
