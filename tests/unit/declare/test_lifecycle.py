"""A lifecycle that does not fit together is refused, each fault in its own words."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from clew.accounts.roles import ROLES, act
from clew.declare import (
    OPENED,
    STAY,
    Answer,
    Clock,
    Lifecycle,
    State,
    T,
    Transition,
    registry,
)
from clew.declare.lifecycle import GUARDS
from clew.kernel.errors import DeclarationError
from clew.matters import guards

X = T("某", "x")
GO = Transition("go", X, ("A",), "B", ("operator",))
PLAIN = Lifecycle(
    id="plain", version=1, title=X, initial="A",
    states=(State("A", X), State("B", X, final=True)), transitions=(GO,),
    clocks=(Clock("c", X, 3, "wd", starts=(OPENED,), ends=("go",)),),
    papers=MappingProxyType({"letter": X}),
)  # fmt: skip


def with_go(**changed: Any) -> dict[str, Any]:
    return {"transitions": (replace(GO, **changed),)}


def with_clock(**changed: Any) -> dict[str, Any]:
    return {"clocks": (replace(PLAIN.clocks[0], **changed),)}


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"initial": "Z"}, "begins in 'Z'"),
        ({"states": (*PLAIN.states, State("B", X))}, "state B is declared twice"),
        ({"states": (*PLAIN.states, State("C", X, final=True))}, "no way leads to C"),
        ({"states": (State("A", X), State("B", X))}, "B is a dead end"),
        ({"states": (State("A", X, knot="end"), PLAIN.states[1])}, "no knot"),
        ({"transitions": (GO, GO)}, "transition go is declared twice"),
        (with_go(to="Z"), "names 'Z'"),
        (with_go(sources=("A", "Z")), "names 'Z'"),
        (with_go(needs=("stone",)), "paper 'stone'"),
        (with_go(needs=(("letter", "stone"),)), "paper 'stone'"),
        (with_go(after=("never",)), "event 'never'"),
        (with_go(waits=("never",)), "clock 'never'"),
        (with_go(guards=("never",)), "guard 'never'"),
        (with_go(guards=("handlers_named",)), "reads the limit 'handlers'"),
        (with_go(guards=("return_in_time",)), "looks at the clock 'taking'"),
        (with_go(guards=("legal_reviewed",)), "looks at the paper 'legal_review'"),
        (with_go(dated_by="on"), "no date that it asks for"),
        (with_go(four_eyes=True, by_handler=True), "for handlers and not"),
        (with_go(roles=()), "nobody who may take it"),
        (with_go(answers=(Answer("a", X, "choice"),)), "choice without choices"),
        (with_clock(starts=("never",)), "event 'never'"),
        (with_clock(ends=("never",)), "event 'never'"),
        (with_clock(amount=0), "no length"),
        (with_clock(starts=()), "no beginning"),
        (with_clock(suspended_by=("rain",)), "no ground"),
        ({"limits": MappingProxyType({"weight": 1})}, "limit 'weight'"),
    ],
)  # fmt: skip
def test_a_fault_is_named(changed: dict[str, Any], fault: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        replace(PLAIN, **changed)
    assert fault in caught.value.cause


def test_a_way_that_stays_leads_nowhere_else() -> None:
    stays = Transition("stay", X, ("A",), STAY, ("operator",))
    rules = replace(PLAIN, transitions=(GO, stays))
    assert rules.leads(stays, "A") == ("A",)
    lonely = replace(stays, sources=("A", "C"))
    with pytest.raises(DeclarationError, match="no way leads to C"):
        replace(PLAIN, transitions=(GO, lonely), states=(*PLAIN.states, State("C", X)))
    assert [t.name for t in rules.leaving("A")] == ["go", "stay"]
    assert rules.transition("none") is None


def test_every_guard_that_may_be_declared_is_answered() -> None:
    assert set(GUARDS) == set(guards.GUARDS)


def test_lifecycles_of_packs_name_roles_that_may_take_their_steps() -> None:
    """What a lifecycle says of a role is within what the table of roles says of it."""
    acts = {
        "": "advance", "assign": "assign", "return_once": "advance", "suspend": "suspend",
        "resume": "suspend", "reopen": "reopen", "merge": "merge", "look_back": "look_back",
    }  # fmt: skip
    codes = {role.code for role in ROLES}
    lifecycles = [each for pack in registry.packs().values() for each in pack.lifecycles]
    assert lifecycles
    for each in lifecycles:
        for t in each.transitions:
            assert set(t.roles) <= codes, t.name
            barred = [r for r in t.roles if act(acts[t.by_verb]).reach(r) == "-"]
            assert not barred, f"{each.id}.{t.name}: {barred} may not {acts[t.by_verb]}"
