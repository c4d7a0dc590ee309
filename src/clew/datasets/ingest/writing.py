"""Writes a judged delivery into staging: rows in lake order, tombstones, repairs, quarantine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from clew.datasets.ingest.reading import ROW, Source
from clew.datasets.ingest.typed import Typed, select, values
from clew.datasets.lake.engine import files_sql, name, quote
from clew.datasets.lake.layout import FORMAT, lake_key, lake_order
from clew.datasets.lake.store import Staged
from clew.datasets.models import LakeFile
from clew.declare import ROW_ID, Dataset
from clew.declare.types import PersonId

BUCKETS = 64
KEY_BITS = 63
ONE_FILE_ROWS = 500_000


def write(
    con: duckdb.DuckDBPyConnection,
    typed: Typed,
    source: Source,
    staging: Path,
    row_base: int,
    accepted: int,
    identities: Sequence[Path],
) -> list[Staged]:
    """Every file that this delivery adds to the lake; empty ones are left out.

    Duplicates are kept as pairs of row ids: should the row go that they are like, they stand.
    """
    files = _rows(con, typed, staging, row_base, accepted)
    dataset = typed.dataset.name
    for kind, sql in (
        (LakeFile.TOMBSTONES, "SELECT DISTINCT row_id FROM superseded ORDER BY 1"),
        (
            LakeFile.DUPLICATES,
            f"SELECT {row_base} + {ROW} AS row_id, row_id AS same_as FROM resent ORDER BY 1",
        ),
        (LakeFile.REPAIRS, "SELECT * FROM repairs ORDER BY row_id, column_name"),
        (LakeFile.IDENTITIES, _fresh_identities(typed, identities)),
    ):
        if sql:
            files += _copy(con, sql, staging / f"{kind}.parquet", dataset, kind)
    files += _quarantine(con, source, staging, dataset)
    return files


def _rows(
    con: duckdb.DuckDBPyConnection, typed: Typed, staging: Path, row_base: int, accepted: int
) -> list[Staged]:
    lake, contract = values(typed), typed.dataset
    sorted_by = set(lake_key(contract))
    varying = {a: v.sql for a, v in lake.items() if not v.constant or a in sorted_by}
    body = (
        f"{select(typed, {ROW_ID: f'{row_base} + t.{ROW}'} | varying, varying)} "
        f"WHERE t.{ROW} NOT IN (SELECT {ROW} FROM quarantined) "
        f"AND t.{ROW} NOT IN (SELECT {ROW} FROM lost)"
    )
    # Columns that were not delivered join the others after these have been sorted.
    cells = [name(ROW_ID)]
    cells += [name(a) if a in varying else f"{v.sql} AS {name(a)}" for a, v in lake.items()]
    whole, order = f"SELECT {', '.join(cells)}", lake_order(contract)
    if contract.cluster is None or accepted <= ONE_FILE_ROWS:
        return _copy(
            con,
            f"{whole} FROM (SELECT * FROM ({body}) {order})",
            staging / "rows.parquet",
            contract.name,
            LakeFile.ROWS,
        )
    return _ranges(con, contract, body, whole, staging, _parts(accepted))


def _parts(rows: int) -> int:
    """A power of two, so that each part is a whole number of buckets."""
    return min(BUCKETS, 1 << (-(-rows // ONE_FILE_ROWS) - 1).bit_length())


def _ranges(
    con: duckdb.DuckDBPyConnection,
    contract: type[Dataset],
    body: str,
    whole: str,
    staging: Path,
    parts: int,
) -> list[Staged]:
    """Rows by person range, each range sorted by itself, so that memory is that of one range."""
    assert contract.cluster is not None
    shift = KEY_BITS - (parts.bit_length() - 1)
    part_of = f"coalesce({name(contract.cluster.person)} >> {shift}, 0)"
    parted = staging / "parts"
    con.execute(
        f"COPY (SELECT *, {part_of} AS part FROM ({body})) TO {quote(str(parted))} "
        "(FORMAT parquet, COMPRESSION lz4_raw, PARTITION_BY (part))"
    )
    files: list[Staged] = []
    width = BUCKETS // parts
    for part in range(parts):
        found = sorted((parted / f"part={part}").glob("*.parquet"))
        if found:
            listed = ", ".join(quote(str(path)) for path in found)
            source = f"read_parquet([{listed}], hive_partitioning = false)"
            files += _copy(
                con, f"{whole} FROM (FROM {source} {lake_order(contract)})",
                staging / f"rows-{part:02d}.parquet", contract.name, LakeFile.ROWS,
                (part * width, (part + 1) * width - 1),
            )  # fmt: skip
    return files


def _copy(
    con: duckdb.DuckDBPyConnection,
    sql: str,
    path: Path,
    dataset: str,
    kind: str,
    buckets: tuple[int, int] = (0, BUCKETS - 1),
) -> list[Staged]:
    row = con.execute(f"COPY ({sql}) TO {quote(str(path))} ({FORMAT})").fetchone()
    rows = int(row[0]) if row else 0
    if rows == 0:
        path.unlink(missing_ok=True)
        return []
    return [Staged(path, dataset, kind, rows, *buckets)]


def _fresh_identities(typed: Typed, known: Sequence[Path]) -> str:
    """Persons that the dictionary does not hold yet."""
    parts = [
        f"SELECT key, scheme, number FROM who_{c.name} WHERE key IS NOT NULL"
        for c in typed.columns
        if isinstance(c.type, PersonId)
    ]
    if not parts:
        return ""
    fresh = f"SELECT DISTINCT * FROM ({' UNION ALL '.join(parts)})"
    if known:
        fresh += f" WHERE key NOT IN (SELECT key FROM {files_sql(known)})"
    return fresh + " ORDER BY key"


def _quarantine(
    con: duckdb.DuckDBPyConnection, source: Source, staging: Path, dataset: str
) -> list[Staged]:
    """Rows as delivered, with the reasons, so that their owner can mend them."""
    bad = con.execute(f"SELECT {ROW}, reasons FROM quarantined ORDER BY 1").fetchall()
    if not bad and not source.bad_rows:
        return []
    reasons = {int(row): list(found) for row, found in bad}
    rows: list[tuple[int, list[str], str]] = [
        (b.row, [f":{b.reason}"], json.dumps({"": b.raw}, ensure_ascii=False))
        for b in source.bad_rows
    ]
    if reasons:
        cells = ", ".join(f"{name(h)} := {name(h)}" for h in source.headers)
        found = con.execute(
            f"SELECT {ROW}, CAST(to_json(struct_pack({cells})) AS VARCHAR) FROM ({source.scan}) "
            f"WHERE {ROW} IN (SELECT {ROW} FROM quarantined)"
        ).fetchall()
        rows += [(int(row), reasons[int(row)], raw) for row, raw in found]
    rows.sort()
    table = pa.table(
        {
            "row": pa.array([r[0] for r in rows], pa.int64()),
            "reasons": pa.array([r[1] for r in rows], pa.list_(pa.string())),
            "cells": pa.array([r[2] for r in rows], pa.string()),
        }
    )
    path = staging / "quarantine.parquet"
    pq.write_table(table, path, compression="zstd")
    return [Staged(path, dataset, LakeFile.QUARANTINE, len(rows))]
