"""The verb that looks back: it certifies a matter, sends it back, or reopens one at its end."""

from __future__ import annotations

from django.db import transaction

from clew.accounts.models import Account
from clew.audit.actions import append
from clew.kernel import clock
from clew.kernel.errors import Refused
from clew.matters import access
from clew.matters.facts import FAIL, PARTIAL, Event
from clew.matters.look_back.rerun import Seen, look
from clew.matters.models import LookBack, Matter
from clew.matters.moving.actions import locked, take
from clew.matters.record import lifecycle_of
from clew.matters.refusals import Declined, heard

VERB = "look_back"
_REASON = "回头看未通过 (the look-back failed)"
_GUARDS = {FAIL: "look_back_failed", PARTIAL: "look_back_partial"}


def look_back(*, by: Account, matter: str) -> LookBack:
    """Runs the detectors of the confirmed clues again on their subjects.

    Nothing new: the matter is certified and can be closed. Something new: the lifecycle says where
    it goes; a matter at its end is reopened. The detectors run before anything is locked.

    Raises:
        NotFound: no matter that the account sees.
        Denied: no post of the account looks back there.
        Refused: its state has no look-back, nothing is confirmed, a detector cannot run, or
            somebody moved the matter meanwhile.
    """
    found = check(by=by, matter=matter)
    return _looked(by=by, matter=found.code, state=found.state, seen=_seen(by=by, matter=found))


@heard("matters.look_back")
@transaction.atomic
def check(*, by: Account, matter: str) -> Matter:
    """Whether the account may look back at the matter as it is now; NotFound, Denied and Refused
    as above.
    """
    found = locked(by, matter, "look_back")
    over = found.closed and found.look_backs.exists()
    if not over and not _ways(found):
        raise Declined(
            f"{found.number} 现在不是回头看的时候 (no look-back in this state)",
            code="no_look_back", next_step=f"clew matters show {found.code}",
        )  # fmt: skip
    return found


@heard("matters.look_back", locks=False)
def _seen(*, by: Account, matter: Matter) -> Seen:
    return look(matter)


@heard("matters.look_back")
@transaction.atomic
def _looked(*, by: Account, matter: str, state: str, seen: Seen) -> LookBack:
    found = locked(by, matter, "look_back", expected=state)
    kept = LookBack(
        matter=found, since=seen.since.date(), result=seen.result, found=list(seen.found),
        deliveries=seen.deliveries, frozen=dict(seen.frozen), by=by, at=clock.now(),
    )  # fmt: skip
    kept.save()
    if seen.result in _GUARDS:
        _send_back(by, found, _GUARDS[seen.result])
    append(
        by=by, verb="matters.look_back", subject=found.code,
        facts={"result": seen.result, "found": list(seen.found), "deliveries": seen.deliveries,
               "state": found.state},
    )  # fmt: skip
    return kept


def _ways(matter: Matter) -> dict[str, str]:
    """Guard → transition, of those that a look-back takes from here."""
    leaving = lifecycle_of(matter).leaving(matter.state)
    return {guard: t.name for t in leaving if t.by_verb == VERB for guard in t.guards}


def _send_back(by: Account, matter: Matter, guard: str) -> None:
    name, verb, answers = _ways(matter).get(guard, ""), VERB, dict[str, str]()
    if matter.closed:
        name, verb, answers = "reopen", "reopen", {"reason": _REASON}
    if not name:
        raise Refused(
            f"{matter.state} 没有 {guard} 的去向 (no way out for this result)",
            next_step=f"clew matters show {matter.code}",
        )
    roles = access.roles(by, matter)
    take(by, matter, Event(name, by.code, roles, clock.today(), clock.now(), answers, verb=verb))
