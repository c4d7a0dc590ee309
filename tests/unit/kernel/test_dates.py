from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.kernel.dates import parse_moment, parse_month

AS_OF = date(2023, 10, 31)
DAY = datetime(2023, 2, 9)


@pytest.mark.parametrize(
    "text",
    ["2023-02-09", "2023/2/9", "2023.2.9", "20230209", "2023年2月9日", " ２０２３－０２－０９ ",
     "20230209.0", "2023年02月09号", "'2023-02-09", "2023 年 2 月 9 日"],
)  # fmt: skip
def test_days(text: str) -> None:
    moment = parse_moment(text, not_after=AS_OF)
    assert (moment.value, moment.precision, moment.ok) == (DAY, "day", True)
    assert (moment.reason, moment.repaired) == ("", "")


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("2023-02-09T14:30:00", datetime(2023, 2, 9, 14, 30), "second"),
        ("2023-02-09 14:30:05", datetime(2023, 2, 9, 14, 30, 5), "second"),
        ("2023-02-09 14:30:05.123456", datetime(2023, 2, 9, 14, 30, 5, 123456), "second"),
        ("2023/2/9 4:05", datetime(2023, 2, 9, 4, 5), "minute"),
        ("20230209143000", datetime(2023, 2, 9, 14, 30), "second"),
        ("202302091430", datetime(2023, 2, 9, 14, 30), "minute"),
        ("2023年2月9日 14时30分", datetime(2023, 2, 9, 14, 30), "minute"),
        ("2023年2月9日14时30分5秒", datetime(2023, 2, 9, 14, 30, 5), "second"),
        ("2023-02-09 下午2:30", datetime(2023, 2, 9, 14, 30), "minute"),
        ("2023-02-09 02:30:00 PM", datetime(2023, 2, 9, 14, 30), "second"),
        ("2023-02-09T06:30:00Z", datetime(2023, 2, 9, 14, 30), "second"),
        ("2023-02-09T14:30:00+08:00", datetime(2023, 2, 9, 14, 30), "second"),
        ("2023-02-08T22:30:00-0800", datetime(2023, 2, 9, 14, 30), "second"),
        ("2023-02-09 06:30:00+00", datetime(2023, 2, 9, 14, 30), "second"),
        ("20230209 143000", datetime(2023, 2, 9, 14, 30), "second"),
        ("20230209 14:30:00", datetime(2023, 2, 9, 14, 30), "second"),
        ("2023年2月9日 星期四 14:30", datetime(2023, 2, 9, 14, 30), "minute"),
        ("2023-02-09 24:00:00", datetime(2023, 2, 10), "second"),
        ("2023年9月", datetime(2023, 9, 1), "month"),
        ("2023年9月份", datetime(2023, 9, 1), "month"),
        ("2023-02", datetime(2023, 2, 1), "month"),
        ("202302", datetime(2023, 2, 1), "month"),
        ("2023", datetime(2023, 1, 1), "year"),
        ("2023年", datetime(2023, 1, 1), "year"),
    ],
)
def test_precisions(text: str, value: datetime, precision: str) -> None:
    moment = parse_moment(text, not_after=AS_OF)
    assert (moment.value, moment.precision, moment.ok) == (value, precision, True)
    assert moment.repaired == ""


@pytest.mark.parametrize(
    ("text", "not_after", "value"),
    [
        ("23-2-9", AS_OF, DAY),
        ("23-11-1", AS_OF, datetime(1923, 11, 1)),
        ("68/3/12", AS_OF, datetime(1968, 3, 12)),
        ("00-02-29", AS_OF, datetime(2000, 2, 29)),
        ("99-12-31", date(1999, 12, 31), datetime(1999, 12, 31)),
        ("23年2月9日", AS_OF, DAY),
        ("230209", AS_OF, DAY),
        ("44966", AS_OF, DAY),
        ("44966.0", AS_OF, DAY),
        ("44444", AS_OF, datetime(2021, 9, 5)),
        ("44966.5", AS_OF, datetime(2023, 2, 9, 12)),
        ("44966.604166666664", AS_OF, datetime(2023, 2, 9, 14, 30)),
        ("农历二〇二三年八月廿七", AS_OF, datetime(2023, 10, 11)),
        ("2023年农历八月廿七", AS_OF, datetime(2023, 10, 11)),
        ("2023 年（农历）九月初一", AS_OF, datetime(2023, 10, 15)),
        ("二〇二三年闰二月初一", AS_OF, datetime(2023, 3, 22)),
    ],
)
def test_inferred_dates_are_repaired(text: str, not_after: date, value: datetime) -> None:
    moment = parse_moment(text, not_after=not_after)
    assert (moment.value, moment.repaired, moment.ok) == (value, "D08", True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("20230230", "D08_IMPOSSIBLE"),
        ("2023-02-30", "D08_IMPOSSIBLE"),
        ("2023-13-01", "D08_IMPOSSIBLE"),
        ("2023-02-09 25:00", "D08_IMPOSSIBLE"),
        ("23-2-29", "D08_IMPOSSIBLE"),
        ("2023-13", "D08_IMPOSSIBLE"),
        ("1900-01-01", "D08_PLACEHOLDER"),
        ("19000101", "D08_PLACEHOLDER"),
        ("1900-01-01 00:00:00", "D08_PLACEHOLDER"),
        ("9999-12-31", "D08_PLACEHOLDER"),
        ("99991231235959", "D08_PLACEHOLDER"),
        ("0001-01-01", "D08_PLACEHOLDER"),
        ("0000-00-00", "D08_PLACEHOLDER"),
        ("00000000", "D08_PLACEHOLDER"),
        ("99999999", "D08_PLACEHOLDER"),
        ("不详", "D08_PLACEHOLDER"),
        ("-", "D08_PLACEHOLDER"),
        ("", "EMPTY"),
        (None, "EMPTY"),
        ("农历九月初一", "D08_UNREADABLE"),
        ("农历2023年闰三月初一", "D08_IMPOSSIBLE"),
        ("农历2023年八月三十一", "D08_UNREADABLE"),
        ("农历1850年八月初一", "D08_IMPOSSIBLE"),
        ("2023-02/09", "D08_UNREADABLE"),
        ("09/02/2023", "D08_UNREADABLE"),
        ("99999", "D08_UNREADABLE"),
        ("10000", "D08_UNREADABLE"),
    ],
)
def test_no_date(text: str | None, reason: str) -> None:
    moment = parse_moment(text, not_after=AS_OF)
    assert (moment.value, moment.ok, moment.reason) == (None, False, reason)


def test_lunar_dates_are_days_and_may_lie_ahead() -> None:
    moment = parse_moment("农历二〇二三年九月廿七", not_after=AS_OF)
    assert (moment.value, moment.precision) == (datetime(2023, 11, 10), "day")
    assert moment.reason == "D08_FUTURE"


def test_future_dates_keep_their_value() -> None:
    moment = parse_moment("2024-01-01", not_after=AS_OF)
    assert (moment.value, moment.ok) == (datetime(2024, 1, 1), True)
    assert moment.reason == "D08_FUTURE"
    assert parse_moment("2023-10-31 23:59", not_after=AS_OF).reason == ""


def test_serials_may_lie_a_year_ahead_but_not_for_a_birth() -> None:
    ahead = "45291"  # 2023-12-31
    assert parse_moment(ahead, not_after=AS_OF).reason == "D08_FUTURE"
    assert parse_moment(ahead, not_after=AS_OF, birth=True).reason == "D08_UNREADABLE"


@given(st.dates(date(1930, 1, 1), AS_OF))
def test_all_forms_agree(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    forms = (day.isoformat(), f"{day:%Y%m%d}", f"{day.year}/{day.month}/{day.day}",
             f"{day.year}年{day.month}月{day.day}日", str(serial))  # fmt: skip
    values = {parse_moment(form, not_after=AS_OF).value for form in forms}
    assert values == {datetime(day.year, day.month, day.day)}


@given(st.dates(AS_OF - timedelta(days=36_000), AS_OF))
def test_two_digit_years_never_pass_the_limit(day: date) -> None:
    moment = parse_moment(f"{day:%y}-{day.month}-{day.day}", not_after=AS_OF)
    assert moment.value is not None
    assert moment.value.date() == day


@given(st.text("0123456789-/.:T年月日 +Z农历闰初廿正八〇", max_size=24))
def test_any_text_gets_an_answer(text: str) -> None:
    moment = parse_moment(text, not_after=AS_OF)
    assert moment.ok == (moment.value is not None)
    assert moment.ok or moment.reason
    assert parse_month(text, not_after=AS_OF).precision in ("month", "")


@pytest.mark.parametrize(
    "text", ["202309", "2023-09", "2023年9月", "2023/9", "2023.09", "2023-09-15", "20230901"]
)
def test_months(text: str) -> None:
    moment = parse_month(text, not_after=AS_OF)
    assert (moment.value, moment.precision) == (datetime(2023, 9, 1), "month")


@pytest.mark.parametrize("text", ["2023", "9月", "", "202313"])
def test_no_month(text: str) -> None:
    assert not parse_month(text, not_after=date(2013, 1, 1)).ok
