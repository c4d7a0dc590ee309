"""How large the crowd is, and what of it departments deliver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from clew.packs.medical_insurance.sample.city import FIRST_DAY, LAST_DAY
from clew.packs.medical_insurance.sample.crowd.cells import Ints
from clew.packs.medical_insurance.sample.people import DIVISIONS, FORMER
from clew.packs.medical_insurance.sample.records import ENDS

VISITS_A_YEAR = 12.5
"""Settlements of one person in the city's year, as the rates of this package give them."""

PERSONS_A_CHUNK = 20_000
SMALL_CITY = 200_000
"""Visits up to which everything travels in the three small deliveries."""

_SHARES = {
    "330302": 0.105, "330303": 0.095, "330304": 0.1, "330305": 0.06, "330324": 0.095,
    "330326": 0.095, "330327": 0.07, "330328": 0.07, "330329": 0.065, "330381": 0.105,
    "330382": 0.105, "330383": 0.035,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some thousand neighbours: one town of a division.

    `town` counts the chunks of the division from 0, `share` is the turn among all chunks whose
    document numbers begin alike, and their number.
    """

    number: int
    div: str
    town: int
    share: tuple[int, int]
    persons: int


@dataclass(frozen=True, slots=True)
class Scope:
    """What is delivered of the crowd's life.

    `ends` are the last days of the deliveries that visits come in. Fee lines come from the share
    `detail` of the institutions and for the stays in the share `wards` of the hospitals;
    contributions, wages and maternity claims from the share `employers` of the employers: details
    are loaded only for what is under study.
    """

    chunks: tuple[Chunk, ...]
    ends: tuple[date, ...]
    detail: float
    wards: float
    employers: float

    @property
    def persons(self) -> int:
        return sum(c.persons for c in self.chunks)

    def delivery(self, days: Ints) -> Ints:
        """The delivery that a row of that day comes with; days before the first come first."""
        last = np.array([(end - FIRST_DAY).days for end in self.ends])
        return np.minimum(np.searchsorted(last, days), len(last) - 1)


def scope(visits: int) -> Scope:
    """The crowd that makes about so many visits in a year."""
    chunks = _chunks(max(round(visits / VISITS_A_YEAR), 120))
    if visits <= SMALL_CITY:
        return Scope(chunks, ENDS, detail=0.25, wards=1.0, employers=1.0)
    return Scope(chunks, (ENDS[0], LAST_DAY), detail=0.08, wards=0.2, employers=0.15)


def _chunks(persons: int) -> tuple[Chunk, ...]:
    """Every division has one chunk at least; further ones go where most people are missing."""
    count = max(len(DIVISIONS), round(persons / PERSONS_A_CHUNK))
    divisions = list(DIVISIONS)
    held = dict.fromkeys(divisions, 1)
    for n in range(len(divisions), count):
        held[max(divisions, key=lambda d: _SHARES[d] * n - held[d])] += 1
    chunks: list[Chunk] = []
    alike: dict[str, int] = {}
    for div, towns in held.items():
        alike[_family(div)] = alike.get(_family(div), 0) + towns
    turn = dict.fromkeys(alike, 0)
    for town in range(max(held.values())):
        for div in (d for d in divisions if town < held[d]):
            family = _family(div)
            size = (persons + len(chunks)) // count
            share = (turn[family], alike[family])
            chunks.append(Chunk(len(chunks), div, town, share, size))
            turn[family] += 1
    return tuple(chunks)


def _family(div: str) -> str:
    """Divisions whose older numbers begin alike are one family."""
    former = FORMER.get(div, (div,))[0]
    return former if former in DIVISIONS else div
