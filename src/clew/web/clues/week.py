"""What these officers verify this week: the most money that may come back for their hours."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from clew.declare import registry
from clew.detection.triage import week as weeks
from clew.kernel.errors import InputError
from clew.web.clues.lists import anchors, free
from clew.web.door import Asked, page

OFFICERS, DAYS = 4, 5
MOST = 500
SHOWN = 20
"""As many groups that did not fit are listed."""


def week(request: Asked) -> HttpResponse:
    officers, days = _number(request, "officers", OFFICERS), _number(request, "days", DAYS)
    found = weeks.week(officers=officers, days=days, hits=free(request))
    left = found.left[:SHOWN]
    names = anchors([item.group for item in (*found.chosen, *left)])
    context = {
        "officers": officers, "days": days, "found": found,
        "chosen": [_line(item, found, names) for item in found.chosen],
        "left": [_line(item, found, names) for item in left], "more": len(found.left) - len(left),
    }  # fmt: skip
    return page(request, "clues/week.html", context)


def _line(item: weeks.Item, found: weeks.Week, names: dict[str, str]) -> dict[str, Any]:
    return {
        "item": item,
        "anchor": names[item.group.id],
        "title": registry.detector(item.hits[0].clue.detector).title,
        "clues": [hit.clue.code for hit in item.hits],
        "why": weeks.reason(item, found.params),
    }


def _number(request: Asked, name: str, otherwise: int) -> int:
    text = request.GET.get(name, "").strip() or str(otherwise)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST):
        raise InputError(
            f"人数和天数为 1 至 {MOST} (officers and days are 1 to {MOST})", next_step="4, 5"
        )
    return int(text)
