"""Every transition of the medical lifecycle, every guard and refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from clew.declare import PAID, PREVIOUS, STAY, Transition
from clew.kernel.calendar import Calendar
from clew.matters import machine
from clew.matters.deadlines import Running, Span
from clew.matters.facts import PENDING, REBUTTED, ClueFacts, Event, Facts, Refusal
from clew.matters.guards import GUARDS
from clew.matters.machine import approval, opened, paid, unpaid
from clew.packs.medical_insurance.lifecycles import SUPERVISION
from tests.unit.matters.ready import DAY, HANDLERS, TODAY, event, ready

CALENDAR = Calendar.shipped()
each_transition = pytest.mark.parametrize(
    "transition", SUPERVISION.transitions, ids=lambda t: str(t.name)
)


def named(name: str) -> Transition:
    found = SUPERVISION.transition(name)
    assert found
    return found


def take(facts: Facts, asked: Event) -> Facts:
    after = machine.step(SUPERVISION, facts, asked, CALENDAR)
    assert isinstance(after, Facts), after
    return after


def refused(facts: Facts, asked: Event) -> str:
    answer = machine.step(SUPERVISION, facts, asked, CALENDAR)
    assert isinstance(answer, Refusal), "it was taken"
    assert answer.why.zh and answer.why.en
    return answer.code


@each_transition
def test_it_leads_where_it_says_from_every_source(transition: Transition) -> None:
    for source in transition.sources:
        facts = replace(ready(transition), state=source)
        after = take(facts, event(transition))
        to = {STAY: source, PREVIOUS: "VERIFYING"}.get(transition.to, transition.to)
        assert after.state == to
        assert after.level == facts.level + (transition.name == "fail_look_back")
        assert after.taken[transition.name] == 1
        assert transition.name in after.events
        assert after == take(facts, event(transition)), "the same again"


@each_transition
def test_it_is_not_taken_from_elsewhere(transition: Transition) -> None:
    for state in SUPERVISION.states:
        if state.code not in transition.sources:
            facts = replace(ready(transition), state=state.code)
            assert refused(facts, event(transition)) == "no_way"


@each_transition
def test_it_takes_its_role_and_its_verb(transition: Transition) -> None:
    facts, asked = ready(transition), event(transition)
    assert refused(facts, replace(asked, roles=frozenset({"field"}))) == "no_role"
    assert refused(facts, replace(asked, roles=frozenset())) == "no_role"
    assert refused(facts, replace(asked, verb="other")) == "other_verb"
    for role in transition.roles:
        take(facts, replace(asked, roles=frozenset({role})))


@each_transition
def test_it_takes_the_right_hands(transition: Transition) -> None:
    facts, asked = ready(transition), event(transition)
    if transition.by_handler:
        assert refused(facts, replace(asked, by="chen")) == "no_handler"
    elif transition.four_eyes:
        assert refused(facts, replace(asked, by="an")) == "four_eyes"
        former = replace(facts, hands=facts.hands | {"dai"})
        assert refused(former, replace(asked, by="dai")) == "four_eyes"
    else:
        take(facts, replace(asked, by="an"))


@each_transition
def test_it_takes_its_papers_each_time_anew(transition: Transition) -> None:
    facts, asked = ready(transition), event(transition)
    for need in transition.needs:
        kinds = {need} if isinstance(need, str) else set(need)
        without = {k: n for k, n in facts.papers.items() if k not in kinds}
        assert refused(replace(facts, papers=without), asked) == "papers"
        for kind in kinds:
            take(replace(facts, papers=without), replace(asked, papers={kind: 1}))
    if transition.needs and not transition.once:
        again = replace(facts, taken={**facts.taken, transition.name: 1})
        assert refused(again, asked) == "papers"


@each_transition
def test_it_takes_its_answers(transition: Transition) -> None:
    facts, asked = ready(transition), event(transition)
    for each in transition.answers:
        less = {k: v for k, v in asked.answers.items() if k != each.code}
        assert refused(facts, replace(asked, answers=less)) == "answers"
        assert refused(facts, replace(asked, answers={**less, each.code: "  "})) == "answers"
        if each.kind != "text":
            wrong = {**asked.answers, each.code: "maybe"}
            assert refused(facts, replace(asked, answers=wrong)) == "answers"
    more = {**asked.answers, "colour": "red"}
    assert refused(facts, replace(asked, answers=more)) == "unknown_answer"


@each_transition
def test_it_takes_what_comes_before(transition: Transition) -> None:
    facts, asked = ready(transition), event(transition)
    for name in transition.after:
        events = {k: v for k, v in facts.events.items() if k != name}
        assert refused(replace(facts, events=events), asked) == "after"
    for code in transition.waits:
        late = tuple(Running(code, TODAY) for _ in range(1))
        assert refused(replace(facts, clocks=late), asked) == "waits"
        assert refused(replace(facts, clocks=()), asked) == "waits"
    if transition.once:
        done = replace(facts, events={**facts.events, transition.name: DAY})
        assert refused(done, asked) == "once"


@each_transition
def test_the_day_lies_between_opening_and_today(transition: Transition) -> None:
    if not transition.dated_by:
        return
    facts, asked = ready(transition), event(transition)
    for wrong in (DAY - timedelta(days=1), TODAY + timedelta(days=1)):
        told = {**asked.answers, transition.dated_by: wrong.isoformat()}
        assert refused(facts, replace(asked, answers=told)) == "wrong_day"
    after = take(facts, asked)
    stated = date.fromisoformat(asked.answers[transition.dated_by])
    assert after.events[transition.name] == stated
    assert all(
        r.started == stated for r in after.clocks
        if transition.name in SUPERVISION.clock(r.clock).starts
    )  # fmt: skip


SPOILED: dict[str, Callable[[Facts], Facts]] = {
    "has_clues": lambda f: replace(f, clues=()),
    "exclusions_seen": lambda f: replace(f, clues=(ClueFacts(unseen=1),)),
    "exclusions_answered": lambda f: replace(f, clues=(replace(f.clues[0], unanswered=1),)),
    "clues_settled": lambda f: replace(f, clues=(*f.clues, ClueFacts(PENDING))),
    "clues_rebutted": lambda f: replace(f, clues=(*f.clues, ClueFacts(PENDING))),
    "identity_confirmed": lambda f: replace(f, clues=(replace(f.clues[0], unsure=True),)),
    "below_high": lambda f: replace(f, clues=(replace(f.clues[0], severity="H"),)),
    "recovered_in_full": lambda f: replace(f, recovered=f.due - 1),
    "first_return": lambda f: replace(f, taken={"return": 1}),
    "second_return": lambda f: replace(f, taken={}),
    "return_in_time": lambda f: replace(f, clocks=(Running("taking", DAY),)),
    "legal_reviewed": lambda f: replace(
        f, at_stake=100_000_000, papers={k: n for k, n in f.papers.items() if k != "legal_review"}
    ),
    "due_booked": lambda f: replace(f, due=0),
    "amounts_settled": lambda f: replace(f, recovered=f.recovered - 1),
    "children_closed": lambda f: replace(f, children_open=1),
    "referrals_answered": lambda f: replace(f, referrals_open=1),
    "look_back_passed": lambda f: replace(f, look_back="fail"),
    "look_back_partial": lambda f: replace(f, look_back="pass"),
    "look_back_failed": lambda f: replace(f, look_back=""),
    "joint_team": lambda f: replace(f, at_stake=100_000_000),
}
UNNAMED: dict[str, Callable[[Facts, Event], tuple[Facts, Event]]] = {
    "department_named": lambda f, e: (replace(f, department=""), replace(e, department="")),
    "handlers_named": lambda f, e: (f, replace(e, handlers=frozenset({"an"}))),
}


def test_every_guard_is_asked_by_a_transition_and_tried_here() -> None:
    asked = {guard for t in SUPERVISION.transitions for guard in t.guards}
    assert asked == set(GUARDS) == set(SPOILED) | set(UNNAMED)


@pytest.mark.parametrize(
    ("name", "guard"),
    [(t.name, g) for t in SUPERVISION.transitions for g in t.guards],
)
def test_every_guard_of_every_transition_refuses(name: str, guard: str) -> None:
    facts, asked = ready(named(name)), event(named(name))
    if guard in UNNAMED:
        facts, asked = UNNAMED[guard](facts, asked)
    else:
        facts = SPOILED[guard](facts)
    assert refused(facts, asked) == guard


def test_nothing_confirmed_is_no_decision() -> None:
    facts = replace(ready(named("decide")), clues=(ClueFacts(REBUTTED),))
    assert refused(facts, event(named("decide"))) == "clues_settled"


def test_a_joint_team_is_larger() -> None:
    asked = replace(event(named("assign")), handlers=HANDLERS | {"dai"})
    large = replace(ready(named("assign")), at_stake=100_000_000)
    assert take(large, asked).handlers == asked.handlers
    shared = replace(ready(named("assign")), departments=2)
    assert refused(shared, event(named("assign"))) == "joint_team"


def test_a_matter_without_money_may_close() -> None:
    none = replace(ready(named("close")), due=0, recovered=0, written_off=0)
    assert take(none, event(named("close"))).state == "CLOSED"


def test_an_unknown_transition_is_refused_with_what_is_open() -> None:
    asked = replace(event(named("screen")), transition="fly")
    answer = machine.step(SUPERVISION, ready(named("screen")), asked, CALENDAR)
    assert isinstance(answer, Refusal)
    assert answer.code == "no_way" and "screen" in answer.why.en


def going(facts: Facts) -> set[str]:
    return {r.clock for r in facts.clocks if r.met is None}


def test_clocks_begin_and_end_with_their_events() -> None:
    facts = opened(SUPERVISION, Facts("FOUND", DAY, papers={"exclusion_answers": 1},
                                      clues=(ClueFacts(),)))  # fmt: skip
    assert going(facts) == {"screening", "filing"}
    facts = take(facts, event(named("screen")))
    assert going(facts) == {"filing"}
    assert facts.clocks[0].met == TODAY
    facts = take(facts, event(named("assign")))
    assert going(facts) == {"filing", "taking"}
    assert going(take(facts, event(named("verify")))) == {"filing", "on_site"}


def test_an_end_ends_every_clock() -> None:
    facts = replace(ready(named("rebut")), clocks=(Running("filing", DAY),
                    Running("on_site", DAY, spans=(Span(DAY),))))  # fmt: skip
    after = take(facts, event(named("rebut")))
    assert going(after) == set()
    assert after.clocks[1].spans == (Span(DAY, TODAY - timedelta(days=1)),)


def test_suspension_stops_the_clocks_that_its_ground_stops() -> None:
    suspend = named("suspend")
    facts = replace(ready(suspend), state="VERIFYING",
                    clocks=(Running("on_site", DAY), Running("taking", DAY)))  # fmt: skip
    asked = event(suspend)
    after = take(facts, replace(asked, answers={**asked.answers, "ground": "hearing"}))
    assert (after.state, after.previous) == ("SUSPENDED", "VERIFYING")
    assert [r.stands for r in after.clocks] == [True, False]
    later = replace(event(named("resume")), on=TODAY + timedelta(days=9))
    back = take(after, later)
    assert (back.state, back.previous) == ("VERIFYING", "")
    assert back.clocks[0].spans == (Span(TODAY, TODAY + timedelta(days=8)),)


def test_full_payment_ends_the_refund_clock_and_a_reversal_revives_it() -> None:
    facts = take(replace(ready(named("serve"))), event(named("serve")))
    assert "refund" in going(facts)
    after = paid(SUPERVISION, facts, TODAY)
    assert "refund" not in going(after) and PAID in after.events
    assert "refund" in going(unpaid(SUPERVISION, after))
    assert unpaid(SUPERVISION, after).clocks == facts.clocks


def test_a_reopened_matter_files_and_notifies_again() -> None:
    facts = replace(ready(named("reopen")), events={"opened": DAY, "file": DAY, "notify": DAY})
    after = take(facts, event(named("reopen")))
    assert set(after.events) == {"opened", "reopen"}


def test_a_state_that_is_left_takes_its_look_back_with_it() -> None:
    assert take(ready(named("fail_look_back")), event(named("fail_look_back"))).look_back == ""


def test_approval_is_by_another_who_never_handled_it() -> None:
    hands = frozenset({"an"})
    assert approval("bo", hands, "chen") is None
    for by in ("bo", "an"):
        answer = approval("bo", hands, by)
        assert answer and answer.code == "four_eyes"
