"""Employers and their people month by month: contributions, wages, taxes, maternity claims."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clew.packs.medical_insurance.sample.crowd.cells import (
    Bools,
    Floats,
    Ints,
)
from clew.packs.medical_insurance.sample.crowd.lives import Births
from clew.packs.medical_insurance.sample.crowd.numbers import EMPLOYERS_OF_A_CHUNK, employer_codes
from clew.packs.medical_insurance.sample.crowd.population import CHILD, EMPLOYEE, Population
from clew.packs.medical_insurance.sample.crowd.year import (
    LAST,
    MONTH_NAMES,
    MONTH_NUMBER,
    MONTHS,
    NEVER,
)

_STAFF = 40
_JOINED, _CAME, _LEFT, _LEFT_AFTER_BIRTH = 0.12, 0.5, 0.03, 0.06
_FLOOR = 395_700
"""The least base of the province, in fen a month; some small employers declare it for all."""

_YEARS = np.array([int(m[:4]) for m in MONTH_NAMES])


@dataclass(frozen=True)
class Work:
    """`person` are all who were employed; `employer` holds person by month the employer or -1,
    `base` and `wage` fen. `studied` says of which employers the rows are delivered.
    """

    person: Ints
    employer: Ints
    base: Ints
    wage: Ints
    codes: list[str]
    studied: Bools
    claims: Claims


@dataclass(frozen=True)
class Claims:
    """Maternity claims of employed mothers; `who` is a place in Work.person."""

    who: Ints
    employer: Ints
    birth: Ints
    paid_on: Ints
    days: Ints
    base: Ints
    caesarean: Bools


def work(p: Population, born: Births, died: Ints, share: float, rng: np.random.Generator) -> Work:
    """`share` of the employers are under study."""
    person = np.flatnonzero(p.kind == EMPLOYEE)
    count = int(np.clip(len(person) // _STAFF, 3, EMPLOYERS_OF_A_CHUNK))
    employer = _jobs(len(person), count, rng)
    end = np.where(died[person] < NEVER, MONTH_NUMBER[np.minimum(died[person], LAST)] + 1, MONTHS)
    mother, at = _mothers(p, person, born)
    paid_on = born.day[mother] + rng.integers(40, 111, len(mother))
    leaves = (rng.random(len(mother)) < _LEFT_AFTER_BIRTH) & (paid_on <= LAST)
    end[at[leaves]] = MONTH_NUMBER[paid_on[leaves]] + 2
    employer = np.where(np.arange(MONTHS) < end[:, None], employer, -1)
    base, wage = _pay(employer, count, rng)
    months = MONTH_NUMBER[born.day[mother]]
    _at_home(wage, at, months)
    claims = _claims(p, born, mother, at, paid_on, employer, base)
    studied = rng.permutation(count) < max(share * count, 1)
    return Work(
        person, employer, base, wage, employer_codes(p.chunk.number, count), studied, claims
    )


def _jobs(people: int, employers: int, rng: np.random.Generator) -> Ints:
    """A few large employers and many small ones; some people came during the two years, half of
    them from another employer, a few have left.
    """
    size = 1.0 / (np.arange(employers) + 1.0) ** 0.8
    size /= size.sum()
    now, before = (rng.choice(employers, people, p=size) for _ in range(2))
    joined = np.where(rng.random(people) < _JOINED, rng.integers(1, MONTHS, people), 0)
    left = np.where(rng.random(people) < _LEFT, rng.integers(1, MONTHS + 1, people), MONTHS)
    left = np.where(left > joined + 6, left, MONTHS)
    came = (rng.random(people) < _CAME) & (before != now)
    month = np.arange(MONTHS)
    early = np.where(came[:, None] & (month < joined[:, None]), before[:, None], -1)
    here = (month >= joined[:, None]) & (month < left[:, None])
    jobs: Ints = np.where(here, now[:, None], early)
    return jobs


def _pay(employer: Ints, count: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Wages by employer and person; the base follows each July for all staff by one ratio."""
    people = len(employer)
    level = rng.lognormal(8.75, 0.25, count) * 100
    personal = rng.lognormal(0.0, 0.28, people)
    rise = rng.uniform(1.02, 1.08, count)
    frugal = (np.arange(count) > count // 2) & (rng.random(count) < 0.3)
    steps = np.array([m[5:] == "07" for m in MONTH_NAMES]).cumsum()
    at = np.maximum(employer, 0)
    full = level[at] * personal[:, None] * rise[at] ** steps
    # A base below the floor is declared at the floor.
    declared = np.maximum(np.where(frugal[at], 0.0, full), _FLOOR * rise[at] ** steps)
    base = np.round(declared / 100).astype(np.int64) * 100
    earned = np.maximum(full, declared) * rng.normal(1.02, 0.03, full.shape)
    bonus = np.where([m[5:] == "01" for m in MONTH_NAMES], 1.4, 1.0)
    return base, np.round(earned * bonus / 100).astype(np.int64) * 100


def _mothers(p: Population, person: Ints, born: Births) -> tuple[Ints, Ints]:
    """Births whose mother is employed: the place in `born` and in `person`."""
    place = np.full(len(p), -1)
    place[person] = np.arange(len(person))
    mother = np.flatnonzero(place[born.mother] >= 0)
    return mother, place[born.mother[mother]]


def _at_home(wage: Ints, at: Ints, birth: Ints) -> None:
    """No wage in the five months after the birth: the allowance stands for it."""
    month = np.arange(MONTHS)
    away = (month > birth[:, None]) & (month <= birth[:, None] + 5)
    wage[at] = np.where(away, 0, wage[at])


def _claims(
    p: Population, born: Births, mother: Ints, at: Ints, paid_on: Ints, employer: Ints, base: Ints
) -> Claims:
    """Claims paid by the last day, on the mean base of all staff in the year before the birth."""
    employed = employer[at, MONTH_NUMBER[born.day[mother]]]
    paid = (paid_on <= LAST) & (employed >= 0)
    mother, at, employed, paid_on = mother[paid], at[paid], employed[paid], paid_on[paid]
    first = p.role[born.child[mother]] == CHILD
    days = np.where(first, 158, 188) + np.where(born.caesarean[mother], 15, 0)
    year = _YEARS[MONTH_NUMBER[born.day[mother]]] - 1
    means = {y: _mean_base(employer, base, y) for y in np.unique(year).tolist()}
    mean = np.array([means[y][e] for y, e in zip(year.tolist(), employed.tolist(), strict=True)])
    own = base[at, MONTH_NUMBER[born.day[mother]]]
    basis = np.where(mean > 0, np.round(mean), own).astype(np.int64)
    return Claims(at, employed, born.day[mother], paid_on, days, basis, born.caesarean[mother])


def _mean_base(employer: Ints, base: Ints, year: int) -> Floats:
    """The mean base a person and month of each employer; 0 where nobody worked."""
    months = year == _YEARS
    at, fen = employer[:, months].ravel(), base[:, months].ravel()
    held = at >= 0
    count = int(employer.max()) + 1
    total = np.bincount(at[held], fen[held], count)
    return total / np.maximum(np.bincount(at[held], minlength=count), 1)
