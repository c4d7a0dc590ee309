"""Contracts and deliveries."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from clew.cli import screen
from clew.cli.ingest import as_json, show
from clew.cli.session import begin
from clew.datasets import access, actions, queries, reasons
from clew.datasets.excel import template as excel
from clew.datasets.ingest import alarms, deliver
from clew.datasets.ingest.proposal import propose
from clew.datasets.ingest.report import Report, surroundings
from clew.datasets.lake import store
from clew.datasets.models import Batch
from clew.datasets.odcs import contract_yaml
from clew.datasets.page import STATES, batch_page
from clew.declare import registry
from clew.kernel.errors import NotFound

app = typer.Typer(help="数据集与批次。Contracts and deliveries.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="machine-readable")]
AROUND = ("control", "table", "container", "overlaps", "alarms")
LABELS = {
    "batch": "批次", "dataset": "数据集", "department": "部门", "file": "文件", "status": "状态",
    "rows": "行", "accepted": "接收", "duplicates": "重复", "quarantined": "隔离",
    "period": "期间", "cause": "原因", "key_coverage": "号码可用 %", "stale": "比已有旧",
    "confirmed": "已确认", "held_for": "待确认", "unknown_columns": "未识别的列",
    "volume_change": "行数变化", "corrects": "更正批次", "supersedes": "取代批次",
    "superseded_by": "被取代", "given_back": "归还的行",
}  # fmt: skip
BatchCode = Annotated[str, typer.Argument(help="a batch's id, or its beginning")]


@app.command("list")
def list_(json: Json = False) -> None:
    """列出数据集及现有行数。Lists datasets with the rows they hold."""
    by = begin()
    held = dict.fromkeys(registry.datasets(), 0)
    for batch in access.visible_batches(by):
        if batch.status == Batch.PUBLISHED:
            held[batch.dataset] = held.get(batch.dataset, 0) + batch.accepted
    last = queries.last_days()
    lamps = {d.name: alarms.lamp(d, last.get(d.name)) for d in registry.datasets().values()}
    rows: list[dict[str, Any]] = [
        {"dataset": d.name, "title": d.title.zh, "title_en": d.title.en, "owners": list(d.owners),
         "mode": d.mode, "key": list(d.key), "rows": held[d.name],
         "last_day": str(last.get(d.name, "")), "late_days": lamps[d.name].late}
        for d in registry.datasets().values()
    ]  # fmt: skip
    if json:
        screen.show_json(rows)
        return
    screen.table(
        ["数据集 dataset", "名称 title", "部门 owner", ">行 rows", ">截至 last", "新鲜度 fresh"],
        [(r["dataset"], f"{r['title']} {r['title_en']}", "、".join(r["owners"]), r["rows"],
          r["last_day"], lamps[r["dataset"]].text.zh) for r in rows],
    )  # fmt: skip


@app.command("show")
def show_(
    name: Annotated[str, typer.Argument(help="a dataset's name or a batch's id")],
    html: Annotated[Path | None, typer.Option(help="write a batch's report as one page")] = None,
    json: Json = False,
) -> None:
    """查看数据集的列, 或批次的质量报告。A contract's columns, or a batch's quality report."""
    if name in registry.datasets():
        _contract(name, json)
        return
    by = begin()
    try:
        found = access.seen(by, name)
    except NotFound as error:
        raise NotFound(
            f"没有数据集或批次 {name} (neither a dataset nor a batch)",
            next_step="clew datasets list, clew datasets batches",
        ) from error
    if html is not None:
        with store.disk_errors():
            html.write_text(batch_page(found), encoding="utf-8")
        screen.note(f"报告已写入 {html} (report written)")
    _batch(found, json)


def _contract(name: str, json: bool) -> None:
    contract = registry.dataset(name)
    columns: list[dict[str, Any]] = [
        {"column": c.name, "headers": list(c.headers), "title_en": c.title.en, "type": c.type.name,
         "sensitivity": c.type.sensitivity, "required": c.required, "key": c.name in contract.key}
        for c in contract.columns.values()
    ]  # fmt: skip
    if json:
        screen.show_json({"dataset": name, "title": contract.title.zh, "columns": columns})
        return
    screen.note(f"{name} {contract.title.zh} {contract.title.en}: {contract.__doc__}")
    screen.table(
        ["列 column", "表头 headers", "类型 type", "级 class", "必需", "主键"],
        [(c["column"], "/".join(c["headers"]), c["type"], c["sensitivity"],
          "●" if c["required"] else "", "●" if c["key"] else "") for c in columns],
    )  # fmt: skip


def _batch(batch: Batch, json: bool) -> None:
    report = {
        "batch": batch.code, "dataset": batch.dataset, "department": batch.department.name_zh,
        "file": batch.file_name, "status": batch.status, "rows": batch.rows,
        "accepted": batch.accepted, "quarantined": batch.quarantined,
        "duplicates": batch.duplicates,
        "period": [str(batch.period_start or ""), str(batch.period_end or "")],
        "cause": batch.cause, **batch.report,
    }  # fmt: skip
    for inner in ("filled", "layout", "mapping", "corrected_rows"):
        report.pop(inner, None)
    if json:
        screen.show_json(report)
    else:
        _tell(batch, report)


def _tell(batch: Batch, report: dict[str, Any]) -> None:
    """The report in words: what is empty is left out."""
    kinds = ("quarantined", "repaired", "flagged")
    titles = {"quarantined": "隔离", "repaired": "修复", "flagged": "标记"}
    around = {k: report[k] for k in AROUND if report.get(k)}
    plain = {
        k: v for k, v in report.items()
        if k not in (*kinds, *AROUND, "medians") and v not in ("", None, [], {})
    }  # fmt: skip
    plain["status"] = STATES[batch.status].zh
    plain["quarantined"] = batch.quarantined
    plain["period"] = " – ".join(filter(None, report["period"]))
    plain |= {f"提醒 {n}": said for n, said in enumerate(surroundings(Report(**around)), 1)}
    lists = {k: ", ".join(map(str, v)) for k, v in plain.items() if isinstance(v, list)}
    lines = [(f"{LABELS[k]} {k}" if k in LABELS else k, v) for k, v in (plain | lists).items()]
    screen.table(["质量报告 quality report", ""], lines)
    contract = registry.datasets().get(batch.dataset)
    counts = [
        (titles[kind], code, n, reasons.sentence(code, contract).zh if kind == "quarantined"
         else reasons.title(code).zh)
        for kind in kinds
        for code, n in (batch.report.get(kind) or {}).items()
    ]  # fmt: skip
    if counts:
        screen.table(["", "代码 code", ">次数 count", "说明 meaning"], counts)


@app.command()
def template(
    name: Annotated[str, typer.Argument(help="a dataset's name")],
    out: Annotated[Path | None, typer.Option(help="the workbook to write")] = None,
    json: Json = False,
) -> None:
    """写出一份空白 Excel 模板, 含下拉列表和填报说明。An empty workbook to fill in."""
    contract = registry.dataset(name)
    path = out or Path(f"{contract.title.zh}-模板.xlsx")
    with store.disk_errors():
        excel.template(contract, path)
    _written(path, json, "填好后: clew ingest")


@app.command()
def export(
    name: Annotated[str, typer.Argument(help="a dataset's name")],
    out: Annotated[Path | None, typer.Option(help="a file instead of the terminal")] = None,
    json: Json = False,
) -> None:
    """按开放数据契约标准导出数据集的契约。The contract as Open Data Contract Standard YAML."""
    text = contract_yaml(registry.dataset(name))
    if out is not None:
        with store.disk_errors():
            out.write_text(text, encoding="utf-8")
        _written(out, json)
    elif json:
        screen.show_json(yaml.safe_load(text))
    else:
        screen.out.print(text, markup=False, end="")


def _written(path: Path, json: bool, then: str = "") -> None:
    if json:
        screen.show_json({"file": str(path)})
        return
    screen.note(f"已写入 {path} (written)")
    if then:
        screen.note(f"  → {then} {path}")


@app.command()
def batches(
    dataset: Annotated[str, typer.Option(help="only this dataset")] = "", json: Json = False
) -> None:
    """列出批次。Lists deliveries."""
    seen = set(access.visible_batches(begin()).values_list("pk", flat=True))
    found = [b for b in queries.batches(dataset) if b.pk in seen]
    rows = [
        {"batch": b.code, "dataset": b.dataset, "status": b.status, "rows": b.rows,
         "accepted": b.accepted, "quarantined": b.quarantined, "duplicates": b.duplicates,
         "department": b.department.name_zh, "file": b.file_name}
        for b in found
    ]  # fmt: skip
    if json:
        screen.show_json(rows)
    else:
        told = [(r | {"status": STATES[str(r["status"])].zh}).values() for r in rows]
        screen.table(["批次", "数据集", "状态", ">行", ">接收", ">隔离", ">重复", "部门", "文件"],
                     [tuple(cells) for cells in told])  # fmt: skip


@app.command("map")
def map_(
    file: Annotated[Path, typer.Argument(help="CSV, TSV, Excel, Parquet, or a ZIP of them")],
    dataset: Annotated[str, typer.Option(help="map onto this dataset")] = "",
    json: Json = False,
) -> None:
    """为文件建议一份表头映射 (YAML)。Proposes a mapping file for these headers."""
    found = propose(file, dataset)
    if json:
        screen.show_json(found.content())
    else:
        text = yaml.safe_dump(found.content(), allow_unicode=True, sort_keys=False)
        screen.out.print(text, markup=False, end="")
    for table, matched in found.tables:
        screen.note(f"# {table}: {matched.dataset.title.zh} {matched.dataset.name}")
        for column in matched.missing:
            screen.note(f"#   还缺必需的列 {column} (required, still missing)")
        for column, header in matched.guessed.items():
            screen.note(f"#   猜测: {header} → {column}, 请核对 (a guess, please check)")
        for header in matched.unknown:
            screen.note(f"#   未使用的列 {header} (not used)")
    for table, cause in found.left_out:
        screen.note(f"# {table}: 未列入 (left out): {cause}")
    screen.note(f"# → 存为 m.yaml 后: clew ingest {file} --mapping m.yaml")


@app.command()
def confirm(batch: BatchCode, json: Json = False) -> None:
    """确认一个待确认批次并发布。Answers yes for a held batch and publishes it."""
    by = begin()
    receipts = deliver.confirm(access.allowed(by, "decide_batch", batch), by=by)
    if json:
        screen.show_json([as_json(r) for r in receipts])
    else:
        show(receipts)


@app.command()
def refuse(batch: BatchCode, json: Json = False) -> None:
    """拒收一个待确认批次。Answers no for a held batch."""
    by = begin()
    refused = actions.refuse_held(by=by, batch=access.allowed(by, "decide_batch", batch))
    if json:
        screen.show_json({"batch": refused.code, "status": refused.status})
    else:
        screen.note(f"批次 {refused.code} 已拒收 (refused)")


@app.command()
def retract(
    batch: BatchCode,
    reason: Annotated[str, typer.Option(help="why, for the ledger")],
    json: Json = False,
) -> None:
    """撤回一个已发布批次。Withdraws a published batch; what it had superseded lives again."""
    by = begin()
    going = access.allowed(by, "decide_batch", batch)
    gone = actions.retract(by=by, batch=going, reason=reason)
    if json:
        screen.show_json({"batch": gone.code, "dataset": gone.dataset, "status": gone.status,
                          "accepted": gone.accepted})  # fmt: skip
        return
    screen.note(
        f"批次 {gone.code} 已撤回, {gone.accepted} 行不再参与运行 (withdrawn, no run sees it now)"
    )
    screen.note("  → clew detect")
