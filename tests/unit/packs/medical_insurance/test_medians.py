from __future__ import annotations

from statistics import median

import ibis
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from clew.packs.medical_insurance.derived.medians import middle, twice_median
from tests.spec.engines import DuckDB

ENGINE = DuckDB()
GROUPS = st.lists(
    st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=9), min_size=1, max_size=5
)


def told(rows: list[dict[str, int]], *, marked: bool = True) -> list[int | None]:
    ENGINE.load("amounts", pa.Table.from_pylist(rows))
    t = ibis.table({"g": "int64", "v": "int64"}, name="amounts")
    t = t.mutate(middle=middle(t, ("g",), "v") & marked)
    found = t.group_by("g").aggregate(twice=twice_median(t.v, t.middle)).order_by("g")
    twice: list[int | None] = ENGINE.run(ENGINE.compile(found)).column("twice").to_pylist()
    return twice


@settings(deadline=None, max_examples=40)
@given(GROUPS)
def test_twice_the_median_of_each_group_is_exact(groups: list[list[int]]) -> None:
    rows = [{"g": g, "v": v} for g, values in enumerate(groups) for v in values]
    assert told(rows) == [round(2 * median(values)) for values in groups]


def test_without_a_marked_row_there_is_no_median() -> None:
    assert told([{"g": 1, "v": 3}, {"g": 1, "v": 4}], marked=False) == [None]
