"""A returned workbook, mended by its owner, goes through the same door as any delivery."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from clew.accounts.models import Account
from clew.datasets.access import require
from clew.datasets.excel import marks
from clew.datasets.excel.marks import Marks
from clew.datasets.excel.returned import OWN, first_rows, sheet_of
from clew.datasets.ingest import mapping, workbook
from clew.datasets.ingest.deliver import deliver
from clew.datasets.ingest.request import Progress, Receipt, Request
from clew.datasets.lake import store
from clew.datasets.models import Batch
from clew.datasets.places import quarantined_rows
from clew.kernel.errors import InputError, NotFound
from clew.kernel.workspace import Workspace

_CORRECTED = "-更正-"


@dataclass(frozen=True, slots=True)
class Fixed:
    """Rows of a mended workbook: for each its row in the owner's file (0 for one they added) and
    its cells in the order of `marks.headers`. `waiting` counts rows not yet split into columns.
    """

    marks: Marks
    numbers: Sequence[int]
    rows: Sequence[Sequence[str]]
    waiting: int


@dataclass(frozen=True, slots=True)
class Resubmitted:
    """What became of a mended workbook. `waiting` rows stay in the quarantine of `corrects`."""

    receipts: list[Receipt]
    corrects: str
    sent: int
    waiting: int


def resubmit(
    path: Path, *, by: Account, progress: Progress = lambda stage, share: None
) -> Resubmitted:
    """Delivers a mended workbook for the dataset and department of the batch it corrects.

    Raises:
        InputError: no returned workbook of Clew, its header was changed, or it holds no row.
        NotFound: this workspace has no such batch.
        Denied: no post that repairs the owner's rows.
        StoreError: disk or database failed; nothing is published.
    """
    fixed = read_fixed(path)
    batch = _corrected(fixed.marks, path)
    return _send(fixed, batch, by, progress)


def resubmit_row(*, by: Account, batch: Batch, row: int, cells: Mapping[str, str]) -> Resubmitted:
    """Delivers one quarantined row with other cells, as if its owner had mended it in the workbook.

    row: its number in the owner's file. cells: what changes, by header.

    Raises:
        NotFound: no such row waits in the batch.
        InputError: nothing changes, a header that the file does not have, or a row that has to be
            split into columns first.
        Denied, StoreError: as of `resubmit`.
    """
    waiting = quarantined_rows(batch)
    numbers = first_rows(batch, waiting)
    found = next((r for r, n in zip(waiting, numbers, strict=True) if n == row), None)
    if found is None:
        raise NotFound("没有这一行在等更正 (no such row waits)", next_step="刷新页面 (reload)")
    headers = tuple(sheet_of(batch, waiting).headers)
    if "" in found.cells or set(cells) - set(headers):
        raise InputError(
            "这一行须在退回的 Excel 中更正 (this row is mended in the returned workbook)",
            next_step="下载待更正的 Excel (download the workbook)",
        )
    mended = [cells.get(h, found.cells.get(h) or "") for h in headers]
    if mended == [found.cells.get(h) or "" for h in headers]:
        raise InputError("没有改动 (nothing was changed)", next_step="填写更正值 (type a value)")
    told = Marks(marks.RETURNED, batch.dataset, "", batch=batch.code, headers=headers)
    return _send(Fixed(told, [row], [mended], 0), batch, by, lambda stage, share: None)


def _send(fixed: Fixed, batch: Batch, by: Account, progress: Progress) -> Resubmitted:
    require(by, "repair", batch.dataset, batch.department)
    workspace = Workspace.current()
    with store.disk_errors():
        workspace.exports.mkdir(parents=True, exist_ok=True)
        # Not under staging/, which a delivery sweeps when it begins.
        with tempfile.TemporaryDirectory(dir=workspace.exports, prefix="resubmit-") as folder:
            request = Request(
                _staged(fixed, Path(folder) / _file_name(batch)), batch.dataset,
                batch.department.code, _mapping(batch), corrects=batch.code,
                corrected_rows=tuple(fixed.numbers),
            )  # fmt: skip
            receipts = deliver(request, by=by, progress=progress)
    kept = max(fixed.waiting, batch.quarantined - sum(n > 0 for n in fixed.numbers))
    return Resubmitted(receipts, batch.code, len(fixed.rows), kept)


def read_fixed(path: Path) -> Fixed:
    """Reads a workbook that `returned` wrote, whatever its owner did to the cells.

    Raises:
        InputError: it is none, or its header or hidden sheet was changed.
    """
    if not path.is_file():
        raise InputError(
            f"文件不存在: {path.name} (no such file)",
            next_step="检查路径后重试 (check the path and repeat the command)",
        )
    with (
        tempfile.TemporaryDirectory(prefix="clew-returned-") as folder,
        workbook.opened(path, Path(folder)) as book,
    ):
        found = marks.read(book.calamine)
        if found is None or found.kind != marks.RETURNED:
            raise InputError(
                f"{path.name} 不是系统退回的更正文件 (not a workbook that quarantine export wrote)",
                next_step=f"clew ingest {path.name}",
            )
        if found.data not in book.sheets:
            raise InputError(
                f"{path.name} 缺少工作表「{found.data}」 (the sheet is gone)",
                next_step=f"clew quarantine export {found.batch}",
            )
        sheet = book.calamine.get_sheet_by_name(found.data).to_python(skip_empty_area=False)
    # Texts go back exactly as they went out, carriage returns included.
    grid = [[c if isinstance(c, str) else workbook.text(c) for c in row] for row in sheet]
    return _fixed(found, grid, path)


def _fixed(found: Marks, grid: Sequence[Sequence[str]], path: Path) -> Fixed:
    header = grid[0] if grid else []
    places = {title: place for place, title in enumerate(header) if place >= OWN}
    lost = [h for h in found.headers if h not in places]
    if lost:
        raise InputError(
            f"{path.name} 的表头被改动, 找不到: {', '.join(lost)} (headers were changed)",
            next_step=f"恢复表头, 或重新导出: clew quarantine export {found.batch}",
        )
    raw = places.get(marks.raw_title(found.headers))
    numbers, rows, waiting = [], [], 0
    for line in grid[1:]:
        cells = [line[places[h]] for h in found.headers]
        if not any(cell.strip() for cell in cells):
            continue
        if raw is not None and line[raw].strip():
            waiting += 1
            continue
        rows.append(cells)
        numbers.append(int(line[0]) if line[0].isascii() and line[0].isdigit() else 0)
    if not rows:
        raise InputError(
            f"{path.name} 没有可以报送的行 (no row to send)",
            next_step="更正红色单元格, 并清空「原始内容」 (mend the red cells, empty 原始内容)",
        )
    return Fixed(found, numbers, rows, waiting)


def _corrected(found: Marks, path: Path) -> Batch:
    """The batch that the hidden sheet names, if this workspace sent it out for that dataset."""
    batch = Batch.objects.select_related("department").filter(code=found.batch).first()
    if batch is None or batch.dataset != found.dataset:
        raise NotFound(
            f"{path.name} 更正的批次 {found.batch} 不在此工作区 (no such batch in this workspace)",
            next_step="clew datasets batches",
        )
    if batch.status == Batch.WITHDRAWN:
        raise InputError(
            f"批次 {batch.code} 已撤回, 不再接收更正 (withdrawn, so nothing of it can be mended)",
            next_step="请重新报送整份文件 (deliver the whole file anew): clew ingest",
        )
    known = (batch.report.get("layout") or {}).get("headers")
    if batch.department.code != found.department or (known and tuple(known) != found.headers):
        raise InputError(
            f"{path.name} 与批次 {batch.code} 不符 (the hidden sheet contradicts the batch)",
            next_step=f"clew quarantine export {batch.code}",
        )
    return batch


def _mapping(batch: Batch) -> mapping.Mapping_ | None:
    content = batch.report.get("mapping")
    if content:
        return mapping.parse(content, batch.mapping)
    return mapping.load(batch.mapping) if batch.mapping else None


def _file_name(batch: Batch) -> str:
    first = Path(batch.file_name).stem.partition(_CORRECTED)[0]
    return f"{first}{_CORRECTED}{batch.code}.parquet"


def _staged(fixed: Fixed, path: Path) -> Path:
    """The rows as Parquet text: no quoting, no guessing of delimiters on the way back in."""
    columns = list(zip(*fixed.rows, strict=True))
    arrays = [pa.array([cell or None for cell in column], pa.string()) for column in columns]
    pq.write_table(pa.table(arrays, names=list(fixed.marks.headers)), path, compression="zstd")
    return path
