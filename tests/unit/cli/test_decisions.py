"""Confirm, rebut, reopen on the command line."""

from __future__ import annotations

import pytest

from clew.declare import registry
from clew.detection.verdicts import codes
from tests.unit.cli.conftest import Clew
from tests.unit.conftest import AN, Village

pytestmark = pytest.mark.django_db


def test_confirm_and_reopen(clew: Clew, clue: str) -> None:
    answer = clew("clues", "confirm", clue[:6], "--reason", f"调档 {AN} 属实", "--json")
    assert answer.code == 0
    assert {k: answer.json[k] for k in ("clue", "verdict", "code", "reason", "tickets")} == {
        "clue": clue, "verdict": "confirmed", "code": "", "reason": "调档 *** 属实", "tickets": [],
    }  # fmt: skip
    assert clew("clues", "list", "--json").json[0]["status"] == "confirmed"
    again = clew("clues", "confirm", clue, "--reason", "属实")
    assert (again.code, again.out) == (6, "")
    assert clew("clues", "reopen", clue, "--reason", "再看", "--json").json["verdict"] == "reopened"
    shown = clew("clues", "show", clue, "--json").json
    assert [v["verdict"] for v in shown["verdicts"]] == ["confirmed", "reopened"]
    assert shown["status"] == "open"
    assert "已核实 (confirmed)" in clew("clues", "show", clue).out


def test_rebut_with_a_code(clew: Clew, clue: str) -> None:
    answer = clew("clues", "rebut", clue, "--code", "lawful", "--reason", "查过")
    assert (answer.code, answer.out) == (0, "")
    assert "已排除" in answer.err and "LAWFUL" in answer.err and "→ clew scorecard" in answer.err
    assert clew("clues", "list", "--json").json[0]["status"] == "rebutted"


def test_without_a_code_all_codes_are_listed(clew: Clew, clue: str) -> None:
    listed = clew("clues", "rebut", clue, "--json").json
    assert {row["code"] for row in listed} == set(codes.known(registry.detector("MI-01")))
    assert "DIRTY_DATA" in clew("clues", "rebut", clue).out
    assert clew("clues", "list", "--json").json[0]["status"] == "open"


def test_dirty_data_names_the_ticket(clew: Clew, clue: str, village: Village) -> None:
    row = f"{village.batch('mi_settlement')}:4"
    command = ("clues", "rebut", clue, "--code", "DIRTY_DATA", "--row", row)
    answer = clew(*command, "--reason", "录错", "--json")
    (ticket,) = answer.json["tickets"]
    assert clew("tickets", "show", ticket, "--json").json["rows"] == [4]
    clew("clues", "reopen", clue, "--reason", "再看")
    assert "clew tickets show" in clew(*command, "--reason", "录错").err


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("confirm", "zzzz", "--reason", "属实"), 5), (("confirm", "CLUE"), 4),
        (("reopen", "CLUE", "--reason", "再看"), 6), (("rebut", "zzzz"), 5),
        (("rebut", "CLUE", "--code", "NO_SUCH", "--reason", "查过"), 4),
        (("rebut", "CLUE", "--code", "DUPLICATE_OF", "--reason", "查过"), 4),
        (("rebut", "CLUE", "--code", "DIRTY_DATA", "--row", "x:1", "--reason", "查过"), 4),
    ],
)  # fmt: skip
def test_what_cannot_be_decided(clew: Clew, clue: str, command: tuple[str, ...], code: int) -> None:
    answer = clew("clues", *[clue if word == "CLUE" else word for word in command])
    assert (answer.code, answer.out) == (code, "")
    assert "→ " in answer.err
