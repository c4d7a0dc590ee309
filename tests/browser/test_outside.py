"""Signing in through the city's OpenID Connect provider: here a small one of the test's own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Enter, Served, serving


class Provider(BaseHTTPRequestHandler):
    """Says who `who` is to whoever asks, without asking for a password."""

    who = "demo-leader"

    def do_GET(self) -> None:
        path = urlsplit(self.path)
        if path.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(path.query).items()}
            there = urlencode({"code": "once", "state": asked["state"]})
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{there}")
            self.end_headers()
        elif path.path == "/userinfo":
            self._tell({"sub": f"id of {self.who}", "preferred_username": self.who})
        else:
            here = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]
            self._tell({
                "issuer": here, "authorization_endpoint": f"{here}/authorize",
                "token_endpoint": f"{here}/token", "userinfo_endpoint": f"{here}/userinfo",
                "jwks_uri": f"{here}/keys",
            })  # fmt: skip

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._tell({"access_token": "a token", "token_type": "Bearer", "expires_in": 60})

    def _tell(self, content: Any) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def served(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    provider = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    Thread(target=provider.serve_forever, daemon=True).start()
    with serving(
        city, tmp_path_factory.mktemp("outside") / "city", CLEW_OIDC_CLIENT="clew",
        CLEW_OIDC_URL=f"http://127.0.0.1:{provider.server_port}", CLEW_OIDC_SECRET="a secret",
    ) as found:  # fmt: skip
        yield found
    provider.shutdown()
    provider.server_close()


def test_an_account_that_the_provider_names_is_let_in(enter: Enter, served: Served) -> None:
    Provider.who = "demo-leader"
    page = enter()
    page.goto("/sign-in/")
    page.get_by_role("button", name="统一身份认证").click()
    expect(page).to_have_url(re.compile(f"^{served.address}/$"))
    assert "分管领导" in page.locator(".who").inner_text()
    entries = json.loads(served.clew("audit", "list", "--json", account="demo-audit"))
    assert [e["verb"] for e in entries if e["verb"] == "accounts.sign_in"]


def test_whom_nobody_here_knows_is_turned_away(enter: Enter) -> None:
    Provider.who = "a-stranger"
    page = enter()
    page.goto("/sign-in/")
    page.get_by_role("button", name="统一身份认证").click()
    expect(page.get_by_role("alert")).to_contain_text("没有账户")
    page.goto("/clues/")
    expect(page).to_have_url(re.compile("/sign-in/"))
