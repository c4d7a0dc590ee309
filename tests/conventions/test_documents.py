"""What the documents point at is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGES = ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "docs/adr/README.md")
_LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")
_PATH = re.compile(r"`((?:[a-z_]+/)+[a-z_]+\.py)`")
_TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(root: Path, page: str) -> None:
    links = _LINK.findall((root / page).read_text(encoding="utf-8"))
    assert links
    assert not [link for link in links if not (root / page).parent.joinpath(link).exists()]


def test_the_code_map_names_files_that_exist(root: Path) -> None:
    paths = _PATH.findall((root / "docs" / "code-map.md").read_text(encoding="utf-8"))
    assert len(paths) > 15
    assert not [path for path in paths if not (root / "src" / "clew" / path).exists()]


def test_every_decision_is_listed(root: Path) -> None:
    folder = root / "docs" / "adr"
    listed = set(_LINK.findall((folder / "README.md").read_text(encoding="utf-8")))
    assert listed == {path.name for path in folder.glob("[0-9]*.md")}


def test_both_readmes_name_every_detector_that_works(root: Path) -> None:
    from clew.declare.registry import detectors

    for name in ("README.md", "README.zh-CN.md"):
        text = (root / name).read_text(encoding="utf-8")
        assert not [d.id for d in detectors().values() if d.title.zh not in text]


def test_the_makefile_has_the_promised_targets(root: Path) -> None:
    targets = set(_TARGET.findall((root / "Makefile").read_text(encoding="utf-8")))
    assert targets >= {"demo", "test", "lint", "bench", "docs", "soak", "clean", "help"}
    assert (root / ".ci" / "run").stat().st_mode & 0o100, ".ci/run must be executable"
