"""Outpatient visits and purchases: refills of the chronically ill, acute illness in its season,
a box from the counter. Nobody has two on one day, none while in hospital, abroad or dead.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np

from clew.packs.medical_insurance.sample import items
from clew.packs.medical_insurance.sample.crowd.cells import Bools, Floats, Ints
from clew.packs.medical_insurance.sample.crowd.houses import (
    CLINIC,
    LEVEL1,
    LEVEL2,
    LEVEL3,
    PHARMACY,
    Houses,
)
from clew.packs.medical_insurance.sample.crowd.lives import Trips
from clew.packs.medical_insurance.sample.crowd.population import Population
from clew.packs.medical_insurance.sample.crowd.wards import Stays
from clew.packs.medical_insurance.sample.crowd.year import (
    LAST,
    MONTH,
    NEVER,
    WEEKEND,
    rows_choice,
    within,
)

ILLS = items.VISITS
_CODE = [i.code for i in ILLS]
CHRONIC = {
    "I10.x00": (0.62, 54), "E11.900": (0.28, 57), "I25.100": (0.25, 65), "K29.500": (0.15, 42),
}  # fmt: skip
"""Illness → share of the oldest that have it, and the age at which half of it is reached."""

_ACUTE = np.array([n for n, code in enumerate(_CODE) if code not in CHRONIC])
_ADHERENCE, _PHARMACY_REFILLS, _CONTROLS = 0.93, 0.5, 0.35
_SLOTS, _SLOT = 36, 10
"""Acute illnesses of a person lie in different tens of days: each is over before the next."""

REFILL, CONSULT, COUNTER, EMERGENCY, CONTROL = range(5)


@dataclass(frozen=True)
class Visits:
    """One entry a visit: person, day, institution, illness, and what kind of visit it is."""

    person: Ints
    day: Ints
    place: Ints
    ill: Ints
    kind: Ints

    def __len__(self) -> int:
        return len(self.person)

    def only(self, which: Bools | Ints) -> Self:
        return type(self)(*(getattr(self, f.name)[which] for f in fields(self)))


def visits(
    p: Population, houses: Houses, lain: Stays, died: Ints, abroad: Trips, rng: np.random.Generator
) -> Visits:
    """In the order of person and day."""
    parts = [_refills(p, houses, n, rng) for n in range(len(CHRONIC))]
    parts.append(_acute(p, houses, rng))
    every = _joined(*parts)
    every = every.only(within(every.day) & (every.day > p.born[every.person]))
    every = every.only(every.day < died[every.person])
    every = every.only(~lain.busy(every.person, every.day))
    every = every.only(~_away(len(p), abroad, every))
    _, first = np.unique(every.person * NEVER + every.day, return_index=True)
    return every.only(first)


def _joined(*parts: Visits) -> Visits:
    return Visits(*(np.concatenate([getattr(v, f.name) for v in parts]) for f in fields(Visits)))


def _away(count: int, abroad: Trips, every: Visits) -> Bools:
    out, back = np.full(count, NEVER), np.full(count, -1)
    out[abroad.person], back[abroad.person] = abroad.out, abroad.back
    away: Bools = (every.day >= out[every.person]) & (every.day <= back[every.person])
    return away


def _refills(p: Population, houses: Houses, condition: int, rng: np.random.Generator) -> Visits:
    """One box for a month or so, fetched about when the last is empty, always at one place."""
    code, (most, half) = list(CHRONIC.items())[condition]
    ill = _CODE.index(code)
    chance = most / (1 + np.exp((half - p.age) / 8.0))
    has = np.flatnonzero((rng.random(len(p)) < chance) & (p.age >= ILLS[ill].ages[0]))
    lasts = items.DOSES[items.DRUGS[treatment(ill)[0]].code].days
    turns = LAST // lasts + 1
    start = rng.integers(0, lasts, len(has))
    day = start[:, None] + np.arange(turns) * lasts + rng.integers(-2, 3, (len(has), turns))
    kept = rng.random(day.shape) < _ADHERENCE
    at_counter = rng.random(len(has)) < _PHARMACY_REFILLS
    place = np.where(at_counter, _usual(p, houses, has, (PHARMACY,)), _doctor(p, houses, has))
    person, where = np.repeat(has, turns), np.repeat(place, turns)
    made = Visits(
        person, day.ravel(), where, np.full(len(person), ill), np.full(len(person), REFILL)
    )
    return made.only(kept.ravel())


def _acute(p: Population, houses: Houses, rng: np.random.Generator) -> Visits:
    """How often by age, when by season, with what by the month."""
    often = np.select([p.age < 7, p.age < 18, p.age < 60], [9.5, 5.5, 5.5], 7.5)
    count = np.minimum(rng.poisson(often), 18)
    order = np.argsort(rng.exponential(size=(len(p), _SLOTS)) / _slot_weights(), axis=1)
    person, turn = np.nonzero(np.arange(_SLOTS) < count[:, None])
    day = order[person, turn] * _SLOT + rng.integers(0, 3, len(person))
    late = WEEKEND[day] & (rng.random(len(day)) < 0.5)
    day = np.minimum(day + late + (late & WEEKEND[np.minimum(day + 1, LAST)]), LAST)
    seasons = np.array([ILLS[n].months for n in _ACUTE], dtype=float)
    ages = np.array([ILLS[n].ages[0] for n in _ACUTE])
    weights = seasons[:, MONTH[day]].T * (p.age[person][:, None] >= ages)
    weights[:, 0] += 1e-9
    ill = _ACUTE[rows_choice(rng, weights)]
    place, kind = _chosen(p, houses, person, rng)
    seen = Visits(person, day, place, ill, kind)
    again = seen.only((kind == CONSULT) & (rng.random(len(day)) < _CONTROLS))
    later = again.day + rng.integers(3, 6, len(again))
    return _joined(seen, replace(again, day=later, kind=np.full(len(again), CONTROL)))


def _slot_weights() -> Floats:
    """How much of the acute illness of a year falls into each slot."""
    total = np.array([ILLS[n].months for n in _ACUTE], dtype=float).sum(axis=0)
    weights: Floats = total[MONTH[np.arange(_SLOTS) * _SLOT + _SLOT // 2]]
    return weights


def _chosen(
    p: Population, houses: Houses, person: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Most go to the doctor they know or to the counter; some to a hospital, a few by night."""
    luck = rng.random(len(person))
    counter = np.where(p.age[person] < 7, 0.12, 0.36)
    emergency = luck > 0.98
    kind = np.select([luck < counter, emergency], [COUNTER, EMERGENCY], CONSULT)
    share = (luck - counter) / (1 - counter)
    near2, near3 = houses.near(p.chunk, LEVEL2), houses.near(p.chunk, LEVEL3)
    house = p.house[person]
    place = np.select(
        [kind == COUNTER, share < 0.55, share < 0.8],
        [_usual(p, houses, person, (PHARMACY,)), _doctor(p, houses, person),
         near2[house % len(near2)]],
        near3[rng.integers(0, len(near3), len(person))],
    )  # fmt: skip
    return np.where(emergency, near2[house % len(near2)], place), kind


def _doctor(p: Population, houses: Houses, person: Ints) -> Ints:
    return _usual(p, houses, person, (CLINIC, LEVEL1))


def _usual(p: Population, houses: Houses, person: Ints, kinds: tuple[int, ...]) -> Ints:
    """The place that the person's household goes to."""
    near = np.concatenate([houses.near(p.chunk, kind) for kind in kinds])
    usual: Ints = near[p.house[person] * 31 % len(near)]
    return usual


def treatment(ill: int) -> list[int]:
    """The boxes of items.DRUGS that are given for an illness outside the ward."""
    category = ILLS[ill].code[:3]
    return [
        n
        for n, drug in enumerate(items.DRUGS)
        if category in items.DOSES[drug.code].categories and items.DOSES[drug.code].days > 1
    ]
