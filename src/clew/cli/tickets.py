"""Questions to the owners of data: rows that a false hit or a correction calls wrong."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from clew.cli import screen
from clew.cli.session import begin
from clew.detection import access
from clew.detection.models import Ticket
from clew.detection.verdicts import actions, queries

app = typer.Typer(help="数据质量单。Questions to the owners of data.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="machine-readable")]
TicketId = Annotated[str, typer.Argument(metavar="TICKET", help="a ticket's id, or its beginning")]
SHOWN = 20
_STATES = {Ticket.OPEN: "待答复", Ticket.ANSWERED: "已答复"}


@app.command("list")
def list_(
    status: Annotated[str, typer.Option(help="only open or answered ones")] = "",
    department: Annotated[str, typer.Option(help="only this department's, by its code")] = "",
    json: Json = False,
) -> None:
    """列出数据质量单。Tickets with their department, rows and state."""
    seen = set(access.visible_tickets(begin()).values_list("pk", flat=True))
    found = [t for t in queries.tickets(status=status, department=department) if t.pk in seen]
    if json:
        screen.show_json([_as_json(t) for t in found])
    else:
        _table(found)


@app.command("show")
def show(ticket: TicketId, json: Json = False) -> None:
    """查看一张: 哪些行、为何、答复。One ticket: which rows, why, and the answer."""
    found = access.ticket_allowed(begin(), "read_tickets", ticket)
    if json:
        screen.show_json(_as_json(found))
        return
    _table([found])
    screen.out.print(f"事由 {found.what}", markup=False)
    listed = ", ".join(map(str, found.rows[:SHOWN]))
    more = " …" if len(found.rows) > SHOWN else ""
    screen.out.print(f"行 {listed}{more}", markup=False)
    if found.answer:
        screen.out.print(f"答复 {found.answer}", markup=False)
    screen.note(f"  → clew trace {found.batch}:{found.rows[0]}")


@app.command("close")
def close(
    ticket: TicketId,
    answer: Annotated[str, typer.Option(help="what the owner says")] = "",
    json: Json = False,
) -> None:
    """数据归口部门答复, 办结。The owner's answer closes a ticket."""
    by = begin()
    found = actions.answer_ticket(by=by, ticket=ticket, answer=answer)
    if json:
        screen.show_json(_as_json(found))
        return
    screen.note(f"数据质量单 {found.code} 已答复 (answered)")
    screen.note("  → clew ingest FILE (the corrected rows)   clew detect")


@app.command("from-run")
def from_run(
    run: Annotated[str, typer.Argument(metavar="RUN", help="a run's id; none: the last")] = "",
    json: Json = False,
) -> None:
    """把一次运行的数据更正事实发给归口部门。Asks owners about what a run calls a wrong record."""
    by = begin()
    opened = actions.open_tickets(by=by, run=queries.run(run))
    if json:
        screen.show_json([_as_json(t) for t in opened])
        return
    _table(opened)
    screen.note(f"新发 {len(opened)} 张; 问过的行不再问 (rows asked about before are left out)")


def _table(tickets: list[Ticket]) -> None:
    screen.table(
        ["单号 ticket", "部门", "数据集", "批次", ">行数", "模型", "原因 cause", "线索", "状态"],
        [
            (t.code, t.department.name_zh, t.dataset, t.batch, len(t.rows),
             f"{t.detector}{t.rule}", t.cause, t.clue.code if t.clue else "", _STATES[t.status])
            for t in tickets
        ],
    )  # fmt: skip


def _as_json(ticket: Ticket) -> dict[str, Any]:
    return {
        "ticket": ticket.code,
        "department": ticket.department.code,
        "dataset": ticket.dataset,
        "batch": ticket.batch,
        "rows": ticket.rows,
        "detector": ticket.detector,
        "rule": ticket.rule,
        "cause": ticket.cause,
        "what": ticket.what,
        "clue": ticket.clue.code if ticket.clue else "",
        "status": ticket.status,
        "opened_at": ticket.opened_at.isoformat(timespec="seconds"),
        "answer": ticket.answer,
    }
