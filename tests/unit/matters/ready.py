"""A matter that is ready for a transition: everything it asks for is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from clew.declare import OPENED, Transition
from clew.matters.deadlines import Running
from clew.matters.facts import CONFIRMED, FAIL, PARTIAL, PASS, REBUTTED, ClueFacts, Event, Facts
from clew.packs.medical_insurance.lifecycles import SUPERVISION

DAY = date(2023, 3, 1)
TODAY = date(2023, 3, 20)
HANDLERS = frozenset({"an", "bo"})
GIVEN = {"text": "理由", "yes": "yes", "date": "2023-03-10"}


def answers(transition: Transition) -> dict[str, str]:
    return {a.code: next(iter(a.choices), "") or GIVEN[a.kind] for a in transition.answers}


def ready(transition: Transition) -> Facts:
    """Facts from which this transition can be taken."""
    facts = Facts(
        state=transition.sources[0], opened=DAY, department="insurance",
        handlers=HANDLERS, hands=HANDLERS, papers=dict.fromkeys(SUPERVISION.papers, 1),
        events={OPENED: DAY, **dict.fromkeys(transition.after, DAY)},
        clocks=tuple(Running(code, DAY) for code in transition.waits),
        clues=(ClueFacts(CONFIRMED),), due=500, recovered=300, written_off=200,
    )  # fmt: skip
    if transition.name == "accept_self_check":
        facts = replace(facts, recovered=500, written_off=0)
    if "clues_rebutted" in transition.guards:
        facts = replace(facts, clues=(ClueFacts(REBUTTED),))
    if "second_return" in transition.guards:
        facts = replace(facts, taken={"return": 1})
    if "return_in_time" in transition.guards:
        facts = replace(facts, clocks=(Running("taking", date(2023, 3, 17)),))
    if transition.name == "resume":
        facts = replace(facts, previous="VERIFYING")
    for guard, result in (
        ("look_back_passed", PASS), ("look_back_partial", PARTIAL), ("look_back_failed", FAIL)
    ):  # fmt: skip
        if guard in transition.guards:
            facts = replace(facts, look_back=result)
    return facts


def event(transition: Transition, by: str = "") -> Event:
    """Somebody entitled takes it."""
    return Event(
        transition.name, by or ("an" if transition.by_handler else "chen"),
        frozenset(transition.roles[:1]), TODAY, answers=answers(transition),
        verb=transition.by_verb, department="insurance" if transition.assigns else "",
        handlers=HANDLERS if transition.assigns else frozenset(),
    )  # fmt: skip
