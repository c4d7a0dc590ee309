"""Tickets on the command line: listed, shown, answered, opened from a run."""

from __future__ import annotations

import pytest

from clew.detection.models import Ticket
from tests.unit.cli.conftest import Clew
from tests.unit.conftest import Village

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(clew: Clew, clue: str, db: None) -> str:
    command = ("clues", "rebut", clue, "--code", "DIRTY_DATA", "--reason", "录错", "--json")
    return str(clew(*command).json["tickets"][0])


def test_a_ticket_is_listed_and_shown(clew: Clew, ticket: str, clue: str, village: Village) -> None:
    (listed,) = clew("tickets", "list", "--json").json
    assert clew("tickets", "show", ticket[:5], "--json").json == listed
    assert {k: listed[k] for k in ("ticket", "batch", "rows", "cause", "clue", "status")} == {
        "ticket": ticket, "batch": village.batch("mi_settlement"), "rows": [3, 4],
        "cause": "DIRTY_DATA", "clue": clue, "status": "open",
    }  # fmt: skip
    assert ticket in clew("tickets", "list").out
    shown = clew("tickets", "show", ticket)
    assert "事由 录错" in shown.out and "行 3, 4" in shown.out and "→ clew trace" in shown.err
    assert clew("tickets", "list", "--status", "answered", "--json").json == []
    assert clew("tickets", "list", "--department", listed["department"], "--json").json == [listed]


def test_an_answer_closes_it(clew: Clew, ticket: str) -> None:
    assert clew("tickets", "close", ticket).code == 4
    answer = clew("tickets", "close", ticket, "--answer", "已更正", "--json")
    assert (answer.json["status"], answer.json["answer"]) == ("answered", "已更正")
    assert clew("tickets", "close", ticket, "--answer", "再答").code == 6
    assert "答复 已更正" in clew("tickets", "show", ticket).out
    assert clew("tickets", "show", "zzzz").code == 5


def test_a_run_without_corrections_opens_none(clew: Clew, clue: str) -> None:
    assert clew("tickets", "from-run", "--json").json == []
    assert "新发 0 张" in clew("tickets", "from-run").err
    assert not Ticket.objects.exists()
    assert clew("tickets", "from-run", "zzzz").code == 5
