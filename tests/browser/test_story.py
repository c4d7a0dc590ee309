"""One thread in the browser, from a source row to the money, and the figure that it moves."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Enter, Served, accessible

ON_SITE = ("evidence_list", "records", "interview_notes", "expert_opinion", "statement")


def today(served: Served) -> date:
    """The workspace's day."""
    found = tomllib.loads((served.home / "clew.toml").read_text(encoding="utf-8"))["today"]
    return found if isinstance(found, date) else date.fromisoformat(found)


def later(served: Served, days: int) -> None:
    """Moves the workspace's day on, as the days of a matter pass."""
    path = served.home / "clew.toml"
    now = today(served)
    path.write_text(
        path.read_text(encoding="utf-8").replace(str(now), str(now + timedelta(days=days))),
        encoding="utf-8",
    )


def figure(served: Served, name: str) -> str:
    told = json.loads(served.clew("brief", "medical_insurance", "--json", account="demo-leader"))
    return str(next(f["value"] for f in told["figures"] if f["id"] == name))


def press(page: Page, button: Locator, text: str) -> None:
    """Presses, and waits for the answer: the page anew, or a refusal on the one that asked."""
    page.evaluate("document.body.dataset.old = 'yes'")
    button.click()
    anew, refused = "body:not([data-old]) #notice", "body[data-old] #notice:has([role=alert])"
    expect(page.locator(f"{anew}, {refused}")).to_contain_text(text)


def every_page(page: Page) -> Iterator[int]:
    """Turns the pages of a list, to its last."""
    number, following = 1, page.get_by_role("link", name="下一页")
    while True:
        page.wait_for_load_state("domcontentloaded")
        yield number
        if not following.count():
            return
        number += 1
        following.click()
        page.wait_for_url(re.compile(rf"page={number}$"))


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "材料.txt"
    path.write_text("一份材料\n", encoding="utf-8")
    return path


def advance(page: Page, title: str, paper: Path | None = None) -> None:
    """Takes the way of this title; gives every paper that it still wants."""
    way = page.locator(".way", has=page.get_by_role("heading", name=title, exact=True))
    files = way.locator("input[type=file]")
    for n in range(files.count()):
        assert paper is not None
        files.nth(n).set_input_files(paper)
    for box in way.locator("input[type=checkbox]").all():
        box.check()
    for text in way.locator("input:not([type])").all():
        text.fill("已办")
    press(page, way.get_by_role("button", name=title, exact=True), "已流转")


def test_from_a_row_to_the_figure(enter: Enter, served: Served, paper: Path) -> None:
    before = figure(served, "A1.3")
    assert 80e6 <= float(before) <= 90e6  # from the past matters of the sample city
    operator, second = enter("demo-operator"), enter("demo-operator-2")
    reviewer, leader = enter("demo-reviewer"), enter("demo-leader")

    # a clue without untested exclusions, on whose row we begin
    operator.goto("/clues/?detector=MI-01&status=open&matter=no")
    operator.locator("tbody tr a.code, tbody td.code a").first.click()
    expect(operator.locator(".thread .knot-present")).to_contain_text("线索")
    clue = operator.url.rstrip("/").rsplit("/", 1)[1]
    operator.locator("#rows td.file a").first.click()
    expect(operator.get_by_role("link", name=clue)).to_be_visible()
    operator.get_by_role("link", name=clue).click()
    accessible(operator)

    operator.get_by_role("link", name="立事项").click()
    press(operator, operator.get_by_role("button", name="立事项"), "已立事项")
    matter = operator.url
    for form in range(operator.get_by_role("button", name="答复").count()):
        operator.locator("form.inline [name=reason]").first.fill(f"已核对 {form}")
        press(operator, operator.get_by_role("button", name="答复").first, "已记录")
    advance(operator, "初筛", paper)

    reviewer.goto(matter)
    for code in ("demo-operator", "demo-operator-2", "demo-operator-3"):
        reviewer.locator(f"[name=handler][value={code}]").check()
    press(reviewer, reviewer.get_by_role("button", name="交办"), "已交办")

    second.goto("/")  # it waits in the second handler's list
    number = reviewer.locator("h1").inner_text().split()[0]
    expect(second.get_by_role("link", name=number)).to_be_visible()
    second.goto(matter)
    advance(second, "签收核查")
    advance(second, "立案")
    while second.get_by_role("button", name="核实身份").count():
        second.locator("form:has(button:has-text('核实身份')) [name=reason]").first.fill("核对证件")
        press(second, second.get_by_role("button", name="核实身份").first, "身份已核实")
    second.locator("form.inline:has(button:has-text('认定')) [name=reason]").first.fill("调档属实")
    press(second, second.get_by_role("button", name="认定").first, "线索已认定")
    for number_of_papers, kind in enumerate(ON_SITE, 2):
        second.locator("#papers [name=kind]").select_option(kind)
        second.locator("#papers input[type=file]").set_input_files(paper)
        second.get_by_role("button", name="附上").click()
        expect(second.locator("#papers .count")).to_have_text(str(number_of_papers))
    advance(second, "告知", paper)

    reviewer.goto(matter)
    way = reviewer.locator(".way", has=reviewer.get_by_role("heading", name="认定"))
    press(reviewer, way.get_by_role("button", name="认定"), "未满")  # time to ask for a hearing
    later(served, 10)
    reviewer.goto(matter)
    advance(reviewer, "认定")

    second.goto(matter)
    second.locator("#money [name=kind]").first.select_option("due")
    second.locator("#money [name=yuan]").first.fill("1200.50")
    press(second, second.get_by_role("button", name="记账"), "已记账")
    advance(second, "作出处理", paper)
    advance(second, "送达", paper)
    second.locator("#money [name=kind]").first.select_option("recovered")
    second.locator("#money [name=yuan]").first.fill("1200.50")
    press(second, second.get_by_role("button", name="记账"), "已记账")
    advance(second, "转入整改")
    advance(second, "转入回头看", paper)
    second.get_by_role("button", name="回头看").click()
    expect(second.locator("#work")).to_contain_text("回头看通过", timeout=90_000)

    leader.goto(matter)
    advance(leader, "办结", paper)
    expect(leader.locator(".thread .knot-present")).to_contain_text("追回")
    expect(leader.locator(".thread .knot-present")).to_contain_text("1,200.50")

    assert float(figure(served, "A1.3")) == pytest.approx(float(before) + 1200.50, abs=0.001)
    leader.goto("/results/medical_insurance/brief/")
    leader.get_by_role("link", name=re.compile("追回金额")).click()
    leader.wait_for_url(re.compile("/rows/"))
    assert any(leader.get_by_role("link", name=number).count() for _ in every_page(leader))
    told = served.clew("audit", "list", "--limit", "400", "--json", account="demo-audit")
    trail = json.loads(told)
    mine = [e["verb"] for e in trail if e["subject"] == matter.rstrip("/").rsplit("/", 1)[1]]
    for verb in ("matters.open", "matters.assign", "matters.book", "matters.look_back"):
        assert verb in mine, verb
    assert "matters.refuse" in mine
    served.clew("audit", "verify", account="demo-audit")

