"""Separated duties as pure rules: sequences of every kind, and four eyes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from random import Random

import pytest

from clew.accounts import duties
from clew.accounts.access import not_the_same
from clew.accounts.duties import FIRST_POSTS, Duty
from clew.accounts.models import Account
from clew.accounts.roles import ACTS, ADMINISTRATORS, NEVER, ROLES, SECURITY, SYSTEM, act
from clew.kernel.errors import Refused

SOAK = os.environ.get("CLEW_SOAK") == "1"
SEQUENCES = 100_000 if SOAK else 10_000
STEPS = 12
PEOPLE = ("first", "b", "c", "d")
CODES = [r.code for r in ROLES]
APPROVERS = {r.code for r in ROLES if act("approve").reach(r.code) != NEVER}


def begun() -> list[Duty]:
    return [Duty(f"p{n}", "first", code, True) for n, code in enumerate(FIRST_POSTS)]


def holds(now: list[Duty], account: str) -> set[str]:
    return {d.role for d in now if d.account == account}


def step(rng: Random, now: list[Duty], serial: int) -> tuple[list[Duty], str]:
    """One try of anybody to give or end a post; what stands after it, and what was given."""
    by, to = rng.choice(PEOPLE), rng.choice(PEOPLE)
    if SECURITY not in holds(now, by):
        return now, ""
    if rng.random() < 0.3 and now:
        going = rng.choice(now)
        return (now if duties.why_not_end(now, [going]) else [d for d in now if d != going]), ""
    wanted = rng.choice((*ADMINISTRATORS, *CODES))
    if duties.why_not_give(now, by=by, to=to, wanted=wanted):
        return now, ""
    alone = duties.is_alone(now, by)
    assert by != to or (by == "first" and alone)
    passed = duties.handed_over(now, to=to, wanted=wanted)
    kept = [d for d in now if d not in passed]
    return [*kept, Duty(f"p{serial}", to, wanted, by == to and alone)], wanted


def sequences() -> Iterator[list[Duty]]:
    rng = Random(20231031)
    for number in range(SEQUENCES):
        now = begun()
        for turn in range(STEPS):
            now, given = step(rng, now, 100 + number * STEPS + turn)
            if given in ADMINISTRATORS:
                assert sum(d.first for d in now if d.role == given) == 0 or duties.is_alone(
                    now, "first"
                )
            yield now


@pytest.mark.soak
def test_no_sequence_joins_the_administrators_or_leaves_none() -> None:
    joined = 0
    for now in sequences():
        for kind in (SYSTEM, SECURITY):
            assert any(d.role == kind for d in now)
        for account in PEOPLE[1:]:
            held = holds(now, account)
            if held & set(ADMINISTRATORS):
                assert len(held) == 1
                joined += 1
    assert joined > SEQUENCES  # they did become administrators


@pytest.mark.soak
def test_nobody_approves_what_they_proposed() -> None:
    """A proposer, random posts, a random approver: the door is the table and four eyes."""
    rng = Random(7)
    people = {code: Account(code=code, name=code) for code in PEOPLE}
    approved = refused = 0
    for _ in range(SEQUENCES):
        now = begun()
        for serial in range(3):
            now, _ = step(rng, now, 100 + serial)
        proposer = rng.choice(PEOPLE)
        approver = rng.choice(PEOPLE)
        if not holds(now, approver) & APPROVERS:
            continue
        try:
            not_the_same(people[proposer], people[approver])
        except Refused:
            assert proposer == approver
            refused += 1
        else:
            assert proposer != approver
            approved += 1
    assert approved > SEQUENCES / 10
    assert refused > SEQUENCES / 100


def test_the_first_account_is_alone_until_another_administrator() -> None:
    now = begun()
    assert duties.is_alone(now, "first")
    assert not duties.is_alone(now, "b")
    assert duties.why_not_give(now, by="first", to="first", wanted="inspector") is None
    assert duties.is_alone([*now, Duty("x", "b", "operator")], "first")
    later = [*now, Duty("x", "b", ADMINISTRATORS[2])]
    assert not duties.is_alone(later, "first")
    assert duties.why_not_give(later, by="first", to="first", wanted="inspector")


@pytest.mark.parametrize("kind", ADMINISTRATORS)
def test_an_administrators_role_passes_on(kind: str) -> None:
    (passed,) = duties.handed_over(begun(), to="b", wanted=kind)
    assert (passed.account, passed.role) == ("first", kind)
    assert not duties.handed_over(begun(), to="b", wanted="operator")


@pytest.mark.parametrize("other", [c for c in CODES if c not in ADMINISTRATORS])
@pytest.mark.parametrize("kind", ADMINISTRATORS)
def test_an_administrator_has_no_other_role(kind: str, other: str) -> None:
    now = [*begun(), Duty("x", "b", kind)]
    assert duties.why_not_give(now, by="first", to="b", wanted=other)
    now = [*begun(), Duty("x", "b", other)]
    assert duties.why_not_give(now, by="first", to="b", wanted=kind)
    assert duties.why_not_give(now, by="first", to="b", wanted=other) is None


def test_the_last_administrator_stays() -> None:
    now = [Duty("s", "a", SECURITY), Duty("t", "b", SECURITY), Duty("y", "c", SYSTEM)]
    assert duties.why_not_end(now, now[:1]) is None
    assert duties.why_not_end(now, now[:2])
    assert duties.why_not_end(now, now[2:])


def test_every_act_has_somebody() -> None:
    assert all(set(a.reaches.values()) != {NEVER} for a in ACTS)
