"""G5: a delivery taken in by Clew, against a bare DuckDB copy that also sorts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from benchmarks import data
from benchmarks.child import MEMORY, TODAY, Job, peak_mb, timed
from clew.cli.session import begin
from clew.cli.setup import create
from clew.datasets.ingest.deliver import Request, deliver
from clew.datasets.lake import engine
from clew.datasets.models import Batch, LakeFile
from clew.declare import registry
from clew.kernel.workspace import Workspace


def make(folder: str, rows: int) -> dict[str, Any]:
    files = data.make(Path(folder), rows)
    return {"settlements": str(files.settlements), "others": [str(path) for path in files.others]}


def copy(csv: str, target: str) -> dict[str, Any]:
    """The least that any ingest must do: read, guess types, sort by the cluster key, write."""
    contract = registry.dataset("mi_settlement")
    assert contract.cluster is not None
    person, day, amount = (
        f'"{contract.columns[c].headers[0]}"'
        for c in (contract.cluster.person, contract.cluster.date, "medfee_sumamt")
    )
    with duckdb.connect() as con:
        con.execute(f"SET threads = {engine.threads()}")
        con.execute(f"SET memory_limit = '{MEMORY}'")
        con.execute("SET temp_directory = ?", [f"{target}.spill"])
        seconds, _ = timed(
            lambda: con.execute(
                f"COPY (SELECT * FROM read_csv('{csv}') ORDER BY {person}, {day}) "
                f"TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
            )
        )
        peak = peak_mb()
        content = _content(con, [target], f"CAST(round({amount} * 100) AS BIGINT)")
    return {"seconds": seconds, "peak_mb": peak, "content": content}


def ingest(csv: str) -> dict[str, Any]:
    """One delivery into a fresh workspace, from the file to its publication."""
    by = create(seed=data.SEED, today=TODAY, scale=1)
    begin()
    seconds, receipts = timed(lambda: deliver(Request(Path(csv)), by=by))
    peak = peak_mb()
    assert [r.status for r in receipts] == [Batch.PUBLISHED], receipts
    home = Workspace.current().home
    files = LakeFile.objects.filter(dataset="mi_settlement", kind=LakeFile.ROWS)
    with duckdb.connect() as con:
        content = _content(con, [str(home / f.path) for f in files], "medfee_sumamt")
    return {"seconds": seconds, "peak_mb": peak, "content": content}


def _content(con: duckdb.DuckDBPyConnection, files: list[str], amount: str) -> list[int]:
    """Rows and the sum of their amounts in fen."""
    row = con.execute(
        f"SELECT count(*), sum({amount})::BIGINT FROM {engine.files_sql(files)}"
    ).fetchone()
    return list(row or ())


def more(files: list[str]) -> dict[str, Any]:
    """The other deliveries, unmeasured."""
    by = begin()
    for path in files:
        receipts = deliver(Request(Path(path)), by=by)
        assert [r.status for r in receipts] == [Batch.PUBLISHED], receipts
    return {}


JOBS: dict[str, Job] = {"make": make, "copy": copy, "ingest": ingest, "more": more}
