"""Evidence packages and triage on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from clew.audit.models import Entry
from clew.kernel.workspace import HOME_VARIABLE, Workspace
from tests.unit.cli.conftest import Clew
from tests.unit.conftest import AN, SHOP

pytestmark = pytest.mark.django_db
MASKED = AN[:6] + "********" + AN[-4:]


def test_a_package_is_written_and_verified(
    clew: Clew, clue: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "package"
    answer = clew("evidence", clue[:6], "--into", folder, "--json")
    assert answer.code == 0
    assert answer.json["clues"] == [clue]
    assert answer.json["masked"] is True and answer.json["not_recomputed"] == []
    assert answer.json["ledger_entry"] == Entry.objects.order_by("-seq")[0].seq
    key = Workspace.current().audit_public_key.hex()

    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "nowhere"))
    assert clew("verify-evidence", folder).code == 0
    pinned = clew("verify-evidence", folder, "--key", key, "--json")
    assert (pinned.code, pinned.json["pinned"], pinned.json["problems"]) == (0, True, [])
    (folder / "clue.json").write_text("{}", encoding="utf-8")
    spoilt = clew("verify-evidence", folder)
    assert spoilt.code == 9
    assert "clue.json" in spoilt.out
    assert clew("verify-evidence", folder, "--json").json["ok"] is False
    assert clew("verify-evidence", tmp_path / "none").code == 4


def test_what_evidence_refuses(clew: Clew, clue: str, tmp_path: Path) -> None:
    assert clew("evidence", clue).code == 2
    assert clew("evidence", "--into", tmp_path / "a").code == 4
    assert clew("evidence", "nosuch", "--into", tmp_path / "a").code == 5
    assert clew("evidence", clue, "--into", tmp_path / "a", "--release", "nosuch").code == 5
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "x").write_text("x", encoding="utf-8")
    assert clew("evidence", clue, "--into", tmp_path / "b").code == 6
    assert not (tmp_path / "a").exists()


def test_groups(clew: Clew, clue: str, tmp_path: Path) -> None:
    (group,) = clew("groups", "--json").json
    assert (group["clues"], group["persons"], group["fund_amount"]) == (1, 1, "120.00")
    assert group["period"] == ["2023-04-01", "2023-04-02"]
    assert group["members"][0]["clue"] == clue
    table = clew("groups")
    assert group["group"] in table.out and SHOP in table.out
    shown = clew("groups", "show", group["group"][:6])
    assert clue in shown.out and MASKED in shown.out and "假定概率" in shown.out
    assert clew("groups", "show", group["group"], "--json").json == group
    assert clew("groups", "show", "nosuch").code == 5
    written = clew("evidence", "--group", group["group"], "--into", tmp_path / "g", "--json")
    assert written.json["clues"] == [clue]


def test_triage_states_its_prior_and_explains(clew: Clew, clue: str) -> None:
    answer = clew("triage", "--officers", 2, "--days", 1)
    assert answer.code == 0
    assert "60.00" in answer.out and "÷ 8 小时" in answer.out
    assert "属实概率按 0.5 计" in answer.err and "hours_group=6h" in answer.err
    told = clew("triage", "--officers", 2, "--days", 1, "--set", "prior=0.25", "--json").json
    assert (told["capacity_hours"], told["used_hours"]) == ("12", "8")
    assert told["chosen"][0]["expected"] == "30.00"
    assert {p["name"]: p["value"] for p in told["parameters"]}["prior"] == "0.25"
    short = clew("triage", "--officers", 1, "--days", 1, "--json").json
    assert short["chosen"] == []
    assert short["left_out"][0]["outcome"] == "no_time"
    assert clew("triage", "--officers", 0).code == 4
    assert clew("triage", "--officers", 1, "--set", "prior").code == 4
    assert clew("triage", "--officers", 1, "--set", "nosuch=1").code == 4


def test_clues_can_be_ordered(clew: Clew, clue: str) -> None:
    for order in ("amount", "fund", "severity", "confidence"):
        (found,) = clew("clues", "list", "--sort", order, "--json").json
        assert found["confidence"]["value"] == 0.5
        assert found["confidence"]["weakest"] == "prior"
    assert "50.0" in clew("clues", "list").out
    assert clew("clues", "list", "--sort", "size").code == 4
