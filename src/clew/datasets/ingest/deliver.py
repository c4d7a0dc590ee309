"""One file on its way into the lake, stage by stage.

    read → recognise → type → judge → report → stage → place → publish

Up to `publish` nothing can be seen by a reader; the commit there is the publication.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from clew.accounts.models import Account, Department
from clew.datasets import actions, queries
from clew.datasets.ingest import judged, reading, recognise, report, typed, writing
from clew.datasets.ingest.mapping import Mapping_, Target, in_unit
from clew.datasets.lake import engine, identities, store
from clew.datasets.lake.failpoints import reach
from clew.datasets.lake.store import Staged
from clew.datasets.models import Batch, LakeFile
from clew.declare import Dataset, registry
from clew.declare.types import PersonId
from clew.kernel import clock
from clew.kernel.errors import ClewError, InputError
from clew.kernel.workspace import Workspace

Progress = Callable[[str, float], None]
ROW_BITS = 32


@dataclass(frozen=True, slots=True)
class Request:
    """What the sender says of a file. Empty texts are found out from the file.

    `confirmed` names what a person has confirmed: "mapping", "unit", "truncated".
    """

    path: Path
    dataset: str = ""
    department: str = ""
    mapping: Mapping_ | None = None
    confirmed: frozenset[str] = frozenset()
    dry_run: bool = False


@dataclass
class Receipt:
    """What became of one dataset in a file."""

    file: str
    dataset: str
    status: str
    batch: str = ""
    rows: int = 0
    accepted: int = 0
    quarantined: int = 0
    duplicates: int = 0
    repaired: dict[str, int] = field(default_factory=dict)
    flagged: dict[str, int] = field(default_factory=dict)
    unknown_columns: list[str] = field(default_factory=list)
    cause: str = ""
    next_step: str = ""


def deliver(
    request: Request, *, by: Account, progress: Progress = lambda stage, share: None
) -> list[Receipt]:
    """Takes one file in. A refused file gives one receipt and leaves nothing but its refusal."""
    workspace = Workspace.current()
    with store.exclusive(workspace):
        store.sweep(workspace)
        staging = workspace.staging / "delivery"
        staging.mkdir(parents=True, exist_ok=True)
        try:
            return _deliver(request, workspace, staging, by, progress)
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def _deliver(
    request: Request, workspace: Workspace, staging: Path, by: Account, progress: Progress
) -> list[Receipt]:
    try:
        source = reading.read(request.path, staging, lambda share: progress("read", share))
        targets = _targets(request, source)
    except InputError as error:
        digest = reading.sha256(request.path) if request.path.is_file() else ""
        return [_refuse(request, digest, error, by)]
    reach("after-read")
    receipts = []
    for number, (target, guessed, unknown) in enumerate(targets):
        folder = staging / f"{number}"
        folder.mkdir()
        work = _Work(request, workspace, folder, source, target, guessed, unknown, by, progress)
        try:
            receipts.append(work.run())
        except InputError as error:
            receipts.append(_refuse(request, source.sha256, error, by, target))
    return receipts


def _targets(
    request: Request, source: reading.Source
) -> list[tuple[Target, dict[str, str], list[str]]]:
    """Datasets to feed from this file, with guessed headers and headers left out.

    Raises:
        InputError: the file fits no dataset, or lacks required columns.
    """
    if request.mapping is not None:
        entry = request.mapping.for_headers(source.headers, request.path.name)
        return [(target, {}, []) for target in entry.targets]
    if request.dataset:
        contract = registry.dataset(request.dataset)
        matched = recognise.match(contract, source.headers)
        if matched.missing:
            raise _lacking(contract, matched.missing, request.path.name)
    else:
        contracts = registry.datasets().values()
        matched = recognise.recognise(contracts, source.headers, request.path.name)
    remembered = queries.confirmed_mapping(matched.dataset.name, source.headers)
    guessed = {} if remembered else matched.guessed
    columns = {
        column: in_unit(engine.name(header), matched.factors[column])
        if column in matched.factors
        else engine.name(header)
        for column, header in (remembered or matched.columns).items()
    }
    return [(Target(matched.dataset.name, columns), guessed, matched.unknown)]


def _lacking(contract: type[Dataset], missing: list[str], file_name: str) -> InputError:
    titles = ", ".join(f"{m} ({contract.columns[m].title.zh})" for m in missing)
    return InputError(
        f"{file_name} 缺少 {contract.name} 必需的列: {titles} (required columns are missing)",
        next_step=f"clew datasets show {contract.name}; clew datasets map {file_name}",
    )


def _refuse(
    request: Request, digest: str, error: ClewError, by: Account, target: Target | None = None
) -> Receipt:
    dataset = target.dataset if target else request.dataset
    receipt = Receipt(
        request.path.name, dataset, Batch.REFUSED, cause=error.cause, next_step=error.next_step
    )
    if not request.dry_run:
        receipt.batch = actions.refuse(
            by=by, file_name=request.path.name, file_hash=digest, dataset=dataset, cause=error.cause
        ).code
    return receipt


@dataclass
class _Work:
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
            or recognise.department(contract, self.request.path.name, queries.department_names())
        )
        earlier = queries.earlier_delivery(self.source.sha256, contract.name, department)
        if earlier is not None:
            return self._duplicate(earlier)
        with self._engine() as con:
            work = self._type(con, contract)
            return self._judge_and_publish(con, work, department)

    def _duplicate(self, earlier: Batch) -> Receipt:
        if not self.request.dry_run:
            actions.note_duplicate(by=self.by, batch=earlier, file_name=self.request.path.name)
        return Receipt(
            self.request.path.name, earlier.dataset, Batch.DUPLICATE, earlier.code,
            earlier.rows, 0, 0, earlier.rows,
            cause=f"与批次 {earlier.code} 是同一份文件 (the same file as batch {earlier.code})",
            next_step=f"clew datasets show {earlier.code}",
        )  # fmt: skip

    @contextmanager
    def _engine(self) -> Iterator[duckdb.DuckDBPyConnection]:
        database = self.staging / "delivery.duckdb"
        with engine.connect(self.workspace, also=self.source.also, database=database) as con:
            yield con

    def _type(self, con: duckdb.DuckDBPyConnection, contract: type[Dataset]) -> typed.Typed:
        work = typed.Typed(
            contract, self.target.columns, clock.today(), self.target.scheme, self.target.names
        )
        self.progress("type", 0.0)
        try:
            typed.build(con, work, self.source.scan, self.target.where, self.workspace.key)
        except duckdb.BinderException as error:
            raise InputError(
                f"映射引用了文件中没有的列: {error} (the mapping names a column the file lacks)",
                next_step=f"clew datasets map {self.request.path.name}",
            ) from error
        except (duckdb.InvalidInputException, duckdb.ConversionException):
            self.source = reading.rewrite(self.source, self.staging.parent)
            return self._again(con, work)
        reach("after-typed")
        return work

    def _again(self, con: duckdb.DuckDBPyConnection, work: typed.Typed) -> typed.Typed:
        typed.build(con, work, self.source.scan, self.target.where, self.workspace.key)
        reach("after-typed")
        return work

    def _judge_and_publish(
        self, con: duckdb.DuckDBPyConnection, work: typed.Typed, department: Department
    ) -> Receipt:
        contract = work.dataset
        held = queries.paths(self.workspace, contract.name, LakeFile.ROWS)
        dead = queries.paths(self.workspace, contract.name, LakeFile.TOMBSTONES)
        persons = queries.paths(self.workspace, None, LakeFile.IDENTITIES)
        number = queries.next_batch_number(self.source.sha256, contract.name, department)
        row_base = number << ROW_BITS
        self.progress("judge", 0.4)
        counts = judged.judge(con, work, row_base, held, dead)
        bad = self.source.bad_rows
        batch = Batch(
            id=number,
            dataset=contract.name,
            department=department,
            file_name=self.request.path.name,
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
        self._refuse_rubbish(batch)
        if found.held_for:
            return self._hold(batch, found)
        people = [f"who_{c.name}" for c in work.columns if isinstance(c.type, PersonId)]
        if people:
            identities.refuse_collisions(con, people, persons)
        self.progress("write", 0.6)
        staged = writing.write(
            con, work, self.source, self.staging, row_base, batch.accepted, persons
        )
        found.filled = report.filled(staged)
        reach("after-stage")
        return self._publish(batch, found, staged)

    def _report(
        self,
        con: duckdb.DuckDBPyConnection,
        work: typed.Typed,
        batch: Batch,
        row_base: int,
        stale: int,
    ) -> report.Report:
        found = report.Report(stale=stale, unknown_columns=self.unknown)
        found.repaired, found.flagged = typed.repairs(con, work, row_base)
        found.quarantined = report.quarantine_reasons(con, [b.reason for b in self.source.bad_rows])
        found.period = batch.period_start, batch.period_end = report.period(con, work)
        found.key_coverage = report.key_coverage(con, work)
        found.medians = report.medians(con, work)
        report.compare(found, batch, batch.rows)
        if self.guessed:
            pairs = ", ".join(f"{h} → {c}" for c, h in self.guessed.items())
            found.held_for.append({"what": "mapping", "column": pairs})
        if self.source.truncated:
            found.held_for.append({"what": "truncated", "column": str(self.source.truncated)})
        found.held_for = [h for h in found.held_for if h["what"] not in self.request.confirmed]
        batch.code = batch_code(batch)
        return found

    def _refuse_rubbish(self, batch: Batch) -> None:
        """A file none of whose rows can be read is another kind of file.

        Raises:
            InputError: no row at all, or every row without its key.
        """
        if batch.rows == 0:
            raise InputError(
                f"{batch.file_name} 只有表头, 没有数据行 (a header and no rows)",
                next_step="请数据提供部门重新导出 (ask the owner to export it again)",
            )

    def _hold(self, batch: Batch, found: report.Report) -> Receipt:
        batch.status = Batch.HELD
        receipt = self._receipt(batch, found)
        receipt.cause = "; ".join(hold_text(h) for h in found.held_for)
        receipt.next_step = f"clew datasets confirm {batch.code} 或 clew datasets refuse {batch.code}"
        if not self.request.dry_run:
            actions.hold(by=self.by, batch=batch, report=found.as_json(), delivered=self.request.path)
        return receipt

    def _publish(self, batch: Batch, found: report.Report, staged: list[Staged]) -> Receipt:
        if self.request.dry_run:
            return self._receipt(batch, found)
        self.progress("publish", 0.9)
        actions.publish(
            by=self.by, batch=batch, report=found.as_json(), staged=staged,
            confirmed_mapping=self._confirmed(),
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
        )  # fmt: skip


def batch_code(batch: Batch) -> str:
    """The outside id: file, dataset, department and period, nothing else."""
    parts = (
        batch.file_hash, batch.dataset, batch.department.code,
        str(batch.period_start), str(batch.period_end),
    )  # fmt: skip
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def hold_text(reason: dict[str, str]) -> str:
    """Why a batch waits, in both languages."""
    what, column = reason["what"], reason.get("column", "")
    if what == "unit":
        return (
            f"列 {column} 的金额与批次 {reason['previous']} 相差约一万倍, 请确认单位 "
            f"({column} stands about 10,000 to 1 to batch {reason['previous']}: which unit?)"
        )
    if what == "mapping":
        return f"表头对应关系待确认: {column} (is this header mapping right?)"
    return f"文件在第 {column} 行中断, 可能被截断 (the file breaks off at row {column})"
