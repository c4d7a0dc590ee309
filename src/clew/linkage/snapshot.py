"""The stored links as one frozen Parquet file, named by its content, that runs read.

It lies in the lake, since it holds person keys, two folders deep: what deliveries placed lies one
deep, and only there are files that no batch lists swept away.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from clew.declare.relations import CORE
from clew.kernel.errors import StoreError
from clew.kernel.workspace import Workspace
from clew.linkage import queries
from clew.linkage.models import Link

FOLDER = Path("run_inputs", "links")
CONFIRMED = "T1"
_TYPES = {"int64": pa.int64(), "string": pa.string()}
_SCHEMA = pa.schema([(column, _TYPES[kind]) for column, kind in CORE["links"].items()])


def write(workspace: Workspace) -> tuple[str, str] | None:
    """Freezes the links that stand now; None if there are none.

    Returns:
        The file's path under the workspace and its SHA-256.

    Raises:
        StoreError: the disk is full or cannot be written.
    """
    rows = usable(queries.standing())
    if not rows:
        return None
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=_SCHEMA), buffer, compression="zstd")
    content = buffer.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    target = workspace.lake / FOLDER / f"{digest}.parquet"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            draft = target.with_suffix(".tmp")
            draft.write_bytes(content)
            draft.replace(target)
    except OSError as error:
        raise StoreError(
            f"关联快照未能写出: {error} (the snapshot of the links could not be written)",
            next_step="释放空间后重新运行 (free space, then run it again)",
        ) from error
    return str(target.relative_to(workspace.home)), digest


def usable(links: Iterable[Link]) -> list[dict[str, object]]:
    """Rows of the relation `links`: at most one a cell. Where several persons stand for one cell,
    only a person's word for one of them counts. A link that a person has confirmed supports what
    T1 supports.
    """
    cells: dict[tuple[int, str], list[Link]] = {}
    for link in links:
        cells.setdefault((link.row_id, link.column), []).append(link)
    rows: list[dict[str, object]] = []
    for (row_id, column), standing in sorted(cells.items()):
        confirmed = [x for x in standing if x.verdict == Link.SAME]
        chosen = confirmed or standing
        if len(chosen) == 1:
            tier = CONFIRMED if confirmed else chosen[0].tier
            rows.append(
                {"row_id": row_id, "column": column, "person": chosen[0].person, "tier": tier}
            )
    return rows
