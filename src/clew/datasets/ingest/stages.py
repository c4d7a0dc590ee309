"""One dataset of one file, from text to publication."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from clew.accounts.models import Account, Department
from clew.datasets import actions, queries
from clew.datasets.access import require
from clew.datasets.ingest import (
    alarms,
    control,
    firstpass,
    judged,
    neighbouring,
    reading,
    recognise,
    repairs,
    report,
    typed,
    writing,
)
from clew.datasets.ingest.mapping import Target
from clew.datasets.ingest.request import SPANS, Progress, Receipt, Request
from clew.datasets.lake import engine, identities, withdrawal
from clew.datasets.lake.failpoints import reach
from clew.datasets.lake.layout import ROW_BITS
from clew.datasets.lake.store import Staged
from clew.datasets.lake.withdrawal import Withdrawal
from clew.datasets.models import Batch, LakeFile
from clew.declare import Dataset, registry
from clew.declare.types import PersonId
from clew.kernel import clock
from clew.kernel.errors import InputError
from clew.kernel.workspace import Workspace

_UNREADABLE = (
    duckdb.InvalidInputException,
    duckdb.ConversionException,
    duckdb.OutOfRangeException,
    duckdb.SerializationException,
)


@dataclass
class Work:
    """One dataset of one file."""

    request: Request
    workspace: Workspace
    staging: Path
    source: reading.Source
    target: Target
    guessed: dict[str, str]
    unknown: list[str]
    by: Account
    progress: Progress

    def run(self) -> Receipt:
        contract = registry.dataset(self.target.dataset)
        department = queries.department_named(
            self.request.department
            or self.target.department
            or recognise.department(contract, self.request.file_name, queries.department_names())
        )
        require(self.by, "ingest", contract.name, department)
        earlier = queries.earlier_delivery(self.source.sha256, contract.name, department)
        if earlier is not None:
            return self._duplicate(earlier)
        going = self._going(contract, department)
        with self._engine() as con:
            with engine.connect(self.workspace, also=self.source.also, streams=True) as reader:
                work = self._type(con, reader, contract)
            return self._judge_and_publish(con, work, department, going)

    def _going(self, contract: type[Dataset], department: Department) -> Withdrawal | None:
        """The lake without the batch that this delivery supersedes: what it is judged against.

        None if it supersedes none, or the batch went with an earlier table of the same file.
        """
        if not self.request.supersedes:
            return None
        delivery = str(self.request.container.get("delivery", ""))
        old = queries.to_supersede(self.request.supersedes, contract.name, department, delivery)
        return withdrawal.prepare(self.workspace, old, self.staging) if old else None

    def _duplicate(self, earlier: Batch) -> Receipt:
        if not self.request.dry_run:
            actions.note_duplicate(by=self.by, batch=earlier)
        return Receipt(
            self.request.file_name, earlier.dataset, Batch.DUPLICATE, earlier.code,
            earlier.rows, 0, 0, earlier.rows,
            cause=f"与批次 {earlier.code} 是同一份文件 (the same file as batch {earlier.code})",
            next_step=f"clew datasets show {earlier.code}",
        )  # fmt: skip

    @contextmanager
    def _engine(self) -> Iterator[duckdb.DuckDBPyConnection]:
        database = self.staging / "delivery.duckdb"
        with engine.connect(
            self.workspace, also=self.source.also, database=database, at_most=engine.SORT_THREADS
        ) as con:
            yield con

    def _type(
        self,
        con: duckdb.DuckDBPyConnection,
        reader: duckdb.DuckDBPyConnection,
        contract: type[Dataset],
    ) -> typed.Typed:
        work = typed.Typed(
            contract, self.target.columns, clock.today(), self.target.scheme, self.target.names
        )
        self.progress("type", SPANS["type"][0])
        try:
            self._build(con, reader, work)
        except _UNREADABLE as error:
            if self.source.format == "parquet":
                raise self._unreadable(error) from error
            # The engine's reader is strict; read it row by row, and set the bad ones apart.
            self.source = reading.rewrite(self.source, self.staging)
            try:
                self._build(con, reader, work)
            except _UNREADABLE as again:
                raise self._unreadable(again) from again
        except duckdb.Error as error:
            if self.source.format != "parquet" or _disk_failed(error):
                raise
            raise reading.damaged(self.source.path, error) from error
        reach("after-typed")
        return work

    def _build(
        self,
        con: duckdb.DuckDBPyConnection,
        reader: duckdb.DuckDBPyConnection,
        work: typed.Typed,
    ) -> None:
        file = self.staging / "typed.parquet"
        try:
            rows = firstpass.write(
                reader, work.columns, work.delivered, work.received, self.source,
                self.target.where, file,
            )  # fmt: skip
            typed.build(con, work, rows, self.workspace.key)
        except duckdb.BinderException as error:
            raise InputError(
                f"映射不适用于 {self.request.file_name}: {_first_line(error)} "
                "(the mapping does not fit the file)",
                next_step=f"clew datasets map {self.request.file_name}",
            ) from error

    def _unreadable(self, error: duckdb.Error) -> InputError:
        if self.request.mapping is None and self.source.format == "parquet":
            return reading.damaged(self.source.path, error)
        return InputError(
            f"{self.request.file_name} 无法按映射读取: {_first_line(error)} "
            "(it cannot be read as the mapping says)",
            next_step="请检查映射中的表达式和文件 (check the mapping's expressions and the file)",
        )

    def _judge_and_publish(
        self,
        con: duckdb.DuckDBPyConnection,
        work: typed.Typed,
        department: Department,
        going: Withdrawal | None,
    ) -> Receipt:
        contract = work.dataset
        held, dead = (
            going.files(self.workspace, kind)
            if going
            else queries.paths(self.workspace, contract.name, kind)
            for kind in (LakeFile.ROWS, LakeFile.TOMBSTONES)
        )
        persons = queries.paths(self.workspace, None, LakeFile.IDENTITIES)
        number = queries.next_batch_number(self.source.sha256, contract.name, department)
        row_base = number << ROW_BITS
        self.progress("judge", SPANS["judge"][0])
        counts = judged.judge(con, work, row_base, held, dead)
        bad = self.source.bad_rows
        batch = Batch(
            id=number,
            dataset=contract.name,
            department=department,
            file_name=self.request.file_name,
            file_hash=self.source.sha256,
            status=Batch.PUBLISHED,
            received_at=clock.now(),
            received_by=self.by,
            mapping=self.request.mapping.name if self.request.mapping else "",
            scheme=self.target.scheme,
            rows=counts.rows + len(bad),
            quarantined=counts.quarantined + len(bad),
            duplicates=counts.duplicates,
        )
        batch.accepted = batch.rows - batch.quarantined - batch.duplicates
        found = self._report(con, work, batch, row_base, counts.stale)
        self._refuse_empty(batch)
        if found.held_for:
            return self._hold(batch, found)
        people = [f"who_{c.name}" for c in work.columns if isinstance(c.type, PersonId)]
        if people:
            identities.refuse_collisions(con, people, persons)
        self.progress("write", SPANS["write"][0])
        staged = writing.write(
            con, work, self.source, self.staging, row_base, batch.accepted, persons
        )
        found.filled = report.filled(staged)
        reach("after-stage")
        return self._publish(batch, found, staged, going)

    def _report(
        self,
        con: duckdb.DuckDBPyConnection,
        work: typed.Typed,
        batch: Batch,
        row_base: int,
        stale: int,
    ) -> report.Report:
        found = report.Report(
            stale=stale, unknown_columns=self.unknown, layout=self._layout(),
            mapping=self._mapping(), corrects=self.request.corrects,
            corrected_rows=list(self.request.corrected_rows), supersedes=self.request.supersedes,
        )  # fmt: skip
        found.repaired, found.flagged = repairs.note(con, work, row_base)
        found.quarantined = report.quarantine_reasons(con, [b.reason for b in self.source.bad_rows])
        found.period = batch.period_start, batch.period_end = report.period(con, work)
        found.control = control.compare(con, work, self.target, self.source)
        found.table, found.container = self._table(), dict(self.request.container)
        if errors := found.container.get("error_cells"):
            found.flagged["ERROR_CELL"] += errors
        found.key_coverage = report.key_coverage(con, work)
        found.medians = report.medians(con, work)
        report.compare(found, batch, batch.rows)
        self._meet_neighbours(con, work, batch, found)
        if self.guessed:
            pairs = ", ".join(f"{h} → {c}" for c, h in self.guessed.items())
            found.held_for.append({"what": "mapping", "column": pairs})
        if self.source.truncated:
            found.held_for.append({"what": "truncated", "column": str(self.source.truncated)})
        found.held_for += [
            {"what": "control", "column": c, "stated": e["stated"], "summed": e["summed"]}
            for c, e in found.control.items()
            if not e["ok"]
        ]
        asked = {h["what"] for h in found.held_for}
        found.confirmed = sorted(asked & self.request.confirmed)
        found.held_for = [h for h in found.held_for if h["what"] not in self.request.confirmed]
        batch.code = batch_code(batch)
        return found

    def _meet_neighbours(
        self,
        con: duckdb.DuckDBPyConnection,
        work: typed.Typed,
        batch: Batch,
        found: report.Report,
    ) -> None:
        found.held_for += neighbouring.units_elsewhere(con, work, self.workspace)
        if orphans := neighbouring.orphans(con, work, self.workspace):
            found.flagged[neighbouring.ORPHAN] += orphans
        found.overlaps = neighbouring.overlaps(batch, except_for=self.request.supersedes)
        found.alarms = alarms.alarms(work.dataset, batch)

    def _refuse_empty(self, batch: Batch) -> None:
        if batch.rows == 0:
            raise InputError(
                f"{batch.file_name} 只有表头, 没有数据行 (a header and no rows)",
                next_step="请数据提供部门重新导出 (ask the owner to export it again)",
            )

    def _hold(self, batch: Batch, found: report.Report) -> Receipt:
        batch.status = Batch.HELD
        batch.cause = [hold_text(reason) for reason in found.held_for]
        receipt = self._receipt(batch, found)
        receipt.cause = "; ".join(batch.cause)
        receipt.next_step = (
            f"clew datasets confirm {batch.code} 或 clew datasets refuse {batch.code}"
        )
        if not self.request.dry_run:
            actions.hold(
                by=self.by, batch=batch, report=found.as_json(), delivered=self.request.path
            )
        return receipt

    def _layout(self) -> dict[str, Any]:
        """How the file was read, so that its quarantine can go back in its owner's own layout."""
        return {
            "headers": list(self.source.headers),
            "delimiter": self.source.layout.delimiter if self.source.layout else ",",
            "columns": dict(self.target.columns),
        }

    def _table(self) -> dict[str, Any]:
        """What stood around the table; a plain one has nothing to tell."""
        layout = self.source.layout
        found = {
            "above": list(layout.head.above) if layout else [],
            "header_lines": layout.head.lines if layout and layout.head.lines > 1 else 0,
            "below": list(self.source.end.notes),
            "totals": self.source.totals,
        }
        return {key: value for key, value in found.items() if value}

    def _mapping(self) -> Any:
        """The mapping file's content as JSON, so that a confirmed batch is read as it was sent."""
        if self.request.mapping is None:
            return None
        return json.loads(json.dumps(self.request.mapping.raw, default=str))

    def _publish(
        self,
        batch: Batch,
        found: report.Report,
        staged: list[Staged],
        going: Withdrawal | None,
    ) -> Receipt:
        if self.request.dry_run:
            return self._receipt(batch, found)
        self.progress("publish", SPANS["publish"][0])
        actions.publish(
            by=self.by, batch=batch, report=found.as_json(), staged=staged,
            confirmed_mapping=self._confirmed(), headers=self.source.headers, going=going,
        )  # fmt: skip
        self.progress("publish", 1.0)
        return self._receipt(batch, found)

    def _confirmed(self) -> dict[str, str] | None:
        """The guessed header mapping that a person's word has just made certain."""
        if not self.guessed or "mapping" not in self.request.confirmed:
            return None
        matched = recognise.match(registry.dataset(self.target.dataset), self.source.headers)
        return matched.columns

    def _receipt(self, batch: Batch, found: report.Report) -> Receipt:
        return Receipt(
            batch.file_name, batch.dataset, batch.status, batch.code, batch.rows, batch.accepted,
            batch.quarantined, batch.duplicates, dict(sorted(found.repaired.items())),
            dict(sorted(found.flagged.items())), found.unknown_columns,
            notes=report.surroundings(found),
        )  # fmt: skip


def _disk_failed(error: duckdb.Error) -> bool:
    """Whether the engine lacked room, rather than met bytes that make no sense."""
    return isinstance(error, duckdb.OutOfMemoryException) or "No space left" in str(error)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def batch_code(batch: Batch) -> str:
    """The outside id: file, dataset, department and period, nothing else.

    Only a file that was withdrawn and is delivered once more gets another one.
    """
    parts = [
        batch.file_hash, batch.dataset, batch.department.code,
        str(batch.period_start), str(batch.period_end),
    ]  # fmt: skip
    if times := queries.withdrawn_before(batch):
        parts.append(str(times))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def hold_text(reason: dict[str, str]) -> str:
    """Why a batch waits, in both languages."""
    what, column = reason["what"], reason.get("column", "")
    if "against" in reason:
        return (
            f"列 {column} 的金额与 {reason['against']} 中同一事实相差约一万倍, 请确认单位 "
            f"({column} stands about 10,000 to 1 to the same facts in {reason['against']}: "
            "which unit?)"
        )
    if what == "unit":
        return (
            f"列 {column} 的金额与批次 {reason['previous']} 相差约一万倍, 请确认单位 "
            f"({column} stands about 10,000 to 1 to batch {reason['previous']}: which unit?)"
        )
    if what == "control":
        return (
            f"列 {column} 的合计行为 {reason['stated']}, 逐行相加为 {reason['summed']} "
            f"({column}: the totals row says {reason['stated']}, the rows add up to "
            f"{reason['summed']})"
        )
    if what == "mapping":
        return f"表头对应关系待确认: {column} (is this header mapping right?)"
    return f"文件在第 {column} 行中断, 可能被截断 (the file breaks off at row {column})"
