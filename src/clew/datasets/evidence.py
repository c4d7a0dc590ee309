"""Examples and fill rates of a batch, read from its own lake files; nothing unmasked leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from clew.datasets.excel.returned import sheet_of
from clew.datasets.lake.engine import connect, files_sql, name
from clew.datasets.lake.layout import SHEET_ROW
from clew.datasets.masking import mask
from clew.datasets.models import Batch, LakeFile
from clew.datasets.places import quarantined_rows
from clew.declare import Dataset, T
from clew.kernel.workspace import Workspace

EXAMPLES = 4
QUARANTINE_READ = 20_000
"""Rows of the quarantine in which examples are sought; counts come from the report."""


@dataclass(frozen=True, slots=True)
class Case:
    """One example: row in the sheet, the masked text as delivered and, if mended, after."""

    row: int
    original: str = ""
    normal: str = ""


@dataclass(frozen=True, slots=True)
class Fill:
    """How full a column is; `width` in percent."""

    title: T
    header: str
    share: str
    width: float
    required: bool
    mood: str


@dataclass
class Evidence:
    """Examples by code ("column:CODE" for the quarantine), and fill by column."""

    quarantined: dict[str, list[Case]] = field(default_factory=dict)
    repaired: dict[str, list[Case]] = field(default_factory=dict)
    flagged: dict[str, list[Case]] = field(default_factory=dict)
    fills: list[Fill] = field(default_factory=list)


def evidence(batch: Batch, contract: type[Dataset] | None) -> Evidence:
    """Reads what a published batch left in the lake; empty for any other."""
    found = Evidence()
    if contract is None or batch.status != Batch.PUBLISHED:
        return found
    workspace = Workspace.current()
    files: dict[str, list[str]] = {}
    for file in batch.files.all():
        files.setdefault(file.kind, []).append(str(workspace.home / file.path))
    with connect(workspace) as con:
        if LakeFile.REPAIRS in files:
            _repairs(con, files[LakeFile.REPAIRS], contract, found)
        if LakeFile.ROWS in files:
            _fills(con, files[LakeFile.ROWS], batch, contract, found)
    if batch.quarantined:
        _quarantine(batch, found)
    return found


def _repairs(
    con: duckdb.DuckDBPyConnection,
    files: Sequence[str],
    contract: type[Dataset],
    found: Evidence,
) -> None:
    rows = con.execute(
        "SELECT repaired, code, column_name, original, normal, row_id "
        f"FROM {files_sql(files)} QUALIFY row_number() OVER "
        "(PARTITION BY repaired, code, column_name ORDER BY row_id) <= 2 "
        "ORDER BY repaired, code, row_id"
    ).fetchall()
    for repaired, code, column, original, normal, row_id in rows:
        type_ = contract.columns[column].type
        cases = (found.repaired if repaired else found.flagged).setdefault(code, [])
        if len(cases) < EXAMPLES:
            row = int(row_id) & SHEET_ROW
            after = mask(normal, type_) if repaired and normal else ""
            cases.append(Case(row, mask(original or "", type_), after))


def _fills(
    con: duckdb.DuckDBPyConnection,
    files: Sequence[str],
    batch: Batch,
    contract: type[Dataset],
    found: Evidence,
) -> None:
    read: Mapping[str, str] = (batch.report.get("layout") or {}).get("columns") or {}
    columns = [c for c in contract.columns.values() if not read or c.name in read]
    counts = ", ".join(f"count({name(c.name)})" for c in columns)
    row = con.execute(f"SELECT count(*), {counts} FROM {files_sql(files)}").fetchone()
    total, *filled = row or (0,)
    for column, count in zip(columns, filled, strict=True):
        share = 100 * count / total if total else 0.0
        header = read.get(column.name, "")
        plain = header[1:-1].replace('""', '"') if header.startswith('"') else header
        mood = "warn" if column.required and share < 100 else ""
        found.fills.append(
            Fill(column.title, plain, f"{share:.1f} %", round(share, 2), column.required, mood)
        )


def _quarantine(batch: Batch, found: Evidence) -> None:
    rows = quarantined_rows(batch, QUARANTINE_READ)
    sheet = sheet_of(batch, rows)
    for row in rows:
        reason = row.reasons[0] if row.reasons else ":"
        cases = found.quarantined.setdefault(reason, [])
        if len(cases) < EXAMPLES:
            column = reason.partition(":")[0]
            declared = sheet.contract.columns.get(column)
            texts = [row.cells.get(header) or "" for header in sheet.columns.get(column, ())]
            original = " ".join(filter(None, texts))
            cases.append(Case(row.row, mask(original, declared.type if declared else None)))
