"""What is done to a matter: opened, moved, assigned, papers, time, money, looked back."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from clew.cli import screen
from clew.cli.matters import MONEY, Json, MatterId, show_page
from clew.cli.session import begin, day
from clew.kernel.errors import InputError
from clew.kernel.money import typed_fen, yuan
from clew.matters import actions, queries
from clew.matters.clocks import actions as clocks
from clew.matters.look_back import actions as looking
from clew.matters.models import MatterClue
from clew.matters.money import actions as money
from clew.matters.opening.actions import open_matter
from clew.matters.outcomes import actions as outcomes
from clew.matters.papers import actions as papers
from clew.matters.papers.actions import Paper

Reason = Annotated[str, typer.Option(help="why, for the ledger")]
Expected = Annotated[str, typer.Option("--if-state", help="refuse if it is in another state now")]
ClueId = Annotated[str, typer.Argument(metavar="CLUE", help="a clue of the matter, its beginning")]
Amount = Annotated[str, typer.Option("--amount", help="in yuan, as 1234.56")]
Files = Annotated[
    list[str] | None, typer.Option("--paper", help="KIND=FILE to attach; may be repeated")
]
_LOOKED = {"pass": "通过 (passed)", "partial": "部分通过 (in part)", "fail": "未通过 (failed)"}


def open_(
    clue: Annotated[list[str], typer.Argument(metavar="CLUE…", help="clues' ids or beginnings")],
    title: Annotated[str, typer.Option(help="a title without names; none: from its clues")] = "",
    department: Annotated[str, typer.Option(help="code of the department in charge")] = "",
    kind: Annotated[str, typer.Option(help="a lifecycle of the domain; none: its first")] = "",
    parent: Annotated[str, typer.Option(help="the matter that this one is a part of")] = "",
    json: Json = False,
) -> None:
    """由线索立事项。Opens a matter of clues; each is in one open matter at most."""
    by = begin()
    opened = open_matter(
        by=by, clues=clue, title=title, department=department, kind=kind, parent=parent
    )
    show_page(queries.page(by, opened.code), json)


def advance(
    matter: MatterId,
    transition: Annotated[str, typer.Argument(help="its name, as clew matters show lists it")],
    answer: Annotated[
        list[str] | None, typer.Option("--answer", help="FIELD=VALUE; may be repeated")
    ] = None,
    paper: Files = None,
    expected: Expected = "",
    note: Annotated[str, typer.Option(help="a remark, without names")] = "",
    json: Json = False,
) -> None:
    """流转事项。Takes one step of the lifecycle, with papers and answers."""
    by = begin()
    actions.advance(
        by=by, matter=matter, transition=transition, answers=dict(_pairs(answer or ())),
        attachments=_papers(paper or ()), expected_state=expected, note=note,
    )  # fmt: skip
    show_page(queries.page(by, matter), json)


def assign(
    matter: MatterId,
    handler: Annotated[list[str], typer.Option("--handler", help="account; may be repeated")],
    department: Annotated[str, typer.Option(help="code of the department in charge")] = "",
    reason: Reason = "",
    expected: Expected = "",
    json: Json = False,
) -> None:
    """交办或改派。Names the handlers; who handles a matter does not decide it."""
    by = begin()
    actions.assign(
        by=by, matter=matter, handlers=handler, department=department, reason=reason,
        expected_state=expected,
    )  # fmt: skip
    show_page(queries.page(by, matter), json)


def return_(
    matter: MatterId, reason: Reason = "", expected: Expected = "", json: Json = False
) -> None:
    """退回交办 (一次); 再次退回转协调。Gives an assigned matter back, once."""
    by = begin()
    actions.return_once(by=by, matter=matter, reason=reason, expected_state=expected)
    show_page(queries.page(by, matter), json)


def suspend(
    matter: MatterId,
    ground: Annotated[str, typer.Option(help="a ground of the lifecycle, as appraisal")],
    reason: Reason = "",
    paper: Annotated[str, typer.Option(help="KIND=FILE that it rests on")] = "",
    json: Json = False,
) -> None:
    """中止, 期限停走。Suspends a matter; the clocks that this ground stops stand."""
    by = begin()
    given = _papers([paper])[0] if paper else None
    actions.suspend(by=by, matter=matter, ground=ground, reason=reason, paper=given)
    show_page(queries.page(by, matter), json)


def resume(matter: MatterId, reason: Reason = "", json: Json = False) -> None:
    """恢复中止的事项。Resumes a suspended matter; its clocks run again."""
    by = begin()
    actions.resume(by=by, matter=matter, reason=reason)
    show_page(queries.page(by, matter), json)


def reopen(matter: MatterId, reason: Reason = "", json: Json = False) -> None:
    """重启已结事项。Handles a matter again that had ended."""
    by = begin()
    actions.reopen(by=by, matter=matter, reason=reason)
    show_page(queries.page(by, matter), json)


def merge(
    matter: MatterId,
    into: Annotated[str, typer.Option(help="the matter that takes its clues")],
    reason: Reason = "",
    json: Json = False,
) -> None:
    """并案。Ends a matter and gives its clues to another open one."""
    by = begin()
    target = actions.merge(by=by, matter=matter, into=into, reason=reason)
    show_page(queries.page(by, target.code), json)


def attach(
    matter: MatterId,
    kind: Annotated[str, typer.Option(help="a kind of paper of the lifecycle")],
    file: Annotated[Path, typer.Argument(help="PDF, picture, Word, Excel or text")],
    json: Json = False,
) -> None:
    """附材料 (按内容校验)。Attaches a paper; its content must be what its name says."""
    by = begin()
    added = papers.attach(by=by, matter=matter, paper=Paper(kind, file))
    if json:
        screen.show_json({"paper": added.code, "kind": added.kind, "sha256": added.sha256})
    else:
        screen.note(f"附件 {added.code} {added.name} {added.media} {added.size} 字节 (attached)")


def paper(
    matter: MatterId,
    code: Annotated[str, typer.Argument(metavar="PAPER", help="a paper's id or beginning")],
    out: Annotated[Path, typer.Option(help="a new file to copy it to")],
    json: Json = False,
) -> None:
    """取出附件, 记入台账。Copies a paper out; it may hold personal data, so the ledger tells."""
    if out.exists():
        raise InputError(f"{out} 已存在 (it exists)", next_step="--out NEWFILE")
    found, path = papers.read_paper(by=begin(), matter=matter, paper=code)
    shutil.copyfile(path, out)
    if json:
        screen.show_json({"paper": found.code, "kind": found.kind, "sha256": found.sha256})
    else:
        screen.note(f"{out} {found.media} {found.size} 字节 (written)")


def answer(
    matter: MatterId,
    clue: ClueId,
    code: Annotated[str, typer.Option(help="the untested exclusion")],
    said: Annotated[str, typer.Option("--answer", help="met, not_met or unclear")],
    reason: Reason = "",
    json: Json = False,
) -> None:
    """回答未测的排除项。What was seen of an exclusion that the detector could not test."""
    member = outcomes.answer_exclusion(
        by=begin(), matter=matter, clue=clue, code=code, answer=said, reason=reason
    )
    _show_member(member, json)


def identify(matter: MatterId, clue: ClueId, reason: Reason = "", json: Json = False) -> None:
    """核实线索对象的身份。Confirms who the subject is, where the link is below T1."""
    _show_member(
        outcomes.confirm_subject(by=begin(), matter=matter, clue=clue, reason=reason), json
    )


def settle(
    matter: MatterId,
    clue: ClueId,
    outcome: Annotated[str, typer.Option(help="confirmed or rebutted")],
    code: Annotated[str, typer.Option(help="reason code of a rebuttal")] = "",
    reason: Reason = "",
    json: Json = False,
) -> None:
    """逐条认定线索。The outcome of one clue, which is the officer's verdict on it."""
    member = outcomes.settle_clue(
        by=begin(), matter=matter, clue=clue, outcome=outcome, code=code, reason=reason
    )
    _show_member(member, json)


def extend(
    matter: MatterId,
    clock: Annotated[str, typer.Option(help="code of the clock, as clew matters show lists it")],
    by_: Annotated[int, typer.Option("--by", help="how much more, in the clock's unit")],
    reason: Reason = "",
    json: Json = False,
) -> None:
    """申请延期, 另一人批准。Asks for more time before it is due; another approves."""
    wanted = clocks.ask_extension(by=begin(), matter=matter, code=clock, amount=by_, reason=reason)
    _show_request(wanted.code, matter, json)


def write_off(
    matter: MatterId, amount: Amount = "", reason: Reason = "", json: Json = False
) -> None:
    """申请核销, 另一人批准。Asks to write off what cannot be recovered; another approves."""
    wanted = money.ask_write_off(by=begin(), matter=matter, fen=typed_fen(amount), reason=reason)
    _show_request(wanted.code, matter, json)


def approve(
    matter: MatterId,
    request: Annotated[str, typer.Argument(metavar="REQUEST", help="its id or beginning")],
    decline: Annotated[bool, typer.Option("--decline", help="say no")] = False,
    reason: Reason = "",
    json: Json = False,
) -> None:
    """批准或不批准他人的申请。Decides what another asked for: more time, or a write-off."""
    by = begin()
    clocks.decide_request(by=by, matter=matter, request=request, granted=not decline, answer=reason)
    show_page(queries.page(by, matter), json)


def book(
    matter: MatterId,
    kind: Annotated[str, typer.Option(help="due, recovered, returned or fine")],
    amount: Amount = "",
    on: Annotated[str, typer.Option(help="the day, YYYY-MM-DD; none: today")] = "",
    counterpart: Annotated[str, typer.Option(help="a subject of its clues, by key's end")] = "",
    credit: Annotated[str, typer.Option(help="department to which it counts")] = "",
    fund: Annotated[str, typer.Option(help="type of insurance fund, as 310")] = "",
    group: Annotated[str, typer.Option(help="name of a liability that several owe")] = "",
    reason: Reason = "",
    json: Json = False,
) -> None:
    """记款项: 应追、已追、退还、罚款。Books money; entries are reversed, never edited."""
    entry = money.book(
        by=begin(), matter=matter, kind=kind, fen=typed_fen(amount), booked_on=day(on),
        counterpart=counterpart, credit_to=credit, fund_type=fund, liability_group=group,
        reason=reason,
    )  # fmt: skip
    _show_entry(entry.code, entry.kind, entry.fen, json)


def reverse(
    matter: MatterId,
    entry: Annotated[str, typer.Argument(metavar="ENTRY", help="an entry's id or beginning")],
    reason: Reason = "",
    json: Json = False,
) -> None:
    """冲销一笔款项。Takes an entry back by another with the negative amount."""
    taken = money.reverse(by=begin(), matter=matter, entry=entry, reason=reason)
    _show_entry(taken.code, taken.kind, taken.fen, json)


def lookback(matter: MatterId, json: Json = False) -> None:
    """回头看: 同一模型再查同一对象。The detectors again on the subjects; certifies or reopens."""
    by = begin()
    seen = looking.look_back(by=by, matter=matter)
    if json:
        screen.show_json(
            {"result": seen.result, "found": seen.found,
             "deliveries": seen.deliveries, "state": queries.page(by, matter).matter.state}
        )  # fmt: skip
        return
    screen.note(f"回头看 {_LOOKED[seen.result]}: 新见线索 {len(seen.found)} 条")
    if not seen.deliveries:
        screen.note("  其间没有新批次, 通过只说明现有数据 (no delivery since: it says little)")
    for code in seen.found:
        screen.note(f"  → clew clues show {code}")


def _show_member(member: MatterClue, json: bool) -> None:
    told = {"clue": member.clue.code, "outcome": member.outcome, "code": member.code,
            "answers": member.answers}  # fmt: skip
    if json:
        screen.show_json(told)
    else:
        screen.note(f"线索 {member.clue.code}: {member.outcome} {member.code}".rstrip())


def _show_request(code: str, matter: str, json: bool) -> None:
    if json:
        screen.show_json({"request": code})
    else:
        screen.note(f"申请 {code} 待另一人批准 (waits for another's approval)")
        screen.note(f'  → clew matters approve {matter} {code} --reason "…"')


def _show_entry(code: str, kind: str, fen: int, json: bool) -> None:
    if json:
        screen.show_json({"entry": code, "kind": kind, "amount": yuan(fen)})
    else:
        screen.note(f"款项 {code} {MONEY[kind]} {yuan(fen)} 元 (booked)")


def _pairs(texts: Sequence[str]) -> list[tuple[str, str]]:
    """ "FIELD=VALUE" texts."""
    found = []
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name:
            raise InputError(f"{text!r} 不是 NAME=VALUE (not of this form)", next_step="名=值")
        found.append((name.strip(), value.strip()))
    return found


def _papers(texts: Sequence[str]) -> list[Paper]:
    return [Paper(kind, Path(file)) for kind, file in _pairs(texts)]
