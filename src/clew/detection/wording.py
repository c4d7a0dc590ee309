"""Sentences of this room's ledger entries."""

from clew.declare.text import T

WORDING = {
    "detection.run": T(
        zh="{by} 运行监督模型, 运行编号 {subject}: 线索 {clues}, 其中新增 {new}",
        en="{by} ran detectors as run {subject}: {clues} clues, {new} of them new",
    ),
}
