"""The pass over every cell: rows keep their numbers on all threads, odd texts stay beside them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from clew.datasets.ingest import firstpass, reading
from clew.declare import Column, registry

RECEIVED = date(2023, 10, 31)
ROWS = 120_000
HEADERS = ["流水号", "类别", "时间", "金额", "备注"]
DELIVERED = {
    "setl_id": '"流水号"', "med_type": '"类别"', "begntime": '"时间"', "medfee_sumamt": '"金额"',
}  # fmt: skip


def contract_columns() -> list[Column]:
    contract = registry.dataset("mi_settlement")
    return [contract.columns[column] for column in DELIVERED]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET threads = 4")
        yield connection


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> reading.Source:
    """Large enough for several threads at once; every thousandth row is blank."""
    folder = tmp_path_factory.mktemp("firstpass")
    note = "说明" * 40
    lines = (
        ",,,,\n" if n % 1000 == 7 else f"S{n},{(11, 21)[n % 2]},2023-02-09 10:00:00,{n}.5,{note}\n"
        for n in range(2, ROWS)
    )
    path = folder / "large.csv"
    path.write_text(",".join(HEADERS) + "\n" + "".join(lines), encoding="utf-8")
    return reading.read(path, folder / "staging")


def written(
    con: duckdb.DuckDBPyConnection,
    source: reading.Source,
    tmp_path: Path,
    where: str = "",
    **delivered: str,
) -> str:
    return firstpass.write(
        con, contract_columns(), DELIVERED | delivered, RECEIVED, source, where,
        tmp_path / "typed.parquet",
    )  # fmt: skip


def misplaced(con: duckdb.DuckDBPyConnection, rows: str) -> tuple[int, int]:
    """How many rows there are, and how many do not bear the number that their text names."""
    found = con.execute(
        f"SELECT count(*), count(*) FILTER (setl_id IS DISTINCT FROM 'S' || _row) FROM ({rows})"
    ).fetchone()
    assert found is not None
    return int(found[0]), int(found[1])


def test_rows_keep_their_numbers_on_all_threads(
    con: duckdb.DuckDBPyConnection, source: reading.Source, tmp_path: Path
) -> None:
    assert source.in_order
    rows = written(con, source, tmp_path)
    assert "file_row_number" in rows
    assert misplaced(con, rows) == (ROWS - 2 - ROWS // 1000, 0)


def test_rows_that_a_mapping_leaves_out_are_counted_too(
    con: duckdb.DuckDBPyConnection, source: reading.Source, tmp_path: Path
) -> None:
    rows = written(con, source, tmp_path, """"类别" = '21' """)
    taken, wrong = misplaced(con, rows)
    assert (taken, wrong) == (ROWS // 2 - 1 - ROWS // 1000, 0)


def test_an_expression_that_becomes_a_join_does_not_move_rows(
    con: duckdb.DuckDBPyConnection, source: reading.Source, tmp_path: Path
) -> None:
    many = ", ".join(f"'{n}'" for n in range(11, 400))
    rows = written(
        con, source, tmp_path, med_type=f"""CASE WHEN "类别" IN ({many}) THEN '11' END"""
    )
    assert "file_row_number" not in rows
    assert misplaced(con, rows) == (ROWS - 2 - ROWS // 1000, 0)
    rows = written(con, source, tmp_path, f""""类别" IN ({many})""")
    assert "file_row_number" not in rows
    assert misplaced(con, rows) == (ROWS - 2 - ROWS // 1000, 0)


def test_odd_texts_stay_beside_the_values(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    lines = ['S1, 11 ,2023-02-09,"1,5元",', "S2,甲\"乙'\\,2023/2/9, ,", " S3 ,21,2023-02-09 ,2.50,"]
    path = tmp_path / "odd.csv"
    path.write_text("\n".join([",".join(HEADERS), *lines]) + "\n", encoding="utf-8")
    rows = written(con, reading.read(path, tmp_path / "staging"), tmp_path)
    raws = ", ".join(firstpass.raw(column, "t") for column in contract_columns())
    found = con.execute(
        f"SELECT setl_id, med_type, CAST(begntime AS VARCHAR), begntime_precision, medfee_sumamt, "
        f"{raws} FROM ({rows}) AS t ORDER BY _row"
    ).fetchall()
    assert found == [
        ("S1", "11", "2023-02-09 00:00:00", 3, None, None, None, None, "1,5元"),
        ("S2", None, None, None, None, None, "甲\"乙'\\", "2023/2/9", None),
        ("S3", "21", "2023-02-09 00:00:00", 3, 250, None, None, None, None),
    ]
