"""The orders in which clues can be listed; ties go by id, so that every list is the same twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from clew.detection.models import Hit
from clew.detection.triage.confidence import Confidence
from clew.detection.triage.params import SEVERITIES
from clew.kernel.errors import InputError

Trust = Mapping[int, Confidence]
_Key = Callable[[Hit, Trust], tuple[int, ...]]

ORDERS: Mapping[str, _Key] = {
    "amount": lambda h, trust: (-h.fund - h.account,),
    "fund": lambda h, trust: (-h.fund,),
    "severity": lambda h, trust: (SEVERITIES.index(h.severity), -h.fund - h.account),
    "confidence": lambda h, trust: (-trust[h.pk].value, -h.fund - h.account),
}


def ordered(hits: Sequence[Hit], trust: Trust, by: str) -> list[Hit]:
    """Most first; H before M before L. No order: as they come.

    Raises:
        InputError: no such order.
    """
    if by and by not in ORDERS:
        raise InputError(
            f"不能按 {by} 排序 (no such order)", next_step=f"--sort {' | '.join(ORDERS)}"
        )
    if not by:
        return list(hits)
    return sorted(hits, key=lambda h: (*ORDERS[by](h, trust), h.clue.code))
