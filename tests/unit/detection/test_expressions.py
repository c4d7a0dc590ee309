"""The forms of `declare` give on every engine what whole-number Python gives."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clew.declare import (
    add_days,
    any_true,
    apportion,
    days_between,
    int_div,
    minutes_between,
    month_end,
    months_between,
    names_agree,
    ratio,
    to_int,
)

TYPES = {
    pa.int64(): "int64", pa.string(): "string", pa.bool_(): "boolean", pa.date32(): "date",
    pa.timestamp("us"): "timestamp", pa.float64(): "float64",
    pa.decimal128(18, 4): "decimal(18, 4)",
}  # fmt: skip
# One table of many drawn rows an example, since a query costs more than a row.
few = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
money = st.integers(-2_000_000_000, 2_000_000_000)
days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
moments = st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)).map(
    lambda m: m.replace(microsecond=0)
)


def ask(engine: Any, columns: dict[str, tuple[pa.DataType, list[Any]]], form: Any) -> list[Any]:
    """What a form gives for each row, in the order of the rows."""
    count = len(next(iter(columns.values()))[1])
    arrays = {"n": pa.array(range(count), pa.int64())} | {
        name: pa.array(values, kind) for name, (kind, values) in columns.items()
    }
    engine.load("forms", pa.table(arrays))
    schema = {"n": "int64"} | {name: TYPES[kind] for name, (kind, _) in columns.items()}
    t: ir.Table = ibis.table(schema, name="forms")
    expression = t.select("n", answer=form(t)).order_by("n")
    answer: list[Any] = engine.run(engine.compile(expression)).column("answer").to_pylist()
    return answer


def whole(values: list[int | None]) -> tuple[pa.DataType, list[Any]]:
    return pa.int64(), values


@few
@given(data=st.lists(st.tuples(money, st.integers(1, 10**9)), min_size=40, max_size=80))
def test_int_div_is_floor_division(engine: Any, data: list[tuple[int, int]]) -> None:
    found = ask(
        engine, {"a": whole([a for a, _ in data]), "b": whole([b for _, b in data])},
        lambda t: int_div(t.a, t.b),
    )  # fmt: skip
    assert found == [a // b for a, b in data]
    assert ask(engine, {"a": whole([a for a, _ in data])}, lambda t: int_div(t.a, 60)) == [
        a // 60 for a, _ in data
    ]


@few
@given(
    data=st.lists(
        st.tuples(money, st.integers(0, 10**9), st.integers(0, 10**9)), min_size=40, max_size=80
    )
)
def test_apportion_rounds_half_up_once(engine: Any, data: list[tuple[int, int, int]]) -> None:
    data = [(value, min(part, whole_), whole_) for value, part, whole_ in data]
    found = ask(
        engine,
        {name: whole([row[i] for row in data]) for i, name in enumerate("vpw")},
        lambda t: apportion(t.v, t.p, t.w),
    )
    assert found == [(2 * v * p + w) // (2 * w) if w else v for v, p, w in data]


@few
@given(
    data=st.lists(
        st.tuples(*(st.integers(1, 10**9) for _ in range(5))), min_size=20, max_size=40
    )
)
def test_apportion_of_products_that_no_int64_holds(
    engine: Any, data: list[tuple[int, int, int, int, int]]
) -> None:
    """A share of a share: both products are wide whole numbers."""
    data = [(v, min(p, w), w, min(o, f), f) for v, p, w, o, f in data]
    found = ask(
        engine,
        {name: whole([row[i] for row in data]) for i, name in enumerate("vpwof")},
        lambda t: apportion(t.v, wide(t.p) * wide(t.o), wide(t.w) * wide(t.f)),
    )
    assert found == [(2 * v * p * o + w * f) // (2 * w * f) for v, p, w, o, f in data]


def wide(value: Any) -> Any:
    return value.cast("decimal(38, 0)")


@pytest.mark.parametrize(
    ("value", "part", "of", "expected"),
    [(5, 1, 2, 3), (-5, 1, 2, -2), (100, 1, 3, 33), (7, 0, 0, 7), (10**9, 10**9, 10**9, 10**9)],
)
def test_apportion_at_the_edges(engine: Any, value: int, part: int, of: int, expected: int) -> None:
    columns = {"v": whole([value]), "p": whole([part]), "w": whole([of])}
    assert ask(engine, columns, lambda t: apportion(t.v, t.p, t.w)) == [expected]


@few
@given(data=st.lists(st.tuples(moments, moments), min_size=40, max_size=80))
def test_minutes_are_full_minutes(engine: Any, data: list[tuple[datetime, datetime]]) -> None:
    columns = {
        "a": (pa.timestamp("us"), [a for a, _ in data]),
        "b": (pa.timestamp("us"), [b for _, b in data]),
    }
    found = ask(engine, columns, lambda t: minutes_between(t.a, t.b))
    assert found == [(a - b) // timedelta(minutes=1) for a, b in data]


def test_a_minute_boundary_is_not_a_minute(engine: Any) -> None:
    start = datetime(2023, 1, 1, 10, 0, 59)
    ends = [start + timedelta(seconds=s) for s in (-1, 0, 1, 59, 60, 61)]
    columns = {"a": (pa.timestamp("us"), ends), "b": (pa.timestamp("us"), [start] * 6)}
    assert ask(engine, columns, lambda t: minutes_between(t.a, t.b)) == [-1, 0, 0, 0, 1, 1]


@few
@given(data=st.lists(st.tuples(days, days), min_size=40, max_size=80))
def test_days_and_months(engine: Any, data: list[tuple[date, date]]) -> None:
    columns = {"a": (pa.date32(), [a for a, _ in data]), "b": (pa.date32(), [b for _, b in data])}
    assert ask(engine, columns, lambda t: days_between(t.a, t.b)) == [(a - b).days for a, b in data]
    assert ask(engine, columns, lambda t: months_between(t.a, t.b)) == [
        12 * (a.year - b.year) + a.month - b.month for a, b in data
    ]
    assert ask(engine, columns, lambda t: month_end(t.a)) == [
        (a.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1) for a, _ in data
    ]


@few
@given(data=st.lists(st.tuples(days, st.integers(-400, 400)), min_size=40, max_size=80))
def test_days_added_stay_days(engine: Any, data: list[tuple[date, int]]) -> None:
    columns = {"a": (pa.date32(), [a for a, _ in data]), "n_": whole([n for _, n in data])}
    assert ask(engine, columns, lambda t: add_days(t.a, t.n_)) == [
        a + timedelta(days=n) for a, n in data
    ]
    assert ask(engine, columns, lambda t: add_days(t.a, 30)) == [
        a + timedelta(days=30) for a, _ in data
    ]


@few
@given(data=st.lists(st.tuples(money, st.integers(0, 10**7)), min_size=40, max_size=80))
def test_a_ratio_has_four_places_and_no_zero_divisor(
    engine: Any, data: list[tuple[int, int]]
) -> None:
    columns = {"a": whole([a for a, _ in data]), "b": whole([b for _, b in data])}
    found = ask(engine, columns, lambda t: ratio(t.a, t.b))
    for (a, b), value in zip(data, found, strict=True):
        if b == 0:
            assert value is None
        else:
            exact = (Decimal(a) / b).quantize(Decimal("0.0001"), ROUND_HALF_UP)
            assert math.isclose(value, exact, rel_tol=1e-12, abs_tol=1e-9)


def test_a_ratio_of_decimals_is_the_same(engine: Any) -> None:
    columns = {
        "a": (pa.decimal128(18, 4), [Decimal("1.0000"), Decimal("2.5000")]),
        "b": whole([3, 2]),
    }
    assert ask(engine, columns, lambda t: ratio(t.a, t.b)) == [0.3333, 1.25]


def test_to_int_rounds_half_away_from_zero(engine: Any) -> None:
    values = [0.5, 1.5, 2.5, -0.5, -1.5, 0.49, -0.49, 3.0, None]
    found = ask(engine, {"a": (pa.float64(), values)}, lambda t: to_int(t.a))
    assert found == [1, 2, 3, -1, -2, 0, 0, 3, None]


def test_any_true_knows_three_answers(engine: Any) -> None:
    kinds = (True, False, None)
    pairs = [(a, b) for a in kinds for b in kinds]
    columns = {"a": (pa.bool_(), [a for a, _ in pairs]), "b": (pa.bool_(), [b for _, b in pairs])}
    expected = [True if True in p else False if False in p else None for p in pairs]
    assert ask(engine, columns, lambda t: any_true(t.a, t.b)) == expected
    assert ask(engine, columns, lambda t: any_true(t.a)) == [a for a, _ in pairs]


def test_names_agree_if_equal_or_not_carried(engine: Any) -> None:
    pairs = [("a", "a"), ("a", "b"), ("a", ""), ("", "b"), (None, "a"), (None, ""), (None, None)]
    columns = {"a": (pa.string(), [a for a, _ in pairs]), "b": (pa.string(), [b for _, b in pairs])}
    assert ask(engine, columns, lambda t: names_agree(t.a, t.b)) == [
        True, False, True, True, False, True, False,
    ]  # fmt: skip
