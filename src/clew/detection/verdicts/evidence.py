"""What the evidence rows of a sighting say, as one name: it changes when a row's content does.

Neither the row's place nor the detector's parameters enter it, so a batch that was withdrawn and
sent again, or another severity, leaves a clue's evidence as it was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from clew.datasets.lake.engine import connect, name, rows_sql
from clew.datasets.lake.layout import ROW_BITS
from clew.datasets.models import LakeFile
from clew.declare import ROW_ID, registry
from clew.detection.models import Evidence, Hit
from clew.detection.queries import evidence
from clew.kernel.workspace import Workspace


def digests(hits: Sequence[Hit]) -> dict[int, str]:
    """Hit id → SHA-256 over role, dataset and content of each evidence row, in whatever order."""
    rows = evidence(hits)
    content = _contents(row for found in rows.values() for row in found)
    return {hit: _digest(found, content) for hit, found in rows.items()}


def _digest(rows: Iterable[Evidence], content: Mapping[int, str]) -> str:
    """A row whose file is gone counts by its key."""
    told = sorted(
        [row.role, row.dataset, content.get(row.row_id) or json.dumps(row.key)] for row in rows
    )
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def _contents(rows: Iterable[Evidence]) -> dict[int, str]:
    """Row id → what the lake holds of it, hashed column by column as declared."""
    wanted: dict[int, tuple[str, set[int]]] = {}
    for row in rows:
        wanted.setdefault(row.row_id >> ROW_BITS, (row.dataset, set()))[1].add(row.row_id)
    workspace, found = Workspace.current(), dict[int, str]()
    with connect(workspace) as con:
        for batch, (dataset, ids) in sorted(wanted.items()):
            files = [
                workspace.home / path
                for path in LakeFile.objects.filter(batch_id=batch, kind=LakeFile.ROWS).values_list(
                    "path", flat=True
                )
                if (workspace.home / path).is_file()
            ]
            if not files:
                continue
            schema = registry.dataset(dataset).schema()
            cells = ", ".join(f"CAST({name(c)} AS VARCHAR)" for c in schema if c != ROW_ID)
            found |= dict(
                con.execute(
                    f"SELECT row_id, sha256(CAST(to_json([{cells}]) AS VARCHAR)) "
                    f"FROM {rows_sql(schema, files)} WHERE row_id BETWEEN ? AND ? "
                    "AND row_id IN (SELECT unnest(?))",
                    [min(ids), max(ids), sorted(ids)],
                ).fetchall()
            )
    return found
