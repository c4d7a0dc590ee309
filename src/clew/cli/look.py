"""A first look at a file, before anything is set up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from clew.cli import screen
from clew.datasets.lake import store
from clew.datasets.look import files
from clew.datasets.look.page import look_json, look_page
from clew.datasets.look.survey import Survey
from clew.datasets.look.suspicions import GRAVE, suspicions
from clew.kernel import clock
from clew.kernel.workspace import Workspace, home_path

SHOWN = 12


def look(
    file: Annotated[Path, typer.Argument(help="any file a department might send")],
    html: Annotated[
        Path | None, typer.Option(help="the page; FILE.report.html if not given")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="machine-readable, no page")] = False,
) -> None:
    """看一眼文件的质量: 无需工作区, 写出一页报告。A first look at any file: one page, no set-up."""
    workspace = Workspace(home_path())
    if workspace.exists():
        clock.fix(workspace.today)
    with screen.progress(file.name) as tell:
        looked = files.look(file, tell)
    if json:
        screen.show_json(look_json(looked))
        return
    page = html or Path(f"{file.name}.report.html")
    with store.disk_errors():
        page.write_text(look_page(looked), encoding="utf-8")
    described = look_json(looked)["tables"]
    for seen, table in zip(looked.tables, described, strict=True):
        _tell(seen, table)
    for part, cause in looked.refused:
        screen.note(f"  ✗ {part}: {cause}")
    screen.note(f"报告已写入 {page} (open it in a browser)")


def _tell(seen: Survey, table: dict[str, Any]) -> None:
    if seen.name:
        screen.note(seen.name)
    rows = [
        (c["header"], f"{seen_.guess.title.zh} {seen_.guess.title.en}", f"{c['filled']:.1%}",
         f"{c['distinct']:,}", ", ".join(f"{code} × {n:,}" for code, n in c["dirt"].items()))
        for c, seen_ in zip(table["columns"], seen.columns, strict=True)
    ]  # fmt: skip
    screen.table(["列 column", "看起来是 seems", ">填充 filled", ">不同值", "~问题 dirt"], rows)
    asked = suspicions(seen)
    for suspicion in asked[:SHOWN]:
        sign = "✗" if suspicion.mood == GRAVE else "!"
        screen.note(f"  {sign} {suspicion.what.zh} ({suspicion.what.en})")
    if len(asked) > SHOWN:
        screen.note(f"  … 另有 {len(asked) - SHOWN} 条, 见报告 (more on the page)")
    for matched in seen.likely[:1]:
        title, name = matched.dataset.title, matched.dataset.name
        lacking = "、".join(matched.dataset.columns[m].title.zh for m in matched.missing)
        state = f"缺少 {lacking} (columns missing)" if lacking else "必需的列都在 (complete)"
        screen.note(f"最像 {title.zh} {name}: {state}")
