"""A matter's record as the facts that the state machine reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from clew.declare import OPENED, PAID, Lifecycle, registry
from clew.detection.models import Evidence, Hit
from clew.detection.queries import batched, confirm_identity, evidence
from clew.kernel.errors import NotFound
from clew.matters.deadlines import Running, Span
from clew.matters.facts import ClueFacts, Facts, settled
from clew.matters.models import Deadline, Handler, Matter, MatterClue, Money, Step
from clew.matters.money.sums import Sums, sums


def lifecycle_of(matter: Matter) -> Lifecycle:
    """The lifecycle by which a matter moves, as it is declared now.

    Raises:
        NotFound: its pack declares it no longer.
    """
    return lifecycle(matter.domain, matter.lifecycle)


def lifecycle(domain: str, name: str = "") -> Lifecycle:
    """A pack's lifecycle by name; its first without one.

    Raises:
        NotFound: the pack has none of that name, or none at all.
    """
    declared = registry.pack(domain).lifecycles
    found = next((each for each in declared if name in ("", each.id)), None)
    if found is None:
        raise NotFound(
            f"{domain} 没有流程 {name} (no such lifecycle)",
            next_step=f"可用: {', '.join(each.id for each in declared)}",
        )
    return found


def facts_of(matter: Matter, lifecycle: Lifecycle) -> Facts:
    """All that is on record of a matter, in a fixed number of queries."""
    steps = list(Step.objects.filter(matter=matter).order_by("id"))
    handlers = list(Handler.objects.filter(matter=matter).select_related("account__department"))
    present = [h.account for h in handlers if h.until is None]
    members = list(MatterClue.objects.filter(matter=matter).select_related("clue"))
    hits = latest_hits([m.clue_id for m in members])
    money = sums(Money.objects.filter(matter=matter))
    departments = {matter.department.code} | {a.department.code for a in present if a.department}
    facts = Facts(
        state=matter.state, opened=matter.opened_on, previous=matter.previous, level=matter.level,
        department=matter.department.code, departments=len(departments),
        handlers=frozenset(a.code for a in present),
        hands=frozenset(h.account.code for h in handlers),
        papers=Counter(matter.papers.values_list("kind", flat=True)),
        taken=Counter(s.transition for s in steps),
        clocks=tuple(running(d) for d in Deadline.objects.filter(matter=matter).order_by("id")),
        clues=clue_facts(members, hits),
        at_stake=sum(h.fund + h.account for h in hits.values()),
        due=money.due, recovered=money.recovered, written_off=money.written_off,
        children_open=matter.children.filter(closed=False).count(),
        look_back=_look_back(matter, steps),
    )  # fmt: skip
    return _dated(facts, lifecycle, steps, money)


def latest_hits(clues: Iterable[int]) -> dict[int, Hit]:
    """Clue's database id → its latest sighting."""
    found: dict[int, Hit] = {}
    for wanted in batched(clues, 10_000):
        for hit in Hit.objects.filter(clue_id__in=wanted).select_related("run").order_by("run_id"):
            found[hit.clue_id] = hit
    return found


def clue_facts(members: Sequence[MatterClue], hits: Mapping[int, Hit]) -> tuple[ClueFacts, ...]:
    rows = evidence(list(hits.values()))
    return tuple(_clue(m, hits[m.clue_id], rows[hits[m.clue_id].pk]) for m in members)


def running(deadline: Deadline) -> Running:
    spans = tuple(
        Span(date.fromisoformat(first), date.fromisoformat(last) if last else None)
        for first, last in deadline.spans
    )
    return Running(
        deadline.clock, deadline.started, deadline.started_at, spans, deadline.extra, deadline.met
    )


def _clue(member: MatterClue, hit: Hit, rows: Sequence[Evidence]) -> ClueFacts:
    said = member.answers
    return ClueFacts(
        outcome=member.outcome,
        severity=hit.severity,
        unseen=sum(code not in said for code in hit.untested),
        unanswered=sum(said.get(c, MatterClue.UNCLEAR) == MatterClue.UNCLEAR for c in hit.untested),
        unsure=member.identity_id is None and confirm_identity(rows),
    )


def _dated(facts: Facts, lifecycle: Lifecycle, steps: Sequence[Step], money: Sums) -> Facts:
    """With the day of each event since the matter was opened or reopened."""
    finals = {s.code for s in lifecycle.states if s.final}
    events = {OPENED: facts.opened}
    for taken in steps:
        if taken.before in finals:
            events = {OPENED: facts.opened}
        events[taken.transition] = taken.on
    if settled(facts) and money.last:
        events[PAID] = money.last
    return replace(facts, events=events)


def _look_back(matter: Matter, steps: Sequence[Step]) -> str:
    """The last result, unless the matter has moved since."""
    last = matter.look_backs.order_by("-id").first()
    moved = [s.at for s in steps if s.before != s.after]
    return last.result if last and (not moved or last.at > moved[-1]) else ""
