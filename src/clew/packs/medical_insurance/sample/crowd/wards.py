"""Stays in hospital: the sick by age and season, mothers, infants, the dying; who is sent on, who
comes back.

A person's ordinary stays lie weeks apart; a stay that follows another is a transfer of the same
day or an emergency.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np

from clew.packs.medical_insurance.sample import items
from clew.packs.medical_insurance.sample.crowd.cells import DAY, Bools, Ints
from clew.packs.medical_insurance.sample.crowd.houses import LEVEL1, LEVEL2, LEVEL3, Houses
from clew.packs.medical_insurance.sample.crowd.lives import Births
from clew.packs.medical_insurance.sample.crowd.population import Population
from clew.packs.medical_insurance.sample.crowd.year import LAST, NEVER, rows_choice, seasonal_days

ILLS = (*items.STAYS, items.BIRTH, items.CAESAREAN, items.JAUNDICE)
BIRTH, CAESAREAN, JAUNDICE = range(len(items.STAYS), len(ILLS))
_SEASONS = np.array([i.months for i in ILLS], dtype=float)
_ONCE = np.array([i.dept == "04" for i in ILLS])
_PNEUMONIA = 0
APART = 45
"""Days between stays that have nothing to do with each other."""


@dataclass(frozen=True)
class Stays:
    """One entry a stay; days from the city's first. `begin` is the second of admission,
    `settled` the day of settlement, `infant` the age in days of a newborn under its mother's
    number or -1.
    """

    person: Ints
    adm: Ints
    dis: Ints
    ill: Ints
    place: Ints
    way: Ints
    emergency: Bools
    begin: Ints
    settled: Ints
    infant: Ints

    def __len__(self) -> int:
        return len(self.person)

    def only(self, which: Bools | Ints) -> Self:
        return type(self)(*(getattr(self, f.name)[which] for f in fields(self)))

    def joined(self, *others: Stays) -> Stays:
        every = (self, *others)
        return Stays(*(np.concatenate([getattr(s, f.name) for s in every]) for f in fields(Stays)))

    def busy(self, person: Ints, day: Ints) -> Bools:
        """Whether the person lay in hospital on that day, first and last day included."""
        if not len(self):
            return np.zeros(len(person), dtype=bool)
        order = np.argsort(self.person * NEVER + self.adm, kind="stable")
        starts = (self.person * NEVER + self.adm)[order]
        ends = np.maximum.accumulate((self.person * NEVER + self.dis)[order])
        asked = person * NEVER + day
        last = np.searchsorted(starts, asked, side="right") - 1
        return (last >= 0) & (ends[last] >= asked)


def stays(
    p: Population, houses: Houses, born: Births, died: Ints, rng: np.random.Generator
) -> Stays:
    """All stays that end within the year, settled by its last day."""
    fixed = _deliveries(p, houses, born, rng).joined(_deathbeds(p, houses, died, rng))
    ordinary = _ordinary(p, houses, rng)
    first, last = np.full(len(p), NEVER), np.full(len(p), -NEVER)
    first[fixed.person], last[fixed.person] = fixed.adm, fixed.dis
    near = (ordinary.adm < last[ordinary.person] + APART) & (
        ordinary.dis > first[ordinary.person] - APART
    )
    ordinary = ordinary.only(~near & (ordinary.dis < np.minimum(died[ordinary.person], LAST + 1)))
    sent, sent_on = _transfers(p, houses, ordinary, died, rng)
    returned = _returns(sent, died, rng)
    infants = _infants(fixed, born, rng)
    every = sent.joined(sent_on, returned, fixed, infants)
    return every.only(every.dis <= LAST)


def _new(
    rng: np.random.Generator, person: Ints, adm: Ints, nights: Ints, ill: Ints, place: Ints
) -> Stays:
    count = len(person)
    medical = np.array([i.dept == "03" for i in ILLS])[ill]
    return Stays(
        person=person,
        adm=adm,
        dis=adm + nights,
        ill=ill,
        place=place,
        way=np.where(rng.random(count) < 0.01, 4, 1),
        emergency=medical & (rng.random(count) < 0.3),
        begin=adm * DAY + 9 * 3600 + rng.integers(0, 3600, count),
        settled=adm + nights,
        infant=np.full(count, -1),
    )


def _ordinary(p: Population, houses: Houses, rng: np.random.Generator) -> Stays:
    risk = np.where(p.age < 2, 0.1, 0.03 + 0.004 * np.maximum(p.age - 20, 0))
    first = np.flatnonzero((rng.random(len(p)) < risk) & (p.born < -30))
    second = first[rng.random(len(first)) < 0.18]
    person = np.concatenate([first, second])
    ages = np.array([i.ages for i in items.STAYS])
    age = p.age[person][:, None]
    fits = (age >= ages[:, 0]) & (age <= ages[:, 1])
    ill = rows_choice(rng, fits.astype(float) + 1e-9 * (np.arange(len(ages)) == _PNEUMONIA))
    ill[len(first) :] = np.where(_ONCE[ill[len(first) :]], _PNEUMONIA, ill[len(first) :])
    adm = seasonal_days(rng, _SEASONS[ill])
    nights = np.clip(rng.gamma(3.0, 2.6, len(person)).astype(np.int64), 2, 25)
    place = _hospitals(p, houses, person, rng)
    found = _new(rng, person, adm, nights, ill, place)
    once, again = found.only(np.arange(len(first))), found.only(np.arange(len(first), len(person)))
    before = once.only(np.isin(first, second))
    return once.joined(again.only(np.abs(again.adm - before.adm) > APART + 30))


def _hospitals(p: Population, houses: Houses, person: Ints, rng: np.random.Generator) -> Ints:
    """A quarter stays in the town, nearly half in the division's hospitals."""
    luck = rng.random(len(person))
    place = rng.choice(houses.near(p.chunk, LEVEL2), len(person))
    place = np.where(luck < 0.25, rng.choice(houses.near(p.chunk, LEVEL1), len(person)), place)
    return np.where(luck > 0.7, rng.choice(houses.near(p.chunk, LEVEL3), len(person)), place)


def _deliveries(p: Population, houses: Houses, born: Births, rng: np.random.Generator) -> Stays:
    count = len(born.mother)
    nights = np.where(born.caesarean, 5, 3) + rng.integers(0, 3, count)
    early = (rng.random(count) < 0.4).astype(np.int64)
    adm = np.maximum(born.day - early, 0)
    ill = np.where(born.caesarean, CAESAREAN, BIRTH)
    kinds = np.concatenate([houses.near(p.chunk, LEVEL2), houses.near(p.chunk, LEVEL3)])
    return _new(rng, born.mother, adm, nights + early, ill, rng.choice(kinds, count))


def _deathbeds(p: Population, houses: Houses, died: Ints, rng: np.random.Generator) -> Stays:
    """Some die in hospital, and their last stay may be settled weeks later."""
    person = np.flatnonzero((died < NEVER) & (rng.random(len(p)) < 0.4))
    nights = rng.integers(2, 11, len(person))
    ill = rng.integers(0, 4, len(person))
    made = _new(rng, person, died[person] - nights, nights, ill, _hospitals(p, houses, person, rng))
    settled = np.minimum(made.dis + rng.integers(0, 21, len(person)), LAST)
    return replace(made, settled=settled, way=np.full(len(person), 5))


def _transfers(
    p: Population, houses: Houses, given: Stays, died: Ints, rng: np.random.Generator
) -> tuple[Stays, Stays]:
    """Those sent on to a hospital of level 3 the same day, and their second stays."""
    nights = rng.integers(4, 15, len(given))
    ends = given.dis + nights < np.minimum(died[given.person], LAST + 1)
    sent = (houses.kind[given.place] < LEVEL3) & (rng.random(len(given)) < 0.03) & ends
    sent &= ~np.isin(given.person, np.flatnonzero(np.bincount(given.person, minlength=len(p)) > 1))
    follow = given.only(sent)
    place = rng.choice(houses.near(p.chunk, LEVEL3), len(follow))
    made = _new(rng, follow.person, follow.dis, nights[sent], follow.ill, place)
    later = replace(made, begin=made.begin + 7 * 3600)
    return replace(given, way=np.where(sent, 2, given.way)), later


def _returns(given: Stays, died: Ints, rng: np.random.Generator) -> Stays:
    """Emergencies of the same illness at the same hospital within the month."""
    gap, nights = rng.integers(3, 25, len(given)), rng.integers(3, 12, len(given))
    back = given.dis + gap
    lives = back + nights < np.minimum(died[given.person], LAST + 1)
    once = np.bincount(given.person, minlength=len(died))[given.person] == 1
    again = lives & once & (given.way == 1) & ~_ONCE[given.ill] & (rng.random(len(given)) < 0.015)
    made = _new(
        rng, given.person[again], back[again], nights[again], given.ill[again], given.place[again]
    )
    return replace(made, emergency=np.ones(len(made), dtype=bool))


def _infants(fixed: Stays, born: Births, rng: np.random.Generator) -> Stays:
    """A newborn with jaundice lies in the mother's hospital under the mother's number."""
    mothers = fixed.only(np.arange(len(fixed)) < len(born.mother))
    ill = rng.random(len(mothers)) < 0.08
    mother = mothers.only(ill)
    age = rng.integers(2, 4, len(mother))
    jaundice = np.full(len(mother), JAUNDICE)
    made = _new(
        rng, mother.person, born.day[ill] + age, rng.integers(3, 8, len(mother)), jaundice,
        mother.place,
    )  # fmt: skip
    return replace(made, emergency=np.zeros(len(made), dtype=bool), infant=age)
