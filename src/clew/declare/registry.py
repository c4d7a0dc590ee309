"""The packs installed here, found through the entry-point group `clew.packs`."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

from clew.declare.dataset import Dataset
from clew.declare.detector import Detector
from clew.declare.pack import Pack
from clew.kernel.errors import DeclarationError, NotFound

GROUP = "clew.packs"


@cache
def packs() -> dict[str, Pack]:
    """Packs by name, in alphabetical order. Names of datasets and detectors are unique over all."""
    found: dict[str, Pack] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name):
        pack = entry.load()
        if not isinstance(pack, Pack):
            raise DeclarationError(f"entry point {entry.name} names no Pack")
        found[pack.name] = pack
    for kind, names in (
        ("dataset", [d.name for p in found.values() for d in p.datasets]),
        ("detector", [d.id for p in found.values() for d in p.detectors]),
    ):
        twice = sorted({n for n in names if names.count(n) > 1})
        if twice:
            raise DeclarationError(f"{kind} declared twice: {twice}")
    return found


def pack(name: str) -> Pack:
    try:
        return packs()[name]
    except KeyError:
        raise NotFound(
            f"没有名为 {name} 的领域包 (no such pack)", next_step=f"可用: {', '.join(packs())}"
        ) from None


def datasets() -> dict[str, type[Dataset]]:
    return {d.name: d for p in packs().values() for d in p.datasets}


def dataset(name: str) -> type[Dataset]:
    try:
        return datasets()[name]
    except KeyError:
        raise NotFound(
            f"没有名为 {name} 的数据集 (no such dataset)", next_step="clew datasets list"
        ) from None


def detectors() -> dict[str, Detector]:
    return {d.id: d for p in packs().values() for d in p.detectors}


def detector(id: str) -> Detector:
    try:
        return detectors()[id.upper()]
    except KeyError:
        raise NotFound(
            f"没有编号为 {id} 的监督模型 (no such detector)",
            next_step=f"可用: {', '.join(detectors())}",
        ) from None


def pack_of_detector(id: str) -> Pack:
    return next(p for p in packs().values() if any(d.id == id for d in p.detectors))


def pack_of_dataset(name: str) -> Pack:
    return next(p for p in packs().values() if any(d.name == name for d in p.datasets))
