"""The sheet of what was tested: for each rule, a line a clue and a column a condition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clew.reports.evidence.overview import RECOMPUTED
from clew.reports.evidence.sheets import Cell, Sheet, Whole, count, text

TITLE = "排除检验"
_KINDS = {"condition": "条件", "signal": "信号", "exclusion": "排除"}
_FIRST = (20, 12)
_COLUMN = 19
_LEAST = 6
_KEY = (
    "条件成立、信号出现使线索成立; 排除项均不适用才保留。分数为命中行数。"
    "未测: 缺少所需数据, 已降一级。\n"
    "A clue stands on its conditions, and no exclusion applies; fractions count flagged rows. "
    "未测 untested: the data needed are not held, and the level is one lower."
)


def examined(whole: Whole) -> Sheet:
    """Also lists the rows of the same facts that an exclusion took out."""
    rules = list(_by_rule(whole).items())
    most = max([_LEAST, *(len(clues[0]["tests"]) for _, clues in rules)])
    sheet = Sheet(TITLE, [*_FIRST, *[_COLUMN] * most], frozen_columns=1)
    span = len(sheet.widths)
    sheet.add(Cell(_KEY, "muted", span=span, lines=2))
    for (detector, rule), clues in rules:
        sheet.add()
        title = clues[0]["title"]
        sheet.add(Cell(f"{detector}{rule} {title['zh']}  {title['en']}", "section", span=span,
                       lines=2))  # fmt: skip
        _block(sheet, clues)
    sheet.add()
    sheet.add(Cell("同一事实中被排除的行 (不作证据)  Rows of the same facts that were excused",
                   "section", span=span, lines=2))  # fmt: skip
    sheet.table(
        ("线索 clue", "行 row", "批次 batch", "排除理由 excluded by", "文件 file"),
        [
            [text(clue["clue"], "code"), count(row["row"]), text(row["batch"], "code"),
             text(row["excluded_by"], "code"), Cell(row["file"], span=span - 4)]
            for clue in whole["clues"] for row in clue["set_aside"]
        ],
        (1, 1, 1, 1, span - 4),
    )  # fmt: skip
    return sheet


def _by_rule(whole: Whole) -> Mapping[tuple[str, str], list[Whole]]:
    grouped: dict[tuple[str, str], list[Whole]] = {}
    for clue in whole["clues"]:
        grouped.setdefault((clue["detector"], clue["rule"]), []).append(clue)
    return grouped


def _block(sheet: Sheet, clues: list[Whole]) -> None:
    items = clues[0]["tests"]
    heads = [f"{_KINDS[i['kind']]}\n{i['title']}\n{i['code']}" for i in items]
    sheet.add(
        Cell("线索 clue", "head", lines=4), Cell("命中行\nflagged", "head", lines=4),
        *(Cell(h, f"{i['kind']} head", lines=4) for h, i in zip(heads, items, strict=True)),
    )  # fmt: skip
    sheet.add(
        Cell("", "muted"), Cell("", "muted"),
        *(Cell(i["title_en"], "small", lines=2) for i in items),
    )  # fmt: skip
    for clue in clues:
        flagged = sum(row["role"] == "flagged" for row in clue["rows"])
        sheet.add(text(clue["clue"], "code"), count(flagged), *_verdicts(clue))


def _verdicts(clue: Whole) -> Iterator[Cell]:
    for item in clue["tests"]:
        total = item["yes"] + item["no"] + item["untested"]
        if not item["known"]:
            yield text(f"重算{RECOMPUTED[clue['recomputed']['state']]}", "bad")
        elif item["untested"]:
            share = "" if item["untested"] == total else f" {item['untested']}/{total}"
            yield text(f"未测{share}", "caution")
        elif item["kind"] == "exclusion":
            met = item["yes"]
            yield text(f"适用 {met}/{total}" if met else "不适用", "bad" if met else "no")
        elif item["kind"] == "signal":
            seen = item["yes"]
            yield text(f"出现 {seen}/{total}" if seen else "未出现", "yes" if seen else "no")
        else:
            missed = item["no"]
            yield text(f"不成立 {missed}/{total}" if missed else "成立", "bad" if missed else "yes")
