"""The page that states a domain's figures."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from clew.cli import screen
from clew.cli.session import begin_for
from clew.declare import registry
from clew.reports import queries


def brief(
    domain: Annotated[str, typer.Argument(help="a pack's name, e.g. medical_insurance")],
    rows: Annotated[str, typer.Option(help="list the rows behind this figure")] = "",
    json: Annotated[bool, typer.Option("--json", help="machine-readable")] = False,
) -> None:
    """简报: 每个数字都可下钻到行。The figures of a domain, each with its rows."""
    begin_for("read_brief", [registry.pack(domain).name])
    if rows:
        found = queries.rows_behind(domain, rows)
        if json:
            screen.show_json(found)
        else:
            screen.table(["行 ref", ">值 value"], [(r["ref"], r.get("value", "")) for r in found])
        return
    page = queries.brief(domain)
    if json:
        screen.show_json(
            asdict(page) | {"figures": [
                asdict(f) | {"label": f.label.zh, "text": f.text.zh} for f in page.figures
            ]}
        )  # fmt: skip
        return
    title = registry.pack(domain).title
    screen.out.print(f"{title.zh} {title.en}   样本 1:{page.scale}", markup=False)
    screen.table(
        ["指标", "", ">值", "单位", "说明", ">行数"],
        [(f.id, f.label.zh, f.value, f.unit, f.text.zh, f.rows) for f in page.figures],
    )
    screen.note(f"  → clew brief {domain} --rows {page.figures[0].id}" if page.figures else "")
