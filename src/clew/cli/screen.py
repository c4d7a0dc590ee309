"""What a terminal shows: tables, progress with an estimate, errors, JSON.

Results go to standard output, everything else to standard error, so that pipes stay clean.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from clew.datasets.lake import watch
from clew.kernel.errors import ClewError

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

Tell = Callable[[str, float], None]
PIPE = 200
TICK = 0.5
NO_SPANS: Mapping[str, tuple[float, float]] = MappingProxyType({})


def show_json(value: Any) -> None:
    out.print(json.dumps(value, ensure_ascii=False, indent=1), markup=False, soft_wrap=True)


def show_error(error: ClewError) -> None:
    err.print(f"[bold red]✗[/] {_escaped(error.cause)}")
    if error.next_step:
        err.print(f"  [bold]→[/] {_escaped(error.next_step)}")


def note(text: str) -> None:
    err.print(_escaped(text))


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, title: str = "") -> None:
    """Numbers stand right, texts left: a leading ">" names a column of numbers, a leading "~" a
    column that may be cut short.

    A header may hold both languages, one a line. A pipe gets the full width, so that nothing in it
    is folded.
    """
    grid = Table(
        box=box.SIMPLE_HEAD,
        title=title or None,
        title_justify="left",
        pad_edge=False,
        padding=(0, 1),
    )
    for column in columns:
        right, cut = column.startswith(">"), column.startswith("~")
        grid.add_column(
            column.lstrip(">~"),
            justify="right" if right else "left",
            no_wrap=right or cut,
            overflow="ellipsis" if cut else "fold",
        )
    for row in rows:
        grid.add_row(*(_escaped("" if cell is None else str(cell)) for cell in row))
    console = Console(highlight=False) if out.is_terminal else Console(highlight=False, width=PIPE)
    console.print(grid)


@contextmanager
def progress(title: str, spans: Mapping[str, tuple[float, float]] = NO_SPANS) -> Iterator[Tell]:
    """A bar with an estimate on a terminal; a line a stage elsewhere.

    Within a stage that `spans` knows, the bar follows the engine's own account of its query.
    """
    if not err.is_terminal:
        yield _lines(title)
        return
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(), TimeRemainingColumn(), console=err, transient=True,
    ) as bar:  # fmt: skip
        follow = _Follower(bar, bar.add_task(title, total=1.0), title, spans)
        with follow.running():
            yield follow.tell


class _Follower:
    """Moves a bar between what it is told, and never backwards within a stage."""

    def __init__(
        self, bar: Progress, task: TaskID, title: str, spans: Mapping[str, tuple[float, float]]
    ) -> None:
        self._bar, self._task, self._title, self._spans = bar, task, title, spans
        self._stage, self._share = "", 0.0
        self._done = threading.Event()

    def tell(self, stage: str, share: float) -> None:
        self._stage, self._share = stage, share
        self._bar.update(self._task, completed=share, description=f"{self._title} {stage}")

    @contextmanager
    def running(self) -> Iterator[None]:
        thread = threading.Thread(target=self._follow, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._done.set()
            thread.join()

    def _follow(self) -> None:
        while not self._done.wait(TICK):
            low, high = self._spans.get(self._stage, (0.0, 0.0))
            self._share = max(self._share, low + watch.share() * (high - low))
            self._bar.update(self._task, completed=self._share)


def _lines(title: str) -> Tell:
    seen: set[str] = set()

    def tell(stage: str, share: float) -> None:
        if stage not in seen:
            seen.add(stage)
            err.print(_escaped(f"  {title} · {stage}"))

    return tell


def _escaped(text: str) -> str:
    return text.replace("[", "\\[")
