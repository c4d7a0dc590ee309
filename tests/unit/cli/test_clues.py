"""Clues on the command line: their shape, their thread, their reasons, and who is masked."""

from __future__ import annotations

import pytest

from clew.audit.models import Entry
from clew.detection.models import Hit, Run
from tests.unit.cli.conftest import Clew
from tests.unit.conftest import AN, Village

pytestmark = pytest.mark.django_db
MASKED = AN[:6] + "********" + AN[-4:]


def test_detect_prints_a_line_a_detector(clew: Clew, clue: str) -> None:
    answer = clew("detect", "MI-01", "--json")
    assert answer.code == 0
    (line,) = answer.json["detectors"]
    assert answer.json["run"]
    assert {k: line[k] for k in ("id", "status", "candidates", "excluded", "clues", "new")} == {
        "id": "MI-01", "status": "ran", "candidates": 3,
        "excluded": {"REVERSED": 1, "LINK_BELOW_T1": 1}, "clues": 1, "new": 0,
    }  # fmt: skip
    assert (line["review_list"], line["data_correction"]) == (1, 0)
    assert "SAME_STAY" in line["untested"]
    assert (line["fund_amount"], line["account_amount"]) == ("120.00", "20.00")


def test_detect_tells_what_could_not_run(clew: Clew, village: Village) -> None:
    answer = clew("detect", "mi-01", "--set", "MI-05.nights=0")
    assert answer.code == 4
    assert "MI-05" in answer.err
    for wrong in ("MI-01", "MI-01=3", "MI-01.nosuch=3"):
        answer = clew("detect", "MI-01", "--set", wrong)
        assert (answer.code, answer.out) == (4, "")
        assert "→" in answer.err
    assert clew("detect", "MI-01", "--as-of", "yesterday").code == 4


def test_detect_explains_without_running(clew: Clew, village: Village) -> None:
    runs = Hit.objects.count()
    answer = clew("detect", "MI-01", "--explain")
    assert answer.code == 0
    assert "-- open medical_insurance" in answer.out
    assert "-- detect MI-01\n" in answer.out
    assert Hit.objects.count() == runs


def test_a_list_of_clues_with_their_rows(clew: Clew, clue: str, village: Village) -> None:
    (found,) = clew("clues", "list", "--json").json
    assert found["clue"] == clue
    assert (found["detector"], found["severity"], found["amount"]) == ("MI-01", "L", "140.00")
    assert found["subject"] == MASKED
    flagged = [e for e in found["evidence"] if e["role"] == "flagged"]
    assert flagged == [
        {"role": "flagged", "dataset": "mi_settlement", "batch": village.batch("mi_settlement"),
         "file": "结算信息.csv", "row": row, "key": key}
        for row, key in ((3, "S2"), (4, "S3"))
    ]  # fmt: skip
    assert clew("clues", "list", "--detector", "MI-05", "--json").json == []
    assert clew("clues", "list", "--detector", "mi-01", "--json").json == [found]
    assert clew("clues", "export").json == [found]
    table = clew("clues", "list")
    assert clue in table.out and MASKED in table.out


def test_one_clue_by_the_beginning_of_its_id(clew: Clew, clue: str) -> None:
    answer = clew("clues", "show", clue[:6])
    assert answer.code == 0
    assert "疑似" in answer.out and "S2" in answer.out and "◉ 线索" in answer.out
    assert clew("clues", "show", clue, "--json").json["clue"] == clue


def test_nobody_is_shown_in_clear_without_a_reason(clew: Clew, clue: str) -> None:
    before = Entry.objects.count()
    for command in (("clues", "list"), ("clues", "show", clue)):
        answer = clew(*command, "--unmask")
        assert (answer.code, answer.out) == (6, "")
        assert "--reason" in answer.err
        assert clew(*command, "--unmask", "--reason", "   ").code == 6
    assert Entry.objects.count() == before


def test_a_reason_unmasks_and_is_written_down_once(clew: Clew, clue: str) -> None:
    before = Entry.objects.count()
    answer = clew("clues", "list", "--json", "--unmask", "--reason", f"核查 {AN}", clear=True)
    assert answer.json[0]["subject"] == AN
    assert Entry.objects.count() == before + 1
    entry = Entry.objects.order_by("-seq")[0]
    assert entry.verb == "accounts.unmask"
    assert entry.facts == {"reason": "核查 ***", "purpose": Run.objects.get().code}


def test_a_thread_for_a_clue_and_for_a_row(clew: Clew, clue: str) -> None:
    line = clew("thread", clue, "--json").json
    assert [(k["knot"], k["state"]) for k in line[:5]] == [
        ("rows", "reached"), ("link", "reached"), ("hit", "reached"), ("clue", "present"),
        ("matter", "ahead"),
    ]  # fmt: skip
    assert clew("thread", "S2", "--json").json == line
    assert clew("thread", "S1", "--json").json[0]["state"] == "present"
    assert "● 数据行 ─ ● 关联 ─ ● 命中 ─ ◉ 线索 ─ ○ 事项" in clew("thread", clue).out


def test_trace_says_where_a_row_went(clew: Clew, clue: str, village: Village) -> None:
    batch = village.batch("mi_settlement")
    expected = {"dataset": "mi_settlement", "batch": batch, "file": "结算信息.csv", "row": 3,
                "state": "live", "clues": [clue], "stale_clues": []}  # fmt: skip
    assert clew("trace", "S2", "--json").json == [expected]
    assert clew("trace", f"{batch}:3", "--json").json == [expected]
    assert clew("trace", "S1", "--json").json[0]["clues"] == []
    assert clue in clew("trace", "S2").out
    assert clew("trace", AN).code == 0


def test_why_fired_excused_failed_or_never_asked(clew: Clew, clue: str) -> None:
    (fired,) = clew("why", "S2", "MI-01", "--json").json
    assert (fired["outcome"], fired["clue"]) == ("clue", clue)
    assert fired["tested"]["REVERSED"] is False
    (excused,) = clew("why", "S4", "MI-01", "--json").json
    assert (excused["outcome"], excused["decided_by"]) == ("excluded", "REVERSED")
    (unasked,) = clew("why", "S7", "MI-01", "--json").json
    assert unasked["outcome"] == "not_considered"
    shown = clew("why", "S2", "MI-01").out
    assert "✓ 是  AFTER_DEATH" in shown and "? 未测  MORTUARY_ITEMS" in shown


def test_reproduce_agrees_or_ends_with_nine(clew: Clew, clue: str) -> None:
    answer = clew("reproduce", clue, "--json")
    assert (answer.code, answer.json["agrees"], answer.json["code_changed"]) == (0, True, False)
    Hit.objects.update(digest="0" * 64)
    answer = clew("reproduce", clue, "--json")
    assert (answer.code, answer.json["agrees"], answer.json["found"]) == (9, False, True)
    assert "不一致" in clew("reproduce", clue).err


@pytest.mark.parametrize(
    "command",
    [
        ("clues", "show", "zzzz"), ("thread", "zzzz"), ("trace", "zzzz"), ("why", "zzzz"),
        ("reproduce", "zzzz"), ("detect", "XX-99"), ("clues", "list", "--detector", "XX-99"),
        ("why", "S2", "XX-99"), ("brief", "zzzz"), ("datasets", "show", "zzzz"),
        ("quarantine", "list", "zzzz"), ("datasets", "confirm", "zzzz"),
        ("brief", "medical_insurance", "--rows", "zzzz"),
    ],
)  # fmt: skip
def test_what_does_not_exist_ends_with_five(
    clew: Clew, clue: str, command: tuple[str, ...]
) -> None:
    answer = clew(*command)
    assert (answer.code, answer.out) == (5, "")
    assert answer.err.startswith("✗ ")
    assert "→ " in answer.err
