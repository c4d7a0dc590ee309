"""Rows that wait for their owner."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clew.cli import screen
from clew.cli.ingest import EXIT, as_json, show
from clew.cli.session import begin
from clew.datasets import access, actions, queries, reasons
from clew.datasets.excel import resubmitting
from clew.datasets.ingest.recognise import match
from clew.datasets.models import Batch
from clew.datasets.places import quarantined_rows
from clew.declare import registry
from clew.declare.types import S2, S3

app = typer.Typer(help="隔离区。Rows that break their contract.", no_args_is_help=True)


@app.command("list")
def list_(
    batch: Annotated[str, typer.Argument(help="a batch; without it, all with quarantine")] = "",
    limit: Annotated[int, typer.Option(help="at most so many rows")] = 50,
    json: Annotated[bool, typer.Option("--json", help="machine-readable")] = False,
) -> None:
    """列出被隔离的行: 文件、行号、列、原因。File, row, column and reason of each row."""
    seen = access.visible_quarantine(begin()).order_by("id")
    chosen = [access.named(seen, batch)] if batch else list(seen.filter(quarantined__gt=0))
    rows = []
    for found in chosen:
        for row in quarantined_rows(found, limit):
            for reason in row.reasons:
                column, _, code = reason.partition(":")
                rows.append(
                    {"batch": found.code, "file": found.file_name, "row": row.row,
                     "column": column, "reason": code, "value": _value(found, column, row.cells)}
                )  # fmt: skip
    if json:
        screen.show_json(rows)
        return
    screen.table(
        ["批次", "文件", ">行", "列", "代码", "原值", "说明"],
        [(*r.values(), reasons.fault(str(r["reason"])).of("zh")) for r in rows],
    )
    for found in chosen:
        for mended in queries.corrections(found):
            screen.note(f"  ✓ {found.code} 已由 {mended.code} 更正 {mended.accepted} 行 (mended)")
    if rows:
        first = rows[0]["batch"]
        screen.note(f"  → clew quarantine export {first} (the owner mends and returns it)")


@app.command()
def export(
    batch: Annotated[str, typer.Argument(help="a batch's id, or its beginning")],
    out: Annotated[Path | None, typer.Option(help="the workbook to write")] = None,
    json: Annotated[bool, typer.Option("--json", help="machine-readable")] = False,
) -> None:
    """导出成部门自己的 Excel, 错处标红。The owner's own sheet, what is wrong in red."""
    by = begin()
    found = access.named(access.visible_quarantine(by), batch)
    path = out or Path(f"{Path(found.file_name).stem}-待更正-{found.code}.xlsx")
    actions.export_quarantine(by=by, batch=found, path=path)
    if json:
        screen.show_json({"batch": found.code, "file": str(path), "rows": found.quarantined})
        return
    screen.note(f"已写入 {path}: {found.quarantined} 行待更正 (written; it holds personal data)")
    screen.note(f"  → 部门改好后: clew quarantine resubmit {path}")


@app.command()
def resubmit(
    file: Annotated[Path, typer.Argument(help="a workbook that export wrote, mended")],
    json: Annotated[bool, typer.Option("--json", help="machine-readable")] = False,
) -> None:
    """部门改好的 Excel 重新报送。Delivers a mended workbook; exit 0, 3 held, 4 refused."""
    by = begin()
    with screen.progress(file.name) as tell:
        done = resubmitting.resubmit(file, by=by, progress=tell)
    if json:
        screen.show_json(
            {"corrects": done.corrects, "sent": done.sent, "waiting": done.waiting,
             "receipts": [as_json(r) for r in done.receipts]}
        )  # fmt: skip
    else:
        show(done.receipts)
        screen.note(f"更正批次 {done.corrects}: 报送 {done.sent} 行, 仍待更正 {done.waiting} 行")
    worst = max(EXIT[r.status] for r in done.receipts)
    if worst:
        raise typer.Exit(worst)


def _value(batch: Batch, column: str, cells: object) -> str:
    """What stood in the cell; personal data stays hidden."""
    contract = registry.datasets().get(batch.dataset)
    if contract is None or column not in contract.columns or not isinstance(cells, dict):
        return ""
    if contract.columns[column].type.sensitivity in (S2, S3):
        return "***"
    header = match(contract, [str(h) for h in cells]).columns.get(column, "")
    return str(cells.get(header) or "")
