"""The verbs that book money of a matter, reverse an entry, and ask for a write-off."""

from __future__ import annotations

import secrets
from datetime import date

from django.db import transaction

from clew.accounts.access import without_numbers
from clew.accounts.models import Account, Department
from clew.accounts.queries import department as find_department
from clew.audit.actions import append
from clew.kernel import clock
from clew.kernel.errors import InputError, NotFound
from clew.matters import machine
from clew.matters.facts import settled
from clew.matters.models import Matter, Money, Request
from clew.matters.moving.actions import needed, open_for, stated, write_clocks
from clew.matters.record import facts_of, lifecycle_of
from clew.matters.refusals import Declined, heard

BOOKED = (Money.DUE, Money.RECOVERED, Money.RETURNED, Money.FINE)
"""Kinds that an officer books; a write-off is asked for and approved by another."""
LARGEST = 10**15
_GROUP_LENGTH, _FUND_LENGTH = 32, 16


@heard("matters.book")
@transaction.atomic
def book(
    *,
    by: Account,
    matter: str,
    kind: str,
    fen: int,
    booked_on: date | None = None,
    counterpart: str = "",
    credit_to: str = "",
    fund_type: str = "",
    liability_group: str = "",
    reason: str = "",
) -> Money:
    """Adds an entry of money to an open matter.

    fen: above zero. counterpart: subject key of who owes or pays, by default the matter's one
    subject. credit_to: the department to which a recovery counts, by default the one in charge.
    liability_group names a liability that several owe together.

    Raises:
        InputError: another kind, an amount that is none, or a day before the matter or after today.
        NotFound: no such matter or department.
        Denied, Declined: no post of the account books there; the matter is at its end.
    """
    found = open_for(by, matter, "book")
    if kind not in BOOKED:
        raise InputError(
            f"款项种类须为 {', '.join(BOOKED)} 之一 (one of these)",
            next_step="核销须另行申请 (a write-off is asked for): clew matters write-off",
        )
    entry = _entry(
        by, found, kind, _amount(fen), _day(found, booked_on),
        _counterpart(found, counterpart), credit_to, fund_type, liability_group, stated(reason),
    )  # fmt: skip
    entry.save()
    _follow(found)
    append(by=by, verb="matters.book", subject=found.code, facts=_told(entry))
    return entry


@heard("matters.reverse")
@transaction.atomic
def reverse(*, by: Account, matter: str, entry: str, reason: str) -> Money:
    """Takes an entry back by another with the negative amount, on today's day.

    Raises:
        InputError: no reason.
        NotFound: no such matter, or no such entry in it.
        Denied, Declined: as of `book`; Declined too for a reversal, or one reversed already.
    """
    found = open_for(by, matter, "book")
    original = _found(found, entry)
    if original.reverses_id or Money.objects.filter(reverses=original).exists():
        raise Declined(
            f"{original.code} 已冲销或本身是冲销 (it is reversed, or a reversal)",
            code="reversed", next_step=f"clew matters show {found.code}",
        )  # fmt: skip
    taken = Money(
        code=secrets.token_hex(6), matter=found, kind=original.kind, fen=-original.fen,
        counterpart=original.counterpart, credit_to=original.credit_to,
        fund_type=original.fund_type, liability_group=original.liability_group,
        reverses=original, reason=needed(reason, f"clew matters show {found.code}"),
        booked_on=clock.today(), by=by, at=clock.now(),
    )  # fmt: skip
    taken.save()
    _follow(found)
    append(
        by=by, verb="matters.reverse", subject=found.code,
        facts={**_told(taken), "reverses": original.code, "reason": taken.reason},
    )  # fmt: skip
    return taken


@heard("matters.ask_write_off")
@transaction.atomic
def ask_write_off(
    *, by: Account, matter: str, fen: int, reason: str, counterpart: str = "", fund_type: str = ""
) -> Request:
    """Asks that a part of what is due be written off; another account decides.

    Raises:
        InputError: no reason, or an amount that is none.
        NotFound, Denied, Declined: as of `book`; Declined too for more than is outstanding.
    """
    found = open_for(by, matter, "book")
    wanted = Request(
        code=secrets.token_hex(5), matter=found, kind=Request.WRITE_OFF,
        detail={"fen": _within(found, _amount(fen)), "fund_type": fund_type[:_FUND_LENGTH],
                "counterpart": _counterpart(found, counterpart)},
        reason=needed(reason, f"clew matters show {found.code}"), asked_by=by, asked_at=clock.now(),
    )  # fmt: skip
    wanted.save()
    append(
        by=by, verb="matters.ask_write_off", subject=found.code,
        facts={"request": wanted.code, "fen": fen, "reason": wanted.reason},
    )  # fmt: skip
    return wanted


def write_off(by: Account, matter: Matter, request: Request) -> Money:
    """Books what was approved; the verb that approves writes the entry."""
    detail = request.detail
    entry = _entry(
        by, matter, Money.WRITTEN_OFF, _within(matter, detail["fen"]), clock.today(),
        detail["counterpart"], "", detail["fund_type"], "", request.reason,
    )  # fmt: skip
    entry.request = request
    entry.save()
    _follow(matter)
    return entry


def _entry(
    by: Account,
    matter: Matter,
    kind: str,
    fen: int,
    day: date,
    counterpart: str,
    credit_to: str,
    fund_type: str,
    liability_group: str,
    reason: str,
) -> Money:
    credited: Department = find_department(credit_to) if credit_to else matter.department
    return Money(
        code=secrets.token_hex(6), matter=matter, kind=kind, fen=fen, counterpart=counterpart,
        credit_to=credited, fund_type=fund_type[:_FUND_LENGTH],
        liability_group=without_numbers(liability_group)[:_GROUP_LENGTH], reason=reason,
        booked_on=day, by=by, at=clock.now(),
    )  # fmt: skip


def _follow(matter: Matter) -> None:
    """The clocks that wait for full payment end, or go on after a reversal."""
    rules = lifecycle_of(matter)
    facts = facts_of(matter, rules)
    after = (
        machine.paid(rules, facts, clock.today())
        if settled(facts)
        else machine.unpaid(rules, facts)
    )
    write_clocks(matter, rules, after.clocks)


def _amount(fen: int) -> int:
    if type(fen) is not int or not 0 < fen < LARGEST:
        raise InputError(
            "金额须大于 0 且以分为单位 (an amount above zero, in fen)", next_step="--amount 1234.56"
        )
    return fen


def _day(matter: Matter, day: date | None) -> date:
    chosen = day or clock.today()
    if not matter.opened_on <= chosen <= clock.today():
        raise InputError(
            f"记账日期须在 {matter.opened_on} 与 {clock.today()} 之间 (a day between these)",
            next_step="--on YYYY-MM-DD",
        )
    return chosen


def _counterpart(matter: Matter, given: str) -> str:
    """A subject of the matter's clues; InputError for anybody else."""
    keys = sorted(set(matter.clues.values_list("clue__subject_key", flat=True)) - {""})
    if not given:
        return keys[0] if len(keys) == 1 else ""
    chosen = [key for key in keys if key.endswith(given)]
    if len(chosen) != 1:
        raise InputError(
            "对方须是本事项线索的对象 (the counterpart is a subject of its clues)",
            next_step=f"clew matters show {matter.code}",
        )
    return chosen[0]


def _within(matter: Matter, fen: int) -> int:
    facts = facts_of(matter, lifecycle_of(matter))
    left = facts.due - facts.recovered - facts.written_off
    if fen > left:
        raise Declined(
            f"核销多于未收 {left} 分 (more than the {left} fen that are outstanding)",
            code="more_than_due", next_step=f"clew matters show {matter.code}",
        )  # fmt: skip
    return fen


def _found(matter: Matter, code: str) -> Money:
    found = list(matter.money.filter(code__startswith=code)[:2]) if code else []
    if len(found) != 1:
        raise NotFound(
            f"{matter.number} 没有款项 {code} (no such entry)",
            next_step=f"clew matters show {matter.code}",
        )
    return found[0]


def _told(entry: Money) -> dict[str, object]:
    return {
        "entry": entry.code, "kind": entry.kind, "fen": entry.fen,
        "credit_to": entry.credit_to.code, "fund_type": entry.fund_type,
        "on": entry.booked_on.isoformat(),
    }  # fmt: skip
