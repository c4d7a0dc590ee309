"""Dates and times as they are written in deliveries (D08), with the precision they really have."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone

from clew.kernel.errors import InputError
from clew.kernel.lunar import Lunar, from_lunar, parse_lunar
from clew.kernel.text import EMPTY, is_blank_word, plain

PLACEHOLDER = "D08_PLACEHOLDER"
IMPOSSIBLE = "D08_IMPOSSIBLE"
UNREADABLE = "D08_UNREADABLE"
FUTURE = "D08_FUTURE"

_SHANGHAI = timezone(timedelta(hours=8))
_EXCEL_EPOCH = datetime(1899, 12, 30)
_EXCEL_FROM = date(1930, 1, 1)
_OLDEST_YEAR = 1850  # below it a run of digits is not read as year and month
_EMPTY_DAYS = frozenset(
    {(1, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 1), (1900, 1, 0), (9999, 12, 31)}
)

_TIME = (
    r"(?P<half>上午|下午|AM|PM)?(?P<hour>\d{1,2})[:时点](?:(?P<minute>\d{1,2})"
    r"(?:[:分](?:(?P<second>\d{1,2})(?:\.(?P<fraction>\d+))?秒?)?)?)?(?P<half2>AM|PM)?"
    r"(?P<zone>Z|[+-]\d{2}(?::?\d{2})?)?"
)
_DAY = re.compile(
    r"(?P<year>\d{4}|\d{2})(?:(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})"
    r"|年(?P<month2>\d{1,2})月(?P<day2>\d{1,2})[日号])"
    rf"(?:T?{_TIME})?",
    re.ASCII,
)
_MONTH = re.compile(r"(?:(?P<year>\d{4})[-/.](?P<month>\d{1,2})"
                    r"|(?P<year2>\d{4}|\d{2})年(?P<month2>\d{1,2})月份?)", re.ASCII)  # fmt: skip
_YEAR = re.compile(r"(\d{4})年?(?:度)?", re.ASCII)
_DIGITS = re.compile(r"(\d{4}|\d{6}|\d{8}|\d{12}|\d{14})(?:\.0+)?", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(\.\d+)?", re.ASCII)
# Not any run of one digit: 44444 is a spreadsheet serial of 2021.
_NO_DAY = re.compile(r"0+|0{4}[-/.]0{1,2}[-/.]0{1,2}(T?[0:]+)?|(\d)\2{7,}", re.ASCII)
_WEEKDAY = re.compile(r"\(?(星期|周)[一二三四五六日天]\)?")
_RUN_WITH_CLOCK = re.compile(r"^(\d{4})(\d{2})(\d{2})T(?=\d{1,2}[:时点])")
_DASHES = re.compile("[\u2010-\u2015\u2212]")


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as naive Asia/Shanghai wall time.

    value      first instant of the period that the text names; None when not ok
    precision  "year", "month", "day", "minute" or "second"; "" without a value
    reason     EMPTY, D08_PLACEHOLDER, D08_IMPOSSIBLE, D08_UNREADABLE; D08_FUTURE warns with a value
    repaired   "D08" when something was inferred (century, spreadsheet serial, lunar date)
    """

    value: datetime | None
    precision: str
    ok: bool
    reason: str = ""
    repaired: str = ""


def _null(reason: str) -> Moment:
    return Moment(value=None, precision="", ok=False, reason=reason)


def parse_moment(text: str | None, *, not_after: date, birth: bool = False) -> Moment:
    """Reads a date or time in any admitted form.

    not_after: the delivery's day (for a birth date the row's earliest other date). Two-digit
    years take the latest year that does not pass it; a later date keeps its value with D08_FUTURE.
    birth: spreadsheet serials beyond not_after are refused instead of allowed for one year more.
    """
    cleaned = _prepared(text)
    if refusal := _nothing(cleaned):
        return refusal
    if match := _DAY.fullmatch(cleaned):
        found = _from_day(match, not_after)
    elif match := _DIGITS.fullmatch(cleaned):
        found = _from_digits(match[1], not_after)
    elif match := _SERIAL.fullmatch(cleaned):
        found = _from_serial(cleaned, not_after, birth=birth)
    elif lunar := parse_lunar(cleaned):
        found = _from_lunar(lunar)
    else:
        found = _from_month_or_year(cleaned, not_after)
    return _with_future(found, not_after)


def parse_month(text: str | None, *, not_after: date) -> Moment:
    """Reads a month (202309, 2023-09, 2023年9月); a full date gives its month, a year nothing."""
    moment = parse_moment(text, not_after=not_after)
    if moment.value is None:
        return moment
    if moment.precision == "year":
        return _null(UNREADABLE)
    return replace(moment, value=datetime(moment.value.year, moment.value.month, 1),
                   precision="month")  # fmt: skip


def _prepared(text: str | None) -> str:
    cleaned = _DASHES.sub("-", plain(text)).upper().strip("'\"‘’“”")
    # Inner blanks part date and time only; with them gone 2023-02-09 14:30 would run together.
    cleaned = re.sub(r"(?<=\d) (?=\d{1,2}[:时点])", "T", cleaned)
    cleaned = _WEEKDAY.sub("", cleaned).replace(" ", "")
    return _RUN_WITH_CLOCK.sub(r"\1-\2-\3T", cleaned)


def _nothing(cleaned: str) -> Moment | None:
    if not cleaned:
        return _null(EMPTY)
    if is_blank_word(cleaned) or _NO_DAY.fullmatch(cleaned):
        return _null(PLACEHOLDER)
    return None


def _from_day(match: re.Match[str], not_after: date) -> Moment:
    parts = match.groupdict()
    month, day = int(parts["month"] or parts["month2"]), int(parts["day"] or parts["day2"])
    year = int(parts["year"])
    short = len(parts["year"]) == 2
    if short:
        year = _latest_year(year, (month, day), not_after)
    moment = _built((year, month, day), _clock(parts), zone=parts["zone"])
    if moment.value and parts["fraction"]:
        # Two times of one second can differ in what follows: kept to the microsecond.
        micros = int(parts["fraction"][:6].ljust(6, "0"))
        moment = replace(moment, value=moment.value.replace(microsecond=micros))
    return replace(moment, repaired="D08") if short and moment.ok else moment


def _latest_year(two_digits: int, month_day: tuple[int, int], not_after: date) -> int:
    year = not_after.year // 100 * 100 + two_digits
    return year - 100 if (year, *month_day) > (not_after.year, not_after.month, not_after.day) \
        else year  # fmt: skip


def _clock(parts: dict[str, str | None]) -> tuple[int, int, int | None] | None:
    """(hour, minute, second or None); None when the text has no time."""
    if parts["hour"] is None:
        return None
    hour, minute, second = int(parts["hour"]), int(parts["minute"] or 0), parts["second"]
    half = parts["half"] or parts["half2"]
    if half in ("下午", "PM") and hour < 12:
        hour += 12
    elif half in ("上午", "AM") and hour == 12:
        hour = 0
    return hour, minute, None if second is None else int(second)


def _built(
    ymd: tuple[int, int, int],
    clock: tuple[int, int, int | None] | None = None,
    *,
    zone: str | None = None,
) -> Moment:
    if ymd in _EMPTY_DAYS:
        return _null(PLACEHOLDER)
    hour, minute, second = clock or (0, 0, None)
    next_day = (hour, minute, second or 0) == (24, 0, 0)
    try:
        value = datetime(*ymd, 0 if next_day else hour, minute, second or 0)
        value = _in_shanghai(value + timedelta(days=next_day), zone)
    except (ValueError, OverflowError):
        return _null(IMPOSSIBLE)
    precision = "day" if clock is None else "minute" if second is None else "second"
    return Moment(value, precision, ok=True)


def _in_shanghai(value: datetime, zone: str | None) -> datetime:
    if not zone:
        return value
    offset = timedelta()
    if zone != "Z":
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:].lstrip(":") or 0))
        offset = -offset if zone[0] == "-" else offset
    return value.replace(tzinfo=timezone(offset)).astimezone(_SHANGHAI).replace(tzinfo=None)


def _from_digits(digits: str, not_after: date) -> Moment:
    if len(digits) == 4:
        return _from_month_or_year(digits, not_after)
    if len(digits) == 6:
        return _from_six(digits, not_after)
    ymd = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    if len(digits) == 8:
        return _built(ymd)
    second = int(digits[12:14]) if len(digits) == 14 else None
    return _built(ymd, (int(digits[8:10]), int(digits[10:12]), second))


def _from_six(digits: str, not_after: date) -> Moment:
    """YYYYMM where that is plausible, else YYMMDD."""
    year, month = int(digits[:4]), int(digits[4:])
    if _OLDEST_YEAR <= year <= not_after.year + 1 and 1 <= month <= 12:
        return _month(year, month)
    short, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    moment = _built((_latest_year(short, (month, day), not_after), month, day))
    return replace(moment, repaired="D08") if moment.ok else moment


def _from_serial(text: str, not_after: date, *, birth: bool) -> Moment:
    """Days since 1899-12-30; a fraction is the time of day, rounded to the second."""
    seconds = round(float(text) * 86_400)
    value = _EXCEL_EPOCH + timedelta(seconds=seconds)
    latest = not_after if birth else not_after + timedelta(days=366)
    if not _EXCEL_FROM <= value.date() <= latest:
        return _null(UNREADABLE)
    precision = "second" if seconds % 86_400 else "day"
    return Moment(value, precision, ok=True, repaired="D08")


def _from_lunar(lunar: Lunar) -> Moment:
    try:
        day = from_lunar(lunar.year, lunar.month, lunar.day, lunar.leap)
    except InputError:
        return _null(IMPOSSIBLE)
    return Moment(datetime(day.year, day.month, day.day), "day", ok=True, repaired="D08")


def _from_month_or_year(text: str, not_after: date) -> Moment:
    if match := _MONTH.fullmatch(text):
        year_text, month = match["year"] or match["year2"], int(match["month"] or match["month2"])
        if len(year_text) == 4:
            return _month(int(year_text), month)
        moment = _month(_latest_year(int(year_text), (month, 1), not_after), month)
        return replace(moment, repaired="D08") if moment.ok else moment
    if match := _YEAR.fullmatch(text):
        year = int(match[1])
        if year == 9999:
            return _null(PLACEHOLDER)
        plausible = _OLDEST_YEAR <= year <= not_after.year + 100
        return Moment(datetime(year, 1, 1), "year", ok=True) if plausible else _null(IMPOSSIBLE)
    return _null(UNREADABLE)


def _month(year: int, month: int) -> Moment:
    if (year, month) == (9999, 12):
        return _null(PLACEHOLDER)
    if not (1 <= year <= 9999 and 1 <= month <= 12):
        return _null(IMPOSSIBLE)
    return Moment(datetime(year, month, 1), "month", ok=True)


def _with_future(moment: Moment, not_after: date) -> Moment:
    if moment.value is not None and moment.value.date() > not_after:
        return replace(moment, reason=FUTURE)
    return moment
