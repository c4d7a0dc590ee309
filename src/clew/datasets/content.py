"""What the lake holds of single rows, whatever batch and dataset they came with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from clew.datasets.lake.engine import connect, files_sql, name
from clew.datasets.lake.layout import ROW_BITS
from clew.datasets.models import Batch, LakeFile
from clew.declare import Column, registry
from clew.kernel.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Mended:
    """One cell that was not taken as delivered: `normal` is empty where nothing usable was left,
    `repaired` false for a warning.
    """

    column: str
    original: str
    normal: str
    code: str
    repaired: bool


def cells(row_ids: Iterable[int], *types: type) -> dict[int, dict[str, Any]]:
    """Row id → lake values by column; only columns of these semantic types, if any are given.

    Rows of a withdrawn batch are read from its retired files; a row that was purged is missing.
    """
    found: dict[int, dict[str, Any]] = {}
    workspace = Workspace.current()
    with connect(workspace) as con:
        for batch, ids in _by_batch(row_ids):
            contract = registry.dataset(batch.dataset)
            files = _files(workspace, batch, LakeFile.ROWS, LakeFile.RETIRED)
            if not files:
                continue
            # A column that the contract gained later is not in the files of an earlier batch.
            there = {d[0] for d in con.execute(f"FROM {files_sql(files)} LIMIT 0").description}
            wanted = [c for c in contract.columns.values() if _wanted(c, types)]
            columns = [c.name for c in wanted if c.name in there]
            if not columns:
                continue
            rows = con.execute(
                f"SELECT row_id, {', '.join(map(name, columns))} FROM {files_sql(files)} "
                "WHERE row_id BETWEEN ? AND ? AND row_id IN (SELECT unnest(?))",
                [ids[0], ids[-1], ids],
            ).fetchall()
            found |= {int(r[0]): dict(zip(columns, r[1:], strict=True)) for r in rows}
    return found


def mended(row_ids: Iterable[int]) -> dict[int, list[Mended]]:
    """Row id → its cells that were repaired or flagged at ingest, in order of column."""
    found: dict[int, list[Mended]] = {}
    workspace = Workspace.current()
    with connect(workspace) as con:
        for batch, ids in _by_batch(row_ids):
            files = _files(workspace, batch, LakeFile.REPAIRS)
            if not files:
                continue
            rows = con.execute(
                "SELECT row_id, column_name, original, normal, code, repaired FROM "
                f"{files_sql(files)} WHERE row_id IN (SELECT unnest(?)) ORDER BY ALL",
                [ids],
            ).fetchall()
            for row_id, column, original, normal, code, repaired in rows:
                cell = Mended(column, original or "", normal or "", code, bool(repaired))
                found.setdefault(int(row_id), []).append(cell)
    return found


def _wanted(column: Column, types: tuple[type, ...]) -> bool:
    return not types or isinstance(column.type, types)


def _by_batch(row_ids: Iterable[int]) -> Iterator[tuple[Batch, list[int]]]:
    wanted: dict[int, list[int]] = {}
    for row_id in sorted(set(row_ids)):
        wanted.setdefault(row_id >> ROW_BITS, []).append(row_id)
    for batch in Batch.objects.filter(pk__in=wanted).order_by("id"):
        if batch.dataset in registry.datasets():
            yield batch, wanted[batch.pk]


def _files(workspace: Workspace, batch: Batch, *kinds: str) -> list[str]:
    listed = batch.files.filter(kind__in=kinds).order_by("id").values_list("path", flat=True)
    return [str(workspace.home / path) for path in listed if (workspace.home / path).is_file()]
