"""The bar of long work follows the engine's own account, and a stop reaches the engine."""

from __future__ import annotations

import io
import threading

import duckdb
import pytest
from rich.console import Console

from clew.cli import screen
from clew.datasets.ingest.request import SPANS
from clew.datasets.lake import watch


def test_within_a_stage_the_bar_moves_with_the_query(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = threading.Semaphore(0)

    def share() -> float:
        asked.release()
        return 0.5

    shown = io.StringIO()
    monkeypatch.setattr(screen, "err", Console(file=shown, force_terminal=True, width=100))
    monkeypatch.setattr(screen, "TICK", 0.01)
    monkeypatch.setattr(watch, "share", share)
    with screen.progress("f.csv", SPANS) as tell:
        tell("type", SPANS["type"][0])
        assert all(asked.acquire(timeout=30) for _ in range(20))
    low, high = SPANS["type"]
    assert f"{100 * (low + high) / 2:>3.0f} %" in shown.getvalue()


def test_stages_follow_each_other_without_a_gap() -> None:
    ends = [end for _, end in SPANS.values()]
    assert [start for start, _ in SPANS.values()] == [0.0, *ends[:-1]]
    assert ends[-1] == 1.0


def test_an_interrupt_stops_the_query_that_runs() -> None:
    with duckdb.connect() as con, watch.working(con):
        threading.Timer(0.3, watch.interrupt).start()
        with pytest.raises(duckdb.InterruptException):
            con.execute("SELECT max(md5((a.i * b.i)::VARCHAR)) FROM range(1000000) AS a(i), "
                        "range(1000000) AS b(i)")  # fmt: skip
    assert watch.share() == 0
