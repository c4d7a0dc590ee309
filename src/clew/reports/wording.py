"""Sentences of this room's ledger entries."""

from clew.declare.text import T

WORDING = {
    "reports.export": T(
        zh="{by} 导出 {subject}: {rows} 行, {kind}, 用途 {reason}",
        en="{by} took away {subject}: {rows} rows, {kind}, for {reason}",
    ),
    "reports.ask_release": T(
        zh="{by} 申请明文导出 {subject}: 线索 {clues}, 用途 {reason}",
        en="{by} asked to take clues in clear {subject}: clues {clues}, for {reason}",
    ),
    "reports.decide_release": T(
        zh="{by} 决定放行 {subject}: 批准 {granted}, 有效至 {until}, {answer}",
        en="{by} decided on release {subject}: granted {granted}, until {until}, {answer}",
    ),
    "reports.take_release": T(
        zh="{by} 凭放行 {subject} 明文导出: 线索 {clues}, {kind}",
        en="{by} took clues in clear under release {subject}: clues {clues}, {kind}",
    ),
    "reports.export_evidence": T(
        zh="{by} 导出证据包 {subject}: 线索 {clues}, 清单 {manifest}, 脱敏 {masked}, 理由 {reason}",
        en="{by} exported the evidence package {subject}: clues {clues}, manifest {manifest}, "
        "masked {masked}, reason {reason}",
    ),
}
