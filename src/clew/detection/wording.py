"""Sentences of this room's ledger entries."""

from clew.declare.text import T

WORDING = {
    "detection.run": T(
        zh="{by} 运行监督模型, 运行编号 {subject}: 线索 {clues}, 其中新增 {new}",
        en="{by} ran detectors as run {subject}: {clues} clues, {new} of them new",
    ),
    "detection.decide": T(
        zh="{by} 判定线索 {subject}: {verdict} {code}, 原为 {before}, 模型第 {version} 版, "
        "证据 {evidence}; 理由: {reason}",
        en="{by} decided clue {subject}: {verdict} {code}, before {before}, version {version} of "
        "the detector, evidence {evidence}; reason: {reason}",
    ),
    "detection.reopen_changed": T(
        zh="{by} 的运行 {subject} 看到证据有变, 重新打开线索 {reopened} 条: {clues}",
        en="{by}'s run {subject} saw other evidence and reopened {reopened} clues: {clues}",
    ),
    "detection.mark": T(
        zh="{by} 研判线索 {subject}: {kind}, 至 {until}",
        en="{by} triaged clue {subject}: {kind}, until {until}",
    ),
    "detection.open_ticket": T(
        zh="{by} 就模型 {detector} 的 {cause} 向 {department} 发出数据质量单 {subject}: "
        "批次 {batch} 的 {rows} 行",
        en="{by} asked {department} by ticket {subject} about {rows} rows of batch {batch}: "
        "{cause} in {detector}",
    ),
    "detection.answer_ticket": T(
        zh="{by} 答复数据质量单 {subject}: {answer}",
        en="{by} answered ticket {subject}: {answer}",
    ),
}
