"""Reading matters: lists by state and lamp, what is mine to do, the board, money, reminders.

Every list takes a fixed number of queries, however long it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Exists, OuterRef, Q, QuerySet

from clew.accounts.models import Account
from clew.declare import Clock, Lifecycle, State, Transition
from clew.kernel import clock
from clew.matters import access, deadlines
from clew.matters.deadlines import BLUE, RED, STANDS, YELLOW
from clew.matters.models import (
    Attachment,
    Deadline,
    Handler,
    LookBack,
    Matter,
    MatterClue,
    Money,
    Request,
    Step,
)
from clew.matters.money.sums import Sums, counted, sums
from clew.matters.record import lifecycle_of, running

TODO, DONE, WATCHED, OVERDUE = "todo", "done", "watched", "overdue"
VIEWS = (TODO, DONE, WATCHED, OVERDUE)
"""待办, 已办, 督办, 超期: what waits for me, what I did, what others do under me, what is late."""
_GRAVITY = {RED: 3, YELLOW: 2, STANDS: 1, BLUE: 0, "": 0}


@dataclass(frozen=True, slots=True)
class Timed:
    """A deadline as it stands today."""

    deadline: Deadline
    clock: Clock
    lamp: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One matter in a list. `lamp` is the gravest of the clocks that run, "" where none does;
    `due` the next day on which one runs out.
    """

    matter: Matter
    state: State
    handlers: tuple[str, ...]
    clues: int
    lamp: str
    due: date | None
    provisional: bool
    overdue: bool


@dataclass(frozen=True, slots=True)
class Page:
    """All of one matter."""

    matter: Matter
    lifecycle: Lifecycle
    handlers: tuple[str, ...]
    clues: tuple[MatterClue, ...]
    steps: tuple[Step, ...]
    deadlines: tuple[Timed, ...]
    papers: tuple[Attachment, ...]
    money: tuple[Money, ...]
    sums: Sums
    requests: tuple[Request, ...]
    look_backs: tuple[LookBack, ...]
    children: tuple[Matter, ...]
    ways: tuple[Transition, ...]


@dataclass(frozen=True, slots=True)
class Reminder:
    """A clock of which this share is over as of today."""

    matter: Matter
    clock: Clock
    share: Fraction
    due: date


def matters(
    account: Account, *, state: str = "", lamp: str = "", view: str = "", domain: str = ""
) -> list[Line]:
    """The matters that an account sees, oldest first; of one state, lamp, view or domain."""
    found = access.visible_matters(account)
    if state:
        found = found.filter(state=state)
    if domain:
        found = found.filter(domain=domain)
    if view:
        found = _viewed(found, account, view)
    kept = lines(found)
    if view == OVERDUE:
        kept = [line for line in kept if line.overdue]
    return [line for line in kept if lamp in ("", line.lamp)]


def lines(found: Iterable[Matter]) -> list[Line]:
    """Four queries, whatever the number of matters."""
    chosen = list(found)
    ids = [m.pk for m in chosen]
    handlers, clues = _grouped_handlers(ids), _counted_clues(ids)
    timed: dict[int, list[Timed]] = {}
    open_ones = {m.pk: m for m in chosen}
    for each in Deadline.objects.filter(matter_id__in=ids, met=None).order_by("id"):
        timed.setdefault(each.matter_id, []).append(_timed(each, open_ones[each.matter_id]))
    return [
        _line(m, handlers.get(m.pk, []), clues.get(m.pk, 0), timed.get(m.pk, [])) for m in chosen
    ]


def board(account: Account, domain: str = "") -> dict[str, list[Line]]:
    """Open matters by state, in the order of their lifecycles, empty states too."""
    found = access.visible_matters(account).filter(closed=False)
    if domain:
        found = found.filter(domain=domain)
    listed = lines(found)
    rules = {lifecycle_of(line.matter).id: lifecycle_of(line.matter) for line in listed}
    states = [s.code for each in rules.values() for s in each.states if not s.final]
    columns: dict[str, list[Line]] = {code: [] for code in dict.fromkeys(states)}
    for line in listed:
        columns[line.matter.state].append(line)
    return columns


def counts(account: Account) -> dict[str, int]:
    """How many matters stand in each view of the account."""
    return {view: len(matters(account, view=view)) for view in VIEWS}


def page(account: Account, text: str) -> Page:
    """
    Raises:
        NotFound: no matter that the account sees.
    """
    found = access.seen(account, text)
    rules = lifecycle_of(found)
    money = list(found.money.select_related("credit_to", "reverses").order_by("id"))
    return Page(
        matter=found,
        lifecycle=rules,
        handlers=tuple(_grouped_handlers([found.pk]).get(found.pk, [])),
        clues=tuple(found.clues.select_related("clue", "verdict", "identity").order_by("id")),
        steps=tuple(found.steps.select_related("by").order_by("id")),
        deadlines=tuple(_timed(d, found) for d in found.deadlines.order_by("id")),
        papers=tuple(found.papers.select_related("by").order_by("id")),
        money=tuple(money),
        sums=sums(money),
        requests=tuple(found.requests.select_related("asked_by", "decided_by").order_by("id")),
        look_backs=tuple(found.look_backs.order_by("id")),
        children=tuple(found.children.order_by("id")),
        ways=_ways(account, found, rules),
    )


def matter_of_clue(code: str) -> Matter | None:
    """The matter that holds a clue, else the last that held it."""
    member = (
        MatterClue.objects.filter(clue__code=code)
        .select_related("matter__department")
        .order_by("-held", "-id")
        .first()
    )
    return member.matter if member else None


def of_domain(domain: str) -> QuerySet[Matter]:
    """Every matter of a domain, whoever asks: for figures, which show no single one to anybody."""
    return Matter.objects.filter(domain=domain).select_related("department")


def money_of_domain(domain: str) -> Iterator[tuple[Money, int]]:
    """Every entry of money of a domain with the fen that count."""
    entries = Money.objects.filter(matter__domain=domain).order_by("id")
    return counted(entries.select_related("matter", "credit_to"))


def matters_of_clues(domain: str) -> dict[int, str]:
    """Clue's database id → the id of the matter that holds it, else of the last that did."""
    members = MatterClue.objects.filter(matter__domain=domain).order_by("held", "id")
    return dict(members.values_list("clue_id", "matter__code"))


def reminders(on: date | None = None) -> list[Reminder]:
    """The clocks of which 50, 80 or 100 % are over on exactly this day (today without one)."""
    day = on or clock.today()
    found = []
    waiting = Deadline.objects.filter(met=None, matter__closed=False).order_by("id")
    for each in waiting.select_related("matter__department"):
        timed = _timed(each, each.matter)
        if timed.lamp == STANDS:
            continue
        reached = [s for s, first in deadlines.reminders(running(each), each.due) if first == day]
        if reached:
            found.append(Reminder(each.matter, timed.clock, reached[-1], each.due))
    return found


def to_decide(account: Account) -> list[Request]:
    """What others asked for in the matters that an account sees, and that it did not handle."""
    seen = access.visible_matters(account).filter(closed=False)
    handled = Handler.objects.filter(matter=OuterRef("matter"), account=account)
    waiting = Request.objects.filter(~Exists(handled), granted=None, matter__in=seen)
    return list(
        waiting.exclude(asked_by=account).select_related("matter__department", "asked_by")
    )


def _viewed(found: QuerySet[Matter], account: Account, view: str) -> QuerySet[Matter]:
    mine = Exists(Handler.objects.filter(matter=OuterRef("pk"), account=account, until=None))
    took_part = Exists(Step.objects.filter(matter=OuterRef("pk"), by=account))
    if view == TODO:
        return found.filter(mine, closed=False)
    if view == DONE:
        return found.filter(took_part & ~(Q(closed=False) & mine))
    if view == WATCHED:
        return found.filter(~mine, closed=False).filter(Q(level__gt=0) | took_part)
    return found.filter(closed=False)


def _line(matter: Matter, handlers: list[str], clues: int, timed: Sequence[Timed]) -> Line:
    lamps = [t.lamp for t in timed]
    due = min((t.deadline.due for t in timed if t.lamp != STANDS), default=None)
    return Line(
        matter, lifecycle_of(matter).state(matter.state), tuple(handlers), clues,
        max(lamps, key=_GRAVITY.__getitem__, default=""), due,
        any(t.deadline.provisional for t in timed), any(t.overdue for t in timed),
    )  # fmt: skip


def _timed(deadline: Deadline, matter: Matter) -> Timed:
    going, today = running(deadline), clock.today()
    return Timed(
        deadline, lifecycle_of(matter).clock(deadline.clock),
        deadlines.lamp(going, deadline.due, today), deadlines.overdue(going, deadline.due, today),
    )  # fmt: skip


def _ways(account: Account, matter: Matter, rules: Lifecycle) -> tuple[Transition, ...]:
    """What the account's roles may take from here; the lifecycle may still say no."""
    held = access.roles(account, matter)
    return tuple(t for t in rules.leaving(matter.state) if held & set(t.roles))


def _grouped_handlers(ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    present = Handler.objects.filter(matter_id__in=ids, until=None).order_by("id")
    for matter, code in present.values_list("matter_id", "account__code"):
        found.setdefault(matter, []).append(code)
    return found


def _counted_clues(ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for matter in MatterClue.objects.filter(matter_id__in=ids).values_list("matter_id", flat=True):
        found[matter] = found.get(matter, 0) + 1
    return found
