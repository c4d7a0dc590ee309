"""Which institutions the crowd goes to, and the habits of each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import ceil

import numpy as np
import pyarrow as pa

from clew.packs.medical_insurance.sample.city import City
from clew.packs.medical_insurance.sample.crowd.cells import Bools, Floats, Ints
from clew.packs.medical_insurance.sample.crowd.scope import Chunk, Scope
from clew.packs.medical_insurance.sample.people import DIVISIONS
from clew.packs.medical_insurance.sample.places import Institution

_PER_PHARMACY, _PER_CLINIC = 2_500, 4_000
_PER_LEVEL2, _PER_LEVEL3 = 90_000, 400_000
PHARMACY, CLINIC, LEVEL1, LEVEL2, LEVEL3 = range(5)
_TERMINALS = (3, 2, 8, 30, 60)


@dataclass(frozen=True)
class Houses:
    """All institutions of the crowd. Of each: kind, readiness to examine (0 to 1), terminals, and
    whether its fee lines are under study, those of visits and those of stays.
    """

    codes: pa.Array
    names: pa.Array
    kind: Ints
    examines: Floats
    terminals: Ints
    detail: Bools
    wards: Bools
    by_town: dict[tuple[str, int], dict[int, Ints]]
    level2: dict[str, Ints]
    level3: Ints

    def near(self, chunk: Chunk, kind: int) -> Ints:
        """The institutions of that kind that the people of a chunk go to."""
        if kind == LEVEL3:
            return self.level3
        if kind == LEVEL2:
            return self.level2[chunk.div]
        return self.by_town[chunk.div, chunk.town][kind]


def furnish(city: City, scope: Scope, seed: int) -> Houses:
    """The institutions of the city, and as many more as its people need; those are registered."""
    found: list[tuple[int, Institution]] = []
    by_town: dict[tuple[str, int], dict[int, Ints]] = {}
    persons: dict[str, int] = defaultdict(int)
    for chunk in scope.chunks:
        persons[chunk.div] += chunk.persons
        by_town[chunk.div, chunk.town] = _town(city, chunk, found)
    level2 = {
        div: _some(city, found, LEVEL2, div, ceil(persons[div] / _PER_LEVEL2)) for div in DIVISIONS
    }
    level3 = [
        _some(city, found, LEVEL3, div, ceil(persons[div] / _PER_LEVEL3))
        if persons[div] > _PER_LEVEL3
        else _base(city, found, LEVEL3, div)
        for div in DIVISIONS
    ]
    rng = np.random.default_rng([seed, 1])
    kind = np.array([k for k, _ in found])
    return Houses(
        codes=pa.array([i.code for _, i in found]),
        names=pa.array([i.name for _, i in found]),
        kind=kind,
        examines=rng.uniform(0.15, 0.45, len(found)),
        terminals=np.array(_TERMINALS)[kind],
        detail=rng.permutation(len(found)) < scope.detail * len(found),
        wards=rng.permutation(len(found)) < scope.wards * len(found),
        by_town=by_town,
        level2=level2,
        level3=np.concatenate(level3),
    )


def _town(city: City, chunk: Chunk, found: list[tuple[int, Institution]]) -> dict[int, Ints]:
    first = chunk.town == 0
    wanted = {
        PHARMACY: max(3, chunk.persons // _PER_PHARMACY),
        CLINIC: max(1, chunk.persons // _PER_CLINIC),
        LEVEL1: 1,
    }
    return {
        kind: _some(city, found, kind, chunk.div, count, base=first, town=chunk.town)
        for kind, count in wanted.items()
    }


def _some(
    city: City,
    found: list[tuple[int, Institution]],
    kind: int,
    div: str,
    count: int,
    *,
    base: bool = True,
    town: int = 0,
) -> Ints:
    """`count` institutions at least: those of the city's own where `base`, then new ones."""
    indexes = _base(city, found, kind, div).tolist() if base else []
    while len(indexes) < count:
        indexes.append(len(found))
        found.append((kind, city.open(_KINDS[kind], div, f"{town + 1:03d}")))
    return np.array(indexes)


_KINDS = ("pharmacy", "clinic", "township", "2", "3")


def _base(city: City, found: list[tuple[int, Institution]], kind: int, div: str) -> Ints:
    places = city.places
    reserved = {i.code for i in (*places.merged, *places.campuses, places.split)}
    own = (places.pharmacies, places.clinics, places.level1, places.level2, places.level3)[kind]
    # The first pharmacy is that of the planted story, which nobody else enters.
    reserved.add(places.pharmacies[0].code)
    chosen = [i for i in own if i.div == div and i.code not in reserved]
    start = len(found)
    found += [(kind, i) for i in chosen]
    return np.arange(start, len(found))
