"""Questions to the owners of data, and their answers."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse

from clew.declare import T, registry
from clew.detection import access
from clew.detection.models import Ticket
from clew.detection.verdicts import actions
from clew.web.door import Asked, done, page

PAGE = 50


def list_(request: Asked) -> HttpResponse:
    found = access.visible_tickets(request.account).select_related("department", "clue")
    if request.GET.get("all") != "1":
        found = found.filter(status=Ticket.OPEN)
    shown = Paginator(found.order_by("-id"), PAGE).get_page(request.GET.get("page"))
    lines = [{"ticket": t, "title": registry.dataset(t.dataset).title} for t in shown]
    return page(
        request, "data/tickets.html",
        {"lines": lines, "page": shown, "may_answer": request.scope.holds("answer_ticket")},
    )  # fmt: skip


def answer(request: Asked, code: str) -> HttpResponse:
    actions.answer_ticket(
        by=request.account, ticket=code, answer=request.POST.get("answer", "")
    )
    return done(request, T("已答复。", "Answered."), "data-tickets")
