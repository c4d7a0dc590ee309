"""The entrance: signing in and out, both languages, text size, keys."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from clew.cli.demo_accounts import PASSWORD
from tests.browser.conftest import Enter, accessible, fits


def test_the_entrance_is_in_chinese_first(enter: Enter) -> None:
    page = enter()
    page.goto("/")
    expect(page).to_have_url(re.compile("/sign-in/"))
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    accessible(page)
    fits(page)


def test_a_wrong_password_says_nothing_of_the_account(enter: Enter) -> None:
    told = []
    for account in ("demo-operator-ruian", "nobody-at-all"):
        page = enter()
        page.goto("/sign-in/")
        page.fill("[name=login]", account)
        page.fill("[name=password]", "not-the-password")
        page.press("[name=password]", "Enter")
        told.append(page.get_by_role("alert").inner_text())
    assert told[0] == told[1] != ""


def test_by_keyboard_alone(enter: Enter) -> None:
    page = enter()
    page.goto("/sign-in/")
    page.keyboard.type("demo-operator")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile("/clues/"))
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()


def test_language_and_text_size_stay(enter: Enter) -> None:
    page = enter("demo-operator")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator(".who summary").click()
    page.get_by_role("button", name="Large text").click()
    expect(page.locator("html")).to_have_class(re.compile("large"))
    page.goto("/clues/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    fits(page)
    accessible(page)


def test_signed_out_is_out(enter: Enter) -> None:
    page = enter("demo-operator")
    page.locator(".who summary").click()
    page.get_by_role("button", name="退出").click()
    expect(page).to_have_url(re.compile("/sign-in/"))
    page.go_back()
    page.goto("/clues/")
    expect(page).to_have_url(re.compile("/sign-in/"))
