"""Tiers of a link between two mentions of a person, strongest first."""

from __future__ import annotations

from dataclasses import dataclass

from clew.declare import T


@dataclass(frozen=True, slots=True)
class Tier:
    code: str
    title: T
    supports: T


TIERS = (
    Tier(
        "T1",
        T("精确", "exact"),
        T("证件相同且姓名相容, 可支持任何线索", "same document, names agree: supports any clue"),
    ),
    Tier(
        "T1c",
        T("冲突", "conflict"),
        T("证件相同而姓名不相容, 只进人工名单", "same document, names differ: a person decides"),
    ),
    Tier(
        "T2",
        T("修复", "repaired"),
        T(
            "证件仅差一处且唯一, 姓名和出生日期相同, 线索须先核实身份",
            "one edit from one known document, name and birth agree: confirm identity first",
        ),
    ),
)
