"""Triage by keyboard: open clues one after the other, the list on the left, the clue on the right.

Each step is a page of its own, so that it works without a script; keys only press its buttons.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse

from clew.detection import access
from clew.detection.models import Clue, Mark, Verdict
from clew.kernel import clock
from clew.matters.models import MatterClue
from clew.web.clues.lists import GRAVITY, ORDERS, choices, lines
from clew.web.clues.one import told
from clew.web.door import Asked, page

SHOWN = 30


def triage(request: Asked) -> HttpResponse:
    """The open clues that no matter holds, nobody put off and no colleague put aside; `at` says
    which one is looked at.
    """
    asked = request.GET
    held = Exists(MatterClue.objects.filter(clue=OuterRef("clue"), held=True))
    later = Mark.objects.filter(clue=OuterRef("clue")).order_by("-id")
    elsewhere = Q(kind=Mark.SNOOZED, until__gt=clock.today()) | (
        Q(kind=Mark.ACCEPTED) & ~Q(by=request.account)
    )
    taken = Exists(
        later.filter(elsewhere).exclude(
            Exists(later.filter(pk__gt=OuterRef("pk"), clue=OuterRef("clue")))
        )
    )
    found = access.visible_hits(request.account).annotate(gravity=GRAVITY)
    found = found.filter(~held, ~taken, clue__status=Clue.OPEN)
    if detector := asked.get("detector"):
        found = found.filter(clue__detector=detector)
    if division := asked.get("division"):
        found = found.filter(clue__division=division)
    total = found.count()
    listed = list(found.order_by(*ORDERS["severity"])[:SHOWN])
    at = next((n for n, h in enumerate(listed) if h.clue.code == asked.get("at")), 0)
    context = {
        "lines": lines(listed), "total": total, "at": at, "undo": _last(request),
        "before": listed[at - 1].clue.code if at > 0 else "",
        "after": listed[at + 1].clue.code if at + 1 < len(listed) else "",
        "accepted": _accepted(request),
    }  # fmt: skip
    if listed:
        context |= told(request, listed[at].clue, clear=False)
    return page(request, "clues/triage.html", context | choices(request))


def _last(request: Asked) -> Mark | Verdict | None:
    """This account's last step, a mark or a verdict, if it could be taken back."""
    steps: list[Mark | Verdict] = [
        step
        for kind in (Mark, Verdict)
        if (step := kind.objects.filter(by=request.account).select_related("clue").last())
    ]
    last = max(steps, key=lambda step: step.at, default=None)
    if last is None or last.kind in (Mark.CLEARED, Verdict.REOPENED):
        return None
    stands = isinstance(last, Mark) or last.kind == last.clue.status == Clue.REBUTTED
    return last if stands else None


def _accepted(request: Asked) -> list[str]:
    """Clues that this account put aside for a matter."""
    newer = Mark.objects.filter(clue=OuterRef("clue"), pk__gt=OuterRef("pk"))
    mine = Mark.objects.filter(~Exists(newer), by=request.account, kind=Mark.ACCEPTED)
    free = mine.filter(~Q(clue__matters__held=True), clue__status=Clue.OPEN)
    return list(free.order_by("id").values_list("clue__code", flat=True))
