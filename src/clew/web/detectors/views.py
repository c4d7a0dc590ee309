"""Detectors: the catalogue with its record, and one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from clew.declare import Detector, T, registry
from clew.detection import access, scorecard
from clew.detection.models import RAN
from clew.web.door import Asked, page


def list_(request: Asked) -> HttpResponse:
    """Every detector with its last run, and how often it was right."""
    last = _last(request)
    cards = {c.detector: c for c in scorecard.scorecard(_all())}  # the last version's line
    lines = [
        {"detector": d, "outcome": last.get(d.id), "card": cards.get(d.id),
         "advice": _advice(cards.get(d.id))}
        for d in _all()
    ]  # fmt: skip
    runs = list(access.visible_runs(request.account).order_by("-id")[:10])
    return page(
        request, "detectors/list.html",
        {"lines": lines, "runs": runs, "bounds": scorecard.BOUNDS.stated(),
         "may_run": request.scope.holds("run")},
    )  # fmt: skip


def show(request: Asked, id_: str) -> HttpResponse:
    detector = registry.detector(id_)
    pack = registry.pack_of_detector(detector.id)
    cards = scorecard.scorecard([detector])
    outcome = _last(request).get(detector.id)
    excluded: Mapping[str, int] = (outcome or {}).get("excluded") or {}
    return page(
        request, "detectors/one.html",
        {
            "d": detector, "cards": [(c, _advice(c)) for c in cards],
            "outcome": outcome, "doc": [" ".join(p.split()) for p in detector.doc.split("\n\n")],
            "focus": [pack.focus[area] for area in detector.focus],
            "exclusions": [(e, excluded.get(e.code, 0)) for e in detector.exclusions],
            "basis": [pack.legal[b] for b in detector.basis if b in pack.legal],
            "may_run": request.scope.holds("run"),
        },
    )  # fmt: skip


def _advice(card: scorecard.Line | None) -> T | None:
    return scorecard.TITLES[scorecard.advice(card.precision)] if card else None


def _all() -> list[Detector]:
    return list(registry.detectors().values())


def _last(request: Asked) -> dict[str, dict[str, Any]]:
    """Detector → what its last run said of it."""
    found: dict[str, dict[str, Any]] = {}
    seen = access.visible_runs(request.account).order_by("id")
    for code, results in seen.values_list("code", "results"):
        found |= {o["id"]: o | {"run": code} for o in results if o["status"] == RAN}
    return found

