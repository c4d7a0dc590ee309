"""Evidence packages: one leaves the house, one is checked on whatever machine it came to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clew.cli import screen
from clew.cli.session import begin
from clew.reports.evidence import actions
from clew.reports.evidence.verify import verify

Json = Annotated[bool, typer.Option("--json", help="machine-readable")]


def evidence(
    into: Annotated[Path, typer.Option(help="a new folder for the package")],
    clues: Annotated[
        list[str] | None, typer.Argument(metavar="CLUE…", help="clues, by id or its beginning")
    ] = None,
    group: Annotated[str, typer.Option(help="all clues of this group: see clew groups")] = "",
    release: Annotated[
        str, typer.Option(help="persons in clear, under this release: see clew releases")
    ] = "",
    reason: Annotated[str, typer.Option(help="why, for the ledger")] = "",
    json: Json = False,
) -> None:
    """证据包: Excel、JSON、哈希清单。Evidence as a folder that proves itself."""
    by = begin()
    done = actions.export_evidence(
        by=by, clues=clues or [], group=group, into=into, release=release, reason=reason
    )
    if json:
        screen.show_json(
            {"folder": str(done.folder), "clues": list(done.clues), "rows": done.rows,
             "manifest": done.manifest, "ledger_entry": done.entry, "masked": not release,
             "not_recomputed": list(done.not_recomputed)}
        )  # fmt: skip
        return
    screen.note(f"已写入 {done.folder}: {len(done.clues)} 条疑似线索, {done.rows} 行证据 (written)")
    screen.note(f"  清单 manifest {done.manifest}   台账第 {done.entry} 条 (ledger entry)")
    if release:
        screen.note("  含明文个人信息, 依法保管 (it holds personal data in clear)")
    for clue in done.not_recomputed:
        screen.note(
            f"  线索 {clue} 未能重算一致, 见总览 (not recomputed)   → clew reproduce {clue}"
        )
    screen.note(f"  → clew verify-evidence {done.folder}")


def verify_evidence(
    folder: Annotated[Path, typer.Argument(help="an evidence package")],
    key: Annotated[
        str, typer.Option(help="the sender's public key, 64 hex digits: keys/audit.pub")
    ] = "",
    json: Json = False,
) -> None:
    """核验证据包, 无需工作区。Checks a package anywhere; exit 9 if it was changed."""
    report = verify(folder, public_key=key)
    if json:
        screen.show_json(
            {"ok": report.ok, "clues": report.clues, "cells": report.cells,
             "ledger_entry": report.entry, "key": report.key, "pinned": report.pinned,
             "problems": [{"file": p.file, "where": p.where, "zh": p.what.zh, "en": p.what.en}
                          for p in report.problems]}
        )  # fmt: skip
    else:
        for problem in report.problems:
            screen.out.print(f"✗ {problem}", markup=False)
        _conclude(folder, report.ok, report.clues, report.cells)
        whose = "即所给公钥" if report.pinned else "未与已知公钥比对, 可用 --key"
        if report.key:
            screen.note(f"  签名公钥 {report.key[:16]}…, {whose} (台账第 {report.entry} 条)")
    if not report.ok:
        raise typer.Exit(9)


def _conclude(folder: Path, ok: bool, clues: int, cells: int) -> None:
    if ok:
        screen.note(f"✓ {folder}: 完好, {clues} 条线索, {cells} 个单元格与 JSON 一致 (unchanged)")
    else:
        screen.note(f"{folder}: 已被改动或不完整 (changed or incomplete)")
