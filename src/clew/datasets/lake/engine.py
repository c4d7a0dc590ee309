"""DuckDB connections that can reach the lake and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from clew.datasets.lake import watch
from clew.kernel.errors import StoreError
from clew.kernel.workspace import Workspace

# The engine's part of a process that is to stay below 1 GiB: Python, readers and writers take the
# rest.
MEMORY = "512MB"
# Searching texts for shared pieces costs more than all the work on them that follows.
SLOW_COMPRESSION = "fsst,dict_fsst,zstd"
SPILL = "spill-"
# The lake's types, as contracts name them, in this engine.
DUCKDB_TYPES = {
    "string": "VARCHAR", "int64": "BIGINT", "int8": "TINYINT", "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMP", "date": "DATE", "decimal(18, 4)": "DECIMAL(18, 4)",
}  # fmt: skip


def threads() -> int:
    """$CLEW_THREADS, else the machine's processors."""
    return int(os.environ.get("CLEW_THREADS", "0")) or os.cpu_count() or 1


def spill_folder(workspace: Workspace) -> Path:
    """Where this process's engine puts what does not fit into memory."""
    return workspace.staging / f"{SPILL}{os.getpid()}"


@contextmanager
def connect(
    workspace: Workspace, *, also: Sequence[Path] = (), database: Path | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A locked-down connection: reads and writes the workspace's data folders and `also`.

    `database` spills tables to a file in staging, so that a delivery larger than memory passes.

    Raises:
        StoreError: the disk is full or cannot be written.
    """
    staging = workspace.staging
    staging.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect(str(database) if database else ":memory:")
    try:
        con.execute("SET TimeZone = 'Asia/Shanghai'")
        con.execute(f"SET threads = {threads()}")
        con.execute(f"SET memory_limit = '{os.environ.get('CLEW_MEMORY', MEMORY)}'")
        con.execute("SET enable_progress_bar = true")  # so that `watch.share` can ask
        con.execute("SET enable_progress_bar_print = false")
        con.execute("SET preserve_insertion_order = true")
        con.execute(f"SET disabled_compression_methods = '{SLOW_COMPRESSION}'")
        folders = [workspace.lake, staging, workspace.quarantine]
        con.execute(f"SET allowed_directories = {_list([f'{f}/' for f in folders])}")
        con.execute(f"SET allowed_paths = {_list(map(str, also))}")
        con.execute(f"SET temp_directory = {quote(str(spill_folder(workspace)))}")
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        with watch.working(con):
            yield con
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise StoreError(
            f"数据湖读写失败: {error} (the lake could not be read or written)",
            next_step="检查磁盘空间后重试同一命令 (check disk space, then repeat the command)",
        ) from error
    except (duckdb.InterruptException, RuntimeError) as error:
        # The engine has taken the signal from Python, and says so in one of two ways.
        if isinstance(error, duckdb.InterruptException) or "interrupted" in str(error):
            raise KeyboardInterrupt from error
        raise
    finally:
        con.close()


def _list(texts: Iterable[str]) -> str:
    # As text: binding these values makes the client load pandas, up to a second of every command.
    return f"[{', '.join(map(quote, texts))}]"


def files_sql(paths: Sequence[str | Path]) -> str:
    """`read_parquet([...])` over an explicit list: readers never glob."""
    listed = ", ".join(quote(str(path)) for path in paths)
    return f"read_parquet([{listed}])"


def quote(text: str) -> str:
    """A string literal."""
    return "'" + text.replace("'", "''") + "'"


def name(identifier: str) -> str:
    """A quoted identifier."""
    return '"' + identifier.replace('"', '""') + '"'
