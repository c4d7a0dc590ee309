"""Ctrl-C while the engine is at work: the query stops, then Python hears of it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from clew.datasets.lake import watch


@contextmanager
def heard() -> Iterator[None]:
    """Python runs a signal's handler only between two of its own steps, and a query is one step.
    What it does at once is to write the signal's number to a file: a thread waits there.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    waiting = threading.Thread(target=_wait, args=(reader,), daemon=True)
    waiting.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.close(writer)
        waiting.join()
        os.close(reader)


def _wait(reader: int) -> None:
    while number := os.read(reader, 1):
        if number[0] == signal.SIGINT:
            watch.interrupt()
