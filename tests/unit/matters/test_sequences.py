"""Random sequences of eight actors on the pure machine, held against rules written a second time.

What the judge knows it keeps itself: who handled the matter, when each period began, which days
the clock stood. It reads the lifecycle for its states and ways alone.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

import pytest

from clew.declare import PREVIOUS, STAY, Transition
from clew.kernel.calendar import Calendar
from clew.matters import deadlines, machine
from clew.matters.facts import CONFIRMED, PENDING, REBUTTED, ClueFacts, Event, Facts, Refusal
from clew.packs.medical_insurance.lifecycles import SUPERVISION
from tests.unit.matters.ready import answers

SOAK = os.environ.get("CLEW_SOAK") == "1"
ONE = timedelta(days=1)
SEQUENCES = 100_000 if SOAK else 5_000
STEPS = 45
CALENDAR = Calendar.shipped()
ACTORS: dict[str, frozenset[str]] = {
    "an": frozenset({"operator"}), "bo": frozenset({"operator"}),
    "chen": frozenset({"reviewer"}), "dai": frozenset({"reviewer", "operator"}),
    "en": frozenset({"leader"}), "fu": frozenset({"coordinator"}),
    "gu": frozenset({"inspector", "operator"}), "he": frozenset({"field"}),
}  # fmt: skip
PEOPLE = tuple(ACTORS)
DECIDERS = {"decide", "accept_self_check", "close", "rebut"}
HANDLERS_ONLY = {"verify", "notify", "handle", "serve", "rectify", "recheck", "return",
                 "return_again"}  # fmt: skip
SELDOM = {"merge": 0.02, "suspend": 0.1, "rebut": 0.3, "reassign": 0.3, "return": 0.5}


@dataclass
class Judge:
    """What happened so far, kept apart from the machine."""

    ever: set[str] = field(default_factory=set)
    now: set[str] = field(default_factory=set)
    returns: int = 0
    level: int = 0
    suspended_from: str = ""
    notified: date | None = None
    filed: bool = False

    def check(self, before: Facts, after: Facts, asked: Event) -> None:
        t = SUPERVISION.transition(asked.transition)
        assert t is not None and before.state in t.sources
        self._hands(asked, t)
        self._way(before, after, t)
        self._conditions(before, after, asked)
        running = Counter(r.clock for r in after.clocks if r.met is None)
        assert not running or max(running.values()) == 1, "a clock runs twice"
        assert all(r.met is None or r.met >= r.started for r in after.clocks)
        if SUPERVISION.state(after.state).final:
            assert not running, "a clock runs after the end"
        assert len(after.clocks) >= len(before.clocks), "a clock was lost"

    def _hands(self, asked: Event, t: Transition) -> None:
        assert ACTORS[asked.by] & set(t.roles), "a role that may not"
        if asked.transition in DECIDERS:
            assert asked.by not in self.ever, "decided by who handled it"
        if asked.transition in HANDLERS_ONLY:
            assert asked.by in self.now, "handled by somebody else"

    def _way(self, before: Facts, after: Facts, t: Transition) -> None:
        wanted = {STAY: before.state, PREVIOUS: self.suspended_from}.get(t.to, t.to)
        assert after.state == wanted

    def _conditions(self, before: Facts, after: Facts, asked: Event) -> None:
        name = asked.transition
        outcomes = [c.outcome for c in before.clues]
        if name == "assign":
            assert len(asked.handlers) >= 2
        if name in ("assign", "reassign"):
            self.now = set(asked.handlers)
            self.ever |= self.now
        if name == "return":
            assert self.returns == 0
        if name == "return_again":
            assert self.returns > 0
        self.returns += name == "return"
        if name == "suspend":
            self.suspended_from = before.state
        if name == "file":
            self.filed = True
        if name == "notify":
            assert self.filed
            self.notified = date.fromisoformat(asked.answers["notified_on"])
        if name == "decide":
            assert self.notified and self._working_days(self.notified, asked.on - ONE) >= 5
            assert PENDING not in outcomes and CONFIRMED in outcomes
        if name == "rebut":
            assert set(outcomes) == {REBUTTED}
        if name == "close":
            assert before.due == before.recovered + before.written_off
            assert before.look_back == "pass" and not before.children_open
        if name == "reopen":
            self.filed, self.notified = False, None
        self.level += name == "fail_look_back"
        assert after.level == self.level

    @staticmethod
    def _working_days(start: date, end: date) -> int:
        days = (start + timedelta(days=n + 1) for n in range((end - start).days))
        return sum(CALENDAR.is_working_day(day) for day in days)


def nudged(random: Random, facts: Facts) -> Facts:
    """The world goes on: papers come, clues are settled, money moves, somebody looks back."""
    kind = random.randrange(7)
    if kind == 0:
        outcome = random.choice((CONFIRMED, CONFIRMED, REBUTTED))
        chosen = random.randrange(len(facts.clues))
        clues = list(facts.clues)
        clues[chosen] = replace(clues[chosen], outcome=outcome, unseen=0, unanswered=0)
        return replace(facts, clues=tuple(clues))
    if kind == 1:
        return replace(facts, papers={k: n + 1 for k, n in facts.papers.items()})
    if kind == 2:
        return replace(facts, due=random.choice((0, 500)), recovered=random.choice((0, 300, 500)),
                       written_off=random.choice((0, 200)))  # fmt: skip
    if kind in (3, 4) and facts.state == "RECHECK":
        return replace(facts, look_back=random.choice(("pass", "pass", "partial", "fail")))
    if kind == 5:
        return replace(facts, children_open=random.choice((0, 0, 0, 1)))
    outcome = random.choice((CONFIRMED, REBUTTED))
    done = tuple(replace(c, outcome=outcome, unseen=0, unanswered=0) for c in facts.clues)
    return replace(facts, clues=done) if random.random() < 0.3 else facts


def asked_by(random: Random, facts: Facts, on: date) -> Event:
    """Mostly something sensible, sometimes anything at all."""
    sensible = random.random() < 0.85
    ways = SUPERVISION.leaving(facts.state) if sensible else SUPERVISION.transitions
    # Seldom those that end or stop it, so that the walk gets far.
    weights = [SELDOM.get(w.name, 1.0) for w in ways]
    t = random.choices(ways, weights)[0] if ways else random.choice(SUPERVISION.transitions)
    able = [p for p in PEOPLE if ACTORS[p] & set(t.roles)]
    if t.by_handler:
        able = [p for p in able if p in facts.handlers] or able
    if t.four_eyes:
        able = [p for p in able if p not in facts.hands] or able
    by = random.choice(able if random.random() < 0.85 else PEOPLE)
    told = answers(t) if random.random() < 0.95 else {}
    if t.dated_by and told:
        told[t.dated_by] = (on - timedelta(days=random.randrange(-1, 4))).isoformat()
    verb = t.by_verb if random.random() < 0.97 else "merge"
    handlers = frozenset(random.sample(PEOPLE, random.choice((1, 2, 2, 3)))) if t.assigns else ()
    return Event(t.name, by, ACTORS[by], on, answers=told, verb=verb,
                 department="insurance", handlers=frozenset(handlers))  # fmt: skip


def walk(seed: int, taken: Counter[str], refused: Counter[str]) -> None:
    random = Random(seed)
    on = date(2023, 1, 3) + timedelta(days=random.randrange(365))
    start = Facts("FOUND", on, department="insurance",
                  papers=dict.fromkeys(SUPERVISION.papers, 1),
                  clues=tuple(ClueFacts(severity=random.choice("HML"), unseen=1, unanswered=1)
                              for _ in range(random.randrange(1, 4))))  # fmt: skip
    facts, judge = machine.opened(SUPERVISION, start), Judge()
    for _ in range(STEPS):
        on += timedelta(days=random.choice((0, 0, 1, 2, 4)))
        facts = nudged(random, facts)
        asked = asked_by(random, facts, on)
        answer = machine.step(SUPERVISION, facts, asked, CALENDAR)
        if isinstance(answer, Refusal):
            refused[answer.code] += 1
            continue
        judge.check(facts, answer, asked)
        taken[asked.transition] += 1
        facts = answer
    for running in facts.clocks:
        ends = deadlines.due(SUPERVISION.clock(running.clock), running, CALENDAR, on)
        assert ends.day > running.started


@pytest.mark.soak
def test_no_sequence_makes_an_illegal_move() -> None:
    taken: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for seed in range(SEQUENCES):
        walk(seed, taken, refused)
    assert set(taken) == {t.name for t in SUPERVISION.transitions}, "some way was never walked"
    assert {"four_eyes", "no_role", "no_handler", "no_way", "papers", "waits"} <= set(refused)


@pytest.mark.soak
def test_nobody_approves_what_they_asked_for() -> None:
    random = Random(1)
    outcomes: Counter[bool] = Counter()
    for _ in range(SEQUENCES * 2):
        hands = frozenset(random.sample(PEOPLE, random.randrange(5)))
        asker, by = random.choice(PEOPLE), random.choice(PEOPLE)
        granted = machine.approval(asker, hands, by) is None
        assert granted == (by != asker and by not in hands)
        outcomes[granted] += 1
    assert min(outcomes.values()) > SEQUENCES // 10
