from __future__ import annotations

import stat
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.kernel.errors import InputError, NotFound, Refused, StoreError
from clew.kernel.workspace import DIRECTORIES, Workspace, _toml, home_path


def test_layout_and_config(tmp_path: Path) -> None:
    workspace = Workspace.create(
        tmp_path / "city", seed=7, today=date(2023, 10, 31), name='样本 "城"', scale=400
    )
    assert all((workspace.home / name).is_dir() for name in DIRECTORIES)
    assert workspace.config == {
        "name": '样本 "城"',
        "today": date(2023, 10, 31),
        "seed": 7,
        "scale": 400,
    }
    assert workspace.database_path == tmp_path / "city" / "db.sqlite3"
    assert workspace.lake.parent == workspace.exports.parent == workspace.home


def test_keys_are_readable_by_the_owner_only(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "city")
    for name in ("workspace.key", "audit.key", "audit.pub"):
        assert stat.S_IMODE((workspace.keys / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(workspace.keys.stat().st_mode) == 0o700


def test_a_seed_gives_the_same_keys_and_no_seed_fresh_ones(tmp_path: Path) -> None:
    first, same, other, fresh, fresher = (
        Workspace.create(tmp_path / name, seed=seed)
        for name, seed in (("a", 7), ("b", 7), ("c", 8), ("d", None), ("e", None))
    )
    assert first.key == same.key
    assert first.audit_public_key == same.audit_public_key
    assert len({each.key for each in (first, other, fresh, fresher)}) == 4
    assert len({each.audit_key for each in (first, other, fresh, fresher)}) == 4
    assert first.key != first.audit_key
    assert len(first.key) == len(first.audit_public_key) == 32
    assert "seed" not in fresh.config


def test_an_existing_workspace_is_refused_and_untouched(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "city")
    key = workspace.key
    with pytest.raises(Refused, match="already"):
        Workspace.create(tmp_path / "city")
    workspace.config_path.unlink()
    with pytest.raises(Refused, match="holds keys"):
        Workspace.create(tmp_path / "city", seed=1)
    assert workspace.key == key


def test_current_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CLEW_HOME")
    assert home_path() == tmp_path / ".clew"
    with pytest.raises(NotFound) as raised:
        Workspace.current()
    assert "clew init" in raised.value.next_step
    made = Workspace.create(tmp_path / ".clew")
    assert Workspace.current() == made
    monkeypatch.setenv("CLEW_HOME", str(tmp_path / "elsewhere"))
    with pytest.raises(NotFound, match="elsewhere"):
        Workspace.current()


@pytest.mark.parametrize("text", ["", "not hex", "ab" * 31])
def test_a_damaged_key_is_named(tmp_path: Path, text: str) -> None:
    workspace = Workspace.create(tmp_path / "city")
    (workspace.keys / "workspace.key").write_text(text)
    with pytest.raises(StoreError, match=r"workspace\.key"):
        _ = workspace.key


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        Workspace.create(tmp_path / "file" / "city")
    with pytest.raises(InputError):
        Workspace.create(tmp_path / "city", scale=0)


def test_the_fixed_day_is_a_date(tmp_path: Path) -> None:
    assert Workspace.create(tmp_path / "a").today is None
    workspace = Workspace.create(tmp_path / "b", today=date(2023, 10, 31))
    assert workspace.today == date(2023, 10, 31)
    workspace.config_path.write_text('today = "2023-10-31"\n')
    with pytest.raises(InputError, match="not a date"):
        _ = workspace.today
    workspace.config_path.write_text("today = \n")
    with pytest.raises(InputError, match="TOML"):
        _ = workspace.config


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_any_name_survives_the_file(name: str) -> None:
    assert tomllib.loads(_toml(name, None, None, 1)) == {"name": name, "scale": 1}
