"""The one clock. Detectors, indicators and deadlines never ask the machine for the time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_fixed_day: ContextVar[date | None] = ContextVar("fixed_day", default=None)


def now() -> datetime:
    """Aware time in Asia/Shanghai; the machine's time of day on the fixed day, if one is set."""
    actual = datetime.now(SHANGHAI)
    day = _fixed_day.get()
    return actual if day is None else datetime.combine(day, actual.timetz())


def today() -> date:
    return now().date()


def seconds() -> float:
    """Seconds of the machine, whatever day is fixed: for how long something lasts."""
    return time.time()


def fix(day: date | None) -> None:
    """Pins the day for this context: a sample workspace lives on its own date."""
    _fixed_day.set(day)


@contextmanager
def fixed(day: date | None) -> Iterator[None]:
    """Pins the day inside the block; None follows the machine. Afterwards it is as before."""
    token = _fixed_day.set(day)
    try:
        yield
    finally:
        _fixed_day.reset(token)
