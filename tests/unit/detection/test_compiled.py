"""Kept queries: written once, sealed, and another one for whatever they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from clew.declare import registry
from clew.detection import compiled
from clew.detection.compiled import FOLDER, Compiled
from clew.detection.inputs import Inputs
from clew.kernel.workspace import Workspace

PACK = registry.pack("medical_insurance")
INPUTS = Inputs({}, frozenset({"mi_settlement"}), date(2023, 10, 31))


class Author:
    """Counts how often it had to write."""

    def __init__(self) -> None:
        self.written = 0

    def __call__(self) -> str:
        self.written += 1
        return f"SELECT {self.written}"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "w", seed=1)


def ask(
    workspace: Workspace, author: Author, *, inputs: Inputs = INPUTS, engine: str = "duckdb",
    params: Mapping[str, Any] | None = None, proved: Mapping[str, tuple[str, ...]] | None = None,
) -> str:  # fmt: skip
    kept = Compiled(workspace, PACK, inputs, engine)
    return kept.sql("MI-01 candidates", params or {"days": 1}, proved or {}, author)


def test_a_query_is_written_once(workspace: Workspace) -> None:
    author = Author()
    assert ask(workspace, author) == ask(workspace, author) == "SELECT 1"
    assert author.written == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"engine": "spark"},
        {"params": {"days": 2}},
        {"proved": {"stays": ("person",)}},
        {"inputs": replace(INPUTS, as_of=date(2023, 11, 1))},
        {"inputs": replace(INPUTS, held=frozenset({"mi_fee"}))},
    ],
)
def test_whatever_it_is_made_of_makes_another(
    workspace: Workspace, changed: dict[str, Any]
) -> None:
    author = Author()
    ask(workspace, author)
    assert ask(workspace, author, **changed) == "SELECT 2"


def test_an_edited_or_moved_file_is_written_again(workspace: Workspace) -> None:
    author = Author()
    ask(workspace, author)
    (file,) = (workspace.home / FOLDER).iterdir()
    file.write_text(file.read_text(encoding="utf-8").replace("SELECT 1", "SELECT 9"))
    assert ask(workspace, author) == "SELECT 2"
    ask(workspace, author, params={"days": 2})
    (other,) = (f for f in file.parent.iterdir() if f != file)
    other.replace(file)
    assert ask(workspace, author) == "SELECT 4"


def test_a_folder_that_cannot_be_written_costs_time_only(workspace: Workspace) -> None:
    (workspace.home / "cache").write_text("in the way")
    author = Author()
    assert [ask(workspace, author), ask(workspace, author)] == ["SELECT 1", "SELECT 2"]


def test_the_oldest_are_forgotten(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "KEPT", 10)
    author = Author()
    for days in range(25):
        ask(workspace, author, params={"days": days})
    assert len(list((workspace.home / FOLDER).iterdir())) <= 10
    before = author.written
    ask(workspace, author, params={"days": 24})
    assert author.written == before
