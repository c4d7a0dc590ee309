"""Reading clues: lists, sightings, evidence, and how subjects are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clew.datasets.lake.engine import connect
from clew.datasets.lake.identities import lookup
from clew.datasets.models import LakeFile
from clew.datasets.queries import paths
from clew.declare import registry
from clew.detection.models import Clue, Evidence, Hit
from clew.kernel.errors import NotFound
from clew.kernel.identifiers import mask_id
from clew.kernel.workspace import Workspace


def clue(code_: str) -> Clue:
    """A clue by its id, or by the beginning of it.

    Raises:
        NotFound: none, or several begin so.
    """
    found = list(Clue.objects.filter(code__startswith=code_)[:2]) if code_ else []
    if len(found) != 1:
        raise NotFound(f"没有线索 {code_} (no such clue)", next_step="clew clues list")
    return found[0]


def current_hits(detector: str = "") -> list[Hit]:
    """The latest sighting of each clue that its detector's last run still saw."""
    hits = Hit.objects.select_related("clue", "run").order_by("clue__detector", "clue__code")
    if detector:
        hits = hits.filter(clue__detector=detector)
    latest: dict[str, int] = {}
    for id_, run in hits.values_list("clue__detector", "run_id"):
        latest[id_] = max(latest.get(id_, 0), run)
    return [h for h in hits if h.run_id == latest[h.clue.detector]]


def latest_hit(found: Clue) -> Hit:
    hit = Hit.objects.filter(clue=found).select_related("run", "clue").order_by("-run_id").first()
    if hit is None:
        raise NotFound(f"线索 {found.code} 没有命中记录 (no sighting)", next_step="clew detect")
    return hit


def evidence(hits: Sequence[Hit]) -> dict[int, list[Evidence]]:
    """Evidence rows of each hit, flagged ones first."""
    found: dict[int, list[Evidence]] = {h.pk: [] for h in hits}
    for row in Evidence.objects.filter(hit__in=hits).order_by("id"):
        found[row.hit_id].append(row)
    return found


class Subjects:
    """Shows subjects and keys: masked, or in clear after `accounts.actions.unmask`.

    Person keys are looked up in the guarded dictionary; an erased person stays a key.
    """

    def __init__(self, person_keys: Sequence[int], *, clear: bool = False) -> None:
        self._clear = clear
        workspace = Workspace.current()
        with connect(workspace) as con:
            files = paths(workspace, None, LakeFile.IDENTITIES)
            self._numbers = lookup(con, sorted(set(person_keys)), files)

    def subject(self, kind: str, key: str) -> str:
        return self.person(int(key)) if kind == "person" else key

    def person(self, key: int) -> str:
        number = self._numbers.get(key)
        if number is None:
            return f"主体 {key % 10**6:06d}"
        return number if self._clear else mask_id(number)

    def key(self, dataset: str, parts: Sequence[Any]) -> list[Any]:
        """A business key with its person parts shown as persons."""
        contract = registry.dataset(dataset)
        persons = {c.name for c in contract.person_columns()}
        return [
            self.person(int(part)) if name in persons and part is not None else part
            for name, part in zip(contract.key, parts, strict=False)
        ]

    @classmethod
    def of(cls, hits: Sequence[Hit], rows: Sequence[Evidence], *, clear: bool = False) -> Subjects:
        keys = [int(h.clue.subject_key) for h in hits if h.clue.subject_kind == "person"]
        for row in rows:
            contract = registry.dataset(row.dataset)
            persons = {c.name for c in contract.person_columns()}
            keys += [
                int(part)
                for name, part in zip(contract.key, row.key, strict=False)
                if name in persons and part is not None
            ]
        return cls(keys, clear=clear)
