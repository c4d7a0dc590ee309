"""The city's year in days from its first: months, weekends, and drawing days by season."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from clew.packs.medical_insurance.sample.city import FIRST_DAY, LAST_DAY
from clew.packs.medical_insurance.sample.crowd.cells import Bools, Floats, Ints

LAST = (LAST_DAY - FIRST_DAY).days
NEVER = 10_000
"""A day that nobody of the city sees."""

_DAYS = [FIRST_DAY + timedelta(n) for n in range(LAST + 1)]
MONTH = np.array([d.month - 1 for d in _DAYS])
"""Calendar month of each day, January 0."""

WEEKEND = np.array([d.weekday() >= 5 for d in _DAYS])
MONTHS = 24
"""Months of contributions and wages, the last one is that of the last day."""

MONTH_NAMES = [
    f"{year}-{month + 1:02d}"
    for year, month in (
        divmod(LAST_DAY.year * 12 + LAST_DAY.month - MONTHS + n, 12) for n in range(MONTHS)
    )
]
_FIRST_OF_YEAR = MONTHS - 12
MONTH_NUMBER = np.array(
    [(d.year - FIRST_DAY.year) * 12 + d.month - FIRST_DAY.month + _FIRST_OF_YEAR for d in _DAYS]
)
"""Position in MONTH_NAMES of each day."""


def seasonal_days(rng: np.random.Generator, weights: Floats) -> Ints:
    """One day for each row of `weights`, which weighs January to December."""
    return rows_choice(rng, weights[:, MONTH])


def season_days(rng: np.random.Generator, weights: tuple[float, ...], count: int) -> Ints:
    """`count` days with one season."""
    chance = np.array(weights, dtype=float)[MONTH]
    return rng.choice(LAST + 1, count, p=chance / chance.sum())


def rows_choice(rng: np.random.Generator, weights: Floats) -> Ints:
    """One column for each row, by the weights of that row."""
    reached = np.cumsum(weights, axis=1)
    drawn = rng.random(len(weights)) * reached[:, -1]
    column: Ints = (reached <= drawn[:, None]).sum(axis=1)
    return column


def within(days: Ints) -> Bools:
    return (days >= 0) & (days <= LAST)
