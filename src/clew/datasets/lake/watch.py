"""The engine at work: how far it is, and how it is stopped.

While a query runs, Python itself hears nothing; another thread may ask and interrupt.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

_working: dict[int, duckdb.DuckDBPyConnection] = {}


@contextmanager
def working(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Counts the connection among those at work until the block ends."""
    _working[id(con)] = con
    try:
        yield
    finally:
        del _working[id(con)]


def interrupt() -> None:
    """Stops every query of this process; each raises `duckdb.InterruptException`."""
    for con in list(_working.values()):
        con.interrupt()


def share() -> float:
    """How much of the query that runs now is done, 0 to 1; 0 while none runs or none can tell."""
    told = [con.query_progress() for con in list(_working.values())]
    return min(1.0, max([0.0, *told]) / 100)
