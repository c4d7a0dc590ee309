"""What a run reads, frozen: files and tombstones by dataset, links, and what is held in them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max

from clew.datasets import queries
from clew.datasets.models import Batch, LakeFile
from clew.declare import Dataset
from clew.kernel.errors import StoreError
from clew.kernel.workspace import Workspace
from clew.linkage import snapshot

LINKS, HOLDERS = "links", "holders"


@dataclass(frozen=True, slots=True)
class Frozen:
    """One dataset's input: files and tombstones as (path, sha256), and its last day of facts."""

    dataset: str
    files: tuple[tuple[str, str], ...]
    tombstones: tuple[tuple[str, str], ...]
    last_day: str

    def paths(self, workspace: Workspace) -> list[Path]:
        return [workspace.home / path for path, _ in self.files]

    def tombstone_paths(self, workspace: Workspace) -> list[Path]:
        return [workspace.home / path for path, _ in self.tombstones]


@dataclass(frozen=True, slots=True)
class Inputs:
    frozen: dict[str, Frozen]
    held: frozenset[str]
    as_of: date

    def as_json(self) -> dict[str, Any]:
        return {name: asdict(f) for name, f in sorted(self.frozen.items())}

    @classmethod
    def from_json(cls, inputs: dict[str, Any], held: Sequence[str], as_of: date) -> Inputs:
        frozen = {
            name: Frozen(
                f["dataset"],
                tuple((p, s) for p, s in f["files"]),
                tuple((p, s) for p, s in f["tombstones"]),
                f["last_day"],
            )
            for name, f in inputs.items()
        }
        return cls(frozen, frozenset(held), as_of)


def freeze(datasets: Iterable[type[Dataset]], as_of: date) -> Inputs:
    """The live files of the datasets, the dictionary of persons and the stored links, at one
    moment, whatever is being published or decided meanwhile.
    """
    names = [d.name for d in datasets]
    with transaction.atomic():
        frozen = {n: _frozen(n) for n in names}
        links = snapshot.write(Workspace.current())
        if links is not None:
            frozen[LINKS] = Frozen(LINKS, (links,), (), "")
        known = LakeFile.objects.filter(kind=LakeFile.IDENTITIES).order_by("id")
        frozen[HOLDERS] = Frozen(HOLDERS, tuple((f.path, f.sha256) for f in known), (), "")
        return Inputs(frozen, queries.held(names), as_of)


def _frozen(dataset: str) -> Frozen:
    listed = list(LakeFile.objects.filter(dataset=dataset).order_by("id"))
    last = Batch.objects.filter(dataset=dataset, status=Batch.PUBLISHED).aggregate(
        day=Max("period_end")
    )["day"]
    return Frozen(
        dataset,
        tuple((f.path, f.sha256) for f in listed if f.kind == LakeFile.ROWS),
        tuple((f.path, f.sha256) for f in listed if f.kind == LakeFile.TOMBSTONES),
        last.isoformat() if last else "",
    )


def verify(inputs: Inputs, workspace: Workspace) -> None:
    """Proves that every frozen file is still there, byte for byte.

    Raises:
        StoreError: a file is gone or changed.
    """
    for frozen in inputs.frozen.values():
        for relative, digest in (*frozen.files, *frozen.tombstones):
            path = workspace.home / relative
            if not path.is_file():
                raise StoreError(
                    f"输入文件 {relative} 已不存在, 可能已被清除 (an input file is gone, purged?)",
                    next_step="clew audit verify; clew datasets batches",
                )
            if _sha256(path) != digest:
                raise StoreError(
                    f"输入文件 {relative} 的内容已改变 (an input file has changed)",
                    next_step="从备份恢复数据湖 (restore the lake from a backup)",
                )


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
