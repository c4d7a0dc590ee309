"""Proved cases as a touchstone: which of them today's clues would have caught.

A case is one row of the pack's library with its way of working. It is caught by a detector whose
current clues name one of its subjects, as the clue's subject or in its fact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clew.declare import Detector, Library, Pack
from clew.detection import inputs
from clew.detection.actions import open_engine
from clew.detection.models import Hit
from clew.detection.precision import Share
from clew.detection.queries import current_hits
from clew.kernel import clock
from clew.kernel.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Case:
    """`subjects` as clues name them: person keys as text, organisations by code."""

    tag: str
    subjects: frozenset[str]


@dataclass(frozen=True, slots=True)
class Caught:
    """A detector on the library: `recall` over cases of its own tags, `beyond` those of others."""

    detector: str
    tags: tuple[str, ...]
    recall: Share
    beyond: Share


@dataclass(frozen=True, slots=True)
class Way:
    """One way of working: who is meant to see it, and how many cases any detector caught."""

    tag: str
    detectors: tuple[str, ...]
    recall: Share


@dataclass(frozen=True, slots=True)
class Touchstone:
    """`unnamed` cases name no subject and test nothing; they are in no other figure."""

    cases: int
    unnamed: int
    detectors: tuple[Caught, ...]
    ways: tuple[Way, ...]


def try_on(pack: Pack, detectors: Sequence[Detector]) -> Touchstone:
    """Holds the current clues of the detectors against the pack's library, as it is now."""
    every = cases(pack)
    named = [case for case in every if case.subjects]
    seen = {d.id: _named_by(current_hits(d.id)) for d in detectors}
    return Touchstone(
        len(every),
        len(every) - len(named),
        tuple(_caught(d, named, seen[d.id]) for d in detectors),
        tuple(
            _way(tag, [c for c in named if c.tag == tag], detectors, seen)
            for tag in sorted({c.tag for c in named})
        ),
    )


def cases(pack: Pack) -> list[Case]:
    """The library's rows as they are published now; none if the pack has no library."""
    library = pack.library
    if library is None:
        return []
    contract = {d.name: d for d in pack.datasets}[library.dataset]
    frozen = inputs.freeze([contract], clock.today())
    with open_engine(Workspace.current()) as engine:
        engine.open({contract.name: contract}, frozen)
        rows = engine.rows(_sql(library)).to_pylist()
    found = [
        Case(
            str(row[library.tag] or ""),
            frozenset(str(row[c]) for c in library.subjects if row[c] not in (None, "")),
        )
        for row in rows
    ]
    return sorted(found, key=lambda case: (case.tag, sorted(case.subjects)))


def _sql(library: Library) -> str:
    columns = dict.fromkeys((library.tag, *library.subjects))
    return f"SELECT {', '.join(columns)} FROM {library.dataset}"


def _named_by(hits: Sequence[Hit]) -> frozenset[str]:
    named = {h.clue.subject_key for h in hits} | {str(p) for h in hits for p in h.clue.fact_key}
    return frozenset(named - {""})


def _caught(detector: Detector, named: Sequence[Case], seen: frozenset[str]) -> Caught:
    tags = set(detector.tags)
    return Caught(
        detector.id,
        detector.tags,
        _share([c for c in named if c.tag in tags], seen),
        _share([c for c in named if c.tag not in tags], seen),
    )


def _way(
    tag: str,
    own: Sequence[Case],
    detectors: Sequence[Detector],
    seen: dict[str, frozenset[str]],
) -> Way:
    anybody = frozenset[str]().union(*seen.values())
    return Way(tag, tuple(d.id for d in detectors if tag in d.tags), _share(own, anybody))


def _share(some: Sequence[Case], seen: frozenset[str]) -> Share:
    return Share(sum(not case.subjects.isdisjoint(seen) for case in some), len(some))
