"""Sentences of this room's ledger entries."""

from clew.declare.text import T

WORDING = {
    "reports.export": T(
        zh="{by} 导出 {subject}: {rows} 行, {kind}, 用途 {reason}",
        en="{by} took away {subject}: {rows} rows, {kind}, for {reason}",
    ),
    "reports.export_evidence": T(
        zh="{by} 导出证据包 {subject}: 线索 {clues}, 清单 {manifest}, 脱敏 {masked}, 理由 {reason}",
        en="{by} exported the evidence package {subject}: clues {clues}, manifest {manifest}, "
        "masked {masked}, reason {reason}",
    ),
}
