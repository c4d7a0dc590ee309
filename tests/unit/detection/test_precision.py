"""Precision with its interval: known values, and what holds for every count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.detection.precision import Share, apart, precision


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (10, 10, 0.7225, 1.0),
    ],
)
def test_known_intervals(hits: int, n: int, low: float, high: float) -> None:
    assert Share(hits, n).interval == (low, high)


def test_nothing_looked_at_has_no_value() -> None:
    assert (Share(0, 0).value, Share(0, 0).interval, str(Share(0, 0))) == (None, None, "n=0")
    assert Share(0, 0).as_json() == {"value": None, "hits": 0, "n": 0, "low": None, "high": None}


def test_a_share_is_never_told_without_its_n() -> None:
    assert str(Share(8, 10)) == "80.0 % (8/10, 95 % 49.0-94.3)"
    assert Share(8, 10).as_json()["n"] == 10


@given(st.integers(1, 5000), st.data())
def test_the_interval_holds_the_value_and_narrows(n: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, n))
    one, more = Share(hits, n), Share(hits * 4, n * 4)
    assert one.interval and more.interval and one.value is not None
    assert 0 <= one.interval[0] <= one.value <= one.interval[1] <= 1
    assert more.interval[1] - more.interval[0] <= one.interval[1] - one.interval[0]
    mirrored = Share(n - hits, n).interval
    assert mirrored is not None
    assert mirrored[0] == pytest.approx(1 - one.interval[1], abs=1e-9)


def test_shares_of_disjoint_clues_add_up() -> None:
    assert Share(1, 2) + Share(3, 5) == Share(4, 7)


def test_intervals_apart() -> None:
    assert apart(Share(1, 100), Share(99, 100)) and apart(Share(99, 100), Share(1, 100))
    assert not apart(Share(5, 10), Share(6, 10))
    assert not apart(Share(0, 0), Share(9, 10))


def test_open_clues_are_not_verified() -> None:
    assert precision(["confirmed", "open", "rebutted", "confirmed"]) == Share(2, 3)
    assert precision([]) == Share(0, 0)
