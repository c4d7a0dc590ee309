"""Signing in: what is written down, what a wrong guess learns, how long it lasts."""

from __future__ import annotations

import base64
import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import LazySettings
from django.test import Client

from clew.accounts.models import Account
from clew.accounts.signing.actions import set_password
from clew.audit.models import Entry
from clew.kernel.errors import InputError, StoreError
from tests.unit.web.conftest import PASSWORD, Enter, verbs


@pytest.fixture
def operator(staff: dict[str, Account]) -> Account:
    return set_password(
        by=staff["system_admin"], account=staff["operator"], password=PASSWORD
    )


def sign_in(client: Client, code: str, password: str) -> Any:
    return client.post("/sign-in/", {"login": code, "password": password})


def test_each_way_in_and_out_is_written_down_once(operator: Account) -> None:
    client, before = Client(), len(verbs())
    assert sign_in(client, operator.code, "a wrong password").status_code == 200
    assert sign_in(client, operator.code, PASSWORD).status_code == 302
    client.post("/sign-in/out/")
    assert verbs()[before:] == [
        "accounts.fail_to_sign_in", "accounts.sign_in", "accounts.sign_out"
    ]  # fmt: skip


def test_nobody_is_let_in_without_the_ledger(
    operator: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise StoreError("the ledger cannot be written")

    monkeypatch.setattr("clew.accounts.signing.actions.append", broken)
    client = Client(raise_request_exception=False)
    assert sign_in(client, operator.code, PASSWORD).status_code == 500
    assert client.get("/").status_code == 302


def test_a_guess_learns_nothing_of_accounts(operator: Account) -> None:
    told = set()
    for code in (operator.code, "nobody-at-all"):
        page = sign_in(Client(), code, "a wrong password").content.decode()
        told.add("".join(re.findall(r'role="alert">(.*?)</div>', page, re.DOTALL)))
    assert len(told) == 1
    assert "账户或密码不对" in told.pop()


@pytest.mark.parametrize("same", ["account", "source"])
def test_guessing_is_locked_out_by_account_and_by_source(
    operator: Account, same: str, settings: LazySettings
) -> None:
    for n in range(settings.AXES_FAILURE_LIMIT):
        code = operator.code if same == "account" else f"nobody-{n}"
        source = f"10.0.0.{n}" if same == "account" else "10.0.0.9"
        answer = Client(REMOTE_ADDR=source).post(
            "/sign-in/", {"login": code, "password": "a wrong password"}
        )
    assert answer.status_code == 403
    source = "10.0.0.99" if same == "account" else "10.0.0.9"
    answer = Client(REMOTE_ADDR=source).post(
        "/sign-in/", {"login": operator.code, "password": PASSWORD}
    )
    assert answer.status_code == 403
    assert "锁定" in answer.content.decode()


def test_half_an_hour_idle_or_twelve_hours_at_all(
    operator: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    monkeypatch.setattr("clew.kernel.clock.seconds", lambda: now)
    client = Client()
    sign_in(client, operator.code, PASSWORD)
    assert client.get("/").status_code == 200
    now += 29 * 60
    assert client.get("/").status_code == 200
    now += 31 * 60
    assert client.get("/").status_code == 302
    sign_in(client, operator.code, PASSWORD)
    assert client.get("/").status_code == 200
    for _ in range(25):
        now += 29 * 60
        client.get("/")
    assert client.get("/").status_code == 302


def test_passwords_that_will_not_do(staff: dict[str, Account]) -> None:
    for weak in ("short", "password123", "12345678901"):
        with pytest.raises(InputError):
            set_password(by=staff["operator"], account=staff["operator"], password=weak)
    assert "accounts.set_password" not in verbs()


def test_one_changes_ones_own_password(operator: Account) -> None:
    client = Client()
    sign_in(client, operator.code, PASSWORD)
    new = "another-long-one"
    before = len(verbs())
    answer = client.post(
        "/sign-in/password/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert answer.status_code == 302, answer.content.decode()
    assert verbs()[before:] == ["accounts.set_password"]
    assert sign_in(Client(), operator.code, new).status_code == 302


def test_outside_a_sample_city_a_second_factor_is_set_up_and_asked(
    operator: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clew.web.signin.second.is_sample", lambda: False)
    client = Client()
    sign_in(client, operator.code, PASSWORD)
    assert client.get("/clues/")["Location"] == "/sign-in/second/totp/activate/"
    setting_up = "/sign-in/second/totp/activate/"
    assert client.post(f"/sign-in/again/?next={setting_up}", {"password": PASSWORD})["Location"]
    page = client.get(setting_up)
    secret = page.context["form"].secret
    before = len(verbs())
    answer = client.post("/sign-in/second/totp/activate/", {"code": _code(secret)})
    assert answer.status_code == 302
    assert verbs()[before:] == ["accounts.change_second_factor"] * 2  # the app, recovery codes
    assert client.get("/clues/").status_code == 200

    again = Client()
    assert sign_in(again, operator.code, PASSWORD)["Location"] == "/sign-in/second/authenticate/"
    assert again.get("/clues/").status_code == 302
    assert again.post("/sign-in/second/authenticate/", {"code": "000000"}).status_code == 200
    assert again.get("/clues/").status_code == 302
    (recovery,) = Authenticator.objects.filter(type=Authenticator.Type.RECOVERY_CODES)
    code = recovery.wrap().get_unused_codes()[0]
    assert again.post("/sign-in/second/authenticate/", {"code": code}).status_code == 302
    assert again.get("/clues/").status_code == 200


def _code(secret: str) -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def test_no_password_and_no_source_is_in_the_ledger(operator: Account) -> None:
    client = Client(REMOTE_ADDR="10.1.2.3")
    sign_in(client, operator.code, "a wrong password")
    sign_in(client, operator.code, PASSWORD)
    told = " ".join(f"{e.verb} {e.subject} {e.facts}" for e in Entry.objects.all())
    assert PASSWORD not in told
    assert "10.1.2.3" not in told
    assert base64.b64encode(PASSWORD.encode()).decode() not in told


def test_a_form_that_is_not_ours_is_refused_and_written_down(enter: Enter, staff: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff["operator"])
    before = len(verbs())
    answer = client.post("/language/", {"language": "en"})
    assert answer.status_code == 403
    assert "表单已失效" in answer.content.decode()
    assert verbs()[before:] == ["accounts.record_refusal"]


@pytest.mark.parametrize(("site", "status"), [("same-origin", 302), ("cross-site", 403), ("", 403)])
def test_an_origin_that_the_browser_hides_is_believed_only_from_our_own_page(
    site: str, status: int, enter: Enter
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/sign-in/")
    token = client.cookies["csrftoken"].value
    headers = {"Origin": "null"} | ({"Sec-Fetch-Site": site} if site else {})
    answer = client.post(
        "/language/", {"language": "en", "csrfmiddlewaretoken": token}, headers=headers
    )
    assert answer.status_code == status


def test_nobody_is_led_to_another_site(enter: Enter) -> None:
    answer = enter().post("/language/", {"language": "en", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"
