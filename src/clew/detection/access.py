"""Who sees which clue, run and ticket, and a clue's subject in clear.

What is out of sight is not found, in the same words as what is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from clew.accounts import actions
from clew.accounts.access import may_unmask, one, require, scope_of
from clew.accounts.models import Account
from clew.accounts.scope import NOTHING
from clew.datasets import places
from clew.datasets.access import require as require_delivery
from clew.datasets.access import visible_batches
from clew.datasets.places import RowPlace
from clew.declare import registry
from clew.detection.divisions import Sighted, divisions
from clew.detection.models import Clue, Hit, Run, Ticket
from clew.detection.queries import current
from clew.kernel.errors import NotFound


def visible_clues(account: Account) -> QuerySet[Clue]:
    """Those in the domains and divisions of the account's posts. A clue that lies nowhere is seen
    by posts without a division. What a partner or an expert sees comes to them with its matter.
    """
    return Clue.objects.filter(scope_of(account).within("read"))


def seen(account: Account, code: str) -> Clue:
    """A clue by its id, or by the beginning of it.

    Raises:
        NotFound: none that the account sees, or several.
    """
    why = no_clue(code)
    return one(visible_clues(account), code, cause=why.cause, next_step=why.next_step)


def visible_hits(account: Account) -> QuerySet[Hit]:
    """Today's sightings, as `queries.current`, of the clues that the account sees."""
    scope = scope_of(account).within("read", domain="clue__domain", division="clue__division")
    return current().filter(scope)


def seen_hits(account: Account, hits: Iterable[Hit], act: str = "read") -> list[Hit]:
    """Those whose clue the account sees, or to which it may do this; the hits carry their clue."""
    scope = scope_of(account)
    found = list(hits)
    allowed_in = {
        place: scope.allows(act, domain=place[0], division=place[1])
        for place in {(h.clue.domain, h.clue.division) for h in found}
    }
    return [h for h in found if allowed_in[h.clue.domain, h.clue.division]]


def allowed(account: Account, act: str, code: str) -> Clue:
    """A clue that the account sees and to which it may do this.

    Raises:
        NotFound: it sees no such clue.
        Denied: it sees it, and no post allows the act.
    """
    found = seen(account, code)
    require(account, act, domain=found.domain, division=found.division)
    return found


def check_thread(account: Account, text: str) -> None:
    """Call before the thread of a clue or of a source row is shown.

    Raises:
        NotFound: it leads to a clue that the account does not see.
    """
    named = Clue.objects.filter(code__startswith=text) if text else Clue.objects.none()
    if not named.exists():
        found = places.rows_by_key(text)
        rows = [place.row_id for place in seen_rows(account, found)]
        if found and not rows:
            raise no_clue(text)
        named = Clue.objects.filter(hits__evidence__row_id__in=rows)
    if named.exists() and not (named & visible_clues(account)).exists():
        raise no_clue(text)


def seen_rows(account: Account, rows: Sequence[RowPlace]) -> list[RowPlace]:
    """Those of batches that the account sees; and where an institution is at work in the row, only
    in the divisions of the account's posts.
    """
    scope = scope_of(account)
    owners = dict(visible_batches(account).values_list("code", "department__code"))
    where = _divisions([row for row in rows if row.batch in owners])
    return [
        row
        for row in rows
        if row.batch in owners
        and (
            row.row_id not in where
            or scope.allows(
                "read_batches", domain=where[row.row_id][0], division=where[row.row_id][1],
                department=owners[row.batch],
            )
        )
    ]  # fmt: skip


def _divisions(rows: Sequence[RowPlace]) -> dict[int, tuple[str, str]]:
    """Row id → domain and division, for rows that tell one."""
    found: dict[int, tuple[str, str]] = {}
    for pack in registry.packs().values():
        names = {d.name for d in pack.datasets}
        own = [row.row_id for row in rows if row.dataset in names]
        told = divisions(pack, [Sighted("set", "", (), (row_id,), ()) for row_id in own])
        found |= {i: (pack.name, where) for i, where in zip(own, told, strict=True) if where}
    return found


def seen_codes(account: Account, codes: Iterable[str]) -> set[str]:
    """Those of these clue ids that the account sees."""
    found: set[str] = set()
    wanted = sorted(set(codes))
    for start in range(0, len(wanted), 10_000):
        here = visible_clues(account).filter(code__in=wanted[start : start + 10_000])
        found |= set(here.values_list("code", flat=True))
    return found


def require_domain(account: Account, act: str, domain: str) -> None:
    """
    Raises:
        Denied: no post allows it for the whole domain. What counts over all divisions at once
            would otherwise tell one county of the others.
    """
    require(account, act, domain=domain, division="")


def visible_runs(account: Account) -> QuerySet[Run]:
    """All runs for whoever reads those of any domain: one may have gone over several."""
    scope = scope_of(account)
    reads = any(scope.divisions("read_runs", name) for name in registry.packs())
    return Run.objects.all() if reads else Run.objects.filter(NOTHING)


def ticket_allowed(account: Account, act: str, code: str) -> Ticket:
    """A ticket that the account sees and to which it may do this.

    Raises:
        NotFound: it sees no such ticket.
        Denied: it sees it, and no post allows the act.
    """
    found = one(
        visible_tickets(account).select_related("department", "clue"), code,
        cause=f"没有数据质量单 {code} (no such ticket)", next_step="clew tickets list",
    )  # fmt: skip
    require_delivery(account, act, found.dataset, found.department)
    return found


def visible_tickets(account: Account) -> QuerySet[Ticket]:
    """Tickets on datasets of the account's domains, or of its department where its posts say so."""
    scope = scope_of(account)
    where = NOTHING
    for pack in registry.packs().values():
        reached = scope.departments("read_tickets", pack.name)
        here = Q(dataset__in=[d.name for d in pack.datasets])
        where |= here if reached is None else here & Q(department__code__in=reached)
    return Ticket.objects.filter(where)


def unmask(*, by: Account, subject: str, hits: Sequence[Hit], reason: str) -> None:
    """Call before the subjects of these sightings are shown in clear; if it raises, show nothing.

    The purpose is the runs that sighted them.

    Raises:
        Denied: no post that sees such data in clear, for one of the clues.
        Refused: no reason.
    """
    actions.unmask(
        by=by, subject=subject, reason=reason,
        purpose=" ".join(sorted({h.run.code for h in hits})),
        places={(h.clue.domain, h.clue.division) for h in hits},
        sensitivity=_sensitivity(hits),
    )  # fmt: skip


def may_see_clear(account: Account, hits: Sequence[Hit], *, reason: str, purpose: str) -> None:
    """Whether the account may see the subjects of these sightings in clear; shows nothing, and
    writes nothing down.

    Raises:
        Denied: no post that sees such data in clear, for one of the clues.
        Refused: no reason.
    """
    may_unmask(
        account, reason=reason, purpose=purpose, sensitivity=_sensitivity(hits),
        places={(h.clue.domain, h.clue.division) for h in hits},
    )  # fmt: skip


def no_clue(code: str) -> NotFound:
    return NotFound(f"没有线索 {code} (no such clue)", next_step="clew clues list")


def _sensitivity(hits: Sequence[Hit]) -> int:
    """The highest class among all that the domains of these clues hold."""
    packs = [registry.pack(domain) for domain in {h.clue.domain for h in hits}]
    columns = (c for p in packs for d in p.datasets for c in d.columns.values())
    return max((int(c.type.sensitivity.removeprefix("S")) for c in columns), default=3)
