"""DuckDB connections that can reach the lake and nothing else."""

from __future__ import annotations

import os
import re
import shutil
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from clew.datasets.lake import watch
from clew.kernel.errors import StoreError
from clew.kernel.workspace import Workspace

# The engine's part of a process that is to stay below 1 GiB: Python, readers and writers take the
# rest.
MEMORY = "512MB"
# A query that writes a file in the order in which it reads another one reserves 4 MB a column out
# of a quarter of the limit, and does without threads where that is not to be had. It holds less
# than half of this limit.
STREAM_MEMORY = "1GB"
# Within MEMORY, sorting and writing wide rows takes as long on one thread as on two: these wait for
# each other's memory, and hold some 200 MB more of it.
SORT_THREADS = 1
# Searching texts for shared pieces costs more than all the work on them that follows.
SLOW_COMPRESSION = "fsst,dict_fsst,zstd"
SPILL = "spill-"
_MEMORY_SPENT = re.compile(r"failed to (allocate|pin)")
_MORE_ROOM = "CLEW_MEMORY=1GB 后重试同一命令 (give the engine more memory, then repeat the command)"
_MORE_DISK = "检查磁盘空间后重试同一命令 (check disk space, then repeat the command)"
# The lake's types, as contracts name them, in this engine.
DUCKDB_TYPES = {
    "string": "VARCHAR", "int64": "BIGINT", "int8": "TINYINT", "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMP", "date": "DATE", "decimal(18, 4)": "DECIMAL(18, 4)",
}  # fmt: skip


def threads() -> int:
    """$CLEW_THREADS, else the machine's processors."""
    return int(os.environ.get("CLEW_THREADS", "0")) or os.cpu_count() or 1


@contextmanager
def connect(
    workspace: Workspace,
    *,
    also: Sequence[Path] = (),
    database: Path | None = None,
    streams: bool = False,
    at_most: int = 0,
    as_written: bool = False,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A locked-down connection: reads and writes the workspace's data folders and `also`.

    `database` spills tables to a file in staging, so that a delivery larger than memory passes.
    `streams`: it only reads rows and writes them out again. `at_most` so many threads are used, if
    that is not 0. `as_written`: joins hash their right side, which detectors keep small; by its own
    estimates the engine would often hash all settlements.

    Raises:
        StoreError: the disk is full or cannot be written.
    """
    staging = workspace.staging
    staging.mkdir(parents=True, exist_ok=True)
    # Each engine has a folder of its own: in one, two would write to files of the same name.
    spill = staging / f"{SPILL}{os.getpid()}-{uuid.uuid4().hex[:8]}"
    con = duckdb.connect(str(database) if database else ":memory:")
    try:
        con.execute("SET TimeZone = 'Asia/Shanghai'")
        con.execute(f"SET threads = {min(threads(), at_most or threads())}")
        memory = STREAM_MEMORY if streams else os.environ.get("CLEW_MEMORY", MEMORY)
        con.execute(f"SET memory_limit = '{memory}'")
        con.execute("SET enable_progress_bar = true")  # so that `watch.share` can ask
        con.execute("SET enable_progress_bar_print = false")
        con.execute("SET preserve_insertion_order = true")
        if as_written:
            con.execute("SET disabled_optimizers = 'build_side_probe_side'")
        con.execute(f"SET disabled_compression_methods = '{SLOW_COMPRESSION}'")
        folders = [workspace.lake, staging, workspace.quarantine]
        con.execute(f"SET allowed_directories = {_list([f'{f}/' for f in folders])}")
        con.execute(f"SET allowed_paths = {_list(map(str, also))}")
        con.execute(f"SET temp_directory = {quote(str(spill))}")
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        with watch.working(con):
            yield con
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise StoreError(
            f"数据湖读写失败: {_cause(error)} (the lake could not be read or written)",
            next_step=_MORE_ROOM if _MEMORY_SPENT.search(str(error)) else _MORE_DISK,
        ) from error
    except (duckdb.InterruptException, RuntimeError) as error:
        # The engine has taken the signal from Python, and says so in one of two ways.
        if isinstance(error, duckdb.InterruptException) or "interrupted" in str(error):
            raise KeyboardInterrupt from error
        raise
    finally:
        con.close()
        shutil.rmtree(spill, ignore_errors=True)


def _cause(error: duckdb.Error) -> str:
    """Without the engine's own advice, which speaks of settings that are locked here."""
    return str(error).strip().partition("\n")[0]


def _list(texts: Iterable[str]) -> str:
    # As text: binding these values makes the client load pandas, up to a second of every command.
    return f"[{', '.join(map(quote, texts))}]"


def files_sql(paths: Sequence[str | Path], *, numbered: bool = False) -> str:
    """`read_parquet([...])` over an explicit list: readers never glob.

    `numbered` adds `file_row_number`, counting from 0 in each file.
    """
    listed = ", ".join(quote(str(path)) for path in paths)
    return f"read_parquet([{listed}]{', file_row_number = true' if numbered else ''})"


@cache
def _columns(path: Path) -> frozenset[str]:
    """A lake file never changes under its name, so its columns are read once."""
    return frozenset(pq.read_schema(path).names)


def rows_sql(schema: Mapping[str, str], paths: Sequence[Path]) -> str:
    """Rows of a dataset's files under all columns of its present schema (column → lake type).

    A column that the contract gained after a delivery is empty there.
    """
    try:
        held = [_columns(path) for path in paths]
    except (OSError, pa.ArrowInvalid):
        return files_sql(paths)  # the engine will say what is wrong with the file
    if all(schema.keys() <= columns for columns in held):
        return files_sql(paths)
    anywhere = frozenset[str]().union(*held)
    cells = ", ".join(
        name(c) if c in anywhere else f"CAST(NULL AS {DUCKDB_TYPES[t]}) AS {name(c)}"
        for c, t in schema.items()
    )
    listed = ", ".join(quote(str(path)) for path in paths)
    return f"(SELECT {cells} FROM read_parquet([{listed}], union_by_name = true))"


def quote(text: str) -> str:
    """A string literal."""
    return "'" + text.replace("'", "''") + "'"


def name(identifier: str) -> str:
    """A quoted identifier."""
    return '"' + identifier.replace('"', '""') + '"'
