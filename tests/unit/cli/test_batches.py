"""Batches on the command line: withdrawn, superseded, late; and what then is said of clues."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Clew
from tests.unit.conftest import FILES, Village, write_csv

pytestmark = pytest.mark.django_db


def corrected(folder: Path) -> Path:
    headers, rows = FILES["结算信息.csv"]
    return write_csv(folder / "结算信息-更正.csv", headers, [*rows[:1], *rows[2:]])


def test_a_batch_is_retracted_with_a_reason(clew: Clew, clue: str, village: Village) -> None:
    batch = village.batch("mi_settlement")
    assert clew("datasets", "retract", batch).code == 2
    assert clew("datasets", "retract", "nothing", "--reason", "x").code == 5
    answer = clew("datasets", "retract", batch, "--reason", "误报", "--json")
    assert answer.json == {
        "batch": batch, "dataset": "mi_settlement", "status": "withdrawn", "accepted": 8,
    }  # fmt: skip
    again = clew("datasets", "retract", batch, "--reason", "误报")
    assert again.code == 4
    assert "→" in again.err
    shown = clew("datasets", "show", batch).out
    assert "已撤回" in shown
    assert "误报" in shown
    (line,) = [d for d in clew("datasets", "list", "--json").json if d["rows"] == 8 or
               d["dataset"] == "mi_settlement"]  # fmt: skip
    assert (line["rows"], line["last_day"]) == (0, "")
    assert clew("detect", "MI-01", "--json").json["detectors"][0]["status"] == "not_run"


def test_clues_tell_which_rows_were_corrected(
    clew: Clew, clue: str, village: Village, tmp_path: Path
) -> None:
    batch = village.batch("mi_settlement")
    assert clew("clues", "show", clue, "--json").json["stale_evidence"] == []
    sent = clew("ingest", corrected(tmp_path), "--supersedes", batch[:6], "--json")
    assert (sent.code, sent.json[0]["status"]) == (0, "published")
    gone = {"dataset": "mi_settlement", "batch": batch, "state": "withdrawn"}
    stale = [gone | {"row": 3}, gone | {"row": 4}]
    assert clew("clues", "show", clue, "--json").json["stale_evidence"] == stale
    assert clew("clues", "list", "--json").json[0]["stale_evidence"] == stale
    assert f"{batch}:3" in clew("clues", "show", clue).err
    assert "(更正 2)" in clew("clues", "list").out
    (row,) = clew("trace", f"{batch}:3", "--json").json
    assert (row["state"], row["clues"], row["stale_clues"]) == ("withdrawn", [clue], [clue])
    assert clue in clew("trace", f"{batch}:3").err
    clew("detect", "MI-01")
    assert clew("clues", "show", clue, "--json").json["stale_evidence"] == []


def test_one_file_supersedes_one_batch(clew: Clew, village: Village, tmp_path: Path) -> None:
    path = corrected(tmp_path)
    batch = village.batch("mi_settlement")
    assert clew("ingest", path, path, "--supersedes", batch).code == 2
    assert clew("ingest", path, "--supersedes", "nothing").code == 5
    wrong = clew("ingest", path, "--supersedes", village.batch("death_health"))
    assert wrong.code == 4
    assert "clew datasets batches" in wrong.err


def test_datasets_show_how_late_they_are(clew: Clew, village: Village) -> None:
    lines = {d["dataset"]: d for d in clew("datasets", "list", "--json").json}
    settlements = lines["mi_settlement"]
    assert (settlements["last_day"], settlements["late_days"]) == ("2023-06-01", 121)
    assert lines["mi_institution"]["late_days"] is None
    assert "逾期 121 天" in clew("datasets", "list").out
    report = clew("datasets", "show", village.batch("mi_settlement"), "--json").json
    assert report["alarms"] == [{"what": "late", "value": 152, "low": 0, "high": 31}]
    assert "数据截至 152 天前" in clew("datasets", "show", village.batch("mi_settlement")).out
