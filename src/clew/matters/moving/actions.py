"""How a matter is locked, moved by the state machine and written; the verbs share it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction

from clew.accounts.access import without_numbers
from clew.accounts.models import Account, Department
from clew.declare import Lifecycle, Transition
from clew.kernel import clock
from clew.kernel.calendar import Calendar
from clew.kernel.errors import InputError, Refused
from clew.matters import access, deadlines
from clew.matters.deadlines import Running
from clew.matters.facts import Event, Facts, Refusal
from clew.matters.machine import asked_on, step
from clew.matters.models import Deadline, Handler, Matter, MatterClue, Step
from clew.matters.record import facts_of, lifecycle_of, running
from clew.matters.refusals import Declined, declined

NOTE_LENGTH = 200


def locked(by: Account, text: str, what: str, *, expected: str = "") -> Matter:
    """A matter that the account may do this to, held for this transaction.

    Raises:
        NotFound: none that the account sees.
        Denied: it may not do this.
        Declined: it is in another state than expected: somebody moved it.
    """
    found = access.seen(by, text)
    held = Matter.objects.select_for_update(of=("self",)).get(pk=found.pk)
    access.may(by, what, held)
    if expected and held.state != expected:
        raise _moved_on(held, expected)
    return held


def open_for(by: Account, text: str, what: str) -> Matter:
    """`locked`, for what is done only while a matter is open.

    Raises:
        Declined: it is at its end.
    """
    found = locked(by, text, what)
    if found.closed:
        raise Declined(
            f"{found.number} 已结束 (this matter is at its end)",
            code="at_its_end",
            next_step=f'clew matters reopen {found.code} --reason "…"',
        )
    return found


def take(by: Account, matter: Matter, event: Event, note: str = "") -> Step:
    """Moves a locked matter and writes what follows from it.

    Raises:
        Declined: the lifecycle says why not.
    """
    lifecycle = lifecycle_of(matter)
    before = facts_of(matter, lifecycle)
    after = step(lifecycle, before, event, Calendar.shipped())
    if isinstance(after, Refusal):
        raise declined(after, matter.code)
    transition = lifecycle.transition(event.transition)
    assert transition is not None
    taken = Step(
        matter=matter, transition=event.transition, before=before.state, after=after.state,
        on=asked_on(transition, event), note=stated(note), by=by, at=clock.now(),
        answers=_kept(transition, event.answers),
    )  # fmt: skip
    taken.save()
    _write(matter, lifecycle, before, after, taken)
    return taken


def _kept(transition: Transition, answers: Mapping[str, str]) -> dict[str, str]:
    """Answers as they are kept: what somebody typed, without personal numbers; a day as it is."""
    days = {a.code for a in transition.answers if a.kind == "date"}
    return {c: said if c in days else without_numbers(said) for c, said in answers.items()}


def write_clocks(matter: Matter, lifecycle: Lifecycle, clocks: Sequence[Running]) -> int:
    """Keeps the clocks as computed; returns how many deadlines lie on another day than before."""
    today, moved = clock.today(), 0
    held = list(Deadline.objects.filter(matter=matter).order_by("id"))
    for n, each in enumerate(clocks):
        kept = held[n] if n < len(held) else Deadline(matter=matter, clock=each.clock)
        declared = lifecycle.clock(each.clock)
        # What is over stays as it was when it ended.
        on = each.met or today
        due = deadlines.due(declared, each, Calendar.shipped(), on)
        if n < len(held) and running(kept) == each and (kept.due, kept.provisional) == due:
            continue
        moved += n < len(held) and kept.due != due.day
        kept.started, kept.started_at = each.started, each.at
        kept.due, kept.provisional = due
        kept.due_at = deadlines.due_at(declared, each, on)
        kept.spans = [
            [s.first.isoformat(), s.last.isoformat() if s.last else None] for s in each.spans
        ]
        kept.extra, kept.met = each.extra, each.met
        kept.save()
    return moved


def hold_clues(matter: Matter, *, held: bool) -> None:
    """Claims the clues of a matter that is open again, or frees those of one at its end.

    Raises:
        Declined: another open matter holds one of them.
    """
    try:
        with transaction.atomic():
            MatterClue.objects.filter(matter=matter).update(held=held)
    except IntegrityError as error:
        raise Declined(
            "有线索已在另一件未结事项中 (another open matter holds one of its clues)",
            code="clue_held", next_step="clew matters list",
        ) from error  # fmt: skip


def stated(text: str) -> str:
    """A note without personal numbers, trimmed."""
    return without_numbers(" ".join(text.split()))[:NOTE_LENGTH]


def needed(text: str, next_step: str) -> str:
    """`stated`, of what may not be empty.

    Raises:
        InputError: it is.
    """
    if not (said := stated(text)):
        raise InputError("须说明理由 (a reason is needed)", next_step=next_step)
    return said


def _write(matter: Matter, lifecycle: Lifecycle, before: Facts, after: Facts, taken: Step) -> None:
    closed = lifecycle.state(after.state).final
    was_closed = matter.closed
    matter.state, matter.previous = after.state, after.previous
    matter.level, matter.closed = after.level, closed
    matter.payload = {**matter.payload, **taken.answers}
    if after.department != before.department:
        matter.department = Department.objects.get(code=after.department)
    matter.save()
    if after.handlers != before.handlers:
        _hand_over(matter, before, after, taken)
    if closed != was_closed:
        hold_clues(matter, held=not closed)
    write_clocks(matter, lifecycle, after.clocks)


def _hand_over(matter: Matter, before: Facts, after: Facts, taken: Step) -> None:
    gone = before.handlers - after.handlers
    Handler.objects.filter(matter=matter, until=None, account__code__in=gone).update(until=taken.at)
    accounts = Account.objects.filter(code__in=after.handlers - before.handlers, is_active=True)
    for account in accounts:
        Handler(matter=matter, account=account, since=taken.at).save()


def _moved_on(matter: Matter, expected: str) -> Refused:
    last = Step.objects.filter(matter=matter).select_related("by").order_by("-id").first()
    who, when = (last.by.code, f"{last.at:%Y-%m-%d %H:%M}") if last else ("—", "—")
    return Declined(
        f"{matter.number} 已由 {who} 于 {when} 从 {expected} 移到 {matter.state} "
        f"({who} moved it to {matter.state} at {when})",
        code="moved_on",
        next_step=f"clew matters show {matter.code}",
    )
