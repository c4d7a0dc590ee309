"""Releases: persons leave in clear only on another's word."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from clew.cli import screen
from clew.cli.session import begin
from clew.detection import access as clues
from clew.reports.models import Release
from clew.reports.releases import access, actions

app = typer.Typer(help="明文导出的放行。Leave to take persons in clear.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="machine-readable")]
Because = Annotated[str, typer.Option("--reason", help="what for, or why; kept in the ledger")]
ReleaseId = Annotated[
    str, typer.Argument(metavar="RELEASE", help="a release's id, or its beginning")
]
_STATES = {Release.ASKED: "待批准", Release.GRANTED: "已批准", Release.DECLINED: "未批准"}


@app.command("ask")
def ask(
    codes: Annotated[list[str], typer.Argument(metavar="CLUE…", help="clues, by id")],
    reason: Because = "",
    json: Json = False,
) -> None:
    """申请明文导出这些线索。Asks for these clues in clear; another decides."""
    by = begin()
    full = [clues.seen(by, code).code for code in codes]
    _shown(actions.ask_release(by=by, clues=full, reason=reason), json)


@app.command("list")
def list_(json: Json = False) -> None:
    """列出本人申请的和可决定的。One's own, and those one may decide."""
    found = access.visible_releases(begin())
    if json:
        screen.show_json([_as_json(r) for r in found])
        return
    screen.table(
        ["放行 release", "状态", ">线索", "申请", "用途", "决定", "有效至"],
        [
            (r.code, _STATES[r.status], len(r.clues), r.by.code, r.reason,
             r.decided_by.code if r.decided_by else "", r.until or "")
            for r in found
        ],
    )  # fmt: skip


@app.command("show")
def show(release: ReleaseId, json: Json = False) -> None:
    """查看一项。One release: whose, what for, which clues."""
    _shown(access.seen(begin(), release), json)


@app.command("grant")
def grant(release: ReleaseId, reason: Because = "", json: Json = False) -> None:
    """批准, 七日内有效; 须另一人。Lets its asker take them, for a week."""
    _decided(release, True, reason, json)


@app.command("decline")
def decline(release: ReleaseId, reason: Because = "", json: Json = False) -> None:
    """不批准, 说明理由。Says no, and why."""
    _decided(release, False, reason, json)


def _decided(release: str, granted: bool, reason: str, json: bool) -> None:
    by = begin()
    found = actions.decide_release(by=by, release=release, granted=granted, answer=reason)
    _shown(found, json)


def _shown(found: Release, json: bool) -> None:
    if json:
        screen.show_json(_as_json(found))
        return
    screen.note(
        f"放行 {found.code}: {_STATES[found.status]}, {len(found.clues)} 条线索, "
        f"{found.by.code} 申请, 用途 {found.reason}"
    )
    if found.decided_by:
        screen.note(f"  {found.decided_by.code}: {found.answer}")
    if found.status == Release.ASKED:
        screen.note(f"  → clew releases grant {found.code} --reason … (须另一人 another account)")
    if found.status == Release.GRANTED:
        screen.note(f"  有效至 {found.until} (until)")
        screen.note(f"  → clew clues export --release {found.code}")


def _as_json(found: Release) -> dict[str, Any]:
    return {
        "release": found.code,
        "status": found.status,
        "clues": found.clues,
        "reason": found.reason,
        "by": found.by.code,
        "asked_at": found.asked_at.isoformat(timespec="seconds"),
        "decided_by": found.decided_by.code if found.decided_by else "",
        "answer": found.answer,
        "until": found.until.isoformat() if found.until else "",
    }
