"""The code's hash: any source of the rooms and packs that decide a run, and nothing else."""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from clew.declare import Pack, registry
from clew.detection import code


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Pack]]:
    """A pack of two detector files beside a stranger, importable."""
    for name, text in (
        ("river/__init__.py", ""), ("river/detectors/__init__.py", ""),
        ("river/detectors/dry.py", "A = 1\n"), ("river/derived.py", "B = 1\n"),
        ("stranger/__init__.py", ""),
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    pack = SimpleNamespace(detectors=(SimpleNamespace(module="river.detectors.dry"),))
    yield tmp_path, cast(Pack, pack)
    for module in [m for m in sys.modules if m.partition(".")[0] == "river"]:
        del sys.modules[module]


@pytest.mark.parametrize("file", ["river/detectors/dry.py", "river/derived.py"])
def test_any_source_of_the_pack_counts(copied: tuple[Path, Pack], file: str) -> None:
    folder, pack = copied
    before = code.digest([pack])
    assert code.digest([pack]) == code.digest([pack, pack]) == before
    path = folder / file
    path.write_text(path.read_text() + "# changed\n", encoding="utf-8")
    changed = code.digest([pack])
    assert changed != before
    path.rename(path.with_name("renamed.py"))
    importlib.invalidate_caches()
    if file == "river/derived.py":
        assert code.digest([pack]) not in (before, changed)


def test_what_does_not_run_does_not_count(copied: tuple[Path, Pack]) -> None:
    folder, pack = copied
    before = code.digest([pack])
    (folder / "stranger" / "more.py").write_text("C = 1\n", encoding="utf-8")
    (folder / "river" / "README.md").write_text("text\n", encoding="utf-8")
    assert code.digest([pack]) == before


def test_the_engine_counts_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = Path(code.__file__).parent
    tree = shutil.copytree(here, tmp_path / "detection")
    plain = code._folder
    monkeypatch.setattr(code, "_folder", lambda m: tree if m == "clew.detection" else plain(m))
    before = code.digest([])
    (tree / "facts.py").write_text("# other rules\n", encoding="utf-8")
    assert code.digest([]) != before


def test_packs_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    packs: list[Any] = list(registry.packs().values())
    assert code.digest([]) != code.digest(packs)
