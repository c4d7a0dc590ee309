"""What an officer does with clues: a word on one, a mark while triaging, the same for many."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from clew.accounts.access import Denied
from clew.declare import T
from clew.detection import access
from clew.detection.models import Mark
from clew.detection.triage import actions as triage
from clew.detection.verdicts import actions as verdicts
from clew.kernel import clock
from clew.kernel.errors import InputError, NotFound, Refused
from clew.web.door import Asked, done

CONFIRM, REBUT, REOPEN = "confirm", "rebut", "reopen"
BULK = 200
DAYS = ("7", "30")
"""For how many days a clue may be put off."""
_SAID = {
    CONFIRM: T("线索已判定属实。", "The clue is confirmed."),
    REBUT: T("线索已排除。", "The clue is rebutted."),
    REOPEN: T("判定已撤回。", "The verdict is taken back."),
    Mark.ACCEPTED: T("已留待立事项。", "Put aside for a matter."),
    Mark.SNOOZED: T("已暂缓。", "Put off."),
    Mark.CLEARED: T("已撤销。", "Taken back."),
}


def decide(request: Asked, code: str) -> HttpResponse:
    """Confirms, rebuts or reopens; refused where somebody said something meanwhile."""
    clue, form = access.seen(request.account, code), request.POST
    if form.get("status", "") != clue.status:
        raise Refused(
            f"线索 {clue.code} 已由他人改判 (somebody has judged it meanwhile)",
            next_step="刷新页面, 看清后再办 (reload the page and look again)",
        )
    what, reason = form.get("what", ""), form.get("reason", "")
    if what == CONFIRM:
        verdicts.confirm(by=request.account, clue=clue.code, reason=reason)
    elif what == REBUT:
        verdicts.rebut(
            by=request.account, clue=clue.code, code=form.get("code", ""), reason=reason,
            duplicate_of=form.get("of", ""),
        )  # fmt: skip
    elif what == REOPEN:
        verdicts.reopen(by=request.account, clue=clue.code, reason=reason)
    else:
        raise InputError("请选择判定 (choose a verdict)", next_step="属实, 排除 (confirm, rebut)")
    return done(request, _SAID[what], back(request, reverse("clue", args=[clue.code])))


def mark(request: Asked, code: str) -> HttpResponse:
    kind, days = request.POST.get("kind", ""), request.POST.get("days", "")
    until = clock.today() + timedelta(days=int(days)) if days in DAYS else None
    made = triage.mark(by=request.account, clue=code, kind=kind, until=until)
    return done(request, _SAID[kind], back(request, reverse("clue", args=[made.clue.code])))


def bulk(request: Asked) -> HttpResponse:
    """The same for every chosen clue; those that the account may not touch stay, and are named."""
    chosen = list(dict.fromkeys(request.POST.getlist("clue")))[:BULK]
    if not chosen:
        raise InputError("没有选中线索 (no clue is chosen)", next_step="勾选后再办 (tick some)")
    what = request.POST.get("what", "")
    if what == "open":
        query = urlencode([("clue", code) for code in chosen])
        return done(request, T("核对后立事项。", "Check, then open the matter."),
                    f"{reverse('matter-open')}?{query}")  # fmt: skip
    changed, kept = 0, []
    for code in chosen:
        try:
            _one_of_many(request, code, what)
            changed += 1
        except (Denied, NotFound, Refused):
            kept.append(code)
    left_zh = f"; 未动 {len(kept)} 条: {', '.join(kept)}" if kept else ""
    left_en = f"; {len(kept)} left untouched: {', '.join(kept)}" if kept else ""
    return done(
        request, T(f"已办 {changed} 条{left_zh}。", f"{changed} done{left_en}."),
        back(request, reverse("clues")),
    )  # fmt: skip


def back(request: Asked, otherwise: str) -> str:
    """The page that the form came from, if it is one of ours."""
    there = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(there, {request.get_host()}, request.is_secure())
    return there if there and ours else otherwise


def _one_of_many(request: Asked, code: str, what: str) -> None:
    if what == REBUT:
        verdicts.rebut(
            by=request.account, clue=code, code=request.POST.get("code", ""),
            reason=request.POST.get("reason", ""),
        )  # fmt: skip
    elif what == Mark.SNOOZED:
        until = clock.today() + timedelta(days=7)
        triage.mark(by=request.account, clue=code, kind=what, until=until)
    else:
        triage.mark(by=request.account, clue=code, kind=what)
