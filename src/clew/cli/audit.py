"""The ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from django.db.models import QuerySet

from clew.accounts.access import require, visible_entries
from clew.audit import export as exporting
from clew.audit import presenters, verify
from clew.audit.models import Entry
from clew.cli import screen
from clew.cli.session import begin
from clew.kernel.errors import InputError
from clew.kernel.workspace import KEY_BYTES, Workspace, home_path

app = typer.Typer(help="审计台账。The ledger.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="machine-readable")]


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option(help="at most so many entries")] = 50, json: Json = False
) -> None:
    """列出最近的台账记录。The latest entries."""
    entries = list(_ledger()[:limit])
    if json:
        screen.show_json(
            [{"seq": e.seq, "at": e.at.isoformat(), "by": e.actor, "verb": e.verb,
              "subject": e.subject, "facts": e.facts} for e in entries]
        )  # fmt: skip
    else:
        screen.table(["序号", "时间", "记录"],
                     [(e.seq, f"{e.at:%Y-%m-%d %H:%M}", presenters.sentence(e).zh)
                      for e in entries])  # fmt: skip


@app.command()
def export(path: Annotated[Path, typer.Argument(help="the file to write")]) -> None:
    """导出台账 (签名)。Writes the whole ledger with a signed checkpoint."""
    _ledger()
    checkpoint = exporting.export(path)
    screen.note(f"已导出 {checkpoint.size} 条到 {path} (exported)")
    screen.note(f"  → clew audit verify {path}")


@app.command("verify")
def verify_(
    path: Annotated[Path | None, typer.Argument(help="an export; without it, the database")] = None,
    public_key: Annotated[str, typer.Option(help="the signer's public key, hex")] = "",
    json: Json = False,
) -> None:
    """核验台账。Finds every edit, deletion, insertion, reordering; exit 9 if there is one."""
    if path is None:
        begin()
        report = verify.verify_database()
    else:
        report = verify.verify_export(path, public_key=_pinned(public_key))
    problems = [
        {"seq": p.seq, "kind": p.kind, "zh": p.text_zh, "en": p.text_en} for p in report.problems
    ]
    if json:
        screen.show_json({"ok": report.ok, "entries": report.entries, "problems": problems})
    else:
        screen.note(f"{report.entries} 条, {'完好 (whole)' if report.ok else '被改动 (tampered)'}")
        for problem in problems:
            screen.note(f"  {problem['seq']}: {problem['zh']} ({problem['en']})")
    if not report.ok:
        raise typer.Exit(9)


def _ledger() -> QuerySet[Entry]:
    """The ledger, newest first, for whoever may read it."""
    by = begin()
    require(by, "read_ledger", domain="", division="")
    return visible_entries(by)


def _pinned(public_key: str) -> bytes | None:
    """The key to trust: the one given, else this workspace's own, else none."""
    if public_key:
        try:
            key = bytes.fromhex(public_key)
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise InputError(
                f"公钥不是 {2 * KEY_BYTES} 位十六进制 (a public key is {KEY_BYTES} bytes in hex)",
                next_step="keys/audit.pub 中即是 (it stands in keys/audit.pub)",
            )
        return key
    workspace = Workspace(home_path())
    return workspace.audit_public_key if workspace.exists() else None
