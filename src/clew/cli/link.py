"""Who is who across departments."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from clew.accounts.models import Account
from clew.cli import screen
from clew.cli.session import begin, begin_for
from clew.detection.queries import Subjects
from clew.kernel.names import mask_name
from clew.linkage import actions, presenters, queries
from clew.linkage.tiers import TIERS

app = typer.Typer(help="关联。Who is who across departments.")
Json = Annotated[bool, typer.Option("--json", help="machine-readable")]
SHOWN = 200


@app.callback(invoke_without_command=True)
def link(
    context: typer.Context,
    conflicts: Annotated[bool, typer.Option("--conflicts", help="list conflicts (T1c)")] = False,
    repaired: Annotated[bool, typer.Option("--repaired", help="list repaired links (T2)")] = False,
    json: Json = False,
) -> None:
    """部门之间的同一人: T1 相容, T1c 冲突, T2 修复。Finds links and counts the shared persons."""
    if context.invoked_subcommand:
        return
    by = begin_for("read_links")
    if conflicts:
        _conflicts(json)
    elif repaired:
        _repaired(json)
    else:
        _links(by, json)


@app.command("decide")
def decide(
    link_: Annotated[str, typer.Argument(metavar="LINK", help="a link's id, or its beginning")],
    verdict: Annotated[str, typer.Argument(help="same, not_same or unsure")],
    reason: Annotated[str, typer.Option(help="why, for the ledger")] = "",
    json: Json = False,
) -> None:
    """判定一条关联。A person's word on a repaired link; later runs follow it."""
    by = begin()
    found = actions.decide(by=by, link=link_, verdict=verdict, reason=reason)
    if json:
        screen.show_json({"link": found.code, "verdict": found.verdict})
    else:
        screen.note(f"关联 {found.code}: {presenters.verdict(found).zh}")
        screen.note("  → clew detect")


def _links(by: Account, json: bool) -> None:
    with screen.progress("关联") as tell:
        tell("T2", 0.1)
        changed = actions.repair(by=by)
        tell("T1", 0.6)
        found = queries.links()
    if json:
        screen.show_json(
            [{"a": x.a, "b": x.b, "T1": x.agreeing, "T1c": x.conflicting, "T2": x.repaired}
             for x in found]
        )  # fmt: skip
        return
    screen.table(["数据集 a", "数据集 b", ">T1 相容", ">T1c 冲突", ">T2 修复"],
                 [(x.a, x.b, x.agreeing, x.conflicting, x.repaired) for x in found])  # fmt: skip
    for tier in TIERS:
        screen.note(f"{tier.code:<3} {tier.title.zh}: {tier.supports.zh} ({tier.supports.en})")
    screen.note(
        f"错号修复 T2: 新增 {changed.found}, 撤下 {changed.withdrawn}, 现有 {changed.standing} 条"
        " (repaired links: new, withdrawn, standing)"
    )
    screen.note("  → clew link --conflicts   clew link --repaired")


def _repaired(json: bool) -> None:
    found = queries.repaired_links()
    shown = Subjects([x.person for x in found])
    places = queries.row_places([x.row_id for x in found])
    rows: list[dict[str, Any]] = [
        {"link": x.code, "dataset": x.dataset, "example": places[x.row_id],
         "original": x.evidence["original"], "person": shown.person(x.person),
         "name": x.evidence["name"], "verdict": x.verdict, "why": presenters.why(x)}
        for x in found
    ]  # fmt: skip
    if json:
        screen.show_json(
            [row | {"why": {"zh": row["why"].zh, "en": row["why"].en}} for row in rows]
        )
        return
    screen.table(
        ["关联 link", "数据集", "行 row", "原件 original", "关联到 person", "判定", "依据 why"],
        [
            (row["link"], row["dataset"], row["example"], row["original"], row["person"],
             presenters.verdict(x).zh, row["why"].zh)
            for row, x in zip(rows[:SHOWN], found, strict=False)
        ],
    )  # fmt: skip
    screen.note(
        f"{len(found)} 条修复的关联, 未经人工确认不得据以采取措施 "
        "(no step without a person's word)"
    )
    if found:
        screen.note(f'  → clew link decide {found[0].code} same --reason "…"')


def _conflicts(json: bool) -> None:
    found = queries.conflicts()
    shown = Subjects([m.person for c in found for m in c.mentions])
    rows = [
        {"kind": c.kind, "person": shown.person(m.person), "name": mask_name(m.name),
         "dataset": m.dataset, "rows": m.rows, "example": m.example}
        for c in found
        for m in c.mentions
    ]  # fmt: skip
    if json:
        screen.show_json(rows)
        return
    columns = ["类别 kind", "证件", "姓名", "数据集", ">行数", "例 example"]
    titles = {queries.TWO_NAMES: "一证两名", queries.TWO_DOCUMENTS: "同名同生日两证"}
    screen.table(columns, [(titles[str(r["kind"])], *list(r.values())[1:]) for r in rows])
    if rows:
        screen.note(f"  → clew trace {rows[0]['example']}")
    kinds = [c.kind for c in found]
    screen.note(
        f"{kinds.count(queries.TWO_NAMES)} 个证件下有不相容的姓名, "
        f"{kinds.count(queries.TWO_DOCUMENTS)} 组同名同生日而证件不同, 请人工判定 "
        "(a person decides)"
    )
