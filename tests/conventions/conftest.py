"""What the convention tests look at: the checkout, its source files, and the packs installed."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from clew.declare import Pack
from clew.declare.registry import packs as installed_packs
from clew.packs._template.pack import PACK as template

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Source:
    """One file of src/clew. `name` is its path from there, with slashes."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT / "src" / "clew").as_posix()

    @property
    def room(self) -> str:
        return self.name.split("/")[0]

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def sources() -> tuple[Source, ...]:
    """Every Python file that is shipped, migrations left out: Django writes those."""
    found = sorted((ROOT / "src" / "clew").rglob("*.py"))
    kept = tuple(Source(path) for path in found if "migrations" not in path.parts)
    assert kept, "src/clew holds no source"
    return kept


@pytest.fixture(scope="session")
def installed() -> tuple[Pack, ...]:
    found = tuple(installed_packs().values())
    assert found, "no pack is registered under the entry-point group clew.packs"
    return found


@pytest.fixture(scope="session")
def packs(installed: tuple[Pack, ...]) -> tuple[Pack, ...]:
    """The packs that are installed, and the one that is there to be copied."""
    return (*installed, template)
