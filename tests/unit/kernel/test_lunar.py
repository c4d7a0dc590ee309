from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.kernel.errors import InputError
from clew.kernel.lunar import Lunar, from_lunar, new_year_eve, parse_lunar, qingming, to_lunar


@pytest.mark.parametrize(
    ("day", "lunar", "text"),
    [
        (date(2023, 10, 11), Lunar(2023, 8, 27), "八月廿七"),
        (date(2023, 10, 15), Lunar(2023, 9, 1), "九月初一"),
        (date(2023, 10, 21), Lunar(2023, 9, 7), "九月初七"),
        (date(2023, 3, 22), Lunar(2023, 2, 1, leap=True), "闰二月初一"),
        (date(2025, 7, 25), Lunar(2025, 6, 1, leap=True), "闰六月初一"),
        (date(2024, 10, 3), Lunar(2024, 9, 1), "九月初一"),
        (date(2025, 10, 21), Lunar(2025, 9, 1), "九月初一"),
        (date(2023, 1, 21), Lunar(2022, 12, 30), "腊月三十"),
        (date(2023, 1, 22), Lunar(2023, 1, 1), "正月初一"),
        (date(2023, 12, 13), Lunar(2023, 11, 1), "冬月初一"),
        (date(1900, 1, 31), Lunar(1900, 1, 1), "正月初一"),
        (date(1900, 1, 1), Lunar(1899, 12, 1), "腊月初一"),
        (date(2100, 12, 31), Lunar(2100, 12, 1), "腊月初一"),
    ],
)
def test_both_ways(day: date, lunar: Lunar, text: str) -> None:
    assert to_lunar(day) == lunar
    assert lunar.text == text
    if lunar.year >= 1900:
        assert from_lunar(lunar.year, lunar.month, lunar.day, lunar.leap) == day


def test_every_day_from_1900_to_2100_comes_back() -> None:
    day, before = date(1900, 1, 31), to_lunar(date(1900, 1, 30))
    while day.year <= 2100:
        lunar = to_lunar(day)
        assert from_lunar(lunar.year, lunar.month, lunar.day, lunar.leap) == day
        same_month = (lunar.year, lunar.month, lunar.leap) == (
            before.year, before.month, before.leap,
        )  # fmt: skip
        assert lunar.day == (before.day + 1 if same_month else 1)
        assert same_month or before.day in (29, 30)
        day, before = day + timedelta(days=1), lunar


def test_leap_months_of_two_centuries() -> None:
    """Seven leap months in nineteen years, and none doubles the first or the twelfth month."""
    leaps = {}
    for year in range(1900, 2101):
        for month in range(1, 13):
            try:
                leaps[year] = (month, from_lunar(year, month, 1, leap=True))
            except InputError:
                continue
    assert len(leaps) == 74
    assert {month for month, _ in leaps.values()} <= set(range(2, 12))
    assert [leaps[year][0] for year in (2001, 2004, 2006, 2009, 2012, 2014, 2017, 2020)] == [
        4, 2, 7, 5, 4, 9, 6, 4,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "args", [(2023, 2, 30, True), (2023, 3, 1, True), (2023, 13, 1), (2023, 1, 0), (2023, 1, 31),
             (1899, 12, 1), (2101, 1, 1)],
)  # fmt: skip
def test_days_that_do_not_exist(args: tuple[int, int, int]) -> None:
    with pytest.raises(InputError):
        from_lunar(*args)


@pytest.mark.parametrize("day", [date(1899, 12, 31), date(2101, 1, 1)])
def test_days_outside_the_table(day: date) -> None:
    with pytest.raises(InputError, match="1900 to 2100"):
        to_lunar(day)


def test_eve_and_solar_term() -> None:
    assert new_year_eve(2024) == date(2024, 2, 9)
    assert to_lunar(new_year_eve(2025)).text == "腊月廿九"  # a year whose month 12 has 29 days
    assert [qingming(year) for year in (2007, 2008, 2023, 2024, 2027)] == [
        date(2007, 4, 5), date(2008, 4, 4), date(2023, 4, 5), date(2024, 4, 4), date(2027, 4, 5),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "lunar"),
    [
        ("农历二〇二三年八月廿七", Lunar(2023, 8, 27)),
        ("2023年农历八月廿七", Lunar(2023, 8, 27)),
        ("二〇二三年农历八月二十七日", Lunar(2023, 8, 27)),
        ("(农历)二零二三年闰二月初一", Lunar(2023, 2, 1, leap=True)),
        ("二○二三年正月十五", Lunar(2023, 1, 15)),
        ("2023年冬月初一", Lunar(2023, 11, 1)),
        ("阴历2022年十二月三十", Lunar(2022, 12, 30)),
        ("农历2023年8月27日", Lunar(2023, 8, 27)),
        ("农历2023-08-27", Lunar(2023, 8, 27)),
        ("农历:2023年十一月廿", Lunar(2023, 11, 20)),
        ("2023年8月27日", None),
        ("二〇二三年八月二十七日", None),
        ("二〇二三年八月十五", None),
        ("农历九月初一", None),
        ("农历2023年", None),
        ("农历2023年13月1日", None),
        ("农历", None),
        ("", None),
    ],
)
def test_written_lunar_dates(text: str, lunar: Lunar | None) -> None:
    assert parse_lunar(text) == lunar


@given(st.dates(date(1901, 1, 1), date(2100, 12, 31)))
def test_own_text_is_read_back(day: date) -> None:
    lunar = to_lunar(day)
    assert parse_lunar(f"农历{lunar.year}年{lunar.text}") == lunar
