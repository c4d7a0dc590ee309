"""The first sheet: what is suspected, of whom, how much, how far it may be believed."""

from __future__ import annotations

from clew.reports.evidence.sheets import Cell, Row, Sheet, Whole, count, money, text, wrapped

TITLE = "总览"
_WIDTHS = (20, 26, 22, 30, 7, 13, 13, 8, 10, 13, 24)
_WIDE = sum(_WIDTHS)
STATUS = {"open": "疑似", "confirmed": "已核实", "rebutted": "已排除"}
RECOMPUTED = {"agrees": "一致", "differs": "不一致", "unavailable": "无法复算"}
_WEAKEST = {"link": "关联", "quality": "数据质量", "precision": "精确率下限", "prior": "假定概率"}
_HEADS = (
    "线索\nclue", "模型\ndetector", "对象\nsubject", "事实\nfact", "级别\nlevel",
    "基金 元\nfund", "个账 元\naccount", "证据行\nrows", "状态\nstatus",
    "重算\nrecomputed", "可信度与决定因素\nconfidence, decided by",
)  # fmt: skip
_SUSPECTED = (
    "本包所列均为疑似线索, 由监督模型对部门数据比对得出; 是否成立须由两名以上工作人员"
    "依法核查、听取陈述申辩后认定, 不得直接作为处理依据。\n"
    "Everything here is a suspicion found by comparing records. Only officers decide, after "
    "verification and after hearing the party."
)
_LEGEND = (
    ("marked", "标色单元格承载线索所述的对象、日期、金额或编号",
     "these cells carry the subject, date, amount or number that the clue states"),
    ("proof", "佐证行 (如死亡记录、另一次住院), 单独看并无异常",
     "a row that proves beside it (a death, the other stay); nothing wrong by itself"),
    ("mended", "入库时修复或提示过的单元格, 批注写明原值和代码",
     "a cell mended or flagged at ingest; the comment gives the text delivered and the code"),
)  # fmt: skip


def overview(whole: Whole) -> Sheet:
    sheet = Sheet(TITLE, _WIDTHS)
    made, span = whole["made"], len(_WIDTHS)
    sheet.add(Cell("疑似线索证据包  Evidence package", "title", span=span, lines=2))
    sheet.add(wrapped(_SUSPECTED, _WIDE, "warning", span))
    sheet.add(wrapped(_made(whole), _WIDE, "muted", span))
    if group := whole["group"]:
        sheet.add(wrapped(_grouped(group), _WIDE, "band", span))
    sheet.add()
    sheet.table(_HEADS, [_clue(clue) for clue in whole["clues"]])
    sheet.add(
        Cell("合计 total", "total"), *(Cell("", "total") for _ in range(4)),
        money(_sum(whole, "fund_amount"), "total"), money(_sum(whole, "account_amount"), "total"),
        count(sum(len(c["rows"]) for c in whole["clues"]), "total"),
        *(Cell("", "total") for _ in range(3)),
    )  # fmt: skip
    sheet.add()
    sheet.add(Cell("图例 Legend", "section", span=span))
    for look, zh, en in _LEGEND:
        sheet.add(Cell("示例 1,234.50", look), Cell(f"{zh}  {en}", "plain", span=span - 1))
    sheet.add()
    sheet.add(Cell("如何核验 How to verify", "section", span=span))
    steps = _steps(str(made["clew"]))
    sheet.add(wrapped(steps, _WIDE, "wrap", span))
    return sheet


def _made(whole: Whole) -> str:
    made = whole["made"]
    masked = (
        "个人信息已脱敏 persons masked"
        if made["masked"]
        else "含明文个人信息, 依法保管 holds personal data in clear"
    )
    return (
        f"生成 made {made['at']}    账户 by {made['by']}    Clew {made['clew']}    "
        f"格式 {whole['format']}    {masked}"
    )


def _grouped(group: Whole) -> str:
    first, last = group["period"]
    name = f"{group['name']} {group['anchor']}".strip()
    return (
        f"拟立事项 proposed matter {group['group']}    {name}    线索 {group['clues']} 条, "
        f"涉及 {group['persons']} 人, 基金 {group['fund_amount']} 元, 个账 "
        f"{group['account_amount']} 元, 最高 {group['severity']} 级, {first} — {last}"
    )


def _clue(clue: Whole) -> Row:
    fact = "; ".join(f"{part['title']} {part['value']}" for part in clue["fact"])
    agrees = clue["recomputed"]["state"]
    status = STATUS[clue["status"]]
    trust = clue["confidence"]
    cells = [
        text(clue["clue"], "code"),
        wrapped(f"{clue['detector']}{clue['rule']} {clue['title']['zh']}", _WIDTHS[1]),
        text(clue["subject"]), wrapped(fact, _WIDTHS[3]),
        text(clue["severity"], f"level {clue['severity']}"),
        money(clue["fund_amount"]), money(clue["account_amount"]), count(len(clue["rows"])),
        text(status), text(RECOMPUTED[agrees], "plain" if agrees == "agrees" else "bad"),
        text(f"{100 * trust['value']:.1f} %  {_WEAKEST[trust['weakest']]}"),
    ]  # fmt: skip
    if clue["confirm_identity"]:
        cells[2] = wrapped(f"{clue['subject']}\n须先核实身份 confirm identity", _WIDTHS[2], "bad")
    return cells


def _sum(whole: Whole, column: str) -> str:
    cents = sum(int(str(c[column]).replace(".", "")) for c in whole["clues"])
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _steps(clew: str) -> str:
    return (
        f"1. 在任一装有 Clew {clew} 的机器上: clew verify-evidence 文件夹 (无需工作区; --key 给出"
        "生成方公钥可确认由谁生成)。\n"
        "2. 不装任何程序: sha256sum -c MANIFEST.sha256。\n"
        "3. 原始报送文件由数据提供部门自查: sha256sum -c SOURCES.sha256。\n"
        "Any machine: clew verify-evidence FOLDER. Without Clew: sha256sum -c MANIFEST.sha256; "
        "the owner of a delivered file: sha256sum -c SOURCES.sha256."
    )
