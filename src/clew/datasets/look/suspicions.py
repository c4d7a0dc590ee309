"""What a careful clerk would ask about before sending a file on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from clew.datasets import reasons
from clew.datasets.ingest.recognise import plain_header
from clew.datasets.look.survey import Seen, Survey
from clew.declare import T, types
from clew.kernel import clock, identifiers

GRAVE, WARNING, NOTE = "grave", "warn", "note"
NO_CURE = T("", "")
_NAMED_BY_PLACE = re.compile(r"第\d+列")
_NUMBERED = re.compile(r".+ \(\d+\)")


@dataclass(frozen=True, slots=True)
class Suspicion:
    mood: str
    what: T
    cure: T = NO_CURE


def suspicions(seen: Survey) -> list[Suspicion]:
    """Gravest first."""
    found = [s for look in _LOOKS for s in look(seen)]
    return sorted(found, key=lambda s: (GRAVE, WARNING, NOTE).index(s.mood))


def headless(seen: Survey) -> bool:
    """Whether the first row is data rather than a header: it holds persons' numbers or dates."""
    delivery = types.Delivery(clock.today())
    return any(
        identifiers.person_id(h, None, as_of=delivery.received).ok
        or identifiers.mobile(h).ok
        or (bool(re.search(r"\d{4}", h)) and types.Timestamp().check(h, delivery).ok)
        for h in seen.source.headers
    )


def _header(seen: Survey) -> Iterator[Suspicion]:
    headers = seen.source.headers
    if headless(seen):
        yield Suspicion(
            GRAVE, T("第一行是数据, 不是表头", "the first row is data, no header"),
            T("请在首行加上列名", "put the columns' names into the first row"),
        )  # fmt: skip
    nameless = [h for h in headers if _NAMED_BY_PLACE.fullmatch(h)]
    if len(nameless) > len(headers) / 2 > 1:
        yield Suspicion(
            GRAVE, T("首行大多是空的, 可能是标题行", "the first row is mostly empty: a title?"),
            T("请删去表头以上的行", "delete what stands above the header"),
        )  # fmt: skip
    elif nameless:
        names = ", ".join(nameless)
        yield Suspicion(WARNING, T(f"没有列名: {names}", f"columns without a name: {names}"))
    twice = [h for h in headers if _NUMBERED.fullmatch(h)]
    if twice:
        names = ", ".join(twice)
        yield Suspicion(WARNING, T(f"列名重复: {names}", f"repeated columns: {names}"))
    units = [h for h in headers if plain_header(h)[1] != 1]
    if units:
        names = ", ".join(units)
        yield Suspicion(
            WARNING, T(f"金额单位不是元: {names}", f"amounts in another unit than yuan: {names}"),
            T("导入时会请人确认单位", "the unit will be asked about"),
        )  # fmt: skip


def _rows(seen: Survey) -> Iterator[Suspicion]:
    by_reason: dict[str, list[int]] = {}
    for bad in seen.bad_rows:
        by_reason.setdefault(bad.reason, []).append(bad.row)
    for reason, numbers in by_reason.items():
        words, shown = reasons.fault(reason), ", ".join(map(str, numbers[:6]))
        yield Suspicion(
            GRAVE,
            T(f"{words.what.zh}: {len(numbers):,} 行 (第 {shown} 行…)",
              f"{words.what.en}: {len(numbers):,} rows (row {shown}…)"),
            words.cure,
        )  # fmt: skip
    if seen.source.truncated and "TRUNCATED" not in by_reason:
        row = seen.source.truncated
        yield Suspicion(
            GRAVE, T(f"文件在第 {row} 行中断", f"the file breaks off at row {row}"),
            reasons.fault("TRUNCATED").cure,
        )  # fmt: skip
    if seen.rows == 0:
        yield Suspicion(GRAVE, T("只有表头, 没有数据", "a header and no rows"))
    if seen.totals:
        shown = ", ".join(map(str, seen.totals[:6]))
        yield Suspicion(
            WARNING, T(f"数据中间有合计行: 第 {shown} 行", f"totals amid the data: row {shown}"),
            T("请删去, 合计不是一条记录", "delete them, a total is no record"),
        )  # fmt: skip


def _end(seen: Survey) -> Iterator[Suspicion]:
    """The totals row and notes below the table, which are no rows."""
    if seen.source.totals and not seen.checked:
        yield Suspicion(NOTE, T("末尾的合计行不算记录", "the totals row at the end is no record"))
    for total in seen.checked:
        header, stated, added = total.header, f"{total.stated:,}", f"{total.added:,.2f}"
        if total.stated == total.added:
            what = T(f"合计相符: {header} {stated}", f"the total is right: {header} {stated}")
            yield Suspicion(NOTE, what)
        else:
            yield Suspicion(
                GRAVE,
                T(f"合计不符: 「{header}」写的是 {stated}, 逐行相加是 {added}",
                  f"{header}: the total says {stated}, the rows add up to {added}"),
                T("可能缺行、多行或单位不同", "rows missing, too many, or another unit"),
            )  # fmt: skip
    if seen.source.end.notes:
        n = len(seen.source.end.notes)
        yield Suspicion(NOTE, T(f"表下有 {n} 行说明, 不算记录", f"{n} lines of notes below"))


def _repeats(seen: Survey) -> Iterator[Suspicion]:
    if seen.repeated:
        n = seen.repeated
        yield Suspicion(
            WARNING, T(f"完全相同的行: {n:,}", f"identical rows: {n:,}"),
            T("只算一次", "each counts once"),
        )  # fmt: skip
    if seen.keys_repeated and seen.dataset:
        key = seen.dataset.dataset.key
        zh = "、".join(seen.dataset.dataset.columns[k].title.zh for k in key)
        en = ", ".join(seen.dataset.dataset.columns[k].title.en for k in key)
        n = seen.keys_repeated
        yield Suspicion(
            WARNING, T(f"主键重复 ({zh}): {n:,} 行", f"repeated keys ({en}): {n:,} rows"),
            T("保留最新的一行", "the latest row is kept"),
        )  # fmt: skip


def _columns(seen: Survey) -> Iterator[Suspicion]:
    for column in seen.columns:
        header = column.header
        if column.scientific:
            n = column.scientific
            yield Suspicion(
                GRAVE,
                T(f"「{header}」有 {n:,} 个值成了科学计数法",
                  f"{header}: {n:,} values in scientific notation"),
                reasons.fault("D01_PRECISION_LOST").cure,
            )  # fmt: skip
        if len(column.forms) > 1:
            yield _mixed_dates(column)
        if column.filled == 0 and seen.sampled:
            yield Suspicion(NOTE, T(f"「{header}」整列为空", f"{header} is empty throughout"))
        elif column.distinct == 1 and seen.sampled > 1 and column.filled == 1:
            yield Suspicion(NOTE, T(f"「{header}」只有一个值", f"{header} has a single value"))


def _mixed_dates(column: Seen) -> Suspicion:
    shown = "; ".join(f"{_as_date(form)} × {count:,}" for form, count, _ in column.forms)
    rows = ", ".join(str(row) for _, _, row in column.forms[1:4])
    return Suspicion(
        WARNING,
        T(f"「{column.header}」混用多种日期写法: {shown} (见第 {rows} 行)",
          f"{column.header} mixes forms of dates: {shown} (see row {rows})"),
        T("导入时统一; 最好写成 2023-02-09", "read as one; 2023-02-09 is best"),
    )  # fmt: skip


def _as_date(form: str) -> str:
    """A form of digits as an invented date: `0-0-0 0:0:0` → 2023-02-09 08:30:00."""
    if form.isdigit():
        return "20230209083000"[: len(form)]
    numbers = iter(("2023", "02", "09", "08", "30", "00"))
    return re.sub("0+", lambda zeros: next(numbers, zeros.group()), form)


def _around(seen: Survey) -> Iterator[Suspicion]:
    """What stood around the table, and what the workbook held besides."""
    layout, container = seen.source.layout, seen.container
    if layout is not None and layout.head.above:
        n = len(layout.head.above)
        yield Suspicion(NOTE, T(f"表头上方有 {n} 行标题, 已跳过", f"{n} lines above the header"))
    for key, zh, en in (
        ("hidden_sheets", "隐藏的工作表未读取", "hidden sheets were not read"),
        ("other_sheets", "其他工作表", "other sheets"),
    ):
        if names := ", ".join(container.get(key, ())):
            yield Suspicion(NOTE, T(f"{zh}: {names}", f"{en}: {names}"))
    if merged := container.get("merged_cells"):
        yield Suspicion(
            WARNING, T(f"合并单元格 {merged} 处, 已逐行补齐", f"{merged} merged cells, repeated"),
            T("请取消合并", "unmerge them"),
        )  # fmt: skip
    if errors := container.get("error_cells"):
        yield Suspicion(
            WARNING, T(f"公式错误单元格 {errors} 处", f"{errors} cells with formula errors"),
            T("按空值处理", "they count as empty"),
        )  # fmt: skip


def _encoding(seen: Survey) -> Iterator[Suspicion]:
    layout = seen.source.layout
    if layout is None:
        return
    if not layout.encoding.startswith("utf-8"):
        name = layout.encoding.upper()
        yield Suspicion(NOTE, T(f"编码是 {name}, 可以读取", f"encoded in {name}, which is read"))
    if layout.delimiter != ",":
        sign = "Tab" if layout.delimiter == "\t" else layout.delimiter
        yield Suspicion(NOTE, T(f"分隔符是 {sign}", f"cells are parted by {sign}"))


_LOOKS: tuple[Callable[[Survey], Iterator[Suspicion]], ...] = (
    _header, _rows, _end, _repeats, _columns, _around, _encoding,
)  # fmt: skip
