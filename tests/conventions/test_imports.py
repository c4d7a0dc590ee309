"""Imports go one way through the house, and every room has its place in the order."""

from __future__ import annotations

import tomllib
from pathlib import Path

from importlinter.cli import lint_imports


def test_import_layers_hold(root: Path) -> None:
    status = lint_imports(config_filename=str(root / "pyproject.toml"), no_cache=True)
    assert status == 0, "run `make lint` to see which import goes the wrong way"


def test_every_room_is_in_the_layers(root: Path) -> None:
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    placed = {room.strip(" ()") for layer in layers for room in layer.split("|")}
    rooms = {path.parent.name for path in (root / "src" / "clew").glob("*/__init__.py")}
    assert rooms <= placed, f"rooms outside the order of imports: {sorted(rooms - placed)}"
