"""The verbs on deadlines: more time is asked for and approved by another, nothing else moves one.

A write-off is decided here too: both are requests, and one rule of four eyes holds for both.
"""

from __future__ import annotations

import secrets
from dataclasses import replace

from django.db import transaction

from clew.accounts.access import scope_of
from clew.accounts.models import Account
from clew.audit.actions import append
from clew.declare import Clock
from clew.kernel import clock
from clew.kernel.calendar import Calendar
from clew.kernel.errors import InputError, NotFound
from clew.matters import deadlines
from clew.matters.deadlines import Running
from clew.matters.machine import approval
from clew.matters.models import Matter, Request
from clew.matters.money.actions import write_off
from clew.matters.moving.actions import needed, open_for, write_clocks
from clew.matters.record import facts_of, lifecycle_of
from clew.matters.refusals import Declined, declined, heard


@heard("matters.ask_extension")
@transaction.atomic
def ask_extension(*, by: Account, matter: str, code: str, amount: int, reason: str) -> Request:
    """Asks for more time on a clock, in its unit, before it has run out.

    Raises:
        InputError: no reason, or no amount.
        NotFound: no such matter, or the clock does not run in it.
        Denied, Declined: no post of the account asks there; too late, or more than the rule allows.
    """
    found = open_for(by, matter, "extend")
    said = needed(reason, f"clew matters show {found.code}")
    if amount <= 0:
        raise InputError("延期须大于 0 (more time than none)", next_step="--by 5")
    declared, running = _clock(found, code)
    _may_extend(found, declared, running, amount)
    wanted = Request(
        code=secrets.token_hex(5), matter=found, kind=Request.EXTENSION,
        detail={"clock": code, "amount": amount}, reason=said, asked_by=by, asked_at=clock.now(),
    )  # fmt: skip
    wanted.save()
    append(
        by=by, verb="matters.ask_extension", subject=found.code,
        facts={"request": wanted.code, "clock": code, "amount": amount, "unit": declared.unit,
               "reason": said},
    )  # fmt: skip
    return wanted


@heard("matters.decide_request")
@transaction.atomic
def decide_request(
    *, by: Account, matter: str, request: str, granted: bool, answer: str
) -> Request:
    """Approves or declines what another account asked for: neither it nor a handler may.

    Raises:
        InputError: no answer.
        NotFound: no such matter or request.
        Denied, Refused: no post of the account approves there; it asked itself; it handled the
            matter; or the request is decided.
    """
    found = open_for(by, matter, "approve")
    wanted = _request(found, request)
    if wanted.granted is not None:
        raise Declined(
            f"{wanted.code} 已有决定 (it is decided)", code="decided",
            next_step=f"clew matters show {found.code}",
        )  # fmt: skip
    hands = frozenset(found.hands.values_list("account__code", flat=True))
    if refusal := approval(wanted.asked_by.code, hands, by.code):
        raise declined(refusal, found.code)
    wanted.answer = needed(answer, "--reason")
    wanted.granted, wanted.decided_by, wanted.decided_at = granted, by, clock.now()
    wanted.save()
    if granted:
        _carry_out(by, found, wanted)
    append(
        by=by, verb="matters.decide_request", subject=found.code,
        facts={"request": wanted.code, "kind": wanted.kind, "granted": granted,
               "answer": wanted.answer, "clock": wanted.detail.get("clock", ""),
               "amount": wanted.detail.get("amount", wanted.detail.get("fen"))},
    )  # fmt: skip
    return wanted


@heard("matters.recompute")
@transaction.atomic
def recompute(*, by: Account) -> int:
    """Computes deadlines again after a holiday notice was loaded: of the open matters that the
    account may extend. Returns how many lie on another day than before.
    """
    moved = 0
    reached = scope_of(by).within("extend", department="department__code")
    for found in Matter.objects.filter(reached, closed=False).order_by("id"):
        rules = lifecycle_of(found)
        moved += write_clocks(found, rules, facts_of(found, rules).clocks)
    append(by=by, verb="matters.recompute", subject="deadlines", facts={"moved": moved})
    return moved


def _carry_out(by: Account, matter: Matter, wanted: Request) -> None:
    if wanted.kind == Request.WRITE_OFF:
        write_off(by, matter, wanted)
        return
    rules = lifecycle_of(matter)
    declared, running = _clock(matter, wanted.detail["clock"])
    amount = wanted.detail["amount"]
    _may_extend(matter, declared, running, amount, asked=wanted)
    clocks = [
        replace(each, extra=each.extra + amount) if each == running else each
        for each in facts_of(matter, rules).clocks
    ]
    write_clocks(matter, rules, clocks)


def _may_extend(
    matter: Matter, declared: Clock, running: Running, amount: int, asked: Request | None = None
) -> None:
    """Asked in time, it may be granted later."""
    today = clock.today()
    ends = deadlines.due(declared, running, Calendar.shipped(), today).day
    if asked is None and today > ends:
        raise Declined(
            f"{declared.title.zh} 已于 {ends} 到期, 须在期内申请 (it was due on {ends})",
            code="too_late", next_step=f"clew matters show {matter.code}",
        )  # fmt: skip
    if running.extra + amount > declared.extend_by:
        raise Declined(
            f"{declared.title.zh} 最多延 {declared.extend_by} {declared.unit}, "
            f"已延 {running.extra} (at most {declared.extend_by}, {running.extra} used)",
            code="too_long", next_step=f"clew matters show {matter.code}",
        )  # fmt: skip


def _clock(matter: Matter, code: str) -> tuple[Clock, Running]:
    rules = lifecycle_of(matter)
    going = [r for r in facts_of(matter, rules).clocks if r.clock == code and r.met is None]
    if not going:
        raise NotFound(
            f"{matter.number} 没有在走的期限 {code} (this clock does not run)",
            next_step=f"clew matters show {matter.code}",
        )
    return rules.clock(code), going[-1]


def _request(matter: Matter, code: str) -> Request:
    asked = matter.requests.select_related("asked_by")
    found = list(asked.filter(code__startswith=code)[:2]) if code else []
    if len(found) != 1:
        raise NotFound(
            f"{matter.number} 没有申请 {code} (no such request)",
            next_step=f"clew matters show {matter.code}",
        )
    return found[0]
