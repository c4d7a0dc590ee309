"""The quality report of a batch as one HTML page, for a screen, a printer or an attachment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from clew.datasets import queries, reasons
from clew.datasets.evidence import Case, Evidence, evidence
from clew.datasets.html import render
from clew.datasets.ingest.report import VOLUME_ALARM, Report, surroundings
from clew.datasets.models import Batch
from clew.declare import Dataset, T, registry

STATES = {
    Batch.PUBLISHED: T("已发布", "published"),
    Batch.HELD: T("待确认", "held"),
    Batch.REFUSED: T("拒收", "refused"),
    Batch.DUPLICATE: T("重复", "duplicate"),
    Batch.WITHDRAWN: T("已撤回", "withdrawn"),
}
NOTHING = T("", "")


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of the bar of rows; x and width in percent."""

    label: T
    count: str
    share: str
    x: float
    width: float
    colour: str


@dataclass(frozen=True, slots=True)
class Tile:
    label: T
    value: str
    note: T = NOTHING
    mood: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One code with its count and examples."""

    code: str
    what: T
    count: str
    width: float
    column: T = NOTHING
    cure: T = NOTHING
    cases: Sequence[Case] = ()


@dataclass(frozen=True, slots=True)
class Section:
    title: T
    lead: T
    colour: str
    mood: str
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Step:
    what: T
    command: str


def batch_page(batch: Batch) -> str:
    """A self-contained page on any batch, whatever its state."""
    return render("batch.html", told(batch))


def told(batch: Batch) -> dict[str, Any]:
    """What such a page shows, for a template."""
    contract = registry.datasets().get(batch.dataset)
    report: Mapping[str, Any] = batch.report
    found = evidence(batch, contract)
    read = report.get("layout") or {}
    delivered = read.get("columns") or {}
    return {
        "title": contract.title if contract else T(batch.dataset or "?", batch.dataset or "?"),
        "code": batch.code, "dataset": batch.dataset, "file": batch.file_name,
        "department": batch.department.name_zh, "status": batch.status,
        "state": STATES.get(batch.status, T(batch.status, batch.status)),
        "received": f"{batch.received_at:%Y-%m-%d %H:%M}",
        "causes": batch.cause, "notes": _notes(report), "corrects": report.get("corrects", ""),
        "corrected": [(b.code, b.accepted) for b in queries.corrections(batch)],
        "rows": f"{batch.rows:,}", "parts": _parts(batch), "tiles": _tiles(batch, contract),
        "sections": _sections(batch, contract, found), "totals": _totals(report, contract),
        "fills": found.fills, "unknown": ", ".join(report.get("unknown_columns", [])),
        "absent": _absent(contract, delivered), "steps": _steps(batch),
    }  # fmt: skip


def _parts(batch: Batch) -> list[Part]:
    total, x, parts = batch.rows or 1, 0.0, []
    for label, count, colour in (
        (T("接收", "accepted"), batch.accepted, "#2e7d5b"),
        (T("隔离", "quarantined"), batch.quarantined, "#b3261e"),
        (T("重复", "duplicates"), batch.duplicates, "#8896a5"),
    ):
        width = round(100 * count / total, 3)
        parts.append(Part(label, f"{count:,}", f"{100 * count / total:.1f} %", x, width, colour))
        x += width
    return parts


def _tiles(batch: Batch, contract: type[Dataset] | None) -> list[Tile]:
    return [
        *_period_tiles(batch, contract),
        _coverage_tile(batch.report.get("key_coverage")),
        _volume_tile(batch.report.get("volume_change")),
    ]


def _period_tiles(batch: Batch, contract: type[Dataset] | None) -> list[Tile]:
    label, fresh = T("所属期间", "Period covered"), T("新鲜度", "Freshness")
    if batch.period_start is None or batch.period_end is None:
        none = T("没有主要日期", "no main date")
        return [Tile(label, "—", none), Tile(fresh, "—", none)]
    days = (batch.received_at.date() - batch.period_end).days
    limit = contract.fresh_days if contract else None
    late = limit is not None and days > limit
    note = (
        T(f"应在 {limit} 天内", f"expected within {limit} days")
        if limit is not None
        else T("最晚日期到收到之日, 无时限要求", "last date to delivery; no limit set")
    )
    span = f"{batch.period_start} 至 {batch.period_end}"
    length = (batch.period_end - batch.period_start).days + 1
    return [
        Tile(label, span, T(f"共 {length:,} 天", f"{length:,} days")),
        Tile(fresh, f"{days:,} 天", note, "alarm" if late else ""),
    ]


def _coverage_tile(coverage: float | None) -> Tile:
    label = T("证件号码可用率", "Rows with a usable person ID")
    if coverage is None:
        return Tile(label, "—", T("本数据集没有证件号码列", "no person ID in this dataset"))
    low = coverage < 90
    note = T("低于 90 %, 影响关联", "below 90 %: linkage suffers") if low else NOTHING
    return Tile(label, f"{coverage:.2f} %", note, "note" if low else "")


def _volume_tile(change: float | None) -> Tile:
    label = T("与上一批相比", "Against the previous batch")
    if change is None:
        return Tile(label, "—", T("第一批, 无可比较", "the first one"))
    limit = f"±{VOLUME_ALARM:.0%}"
    if abs(change) > VOLUME_ALARM:
        note = T(f"行数变化超过 {limit}, 请核实", f"rows swing beyond {limit}: please check")
        return Tile(label, f"{change:+.1%} !", note, "alarm")
    return Tile(label, f"{change:+.1%}", T(f"在 {limit} 以内", f"within {limit}"))


def _sections(batch: Batch, contract: type[Dataset] | None, found: Evidence) -> list[Section]:
    quarantined = Section(
        T("隔离的行", "Quarantined rows"),
        T("这些行缺少关键内容, 未进入数据湖, 请数据提供部门更正后重送。",
          "They lack what a row cannot do without. Their owner mends and resends them."),
        "#b3261e", "grave", _quarantine_lines(batch, contract, found),
    )  # fmt: skip
    mended = Section(
        T("自动修复", "Repaired"),
        T("原值保留, 修复后的值用于比对。", "The original is kept beside the value in use."),
        "#2e7d5b", "", _lines(batch.report.get("repaired", {}), found.repaired),
    )  # fmt: skip
    flagged = Section(
        T("标记", "Flagged"),
        T("行已接收; 这些单元格无法使用 (按空值处理) 或需要留意。",
          "The rows are accepted; these cells count as empty, or deserve a look."),
        "#b26a00", "warn", _lines(batch.report.get("flagged", {}), found.flagged),
    )  # fmt: skip
    return [quarantined, mended, flagged]


def _quarantine_lines(batch: Batch, contract: type[Dataset] | None, found: Evidence) -> list[Line]:
    counts: Mapping[str, int] = batch.report.get("quarantined", {})
    lines = []
    for reason, count in sorted(counts.items(), key=lambda c: (-c[1], c[0])):
        column, _, code = reason.partition(":")
        words = reasons.fault(code)
        declared = contract.columns.get(column) if contract else None
        title = declared.title if declared else T(column, column)
        cure = reasons.wanted(code, declared) or words.cure
        lines.append(
            Line(code, words.what, f"{count:,}", _share(count, counts), title, cure,
                 found.quarantined.get(reason, ()))
        )  # fmt: skip
    return lines


def _lines(counts: Mapping[str, int], cases: Mapping[str, Sequence[Case]]) -> list[Line]:
    return [
        Line(code, reasons.title(code), f"{count:,}", _share(count, counts),
             cure=NOTHING if code in reasons.REPAIRS else reasons.fault(code).cure,
             cases=cases.get(code, ()))
        for code, count in sorted(counts.items(), key=lambda c: (-c[1], c[0]))
    ]  # fmt: skip


def _share(count: int, counts: Mapping[str, int]) -> float:
    return round(100 * count / max(1, *counts.values()), 2)


def _totals(report: Mapping[str, Any], contract: type[Dataset] | None) -> list[dict[str, Any]]:
    """The totals row beside the sums over all rows as delivered; money in yuan."""
    found = []
    for column, total in (report.get("control") or {}).items():
        declared = contract.columns.get(column) if contract else None
        title = declared.title if declared else T(column, column)
        found.append({"title": title, "stated": _grouped(total["stated"]),
                      "summed": _grouped(total["summed"]), "equal": total["ok"]})  # fmt: skip
    return found


def _grouped(figure: str) -> str:
    return f"{Decimal(figure):,}"


def _notes(report: Mapping[str, Any]) -> list[str]:
    """What stood around the table, what was done to get at it, what stands out beside others."""
    told = ("control", "table", "container", "overlaps", "alarms")
    return surroundings(Report(**{part: report[part] for part in told if report.get(part)}))


def _absent(contract: type[Dataset] | None, delivered: Mapping[str, str]) -> str:
    if contract is None or not delivered:
        return ""
    return "、".join(c.title.zh for c in contract.columns.values() if c.name not in delivered)


def _steps(batch: Batch) -> list[Step]:
    steps = []
    if batch.status == Batch.HELD:
        steps.append(Step(T("确认无误后发布:", "When it is right, publish:"),
                          f"clew datasets confirm {batch.code}"))  # fmt: skip
    if batch.status == Batch.PUBLISHED and batch.quarantined:
        steps.append(Step(T("导出给数据提供部门更正:", "For the owner to mend:"),
                          f"clew quarantine export {batch.code}"))  # fmt: skip
    return steps
