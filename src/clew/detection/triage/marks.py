"""Reading what officers set aside or put off while triaging."""

from __future__ import annotations

from collections.abc import Sequence

from clew.detection.models import Mark
from clew.kernel import clock


def standing(clues: Sequence[int]) -> dict[int, Mark]:
    """Clue's database id → the mark that counts today."""
    found: dict[int, Mark] = {}
    for each in Mark.objects.filter(clue_id__in=clues).select_related("by").order_by("id"):
        found[each.clue_id] = each
    today = clock.today()
    return {
        clue: each
        for clue, each in found.items()
        if each.kind != Mark.CLEARED and (each.until is None or each.until > today)
    }
