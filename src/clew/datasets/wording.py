"""Sentences of this room's ledger entries."""

from clew.declare.text import T

WORDING = {
    "datasets.publish": T(
        zh="{by} 发布批次 {subject}: {dataset} {rows} 行, "
        "接收 {accepted}, 隔离 {quarantined}, 重复 {duplicates}",
        en="{by} published batch {subject}: {dataset}, {rows} rows, "
        "{accepted} accepted, {quarantined} quarantined, {duplicates} duplicates",
    ),
    "datasets.supersede": T(
        zh="{by} 发布批次 {subject} 取代批次 {supersedes}: {dataset} {rows} 行, "
        "接收 {accepted}, 隔离 {quarantined}, 重复 {duplicates}",
        en="{by} published batch {subject} in place of batch {supersedes}: {dataset}, {rows} rows, "
        "{accepted} accepted, {quarantined} quarantined, {duplicates} duplicates",
    ),
    "datasets.retract": T(
        zh="{by} 撤回批次 {subject}: {dataset} {accepted} 行, 恢复 {revived} 行, 理由 {reason}",
        en="{by} withdrew batch {subject}: {dataset}, {accepted} rows; {revived} rows live again; "
        "reason: {reason}",
    ),
    "datasets.hold": T(
        zh="{by} 送来批次 {subject}, 待确认: {dataset} {rows} 行",
        en="{by} delivered batch {subject}, held for a decision: {dataset}, {rows} rows",
    ),
    "datasets.refuse": T(zh="批次 {subject} 被拒收", en="Batch {subject} was refused"),
    "datasets.export_quarantine": T(
        zh="{by} 导出批次 {subject} 的隔离区供更正: {quarantined} 行",
        en="{by} exported the quarantine of batch {subject} to be mended: {quarantined} rows",
    ),
    "datasets.note_duplicate": T(
        zh="{by} 重复送来批次 {subject} 的文件", en="{by} sent the file of batch {subject} again"
    ),
}
