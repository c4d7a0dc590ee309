"""The people of one town: households of couples, children and elders in villages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from clew.packs.medical_insurance.sample.city import LAST_DAY
from clew.packs.medical_insurance.sample.crowd.cells import START, Bools, Ints
from clew.packs.medical_insurance.sample.crowd.numbers import (
    birth_slots,
    citizen_numbers,
    insured_numbers,
    mobiles,
    years_of,
)
from clew.packs.medical_insurance.sample.crowd.scope import PERSONS_A_CHUNK, Chunk
from clew.packs.medical_insurance.sample.people import GIVEN, SURNAMES

HUSBAND, WIFE, CHILD, GRANDFATHER, GRANDMOTHER = 0, 1, 2, 5, 6
ROLES = 7
"""A household has places for a husband, a wife, three children and the husband's parents."""

EMPLOYEE, RETIRED, RESIDENT, POOR = range(4)
TYPES = ("在职", "退休", "居民", "低保")
_VILLAGE = 700
_ADULT = 18
_GIVEN = [*GIVEN, *(a + b for a in GIVEN for b in GIVEN if a != b)]


@dataclass(frozen=True)
class Population:
    """One entry a person. `born` counts days from the city's first day, `age` years in 2023.

    `places` holds, for each household and role, the index of the person or -1.
    """

    chunk: Chunk
    house: Ints
    role: Ints
    age: Ints
    sex: Ints
    born: Ints
    kind: Ints
    village: Ints
    places: Ints
    numbers: pa.Array
    names: pa.Array
    insured: pa.Array
    phones: pa.Array
    villages: list[str]

    def __len__(self) -> int:
        return len(self.age)

    @property
    def married(self) -> Bools:
        spouse = self.places[self.house, 1 - np.minimum(self.role, 1)]
        married: Bools = (self.role <= WIFE) & (spouse >= 0)
        return married

    @property
    def employed(self) -> Bools:
        """Whether insured as an employee, at work or retired."""
        return self.kind <= RETIRED


def populate(chunk: Chunk, rng: np.random.Generator) -> Population:
    house, role, age, sex = _households(chunk.persons, rng)
    count = len(house)
    born, sequence = birth_slots(LAST_DAY.year - age, sex, chunk.share)
    age = LAST_DAY.year - years_of(born)
    places = np.full((house[-1] + 1, ROLES), -1)
    places[house, role] = np.arange(count)
    villages = max(2, chunk.persons // _VILLAGE)
    indexes = chunk.number * 2 * PERSONS_A_CHUNK + np.arange(count)
    return Population(
        chunk=chunk,
        house=house,
        role=role,
        age=age,
        sex=sex,
        born=born - START,
        kind=_kinds(age, sex, rng),
        village=rng.integers(0, villages, len(places))[house],
        places=places,
        numbers=pa.array(citizen_numbers(chunk.div, born, sequence)),
        names=pa.array(_names(house, role, rng)),
        insured=pa.array(insured_numbers(indexes)),
        phones=pa.array(_phones(indexes, house, age, places)),
        villages=[f"{chunk.div}{chunk.town + 1:03d}{201 + v}" for v in range(villages)],
    )


def _households(persons: int, rng: np.random.Generator) -> tuple[Ints, Ints, Ints, Ints]:
    """Household, role, age and sex of each person; the last household may lack somebody."""
    count = persons // 2 + 2
    man = np.clip(rng.gamma(9.0, 5.6, count).astype(np.int64), 20, 92)
    age = np.full((count, ROLES), -1)
    alone = rng.random(count) < np.where(man > 74, 0.35, 0.12)
    age[:, HUSBAND] = np.where(alone & (rng.random(count) < 0.5), -1, man)
    wife = np.clip(man - rng.integers(-1, 5, count), 20, 90)
    age[:, WIFE] = np.where(alone & (age[:, HUSBAND] >= 0), -1, wife)
    _children(age, alone, rng)
    for elder_role, gap in ((GRANDFATHER, 27), (GRANDMOTHER, 25)):
        elder = man + gap + rng.integers(-3, 4, count)
        there = rng.random(count) < np.where(man < 58, 0.3, 0.0)
        age[:, elder_role] = np.where(there & (elder < 94), elder, -1)
    sex = np.tile(np.array([1, 2, 0, 0, 0, 1, 2]), (count, 1))
    sex[:, CHILD:GRANDFATHER] = rng.integers(1, 3, (count, 3))
    lives = np.argwhere(age >= 0)[:persons]
    at, as_ = lives[:, 0], lives[:, 1]
    return at, as_, age[at, as_], sex[at, as_]


def _children(age: Ints, alone: Bools, rng: np.random.Generator) -> None:
    """Up to three, born while the mother was 20 to 42; grown ones have mostly left the house."""
    mother = age[:, WIFE]
    wanted = rng.choice(4, len(age), p=[0.12, 0.44, 0.36, 0.08])
    first = np.clip(rng.normal(27, 3.5, len(age)).astype(np.int64), 20, 38)
    for n in range(3):
        at_birth = first + n * 3 + rng.integers(0, 3, len(age)) * (n > 0)
        child = mother - at_birth
        stays = (child <= 20) | (rng.random(len(age)) < 0.15)
        born = (n < wanted) & ~alone & (child >= 0) & (child < 40) & stays & (at_birth <= 42)
        age[:, CHILD + n] = np.where(born, child, -1)


def _kinds(age: Ints, sex: Ints, rng: np.random.Generator) -> Ints:
    retiring = np.where(sex == 1, 60, 55)
    works, luck = rng.random(len(age)) < 0.52, rng.random(len(age))
    kind = np.where(age >= retiring, RETIRED, EMPLOYEE)
    kind = np.where(works & (age >= 22), kind, RESIDENT)
    return np.where((kind == RESIDENT) & (luck < 0.03), POOR, kind)


def _names(house: Ints, role: Ints, rng: np.random.Generator) -> list[str]:
    """Children and the husband's father bear the husband's surname."""
    own = rng.integers(0, len(SURNAMES), len(house))
    family = rng.integers(0, len(SURNAMES), int(house[-1]) + 1)[house]
    bears_own = (role == WIFE) | (role == GRANDMOTHER)
    surname = np.where(bears_own, own, family).tolist()
    given = rng.integers(0, len(_GIVEN), len(house)).tolist()
    return [SURNAMES[s] + _GIVEN[g] for s, g in zip(surname, given, strict=True)]


def _phones(indexes: Ints, house: Ints, age: Ints, places: Ints) -> list[str]:
    """A child is reached by a parent's phone."""
    parent = places[house, WIFE]
    parent = np.where(parent < 0, places[house, HUSBAND], parent)
    young = (age < _ADULT) & (parent >= 0)
    return mobiles(np.where(young, indexes[parent], indexes))
