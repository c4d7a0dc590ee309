"""Deadlines on every day of the known calendar, with suspensions, against a count day by day.

The judge takes its working days from another library and walks the days one by one.
"""

from __future__ import annotations

import calendar as months
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from random import Random

import chinese_calendar
import pytest

from clew.declare import Clock, T
from clew.kernel.calendar import Calendar
from clew.matters import deadlines
from clew.matters.deadlines import Running, Span
from clew.packs.medical_insurance.lifecycles import SUPERVISION

CALENDAR = Calendar.shipped()
FIRST, LAST = date(2007, 1, 1), date(2026, 12, 31)
ONE = timedelta(days=1)


def a_clock(amount: int, unit: str) -> Clock:
    return Clock("c", T("某", "c"), amount, unit, starts=("opened",))  # type: ignore[arg-type]


def days(start: date, end: date) -> list[date]:
    return [start + ONE * n for n in range((end - start).days + 1)]


@cache
def works(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


WORKING = [day for day in days(FIRST, LAST) if works(day)]


def rolled(day: date, stood: frozenset[date] = frozenset()) -> date:
    while day in stood or not works(day):
        day += ONE
    return day


def judged(start: date, clock: Clock) -> date | None:
    """The last day by the other calendar; None where it lies outside it."""
    if clock.unit == "wd":
        at = bisect_right(WORKING, start) + clock.amount - 1
        return WORKING[at] if at < len(WORKING) else None
    end = start + ONE * clock.amount
    if clock.unit == "m":
        year, month = divmod(start.year * 12 + start.month - 1 + clock.amount, 12)
        last = months.monthrange(year, month + 1)[1]
        end = date(year, month + 1, min(start.day, last))
    return rolled(end) if end <= WORKING[-1] else None


@pytest.mark.parametrize("clock", SUPERVISION.clocks, ids=lambda c: c.code)
def test_every_clock_on_every_day_of_the_known_calendar(clock: Clock) -> None:
    compared = 0
    for start in days(FIRST, LAST):
        found = deadlines.due(clock, Running(clock.code, start), CALENDAR, start)
        if (expected := judged(start, clock)) is None:
            assert found.provisional, start
            continue
        assert found.day == expected, start
        assert not found.provisional, start
        compared += 1
    assert compared > 7000


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        (date(2023, 9, 28), 3, "wd", date(2023, 10, 9)),
        (date(2023, 12, 31), 2, "m", date(2024, 2, 29)),
        (date(2023, 7, 4), 90, "cd", date(2023, 10, 7)),
    ],
)
def test_the_vectors(start: date, amount: int, unit: str, end: date) -> None:
    assert deadlines.due(a_clock(amount, unit), Running("c", start), CALENDAR, start).day == end


def walked(start: date, amount: int, unit: str, stood: frozenset[date]) -> date:
    day, left = start, amount
    while left:
        day += ONE
        left -= day not in stood and (unit == "cd" or works(day))
    return rolled(day, stood)


@pytest.mark.parametrize("unit", ["wd", "cd"])
def test_suspended_days_do_not_count(unit: str) -> None:
    random = Random(unit)
    for _ in range(400):
        start = FIRST + ONE * random.randrange(7000)
        amount = random.randrange(1, 90)
        spans, day = [], start
        for _ in range(random.randrange(4)):
            first = day + ONE * random.randrange(1, 20)
            day = first + ONE * random.randrange(0, 15)
            spans.append(Span(first, day))
            day += ONE
        stood = frozenset(d for s in spans for d in days(s.first, s.last or s.first))
        found = deadlines.due(
            a_clock(amount, unit), Running("c", start, spans=tuple(spans)), CALENDAR, start
        )
        assert found.day == walked(start, amount, unit, stood), (start, amount, spans)


def test_a_clock_that_stands_moves_its_deadline_day_by_day() -> None:
    clock, start = a_clock(10, "cd"), date(2023, 3, 1)
    stands = deadlines.stop(Running("c", start), date(2023, 3, 6))
    assert stands.stands
    assert deadlines.due(clock, stands, CALENDAR, date(2023, 3, 6)).day == date(2023, 3, 13)
    assert deadlines.due(clock, stands, CALENDAR, date(2023, 3, 20)).day == date(2023, 3, 27)
    going = deadlines.go_on(stands, date(2023, 3, 20))
    assert going.spans == (Span(date(2023, 3, 6), date(2023, 3, 19)),)
    assert deadlines.due(clock, going, CALENDAR, date(2023, 3, 21)).day == date(2023, 3, 27)
    assert deadlines.lamp(stands, date(2023, 3, 27), date(2023, 3, 20)) == deadlines.STANDS
    assert not deadlines.overdue(stands, date(2023, 3, 7), date(2023, 3, 20))


def test_stopped_and_resumed_on_one_day_never_stood() -> None:
    day = date(2023, 3, 6)
    going = deadlines.go_on(deadlines.stop(Running("c", date(2023, 3, 1)), day), day)
    assert going.spans == ()


def test_an_extension_adds_in_the_clocks_own_unit() -> None:
    clock, start = a_clock(3, "wd"), date(2023, 9, 28)
    assert deadlines.due(clock, Running("c", start, extra=2), CALENDAR, start).day == date(
        2023, 10, 11
    )


def test_hours_end_at_their_hour() -> None:
    at = datetime(2023, 9, 29, 15, 0)
    running = Running("c", at.date(), at)
    clock = a_clock(24, "h")
    assert deadlines.due_at(clock, running, at.date()) == datetime(2023, 9, 30, 15, 0)
    # 30 September 2023 is a holiday: hours do not roll.
    assert deadlines.due(clock, running, CALENDAR, at.date()).day == date(2023, 9, 30)
    assert deadlines.due_at(a_clock(3, "wd"), running, at.date()) is None


def test_years_without_a_notice_are_provisional() -> None:
    assert deadlines.due(a_clock(10, "wd"), Running("c", LAST), CALENDAR, LAST).provisional


def lamps(running: Running, due: date, on: Sequence[date]) -> list[str]:
    return [deadlines.lamp(running, due, day) for day in on]


def test_lamps_turn_at_four_fifths_and_at_the_end() -> None:
    start, due = date(2023, 3, 1), date(2023, 3, 11)
    running = Running("c", start)
    shown = lamps(running, due, days(start, date(2023, 3, 12)))
    assert shown == ["blue"] * 8 + ["yellow"] * 2 + ["red"] * 2
    assert [deadlines.overdue(running, due, due + ONE * n) for n in (0, 1)] == [False, True]
    assert deadlines.reminders(running, due) == [
        (Fraction(1, 2), date(2023, 3, 6)),
        (Fraction(4, 5), date(2023, 3, 9)),
        (Fraction(1), due),
    ]


def test_the_share_leaves_out_the_days_that_stood() -> None:
    start = date(2023, 3, 1)
    running = Running("c", start, spans=(Span(date(2023, 3, 6), date(2023, 3, 19)),))
    due = date(2023, 3, 25)
    assert deadlines.share(running, due, date(2023, 3, 5)) == Fraction(4, 10)
    assert deadlines.share(running, due, date(2023, 3, 19)) == Fraction(4, 10)
    assert deadlines.share(running, due, date(2023, 3, 20)) == Fraction(5, 10)
    assert deadlines.share(running, due, due) == 1


def test_how_a_clock_ended() -> None:
    due = date(2023, 3, 11)
    assert deadlines.lamp(Running("c", date(2023, 3, 1), met=due), due, LAST) == deadlines.MET
    late = Running("c", date(2023, 3, 1), met=due + ONE)
    assert deadlines.lamp(late, due, LAST) == deadlines.LATE
    assert deadlines.overdue(late, due, LAST)


def test_every_lamp_has_words_in_both_languages() -> None:
    assert all(text.zh and text.en for text in deadlines.LAMPS.values())
