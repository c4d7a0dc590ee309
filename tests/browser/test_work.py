"""An officer's day: triage by keyboard, two who want the same clue, a county's bounds, mending."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from clew.cli.demo_accounts import PASSWORD
from tests.browser.conftest import Enter, Served, accessible, fits

PAGES = (
    "/", "/clues/", "/clues/triage/", "/clues/groups/", "/clues/week/",
    "/matters/", "/matters/board/",
    "/detectors/", "/detectors/MI-05/", "/data/", "/data/upload/", "/data/quarantine/",
    "/data/tickets/", "/data/datasets/mi_settlement/", "/work/", "/results/",
    "/results/medical_insurance/brief/", "/results/medical_insurance/rows/A1.3/", "/people/",
    "/people/demo-operator/", "/people/roles/", "/mine/",
)  # fmt: skip


@pytest.mark.parametrize(("language", "width"), [("", 1360), ("en", 1360), ("", 360), ("en", 360)])
def test_every_page_is_accessible_and_fits(enter: Enter, language: str, width: int) -> None:
    page = enter("demo-reviewer", language=language, width=width)
    for address in PAGES:
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, address
        accessible(page)
        fits(page)


def test_pages_of_single_things_are_accessible_and_fit(enter: Enter) -> None:
    page = enter("demo-operator", width=360)
    for start, link in (
        ("/clues/", "tbody td.code a"), ("/matters/", "tbody a"), ("/data/", "tbody td.code a"),
        ("/data/quarantine/", "tbody td.code a"), ("/detectors/", ".plainlist a"),
    ):  # fmt: skip
        page.goto(start)
        page.locator(link).first.click()
        page.wait_for_load_state()
        accessible(page)
        fits(page)


def test_the_auditors_pages(enter: Enter) -> None:
    page = enter("demo-audit")
    page.goto("/ledger/")
    accessible(page)
    page.get_by_role("button", name="核验").click()
    expect(page.locator("#notice")).to_contain_text("核验通过")
    page.locator("tbody a").first.click()
    accessible(page)


def key(page: Page, name: str) -> None:
    """Presses a key of the page that is shown, once the page hears it."""
    page.wait_for_load_state("domcontentloaded")
    page.keyboard.press(name)


def tab_to(page: Page, wanted: Locator) -> None:
    """Tab after Tab, until the wanted one has the focus."""
    page.wait_for_load_state("domcontentloaded")
    for _ in range(300):
        if wanted.evaluate("e => e === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {wanted}")


def entered(page: Page, told: str) -> None:
    """Enter, and the page anew with what was told."""
    page.evaluate("document.body.dataset.old = 'yes'")
    page.keyboard.press("Enter")
    expect(page.locator("body:not([data-old]) #notice")).to_contain_text(told)


def give(page: Page, field: Locator, file: Path) -> None:
    tab_to(page, field)
    with page.expect_file_chooser() as asked:
        page.keyboard.press("Space")
    asked.value.set_files(file)


def test_by_keyboard_alone_three_clues_and_a_matter(
    enter: Enter, served: Served, tmp_path: Path
) -> None:
    page = enter()
    page.goto("/sign-in/")
    page.keyboard.type("demo-operator-3")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    key(page, "g")
    key(page, "c")
    page.wait_for_url(re.compile("/clues/$"))
    page.goto("/clues/triage/")
    waiting = int(re.findall(r"\d+", page.locator("h1").inner_text())[0])

    key(page, "a")  # the first is put aside
    expect(page.locator("#notice")).to_contain_text("已留待")
    key(page, "z")  # the second is put off
    expect(page.locator("#notice")).to_contain_text("已暂缓")
    key(page, "x")  # the third is declined
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("核对后合规")
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text("已排除")
    assert int(re.findall(r"\d+", page.locator("h1").inner_text())[0]) == waiting - 2
    key(page, "o")  # evidence
    expect(page).to_have_url(re.compile("#rows"))

    key(page, "m")  # the one put aside becomes a matter
    page.wait_for_url(re.compile("/matters/open/"))
    page.get_by_role("button", name="立事项").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text("已立事项")
    paper = tmp_path / "材料.txt"
    paper.write_text("一份材料\n", encoding="utf-8")
    give(page, page.locator("#papers input[type=file]"), paper)
    tab_to(page, page.get_by_role("button", name="附上"))
    entered(page, "已附")
    expect(page.locator("#papers .count")).to_have_text("1")
    while page.get_by_role("button", name="答复").count():
        tab_to(page, page.locator("form:has(button:has-text('答复')) [name=reason]").first)
        page.keyboard.type("已核对")
        entered(page, "已记录")
    for downwards in (0, 1):  # what is due, and its refund
        tab_to(page, page.locator("#money [name=kind]").first)
        for _ in range(downwards):
            page.keyboard.press("ArrowDown")
        tab_to(page, page.locator("#money [name=yuan]").first)
        page.keyboard.type("80.50")
        entered(page, "已记账")
    expect(page.locator("#money .tile", has_text="已追")).to_contain_text("80.50")
    way = page.locator(".way", has=page.get_by_role("heading", name="初筛", exact=True))
    for n in range(way.locator("input[type=file]").count()):
        give(page, way.locator("input[type=file]").nth(n), paper)
    tab_to(page, way.get_by_role("button", name="初筛", exact=True))
    entered(page, "已流转")
    key(page, "/")
    page.keyboard.type(page.locator("h1").inner_text().split()[0])
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("医保局")
    page.get_by_role("button", name="English").focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator(".who summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/sign-in/"))


def test_two_officers_want_the_same_clue(enter: Enter, served: Served) -> None:
    first, second = enter("demo-operator"), enter("demo-operator-2")
    first.goto("/clues/?status=open&matter=no&sort=severity")
    first.locator("tbody td.code a").nth(3).click()
    clue = first.url
    second.goto(clue)
    for page in (first, second):
        page.get_by_role("link", name="立事项").click()
    first.get_by_role("button", name="立事项").click()
    expect(first.locator("#notice")).to_contain_text("已立事项")
    second.get_by_role("button", name="立事项").click()
    expect(second.locator("#notice")).to_contain_text("线索已在办")

    third, fourth = enter("demo-operator"), enter("demo-operator-2")
    third.goto("/clues/?status=open&matter=no&sort=severity")
    third.locator("tbody td.code a").nth(5).click()
    fourth.goto(third.url)
    third.locator("#reason").fill("现场核实")
    third.get_by_role("button", name="属实").click()
    expect(third.locator("#notice")).to_contain_text("判定属实")
    fourth.locator("#reason").fill("看来不成立")
    fourth.get_by_role("button", name="排除", exact=True).click()
    expect(fourth.locator("#notice")).to_contain_text("已由他人改判")
    expect(fourth.locator("#reason")).to_have_value("看来不成立")  # what was typed stays


def test_a_county_sees_its_own(enter: Enter, served: Served) -> None:
    everything = json.loads(served.clew("clues", "list", "--json"))
    own = json.loads(served.clew("clues", "list", "--json", account="demo-operator-ruian"))
    page = enter("demo-operator-ruian")
    page.goto("/clues/")
    assert int(re.findall(r"\d+", page.locator("h1").inner_text())[0]) == len(own) > 0
    other = sorted({c["clue"] for c in everything} - {c["clue"] for c in own})
    assert len(other) > 50
    for code in other[:50]:
        answer = page.request.get(f"/clues/{code}/")
        assert answer.status == 404
        # Beside the address that was asked, the words that there is no such clue.
        assert answer.text().replace(f"/clues/{code}/", "").count(code) == 1
    page.goto("/matters/")
    for place in page.locator("tbody tr td:nth-child(5)").all_inner_texts():
        assert place == "瑞安市"
    page.goto("/results/")
    shown = {t: int(n) for t, n in re.findall(r"(\S+?[县市区])\s*(\d+)", page.locator(
        ".tilemap").inner_text())}  # fmt: skip
    assert {t for t, n in shown.items() if n} == {"瑞安市"}
    assert page.request.get("/results/medical_insurance/brief/").status == 403


def test_an_overdue_matter_stands_out(enter: Enter) -> None:
    page = enter("demo-reviewer")
    page.goto("/?view=overdue")
    expect(page.locator(".tile.late")).to_be_visible()
    expect(page.locator(".lamp-red").first).to_have_text("超期")
    page.locator("tbody a").first.click()
    expect(page.locator("#matter .lamp-red").first).to_be_visible()


def test_a_quarantined_row_is_mended_and_published(enter: Enter, served: Served) -> None:
    page = enter("demo-operator")
    page.goto("/data/quarantine/")
    page.locator("tbody tr", has_text="结算信息").locator("td.code a").first.click()
    section = page.locator("section.panel", has=page.get_by_text("日期不存在")).first
    row = section.locator("h2").inner_text()
    section.locator("input:not([type=hidden])").first.fill("2023-02-03 10:00:00")
    section.get_by_role("button", name="更正并报送").click()
    expect(page.locator("#notice")).to_contain_text("接收 1 行", timeout=60_000)
    expect(page.locator(".said-success", has_text="已由批次").first).to_be_visible()
    page.locator(".said-success a").first.click()
    expect(page.locator("h1")).to_contain_text("已发布")
    assert re.search(r"\d+", row)


def test_an_upload_is_taken_in_with_progress(enter: Enter, tmp_path: Path) -> None:
    page = enter("demo-operator")
    file = tmp_path / "定点医药机构.csv"
    file.write_text("不是数据\n", encoding="utf-8")
    page.goto("/data/upload/")
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="上传并导入").click()
    page.wait_for_url(re.compile("/work/"))
    expect(page.locator("#work")).to_contain_text("完成", timeout=60_000)
    expect(page.locator("#work")).to_contain_text("拒收")
    page.goto("/data/upload/")
    page.locator("[name=file]").set_input_files(
        {"name": "脚本.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"}
    )
    page.get_by_role("button", name="上传并导入").click()
    expect(page.locator("#notice")).to_contain_text("不接收这种文件")


def test_detectors_run_in_the_background(enter: Enter) -> None:
    page = enter("demo-operator")
    page.goto("/detectors/")
    page.locator("[name=detector][value=MI-05]").check()
    page.get_by_role("button", name=re.compile("运行选中")).click()
    page.wait_for_url(re.compile("/work/"))
    expect(page.locator("#work")).to_contain_text("完成", timeout=120_000)
    page.get_by_role("link", name="看这次运行").click()
    expect(page.locator("tbody")).to_contain_text("MI-05")
    page.goto("/detectors/MI-05/")
    page.fill("#p-nights", "0")
    page.get_by_role("button", name=re.compile("试算")).click()
    expect(page.locator(".tiles")).to_contain_text("新来", timeout=60_000)


def test_forms_without_a_script(enter: Enter, browser: object, served: Served) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=served.address)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto("/sign-in/")
    page.fill("[name=login]", "demo-operator")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.goto("/clues/triage/")
    page.get_by_role("button", name="留待立案").click()
    expect(page.locator("#notice")).to_contain_text("已留待")
    context.close()
