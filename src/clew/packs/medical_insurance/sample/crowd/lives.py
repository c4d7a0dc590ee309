"""What happens to people in the year: births, deaths, journeys, and who pays for whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clew.packs.medical_insurance.sample.crowd.cells import Bools, Ints
from clew.packs.medical_insurance.sample.crowd.population import (
    CHILD,
    EMPLOYEE,
    GRANDFATHER,
    GRANDMOTHER,
    HUSBAND,
    WIFE,
    Population,
)
from clew.packs.medical_insurance.sample.crowd.year import LAST, NEVER, season_days

_DEADLY = (1.4, 1.3, 1.1, 1.0, 0.9, 0.8, 0.9, 0.9, 0.8, 0.9, 1.0, 1.3)
_CAESAREAN = 0.4
_BINDING = 0.35


@dataclass(frozen=True)
class Births:
    """Children born in the year whose mother lives in the house."""

    child: Ints
    mother: Ints
    day: Ints
    caesarean: Bools


@dataclass(frozen=True)
class Trips:
    """Who was abroad, from the day of leaving to the day of coming back."""

    person: Ints
    out: Ints
    back: Ints

    def without(self, person: Ints, first: Ints, last: Ints) -> Trips:
        """Trips of those who were not held back by any of these spans of days."""
        if not len(self.person) or not len(person):
            return self
        number = np.full(max(self.person.max(), person.max()) + 1, -1)
        number[self.person] = np.arange(len(self.person))
        trip = number[person]
        met = (trip >= 0) & (first <= self.back[trip]) & (last >= self.out[trip])
        kept = np.setdiff1d(np.arange(len(self.person)), trip[met])
        return Trips(self.person[kept], self.out[kept], self.back[kept])


@dataclass(frozen=True)
class Bindings:
    """Whose account pays for which relative, since when; the relation is that of the member."""

    owner: Ints
    member: Ints
    since: Ints
    relation: Ints


RELATIONS = ("spouse", "parent", "child")


def births(p: Population, rng: np.random.Generator) -> Births:
    infant = np.flatnonzero((p.born >= 1) & (p.born <= LAST) & (p.role >= CHILD))
    mother = p.places[p.house[infant], WIFE]
    infant, mother = infant[mother >= 0], mother[mother >= 0]
    # Twins are left out: a second child of the year is a neighbour's.
    _, first = np.unique(mother, return_index=True)
    infant, mother = infant[first], mother[first]
    return Births(infant, mother, p.born[infant], rng.random(len(infant)) < _CAESAREAN)


def deaths(p: Population, born: Births, rng: np.random.Generator) -> Ints:
    """The day of each person's death, or NEVER; the risk doubles every seven years of age."""
    risk = 2e-5 * np.exp(0.1 * p.age)
    dies = (rng.random(len(p)) < risk) & (p.born < -400)
    dies[born.mother] = False
    day = np.full(len(p), NEVER)
    drawn = season_days(rng, _DEADLY, int(dies.sum()))
    day[dies] = np.clip(drawn, 12, LAST - 3)
    return day


def trips(p: Population, died: Ints, rng: np.random.Generator) -> Trips:
    able = np.flatnonzero((p.age >= 18) & (p.age < 70) & (died == NEVER))
    person = able[rng.random(len(able)) < 0.02]
    out = rng.integers(0, LAST - 40, len(person))
    return Trips(person, out, out + rng.integers(3, 26, len(person)))


def bindings(p: Population, died: Ints, rng: np.random.Generator) -> Bindings:
    """An employee lends the account to parents in the house, to a child or to the spouse."""
    owner = np.flatnonzero((p.kind == EMPLOYEE) & (p.role <= WIFE) & (died == NEVER))
    owner = owner[rng.random(len(owner)) < _BINDING]
    members, owners, relations = [], [], []
    for role in (GRANDFATHER, GRANDMOTHER, CHILD, HUSBAND, WIFE):
        member = p.places[p.house[owner], role]
        lent = (member >= 0) & (member != owner)
        if role <= WIFE:
            lent &= ~p.employed[member]
        if role in (GRANDFATHER, GRANDMOTHER):
            # The parents in a house are the husband's.
            lent &= p.role[owner] == HUSBAND
        members.append(member[lent])
        owners.append(owner[lent])
        relations.append(np.full(int(lent.sum()), 0 if role <= WIFE else 2 if role == CHILD else 1))
    everybody = np.concatenate(members)
    _, first = np.unique(everybody, return_index=True)
    first = first[p.born[everybody[first]] < -300]
    since = rng.integers(-280, 60, len(first))
    return Bindings(
        np.concatenate(owners)[first], everybody[first], since, np.concatenate(relations)[first]
    )
