"""Matters on the command line: what waits, how each stands, what may be done next."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from clew.cli import screen
from clew.cli.session import begin, day
from clew.declare import Transition
from clew.detection.queries import Subjects, may_be_person
from clew.kernel.money import yuan, yuan_text
from clew.matters import queries
from clew.matters.clocks import actions as clocks
from clew.matters.deadlines import LAMPS
from clew.matters.models import Money
from clew.matters.queries import Line, Page

app = typer.Typer(help="事项。Matters: clues being handled.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="machine-readable")]
MatterId = Annotated[
    str, typer.Argument(metavar="MATTER", help="a matter's number, its id, or its beginning")
]
_VIEWS = {
    queries.TODO: "待办", queries.DONE: "已办", queries.WATCHED: "督办", queries.OVERDUE: "超期"
}  # fmt: skip
MONEY = {
    Money.DUE: "应追", Money.RECOVERED: "已追", Money.RETURNED: "退还", Money.WRITTEN_OFF: "核销",
    Money.FINE: "罚款",
}  # fmt: skip


@app.command("list")
def list_(
    state: Annotated[str, typer.Option(help="only this state, by its code")] = "",
    lamp: Annotated[str, typer.Option(help="only this lamp: blue, yellow, red, stands")] = "",
    view: Annotated[str, typer.Option(help="todo, done, watched or overdue")] = "",
    domain: Annotated[str, typer.Option(help="only this domain")] = "",
    json: Json = False,
) -> None:
    """列出事项, 附期限灯。Matters with their handlers, lamps and next deadline."""
    by = begin()
    found = queries.matters(by, state=state.upper(), lamp=lamp, view=view, domain=domain)
    if json:
        screen.show_json([line_json(line) for line in found])
        return
    _table(found)
    told = "   ".join(f"{_VIEWS[view]} {n}" for view, n in queries.counts(by).items())
    screen.note(f"{len(found)} 件   {told}")


@app.command("board")
def board(
    domain: Annotated[str, typer.Option(help="only this domain")] = "", json: Json = False
) -> None:
    """按状态列出在办事项。Open matters by state, in the order of their lifecycle."""
    columns = queries.board(begin(), domain)
    if json:
        screen.show_json(
            [{"state": code, "matters": [line_json(line) for line in lines]}
             for code, lines in columns.items()]
        )  # fmt: skip
        return
    screen.table(
        ["状态 state", ">件", "红", "黄", "事项"],
        [
            (code, len(lines), sum(x.lamp == "red" for x in lines),
             sum(x.lamp == "yellow" for x in lines),
             ", ".join(x.matter.number for x in lines[:5]) + (" …" if len(lines) > 5 else ""))
            for code, lines in columns.items()
        ],
    )  # fmt: skip


@app.command("reminders")
def reminders(
    on: Annotated[str, typer.Option(help="the day, YYYY-MM-DD; none: today")] = "",
    json: Json = False,
) -> None:
    """今日到 50、80、100% 的期限。Clocks of which half, four fifths or all is over on a day."""
    seen = {line.matter.pk for line in queries.matters(begin())}
    found = [r for r in queries.reminders(day(on)) if r.matter.pk in seen]
    if json:
        screen.show_json(
            [{"matter": r.matter.code, "number": r.matter.number, "clock": r.clock.code,
              "percent": int(r.share * 100), "due": r.due.isoformat()} for r in found]
        )  # fmt: skip
        return
    screen.table(
        ["事项", "期限 clock", ">已过 %", "到期 due"],
        [(r.matter.number, r.clock.title.zh, int(r.share * 100), r.due) for r in found],
    )


@app.command("recompute")
def recompute(json: Json = False) -> None:
    """新的放假通知载入后重算期限。Computes deadlines again after a holiday notice was loaded."""
    moved = clocks.recompute(by=begin())
    if json:
        screen.show_json({"moved": moved})
    else:
        screen.note(f"{moved} 个期限有变 (deadlines on another day)")


@app.command("show")
def show(matter: MatterId, json: Json = False) -> None:
    """一件事项: 线索、期限、附件、款项、下一步。One matter, and what may be done next."""
    show_page(queries.page(begin(), matter), json)


def show_page(page: Page, json: bool) -> None:
    """A matter as every command of this group shows it."""
    if json:
        screen.show_json(page_json(page))
        return
    m, state = page.matter, page.lifecycle.state(page.matter.state)
    line = f"{m.number}   {m.title}   [{state.title.zh} {state.code}]   编号 {m.code}"
    screen.out.print(line, markup=False)
    screen.out.print(
        f"{m.department.name_zh}   {m.division}   承办 {', '.join(page.handlers) or '—'}   "
        f"立于 {m.opened_on}   升级 {m.level}", markup=False,
    )  # fmt: skip
    screen.table(
        ["线索", "模型", "结论 outcome", "代码", "排除项答案"],
        [(c.clue.code, c.clue.detector, c.outcome, c.code, _pairs(c.answers)) for c in page.clues],
    )
    screen.table(
        ["期限 clock", "代码", "起", "止 due", "灯 lamp", "办结"],
        [
            (t.clock.title.zh, t.clock.code, t.deadline.started,
             f"{t.deadline.due}{' 暂定' if t.deadline.provisional else ''}",
             f"{LAMPS[t.lamp].zh}{' 超期' if t.overdue else ''}", t.deadline.met or "")
            for t in page.deadlines
        ],
    )  # fmt: skip
    _show_papers_and_money(page)
    screen.table(
        ["时间", "步骤", "从", "到", "日期", "人", "说明"],
        [(f"{s.at:%m-%d %H:%M}", s.transition, s.before, s.after, s.on, s.by.code, s.note)
         for s in page.steps],
    )  # fmt: skip
    for way in page.ways:
        screen.note(f"  → {_command(way, m.code)}   {way.title.zh}{_asks(page, way)}")


def _show_papers_and_money(page: Page) -> None:
    if page.papers:
        screen.table(
            ["附件", "种类", "~名称", ">字节"],
            [(p.code, page.lifecycle.papers[p.kind].zh, p.name, p.size) for p in page.papers],
        )
    if page.money:
        subjects = _subjects([m.counterpart for m in page.money])
        screen.table(
            ["款项", "种类", ">金额 元", "日期", "对方", "归属", "冲销"],
            [
                (m.code, MONEY[m.kind], yuan_text(m.fen), m.booked_on,
                 _shown(subjects, m.counterpart), m.credit_to.code,
                 m.reverses.code if m.reverses else "")
                for m in page.money
            ],
        )  # fmt: skip
        s = page.sums
        screen.out.print(
            f"应追 {yuan_text(s.due)}   已追 {yuan_text(s.recovered)}   "
            f"核销 {yuan_text(s.written_off)}   未收 {yuan_text(s.outstanding)} 元", markup=False,
        )  # fmt: skip
    for r in page.requests:
        decided = {None: "待批", True: "已批准", False: "未批准"}[r.granted]
        screen.out.print(
            f"申请 {r.code} {r.kind} {_pairs(r.detail)} {decided}: {r.reason}", markup=False
        )


def line_json(line: Line) -> dict[str, Any]:
    """One matter in a list, for a program."""
    return {
        "matter": line.matter.code,
        "number": line.matter.number,
        "title": line.matter.title,
        "state": line.matter.state,
        "domain": line.matter.domain,
        "division": line.matter.division,
        "department": line.matter.department.code,
        "handlers": list(line.handlers),
        "clues": line.clues,
        "lamp": line.lamp,
        "due": line.due.isoformat() if line.due else "",
        "provisional": line.provisional,
        "overdue": line.overdue,
    }


def page_json(page: Page) -> dict[str, Any]:
    """All of one matter, for a program; persons masked."""
    m = page.matter
    subjects = _subjects([entry.counterpart for entry in page.money])
    return {
        "matter": m.code, "number": m.number, "title": m.title, "state": m.state,
        "domain": m.domain, "division": m.division, "department": m.department.code,
        "lifecycle": f"{m.lifecycle} {m.version}", "level": m.level, "payload": m.payload,
        "opened_on": m.opened_on.isoformat(), "closed": m.closed,
        "parent": m.parent.code if m.parent else "",
        "merged_into": m.merged_into.code if m.merged_into else "",
        "handlers": list(page.handlers), "children": [c.code for c in page.children],
        "clues": [
            {"clue": c.clue.code, "detector": c.clue.detector, "outcome": c.outcome,
             "code": c.code, "answers": c.answers} for c in page.clues
        ],
        "deadlines": [
            {"clock": t.clock.code, "started": t.deadline.started.isoformat(),
             "due": t.deadline.due.isoformat(), "provisional": t.deadline.provisional,
             "lamp": t.lamp, "overdue": t.overdue, "extra": t.deadline.extra,
             "stood": t.deadline.spans,
             "met": t.deadline.met.isoformat() if t.deadline.met else ""}
            for t in page.deadlines
        ],
        "papers": [
            {"paper": p.code, "kind": p.kind, "name": p.name, "media": p.media, "size": p.size,
             "sha256": p.sha256} for p in page.papers
        ],
        "money": [
            {"entry": e.code, "kind": e.kind, "amount": yuan(e.fen),
             "on": e.booked_on.isoformat(), "credit_to": e.credit_to.code,
             "counterpart": _shown(subjects, e.counterpart), "fund_type": e.fund_type,
             "liability_group": e.liability_group,
             "reverses": e.reverses.code if e.reverses else ""} for e in page.money
        ],
        "due": yuan(page.sums.due), "recovered": yuan(page.sums.recovered),
        "written_off": yuan(page.sums.written_off),
        "requests": [
            {"request": r.code, "kind": r.kind, "detail": r.detail, "granted": r.granted,
             "asked_by": r.asked_by.code, "reason": r.reason} for r in page.requests
        ],
        "look_backs": [
            {"result": b.result, "found": b.found, "deliveries": b.deliveries,
             "at": b.at.isoformat(timespec="seconds")} for b in page.look_backs
        ],
        "steps": [
            {"transition": s.transition, "before": s.before, "after": s.after,
             "on": s.on.isoformat(), "by": s.by.code, "note": s.note,
             "at": s.at.isoformat(timespec="seconds")} for s in page.steps
        ],
        "ways": [w.name for w in page.ways],
    }  # fmt: skip


def _table(found: list[Line]) -> None:
    screen.table(
        ["事项 matter", "编号", "~题名", "状态", "承办", ">线索", "灯 lamp", "到期 due"],
        [
            (x.matter.number, x.matter.code, x.matter.title, x.state.title.zh,
             ", ".join(x.handlers), x.clues,
             f"{LAMPS[x.lamp].zh if x.lamp else ''}{' 超期' if x.overdue else ''}",
             f"{x.due or ''}{' 暂定' if x.provisional else ''}")
            for x in found
        ],
    )  # fmt: skip


_COMMANDS = {
    "assign": "assign {} --handler A --handler B", "return_once": "return {} --reason …",
    "look_back": "lookback {}", "merge": "merge {} --into MATTER --reason …",
    "suspend": "suspend {} --ground GROUND --reason …", "resume": "resume {} --reason …",
    "reopen": "reopen {} --reason …",
}  # fmt: skip


def _command(way: Transition, code: str) -> str:
    pattern = _COMMANDS.get(way.by_verb, f"advance {{}} {way.name}")
    return "clew matters " + pattern.format(code)


def _asks(page: Page, way: Transition) -> str:
    papers = [
        page.lifecycle.papers[kind].zh
        for need in way.needs
        for kind in ([need] if isinstance(need, str) else need)
    ]
    asked = papers + [a.title.zh for a in way.answers]
    return f" (须 {'、'.join(asked)})" if asked else ""


def _subjects(keys: list[str]) -> Subjects:
    return Subjects([int(key) for key in keys if may_be_person(key)])


def _shown(subjects: Subjects, key: str) -> str:
    return subjects.person(int(key)) if may_be_person(key) else key


def _pairs(values: dict[str, Any]) -> str:
    return " ".join(f"{k}={v}" for k, v in values.items() if v not in ("", None))
