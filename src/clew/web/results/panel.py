"""The results panel: what the account may see of clues, matters and money, counted and drawn.

Every number is over the objects that the account sees, and opens the list that it counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from clew.declare import T, registry
from clew.detection.access import visible_hits
from clew.kernel.money import yuan
from clew.matters.access import visible_matters
from clew.matters.models import Money
from clew.matters.money.sums import counted
from clew.web.door import Asked, page
from clew.web.results.tiles import TILES, Tile

STEPS = 4
"""Shades of the map; the number stands in each tile as well."""


@dataclass(frozen=True, slots=True)
class Shaded:
    tile: Tile
    clues: int
    matters: int
    recovered: int
    shade: int


def panel(request: Asked) -> HttpResponse:
    hits = visible_hits(request.account)
    clues = Counter(hits.values_list("clue__division", flat=True))
    detectors = Counter(hits.values_list("clue__detector", flat=True))
    matters = visible_matters(request.account)
    money = list(counted(
        Money.objects.filter(matter__in=matters).select_related("matter").order_by("id")
    ))  # fmt: skip
    months = _months(money)
    where = Counter(matters.values_list("division", flat=True))
    return page(
        request, "results/panel.html",
        {
            "domains": [
                (name, pack.title) for name, pack in registry.packs().items()
                if request.scope.allows("read_brief", domain=name, division="")
            ],
            "tiles": _tiles(clues, where, _recovered(money)),
            "elsewhere": sum(n for d, n in clues.items() if d not in {t.code for t in TILES}),
            "totals": _totals(matters, money, sum(clues.values())),
            "months": months, "chart": _chart(months),
            "detectors": [
                (registry.detector(d), n) for d, n in detectors.most_common()
            ],
            "focus": _focus(detectors),
        },
    )  # fmt: skip


def _totals(
    matters: Any, money: Iterable[tuple[Money, int]], clues: int
) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for entry, fen in money:
        sums[entry.kind] += fen
    return {
        "clues": clues, "matters": matters.count(), "open": matters.filter(closed=False).count(),
        "due": sums[Money.DUE], "recovered": sums[Money.RECOVERED] - sums[Money.RETURNED],
    }  # fmt: skip


def _tiles(clues: Counter[str], matters: Counter[str], money: Counter[str]) -> list[Shaded]:
    most = max((clues[t.code] for t in TILES), default=0)
    return [
        Shaded(t, clues[t.code], matters[t.code], money[t.code],
               -(-clues[t.code] * STEPS // most) if most else 0)
        for t in TILES
    ]  # fmt: skip


def _recovered(money: Iterable[tuple[Money, int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for entry, fen in money:
        sign = {Money.RECOVERED: 1, Money.RETURNED: -1}.get(entry.kind, 0)
        found[entry.matter.division] += sign * fen
    return found


def _months(money: Iterable[tuple[Money, int]]) -> list[tuple[str, int, int]]:
    """Month, fen due, fen recovered net of what was returned."""
    due: Counter[str] = Counter()
    back: Counter[str] = Counter()
    for entry, fen in money:
        month = f"{entry.booked_on:%Y-%m}"
        if entry.kind == Money.DUE:
            due[month] += fen
        elif entry.kind in (Money.RECOVERED, Money.RETURNED):
            back[month] += fen if entry.kind == Money.RECOVERED else -fen
    return [(m, due[m], back[m]) for m in sorted(set(due) | set(back))]


def _chart(months: list[tuple[str, int, int]]) -> dict[str, Any]:
    due, back = T("应追", "due"), T("已追", "recovered")
    return {
        "labels": [m for m, _, _ in months],
        "series": [
            {"zh": due.zh, "en": due.en, "values": [yuan(d) for _, d, _ in months]},
            {"zh": back.zh, "en": back.en, "values": [yuan(r) for _, _, r in months]},
        ],
    }


def _focus(detectors: Counter[str]) -> list[dict[str, Any]]:
    """Focus areas with their detectors and clues."""
    found: dict[str, dict[str, Any]] = {}
    for each in registry.detectors().values():
        titles = registry.pack_of_detector(each.id).focus
        for area in each.focus:
            line = found.setdefault(area, {"area": titles[area], "detectors": [], "clues": 0})
            line["detectors"].append(each)
            line["clues"] += detectors[each.id]
    return sorted(found.values(), key=lambda x: (-x["clues"], x["area"].zh))

