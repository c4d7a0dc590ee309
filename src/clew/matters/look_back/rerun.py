"""The detectors of a matter once more on its subjects, over what is held now. Nothing is stored.

It is no run of the catalogue: whoever looks back at one matter need not be able to run detectors
over a whole domain. What was read is kept with the result, so that it can be looked at again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clew.datasets.models import Batch
from clew.datasets.places import evidence_keys
from clew.declare import Detector, registry
from clew.detection import inputs
from clew.detection.actions import identity, open_engine
from clew.detection.facts import Candidate
from clew.detection.models import Clue, Evidence
from clew.detection.plan import execute, plan
from clew.kernel import clock
from clew.kernel.errors import Refused
from clew.kernel.workspace import Workspace
from clew.matters.models import LookBack, Matter, MatterClue, Step

Asked = tuple[str, str, str]
"""Detector, kind and key of a subject. A set has no key: its clue's id stands for it, for only the
clue itself tells whether it goes on."""
Keys = set[tuple[str, str]]
"""Dataset and business key of rows: those of a corrected delivery stay the same."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look-back saw: ids of clues that are new, or whose flagged rows have grown.

    `frozen` tells day, versions, parameters and files that were read.
    """

    since: datetime
    result: str
    found: tuple[str, ...]
    deliveries: int
    frozen: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sighted:
    """A clue that a detector sees now: its id, whom it is about, the rows that it flags."""

    code: str
    about: Asked
    rows: Keys


def look(matter: Matter) -> Seen:
    """Runs each detector with the parameters of the sighting that was decided on.

    Only confirmed clues are looked at. A clue counts as found when it was first sighted since the
    matter left the state before this one, or when it flags rows that it did not flag then.

    Raises:
        Refused: nothing is confirmed, or a detector cannot run on what is held.
    """
    members = list(
        MatterClue.objects.filter(matter=matter, outcome=MatterClue.CONFIRMED)
        .select_related("clue", "verdict__hit__run")
        .order_by("id")
    )
    if not members:
        raise Refused(
            "没有已认定的线索可供回头看 (no confirmed clue to look back at)",
            next_step=f"clew matters show {matter.code}",
        )
    since, asked = _since(matter), {_asked(m.clue) for m in members}
    sighted: list[Sighted] = []
    frozen: dict[str, Any] = {"as_of": clock.today().isoformat(), "detectors": {}, "inputs": {}}
    for id_ in sorted({m.clue.detector for m in members}):
        sighted += _again(registry.detector(id_), members, frozen)
    found = {s.code: s.about for s in _fresh(sighted, members, since) if s.about in asked}
    return Seen(
        since, _result(asked, found.values()), tuple(sorted(found)),
        Batch.objects.filter(status=Batch.PUBLISHED, received_at__gt=since).count(), frozen,
    )  # fmt: skip


def _result(asked: set[Asked], found: Iterable[Asked]) -> str:
    """Failed where every subject goes on, partial where some do."""
    left = set(found)
    return LookBack.PASS if not left else LookBack.FAIL if left == asked else LookBack.PARTIAL


def _since(matter: Matter) -> datetime:
    """When the state before this one was entered: the beginning of the rectification."""
    steps = Step.objects.filter(matter=matter).order_by("id")
    entered = [s.at for s in steps if s.before != s.after]
    return entered[-2] if len(entered) > 1 else matter.opened_at


def _again(
    detector: Detector, members: Sequence[MatterClue], frozen: dict[str, Any]
) -> list[Sighted]:
    """What the detector sees now; what it read is added to `frozen`."""
    pack = registry.pack_of_detector(detector.id)
    read = inputs.freeze(pack.datasets, clock.today())
    params = _params(detector, members)
    work = plan(pack, [detector], {detector.id: detector.values(params)}, read)
    own = {m.clue.rule for m in members if m.clue.detector == detector.id}
    if lacking := [n.reason for n in work.not_run if n.rule.code in own]:
        raise Refused(
            f"{detector.id} 现在不能运行: {lacking[0]} (it cannot run on what is held)",
            next_step=f"clew detect {detector.id}",
        )
    with open_engine(Workspace.current()) as engine:
        results = execute(work, engine)
    frozen["detectors"][detector.id] = {"version": detector.version, "params": params}
    frozen["inputs"] |= read.as_json()
    seen = {identity(detector, r.rule, c): (r.rule.subject, c) for r in results for c in r.clues}
    places = evidence_keys(sorted({row for _, c in seen.values() for row in _flagged(c)}))
    return [
        Sighted(
            code, (detector.id, kind, str(c.subject) or code),
            {(places[row].dataset, _joined(places[row].key)) for row in _flagged(c)},
        )
        for code, (kind, c) in seen.items()
    ]  # fmt: skip


def _params(detector: Detector, members: Sequence[MatterClue]) -> dict[str, str]:
    """Those of the sighting that was decided on, as far as the detector still has them."""
    own = (m.verdict for m in members if m.verdict and m.clue.detector == detector.id)
    known = {p.name for p in detector.params}
    given = next(own).hit.run.params.get(detector.id, {})
    return {name: value for name, value in given.items() if name in known}


def _fresh(
    sighted: Sequence[Sighted], members: Sequence[MatterClue], since: datetime
) -> list[Sighted]:
    decided = {m.clue.code: m.verdict.hit_id for m in members if m.verdict}
    before: dict[int, Keys] = {hit: set() for hit in decided.values()}
    for row in Evidence.objects.filter(hit_id__in=before, role="flagged"):
        before[row.hit_id].add((row.dataset, _joined(row.key)))
    codes = [s.code for s in sighted]
    known = set(
        Clue.objects.filter(code__in=codes, first_run__started_at__lte=since)
        .values_list("code", flat=True)
    )  # fmt: skip
    return [
        s
        for s in sighted
        if (s.rows - before[decided[s.code]] if s.code in decided else s.code not in known)
    ]


def _flagged(candidate: Candidate) -> list[int]:
    return [judged.row_id for judged in candidate.flagged]


def _joined(key: Iterable[object]) -> str:
    return "/".join(map(str, key))


def _asked(clue: Clue) -> Asked:
    return (clue.detector, clue.subject_kind, clue.subject_key or clue.code)
