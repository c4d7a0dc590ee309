"""Rows that wait for their owner."""

from __future__ import annotations

from typing import Annotated

import typer

from clew.cli import screen
from clew.cli.session import begin
from clew.datasets import queries
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
    begin()
    chosen = [queries.batch(batch)] if batch else [b for b in queries.batches() if b.quarantined]
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
    screen.table(["批次", "文件", ">行", "列", "原因", "原值"], [tuple(r.values()) for r in rows])
    if rows:
        screen.note("  → 请部门更正后重新送来 (the owner mends the rows and sends them again)")


def _value(batch: Batch, column: str, cells: object) -> str:
    """What stood in the cell; personal data stays hidden."""
    contract = registry.datasets().get(batch.dataset)
    if contract is None or column not in contract.columns or not isinstance(cells, dict):
        return ""
    if contract.columns[column].type.sensitivity in (S2, S3):
        return "***"
    header = match(contract, [str(h) for h in cells]).columns.get(column, "")
    return str(cells.get(header) or "")
