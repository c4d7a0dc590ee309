"""Who is who across departments."""

from __future__ import annotations

from typing import Annotated

import typer

from clew.cli import screen
from clew.cli.session import begin
from clew.detection.queries import Subjects
from clew.kernel.names import mask_name
from clew.linkage import queries


def link(
    conflicts: Annotated[bool, typer.Option("--conflicts", help="list conflicts (T1c)")] = False,
    json: Annotated[bool, typer.Option("--json", help="machine-readable")] = False,
) -> None:
    """部门之间的同一人: T1 相容, T1c 冲突。Persons shared between datasets, and name conflicts."""
    begin()
    if conflicts:
        _conflicts(json)
        return
    found = queries.links()
    if json:
        screen.show_json(
            [{"a": x.a, "b": x.b, "T1": x.agreeing, "T1c": x.conflicting} for x in found]
        )
        return
    screen.table(["数据集 a", "数据集 b", ">T1 相容", ">T1c 冲突"],
                 [(x.a, x.b, x.agreeing, x.conflicting) for x in found])  # fmt: skip
    screen.note("  → clew link --conflicts")


def _conflicts(json: bool) -> None:
    found = queries.conflicts()
    shown = Subjects(list(found))
    rows = [
        {"person": shown.person(person), "name": mask_name(m.name), "dataset": m.dataset,
         "rows": m.rows, "example": m.example}
        for person, mentions in found.items()
        for m in mentions
    ]  # fmt: skip
    if json:
        screen.show_json(rows)
    else:
        columns = ["证件", "姓名", "数据集", ">行数", "例 example"]
        screen.table(columns, [tuple(r.values()) for r in rows])
        if rows:
            screen.note(f"  → clew trace {rows[0]['example']}")
        screen.note(f"{len(found)} 个证件下有不相容的姓名, 请人工判定 (a person decides)")
