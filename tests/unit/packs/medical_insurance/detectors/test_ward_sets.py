"""The largest set of items that nearly all admissions of a ward bear, against trying them all."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.declare import Params
from clew.packs.medical_insurance.detectors.ward_sets import choose_sets, largest_set

HALF = Params({"set_share": Decimal("0.5"), "set_items": 2, "set_admissions": 1})


def rows_of(
    bearers: dict[str, set[int]], admissions: int, **cells: Any
) -> list[dict[str, Any]]:
    return [
        {"subject": "H", "ward": "W", "month": "2023-05", "code": code, "visit": str(visit),
         "admissions": admissions, "not_REVERSED": False} | cells
        for code, having in bearers.items()
        for visit in having
    ]  # fmt: skip


def tried(bearers: dict[str, set[int]], admissions: int) -> int:
    """The size of the largest set by trying every one."""
    for size in range(len(bearers), 1, -1):
        for codes in combinations(bearers, size):
            together = set.intersection(*(bearers[c] for c in codes))
            if 2 * len(together) >= admissions:
                return size
    return 0


@given(
    st.dictionaries(st.sampled_from("ABCDEFG"), st.sets(st.integers(0, 9), min_size=1)),
    st.integers(10, 13),
)
def test_no_larger_set_exists(bearers: dict[str, set[int]], admissions: int) -> None:
    found = largest_set(rows_of(bearers, admissions), HALF)
    assert len(found) == tried(bearers, admissions)
    if found:
        together = set.intersection(*(bearers[c] for c in found))
        assert 2 * len(together) >= admissions


def test_thirty_items_that_all_differ_are_no_burden() -> None:
    bearers = {f"T{n:02d}": set(range(200)) - {n, n + 40, n + 80} for n in range(30)}
    share = Params({"set_share": Decimal("0.95"), "set_items": 3, "set_admissions": 20})
    assert largest_set(rows_of(bearers, 200), share) == {"T00", "T01", "T02"}


@pytest.mark.parametrize(("bearers", "found"), [(19, {"A", "B", "C"}), (18, set())])
def test_the_share_includes_its_bound(bearers: int, found: set[str]) -> None:
    share = Params({"set_share": Decimal("0.95"), "set_items": 3, "set_admissions": 20})
    having = {code: set(range(bearers)) for code in "ABC"}
    assert largest_set(rows_of(having, 20), share) == found


def test_excused_items_are_told_beside_the_set_that_stands() -> None:
    rows = rows_of({"A": {1, 2}, "B": {1, 2}}, 2) + rows_of({"L": {1, 2}}, 2, not_LISTED=True)
    rows = [{"not_LISTED": False} | row for row in rows]
    told = choose_sets(rows, HALF, ("REVERSED", "LISTED"))
    assert sorted({row["code"] for row in told}) == ["A", "B", "L"]


def test_where_nothing_stands_the_excused_set_is_told() -> None:
    rows = rows_of({"A": {1, 2}, "B": {1, 2}, "C": {1}}, 3, not_REVERSED=True)
    assert {row["code"] for row in choose_sets(rows, HALF, ("REVERSED",))} == {"A", "B"}
