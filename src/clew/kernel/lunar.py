"""Lunar dates (农历) of the years 1900 to 2100, both ways.

The first days and lengths of months come from the package lunar-python; this room keeps one table
a lunar year, since the package computes a whole year for every conversion.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from clew.kernel.errors import InputError

FIRST_YEAR, LAST_YEAR = 1900, 2100

_MONTHS = ("", "正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊")
_ONES = "一二三四五六七八九十"
_DAYS = (
    *(f"初{one}" for one in _ONES),
    *(f"十{one}" for one in _ONES[:9]), "二十",
    *(f"廿{one}" for one in _ONES[:9]), "三十",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lunar:
    """A day of the lunar calendar; leap marks the second of two months with one number."""

    year: int
    month: int
    day: int
    leap: bool = False

    @property
    def text(self) -> str:
        """Month and day as almanacs print them: 八月廿七, 闰二月初一."""
        return f"{'闰' if self.leap else ''}{_MONTHS[self.month]}月{_DAYS[self.day - 1]}"


class _Month(NamedTuple):
    first: date
    number: int
    leap: bool
    days: int


def to_lunar(day: date) -> Lunar:
    """The lunar date of a day from 1900-01-01 to 2100-12-31. Raises InputError outside."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _outside(day.year)
    year = day.year if day >= _months(day.year)[0].first else day.year - 1
    month = next(month for month in reversed(_months(year)) if month.first <= day)
    return Lunar(year, month.number, (day - month.first).days + 1, month.leap)


def from_lunar(year: int, month: int, day: int, leap: bool = False) -> date:
    """The day of a lunar date in the lunar years 1900 to 2100 (the last ends in January 2101).

    Raises InputError outside them, and for a month or day that the year does not have.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _outside(year)
    for found in _months(year):
        if (found.number, found.leap) == (month, leap) and 1 <= day <= found.days:
            return found.first + timedelta(days=day - 1)
    raise InputError(
        f"The lunar year {year} has no day {day} in {'leap ' if leap else ''}month {month}.",
        next_step="Check the month's length and which month is doubled in that year.",
    )


def new_year_eve(year: int) -> date:
    """除夕, the day before the first day of the lunar year, whatever the length of month 12."""
    return from_lunar(year, 1, 1) - timedelta(days=1)


@cache
def qingming(year: int) -> date:
    """The day of the solar term 清明, 4 to 6 April. Raises InputError outside 1900-2100."""
    from lunar_python import Solar

    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _outside(year)
    term = Solar.fromYmd(year, 4, 5).getLunar().getJieQiTable()["清明"]
    return date(term.getYear(), term.getMonth(), term.getDay())


@cache
def _months(year: int) -> tuple[_Month, ...]:
    from lunar_python import LunarYear, Solar

    months = []
    for month in LunarYear.fromYear(year).getMonthsInYear():
        solar = Solar.fromJulianDay(month.getFirstJulianDay())
        first = date(solar.getYear(), solar.getMonth(), solar.getDay())
        months.append(_Month(first, abs(month.getMonth()), month.isLeap(), month.getDayCount()))
    return tuple(months)


def _outside(year: int) -> InputError:
    return InputError(
        f"The lunar calendar is known from {FIRST_YEAR} to {LAST_YEAR}; {year} lies outside.",
        next_step="Check the year of the date.",
    )


_MARK = r"\(?(?:[农農][历曆]|[阴陰旧舊夏][历曆])\)?"
_WRITTEN = re.compile(
    rf"(?P<mark>{_MARK})?:?(?P<year>[0-9]{{4}}|[〇○零一二三四五六七八九]{{4}})[年./-](?P<mark2>{_MARK})?"
    r"(?P<leap>[闰閏])?(?P<month>[正冬腊臘]|十[一二]?|[一二三四五六七八九]|1[0-2]|0?[1-9])[月./-]"
    r"(?P<day>初[一二三四五六七八九十]|[二三]?十|十[一二三四五六七八九]|(?:廿|二十)[一二三四五六七八九]?"
    r"|卅|[0-9]{1,2})日?"
)
_YEAR_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_MONTH_NUMBERS = {
    **{name: number for number, name in enumerate(_MONTHS) if name},
    "一": 1, "十一": 11, "十二": 12, "臘": 12,
}  # fmt: skip
_DAY_NUMBERS = {
    **{name: number for number, name in enumerate(_DAYS, start=1)},
    **{f"二十{one}": number for number, one in enumerate(_ONES[:9], start=21)},
    "十": 10, "廿": 20, "卅": 30,
}  # fmt: skip


def parse_lunar(text: str) -> Lunar | None:
    """Reads 农历二〇二三年八月廿七 or 2023年农历闰二月初一; None for any other text.

    Blanks must be gone and brackets half-width. Without the word 农历 a text counts as lunar only
    by a word that no solar date has: a month 正, 冬, 腊 or 闰, a day 初 or 廿. Whether the year has
    such a day is asked by `from_lunar`.
    """
    match = _WRITTEN.fullmatch(text)
    if not match:
        return None
    month, day = match["month"], match["day"]
    marked = match["mark"] or match["mark2"] or match["leap"]
    if not (marked or month in "正冬腊臘" or day[0] in "初廿卅"):
        return None
    return Lunar(
        year=int(match["year"].translate(_YEAR_DIGITS)),
        month=_MONTH_NUMBERS.get(month) or int(month),
        day=_DAY_NUMBERS.get(day) or int(day),
        leap=bool(match["leap"]),
    )
