"""Days off: what State Council notices name, and what the statute fixes for other years."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from clew.kernel.errors import InputError
from clew.kernel.lunar import from_lunar, new_year_eve, qingming

SATURDAY = 5


class NamedDay(NamedTuple):
    """A day that a notice names: off, or a working day (nearly always a weekend made up for)."""

    day: date
    off: bool
    name: str


@dataclass(frozen=True)
class Notice:
    """The State Council's arrangement of one year; some days may lie in a neighbouring year."""

    year: int
    days: tuple[NamedDay, ...]


def is_weekend(day: date) -> bool:
    return day.weekday() >= SATURDAY


@cache
def statutory_holidays(year: int) -> Mapping[date, str]:
    """Holidays of 《全国年节及纪念日放假办法》 as it stood on each day: day -> name.

    Versions in force from 1949-12-23, 1999-09-18, 2008-01-01, 2014-01-01 and 2025-01-01. The day
    off that makes up for a holiday on a weekend is not fixed by the statute and not in here.
    Raises InputError outside 1900-2100, the years of the lunar table.
    """
    found: dict[date, str] = {}
    for day, name in _by_statute(year):
        found.setdefault(day, name)
    return MappingProxyType(dict(sorted(found.items())))


def _by_statute(year: int) -> Iterator[tuple[date, str]]:
    yield date(year, 1, 1), "元旦"
    if 2008 <= year < 2014 or year >= 2025:
        yield new_year_eve(year), "春节"
    for number in (1, 2) if 2008 <= year < 2014 else (1, 2, 3):
        yield from_lunar(year, 1, number), "春节"
    yield from ((date(year, 5, day), "劳动节") for day in range(1, _labour_days(year) + 1))
    yield from ((date(year, 10, day), "国庆节") for day in range(1, 4 if year >= 1999 else 3))
    if year >= 2008:
        yield qingming(year), "清明节"
        yield from_lunar(year, 5, 5), "端午节"
        yield from_lunar(year, 8, 15), "中秋节"


def _labour_days(year: int) -> int:
    if year >= 2025:
        return 2
    return 3 if 2000 <= year < 2008 else 1


@cache
def shipped_notices() -> tuple[Notice, ...]:
    """The notices in the package, oldest first."""
    table = files("clew.kernel") / "tables" / "calendar.tsv"
    with table.open("r", encoding="utf-8") as opened:
        lines = (line for line in opened if not line.startswith("#"))
        days: dict[int, list[NamedDay]] = {}
        for row in csv.DictReader(lines, delimiter="\t"):
            named = NamedDay(date.fromisoformat(row["date"]), row["state"] == "off", row["name"])
            days.setdefault(int(row["notice"]), []).append(named)
    return tuple(Notice(year, tuple(named)) for year, named in sorted(days.items()))


def read_notice(path: Path) -> Notice:
    """Reads one year's notice from JSON (UTF-8).

        {"year": 2027, "papers": ["address of the notice"],
         "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}, ...]}

    Raises InputError when the file has another form, names no paper or no day, names a day twice,
    or a day beyond the neighbouring years.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        year, papers = int(content["year"]), content["papers"]
        days = tuple(_named(entry) for entry in content["days"])
    except OSError as error:
        raise _unusable(path, f"cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise _unusable(path, f"has not the form of a notice: {error!r}") from error
    if fault := _fault(year, papers, days):
        raise _unusable(path, fault)
    return Notice(year, tuple(sorted(days)))


def _named(entry: Mapping[str, Any]) -> NamedDay:
    off = entry["isOffDay"]
    if not isinstance(off, bool):
        raise ValueError("isOffDay is neither true nor false")
    return NamedDay(date.fromisoformat(entry["date"]), off, str(entry["name"]))


def _fault(year: int, papers: object, days: tuple[NamedDay, ...]) -> str:
    if not papers or not days:
        return f"holds no notice for {year}: the year is unknown, not free of holidays"
    if len({named.day for named in days}) < len(days):
        return "names a day twice"
    for named in days:
        if abs(named.day.year - year) > 1:
            return f"names {named.day}, which is too far from {year}"
    return ""


def _unusable(path: Path, cause: str) -> InputError:
    return InputError(
        f"{path.name} {cause}.", next_step="Give the JSON file of a published holiday notice."
    )
