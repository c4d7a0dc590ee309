"""The code that runs, as one hash: declarations, packs and the engine's own room."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from clew.declare import Pack


def digest(packs: Iterable[Pack]) -> str:
    """SHA-256 over the sources of the rooms and packs that decide what a run sees."""
    folders = {_folder("clew.kernel"), _folder("clew.declare"), _folder("clew.detection")}
    for pack in packs:
        folders |= {_folder(_package(detector.module)) for detector in pack.detectors}
    total = hashlib.sha256()
    for folder in sorted(folders):
        for path in sorted(folder.rglob("*.py")):
            total.update(str(path.relative_to(folder.parent)).encode())
            total.update(path.read_bytes())
    return total.hexdigest()


def _package(module: str) -> str:
    """The pack's package: that which holds `detectors`, or the one next above the module."""
    before, found, _ = module.rpartition(".detectors")
    return before if found else module.rpartition(".")[0] or module


def _folder(module: str) -> Path:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(module)
    return Path(spec.origin).parent
