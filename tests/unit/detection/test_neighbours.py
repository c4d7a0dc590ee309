"""Neighbours: reading a table in its order gives what a window gives, and only where it may."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clew.declare import next, overlapping, previous, within
from clew.declare.neighbours import verified_order
from clew.detection.engines import duck
from clew.detection.engines.duck import DuckEngine
from clew.kernel.workspace import Workspace

SCHEMA = {"person": "int64", "place": "string", "day": "int64", "n": "int64"}
ORDER = ("person", "place", "day", "n")
Row = tuple[int, str, int, int]
rows_drawn = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from("ab"), st.integers(1, 5)), max_size=25
).map(lambda found: [(*row, n) for n, row in enumerate(found)])


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with duck.session(Workspace.create(tmp_path_factory.mktemp("lake") / "city")) as engine:
        yield engine


def store(engine: DuckEngine, rows: Iterable[Row], order: tuple[str, ...] = ORDER) -> bool:
    """Keeps rows as a derived table; whether its order was proved."""
    cells = ", ".join(str(r).replace("'", "'") for r in rows)
    values = f"VALUES {cells}" if cells else "SELECT NULL, NULL, NULL, NULL LIMIT 0"
    columns = ", ".join(f"CAST({c} AS {'VARCHAR' if t == 'string' else 'BIGINT'}) AS {c}"
                        for c, t in SCHEMA.items())  # fmt: skip
    sql = f"SELECT {columns} FROM ({values}) AS v({', '.join(SCHEMA)})"
    return engine.materialise("visits", sql, order)


def stored() -> ir.Table:
    return ibis.table(SCHEMA, name="visits")


def both_sides(t: ir.Table, **options: Any) -> ir.Table:
    options = {"by": ("person", "place"), "order": ("day", "n")} | options
    before = previous(t, ("n", "day"), **options)
    after = next(t, ("n",), **options)
    return before.join(after.select("n", "next_n"), "n").order_by("n")


def answer(engine: DuckEngine, expression: ir.Table) -> list[dict[str, Any]]:
    return engine.rows(engine.sql(expression)).to_pylist()


def by_hand(rows: list[Row]) -> list[tuple[int, int | None, int | None]]:
    found = []
    for row in rows:
        group = sorted((r[2], r[3]) for r in rows if r[:2] == row[:2])
        at = group.index((row[2], row[3]))
        found.append(
            (row[3], group[at - 1][1] if at else None,
             group[at + 1][1] if at + 1 < len(group) else None)
        )  # fmt: skip
    return sorted(found)


@settings(max_examples=25, deadline=None)
@given(rows=rows_drawn, seed=st.integers(0, 99))
def test_streaming_equals_window_equals_reason(
    lake: DuckEngine, rows: list[Row], seed: int
) -> None:
    shuffled = random.Random(seed).sample(rows, len(rows))
    proved = store(lake, shuffled)
    assert proved == bool(rows)
    windowed = answer(lake, both_sides(stored()))
    assert [(r["n"], r["previous_n"], r["next_n"]) for r in windowed] == by_hand(rows)
    if proved:
        with verified_order({"visits": ORDER}):
            assert answer(lake, both_sides(stored())) == windowed


def test_a_proved_order_is_streamed_and_another_is_not(lake: DuckEngine) -> None:
    some = stored().filter(stored().n > 1)
    with verified_order({"visits": ORDER}):
        streamed = lake.sql(previous(stored(), ("n",), by=("place", "person"), order=("day",)))
        others = [
            lake.sql(previous(stored(), ("n",), by=("person",), order=("day", "n"))),
            lake.sql(previous(stored(), ("n",), by=("person", "place"), order=("n",))),
            lake.sql(previous(some, ("n",), by=("person", "place"), order=("day",))),
        ]
    assert "PARTITION BY" not in streamed
    assert all("PARTITION BY" in sql for sql in others)


def test_a_neighbour_by_another_order_is_still_right(lake: DuckEngine) -> None:
    rows = [(1, "a", 1, 0), (1, "b", 2, 1), (1, "a", 3, 2)]
    store(lake, rows)
    with verified_order({"visits": ORDER}):
        found = answer(
            lake, previous(stored(), ("n",), by=("person",), order=("day",)).order_by("n")
        )
    assert [r["previous_n"] for r in found] == [None, 0, 1]


def test_an_order_is_proved_not_believed(lake: DuckEngine) -> None:
    rows = [(1, "a", 1, 0), (1, "b", 1, 1), (2, "a", 1, 2)]
    assert store(lake, rows)
    assert not store(lake, rows, ())
    assert not store(lake, [])
    assert store(lake, rows)
    lake._con.execute("CREATE OR REPLACE TEMP TABLE visits AS SELECT * FROM visits ORDER BY n DESC")
    assert not lake._ordered("visits", ("person", "day"))
    assert lake._ordered("visits", ("day",))


def test_an_order_with_a_gap_in_it_is_not_relied_on(lake: DuckEngine) -> None:
    nulls: Any = [(1, "a", 1, 0)]
    assert store(lake, nulls)
    lake._con.execute("INSERT INTO visits VALUES (NULL, 'a', 1, 9)")
    assert not lake._ordered("visits", ORDER)


@settings(max_examples=20, deadline=None)
@given(
    spans=st.lists(st.tuples(st.integers(1, 2), st.integers(1, 9), st.integers(0, 4)), max_size=12)
)
def test_overlapping_and_within(lake: DuckEngine, spans: list[tuple[int, int, int]]) -> None:
    rows = [(p, a, a + length, n) for n, (p, a, length) in enumerate(spans)]
    lake._con.register("incoming", spans_table(rows))
    lake._con.execute("CREATE OR REPLACE TEMP TABLE spans AS SELECT * FROM incoming")
    t = ibis.table({"p": "int64", "a": "int64", "z": "int64", "n": "int64"}, name="spans")
    pairs = answer(lake, overlapping(t, by="p", start="a", end="z", order=("n",)))
    expected = {
        (x[3], y[3]) for x in rows for y in rows
        if x[0] == y[0] and (x[1], x[3]) < (y[1], y[3]) and y[1] <= x[2]
    }  # fmt: skip
    assert sorted((r["n_a"], r["n_b"]) for r in pairs) == sorted(expected)
    events = t.select(p="p", at="z", event="n")
    inside = answer(lake, within(events, t, by="p", at="at", start="a", end="z"))
    assert sorted((r["event"], r["n_span"]) for r in inside) == sorted(
        (x[3], y[3]) for x in rows for y in rows if x[0] == y[0] and y[1] <= x[2] <= y[2]
    )


def spans_table(rows: list[tuple[int, int, int, int]]) -> pa.Table:
    return pa.table({c: pa.array([r[i] for r in rows], pa.int64()) for i, c in enumerate("pazn")})
