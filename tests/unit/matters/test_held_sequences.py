"""Random sequences of eight people through the database: no clue lost, none held twice."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random

import pytest

from clew.accounts.access import Denied
from clew.audit.models import Entry
from clew.detection.models import Clue
from clew.kernel import clock
from clew.kernel.errors import InputError, NotFound, Refused
from clew.matters import actions
from clew.matters.clocks.actions import ask_extension, decide_request
from clew.matters.models import Matter, MatterClue, Request, Step
from clew.matters.money.actions import ask_write_off, book
from clew.matters.opening.actions import open_matter
from clew.matters.outcomes.actions import settle_clue
from clew.packs.medical_insurance.lifecycles import SUPERVISION
from tests.conftest import TODAY
from tests.unit.matters.conftest import Office, new_clues
from tests.unit.matters.ready import answers

SOAK = os.environ.get("CLEW_SOAK") == "1"
SEQUENCES, STEPS = (2_000 if SOAK else 50), 22
DECISIONS = {"decide", "accept_self_check", "close", "rebut"}
pytestmark = [pytest.mark.django_db, pytest.mark.soak]


class Play:
    """One sequence: a few clues, whoever comes, whatever they try."""

    def __init__(self, office: Office, random: Random) -> None:
        self.office, self.random = office, random
        self.clues = new_clues(office.admin, 4, severity=random.choice("ML"))
        self.given: set[int] = set()
        self.day = TODAY

    def matter(self) -> Matter | None:
        mine = Matter.objects.filter(clues__clue__in=self.clues).distinct().order_by("id")
        return self.random.choice(list(mine) or [None])

    def turn(self) -> tuple[str, Callable[[], object]]:
        r, by = self.random, self.office[self.random.choice(tuple(self.office.staff))]
        found = self.matter()
        if found is None or r.random() < 0.12:
            wanted = r.sample([c.code for c in self.clues], r.choice((1, 1, 2)))
            return "open", lambda: open_matter(by=by, clues=wanted)
        code, clue = found.code, r.choice(self.clues).code
        pair = r.sample(tuple(self.office.staff), 2)
        others = [
            ("assign", lambda: actions.assign(by=by, matter=code, handlers=pair, reason="x")),
            ("settle", lambda: settle_clue(by=by, matter=code, clue=clue, reason="x",
                                           **self.outcome())),
            ("return", lambda: actions.return_once(by=by, matter=code, reason="x")),
            ("merge", lambda: self.merge(by, found)),
            ("reopen", lambda: actions.reopen(by=by, matter=code, reason="x")),
            ("suspend", lambda: actions.suspend(by=by, matter=code, ground="court", reason="x",
                                                paper=self.office.paper("suspension_paper"))),
            ("resume", lambda: actions.resume(by=by, matter=code, reason="x")),
            ("book", lambda: book(by=by, matter=code, fen=100,
                                  kind=r.choice(("due", "recovered")))),
            ("ask", lambda: ask_extension(by=by, matter=code, code="filing", amount=1, reason="x")),
            ("ask_off", lambda: ask_write_off(by=by, matter=code, fen=1, reason="x")),
            ("approve", lambda: self.approve(by, found)),
        ]  # fmt: skip
        if r.random() < 0.5:
            return r.choice(others)
        return "advance", lambda: self.advance(by, found)

    def outcome(self) -> dict[str, str]:
        said = self.random.choice(("confirmed", "rebutted"))
        return {"outcome": said, "code": "LAWFUL" if said == "rebutted" else ""}

    def merge(self, by: object, found: Matter) -> object:
        into = self.matter()
        assert into
        return actions.merge(by=by, matter=found.code, into=into.code, reason="x")  # type: ignore[arg-type]

    def approve(self, by: object, found: Matter) -> object:
        asked = found.requests.filter(granted=None).first()
        return decide_request(by=by, matter=found.code, granted=True, answer="x",  # type: ignore[arg-type]
                              request=asked.code if asked else "zzzz")  # fmt: skip

    def advance(self, by: object, found: Matter) -> object:
        ways = [t for t in SUPERVISION.leaving(found.state) if not t.by_verb]
        t = self.random.choice(ways or list(SUPERVISION.transitions))
        told = answers(t)
        if t.dated_by:
            told[t.dated_by] = clock.today().isoformat()
        kinds = [need if isinstance(need, str) else need[0] for need in t.needs]
        return actions.advance(
            by=by, matter=found.code, transition=t.name, answers=told,  # type: ignore[arg-type]
            attachments=self.office.papers(*kinds),
        )  # fmt: skip

    def check(self) -> None:
        held = Counter(
            MatterClue.objects.filter(clue__in=self.clues, held=True).values_list("clue", flat=True)
        )
        assert not held or max(held.values()) == 1, "a clue is held twice"
        self.given |= set(held)
        kept = MatterClue.objects.filter(clue__in=self.given).values_list("clue", flat=True)
        assert set(kept) >= self.given, "a clue was lost"
        for matter in Matter.objects.filter(clues__clue__in=self.clues).distinct():
            own = matter.clues.filter(held=True).count()
            assert (own == 0) == matter.closed, "open matters hold their clues, others none"
            last = matter.steps.order_by("-id")[0]
            assert last.after == matter.state


def checked_steps(steps: Sequence[Step]) -> None:
    """Every step on record is one that the lifecycle knows, by someone who might take it."""
    for step in steps:
        if step.transition == "opened":
            continue
        t = SUPERVISION.transition(step.transition)
        assert t and step.before in t.sources and step.after in SUPERVISION.leads(t, step.before)
        if step.transition in DECISIONS:
            earlier = step.matter.hands.filter(account=step.by, since__lte=step.at)
            assert not earlier.exists(), "decided by who handled it"


def test_no_sequence_loses_or_doubles_a_clue(office: Office) -> None:
    done: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for seed in range(SEQUENCES):
        play = Play(office, Random(seed))
        day = TODAY
        for _ in range(STEPS):
            day += timedelta(days=play.random.choice((0, 1, 2)))
            with clock.fixed(day):
                name, act = play.turn()
                before = Entry.objects.count()
                try:
                    act()
                    done[name] += 1
                    # The verdict that comes with a settled clue has an entry of its own.
                    assert 1 <= Entry.objects.count() - before <= 1 + (name == "settle")
                except Denied:
                    refused["denied"] += 1
                    assert Entry.objects.count() == before
                except (Refused, InputError, NotFound):
                    refused[name] += 1
                    assert Entry.objects.count() == before + 1
        play.check()
    checked_steps(Step.objects.select_related("matter", "by"))
    for request in Request.objects.exclude(granted=None):
        assert request.decided_by_id != request.asked_by_id
    assert {"open", "assign", "settle", "merge", "advance", "suspend", "book"} <= set(done)
    assert sum(refused.values()) > SEQUENCES
    assert Clue.objects.count() == 4 * SEQUENCES
