"""Sentences of this room's ledger entries."""

from clew.declare.text import T

_MOVED_ZH = "{transition}, {before} → {after}, 日期 {on}"
_MOVED_EN = "{transition}, {before} → {after}, on {on}"
_MONEY_ZH = "{kind} {fen} 分, 款项 {entry}, 归属 {credit_to}, 基金 {fund_type}, 日期 {on}"
_MONEY_EN = "{kind} {fen} fen, entry {entry}, credited to {credit_to}, fund {fund_type}, on {on}"

WORDING = {
    "matters.open": T(
        zh="{by} 立事项 {subject}（{number}）: 线索 {clues}, {domain} {division}, "
        "承办 {department}, 流程 {lifecycle} 第 {version} 版, 上级 {parent}",
        en="{by} opened matter {subject} ({number}): clues {clues}, {domain} {division}, in charge "
        "{department}, lifecycle {lifecycle} version {version}, parent {parent}",
    ),
    "matters.advance": T(
        zh="{by} 流转事项 {subject}: " + _MOVED_ZH + ", 附件 {papers}",
        en="{by} moved matter {subject}: " + _MOVED_EN + ", papers {papers}",
    ),
    "matters.step": T(
        zh="{by} 办理事项 {subject}: " + _MOVED_ZH, en="{by} moved matter {subject}: " + _MOVED_EN
    ),
    "matters.assign": T(
        zh="{by} 交办事项 {subject}: " + _MOVED_ZH + ", 部门 {department}, 承办人 {handlers}",
        en="{by} assigned matter {subject}: " + _MOVED_EN + ", to {department}, {handlers}",
    ),
    "matters.suspend": T(
        zh="{by} 中止事项 {subject}: " + _MOVED_ZH + ", 事由 {ground}, 附件 {papers}",
        en="{by} suspended matter {subject}: " + _MOVED_EN + ", ground {ground}, papers {papers}",
    ),
    "matters.merge": T(
        zh="{by} 将事项 {subject} 并入 {into}: " + _MOVED_ZH + ", 线索 {clues} 条",
        en="{by} merged matter {subject} into {into}: " + _MOVED_EN + ", {clues} clues",
    ),
    "matters.attach": T(
        zh="{by} 为事项 {subject} 附 {kind}: {paper}, {media}, {size} 字节, {sha256}",
        en="{by} attached {kind} to matter {subject}: {paper}, {media}, {size} bytes, {sha256}",
    ),
    "matters.read_paper": T(
        zh="{by} 查看事项 {subject} 的 {kind}: {paper}, {sha256}",
        en="{by} read {kind} of matter {subject}: {paper}, {sha256}",
    ),
    "matters.answer": T(
        zh="{by} 在事项 {subject} 中答排除项 {code}: 线索 {clue}, {answer}; 理由: {reason}",
        en="{by} answered exclusion {code} in matter {subject}: clue {clue}, {answer}; "
        "reason: {reason}",
    ),
    "matters.identify": T(
        zh="{by} 在事项 {subject} 中核实线索 {clue} 的对象身份; 理由: {reason}",
        en="{by} confirmed the subject of clue {clue} in matter {subject}; reason: {reason}",
    ),
    "matters.settle": T(
        zh="{by} 在事项 {subject} 中认定线索 {clue}: {outcome} {code}; 理由: {reason}",
        en="{by} settled clue {clue} in matter {subject}: {outcome} {code}; reason: {reason}",
    ),
    "matters.book": T(
        zh="{by} 为事项 {subject} 记账: " + _MONEY_ZH, en="{by} booked on {subject}: " + _MONEY_EN
    ),
    "matters.reverse": T(
        zh="{by} 冲销事项 {subject} 的款项 {reverses}: " + _MONEY_ZH + "; 理由: {reason}",
        en="{by} reversed entry {reverses} of {subject}: " + _MONEY_EN + "; reason: {reason}",
    ),
    "matters.ask_write_off": T(
        zh="{by} 就事项 {subject} 申请核销 {fen} 分, 申请 {request}; 理由: {reason}",
        en="{by} asked to write off {fen} fen of {subject}, request {request}; reason: {reason}",
    ),
    "matters.ask_extension": T(
        zh="{by} 就事项 {subject} 的期限 {clock} 申请延 {amount} {unit}, 申请 {request}; "
        "理由: {reason}",
        en="{by} asked for {amount} {unit} more on clock {clock} of {subject}, request {request}; "
        "reason: {reason}",
    ),
    "matters.decide_request": T(
        zh="{by} 决定事项 {subject} 的申请 {request}（{kind} {clock} {amount}）: 批准 {granted}; "
        "意见: {answer}",
        en="{by} decided request {request} of {subject} ({kind} {clock} {amount}): "
        "granted {granted}; {answer}",
    ),
    "matters.recompute": T(
        zh="{by} 重算期限, {moved} 个有变 ({subject})",
        en="{by} computed deadlines again, {moved} moved ({subject})",
    ),
    "matters.look_back": T(
        zh="{by} 对事项 {subject} 回头看: {result}, 新见线索 {found}, 其间批次 "
        "{deliveries}, 状态 {state}",
        en="{by} looked back at {subject}: {result}, clues found {found}, deliveries "
        "since {deliveries}, state {state}",
    ),
    "matters.refuse": T(
        zh="{by} 对 {subject} 的 {asked} 被拒: {because}",
        en="{by} asked {asked} of {subject} and was refused: {because}",
    ),
}
