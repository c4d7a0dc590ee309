"""Scores against peers, beside a slow computation with fractions."""

from __future__ import annotations

from fractions import Fraction
from math import isclose, sqrt

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clew.packs.medical_insurance.derived.peers import z_scores

VALUES = st.lists(st.integers(0, 10**9), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def duck() -> ibis.BaseBackend:
    return ibis.duckdb.connect()


def slow(values: list[int], own: int, value: int) -> float | None:
    peers = values[:own] + values[own + 1 :]
    if len(peers) < 5:
        return None
    mean = Fraction(sum(peers), len(peers))
    variance = Fraction(sum(v * v for v in peers), len(peers)) - mean * mean
    if variance == 0:
        return 0.0 if value == mean else 99.0 if value > mean else -99.0
    return float(value - mean) / sqrt(variance)


@given(values=VALUES)
@settings(max_examples=60, deadline=None)
def test_scores_leave_the_subject_out(duck: ibis.BaseBackend, values: list[int]) -> None:
    rows = pa.table({"place": list(range(len(values))), "level": ["2"] * len(values), "x": values})
    t = z_scores(ibis.memtable(rows), group=("level",), value="x")
    found = duck.to_pyarrow(t.order_by("place")).column("z").to_pylist()
    for own, z in enumerate(found):
        expected = slow(values, own, values[own])
        assert (z is None) == (expected is None)
        assert z is None or isclose(z, expected or 0.0, rel_tol=1e-6, abs_tol=1e-4)


def test_peers_may_count_otherwise_than_the_subject(duck: ibis.BaseBackend) -> None:
    rows = pa.table({
        "place": list(range(7)), "level": ["2"] * 7,
        "own": [9, 1, 1, 1, 1, 1, 1], "net": [1, 1, 1, 1, 1, 1, None],
    })  # fmt: skip
    t = z_scores(ibis.memtable(rows), group=("level",), value="own", against="net")
    found = duck.to_pyarrow(t.order_by("place")).column("z").to_pylist()
    assert found == [99.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]


def test_groups_are_apart(duck: ibis.BaseBackend) -> None:
    rows = pa.table({"level": ["1"] * 5 + ["2"] * 6, "x": [1] * 5 + [1] * 5 + [2]})
    t = z_scores(ibis.memtable(rows), group=("level",), value="x")
    found = duck.to_pyarrow(t.order_by("level", "x"))["z"].to_pylist()
    assert found[:5] == [None] * 5
    assert found[-1] == 99.0
