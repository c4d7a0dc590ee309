"""What officers set aside while triaging, and who may take it back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clew.accounts import actions as accounts
from clew.accounts.models import Account, Department
from clew.accounts.posts.actions import give_post
from clew.audit.models import Entry
from clew.detection.models import Clue, Mark, Run
from clew.detection.triage.actions import mark
from clew.detection.triage.marks import standing
from clew.kernel import clock
from clew.kernel.errors import InputError, NotFound, Refused


@pytest.fixture
def clue(account: Account) -> Clue:
    run = Run.objects.create(
        code="r1", as_of=clock.today(), started_at=clock.now(), started_by=account,
        engine="duckdb", inputs={}, held=[], versions={}, params={}, code_hash="",
    )  # fmt: skip
    return Clue.objects.create(
        code="c" * 16, detector="MI-01", subject_kind="organisation", subject_key="H1",
        fact_key=[], domain="medical_insurance", division="330302", first_run=run, last_run=run,
    )  # fmt: skip


@pytest.fixture
def colleague(account: Account) -> Account:
    made = accounts.create_account(by=account, code="colleague", name="同事")
    give_post(by=account, account=made, role="operator", division="330302",
              department=Department.objects.order_by("id").first())  # fmt: skip
    return made


def test_the_last_mark_counts_and_each_is_written_down(account: Account, clue: Clue) -> None:
    before = Entry.objects.count()
    mark(by=account, clue=clue.code, kind=Mark.ACCEPTED)
    assert standing([clue.pk])[clue.pk].kind == Mark.ACCEPTED
    mark(by=account, clue=clue.code, kind=Mark.CLEARED)
    assert standing([clue.pk]) == {}
    assert Entry.objects.count() == before + 2
    assert Mark.objects.count() == 2


def test_what_is_put_off_comes_back(account: Account, clue: Clue) -> None:
    until = clock.today() + timedelta(days=7)
    mark(by=account, clue=clue.code, kind=Mark.SNOOZED, until=until)
    assert clue.pk in standing([clue.pk])
    with clock.fixed(until):
        assert standing([clue.pk]) == {}


def test_a_colleagues_mark_stays(account: Account, clue: Clue, colleague: Account) -> None:
    mark(by=account, clue=clue.code, kind=Mark.ACCEPTED)
    for kind in (Mark.ACCEPTED, Mark.CLEARED):
        with pytest.raises(Refused, match="admin"):
            mark(by=colleague, clue=clue.code, kind=kind)
    assert Mark.objects.count() == 1


def test_a_judged_clue_is_not_marked(account: Account, clue: Clue) -> None:
    Clue.objects.update(status=Clue.CONFIRMED)
    with pytest.raises(Refused):
        mark(by=account, clue=clue.code, kind=Mark.ACCEPTED)


def test_what_cannot_be(account: Account, clue: Clue, colleague: Account) -> None:
    for kind, days in ((Mark.SNOOZED, None), (Mark.SNOOZED, 0), (Mark.ACCEPTED, 3), ("kept", None)):
        until = None if days is None else clock.today() + timedelta(days=days)
        with pytest.raises(InputError):
            mark(by=account, clue=clue.code, kind=kind, until=until)
    with pytest.raises(Refused):
        mark(by=account, clue=clue.code, kind=Mark.CLEARED)
    Clue.objects.update(division="330381")
    with pytest.raises(NotFound):
        mark(by=colleague, clue=clue.code, kind=Mark.ACCEPTED)
    assert not Mark.objects.exists()
