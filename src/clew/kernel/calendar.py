"""Working days and deadlines.

A period does not count the day on which it starts; when its last day is a day off it ends on the
next working day. 《行政处罚法》 and other statutes count short periods in working days though they
write 日; so a rule states its unit, and nothing here has a default for it.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, NamedTuple

from clew.kernel.errors import InputError
from clew.kernel.holidays import (
    NamedDay,
    Notice,
    is_weekend,
    read_notice,
    shipped_notices,
    statutory_holidays,
)

Unit = Literal["wd", "cd", "m"]  # working days, calendar days, calendar months
Roll = Literal["forward", "none"]
Suspension = tuple[date, date]  # first and last day on which the clock stands, both included


class Due(NamedTuple):
    """The day a period ends; provisional (暂定) when it rests on a day no notice settles yet."""

    day: date
    provisional: bool


@dataclass(frozen=True)
class Calendar:
    """Working days by the State Council notices that are loaded.

    notices: in order of loading. A day follows the notice of the latest year that names it, of two
    for one year the one loaded last; other days follow their weekday. In years without a notice
    the statutory holidays are off too and the answer is provisional.
    """

    notices: tuple[Notice, ...]

    @staticmethod
    @cache
    def shipped() -> Calendar:
        """The calendar with the notices in the package."""
        return Calendar(shipped_notices())

    def with_notice(self, path: Path) -> Calendar:
        """This calendar with one more notice; `holidays.read_notice` gives form and errors."""
        return Calendar((*self.notices, read_notice(path)))

    @cached_property
    def years(self) -> frozenset[int]:
        """Years whose notice is loaded."""
        return frozenset(notice.year for notice in self.notices)

    @cached_property
    def _named(self) -> Mapping[date, NamedDay]:
        # The sort is stable: of two notices for one year the later loaded one stays behind.
        ordered = sorted(self.notices, key=lambda notice: notice.year)
        return {named.day: named for notice in ordered for named in notice.days}

    def is_provisional(self, day: date) -> bool:
        """True when no loaded notice covers the day's year or names the day."""
        return day.year not in self.years and day not in self._named

    def is_working_day(self, day: date) -> bool:
        """Raises InputError for a provisional day outside 1900-2100."""
        if named := self._named.get(day):
            return not named.off
        if is_weekend(day):
            return False
        return day.year in self.years or day not in statutory_holidays(day.year)

    def holiday_name(self, day: date) -> str:
        """Why a weekday is off or a weekend day works (国庆节); "" for a day like any other."""
        if named := self._named.get(day):
            return named.name
        return "" if day.year in self.years else statutory_holidays(day.year).get(day, "")

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`."""
        return self._rolled(_plus_days(day, 1), 1, []).day

    def previous_working_day(self, day: date) -> date:
        """The last working day before `day`."""
        return self._rolled(_plus_days(day, -1), -1, []).day

    def add(
        self,
        start: date,
        n: int,
        unit: Unit,
        *,
        suspensions: Sequence[Suspension] = (),
        roll: Roll = "forward",
    ) -> Due:
        """The last day of a period of n units from `start`, which is not counted itself.

        Months end on the same day number, or on the month's last day. Suspended days stop the
        clock: they are not counted and no period ends on one. roll="none" keeps a last day that
        is a day off. Raises InputError for n < 0, a suspension that ends before it begins, and
        days beyond the calendar.
        """
        _refuse_negative(n)
        stopped = _merged(suspensions)
        if unit == "wd":
            return self._working_days(start, n, stopped, roll)
        end = _plus_months(start, n) if unit == "m" else _plus_days(start, n)
        end = _shifted(start, end, stopped)
        return self._rolled(end, 1, stopped) if roll == "forward" else Due(end, False)

    def before(self, event: date, n: int, unit: Unit) -> Due:
        """The latest day that lies n units before `event`, which is not counted itself.

        A day off rolls to the working day before it: the last moment may only come earlier.
        """
        _refuse_negative(n)
        if unit == "wd":
            day, provisional = event, False
            for _ in range(n):
                day, touched = self._rolled(_plus_days(day, -1), -1, [])
                provisional |= touched
            last = self._rolled(day, -1, [])
            return Due(last.day, provisional or last.provisional)
        end = _plus_months(event, -n) if unit == "m" else _plus_days(event, -n)
        return self._rolled(end, -1, [])

    def _working_days(self, start: date, n: int, stopped: list[Suspension], roll: Roll) -> Due:
        day, provisional = start, False
        for _ in range(n):
            day, touched = self._rolled(_plus_days(day, 1), 1, stopped)
            provisional |= touched
        if n or roll == "none":
            return Due(day, provisional)
        return self._rolled(day, 1, stopped)

    def _rolled(self, day: date, step: int, stopped: list[Suspension]) -> Due:
        """The first working day from `day` on in steps; provisional if any day asked was."""
        provisional = False
        while True:
            if over := _suspension_of(day, stopped):
                day = _plus_days(over[1], 1)
                continue
            provisional |= self.is_provisional(day)
            if self.is_working_day(day):
                return Due(day, provisional)
            day = _plus_days(day, step)


def elapsed_share(start: date, due: date, as_of: date) -> Fraction:
    """Share of a period's calendar days that are over: 0 on its first day, 1 on its last.

    More than 1 when overdue. A period that ends where it starts is over (1) from that day on.
    """
    length, passed = (due - start).days, max((as_of - start).days, 0)
    if length <= 0:
        return Fraction(1 + passed) if as_of >= due else Fraction(0)
    return Fraction(passed, length)


def _refuse_negative(n: int) -> None:
    if n < 0:
        raise InputError(
            f"A period cannot have {n} units.",
            next_step="Give its length as 0 or more; count backwards with Calendar.before.",
        )


def _plus_days(day: date, n: int) -> date:
    try:
        return day + timedelta(days=n)
    except OverflowError as error:
        raise _beyond(day, n, "days") from error


def _plus_months(day: date, n: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    if not date.min.year <= year <= date.max.year:
        raise _beyond(day, n, "months")
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _beyond(day: date, n: int, unit: str) -> InputError:
    return InputError(
        f"{day} and {n} {unit} lead out of the calendar.", next_step="Check the date."
    )


def _merged(suspensions: Sequence[Suspension]) -> list[Suspension]:
    """In order, overlapping and adjoining ones as one."""
    merged: list[Suspension] = []
    for first, last in sorted(suspensions):
        if first > last:
            raise InputError(
                f"The suspension from {first} ends before it begins, on {last}.",
                next_step="Give its first and last day in this order.",
            )
        if merged and first <= _plus_days(merged[-1][1], 1):
            merged[-1] = merged[-1][0], max(merged[-1][1], last)
        else:
            merged.append((first, last))
    return merged


def _shifted(start: date, end: date, stopped: list[Suspension]) -> date:
    """`end`, later by the suspended days that the period after `start` meets."""
    for first, last in stopped:
        first = max(first, _plus_days(start, 1))
        if first <= min(end, last):
            end = _plus_days(end, (last - first).days + 1)
    return end


def _suspension_of(day: date, stopped: list[Suspension]) -> Suspension | None:
    return next((span for span in stopped if span[0] <= day <= span[1]), None)
