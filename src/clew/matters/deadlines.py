"""Deadlines: computed from an event, a rule and the days on which the clock stood. No database.

A clock stands from the day of suspension up to the day before it is resumed. An approved extension
adds to the period in its own unit; nothing else moves a deadline.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from clew.declare import Clock
from clew.declare.text import T
from clew.kernel.calendar import Calendar, Due, Suspension

BLUE, YELLOW, RED, STANDS, MET, LATE = "blue", "yellow", "red", "stands", "met", "late"
LAMPS = {
    BLUE: T("正常", "in time"),
    YELLOW: T("临期", "due soon"),
    RED: T("到期或超期", "due or overdue"),
    STANDS: T("中止", "stands"),
    MET: T("已按期办结", "met"),
    LATE: T("已办结, 曾超期", "met late"),
}
REMINDERS = (Fraction(1, 2), Fraction(4, 5), Fraction(1))
"""Shares of a period at which its handlers are reminded."""
_YELLOW_FROM, _RED_FROM = REMINDERS[1], REMINDERS[2]
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days on which a clock stands; `last` is None while it still does."""

    first: date
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """One clock of one matter. `extra` is what was approved in the clock's unit, `met` the day on
    which it ended. A clock in hours starts at `at`; others need the day alone.
    """

    clock: str
    started: date
    at: datetime | None = None
    spans: tuple[Span, ...] = ()
    extra: int = 0
    met: date | None = None

    @property
    def stands(self) -> bool:
        return self.met is None and bool(self.spans) and self.spans[-1].last is None


def stop(running: Running, on: date) -> Running:
    """Its clock stands from this day."""
    return replace(running, spans=(*running.spans, Span(on)))


def go_on(running: Running, on: date) -> Running:
    """Its clock runs again from this day. One that stopped on the same day never stood."""
    *earlier, span = running.spans
    stood = [replace(span, last=on - _ONE_DAY)] if on > span.first else []
    return replace(running, spans=(*earlier, *stood))


def due(clock: Clock, running: Running, calendar: Calendar, as_of: date) -> Due:
    """The last day; for a clock that stands, as if it ran again on the day after `as_of`.

    A clock in hours ends on the day of its last hour, whatever day that is.
    """
    amount = clock.amount + running.extra
    spans = closed(running, as_of)
    if clock.unit == "h":
        stood = sum((last - first).days + 1 for first, last in spans)
        return Due((_moment(running) + timedelta(hours=amount, days=stood)).date(), False)
    return calendar.add(running.started, amount, clock.unit, suspensions=spans)


def due_at(clock: Clock, running: Running, as_of: date) -> datetime | None:
    """The last moment of a clock in hours, None for others."""
    if clock.unit != "h":
        return None
    stood = sum((last - first).days + 1 for first, last in closed(running, as_of))
    return _moment(running) + timedelta(hours=clock.amount + running.extra, days=stood)


def closed(running: Running, as_of: date) -> list[Suspension]:
    """Its spans, one that is open taken to end today."""
    return [
        (span.first, span.last or max(as_of, span.first))
        for span in running.spans
        if span.last is not None or running.met is None
    ]


def share(running: Running, due_on: date, as_of: date) -> Fraction:
    """How much of the period is over, in calendar days without those on which the clock stood:
    0 on its first day, 1 on its last, more beyond.
    """
    spans = closed(running, as_of)
    length = _days(running.started, due_on, spans)
    passed = _days(running.started, as_of, spans)
    if length <= 0:
        return Fraction(1 + passed) if as_of >= due_on else Fraction(0)
    return Fraction(passed, length)


def lamp(running: Running, due_on: date, as_of: date) -> str:
    """BLUE, YELLOW from 80 %, RED from 100 %; or how it ended; or that it stands."""
    if running.met is not None:
        return MET if running.met <= due_on else LATE
    if running.stands:
        return STANDS
    over = share(running, due_on, as_of)
    return RED if over >= _RED_FROM else YELLOW if over >= _YELLOW_FROM else BLUE


def overdue(running: Running, due_on: date, as_of: date) -> bool:
    """Whether its last day is over and it was not met, or met too late."""
    return (running.met or as_of) > due_on and not running.stands


def reminders(running: Running, due_on: date) -> list[tuple[Fraction, date]]:
    """The first day on which each share of REMINDERS is over."""
    day, found = running.started, list[tuple[Fraction, date]]()
    for wanted in REMINDERS:
        while share(running, due_on, day) < wanted:
            day += _ONE_DAY
        found.append((wanted, day))
    return found


def _moment(running: Running) -> datetime:
    return running.at or datetime.combine(running.started, datetime.min.time())


def _days(start: date, end: date, spans: list[Suspension]) -> int:
    """Calendar days after `start` up to `end`, those within spans left out."""
    return max(0, (end - start).days - sum(_overlaps(start + _ONE_DAY, end, spans)))


def _overlaps(first: date, last: date, spans: list[Suspension]) -> Iterator[int]:
    for begin, end in spans:
        yield max(0, (min(last, end) - max(first, begin)).days + 1)
