"""Compiled queries, kept: writing a detector's SQL costs more than running it on a small city.

A query is named by what it is made of: the code, the engine and the parameters. Under a name lies a
form for each set of answers to what the query asked: which data are held, which tables lie in a
proved order. Each form serves every day. A file is sealed with the workspace's key, so that
nobody's edit of the folder changes what a run asks; forms written or read once stay in the
process's memory, for all its workspaces, since nothing of a workspace is in their names.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import ibis

from clew.declare import Pack, Params
from clew.declare.neighbours import Orders
from clew.declare.relations import Answers
from clew.detection import code
from clew.kernel.keys import seal
from clew.kernel.workspace import Workspace

FOLDER = Path("cache") / "queries"
KEPT = 2_000
ANY_DAY = date(8642, 9, 7)
"""Stands in a kept form where the run's day will stand."""


@dataclass(frozen=True, slots=True)
class Form:
    """A query for `ANY_DAY`, and the answers on which it rests: of `held`, and for each table whose
    proved order was asked, that order.
    """

    sql: str
    answers: Answers
    orders: Orders

    def serves(self, held: frozenset[str], proved: Orders) -> bool:
        return all(
            said == (not held.isdisjoint(names)) for names, said in self.answers.items()
        ) and all(proved.get(table, ()) == order for table, order in self.orders.items())

    def on(self, day: date) -> str:
        return self.sql.replace(_spelled(ANY_DAY), _spelled(day))


def _spelled(day: date) -> str:
    """As the dialects write a date: `MAKE_DATE(2023, 10, 31)`."""
    return f"({day.year}, {day.month}, {day.day})"


_memory: dict[str, list[Form]] = {}


class Compiled:
    """The kept queries of one pack for one engine."""

    def __init__(self, workspace: Workspace, pack: Pack, engine: str) -> None:
        self._key = workspace.key
        self._folder = workspace.home / FOLDER
        self._common = [code.digest([pack]), ibis.__version__, engine]

    def form(
        self,
        name: str,
        params: Params | Mapping[str, Any],
        held: frozenset[str],
        proved: Orders,
        build: Callable[[], Form],
    ) -> Form:
        """The query called `name`; `build` writes it where no form of it is kept."""
        parts = [*self._common, name, {k: str(v) for k, v in params.items()}]
        text = json.dumps(parts, sort_keys=True)
        path = self._folder / hashlib.sha256(text.encode()).hexdigest()
        forms = _memory.get(path.name) or self._read(path)
        found = next((f for f in forms if f.serves(held, proved)), None)
        if found is None:
            found = build()
            forms = [*forms, found]
            self._write(path, forms)
        if len(_memory) > KEPT:
            _memory.clear()
        _memory[path.name] = forms
        return found

    def _read(self, path: Path) -> list[Form]:
        try:
            mark, _, text = path.read_text(encoding="utf-8").partition("\n")
        except OSError:
            return []
        if mark != self._mark(path, text):
            return []
        return [
            Form(
                f["sql"],
                {tuple(names): said for names, said in f["answers"]},
                {table: tuple(order) for table, order in f["orders"].items()},
            )
            for f in json.loads(text)
        ]

    def _write(self, path: Path, forms: Sequence[Form]) -> None:
        """A folder that cannot be written costs time, nothing else."""
        text = json.dumps([
            {"sql": f.sql, "answers": list(f.answers.items()), "orders": dict(f.orders)}
            for f in forms
        ])  # fmt: skip
        draft = path.with_suffix(f".{os.getpid()}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft.write_text(f"{self._mark(path, text)}\n{text}", encoding="utf-8")
            draft.replace(path)
            self._forget()
        except OSError:
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def _mark(self, path: Path, text: str) -> str:
        return seal(self._key, f"query {path.name}", text)

    def _forget(self) -> None:
        """Drops the oldest beyond the number kept, a tenth at a time."""
        files = list(self._folder.iterdir())
        if len(files) <= KEPT:
            return
        for path in sorted(files, key=lambda f: f.stat().st_mtime)[: KEPT // 10]:
            path.unlink(missing_ok=True)
