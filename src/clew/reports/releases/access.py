"""Who sees which release: its asker, and those who may decide it."""

from __future__ import annotations

from collections.abc import Sequence

from clew.accounts.access import denied, one, scope_of
from clew.accounts.models import Account
from clew.accounts.scope import Scope
from clew.detection import access
from clew.detection.models import Hit
from clew.kernel import clock
from clew.kernel.errors import NotFound, Refused
from clew.reports.models import Release


def visible_releases(account: Account) -> list[Release]:
    """The account's own, and those over clues of which every one lies where it may release;
    newest first.
    """
    scope, found = scope_of(account), Release.objects.select_related("by", "decided_by")
    if not scope.holds("release"):
        return list(found.filter(by=account))
    return [r for r in found if r.by_id == account.pk or _reaches(scope, r)]


def to_decide(account: Account) -> list[Release]:
    """Those that wait for this account's word."""
    scope = scope_of(account)
    waiting = Release.objects.filter(status=Release.ASKED).exclude(by=account)
    return [r for r in waiting.select_related("by") if _reaches(scope, r)]


def seen(account: Account, code: str) -> Release:
    """A release by its id, or by the beginning of it.

    Raises:
        NotFound: none that the account sees, or several.
    """
    visible = Release.objects.filter(pk__in=[r.pk for r in visible_releases(account)])
    return one(
        visible.select_related("by", "decided_by"), code,
        cause="没有这项放行 (no such release)", next_step="clew releases list",
    )  # fmt: skip


def require_release(account: Account, release: Release) -> None:
    """
    Raises:
        Denied: no post of the account releases all of its clues.
    """
    if not _reaches(scope_of(account), release):
        raise denied(account, "release")


def standing(account: Account, code: str, hits: Sequence[Hit]) -> Release:
    """The release under which the account takes these sightings in clear.

    Raises:
        NotFound: no release of that name, or somebody else's.
        Refused: not granted, run out, or it does not hold one of the clues.
        Denied: no post that sees such data in clear any more.
    """
    found = seen(account, code)
    if found.by_id != account.pk:
        raise NotFound("没有这项放行 (no such release)", next_step="clew releases list")
    if found.status != Release.GRANTED or found.until is None:
        raise Refused(
            f"放行 {found.code} 未获批准 (this release is not granted)",
            next_step=f"clew releases show {found.code}",
        )
    if found.until < clock.today():
        raise Refused(
            f"放行 {found.code} 已于 {found.until} 到期 (this release has run out)",
            next_step="clew releases ask",
        )
    if over := sorted({h.clue.code for h in hits} - set(found.clues)):
        raise Refused(
            f"放行 {found.code} 不含线索 {over[0]} (it does not hold this clue)",
            next_step="clew releases ask",
        )
    access.may_see_clear(account, hits, reason=found.reason, purpose=found.code)
    return found


def _reaches(scope: Scope, release: Release) -> bool:
    return all(scope.allows("release", domain=d, division=v) for d, v in release.places)
