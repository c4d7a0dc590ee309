"""Sheets of the rows under their owners' headers, of the method, and of the sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clew.reports.evidence import examined, overview
from clew.reports.evidence.sheets import (
    Cell,
    Row,
    Sheet,
    Whole,
    breadth,
    count,
    text,
    titled,
    wrapped,
)  # fmt: skip

METHOD, SOURCES = "方法与依据", "数据来源"
_STATES = {"live": "", "superseded": "已被更正", "withdrawn": "批次已撤回"}
_METHOD_WIDTHS = (30, 26, 44, 14, 20, 14)
_FILE = 28.0
OWN = 4
"""Columns of ours before the owner's: clue, role, file, row."""


def evidence(whole: Whole) -> Iterator[Sheet]:
    """A sheet for each table of rows, under the owner's headers."""
    taken = [overview.TITLE, examined.TITLE, METHOD, SOURCES]
    for table in whole["tables"]:
        name = titled(table["title"]["zh"], taken)
        taken.append(name)
        shown = [at for at in range(len(table["headers"])) if _told(table, at)]
        widths = [20.0, 12.0, _FILE, 8.0, *(_width(table, at) for at in shown)]
        sheet = Sheet(name, widths, frozen=3, frozen_columns=OWN, repeated=OWN)
        sheet.add(Cell(f"{table['title']['zh']}  {table['title']['en']}", "section",
                       span=len(widths)))  # fmt: skip
        sheet.add(Cell(_about(table, shown), "muted", span=len(widths)))
        heads = [Cell(h, "own head") for h in ("线索 clue", "角色 role", "文件 file", "行 row")]
        sheet.add(*heads, *(Cell(table["headers"][at], "head") for at in shown))
        sheet.rows.extend(_line(table, shown, row) for row in table["rows"])
        yield sheet


def _role(role: str) -> str:
    return "命中行" if role == "flagged" else f"佐证 {role}"


def _told(table: Whole, at: int) -> bool:
    """Whether any evidence row has something under this header, or had before it was mended."""
    return any(
        row["cells"][at] or any(cell["header"] == at for cell in row["mended"])
        for row in table["rows"]
    )


def _about(table: Whole, shown: Sequence[int]) -> str:
    empty = [h for at, h in enumerate(table["headers"]) if at not in shown]
    parts = [
        f"数据提供部门 {'、'.join(table['owners'])}",
        "列名为报送文件原名, 值为规范形式 (headers as delivered, values in normal form)",
        f"证据行均空的列: {'、'.join(empty)}" if empty else "",
        f"未接入的列: {'、'.join(table['not_kept'])}" if table["not_kept"] else "",
    ]
    return "    ".join(filter(None, parts))


def _line(table: Whole, shown: Sequence[int], row: Whole) -> Row:
    flagged = any(use["role"] == "flagged" for use in row["uses"])
    clues = "\n".join(dict.fromkeys(use["clue"] for use in row["uses"]))
    roles = "\n".join(dict.fromkeys(_role(u["role"]) for u in row["uses"]))
    state = "数据已清除" if row["purged"] else _STATES[row["state"]]
    first = f" (原文件第 {row['row_in_first_file']} 行)" if (
        row["row_in_first_file"] != row["row"]) else ""  # fmt: skip
    mended: dict[int, list[str]] = {}
    for cell in row["mended"]:
        how = "修复" if cell["repaired"] else "提示"
        mended.setdefault(cell["header"], []).append(f"{how} {cell['code']}: {cell['original']}")
    cells = []
    for at in shown:
        value = row["cells"][at]
        look = "marked" if at in row["marked"] else "mended" if at in mended else "plain"
        kind = table["kinds"][at] if value else "text"
        cells.append(Cell(value, look if flagged or look == "mended" else _paler(look), kind,
                          note="\n".join(mended.get(at, ()))))  # fmt: skip
    own = "own" if flagged else "proof"
    return [
        Cell(clues, own, lines=clues.count("\n") + 1),
        Cell(f"{roles}\n{state}".strip(), own, lines=roles.count("\n") + 1 + bool(state)),
        wrapped(f"{row['file']}{first}", _FILE, own), Cell(str(row["row"]), own, "count"), *cells,
    ]  # fmt: skip


def _paler(look: str) -> str:
    return "proof marked" if look == "marked" else "proof"


def _width(table: Whole, at: int) -> float:
    cells = (row["cells"][at] for row in table["rows"])
    widest = max(map(breadth, (table["headers"][at], *cells)))
    return float(min(36, max(9, widest + 3)))


def method(whole: Whole) -> Sheet:
    """Once for each detector and run: what it asks, with which numbers, on which ground."""
    sheet = Sheet(METHOD, _METHOD_WIDTHS)
    span, wide = len(_METHOD_WIDTHS), sum(_METHOD_WIDTHS)
    seen: dict[tuple[str, str, str], Whole] = {}
    for clue in whole["clues"]:
        seen.setdefault((clue["detector"], clue["rule"], clue["method"]["run"]), clue)
    for clue in seen.values():
        how = clue["method"]
        sheet.add(Cell(f"{clue['detector']}{clue['rule']} {clue['title']['zh']}  "
                       f"{clue['title']['en']}", "section", span=span, lines=2))  # fmt: skip
        sheet.add(wrapped(how["about"], wide, "wrap", span))
        sheet.add(wrapped(_ran(how), wide, "muted", span))
        sheet.table(
            ("参数 parameter", "名称 name", "含义 meaning", "取值 value", "单位 unit",
             "默认 default"),
            [
                [text(p["name"], "code"), wrapped(p["title"], 26), wrapped(p["title_en"], 44),
                 text(p["value"], "strong"), text(p["unit"]), text(p["default"])]
                for p in how["parameters"]
            ],
        )  # fmt: skip
        sheet.add()
        sheet.table(
            ("法律依据 basis", "条款 article", "核对 verified"),
            [
                [Cell(b["document"], span=2), text(b["article"]),
                 text("已核对" if b["verified"] else "未核对", "plain" if b["verified"] else "bad")]
                for b in how["basis"]
            ],
            (2, 1, 1),
        )  # fmt: skip
        if any(not b["verified"] for b in how["basis"]):
            sheet.add(Cell("未核对的依据须由经办人核对公布文本后方可写入文书  "
                           "An unverified ground is not printed in official papers",
                           "caution", span=span))  # fmt: skip
        sheet.add()
    return sheet


def _ran(how: Whole) -> str:
    newer = "" if how["version"] == how["current_version"] else (
        f" (现行为第 {how['current_version']} 版)")  # fmt: skip
    same = "未变 unchanged" if how["code_unchanged"] else "已有改动 changed since"
    return (
        f"第 {how['version']} 版{newer}    运行 run {how['run']}    截至 as of {how['as_of']}    "
        f"引擎 {how['engine']}    归口 {how['owner']}\n"
        f"代码 code {how['code'][:16]}… {same}"
    )


def sources(whole: Whole) -> Sheet:
    """The batches in question, each with the hash of the file as it was delivered."""
    widths = (14, 20, 14, 40, 24, 12, 10, 10, 10, 10, 68)
    sheet = Sheet(SOURCES, widths, frozen=1)
    sheet.table(
        ("批次 batch", "数据集", "部门 owner", "文件 file", "期间 period", "接收 received",
         "行 rows", "入库", "隔离", "重复", "报送文件 SHA-256"),
        [
            [text(s["batch"], "code"), text(f"{s['title']}"), text(s["department"]),
             wrapped(s["file"], 40), text(" — ".join(filter(None, s["period"]))),
             text(s["received"]), count(s["rows"]), count(s["accepted"]), count(s["quarantined"]),
             count(s["duplicates"]), text(s["sha256"], "code")]
            for s in whole["sources"]
        ],
    )  # fmt: skip
    return sheet
