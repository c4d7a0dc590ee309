"""Columns as text: the same as the kernel writes one value at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from clew.kernel.money import yuan
from clew.packs.medical_insurance.sample.city import FIRST_DAY
from clew.packs.medical_insurance.sample.crowd import cells

FIRST = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day)


@settings(deadline=None)  # the first call builds a table
@given(st.lists(st.integers(-(10**12), 10**12), min_size=1))
def test_money(fen: list[int]) -> None:
    assert cells.money(np.array(fen)).to_pylist() == [yuan(f) for f in fen]


@settings(deadline=None)
@given(st.lists(st.integers(-700 * cells.DAY, 400 * cells.DAY), min_size=1))
def test_moments(seconds: list[int]) -> None:
    said = [(FIRST + timedelta(seconds=s)).isoformat(sep=" ") for s in seconds]
    assert cells.moments(np.array(seconds)).to_pylist() == said


@given(st.lists(st.integers(-40_000, 1_000), min_size=1))
def test_dates(days: list[int]) -> None:
    said = [(FIRST_DAY + timedelta(d)).isoformat() for d in days]
    assert cells.dates(np.array(days)).to_pylist() == said


def test_chosen_is_empty_below_zero() -> None:
    assert cells.chosen(["a", "b"], np.array([1, -1, 0])).to_pylist() == ["b", None, "a"]
    twice = cells.chosen(["a", "b", "a"], np.array([2, 1, -1]))
    assert twice.to_pylist() == ["a", "b", None] and len(twice.dictionary) == 2
    assert cells.flags(np.array([True, False])).to_pylist() == ["1", "0"]
    assert cells.serial(3300, np.array([7])).to_pylist() == ["330000000000007"]
