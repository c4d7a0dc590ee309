"""How much detectors see of the same: subjects and evidence rows that their clues share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

from clew.detection.models import Evidence, Hit
from clew.detection.queries import batched, current_hits


@dataclass(frozen=True, slots=True)
class Seen:
    """What a detector's current clues stand on. A set has no subject of its own."""

    clues: frozenset[int]
    subjects: frozenset[tuple[str, str]]
    rows: frozenset[int]
    rows_of: dict[int, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Shared:
    """What two detectors have in common; with itself, all that a detector has."""

    a: str
    b: str
    subjects: int
    rows: int


def seen(hits: Sequence[Hit] | None = None) -> dict[str, Seen]:
    """By detector, in order of its id: those that have clues now."""
    hits = current_hits() if hits is None else hits
    rows = _rows(hits)
    grouped: dict[str, list[Hit]] = {}
    for hit in hits:
        grouped.setdefault(hit.clue.detector, []).append(hit)
    return {
        detector: Seen(
            frozenset(h.clue_id for h in found),
            frozenset(
                (h.clue.subject_kind, h.clue.subject_key) for h in found if h.clue.subject_key
            ),
            frozenset().union(*(rows[h.pk] for h in found)),
            {h.clue_id: rows[h.pk] for h in found},
        )
        for detector, found in sorted(grouped.items())
    }


def overlap(found: dict[str, Seen] | None = None) -> list[Shared]:
    """Every pair of detectors that have clues, each with itself first."""
    found = seen() if found is None else found
    return [
        Shared(a, b, len(found[a].subjects & found[b].subjects), len(found[a].rows & found[b].rows))
        for a, b in combinations_with_replacement(found, 2)
    ]


def shared_clues(detector: str, found: dict[str, Seen]) -> int:
    """How many of a detector's clues stand on a row on which another detector's clue stands."""
    if detector not in found:
        return 0
    others: set[int] = set()
    for name, sight in found.items():
        if name != detector:
            others |= sight.rows
    return sum(not rows.isdisjoint(others) for rows in found[detector].rows_of.values())


def _rows(hits: Sequence[Hit]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {h.pk: set() for h in hits}
    for wanted in batched(found, 10_000):
        pairs = Evidence.objects.filter(hit_id__in=wanted).values_list("hit_id", "row_id")
        for hit, row in pairs:
            found[hit].add(row)
    return {hit: frozenset(rows) for hit, rows in found.items()}
