"""Matters on the command line: opened, shown, moved, paid, looked back; errors with their codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from clew.detection.models import Clue
from clew.detection.queries import latest_hit
from clew.matters import actions
from clew.matters.clocks.actions import ask_extension
from clew.matters.models import Matter
from tests.unit.cli.conftest import Clew
from tests.unit.conftest import Village
from tests.unit.matters.conftest import Office, staffed

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None, village: Village, tmp_path: Path) -> Office:
    return staffed(village.by, tmp_path)


@pytest.fixture
def matter(clew: Clew, clue: str, office: Office) -> str:
    answer = clew("matters", "open", clue, "--department", "insurance", "--json")
    assert answer.code == 0, answer.err
    return str(answer.json["matter"])


@pytest.fixture
def screened(clew: Clew, matter: str, clue: str, tmp_path: Path) -> str:
    """With its exclusions answered, by the command line alone."""
    sheet = tmp_path / "核对单.txt"
    sheet.write_text("均已核对", encoding="utf-8")
    for code in latest_hit(Clue.objects.get()).untested:
        said = clew("matters", "answer", matter, clue[:8], "--code", code, "--answer", "not_met",
                    "--reason", "查过", "--json")  # fmt: skip
        assert said.json["answers"][code] == "not_met"
    paper = f"exclusion_answers={sheet}"
    moved = clew("matters", "advance", matter, "screen", "--paper", paper, "--if-state", "FOUND",
                 "--json")  # fmt: skip
    assert moved.json["state"] == "SCREENED", moved.err
    return matter


def test_it_is_opened_listed_and_shown(clew: Clew, matter: str, clue: str) -> None:
    (line,) = clew("matters", "list", "--json").json
    assert (line["matter"], line["state"], line["clues"]) == (matter, "FOUND", 1)
    assert line["number"] == "医保局〔2023〕1号" and line["lamp"] == "blue"
    listed = clew("matters", "list")
    assert "医保局〔2023〕1号" in listed.out and "待办 0" in listed.err
    shown = clew("matters", "show", "医保局〔2023〕1号", "--json").json
    assert shown == clew("matters", "show", matter[:6], "--json").json
    assert [c["clue"] for c in shown["clues"]] == [clue]
    assert "screen" in shown["ways"]
    page = clew("matters", "show", matter)
    assert "疑似死亡人员刷卡" in page.out
    assert f"→ clew matters advance {matter} screen" in page.err
    board = clew("matters", "board", "--json").json
    assert board[0]["state"] == "FOUND" and len(board[0]["matters"]) == 1
    assert "FOUND" in clew("matters", "board").out


def test_the_thread_of_a_matter(clew: Clew, matter: str, clue: str) -> None:
    line = clew("thread", matter, "--json").json
    assert line == clew("thread", "医保局〔2023〕1号", "--json").json
    assert line == clew("thread", clue, "--json").json
    assert next(k for k in line if k["state"] == "present")["knot"] == "matter"
    assert "◉ 事项" in clew("clues", "show", clue).out


def test_a_clue_is_in_one_matter(clew: Clew, matter: str, clue: str) -> None:
    again = clew("matters", "open", clue, "--department", "insurance")
    assert again.code == 6 and "医保局〔2023〕1号" in again.err
    assert clew("matters", "open", "zzzz").code == 5
    assert Matter.objects.count() == 1


def test_it_moves_by_its_rules(clew: Clew, screened: str, office: Office) -> None:
    stale = clew("matters", "advance", screened, "screen", "--if-state", "FOUND")
    assert stale.code == 6 and "admin" in stale.err
    assert clew("matters", "advance", screened, "decide").code == 6
    assert clew("matters", "advance", screened, "screen", "--answer", "nonsense").code == 4
    assert clew("matters", "assign", screened, "--handler", "an").code == 6
    moved = clew("matters", "assign", screened, "--handler", "an", "--handler", "bo", "--json").json
    assert (moved["state"], moved["handlers"]) == ("ASSIGNED", ["an", "bo"])
    assert clew("matters", "return", screened, "--reason", "x").code == 6
    actions.return_once(by=office["an"], matter=screened, reason="不属本科室")
    assert clew("matters", "show", screened, "--json").json["state"] == "SCREENED"


def test_suspended_and_resumed(clew: Clew, screened: str, office: Office) -> None:
    paper = office.paper("suspension_paper", "送鉴定")
    command = ("matters", "suspend", screened, "--ground", "appraisal", "--reason", "送鉴定")
    assert clew(*command).code == 6
    stood = clew(*command, "--paper", f"suspension_paper={paper.path}", "--json").json
    assert stood["state"] == "SUSPENDED"
    lamps = {d["clock"]: d["lamp"] for d in stood["deadlines"]}
    assert lamps == {"screening": "met", "filing": "stands"}
    back = clew("matters", "resume", screened, "--reason", "已出结果", "--json").json
    assert back["state"] == "SCREENED"


def test_papers(clew: Clew, matter: str, tmp_path: Path) -> None:
    page = tmp_path / "页.html"
    page.write_text("<html></html>", encoding="utf-8")
    assert clew("matters", "attach", matter, str(page), "--kind", "other").code == 4
    text = tmp_path / "说明.txt"
    text.write_text("说明", encoding="utf-8")
    added = clew("matters", "attach", matter, str(text), "--kind", "other", "--json").json
    assert added["kind"] == "other"
    copy = tmp_path / "copy.txt"
    assert clew("matters", "paper", matter, added["paper"], "--out", copy, "--json").json == added
    assert copy.read_text(encoding="utf-8") == "说明"
    assert clew("matters", "paper", matter, added["paper"], "--out", copy).code == 4
    assert clew("matters", "attach", matter, str(text), "--kind", "other").code == 6
    assert "说明.txt" in clew("matters", "show", matter).out
    more = tmp_path / "二.txt"
    more.write_text("二", encoding="utf-8")
    assert "attached" in clew("matters", "attach", matter, str(more), "--kind", "other").err


def test_money_and_write_off(clew: Clew, matter: str, office: Office) -> None:
    due = clew("matters", "book", matter, "--kind", "due", "--amount", "1,234.50", "--json").json
    assert due["amount"] == "1234.50"
    assert clew("matters", "book", matter, "--kind", "due", "--amount", "many").code == 4
    assert clew("matters", "book", matter, "--kind", "due", "--on", "tomorrow").code == 4
    paid = clew("matters", "book", matter, "--kind", "recovered", "--amount", "34.50", "--json")
    undone = clew("matters", "reverse", matter, paid.json["entry"], "--reason", "退票", "--json")
    assert undone.json["amount"] == "-34.50"
    asked = clew("matters", "write-off", matter, "--amount", "200", "--reason", "无力", "--json")
    own = clew("matters", "approve", matter, asked.json["request"], "--reason", "同意")
    assert own.code == 6
    shown = clew("matters", "show", matter, "--json").json
    assert (shown["due"], shown["recovered"], shown["written_off"]) == ("1234.50", "0.00", "0.00")
    page = clew("matters", "show", matter).out
    assert "应追 1,234.50" in page and "待批" in page
    assert "booked" in clew("matters", "book", matter, "--kind", "fine", "--amount", "1").err


def test_more_time(clew: Clew, matter: str, office: Office) -> None:
    command = ("matters", "extend", matter, "--clock", "filing", "--by", "5", "--reason", "材料多")
    assert "waits for another" in clew(*command).err
    asked = ask_extension(by=office["an"], matter=matter, code="filing", amount=3, reason="多")
    declined = clew("matters", "approve", matter, asked.code, "--decline", "--reason", "不必",
                    "--json").json  # fmt: skip
    assert [r["granted"] for r in declined["requests"]] == [None, False]
    assert clew("matters", "extend", matter, "--clock", "none", "--by", "1").code in (4, 5)


def test_settled_rebutted_and_reopened(clew: Clew, matter: str, clue: str) -> None:
    bad = clew("matters", "settle", matter, clue, "--outcome", "rebutted", "--reason", "查过")
    assert bad.code == 4
    done = clew("matters", "settle", matter, clue, "--outcome", "rebutted", "--code", "LAWFUL",
                "--reason", "合规", "--json").json  # fmt: skip
    assert (done["outcome"], done["code"]) == ("rebutted", "LAWFUL")
    ended = clew("matters", "advance", matter, "rebut", "--answer", "reason=无事", "--json").json
    assert ended["closed"]
    assert clew("matters", "lookback", matter).code == 6
    again = clew("matters", "reopen", matter, "--reason", "复查", "--json").json
    assert again["state"] == "REOPENED"


def test_identity_merge_reminders_and_recompute(clew: Clew, matter: str, clue: str) -> None:
    assert clew("matters", "identify", matter, clue, "--reason", "查户籍").code == 4
    assert clew("matters", "merge", matter, "--into", matter, "--reason", "同案").code == 6
    assert clew("matters", "reminders", "--json").json == []
    (half,) = clew("matters", "reminders", "--on", "2023-11-07", "--json").json
    assert (half["clock"], half["percent"]) == ("screening", 50)
    assert "初筛" in clew("matters", "reminders", "--on", "2023-11-07").out
    assert clew("matters", "recompute", "--json").json == {"moved": 0}
