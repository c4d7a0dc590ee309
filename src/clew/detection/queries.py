"""Reading clues: lists, sightings, evidence, and how subjects are shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db.models import OuterRef, Q, QuerySet, Subquery

from clew.datasets import places
from clew.datasets.lake.engine import connect
from clew.datasets.lake.identities import lookup
from clew.datasets.models import LakeFile
from clew.datasets.queries import paths
from clew.declare import registry
from clew.detection.models import RAN, Clue, Evidence, Hit, Run
from clew.kernel.errors import NotFound
from clew.kernel.identifiers import mask_id
from clew.kernel.workspace import Workspace

Key = TypeVar("Key")


def clue(code_: str) -> Clue:
    """A clue by its id, or by the beginning of it.

    Raises:
        NotFound: none, or several begin so.
    """
    found = list(Clue.objects.filter(code__startswith=code_)[:2]) if code_ else []
    if len(found) != 1:
        raise NotFound(f"没有线索 {code_} (no such clue)", next_step="clew clues list")
    return found[0]


def current() -> QuerySet[Hit]:
    """The latest sighting of each clue that its detector's last run still saw, for filters, counts
    and pages in the database.
    """
    by_run: dict[int, list[str]] = {}
    for detector, run in _last_runs().items():
        by_run.setdefault(run, []).append(detector)
    found = Q(pk__in=[])
    for run, detectors in sorted(by_run.items()):
        found |= Q(run_id=run, clue__detector__in=detectors)
    return Hit.objects.filter(found).select_related("clue", "run")


def current_hits(detector: str = "") -> list[Hit]:
    """The latest sighting of each clue that its detector's last run still saw."""
    latest = {d: run for d, run in _last_runs().items() if detector in ("", d)}
    seen = (
        Hit.objects.filter(run_id=run, clue__detector=id_).select_related("clue", "run")
        for id_, run in sorted(latest.items())
    )
    return [hit for hits in seen for hit in hits.order_by("clue__code")]


def _last_runs() -> dict[str, int]:
    """The last run in which each detector ran, though it may have seen nothing."""
    latest: dict[str, int] = {}
    for run, results in Run.objects.order_by("id").values_list("id", "results"):
        latest |= {outcome["id"]: run for outcome in results if outcome["status"] == RAN}
    return latest


def latest_hit(found: Clue) -> Hit:
    hit = Hit.objects.filter(clue=found).select_related("run", "clue").order_by("-run_id").first()
    if hit is None:
        raise NotFound(f"线索 {found.code} 没有命中记录 (no sighting)", next_step="clew detect")
    return hit


def latest_hits(codes: Sequence[str]) -> list[Hit]:
    """The latest sighting of each of these clues, in order of detector and id."""
    found: dict[int, Hit] = {}
    for wanted in batched(codes, 10_000):
        hits = Hit.objects.filter(clue__code__in=wanted).select_related("run", "clue")
        found |= {h.clue_id: h for h in hits.order_by("run_id")}
    return sorted(found.values(), key=lambda h: (h.clue.detector, h.clue.rule, h.clue.code))


def evidence(hits: Sequence[Hit]) -> dict[int, list[Evidence]]:
    """Evidence rows of each hit, flagged ones first."""
    found: dict[int, list[Evidence]] = {h.pk: [] for h in hits}
    # In portions: a database takes only so many parameters at once.
    for wanted in batched(found, 10_000):
        for row in Evidence.objects.filter(hit_id__in=wanted).order_by("id"):
            found[row.hit_id].append(row)
    return found


def confirm_identity(rows: Sequence[Evidence]) -> bool:
    """Whether a hit stands on a link below T1, so that a person must first say who it is."""
    return any(row.values.get("confirm_identity") is True for row in rows)


def stale(rows: Iterable[Evidence]) -> dict[int, str]:
    """Row id → superseded or withdrawn, for evidence that is no longer in the live view.

    It says nothing against the clue: the next run does, by seeing it again or not.
    """
    return places.gone(row.row_id for row in rows)


def stale_clues(row_ids: Sequence[int]) -> dict[int, list[str]]:
    """Row id → clues whose latest sighting rests on that row though no reader sees it any more."""
    dead = places.gone(row_ids)
    latest = Hit.objects.filter(clue=OuterRef("hit__clue")).order_by("-run_id").values("pk")[:1]
    used = Evidence.objects.filter(row_id__in=dead, hit_id=Subquery(latest))
    found: dict[int, list[str]] = {}
    pairs = used.order_by("hit__clue__code").values_list("row_id", "hit__clue__code")
    for row, code in pairs.distinct():
        found.setdefault(row, []).append(code)
    return found


def clues_using(row_ids: Sequence[int]) -> dict[int, list[str]]:
    """Row id → clues that have it among their evidence, in any run."""
    used = Evidence.objects.filter(row_id__in=row_ids).order_by("hit__clue__code")
    uses: dict[int, list[str]] = {}
    for row, code in used.values_list("row_id", "hit__clue__code").distinct():
        uses.setdefault(row, []).append(code)
    return uses


def batched(keys: Iterable[Key], size: int) -> Iterator[list[Key]]:
    rest = iter(keys)
    while portion := list(islice(rest, size)):
        yield portion


def may_be_person(part: str) -> bool:
    """Person keys are 63 random bits: one in ten thousand has fewer than 16 digits. A part that
    looks like one is shown as a person, known or not, rather than in clear.
    """
    return part.isascii() and part.isdigit() and len(part) >= 16


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

    def fact(self, parts: Sequence[str]) -> list[str]:
        """A fact key with its persons shown as persons."""
        return [self.person(int(part)) if may_be_person(part) else part for part in parts]

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
        keys += [int(part) for h in hits for part in h.clue.fact_key if may_be_person(part)]
        for row in rows:
            contract = registry.dataset(row.dataset)
            persons = {c.name for c in contract.person_columns()}
            keys += [
                int(part)
                for name, part in zip(contract.key, row.key, strict=False)
                if name in persons and part is not None
            ]
        return cls(keys, clear=clear)
