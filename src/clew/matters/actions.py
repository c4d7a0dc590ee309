"""The verbs that move a matter. Each is atomic and leaves exactly one ledger entry, also where it
is refused; what else happens to a matter lives in the folders beside this file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from django.db import transaction

from clew.accounts.access import scope_of
from clew.accounts.models import Account, Department
from clew.accounts.queries import department as find_department
from clew.audit.actions import append
from clew.kernel import clock
from clew.kernel.errors import InputError
from clew.matters import access
from clew.matters.facts import Event
from clew.matters.machine import GROUND
from clew.matters.models import Matter, MatterClue, Money, Step
from clew.matters.moving.actions import locked, needed, open_for, take
from clew.matters.papers.actions import Paper, add_papers
from clew.matters.record import lifecycle_of
from clew.matters.refusals import Declined, heard

NO_ANSWERS: Mapping[str, str] = MappingProxyType({})


@heard("matters.advance")
@transaction.atomic
def advance(
    *,
    by: Account,
    matter: str,
    transition: str,
    answers: Mapping[str, str] = NO_ANSWERS,
    attachments: Sequence[Paper] = (),
    expected_state: str = "",
    note: str = "",
) -> Step:
    """Moves a matter along its lifecycle, with papers and answers.

    expected_state: the state that the person saw; if somebody moved the matter since, the answer
    says who and when.

    Raises:
        InputError: a paper that is not taken.
        NotFound: no matter that the account sees.
        Denied: no post of the account moves matters there.
        Declined: moved meanwhile, or the lifecycle says why not.
    """
    found = locked(by, matter, "advance", expected=expected_state)
    papers = add_papers(by, found, attachments)
    taken = take(by, found, _event(by, found, transition, answers), note)
    append(
        by=by, verb="matters.advance", subject=found.code,
        facts={**_moved(taken), "papers": [p.sha256 for p in papers]},
    )  # fmt: skip
    return taken


@heard("matters.assign")
@transaction.atomic
def assign(
    *,
    by: Account,
    matter: str,
    handlers: Sequence[str],
    department: str = "",
    reason: str = "",
    expected_state: str = "",
) -> Step:
    """Names the handlers, and the department if it changes; one who handled it already may be left
    out with a reason.

    Raises:
        NotFound: no such matter, department or account.
        Denied, Declined: as of `advance`.
    """
    found = locked(by, matter, "assign", expected=expected_state)
    owner = find_department(department) if department else found.department
    chosen = _able(found, owner, handlers)
    first = "assign" in {t.name for t in lifecycle_of(found).leaving(found.state)}
    event = _event(
        by, found, "assign" if first else "reassign", NO_ANSWERS if first else {"reason": reason},
        verb="assign", department=owner.code, handlers=frozenset(chosen),
    )  # fmt: skip
    taken = take(by, found, event, reason)
    append(
        by=by, verb="matters.assign", subject=found.code,
        facts={**_moved(taken), "department": found.department.code,
               "handlers": sorted(event.handlers)},
    )  # fmt: skip
    return taken


@heard("matters.return")
@transaction.atomic
def return_once(*, by: Account, matter: str, reason: str, expected_state: str = "") -> Step:
    """A handler gives an assigned matter back, in time and with a reason; the second time it goes
    to coordination.

    Raises:
        NotFound, Denied, Declined: as of `advance`.
    """
    found = locked(by, matter, "advance", expected=expected_state)
    again = Step.objects.filter(matter=found, transition="return").exists()
    return _plain(by, found, "return_again" if again else "return", reason, "return_once")


@heard("matters.suspend")
@transaction.atomic
def suspend(
    *, by: Account, matter: str, ground: str, reason: str, paper: Paper | None = None
) -> Step:
    """Stops the clocks that this ground stops; needs the paper that it rests on.

    Raises:
        NotFound, Denied, Declined: as of `advance`.
    """
    found = locked(by, matter, "suspend")
    papers = add_papers(by, found, [paper] if paper else [])
    event = _event(by, found, "suspend", {GROUND: ground, "reason": reason}, verb="suspend")
    taken = take(by, found, event, reason)
    append(
        by=by, verb="matters.suspend", subject=found.code,
        facts={**_moved(taken), "ground": ground, "papers": [p.sha256 for p in papers]},
    )  # fmt: skip
    return taken


@heard("matters.resume")
@transaction.atomic
def resume(*, by: Account, matter: str, reason: str) -> Step:
    """The clocks run again from today.

    Raises:
        NotFound, Denied, Declined: as of `advance`.
    """
    return _plain(by, locked(by, matter, "suspend"), "resume", reason, "resume")


@heard("matters.reopen")
@transaction.atomic
def reopen(*, by: Account, matter: str, reason: str) -> Step:
    """A matter that had ended is handled again, and holds its clues again.

    Raises:
        NotFound, Denied, Declined: as of `advance`; Declined too where another matter holds one of
            its clues by now.
    """
    return _plain(by, locked(by, matter, "reopen"), "reopen", reason, "reopen")


@heard("matters.merge")
@transaction.atomic
def merge(*, by: Account, matter: str, into: str, reason: str) -> Matter:
    """Ends a matter and gives its clues, with what was said of them, to another open one.

    Raises:
        NotFound, Denied: as of `advance`, for either of them.
        Declined: other domains or lifecycles, money booked, open children, or one at its end.
    """
    source, target = open_for(by, matter, "merge"), open_for(by, into, "merge")
    _may_merge(source, target)
    members = list(MatterClue.objects.filter(matter=source).order_by("id"))
    event = _event(by, source, "merge", {"reason": reason}, verb="merge")
    taken = take(by, source, event, reason)
    for member in members:
        MatterClue(
            matter=target, clue=member.clue, outcome=member.outcome, code=member.code,
            verdict=member.verdict, answers=member.answers, identity=member.identity,
        ).save()  # fmt: skip
    source.merged_into = target
    source.save(update_fields=["merged_into"])
    append(
        by=by, verb="matters.merge", subject=source.code,
        facts={**_moved(taken), "into": target.code, "clues": len(members)},
    )  # fmt: skip
    return target


def _plain(by: Account, found: Matter, transition: str, reason: str, verb: str) -> Step:
    needed(reason, f"clew matters show {found.code}")
    taken = take(by, found, _event(by, found, transition, {"reason": reason}, verb=verb), reason)
    append(by=by, verb="matters.step", subject=found.code, facts=_moved(taken))
    return taken


def _event(
    by: Account,
    matter: Matter,
    transition: str,
    answers: Mapping[str, str],
    *,
    verb: str = "",
    department: str = "",
    handlers: frozenset[str] = frozenset(),
) -> Event:
    return Event(
        transition, by.code, access.roles(by, matter), clock.today(), clock.now(), dict(answers),
        verb=verb, department=department, handlers=handlers,
    )  # fmt: skip


def _moved(taken: Step) -> dict[str, object]:
    return {
        "transition": taken.transition, "before": taken.before, "after": taken.after,
        "on": taken.on.isoformat(),
    }  # fmt: skip


def _able(matter: Matter, department: Department, codes: Sequence[str]) -> list[str]:
    """Codes of accounts that may move the matter on once it is theirs.

    Raises:
        InputError: one that does not exist, is deactivated, or has no post for it.
    """
    accounts = Account.objects.filter(code__in=codes)
    able = [
        a.code
        for a in accounts
        if scope_of(a).allows(
            "advance", domain=matter.domain, division=matter.division,
            department=department.code, mine=True,
        )
    ]  # fmt: skip
    if unfit := sorted(set(codes) - set(able)):
        raise InputError(
            f"不能承办: {', '.join(unfit)} (no active account with a post for this matter)",
            next_step="clew accounts list",
        )
    return able


def _may_merge(source: Matter, target: Matter) -> None:
    def refuse(zh: str, en: str) -> Declined:
        return Declined(
            f"{zh} ({en})", code="no_merge", next_step=f"clew matters show {source.code}"
        )

    if source.pk == target.pk:
        raise refuse("不能并入自身", "a matter is not merged into itself")
    if (source.domain, source.lifecycle) != (target.domain, target.lifecycle):
        raise refuse("领域或流程不同", "another domain or lifecycle")
    if Money.objects.filter(matter=source).exists():
        raise refuse("已有款项, 不能并案", "money is booked on it")
    if source.children.filter(closed=False).exists():
        raise refuse("有未结子事项", "it has open children")
