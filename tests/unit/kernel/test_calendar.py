from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.kernel.calendar import Calendar, Due, Suspension, Unit, elapsed_share
from clew.kernel.errors import InputError

CALENDAR = Calendar.shipped()
DAY = timedelta(days=1)

known_days = st.dates(date(2007, 1, 1), date(2025, 12, 31))
working_days = known_days.filter(CALENDAR.is_working_day)
lengths = st.integers(0, 120)
units = st.sampled_from(["wd", "cd", "m"])
spans = st.builds(
    lambda first, days: (first, first + timedelta(days=days)), known_days, st.integers(0, 60)
)


@pytest.mark.parametrize(
    ("start", "n", "unit", "due"),
    [
        (date(2023, 9, 28), 3, "wd", date(2023, 10, 9)),
        (date(2023, 12, 31), 2, "m", date(2024, 2, 29)),
        (date(2023, 7, 4), 90, "cd", date(2023, 10, 7)),
        (date(2023, 1, 31), 1, "m", date(2023, 2, 28)),
        (date(2023, 10, 11), 0, "cd", date(2023, 10, 11)),
        (date(2023, 9, 29), 0, "wd", date(2023, 10, 7)),
        (date(2024, 2, 8), 1, "wd", date(2024, 2, 9)),  # New Year's eve worked in 2024
        (date(2024, 2, 9), 1, "wd", date(2024, 2, 18)),  # a Sunday worked
    ],
)
def test_vectors(start: date, n: int, unit: Unit, due: date) -> None:
    assert CALENDAR.add(start, n, unit) == Due(due, provisional=False)


def test_counted_backwards_a_period_rolls_to_the_working_day_before() -> None:
    opening = date(2023, 10, 11)
    assert CALENDAR.before(opening, 20, "cd") == Due(date(2023, 9, 21), provisional=False)
    assert CALENDAR.before(opening, 10, "cd").day == date(2023, 9, 28)  # 10-01 is a holiday
    assert CALENDAR.before(opening, 4, "wd").day == date(2023, 10, 7)
    assert CALENDAR.before(date(2024, 3, 31), 1, "m").day == date(2024, 2, 29)
    assert CALENDAR.before(date(2023, 10, 1), 0, "wd").day == date(2023, 9, 28)


def test_a_day_off_at_the_end_can_be_kept() -> None:
    assert CALENDAR.add(date(2023, 7, 4), 90, "cd", roll="none").day == date(2023, 10, 2)
    assert CALENDAR.add(date(2023, 9, 29), 0, "wd", roll="none").day == date(2023, 9, 29)


def test_neighbours() -> None:
    assert CALENDAR.next_working_day(date(2023, 9, 28)) == date(2023, 10, 7)
    assert CALENDAR.previous_working_day(date(2023, 10, 7)) == date(2023, 9, 28)
    assert CALENDAR.holiday_name(date(2023, 10, 2)) == "中秋节、国庆节"
    assert CALENDAR.holiday_name(date(2023, 10, 10)) == ""
    assert CALENDAR.holiday_name(date(2027, 9, 15)) == "中秋节"


def test_every_known_day_agrees_with_an_independent_calendar() -> None:
    day = date(2007, 1, 1)
    while day.year <= 2026:
        assert CALENDAR.is_working_day(day) == chinese_calendar.is_workday(day), day
        assert not CALENDAR.is_provisional(day)
        day += DAY


@pytest.mark.parametrize("year", range(2007, 2027))
def test_deadlines_around_spring_festival_and_national_day(year: int) -> None:
    for first in (date(year, 1, 5), date(year, 9, 15)):
        for offset in range(50):
            start = first + timedelta(days=offset)
            for n in (1, 3, 7):
                day, left = start, n
                while left:
                    day += DAY
                    left -= chinese_calendar.is_workday(day)
                assert CALENDAR.add(start, n, "wd").day == day
                last = start + timedelta(days=n)
                while not chinese_calendar.is_workday(last):
                    last += DAY
                assert CALENDAR.add(start, n, "cd").day == last
                back = start - timedelta(days=n)
                while not chinese_calendar.is_workday(back):
                    back -= DAY
                assert CALENDAR.before(start, n, "cd").day == back


def test_a_notice_may_name_days_of_the_year_before() -> None:
    assert CALENDAR.is_working_day(date(2006, 12, 30))  # a Saturday
    assert not CALENDAR.is_provisional(date(2006, 12, 30))
    assert CALENDAR.is_provisional(date(2006, 12, 29))
    assert not CALENDAR.is_working_day(date(2007, 12, 31))  # named by the notice for 2008
    assert CALENDAR.is_working_day(date(2018, 12, 29))


def test_a_year_without_a_notice_is_provisional() -> None:
    assert CALENDAR.years == frozenset(range(2007, 2027))
    assert CALENDAR.is_provisional(date(2027, 1, 4))
    assert CALENDAR.is_working_day(date(2027, 1, 4))
    assert not CALENDAR.is_working_day(date(2027, 2, 8))  # 春节, a Monday
    assert not CALENDAR.is_working_day(date(2027, 2, 14))  # no make-up day is guessed
    assert CALENDAR.is_working_day(date(2027, 10, 4))  # nor a day off for the weekend lost
    assert CALENDAR.add(date(2026, 12, 29), 3, "wd") == Due(date(2027, 1, 4), provisional=True)
    assert CALENDAR.add(date(2026, 12, 30), 1, "wd") == Due(date(2026, 12, 31), provisional=False)
    assert CALENDAR.add(date(2026, 12, 1), 60, "cd").provisional
    assert not CALENDAR.add(date(2026, 12, 1), 60, "cd", roll="none").provisional
    assert CALENDAR.before(date(2027, 1, 5), 3, "wd") == Due(date(2026, 12, 30), provisional=True)
    assert not CALENDAR.before(date(2027, 1, 5), 20, "cd").provisional


def write(path: Path, year: int, days: dict[str, bool]) -> Path:
    named = [{"name": "元旦", "date": day, "isOffDay": off} for day, off in days.items()]
    path.write_text(json.dumps({"year": year, "papers": ["invented"], "days": named}))
    return path


def test_a_date_changes_when_the_notice_is_loaded(tmp_path: Path) -> None:
    days = {"2027-01-01": True, "2027-01-02": True, "2027-01-03": True, "2027-01-04": True,
            "2026-12-27": False}  # fmt: skip
    later = CALENDAR.with_notice(write(tmp_path / "2027.json", 2027, days))
    assert later.add(date(2026, 12, 29), 3, "wd") == Due(date(2027, 1, 5), provisional=False)
    assert later.is_working_day(date(2026, 12, 27))
    assert later.years == CALENDAR.years | {2027}
    assert not later.is_working_day(date(2026, 10, 1))
    assert CALENDAR.add(date(2026, 12, 29), 3, "wd").provisional  # the first calendar is unchanged


def test_the_latest_notice_wins(tmp_path: Path) -> None:
    next_year = write(tmp_path / "2027.json", 2027, {"2027-01-02": False, "2026-12-26": False})
    amended = write(tmp_path / "a.json", 2027, {"2027-01-02": True})
    this_year = write(tmp_path / "2026.json", 2026, {"2026-12-26": True, "2026-03-02": True})
    calendar = CALENDAR.with_notice(next_year).with_notice(amended).with_notice(this_year)
    assert not calendar.is_working_day(date(2027, 1, 2))
    assert calendar.is_working_day(date(2026, 12, 26))
    assert not calendar.is_working_day(date(2026, 3, 2))
    assert not calendar.is_working_day(date(2026, 10, 1))  # the shipped days of 2026 stay


def test_suspensions_stop_the_clock() -> None:
    hearing = (date(2023, 3, 6), date(2023, 3, 10))  # Monday to Friday
    start = date(2023, 3, 3)
    assert CALENDAR.add(start, 5, "wd").day == date(2023, 3, 10)
    assert CALENDAR.add(start, 5, "wd", suspensions=[hearing]).day == date(2023, 3, 17)
    assert CALENDAR.add(start, 10, "cd", suspensions=[hearing]).day == date(2023, 3, 20)
    assert CALENDAR.add(start, 1, "m", suspensions=[hearing]).day == date(2023, 4, 10)
    twice = [hearing, (date(2023, 3, 8), date(2023, 3, 13))]
    assert CALENDAR.add(start, 5, "wd", suspensions=twice).day == date(2023, 3, 20)


def test_no_period_ends_in_a_suspension() -> None:
    weekend_then_hearing = (date(2023, 3, 13), date(2023, 3, 14))
    due = CALENDAR.add(date(2023, 3, 1), 10, "cd", suspensions=[weekend_then_hearing])
    assert due.day == date(2023, 3, 15)  # day 10 is a Saturday, the Monday after it is suspended


def test_refusals() -> None:
    with pytest.raises(InputError, match="-1 units"):
        CALENDAR.add(date(2023, 3, 3), -1, "cd")
    with pytest.raises(InputError, match="ends before it begins"):
        CALENDAR.add(date(2023, 3, 3), 5, "cd", suspensions=[(date(2023, 3, 9), date(2023, 3, 8))])
    with pytest.raises(InputError, match="out of the calendar"):
        CALENDAR.add(date(9999, 12, 1), 60, "cd")
    with pytest.raises(InputError, match="out of the calendar"):
        CALENDAR.before(date(1, 2, 1), 5, "m")
    with pytest.raises(InputError, match="1900 to 2100"):
        CALENDAR.add(date(2100, 12, 31), 1, "wd")


@given(known_days, lengths, units)
def test_a_longer_period_ends_no_earlier(start: date, n: int, unit: Unit) -> None:
    due, longer = CALENDAR.add(start, n, unit).day, CALENDAR.add(start, n + 1, unit).day
    assert start <= due <= longer
    assert due <= CALENDAR.add(start + DAY, n, unit).day
    assert CALENDAR.is_working_day(due)
    assert unit != "wd" or n == 0 or due < longer


@given(known_days, lengths, units)
def test_the_latest_day_leaves_the_whole_period(event: date, n: int, unit: Unit) -> None:
    latest = CALENDAR.before(event, n, unit).day
    assert latest <= event
    assert CALENDAR.is_working_day(latest)
    assert latest >= CALENDAR.before(event, n + 1, unit).day


@given(working_days, lengths, st.sampled_from(["wd", "cd"]))
def test_the_latest_day_is_the_latest(event: date, n: int, unit: Unit) -> None:
    latest = CALENDAR.before(event, n, unit).day
    assert CALENDAR.add(latest, n, unit).day <= event
    assert CALENDAR.add(CALENDAR.next_working_day(latest), n, unit).day > event


@given(working_days, lengths)
def test_working_days_forth_and_back(start: date, n: int) -> None:
    assert CALENDAR.before(CALENDAR.add(start, n, "wd").day, n, "wd").day == start


@given(known_days, lengths, units, st.lists(spans, max_size=3))
def test_a_suspension_only_moves_a_deadline_later(
    start: date, n: int, unit: Unit, stopped: list[Suspension]
) -> None:
    due = CALENDAR.add(start, n, unit, suspensions=stopped).day
    assert due >= CALENDAR.add(start, n, unit).day
    assert not any(first <= due <= last for first, last in stopped)
    assert due == CALENDAR.add(start, n, unit, suspensions=stopped[::-1]).day


@given(known_days, st.integers(1, 120), spans)
def test_calendar_days_are_counted_outside_the_suspension(
    start: date, n: int, stopped: Suspension
) -> None:
    due = CALENDAR.add(start, n, "cd", suspensions=[stopped], roll="none").day
    passed = [start + timedelta(days=i) for i in range(1, (due - start).days + 1)]
    assert sum(not stopped[0] <= day <= stopped[1] for day in passed) == n


def test_elapsed_share() -> None:
    start, due = date(2023, 10, 1), date(2023, 10, 11)
    assert elapsed_share(start, due, start) == 0
    assert elapsed_share(start, due, date(2023, 10, 9)) == Fraction(4, 5)
    assert elapsed_share(start, due, due) == 1
    assert elapsed_share(start, due, date(2023, 10, 16)) == Fraction(3, 2)
    assert elapsed_share(start, due, date(2023, 9, 1)) == 0
    assert elapsed_share(start, start, start) == 1
    assert elapsed_share(start, start, date(2023, 10, 2)) == 2
    assert elapsed_share(start, start, date(2023, 9, 30)) == 0
