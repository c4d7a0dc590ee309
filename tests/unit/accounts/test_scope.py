"""How far posts reach: single rules, and random posts against a reading of the table by hand."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from clew.accounts import roles
from clew.accounts.roles import ACTS, ROLES
from clew.accounts.scope import Held, Scope
from clew.kernel.errors import DeclarationError

DOMAINS = ("", "medical_insurance", "fire_safety")
DIVISIONS = ("", "33", "3303", "330302", "330381")
PLACES = ("", "330300", "330302", "330381", "330102")
DEPARTMENTS = ("", "insurance", "police")
MEDICAL = "medical_insurance"


def by_hand(post: Held, act: str, domain: str, division: str, department: str, mine: bool) -> bool:
    """The legend of the table, word for word."""
    reach = roles.act(act).reach(post.role)
    inside = (not post.domain or post.domain == domain) and (
        division[: len(post.division)] == post.division
    )
    if reach == "-":
        return False
    if reach == "*":
        return True
    if not inside:
        return False
    if reach == "S":
        return True
    if reach == "D":
        return department == "" or post.department == "" or post.department == department
    if reach == "C":
        return department != "" and post.department == department
    return mine


def random_scope(rng: Random) -> Scope:
    posts = tuple(
        Held(rng.choice(ROLES).code, rng.choice(DOMAINS), rng.choice(DIVISIONS),
             rng.choice(DEPARTMENTS))
        for _ in range(rng.randint(0, 3))
    )  # fmt: skip
    return Scope("x", posts)


def test_every_act_of_random_posts_is_what_the_table_says() -> None:
    rng = Random(3)
    allowed = 0
    for _ in range(150):
        scope = random_scope(rng)
        for act, domain, division in product(ACTS, DOMAINS, PLACES):
            department, mine = rng.choice(DEPARTMENTS), rng.random() < 0.5
            expected = any(
                by_hand(p, act.code, domain, division, department, mine) for p in scope.posts
            )
            found = scope.allows(
                act.code, domain=domain, division=division, department=department, mine=mine
            )
            assert found == expected, (scope, act.code, domain, division, department, mine)
            allowed += found
    assert allowed > 5_000


def test_divisions_are_the_same_answer_as_prefixes() -> None:
    rng = Random(5)
    for _ in range(300):
        scope = random_scope(rng)
        for act, domain, place in product(("read", "triage", "read_runs"), DOMAINS, PLACES):
            prefixes = scope.divisions(act, domain)
            assert any(place.startswith(p) for p in prefixes) == scope.allows(
                act, domain=domain, division=place
            )


def test_prefixes_inside_others_are_left_out() -> None:
    posts = (Held("operator", MEDICAL, "3303"), Held("reviewer", "", "330381"))
    assert Scope("x", posts).divisions("read", MEDICAL) == ("3303",)
    assert Scope("x", posts).divisions("read", "fire_safety") == ("330381",)
    assert Scope("x").divisions("read", MEDICAL) == ()


def test_what_lies_nowhere_is_for_posts_without_bounds() -> None:
    county = Scope("x", (Held("operator", MEDICAL, "330381"),))
    assert not county.allows("read", domain=MEDICAL, division="")
    assert not county.allows("read", domain="", division="330381")
    assert not county.allows("read", domain=MEDICAL, division="330300")
    assert Scope("x", (Held("operator"),)).allows("read", domain="", division="")


def test_a_partner_sees_what_its_department_takes_part_in() -> None:
    partner = Scope("x", (Held("partner", MEDICAL, "", "police"),))
    here = {"domain": MEDICAL, "division": "330381"}
    assert not partner.allows("read", **here)
    assert not partner.allows("read", **here, department="insurance")
    assert partner.allows("read", **here, department="police")
    assert partner.divisions("read", MEDICAL) == ()


def test_what_is_given_to_the_person() -> None:
    expert = Scope("x", (Held("inspector", MEDICAL, "330381"),))
    assert not expert.allows("read", domain=MEDICAL, division="330381")
    assert expert.allows("read", domain=MEDICAL, division="330381", mine=True)
    assert not expert.allows("read", domain=MEDICAL, division="330302", mine=True)


def test_departments_of_objects_without_a_place() -> None:
    of = lambda *posts: Scope("x", posts).departments("read_tickets", MEDICAL)  # noqa: E731
    assert of(Held("partner", MEDICAL, "", "police")) == ("police",)
    assert of(Held("operator", MEDICAL, "330381", "insurance")) is None
    assert of(Held("partner", "fire_safety", "", "police")) == ()
    assert of() == ()


def test_the_class_reached_is_that_of_the_posts_there() -> None:
    scope = Scope("x", (Held("leader", MEDICAL), Held("operator", MEDICAL, "330381")))
    assert scope.sensitivity(MEDICAL, "330381") == 3
    assert scope.sensitivity(MEDICAL, "330302") == 2
    assert scope.sensitivity("fire_safety", "330381") == 0
    assert scope.roles(domain=MEDICAL, division="330302") == {"leader"}


def test_an_act_outside_the_table_is_no_question() -> None:
    with pytest.raises(DeclarationError):
        Scope("x", (Held("operator"),)).allows("juggle", domain="", division="")
