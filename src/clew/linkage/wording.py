"""Sentences of this room's ledger entries."""

from clew.declare.text import T

WORDING = {
    "linkage.repair": T(
        zh="{by} 用方法 {subject} 关联错号的行: 新增 {found}, 撤下 {withdrawn}, 现有 {standing}",
        en="{by} linked rows with mistyped numbers by method {subject}: {found} new, "
        "{withdrawn} withdrawn, {standing} standing",
    ),
    "linkage.decide": T(
        zh="{by} 判定关联 {subject}: {verdict}, 原为 {before}; 理由: {reason}",
        en="{by} decided link {subject}: {verdict}, before {before}; reason: {reason}",
    ),
}
