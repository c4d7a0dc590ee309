from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.kernel.errors import ClewError
from clew.kernel.figures import Style, format_figure, parse_figure


@pytest.mark.parametrize(
    ("text", "low", "high", "unit", "low_open", "high_open"),
    [
        ("8000余万元", 80_000_000, 90_000_000, "元", True, True),
        ("140余万元", 1_400_000, 1_500_000, "元", True, True),
        ("1.9万余个", 19_000, 20_000, "个", True, True),
        ("7.68万人", 76_750, 76_850, "人", False, True),
        ("2.7亿条", 265_000_000, 275_000_000, "条", False, True),
        ("近300家", 270, 300, "家", False, True),
        ("近千家", 900, 1000, "家", False, True),
        ("达85万元", 845_000, 855_000, "元", False, True),
        ("可达50万元", 450_000, 550_000, "元", False, True),
        ("33.31万平方米", 333_050, 333_150, "㎡", False, True),
        ("33.31万㎡", 333_050, 333_150, "㎡", False, True),
        ("9.8万人次", 97_500, 98_500, "人次", False, True),
        ("4100余万元", 41_000_000, 42_000_000, "元", True, True),
        ("200余人", 200, 300, "人", True, True),
        ("800多家", 800, 900, "家", True, True),
        ("1000余㎡", 1000, 2000, "㎡", True, True),
        ("千余人", 1000, 2000, "人", True, True),
        ("三百余人", 300, 400, "人", True, True),
        ("100人以上", 100, 200, "人", False, True),
        ("100以上", 100, 200, "", False, True),
        ("1,353家", 1353, 1353, "家", False, False),
        ("683名", 683, 683, "名", False, False),
        ("8000万元", 80_000_000, 80_000_000, "元", False, False),
        ("第68位", 68, 68, "位", False, False),
        ("前40%", 0, 40, "%", True, False),
        ("近6000人", 5400, 6000, "人", False, True),
    ],
)
def test_ranges(text: str, low: int, high: int, unit: str, low_open: bool, high_open: bool) -> None:
    figure = parse_figure(text)
    assert (figure.low, figure.high, figure.unit) == (Decimal(low), Decimal(high), unit)
    assert (figure.low_open, figure.high_open) == (low_open, high_open)


def test_about_and_growth() -> None:
    distance = parse_figure("约1.4公里")
    assert (distance.low, distance.high, distance.unit) == (
        Decimal("1.33"),
        Decimal("1.47"),
        "公里",
    )
    growth = parse_figure("增加三分之一")
    assert growth.contains(Decimal("0.30"))
    assert growth.contains(Decimal("0.37"))
    assert not growth.contains(Decimal("0.371"))


def test_bounds_are_open_where_the_wording_says_so() -> None:
    over = parse_figure("8000余万元")
    assert not over.contains(80_000_000)
    assert over.contains(80_000_001)
    assert not over.contains(90_000_000)
    assert parse_figure("100人以上").contains(100)
    assert not parse_figure("近300家").contains(300)


def test_visits_are_not_persons() -> None:
    assert parse_figure("9.8万人次").unit != parse_figure("9.8万人").unit


@pytest.mark.parametrize("text", ["", "很多人", "余万元", "万", "8000余余元"])
def test_no_figure(text: str) -> None:
    if text == "万":
        assert parse_figure("近万家").low == 9000
        return
    with pytest.raises(ClewError):
        parse_figure(text)


@pytest.mark.parametrize(
    ("x", "unit", "style", "digits", "text"),
    [
        (82_345_000, "元", "over", 2, "8200余万元"),
        (82_345_000, "元", "over", 1, "8000余万元"),
        (19_321, "个", "over", 2, "1.9万余个"),
        (1_432_000, "元", "over", 2, "140余万元"),
        (230, "人", "over", 1, "200余人"),
        (80_000_000, "元", "over", 1, "8000万元"),
        (76_800, "人", "decimal", 2, "7.68万人"),
        (268_000_000, "条", "decimal", 1, "2.7亿条"),
        (290, "家", "near", 1, "近300家"),
        (851_000, "元", "reach", 2, "达85万元"),
        (1353, "家", "exact", 2, "1353家"),
        (0, "家", "over", 2, "0家"),
        (5, "家", "near", 2, "5家"),
    ],
)
def test_format(x: int, unit: str, style: Style, digits: int, text: str) -> None:
    assert format_figure(x, unit, style, digits=digits) == text


@given(
    st.one_of(st.integers(0, 10**13), st.decimals(0, 10**7, places=2)),
    st.sampled_from(["人", "人次", "家", "件", "元", "场", "㎡", "公里", "条", "%", ""]),
    st.sampled_from(get_args(Style)),
    st.integers(1, 4),
)
def test_what_is_written_states_the_truth(
    x: int | Decimal, unit: str, style: Style, digits: int
) -> None:
    figure = parse_figure(format_figure(x, unit, style, digits=digits))
    assert figure.contains(x)
    assert figure.unit == unit
