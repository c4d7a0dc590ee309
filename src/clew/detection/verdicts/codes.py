"""Why a clue was rebutted: the exclusions that its detector knows, and what no rule can know."""

from __future__ import annotations

from collections.abc import Mapping

from clew.declare import Detector
from clew.declare.text import T
from clew.kernel.errors import InputError

DIRTY_DATA, DUPLICATE_OF, LAWFUL = "DIRTY_DATA", "DUPLICATE_OF", "LAWFUL"
NOT_PROVED, OTHER = "NOT_PROVED", "OTHER"
EVIDENCE_CHANGED = "EVIDENCE_CHANGED"
"""The code of a reopening that no person asked for."""

CORE: Mapping[str, T] = {
    DIRTY_DATA: T("数据有误, 交数据归口部门更正", "the data are wrong; their owner is asked"),
    DUPLICATE_OF: T("与另一条线索是同一件事", "the same matter as another clue"),
    LAWFUL: T("核实为合法合规", "it happened, and was lawful"),
    NOT_PROVED: T("核查后不能证实", "looked into, and not proved"),
    OTHER: T("其他, 见理由", "something else, as the reason says"),
}


def known(detector: Detector) -> dict[str, T]:
    """Every reason code that a clue of this detector can be rebutted with: its own first."""
    own = {e.code: e.title for e in detector.exclusions}
    return own | {code: title for code, title in CORE.items() if code not in own}


def checked(detector: Detector, code: str) -> str:
    """
    Raises:
        InputError: the detector has no such exclusion and it is no general reason.
    """
    codes = known(detector)
    wanted = code.strip().upper()
    if wanted not in codes:
        raise InputError(
            f"{detector.id} 没有排除理由代码 {code!r} (no such reason code)",
            next_step=f"可用: {', '.join(codes)}",
        )
    return wanted
