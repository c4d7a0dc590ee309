"""Taking deliveries in."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from clew.accounts.models import Account
from clew.cli import screen
from clew.cli.session import begin
from clew.datasets import access
from clew.datasets.ingest import mapping as mappings
from clew.datasets.ingest.deliver import Receipt, Request, deliver
from clew.datasets.ingest.request import SPANS
from clew.linkage.repair import FAULTS

EXIT = {"published": 0, "duplicate": 0, "held": 3, "refused": 4}
_NAMES = {"published": "已发布", "held": "待确认", "refused": "拒收", "duplicate": "重复"}


def ingest(
    files: Annotated[list[Path], typer.Argument(help="CSV, TSV, Excel, Parquet, or a ZIP of them")],
    dataset: Annotated[str, typer.Option(help="the dataset, if the file does not tell")] = "",
    department: Annotated[str, typer.Option(help="the department that delivers")] = "",
    mapping: Annotated[str, typer.Option(help="mapping file, or the name of a shipped one")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="confirm the proposed header mapping")] = False,
    supersedes: Annotated[str, typer.Option(help="withdraw this batch in the same step")] = "",
    dry_run: Annotated[bool, typer.Option(help="read and judge, publish nothing")] = False,
    json: Annotated[bool, typer.Option("--json", help="machine-readable")] = False,
) -> None:
    """导入部门数据。Takes files in: exit 0 published or duplicate, 3 held, 4 refused."""
    by = begin()
    if supersedes and len(files) > 1:
        raise typer.BadParameter(
            "一个批次只能由一份文件取代 (one file supersedes one batch)", param_hint="--supersedes"
        )
    request = Request(
        Path(), dataset, department, mappings.load(mapping) if mapping else None,
        frozenset({"mapping"}) if yes else frozenset(), dry_run,
        supersedes=access.allowed(by, "decide_batch", supersedes).code if supersedes else "",
    )  # fmt: skip
    receipts: list[Receipt] = []
    for path in files:
        receipts += take(replace(request, path=path), by, ask=not json)
    if json:
        screen.show_json([as_json(r) for r in receipts])
    else:
        show(receipts)
    worst = max((EXIT[r.status] for r in receipts), default=0)
    if worst:
        raise typer.Exit(worst)


def take(request: Request, by: Account, *, ask: bool) -> list[Receipt]:
    """One file; on a terminal a guessed header mapping is asked about."""
    with screen.progress(request.path.name, SPANS) as tell:
        receipts = deliver(request, by=by, progress=tell)
    waiting = [r for r in receipts if r.status == "held" and "→" in r.cause]
    if ask and waiting and sys.stdin.isatty() and "mapping" not in request.confirmed:
        screen.note(waiting[0].cause)
        if typer.confirm("对应关系正确吗? Is this mapping right?"):
            confirmed = request.confirmed | {"mapping"}
            return take(replace(request, confirmed=confirmed), by, ask=False)
    return receipts


def as_json(receipt: Receipt) -> dict[str, Any]:
    return {
        "batch": receipt.batch,
        "dataset": receipt.dataset,
        "file": receipt.file,
        "status": receipt.status,
        "rows": receipt.rows,
        "accepted": receipt.accepted,
        "quarantined": receipt.quarantined,
        "duplicates": receipt.duplicates,
        "repaired": receipt.repaired,
        "flagged": receipt.flagged,
        "unknown_columns": receipt.unknown_columns,
        "notes": receipt.notes,
        "cause": receipt.cause,
        "next": receipt.next_step,
    }


def show(receipts: list[Receipt], *, advice: bool = True) -> None:
    """One line a receipt; below, what to do about those that need something."""
    screen.table(
        ["批次\nbatch", "数据集\ndataset", "状态\nstatus", ">行\nrows", ">接收\naccepted",
         ">隔离\nquarantined", ">重复\nduplicates", ">修复\nrepaired", "~文件\nfile"],
        [
            (r.batch, r.dataset, _NAMES[r.status], r.rows, r.accepted, r.quarantined, r.duplicates,
             sum(r.repaired.values()), r.file)
            for r in receipts
        ],
    )  # fmt: skip
    for receipt in receipts if advice else ():
        for said in receipt.notes:
            screen.note(f"{receipt.file}: {said}")
        if receipt.unknown_columns:
            screen.note(f"{receipt.file}: 未识别的列已略过 {', '.join(receipt.unknown_columns)}")
        if receipt.cause:
            screen.note(f"{receipt.file}: {receipt.cause}")
            screen.note(f"  → {receipt.next_step}")
        elif receipt.quarantined:
            screen.note(f"{receipt.file}: → clew quarantine list {receipt.batch}")
        mistyped = sum(receipt.flagged.get(code, 0) for code in FAULTS)
        if mistyped and receipt.status == "published":
            screen.note(
                f"{receipt.file}: {mistyped} 个号码未通过校验, 其中的证件或可修复 "
                "(numbers failed their check, some may be repaired) → clew link"
            )
