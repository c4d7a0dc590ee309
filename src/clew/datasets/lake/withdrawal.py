"""The lake without a batch: what it would hold had that batch never come.

Every business key of the batch is met again by the rows of all other published batches, in the
order in which they were published: what the batch had superseded lives again unless a third batch
supersedes it too, and a row that was a duplicate of one of the batch's own is given back to its
own batch. Files never change: tombstones that lose rows are written anew and the old file is
retired, kept for the runs that froze it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from django.db.models import Min

from clew.datasets.lake import store
from clew.datasets.lake.engine import connect, files_sql, name, quote
from clew.datasets.lake.failpoints import reach
from clew.datasets.lake.layout import FORMAT, ROW_BITS, lake_order
from clew.datasets.lake.store import Staged
from clew.datasets.models import Batch, LakeFile
from clew.declare import ROW_ID, Dataset, registry
from clew.declare.types import PersonId
from clew.kernel.workspace import Workspace


@dataclass
class Withdrawal:
    """What must be staged, and which tombstone files retire, when a batch goes.

    `staged` names for each new file the batch that owns it. `given_back` counts, by batch, rows
    that were duplicates and now are rows; `revived` counts rows that live again.
    """

    batch: Batch
    staged: list[tuple[int, Staged]] = field(default_factory=list)
    retired: list[LakeFile] = field(default_factory=list)
    given_back: dict[int, int] = field(default_factory=dict)
    revived: int = 0

    def files(self, workspace: Workspace, kind: str) -> list[Path]:
        """The dataset's files of a kind, as they will be listed."""
        gone = {file.pk for file in self.retired}
        listed = LakeFile.objects.filter(dataset=self.batch.dataset, kind=kind)
        paths = [workspace.home / f.path for f in listed.order_by("id") if f.pk not in gone]
        return paths + [s.path for _, s in self.staged if s.kind == kind]


def prepare(workspace: Workspace, batch: Batch, staging: Path) -> Withdrawal:
    """Writes into staging what the lake needs so that `batch` can go. Nothing is published.

    Call while holding `store.exclusive`.
    """
    found = Withdrawal(batch)
    if not batch.files.filter(kind=LakeFile.ROWS).exists():
        return found
    contract = registry.dataset(batch.dataset)
    with connect(workspace, database=staging / "withdrawal.duckdb") as con:
        _gather(con, workspace, contract, batch)
        _meet_again(con, workspace, contract)
        _give_back(con, workspace, contract, staging, found)
        _bury(con, workspace, staging, found)
    reach("after-withdrawal")
    return found


def place(workspace: Workspace, found: Withdrawal) -> list[LakeFile]:
    """Brings the staged files to their places; the rows that will list them, not yet saved."""
    owners = Batch.objects.in_bulk({owner for owner, _ in found.staged})
    listed = []
    for owner, staged in found.staged:
        # A batch goes once, so with its name in theirs no file takes the place of another.
        named = f"{owners[owner].code}-{found.batch.code}"
        path, digest = store.place(workspace, staged, batch=named)
        listed.append(
            LakeFile(
                batch_id=owner, dataset=staged.dataset, kind=staged.kind, path=path,
                sha256=digest, rows=staged.rows,
            )
        )  # fmt: skip
    return listed


def _paths(workspace: Workspace, dataset: str, kind: str) -> list[str]:
    listed = LakeFile.objects.filter(dataset=dataset, kind=kind).order_by("id")
    return [str(workspace.home / path) for path in listed.values_list("path", flat=True)]


def _gather(
    con: duckdb.DuckDBPyConnection, workspace: Workspace, contract: type[Dataset], batch: Batch
) -> None:
    """Fills `stored` (row_id, key, moment): rows of any batch with a key of this one; `turns`
    (batch, turn): the order of the batches that stay; `dead` (row_id); `resent` (row_id, same_as).
    """
    own = [
        str(workspace.home / f)
        for f in batch.files.filter(kind=LakeFile.ROWS).values_list("path", flat=True)
    ]
    rows = files_sql(_paths(workspace, contract.name, LakeFile.ROWS))
    key = _key(contract)
    moment = name(contract.moment) if contract.moment else "CAST(NULL AS TIMESTAMP)"
    con.execute(f"CREATE TABLE touched AS SELECT DISTINCT {key} AS key FROM {files_sql(own)}")
    con.execute(
        f"CREATE TABLE stored AS SELECT {ROW_ID}, key, moment FROM "
        f"(SELECT {ROW_ID}, {key} AS key, {moment} AS moment FROM {rows}) SEMI JOIN touched "
        "USING (key)"
    )
    con.execute("CREATE TABLE turns (batch BIGINT, turn BIGINT)")
    staying = Batch.objects.filter(dataset=contract.name, status=Batch.PUBLISHED)
    # A held batch keeps its number, so the order of publication is that of the listed files.
    for pk, turn in staying.exclude(pk=batch.pk).annotate(turn=Min("files")).values_list(
        "pk", "turn"
    ):
        con.execute("INSERT INTO turns VALUES (?, ?)", [pk, turn])
    _read(con, "dead", "row_id BIGINT", _paths(workspace, contract.name, LakeFile.TOMBSTONES))
    _read(
        con, "resent", "row_id BIGINT, same_as BIGINT",
        _paths(workspace, contract.name, LakeFile.DUPLICATES),
    )  # fmt: skip


def _read(
    con: duckdb.DuckDBPyConnection, table: str, columns: str, files: Sequence[str]
) -> None:
    con.execute(f"CREATE TABLE {table} ({columns})")
    if files:
        con.execute(f"INSERT INTO {table} SELECT * FROM {files_sql(files)}")


def _key(contract: type[Dataset]) -> str:
    """The business key as one text; a row without a usable person ID stands for itself."""
    key = " || chr(31) || ".join(f"CAST({name(k)} AS VARCHAR)" for k in contract.key)
    if any(isinstance(contract.columns[k].type, PersonId) for k in contract.key):
        return f"coalesce({key}, {_content(contract)})"
    return key


def _content(contract: type[Dataset]) -> str:
    cells = ", ".join(name(c) for c in contract.schema() if c != ROW_ID)
    return f"md5(CAST(to_json(row({cells})) AS VARCHAR))"


def _meet_again(
    con: duckdb.DuckDBPyConnection, workspace: Workspace, contract: type[Dataset]
) -> None:
    """Fills `winners` (row_id, source): the live row of each key, `source` holds its content.

    The rule is that of a delivery: a row like the one held is a duplicate, one with an older time
    of its own does not supersede, any other does.
    """
    con.execute(
        f"""
        CREATE TABLE candidates AS
        SELECT s.row_id, s.row_id AS source, s.key, s.moment, t.turn
        FROM stored AS s JOIN turns AS t ON t.batch = s.row_id >> {ROW_BITS}
        UNION ALL
        SELECT r.row_id, r.same_as, s.key, s.moment, t.turn
        FROM resent AS r JOIN stored AS s ON s.row_id = r.same_as
        JOIN turns AS t ON t.batch = r.row_id >> {ROW_BITS}
        WHERE r.row_id NOT IN (SELECT row_id FROM stored)
        """
    )
    con.execute("CREATE TABLE many AS SELECT key FROM candidates GROUP BY key HAVING count(*) > 1")
    con.execute(
        f"CREATE TABLE contents AS SELECT {ROW_ID}, {_content(contract)} AS content "
        f"FROM {files_sql(_paths(workspace, contract.name, LakeFile.ROWS))} WHERE {ROW_ID} IN "
        "(SELECT source FROM candidates SEMI JOIN many USING (key))"
    )
    con.execute(
        """
        CREATE TABLE winners AS
        SELECT row_id, source FROM candidates ANTI JOIN many USING (key)
        UNION ALL
        SELECT winner.row_id, winner.source FROM (
            SELECT list_reduce(
                list({'row_id': c.row_id, 'source': c.source, 'moment': c.moment,
                      'content': x.content} ORDER BY c.turn, c.row_id),
                lambda held, sent: CASE
                    WHEN sent.content = held.content THEN held
                    WHEN coalesce(sent.moment < held.moment, false) THEN held
                    ELSE sent END
            ) AS winner
            FROM candidates AS c SEMI JOIN many USING (key) JOIN contents AS x
              ON x.row_id = c.source
            GROUP BY c.key)
        """
    )


def _give_back(
    con: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    contract: type[Dataset],
    staging: Path,
    found: Withdrawal,
) -> None:
    """Rows of staying batches that were never stored, being like a row that goes."""
    con.execute(
        "CREATE TABLE given_back AS SELECT row_id, source FROM winners "
        "WHERE row_id NOT IN (SELECT row_id FROM stored)"
    )
    owners = con.execute(
        f"SELECT row_id >> {ROW_BITS} AS batch, count(*) FROM given_back GROUP BY 1 ORDER BY 1"
    ).fetchall()
    rows = files_sql(_paths(workspace, contract.name, LakeFile.ROWS))
    for owner, count in owners:
        body = (
            f"SELECT g.row_id, r.* EXCLUDE ({ROW_ID}) FROM {rows} AS r "
            f"JOIN given_back AS g ON g.source = r.{ROW_ID} WHERE g.row_id >> {ROW_BITS} = {owner}"
        )
        sql = f"SELECT * FROM ({body}) {lake_order(contract)}"
        path = _copy(con, sql, staging / f"given-back-{owner}.parquet")
        found.staged.append((owner, Staged(path, contract.name, LakeFile.ROWS, count)))
        found.given_back[owner] = count


def _bury(
    con: duckdb.DuckDBPyConnection, workspace: Workspace, staging: Path, found: Withdrawal
) -> None:
    """New tombstones, and old ones without the rows that live again."""
    con.execute(
        "CREATE TABLE revived AS SELECT row_id FROM winners "
        "WHERE row_id IN (SELECT row_id FROM dead) AND row_id IN (SELECT row_id FROM stored)"
    )
    found.revived = _count(con, "SELECT count(*) FROM revived")
    dataset = found.batch.dataset
    listed = LakeFile.objects.filter(dataset=dataset, kind=LakeFile.TOMBSTONES).order_by("id")
    for file in listed if found.revived else ():
        old = files_sql([str(workspace.home / file.path)])
        kept = f"SELECT row_id FROM {old} WHERE row_id NOT IN (SELECT row_id FROM revived)"
        count = _count(con, f"SELECT count(*) FROM ({kept})")
        if count == file.rows:
            continue
        found.retired.append(file)
        if count:
            path = _copy(con, f"{kept} ORDER BY 1", staging / f"tombstones-{file.pk}.parquet")
            found.staged.append(
                (file.batch_id, Staged(path, dataset, LakeFile.TOMBSTONES, count))
            )
    fresh = (
        "SELECT row_id FROM stored WHERE row_id NOT IN (SELECT row_id FROM winners) "
        "AND row_id NOT IN (SELECT row_id FROM dead)"
    )
    if count := _count(con, f"SELECT count(*) FROM ({fresh})"):
        path = _copy(con, f"{fresh} ORDER BY 1", staging / "withdrawn.parquet")
        found.staged.append((found.batch.pk, Staged(path, dataset, LakeFile.TOMBSTONES, count)))


def _count(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _copy(con: duckdb.DuckDBPyConnection, sql: str, path: Path) -> Path:
    con.execute(f"COPY ({sql}) TO {quote(str(path))} ({FORMAT})")
    return path
