"""The scorecard, the history of versions, the library and the overlap on the command line."""

from __future__ import annotations

import pytest

from tests.unit.cli.conftest import Clew

pytestmark = pytest.mark.django_db


@pytest.fixture
def confirmed(clew: Clew, clue: str, db: None) -> str:
    assert clew("clues", "confirm", clue, "--reason", "属实").code == 0
    return clue


def test_a_line_a_detector_version(clew: Clew, confirmed: str) -> None:
    (line,) = clew("scorecard", "--json").json
    assert (line["detector"], line["clues"], line["verified"]) == ("MI-01", 1, 1)
    assert (line["confirmed_amount"], line["advice"]) == ("140.00", "too_few")
    assert line["precision"] == {"value": 1.0, "hits": 1, "n": 1, "low": 0.2065, "high": 1.0}
    assert line["coverage"]["n"] == line["overlap"]["n"] == 1
    assert line["excluded"] == {"REVERSED": 1, "LINK_BELOW_T1": 1}
    assert clew("scorecard", "mi-01", "--json").json == [line]
    assert clew("scorecard", "MI-05", "--json").json == []
    table = clew("scorecard")
    assert "100.0 % (1/1, 95 % 20.7-100.0)" in table.out and "判定太少" in table.out
    assert "no advice below 10 verdicts" in table.err
    assert "SAME_STAY" not in table.out
    detailed = clew("scorecard", "MI-01").out
    assert "排除 excluded: LINK_BELOW_T1 1 REVERSED 1" in detailed and "SAME_STAY" in detailed


def test_history_by_version_and_parameters(clew: Clew, confirmed: str) -> None:
    assert clew("detect", "MI-01", "--set", "MI-01.grace_days=30").code == 0
    first, second = clew("scorecard", "--history", "--json").json
    assert (first["params"]["grace_days"], second["params"]["grace_days"]) == ("0", "30")
    assert (first["trend"], second["trend"]) == ("", "too_few")
    assert first["precision"]["n"] == 1
    assert "grace_days=30" in clew("scorecard", "MI-01", "--history").out


def test_the_library_of_each_pack(clew: Clew, confirmed: str) -> None:
    answer = clew("scorecard", "MI-01", "--library", "--json")
    assert answer.code == 0
    assert all(found["cases"] == 0 for found in answer.json)
    assert clew("scorecard", "--library").code == 0


def test_overlap_has_every_pair(clew: Clew, confirmed: str) -> None:
    (own,) = clew("overlap", "--json").json
    assert (own["a"], own["b"], own["subjects"]) == ("MI-01", "MI-01", 1)
    assert f"1/{own['rows']}" in clew("overlap").out
    assert clew("scorecard", "XX-99").code == 5
