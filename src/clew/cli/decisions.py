"""An officer's word on a clue: it holds, it does not, it is open again."""

from __future__ import annotations

from typing import Annotated

import typer

from clew.cli import screen
from clew.cli.clues import SAID, ClueId, Json, verdict_json
from clew.cli.session import begin
from clew.declare import registry
from clew.detection.models import Ticket, Verdict
from clew.detection.queries import clue as find
from clew.detection.verdicts import actions, codes

Reason = Annotated[str, typer.Option(help="what was verified and how, for the ledger")]


def confirm(clue: ClueId, reason: Reason = "", json: Json = False) -> None:
    """核实一条线索。An officer verified that the clue holds."""
    _show(actions.confirm(by=begin(), clue=clue, reason=reason), [], json)


def rebut(
    clue: ClueId,
    code: Annotated[str, typer.Option(help="reason code; without it, all codes are listed")] = "",
    reason: Reason = "",
    row: Annotated[
        list[str] | None, typer.Option(help="DIRTY_DATA: the wrong evidence row, BATCH:ROW")
    ] = None,
    of: Annotated[str, typer.Option(help="DUPLICATE_OF: the clue that this one repeats")] = "",
    json: Json = False,
) -> None:
    """排除一条线索。The clue does not hold, and why; wrong data become a ticket to their owner."""
    by = begin()
    if not code:
        _list_codes(clue, json)
        return
    verdict, tickets = actions.rebut(
        by=by, clue=clue, code=code, reason=reason, rows=row or [], duplicate_of=of
    )
    _show(verdict, tickets, json)


def reopen(clue: ClueId, reason: Reason = "", json: Json = False) -> None:
    """撤回判定, 重新打开。Takes a verdict back; it stays on record."""
    _show(actions.reopen(by=begin(), clue=clue, reason=reason), [], json)


def _list_codes(clue: str, json: bool) -> None:
    found = find(clue)
    known = codes.known(registry.detector(found.detector))
    if json:
        screen.show_json([{"code": c, "zh": t.zh, "en": t.en} for c, t in known.items()])
        return
    screen.table(["代码 code", "理由", "reason"], [(c, t.zh, t.en) for c, t in known.items()])
    screen.note(f'  → clew clues rebut {found.code} --code CODE --reason "…"')


def _show(verdict: Verdict, tickets: list[Ticket], json: bool) -> None:
    if json:
        screen.show_json(verdict_json(verdict) | {"tickets": [t.code for t in tickets]})
        return
    screen.note(f"线索 {verdict.clue.code}: {SAID[verdict.kind]} {verdict.code}".rstrip())
    for ticket in tickets:
        screen.note(
            f"  数据质量单 {ticket.code} 已发 {ticket.department.name_zh}: {ticket.dataset} "
            f"{ticket.batch} 的 {len(ticket.rows)} 行 (ticket sent)   "
            f"→ clew tickets show {ticket.code}"
        )
    if not tickets:
        screen.note(f"  → clew scorecard {verdict.clue.detector}")
