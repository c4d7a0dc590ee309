from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from clew.accounts.models import Account
from clew.kernel import clock
from clew.kernel.errors import InputError
from clew.kernel.workspace import Workspace
from clew.settings import database_from_url, embedded_database


def test_postgres_address() -> None:
    found = database_from_url("postgres://clew:p%40ss@db.example:5433/clew%20city")
    assert found == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "clew city",
        "TIME_ZONE": "Asia/Shanghai",
        "USER": "clew",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
    }
    assert database_from_url("postgresql:///clew")["HOST"] == ""


@pytest.mark.parametrize(
    "url", ["mysql://u:secret@h/clew", "postgres://u:secret@h", "postgres://u:secret@h:port/clew"]
)
def test_other_addresses_are_refused_without_their_password(url: str) -> None:
    with pytest.raises(InputError) as raised:
        database_from_url(url)
    assert "secret" not in str(raised.value)


def test_embedded_database_takes_its_write_lock_first(tmp_path: Path) -> None:
    options = embedded_database(tmp_path / "db.sqlite3")["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]


@pytest.mark.django_db
def test_a_moment_just_after_midnight_keeps_its_day() -> None:
    """From midnight to eight the day in UTC is the one before."""
    at = datetime(2023, 11, 12, 0, 30, tzinfo=clock.SHANGHAI)
    kept = Account.objects.create(code="owl", last_login=at)
    kept.refresh_from_db()
    assert kept.last_login == at
    assert kept.last_login.date() == at.date()
    assert f"{kept.last_login:%Y-%m-%d %H:%M}" == "2023-11-12 00:30"
    assert Account.objects.filter(last_login__date=at.date()).get() == kept


SHOW = "from clew import settings; print(settings.SECRET_KEY)"


def _secret(home: Path) -> str:
    environment = {**os.environ, "CLEW_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-c", SHOW], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_settings_load_without_a_workspace_and_keep_its_secret_with_one(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    assert _secret(nowhere) != _secret(nowhere)
    assert not nowhere.exists()
    workspace = Workspace.create(tmp_path / "city")
    assert _secret(workspace.home) == _secret(workspace.home)
    assert workspace.key.hex() not in _secret(workspace.home)
