"""Lists of matters: what each shows, to whom, in how many queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clew.accounts import actions as accounts
from clew.accounts.models import Department
from clew.accounts.posts.actions import give_post
from clew.kernel import clock
from clew.kernel.errors import NotFound
from clew.matters import access, actions, queries
from clew.matters.models import Matter
from clew.matters.outcomes.actions import settle_clue
from tests.conftest import TODAY
from tests.unit.matters.conftest import DOMAIN, MakeClues, Office

pytestmark = pytest.mark.django_db


def numbers(office: Office, by: str, **asked: str) -> list[str]:
    return [line.matter.number for line in queries.matters(office[by], **asked)]


def test_a_line_tells_state_hands_and_lamp(office: Office, clues: MakeClues) -> None:
    first = office.opened(clues(3))
    office.verifying(first)
    (line,) = queries.matters(office["chen"])
    assert (line.state.code, line.handlers, line.clues) == ("VERIFYING", ("an", "bo"), 3)
    assert (line.lamp, line.overdue, line.provisional) == ("blue", False, False)
    assert line.due == TODAY + timedelta(days=21)
    with clock.fixed(TODAY + timedelta(days=18)):
        assert queries.matters(office["chen"])[0].lamp == "yellow"
        assert queries.matters(office["chen"], lamp="yellow")
        assert not queries.matters(office["chen"], lamp="red")
    with clock.fixed(TODAY + timedelta(days=22)):
        (late,) = queries.matters(office["chen"], view="overdue")
        assert (late.lamp, late.overdue) == ("red", True)
    assert queries.matters(office["chen"], state="VERIFYING") == [line]
    assert not queries.matters(office["chen"], state="FOUND")
    assert not queries.matters(office["chen"], domain="other")


def test_the_four_views(office: Office, clues: MakeClues) -> None:
    mine, done, plain = (office.opened(clues(), by="gu") for _ in range(3))
    office.verifying(mine)
    settle_clue(by=office["an"], matter=done.code, clue=done.clues.get().clue.code,
                outcome="rebutted", code="LAWFUL", reason="合规")  # fmt: skip
    actions.advance(
        by=office["chen"], matter=done.code, transition="rebut", answers={"reason": "无"}
    )
    assert numbers(office, "an", view="todo") == numbers(office, "bo", view="todo") == [mine.number]
    assert numbers(office, "chen", view="done") == [mine.number, done.number]
    assert numbers(office, "gu", view="watched") == [mine.number, plain.number]
    assert numbers(office, "an", view="overdue") == []
    assert queries.counts(office["an"]) == {"todo": 1, "done": 0, "watched": 0, "overdue": 0}


def test_the_board_is_in_the_order_of_the_lifecycle(office: Office, clues: MakeClues) -> None:
    assert queries.board(office["an"]) == {}
    first, second = office.opened(clues()), office.opened(clues())
    office.verifying(second)
    columns = queries.board(office["an"])
    assert list(columns)[:3] == ["FOUND", "SCREENED", "SELF_CHECK"]
    assert "CLOSED" not in columns
    assert [x.matter for x in columns["FOUND"]] == [first]
    assert [x.matter for x in columns["VERIFYING"]] == [second]
    assert queries.board(office["an"], domain="other") == {}


@pytest.mark.parametrize(
    "read",
    [
        lambda o: queries.matters(o["chen"]),
        lambda o: queries.matters(o["an"], view="todo"),
        lambda o: queries.matters(o["chen"], view="overdue"),
        lambda o: queries.board(o["chen"]),
        lambda o: queries.reminders(),
    ],
    ids=["all", "todo", "overdue", "board", "reminders"],
)
def test_a_list_takes_as_many_queries_however_long(
    office: Office, clues: MakeClues, read: Callable[[Office], object]
) -> None:
    taken = []
    for more in (1, 5):
        for _ in range(more):
            found = office.opened(clues(2))
            office.verifying(found)
        with CaptureQueriesContext(connection) as counted:
            read(office)
        taken.append(len(counted))
    assert taken[0] == taken[1] <= 8


def test_a_page_takes_as_many_queries_however_full(office: Office, clues: MakeClues) -> None:
    taken = []
    for count in (1, 9):
        found = office.opened(clues(count))
        office.verifying(found)
        with CaptureQueriesContext(connection) as counted:
            queries.page(office["an"], found.code)
        taken.append(len(counted))
    assert taken[0] == taken[1]


def test_a_page_tells_what_the_roles_may_take(office: Office, matter: Matter) -> None:
    assert {w.name for w in queries.page(office["an"], matter.code).ways} == {"screen", "suspend"}
    assert "merge" in {w.name for w in queries.page(office["chen"], matter.number).ways}
    assert queries.page(office["he"], matter.code).ways == ()
    with pytest.raises(NotFound):
        queries.page(office["an"], "zzzz")


def test_a_county_sees_its_own_matters_alone(office: Office, clues: MakeClues) -> None:
    insurance = Department.objects.get(code="insurance")
    county = accounts.create_account(
        by=office.admin, code="county", name="county", department=insurance
    )
    give_post(by=office.admin, account=county, role="operator", department=insurance,
              domain=DOMAIN, division="330381")  # fmt: skip
    here = office.opened(clues(1, division="330381"))
    there, city = office.opened(clues(1)), office.opened(
        clues(1) + clues(1, division="330381")
    )  # fmt: skip
    assert list(access.visible_matters(county)) == [here]
    for other in (there, city):
        for text in (other.code, other.number):
            with pytest.raises(NotFound):
                access.seen(county, text)
    assert [line.matter for line in queries.matters(county)] == [here]
    assert queries.counts(county)["watched"] == 0


def test_an_expert_sees_what_is_given(office: Office, clues: MakeClues) -> None:
    insurance = Department.objects.get(code="insurance")
    expert = accounts.create_account(by=office.admin, code="expert", name="x")
    give_post(by=office.admin, account=expert, role="inspector", department=insurance,
              domain=DOMAIN, division="3303")  # fmt: skip
    given, other = office.opened(clues()), office.opened(clues())
    office.go(given, "screen", "an")
    actions.assign(by=office["chen"], matter=given.code, handlers=["an", "expert"])
    assert list(access.visible_matters(expert)) == [given]
    with pytest.raises(NotFound):
        access.seen(expert, other.code)


def test_reminders_come_on_their_day_alone(office: Office, matter: Matter) -> None:
    reached = {
        (TODAY + timedelta(days=n)): queries.reminders(TODAY + timedelta(days=n)) for n in range(23)
    }
    told = [(day, r.clock.code, r.share) for day, found in reached.items() for r in found]
    assert [(c, s) for _, c, s in told if c == "screening"] == [
        ("screening", Fraction(1, 2)), ("screening", Fraction(4, 5)), ("screening", Fraction(1))
    ]  # fmt: skip
    assert len(told) == 6
