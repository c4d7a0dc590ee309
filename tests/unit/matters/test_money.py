"""Money: booked, reversed, written off by two, counted once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clew.accounts.access import Denied
from clew.audit.models import Entry
from clew.kernel.errors import InputError, NotFound, Refused
from clew.matters import actions
from clew.matters.clocks.actions import decide_request
from clew.matters.models import Matter, Money
from clew.matters.money.actions import ask_write_off, book, reverse
from clew.matters.money.sums import Sums, sums
from clew.matters.outcomes.actions import settle_clue
from tests.conftest import TODAY
from tests.unit.matters.conftest import MakeClues, Office

pytestmark = pytest.mark.django_db


def entry(office: Office, matter: Matter, kind: str, fen: int, **told: str) -> Money:
    return book(by=office["an"], matter=matter.code, kind=kind, fen=fen, **told)  # type: ignore[arg-type]


def total(matter: Matter) -> Sums:
    return sums(matter.money.order_by("id"))


def test_kinds_add_up_each_on_its_side(office: Office, matter: Matter) -> None:
    before = Entry.objects.count()
    entry(office, matter, "due", 1000)
    assert Entry.objects.count() == before + 1
    entry(office, matter, "recovered", 700)
    entry(office, matter, "returned", 50)
    entry(office, matter, "fine", 9)
    found = total(matter)
    assert (found.due, found.recovered, found.written_off, found.fines) == (1000, 650, 0, 9)
    assert found.outstanding == 350 and found.last == TODAY


def test_an_entry_knows_who_owes_and_who_is_credited(office: Office, matter: Matter) -> None:
    key = matter.clues.get().clue.subject_key
    plain = entry(office, matter, "due", 5)
    assert (plain.counterpart, plain.credit_to.code) == (key, "insurance")
    other = entry(office, matter, "recovered", 5, counterpart=key[-5:], credit_to="finance")
    assert (other.counterpart, other.credit_to.code) == (key, "finance")
    with pytest.raises(InputError, match="counterpart"):
        entry(office, matter, "due", 5, counterpart="张三")
    with pytest.raises(NotFound):
        entry(office, matter, "due", 5, credit_to="none")


def test_a_credit_is_counted_once_among_departments(office: Office, matter: Matter) -> None:
    entry(office, matter, "recovered", 300)
    entry(office, matter, "recovered", 200, credit_to="finance")
    by_department = {
        code: sums(Money.objects.filter(credit_to__code=code)).recovered
        for code in ("insurance", "finance", "audit")
    }
    assert by_department == {"insurance": 300, "finance": 200, "audit": 0}
    assert sum(by_department.values()) == total(matter).recovered


def test_a_liability_of_several_is_due_once(office: Office, clues: MakeClues) -> None:
    found = office.opened(clues(2))
    one, two = (c.clue.subject_key for c in found.clues.order_by("id"))
    entry(office, found, "due", 1000, counterpart=one, liability_group="连带一")
    second = entry(office, found, "due", 800, counterpart=two, liability_group="连带一")
    entry(office, found, "due", 60, counterpart=two)
    assert total(found).due == 1060
    reverse(by=office["an"], matter=found.code, entry=second.code, reason="错记")
    assert total(found).due == 1060


@pytest.mark.parametrize("fen", [0, -1, 10**15, True])
def test_amounts_that_are_none(office: Office, matter: Matter, fen: int) -> None:
    with pytest.raises(InputError):
        entry(office, matter, "due", fen)
    assert not Money.objects.exists()


def test_what_is_not_booked(office: Office, matter: Matter) -> None:
    with pytest.raises(InputError, match="write-off"):
        entry(office, matter, "written_off", 5)
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=1)):
        with pytest.raises(InputError):
            book(by=office["an"], matter=matter.code, kind="due", fen=1, booked_on=day)
    with pytest.raises(Denied):
        book(by=office["en"], matter=matter.code, kind="due", fen=1)
    assert not Money.objects.exists()


def test_entries_are_reversed_never_edited(office: Office, matter: Matter) -> None:
    first = entry(office, matter, "due", 1000)
    with pytest.raises(Refused):
        first.save()
    with pytest.raises(Refused):
        first.delete()
    taken = reverse(by=office["bo"], matter=matter.code, entry=first.code[:6], reason="错记")
    assert (taken.fen, taken.kind, taken.reverses) == (-1000, "due", first)
    assert total(matter).due == 0
    for again in (first, taken):
        with pytest.raises(Refused, match="reversed"):
            reverse(by=office["an"], matter=matter.code, entry=again.code, reason="再冲")
    with pytest.raises(InputError):
        other = entry(office, matter, "due", 1)
        reverse(by=office["an"], matter=matter.code, entry=other.code, reason=" ")
    with pytest.raises(NotFound):
        reverse(by=office["an"], matter=matter.code, entry="zzzz", reason="x")


def test_a_write_off_takes_two(office: Office, matter: Matter) -> None:
    entry(office, matter, "due", 1000)
    entry(office, matter, "recovered", 400)
    with pytest.raises(Refused, match="outstanding"):
        ask_write_off(by=office["an"], matter=matter.code, fen=601, reason="无力偿还")
    asked = ask_write_off(by=office["gu"], matter=matter.code, fen=600, reason="无力偿还")
    assert total(matter).written_off == 0

    def decide(by: str) -> None:
        decide_request(by=office[by], matter=matter.code, request=asked.code, granted=True,
                       answer="已核")  # fmt: skip

    with pytest.raises(Refused):
        decide("gu")
    decide("chen")
    found = total(matter)
    assert (found.written_off, found.outstanding) == (600, 0)
    assert Money.objects.get(kind="written_off").request == asked


def test_a_write_off_that_became_too_large_is_not_booked(office: Office, matter: Matter) -> None:
    entry(office, matter, "due", 1000)
    asked = ask_write_off(by=office["an"], matter=matter.code, fen=1000, reason="无力偿还")
    entry(office, matter, "recovered", 1)
    with pytest.raises(Refused, match="outstanding"):
        decide_request(by=office["chen"], matter=matter.code, request=asked.code, granted=True,
                       answer="已核")  # fmt: skip
    asked.refresh_from_db()
    assert asked.granted is None and total(matter).written_off == 0


def test_a_reversal_revives_the_refund_clock(office: Office, matter: Matter) -> None:
    entry(office, matter, "due", 10)
    matter.deadlines.create(clock="refund", started=TODAY, due=TODAY + timedelta(days=15))
    paid = entry(office, matter, "recovered", 10)
    assert matter.deadlines.get(clock="refund").met == TODAY
    reverse(by=office["an"], matter=matter.code, entry=paid.code, reason="退票")
    assert matter.deadlines.get(clock="refund").met is None


def test_nothing_is_booked_on_a_matter_at_its_end(office: Office, matter: Matter) -> None:
    settle_clue(by=office["an"], matter=matter.code, clue=matter.clues.get().clue.code,
                outcome="rebutted", code="LAWFUL", reason="合规")  # fmt: skip
    actions.advance(
        by=office["chen"], matter=matter.code, transition="rebut", answers={"reason": "无"}
    )
    with pytest.raises(Refused, match="at its end"):
        entry(office, matter, "due", 1)
