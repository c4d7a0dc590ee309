"""Compiled queries, kept: writing a detector's SQL costs more than running it on a small city.

A query is named by all that it is made of: the code, the engine, what is held, the day, the
parameters and the orders that the engine has proved. Each file is sealed with the workspace's key,
so that nobody's edit of the folder changes what a run asks.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import ibis

from clew.declare import Pack, Params
from clew.detection import code
from clew.detection.inputs import Inputs
from clew.kernel.keys import seal
from clew.kernel.workspace import Workspace

FOLDER = Path("cache") / "queries"
KEPT = 2_000


class Compiled:
    """The kept queries of one pack over one state of what is held."""

    def __init__(self, workspace: Workspace, pack: Pack, inputs: Inputs, engine: str) -> None:
        self._key = workspace.key
        self._folder = workspace.home / FOLDER
        self._common = [
            code.digest([pack]), ibis.__version__, engine, sorted(inputs.held),
            inputs.as_of.isoformat(),
        ]  # fmt: skip

    def sql(
        self,
        name: str,
        params: Params | Mapping[str, Any],
        proved: Mapping[str, tuple[str, ...]],
        build: Callable[[], str],
    ) -> str:
        """The query called `name`; `build` writes it where it is not kept."""
        parts = [*self._common, name, {k: str(v) for k, v in params.items()}, dict(proved)]
        text = json.dumps(parts, sort_keys=True)
        path = self._folder / hashlib.sha256(text.encode()).hexdigest()
        known = self._read(path)
        if known is None:
            known = build()
            self._write(path, known)
        return known

    def _read(self, path: Path) -> str | None:
        try:
            mark, _, sql = path.read_text(encoding="utf-8").partition("\n")
        except OSError:
            return None
        return sql if mark == self._mark(path, sql) else None

    def _write(self, path: Path, sql: str) -> None:
        """A folder that cannot be written costs time, nothing else."""
        draft = path.with_suffix(f".{os.getpid()}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft.write_text(f"{self._mark(path, sql)}\n{sql}", encoding="utf-8")
            draft.replace(path)
            self._forget()
        except OSError:
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def _mark(self, path: Path, sql: str) -> str:
        return seal(self._key, f"query {path.name}", sql)

    def _forget(self) -> None:
        """Drops the oldest beyond the number kept, a tenth at a time."""
        files = list(self._folder.iterdir())
        if len(files) <= KEPT:
            return
        for path in sorted(files, key=lambda f: f.stat().st_mtime)[: KEPT // 10]:
            path.unlink(missing_ok=True)
