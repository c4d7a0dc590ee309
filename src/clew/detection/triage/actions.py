"""The verb of triage that is no verdict: put aside for a matter, look at later, take back."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from clew.accounts.models import Account
from clew.audit.actions import append
from clew.detection import access
from clew.detection.models import Clue, Mark
from clew.detection.triage.marks import standing
from clew.kernel import clock
from clew.kernel.errors import InputError, Refused


@transaction.atomic
def mark(*, by: Account, clue: str, kind: str, until: date | None = None) -> Mark:
    """
    until: for SNOOZED alone, the first day on which the clue is shown again.

    Raises:
        InputError: another kind, or a day that is not ahead.
        NotFound: no such clue, or out of sight.
        Denied: no post triages there.
        Refused: somebody has judged the clue, a colleague's mark stands on it, or nothing is
            marked that could be taken back.
    """
    found = access.allowed(by, "triage", clue)
    if kind not in (Mark.ACCEPTED, Mark.SNOOZED, Mark.CLEARED):
        raise InputError(f"没有这种研判 {kind!r} (no such mark)", next_step="accepted, snoozed")
    if (kind == Mark.SNOOZED) != (until is not None) or (until and until <= clock.today()):
        raise InputError(
            "暂缓须给出今天以后的日期 (a later day, for a clue that is put off)",
            next_step="选 7 天或 30 天 (7 or 30 days)",
        )
    current = Clue.objects.select_for_update().get(pk=found.pk)
    if kind != Mark.CLEARED and current.status != Clue.OPEN:
        raise Refused(
            f"线索 {current.code} 已由他人判定 (somebody has judged it meanwhile)",
            next_step="刷新后再看 (reload and look again)",
        )
    stands = standing([current.pk]).get(current.pk)
    if kind == Mark.CLEARED and stands is None:
        raise Refused("没有可撤销的研判 (nothing to take back)", next_step="刷新后再看 (reload)")
    if stands is not None and stands.by_id != by.pk:
        raise Refused(
            f"{stands.by.code} 已先研判此线索 (a colleague has marked it already)",
            next_step="刷新后再看, 或与其商量 (reload, or ask the colleague)",
        )
    made = Mark.objects.create(clue=current, kind=kind, until=until, by=by, at=clock.now())
    append(
        by=by, verb="detection.mark", subject=current.code,
        facts={"kind": kind, "until": until.isoformat() if until else None},
    )  # fmt: skip
    return made
