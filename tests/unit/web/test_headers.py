"""What every answer says to the browser, refusals and files among them."""

from __future__ import annotations

import re

import pytest

from tests.unit.web.conftest import Enter

PAGES = ("/", "/sign-in/", "/clues/", "/nothing-here/", "/static/vendor/htmx.js", "/ledger/")


@pytest.mark.parametrize("page", PAGES)
def test_no_answer_lets_anything_in_from_elsewhere(page: str, enter: Enter) -> None:
    answer = enter("operator").get(page)
    answer.close()  # a file is sent as it is read
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"https?:", policy)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("page", [p for p in PAGES if not p.startswith("/static/")])
def test_no_page_is_kept_and_none_names_another_host(page: str, enter: Enter) -> None:
    answer = enter("operator").get(page)
    assert "no-store" in answer["Cache-Control"]
    text = answer.content.decode()
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', text)
    assert not re.search(r"\son[a-z]+=|\sstyle=|<style", text)
    assert not re.search(r"<script(?![^>]*(src=|application/json))", text)


def test_cookies_are_out_of_reach_of_scripts(enter: Enter) -> None:
    client = enter("operator")
    client.get("/")
    client.post("/language/", {"language": "en"})
    for name in ("clew_session", "clew_language"):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"
