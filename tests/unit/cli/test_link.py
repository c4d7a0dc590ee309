"""Repaired links on the command line: found, listed masked, decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Clew
from tests.unit.conftest import AN, FILES, Village, write_csv

pytestmark = pytest.mark.django_db
MISTYPED = AN[:14] + "8O" + AN[16:]


@pytest.fixture
def mistyped(clew: Clew, village: Village, tmp_path: Path) -> str:
    """A sale to the dead under a mistyped number, and the id of its link."""
    headers, rows = FILES["结算信息.csv"]
    sale = ("T1", "MT1", MISTYPED, "安一", *rows[1][4:])
    answer = clew("ingest", write_csv(tmp_path / "结算信息_错号.csv", headers, [sale]), clear=True)
    assert answer.code == 0
    assert "clew link" in answer.err
    (found,) = _repaired(clew)
    return str(found["link"])


def _repaired(clew: Clew) -> list[dict[str, object]]:
    assert clew("link").code == 0
    listed = clew("link", "--repaired", "--json").json
    assert isinstance(listed, list)
    return listed


def test_links_count_what_was_repaired(clew: Clew, mistyped: str) -> None:
    answer = clew("link")
    assert "现有 1 条" in answer.err
    pairs = clew("link", "--json").json
    assert set(pairs[0]) == {"a", "b", "T1", "T1c", "T2"}


def test_a_repaired_link_is_listed_masked_with_its_reason(clew: Clew, mistyped: str) -> None:
    (found,) = clew("link", "--repaired", "--json").json
    assert found["original"] == MISTYPED[:6] + "********" + MISTYPED[-4:]
    assert found["person"] == AN[:6] + "********" + AN[-4:]
    assert (found["name"], found["verdict"], found["dataset"]) == ("安*", None, "mi_settlement")
    assert "第 16 位" in found["why"]["zh"] and "place 16" in found["why"]["en"]
    shown = clew("link", "--repaired")
    assert mistyped in shown.out and "安一" not in shown.text and MISTYPED not in shown.text
    assert clew("trace", found["example"], "--json").json[0]["dataset"] == "mi_settlement"


def test_below_t1_until_a_person_has_decided(clew: Clew, mistyped: str) -> None:
    def excluded() -> dict[str, int]:
        found = clew("detect", "MI-01", "--dry-run", "--json").json["detectors"][0]
        return {"candidates": found["candidates"], "fund": found["fund_amount"]}

    before = excluded()
    assert clew("why", "T1", "MI-01", "--json").json[0]["decided_by"] == "LINK_BELOW_T1"
    answer = clew("link", "decide", mistyped, "same", "--reason", "看过病历", "--json")
    assert answer.json == {"link": mistyped, "verdict": "same"}
    assert clew("why", "T1", "MI-01", "--json").json[0]["outcome"] == "clue"
    assert excluded() != before
    assert clew("link", "decide", mistyped, "not_same", "--reason", "另有其人").code == 0
    assert clew("why", "T1", "MI-01", "--json").json[0]["outcome"] == "not_considered"


def test_a_clue_by_a_repaired_number_says_confirm_identity(
    clew: Clew, village: Village, tmp_path: Path
) -> None:
    headers, _ = FILES["结算信息.csv"]
    stays = [
        (key, f"V{key}", number, "安一", ward, "21", begin, settled, "90.00", "90.00", "0", "0", "",
         settled)
        for key, number, ward, begin, settled in (
            ("T1", AN, "H33030200001", "2022-05-01", "2022-05-10"),
            ("T2", MISTYPED, "H33030200002", "2022-05-06", "2022-05-12"),
        )
    ]  # fmt: skip
    path = write_csv(tmp_path / "结算信息_住院.csv", (*headers, "出院时间"), stays)
    assert clew("ingest", path, clear=True).code == 0
    assert clew("link").code == 0
    assert clew("detect", "MI-05").code == 0
    (clue,) = clew("clues", "list", "--detector", "MI-05", "--json").json
    assert clue["confirm_identity"] is True
    assert "须先核实身份" in clew("clues", "show", clue["clue"]).out
    link = clew("thread", clue["clue"], "--json").json[1]
    assert (link["knot"], link["note"]) == ("link", "T2 医保局")
    assert clew("reproduce", clue["clue"]).code == 0
    (found,) = clew("link", "--repaired", "--json").json
    clew("link", "decide", found["link"], "same", "--reason", "看过")
    assert clew("reproduce", clue["clue"]).code == 0, "frozen before the decision"
    assert clew("detect", "MI-05").code == 0
    (clue,) = clew("clues", "list", "--detector", "MI-05", "--json").json
    assert clue["confirm_identity"] is False


def test_a_decision_needs_a_known_link_a_verdict_and_a_reason(clew: Clew, mistyped: str) -> None:
    assert clew("link", "decide", "nosuch", "same", "--reason", "x").code == 5
    assert clew("link", "decide", mistyped, "perhaps", "--reason", "x").code == 4
    refused = clew("link", "decide", mistyped, "same")
    assert refused.code == 4
    assert "--reason" in refused.err


def test_conflicts_say_their_kind(clew: Clew, village: Village) -> None:
    assert {row["kind"] for row in clew("link", "--conflicts", "--json").json} == {"two names"}
    assert "一证两名" in clew("link", "--conflicts").out
