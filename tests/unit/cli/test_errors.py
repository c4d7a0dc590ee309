"""Whatever goes wrong: the cause, the next step, an exit code, and never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from clew.accounts.models import Account
from clew.cli import main, screen
from clew.detection import queries
from clew.kernel.errors import ClewError, StoreError
from clew.kernel.workspace import Workspace
from tests.unit.cli.conftest import Clew

pytestmark = pytest.mark.django_db


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, as after typing it."""
    return subprocess.run(
        [sys.executable, "-m", "clew.cli.main", *arguments],
        env={**os.environ, "TERM": "dumb", **environment},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def told(answer: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    assert answer.returncode == code, answer.stderr
    assert "Traceback" not in answer.stderr + answer.stdout
    assert answer.stdout == ""
    assert "✗ " in answer.stderr
    assert "→ " in answer.stderr
    for word in words:
        assert word in answer.stderr


def test_without_a_workspace(tmp_path: Path) -> None:
    told(process("clues", "list", CLEW_HOME=str(tmp_path / "none")), 5, "没有工作区", "clew init")


def test_an_initialised_workspace_and_its_damages(tmp_path: Path) -> None:
    home = tmp_path / "city"
    made = process("init", "--seed", "7", "--today", "2023-10-31", CLEW_HOME=str(home))
    assert made.returncode == 0, made.stderr
    assert "→ clew ingest" in made.stderr
    told(process("init", CLEW_HOME=str(home)), 6, "已是工作区")
    config = home / "clew.toml"
    whole = config.read_text(encoding="utf-8")
    config.write_text("today = \n", encoding="utf-8")
    told(process("doctor", CLEW_HOME=str(home)), 4, "TOML", str(config))
    config.write_text(whole, encoding="utf-8")
    (home / "db.sqlite3").write_bytes(b"this is no database at all" * 400)
    told(process("doctor", CLEW_HOME=str(home)), 8)
    for left in home.glob("db.sqlite3*"):
        left.unlink()
    told(process("doctor", CLEW_HOME=str(home)), 8, "clew init")


def test_a_home_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    home = tmp_path / "file" / "city"
    told(process("init", CLEW_HOME=str(home)), 8, str(home))


def test_a_database_address_that_is_none(tmp_path: Path) -> None:
    answer = process("doctor", CLEW_HOME=str(tmp_path), CLEW_DATABASE_URL="mysql://u:secret@h/x")
    told(answer, 4, "CLEW_DATABASE_URL")
    assert "secret" not in answer.stderr


def test_no_colour_where_none_is_wanted(tmp_path: Path) -> None:
    for environment in ({"NO_COLOR": "1", "FORCE_COLOR": ""}, {}):
        answer = process("clues", "list", CLEW_HOME=str(tmp_path), **environment)
        assert "\x1b[" not in answer.stderr + answer.stdout


def test_no_account_for_this_user(clew: Clew, workspace: Workspace) -> None:
    answer = clew("clues", "list")
    assert (answer.code, answer.out) == (5, "")
    assert "没有绑定账户" in answer.err and "→" in answer.err


def test_a_deactivated_account(clew: Clew, account: Account) -> None:
    Account.objects.update(is_active=False)
    answer = clew("clues", "list")
    assert answer.code == 6
    assert "已停用" in answer.err


@pytest.mark.parametrize(
    ("typed", "meant"), [("detct", "detect"), ("clue", "clues"), ("breif", "brief")]
)
def test_a_wrong_command_is_met_with_the_right_one(clew: Clew, typed: str, meant: str) -> None:
    answer = clew(typed)
    assert answer.code == 2
    assert f"'{meant}'" in answer.err


@pytest.mark.parametrize("arguments", [("clues", "shwo"), ("detect", "--nosuch"), ("thread",)])
def test_wrong_use_ends_with_two(clew: Clew, arguments: tuple[str, ...]) -> None:
    answer = clew(*arguments)
    assert answer.code == 2
    assert "Usage" in answer.err


def test_help_needs_no_workspace(tmp_path: Path) -> None:
    answer = process("--help", CLEW_HOME=str(tmp_path / "none"))
    assert answer.returncode == 0
    for command in ("ingest", "detect", "thread", "brief"):
        assert command in answer.stdout


@pytest.mark.parametrize(
    ("failure", "code", "word"),
    [
        (PermissionError(13, "Permission denied", "lake/x.parquet"), 8, "lake/x.parquet"),
        (OSError(28, "No space left on device"), 8, "No space left"),
        (ZeroDivisionError("secret 330324195001018011"), 1, "ZeroDivisionError"),
        (StoreError("坏了", next_step="修好"), 8, "坏了"),
        (ClewError("[bold]不是标记[/bold]"), 1, "[bold]不是标记"),
    ],
)
def test_failures_within_a_command(
    clew: Clew, account: Account, monkeypatch: pytest.MonkeyPatch,
    failure: Exception, code: int, word: str,
) -> None:  # fmt: skip
    def broken(detector: str = "") -> None:
        raise failure

    monkeypatch.setattr(queries, "current_hits", broken)
    monkeypatch.delenv(main.DEBUG_VARIABLE, raising=False)
    answer = clew("clues", "list")
    assert (answer.code, answer.out) == (code, "")
    assert word in answer.err
    assert "secret" not in answer.err
    monkeypatch.setenv(main.DEBUG_VARIABLE, "1")
    if isinstance(failure, ZeroDivisionError):
        with pytest.raises(ZeroDivisionError):
            main.run(["clues", "list"])


def test_markup_in_cells_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    screen.table(["列"], [["[red]x[/red]"], [None]])
    screen.note("[b]y[/b]")
    out, err = capsys.readouterr()
    assert "[red]x[/red]" in out
    assert "[b]y[/b]" in err
