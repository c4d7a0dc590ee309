"""Where a row is: batch, file and row in the sheet, its business key, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from clew.datasets.lake.engine import connect, files_sql, name
from clew.datasets.lake.layout import ROW_BITS, SHEET_ROW
from clew.datasets.models import Batch, LakeFile
from clew.datasets.queries import paths
from clew.declare import Dataset, registry
from clew.declare.types import PersonId
from clew.kernel import clock, identifiers
from clew.kernel.keys import person_key
from clew.kernel.workspace import Workspace

LIVE, SUPERSEDED, QUARANTINED, DUPLICATE = "live", "superseded", "quarantined", "duplicate"
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class RowPlace:
    """One delivered row. Person parts of `key` are person keys, to be masked or looked up."""

    row_id: int
    dataset: str
    batch: str
    file: str
    row: int
    key: tuple[Any, ...]
    state: str = LIVE


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """A row that waits for its owner: reasons are "column:REASON", cells stand as delivered."""

    row: int
    reasons: tuple[str, ...]
    cells: Mapping[str, str | None]


def evidence_keys(row_ids: Sequence[int]) -> dict[int, RowPlace]:
    """Places of lake rows by their ids, whatever dataset they are of."""
    by_batch: dict[int, list[int]] = {}
    for row_id in row_ids:
        by_batch.setdefault(row_id >> ROW_BITS, []).append(row_id)
    found: dict[int, RowPlace] = {}
    workspace = Workspace.current()
    with connect(workspace) as con:
        for batch in Batch.objects.filter(pk__in=by_batch):
            contract = registry.dataset(batch.dataset)
            keys = _keys(con, workspace, contract, batch, by_batch[batch.pk])
            for row_id, key in keys.items():
                found[row_id] = _place(batch, row_id, key, LIVE)
    return found


def rows_by_key(text: str) -> list[RowPlace]:
    """Every row, in any dataset and batch, that has this text as a part of its business key.

    A document number finds the rows of its person; "BATCH:ROW" names one row directly. A
    quarantined row is found by any of its cells. Duplicates are not stored.
    """
    batch, _, row = text.partition(":")
    if row.isascii() and row.isdigit() and (found := rows_by_place(batch, int(row))):
        return found
    workspace = Workspace.current()
    found = []
    with connect(workspace) as con:
        for contract in registry.datasets().values():
            found += _by_key(con, workspace, contract, text)
        found += _quarantined_with(con, workspace, text)
    return found


def rows_by_place(batch_code: str, row: int) -> list[RowPlace]:
    """The row at a place in a delivery, whether accepted, quarantined or a duplicate."""
    batch = Batch.objects.filter(code__startswith=batch_code).first() if batch_code else None
    if batch is None or not registry.datasets().get(batch.dataset):
        return []
    workspace, row_id = Workspace.current(), (batch.pk << ROW_BITS) + row
    contract = registry.dataset(batch.dataset)
    with connect(workspace) as con:
        keys = _keys(con, workspace, contract, batch, [row_id])
        dead = _superseded(con, workspace, contract.name, [row_id])
    if row_id in keys:
        return [_place(batch, row_id, keys[row_id], _state(batch, row_id, dead))]
    if any(q.row == row for q in quarantined_rows(batch)):
        return [_place(batch, row_id, (), _waiting(batch))]
    return [_place(batch, row_id, (), DUPLICATE)] if row > 0 and batch.duplicates else []


def gone(row_ids: Iterable[int]) -> dict[int, str]:
    """Those of these lake rows that no reader sees any more → superseded or withdrawn."""
    wanted = set(row_ids)
    batches = Batch.objects.in_bulk({row_id >> ROW_BITS for row_id in wanted})
    by_dataset: dict[str, list[int]] = {}
    for row_id in sorted(wanted):
        if batch := batches.get(row_id >> ROW_BITS):
            by_dataset.setdefault(batch.dataset, []).append(row_id)
    workspace = Workspace.current()
    with connect(workspace) as con:
        dead = {i for d, ids in by_dataset.items() for i in _superseded(con, workspace, d, ids)}
    return {i: _state(batches[i >> ROW_BITS], i, dead) for i in sorted(dead)}


def _state(batch: Batch, row_id: int, dead: Collection[int]) -> str:
    if batch.status == Batch.WITHDRAWN:
        return WITHDRAWN
    return SUPERSEDED if row_id in dead else LIVE


def quarantined_rows(batch: Batch, limit: int | None = None) -> list[QuarantinedRow]:
    """A batch's quarantine in sheet order."""
    workspace = Workspace.current()
    files = batch.files.filter(kind=LakeFile.QUARANTINE).values_list("path", flat=True)
    if not files:
        return []
    bound = f" LIMIT {limit}" if limit else ""
    with connect(workspace) as con:
        rows = con.execute(
            f"SELECT row, reasons, cells FROM {files_sql([workspace.home / f for f in files])} "
            f"ORDER BY row{bound}"
        ).fetchall()
    return [QuarantinedRow(int(r), tuple(reasons), json.loads(cells)) for r, reasons, cells in rows]


def _place(batch: Batch, row_id: int, key: tuple[Any, ...], state: str) -> RowPlace:
    row = row_id & SHEET_ROW
    return RowPlace(row_id, batch.dataset, batch.code, batch.file_name, row, key, state)


def _waiting(batch: Batch) -> str:
    """State of a quarantined row: nobody waits for one of a batch that was withdrawn."""
    return WITHDRAWN if batch.status == Batch.WITHDRAWN else QUARANTINED


def _keys(
    con: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    contract: type[Dataset],
    batch: Batch,
    row_ids: Iterable[int],
) -> dict[int, tuple[Any, ...]]:
    files = batch.files.filter(kind=LakeFile.ROWS).values_list("path", flat=True)
    if not files:
        return {}
    parts = ", ".join(name(k) for k in contract.key)
    wanted = sorted(row_ids)
    rows = con.execute(
        f"SELECT row_id, {parts} FROM {files_sql([workspace.home / f for f in files])} "
        f"WHERE row_id BETWEEN ? AND ? AND row_id IN (SELECT unnest(?))",
        [wanted[0], wanted[-1], wanted],
    ).fetchall()
    return {int(r[0]): tuple(_plain(part) for part in r[1:]) for r in rows}


def _by_key(
    con: duckdb.DuckDBPyConnection, workspace: Workspace, contract: type[Dataset], text: str
) -> list[RowPlace]:
    files = paths(workspace, contract.name, LakeFile.ROWS)
    sought = _sought(contract, workspace, text)
    if not files or not sought:
        return []
    parts = ", ".join(name(k) for k in contract.key)
    where = " OR ".join(f"{name(k)} = ?" for k in sought)
    rows = con.execute(
        f"SELECT row_id, {parts} FROM {files_sql(files)} WHERE {where} ORDER BY row_id",
        list(sought.values()),
    ).fetchall()
    ids = [int(r[0]) for r in rows]
    dead = _superseded(con, workspace, contract.name, ids)
    batches = Batch.objects.in_bulk({i >> ROW_BITS for i in ids})
    return [
        _place(
            batches[row_id >> ROW_BITS], row_id, tuple(map(_plain, row[1:])),
            _state(batches[row_id >> ROW_BITS], row_id, dead),
        )
        for row_id, row in zip(ids, rows, strict=True)
    ]  # fmt: skip


def _sought(contract: type[Dataset], workspace: Workspace, text: str) -> dict[str, str | int]:
    """Key columns in which the text can stand, with the lake value it has there."""
    sought: dict[str, str | int] = {}
    number = identifiers.person_id(text, None, as_of=clock.today()).normal
    for part in contract.key:
        type_ = contract.columns[part].type
        if isinstance(type_, PersonId) and number is not None:
            scheme = identifiers.person_scheme(number, None)
            sought[part] = person_key(workspace.key, scheme, number)
        elif type_.lake == "string":
            sought[part] = text
    return sought


def _quarantined_with(
    con: duckdb.DuckDBPyConnection, workspace: Workspace, text: str
) -> list[RowPlace]:
    found: list[RowPlace] = []
    listed = LakeFile.objects.filter(kind=LakeFile.QUARANTINE).select_related("batch")
    for file in listed.order_by("batch_id"):
        rows = con.execute(
            f"SELECT row FROM {files_sql([workspace.home / file.path])} "
            "WHERE list_contains(json_extract_string(cells, '$.*'), ?) ORDER BY row",
            [text],
        ).fetchall()
        found += [
            _place(file.batch, (file.batch.pk << ROW_BITS) + int(row), (), _waiting(file.batch))
            for (row,) in rows
        ]
    return found


def _superseded(
    con: duckdb.DuckDBPyConnection, workspace: Workspace, dataset: str, row_ids: Sequence[int]
) -> set[int]:
    files = paths(workspace, dataset, LakeFile.TOMBSTONES)
    if not files or not row_ids:
        return set()
    rows = con.execute(
        f"SELECT row_id FROM {files_sql(files)} WHERE row_id IN (SELECT unnest(?))",
        [list(row_ids)],
    ).fetchall()
    return {int(r[0]) for r in rows}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else str(value)
