"""A contract that gained a column still reads the files of earlier deliveries."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clew.datasets.lake.engine import files_sql, rows_sql

SCHEMA = {"row_id": "int64", "name": "string", "day": "date"}


def file(path: Path, **columns: list[object]) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def rows(schema: dict[str, str], *paths: Path) -> list[tuple[object, ...]]:
    return duckdb.sql(f"SELECT {', '.join(schema)} FROM {rows_sql(schema, paths)}").fetchall()


def test_a_column_that_came_later_is_empty_in_earlier_files(tmp_path: Path) -> None:
    old = file(tmp_path / "old.parquet", row_id=[1], name=["甲"])
    assert rows(SCHEMA, old) == [(1, "甲", None)]
    new = file(
        tmp_path / "new.parquet",
        row_id=[2], name=["乙"], day=pa.array([19000], pa.date32()),
    )  # fmt: skip
    found = rows(SCHEMA, old, new)
    assert [(row[0], row[2] is None) for row in sorted(found)] == [(1, True), (2, False)]


def test_files_of_the_present_contract_are_read_as_they_are(tmp_path: Path) -> None:
    path = file(tmp_path / "f.parquet", row_id=[1], name=["甲"], more=[2])
    schema = {"row_id": "int64", "name": "string"}
    assert rows_sql(schema, [path]) == files_sql([path])


@pytest.mark.parametrize("content", [None, b"PAR1 damaged"])
def test_what_cannot_be_read_is_left_to_the_engine(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "f.parquet"
    if content is not None:
        path.write_bytes(content)
    assert rows_sql(SCHEMA, [path]) == files_sql([path])
