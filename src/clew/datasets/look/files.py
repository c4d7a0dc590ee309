"""A first look at a file: each table in it surveyed, nothing kept."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from clew.datasets.ingest import reading
from clew.datasets.ingest.parts import Part, parts
from clew.datasets.ingest.reading import Source
from clew.datasets.ingest.request import Request
from clew.datasets.look.survey import Survey, Tell, measure
from clew.kernel.errors import InputError
from clew.kernel.workspace import Workspace


@dataclass
class Looked:
    """A file and its tables: one in a CSV, one a sheet in a workbook, more in an archive.
    `refused` are parts that cannot be read, with the cause."""

    path: Path
    size: int
    tables: list[Survey] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def look(path: Path, tell: Tell = lambda stage, share: None) -> Looked:
    """Looks at a delivery; nothing of it stays on disk.

    Raises:
        InputError: the file is missing, empty or cannot be read at all.
    """
    looked = Looked(path, path.stat().st_size if path.is_file() else 0)
    with tempfile.TemporaryDirectory(prefix="clew-look-") as folder:
        workspace = Workspace(Path(folder))
        workspace.staging.mkdir()
        try:
            for part in parts(Request(path), workspace.staging):
                _take(looked, part, workspace, tell)
        except OSError as error:
            raise InputError(
                f"{path.name} 无法读取: {error.strerror} (it cannot be read)",
                next_step="检查磁盘空间和权限 (check disk space and permissions)",
            ) from error
    if not looked.tables:
        raise InputError(
            "; ".join(cause for _, cause in looked.refused),
            next_step="请重新导出后再试 (export it again)",
        )
    return looked


def _take(looked: Looked, part: Part, workspace: Workspace, tell: Tell) -> None:
    request, refusal = part.request, part.refusal
    single = not request.name
    if refusal is None:
        try:
            looked.tables.append(_survey(request, workspace, tell))
            return
        except InputError as error:
            refusal = error
    if single:
        raise refusal
    looked.refused.append((request.file_name, refusal.cause))


def _survey(request: Request, workspace: Workspace, tell: Tell) -> Survey:
    folder = workspace.staging / "look"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    path = request.path
    source = reading.read(path, folder, lambda share: tell("read", share * 0.4))

    def measured(of: Source) -> Survey:
        seen = Survey(request.file_name, path.stat().st_size, of, request.container)
        (folder / "look.duckdb").unlink(missing_ok=True)
        measure(seen, workspace, folder / "look.duckdb", tell)
        return seen

    try:
        return measured(source)
    except duckdb.Error as error:
        if source.layout is None or source.bad_rows:
            raise InputError(
                f"{request.file_name} 无法读取 (it cannot be read)",
                next_step="请重新导出后再试 (export it again)",
            ) from error
    # The engine's own reader is strict; row by row every file can be read.
    return measured(reading.rewrite(source, folder))
