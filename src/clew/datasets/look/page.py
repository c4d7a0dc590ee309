"""The page and the JSON of a first look. Persons are masked in both."""

from __future__ import annotations

from typing import Any

from clew.datasets import reasons
from clew.datasets.html import render
from clew.datasets.ingest.recognise import Match
from clew.datasets.look.dirt import Dirt
from clew.datasets.look.files import Looked
from clew.datasets.look.guess import BY_HEADER
from clew.datasets.look.survey import Seen, Survey
from clew.datasets.look.suspicions import GRAVE, headless, suspicions
from clew.declare import T
from clew.declare.types import S2, S3

FORMATS = {"csv": "CSV", "parquet": "Parquet"}


def look_page(looked: Looked) -> str:
    """One self-contained HTML page, a chapter for each table."""
    return render(
        "look.html",
        {
            "title": T("数据初检", "A first look"), "file": looked.path.name,
            "tables": [_table(seen) for seen in looked.tables], "refused": looked.refused,
        },
    )  # fmt: skip


def _table(seen: Survey) -> dict[str, Any]:
    asked = suspicions(seen)
    columns = [_column(seen, number, column) for number, column in enumerate(seen.columns, 1)]
    return {
        "name": seen.name, "facts": _facts(seen), "suspicions": asked,
        "grave": sum(s.mood == GRAVE for s in asked), "columns": columns,
        "personal": any(c["level"] in (S2, S3) for c in columns),
        "likely": [_likely(m, first=not place) for place, m in enumerate(seen.likely)],
        "dirty": [c for c in columns if c["dirt"]], "step": seen.step,
        "sampled": f"{seen.sampled:,}", "next": _next(seen),
    }  # fmt: skip


def look_json(looked: Looked) -> dict[str, Any]:
    """The same for machines."""
    return {
        "file": looked.path.name,
        "bytes": looked.size,
        "tables": [_table_json(seen) for seen in looked.tables],
        "refused": [{"part": part, "cause": cause} for part, cause in looked.refused],
    }


def _table_json(seen: Survey) -> dict[str, Any]:
    hidden = headless(seen)
    return {
        "name": seen.name, "format": seen.source.format, "encoding": seen.source.encoding,
        "rows": seen.rows, "bad_rows": len(seen.bad_rows), "sampled_every": seen.step,
        "identical_rows": seen.repeated, "totals_rows": seen.totals,
        "datasets": [
            {"dataset": m.dataset.name, "missing": m.missing, "recognised": len(m.columns),
             "unknown_headers": [] if hidden else m.unknown}
            for m in seen.likely
        ],
        "columns": [
            {"header": _shown(hidden, n, c), "type": c.guess.type.name if c.guess.type else "",
             "guessed_by": c.guess.by, "filled": round(c.filled, 4), "distinct": c.distinct,
             "dirt": {d.code: d.count for d in c.dirt}}
            for n, c in enumerate(seen.columns, 1)
        ],
        "suspicions": [{"mood": s.mood, "zh": s.what.zh, "en": s.what.en}
                       for s in suspicions(seen)],
    }  # fmt: skip


def _shown(hidden: bool, number: int, column: Seen) -> str:
    """A header that is data is not shown."""
    return f"第{number}列" if hidden else column.header


def _facts(seen: Survey) -> list[dict[str, Any]]:
    kind = FORMATS.get(seen.source.format, seen.source.format.upper())
    encoding = seen.source.encoding.upper()
    sampled = (
        T(f"每 {seen.step} 行取 1 行检查", f"every {seen.step}th row examined")
        if seen.step > 1
        else T("全部检查", "all examined")
    )
    unread = len(seen.bad_rows)
    note = (
        T(f"另有 {unread:,} 行无法分列", f"{unread:,} more cannot be split") if unread else sampled
    )
    return [
        {"label": T("行", "Rows"), "value": f"{seen.rows:,}", "note": note},
        {"label": T("列", "Columns"), "value": len(seen.columns),
         "note": T(f"认出 {_known(seen)} 列", f"{_known(seen)} understood")},
        {"label": T("大小", "Size"), "value": _size(seen.size),
         "note": T(f"{kind} {encoding}", "")},
    ]  # fmt: skip


def _known(seen: Survey) -> int:
    return sum(c.guess.type is not None for c in seen.columns)


def _size(size: int) -> str:
    for unit, factor in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} B"


def _column(seen: Survey, number: int, column: Seen) -> dict[str, Any]:
    type_ = column.guess.type
    dirty = sum(d.count for d in column.dirt if not d.mended)
    mended = sum(d.count for d in column.dirt if d.mended)
    return {
        "number": number, "header": _shown(headless(seen), number, column),
        "type": column.guess.title, "by_header": column.guess.by == BY_HEADER,
        "known": type_ is not None, "level": type_.sensitivity if type_ else "",
        "filled": f"{100 * column.filled:.1f} %", "width": round(100 * column.filled, 2),
        "distinct": f"{column.distinct:,}", "faults": f"{dirty:,}" if dirty else "",
        "mended": f"{mended:,}" if mended else "",
        "dirt": [_dirt(d) for d in column.dirt],
    }  # fmt: skip


def _dirt(found: Dirt) -> dict[str, Any]:
    words = None if found.code in reasons.REPAIRS else reasons.fault(found.code)
    return {
        "code": found.code, "mended": found.mended, "count": f"{found.count:,}",
        "what": reasons.title(found.code), "cure": words.cure if words else None,
        "examples": found.examples,
    }  # fmt: skip


def _likely(matched: Match, *, first: bool) -> dict[str, Any]:
    contract = matched.dataset
    return {
        "title": contract.title, "name": contract.name, "owners": "、".join(contract.owners),
        "whole": not matched.missing, "first": first, "recognised": len(matched.columns),
        "missing": [contract.columns[m].title for m in matched.missing],
        "guessed": [(header, contract.columns[c].title) for c, header in matched.guessed.items()],
        "unknown": matched.unknown,
    }  # fmt: skip


def _next(seen: Survey) -> list[tuple[T, str]]:
    name = seen.name.partition("[")[0].partition("/")[0]
    quoted = f"'{name}'" if not name.isascii() or " " in name else name
    if seen.dataset is not None:
        dataset = seen.dataset.dataset.name
        return [
            (T("导入这个文件:", "Take it in:"), f"clew ingest {quoted} --dataset {dataset}"),
            (T("索取空白模板:", "An empty template:"), f"clew datasets template {dataset}"),
        ]
    return [(T("自己对应表头:", "Map its headers:"), f"clew datasets map {quoted}")]
