from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from django.db import connection, transaction

from clew.accounts.actions import bootstrap, create_department
from clew.accounts.models import Account, Department
from clew.audit import presenters
from clew.audit.actions import append, keyed_hash
from clew.audit.chain import GENESIS, link
from clew.audit.models import Entry
from clew.audit.queries import entries
from clew.audit.verify import verify_database
from clew.declare.text import T
from clew.kernel.errors import DeclarationError, Refused, StoreError
from clew.kernel.workspace import Workspace

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("workspace")]


@dataclass(frozen=True)
class Clerk:
    code: str = "clerk"


def _append(**facts: object) -> Entry:
    return append(by=Clerk(), verb="datasets.publish", subject="b-1", facts=facts)


def test_entries_are_numbered_without_gaps_and_linked() -> None:
    written = [_append(rows=number) for number in range(5)]
    assert [each.seq for each in written] == [1, 2, 3, 4, 5]
    assert [each.prev for each in written] == [GENESIS, *(each.hash for each in written[:-1])]
    assert all(each.hash == link(each.prev, each.body()) for each in Entry.objects.all())
    assert Entry.objects.get(seq=1).at.astimezone().date() == date(2023, 10, 31)


def test_facts_come_back_as_they_went_in() -> None:
    facts = {
        "rows": 2**70,
        "codes": ["A", None],
        "held": False,
        "text": "线索\u2028\U0001f9f6",
        "by": {},
    }
    assert _append(**facts).facts == facts
    assert Entry.objects.get().facts == facts
    assert verify_database().ok


@pytest.mark.parametrize("value", [1.0, date(2023, 10, 31), b"x", {1: 2}, {"a": {"b": {1}}}])
def test_facts_that_do_not_keep_their_form_are_refused(value: object) -> None:
    with pytest.raises(DeclarationError):
        _append(value=value)
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("by", "verb", "subject"),
    [("", "a.b", "s"), ("c", "publish", "s"), ("c", "A.b", "s"), ("c", "a.b", "")],
)
def test_an_entry_names_actor_verb_and_subject(by: str, verb: str, subject: str) -> None:
    with pytest.raises(DeclarationError):
        append(by=Clerk(by), verb=verb, subject=subject, facts={})


def test_nothing_changes_an_entry() -> None:
    entry = _append(rows=1)
    with pytest.raises(Refused):
        entry.save()
    with pytest.raises(Refused):
        entry.delete()
    with pytest.raises(Refused):
        Entry.objects.update(actor="other")
    with pytest.raises(Refused):
        Entry.objects.all().delete()
    with pytest.raises(Refused):
        Entry.objects.bulk_create([Entry(seq=2)])
    with pytest.raises(Refused):
        Entry.objects.bulk_update([entry], ["actor"])
    with pytest.raises(Refused):
        Entry.objects.update_or_create(seq=1, defaults={"actor": "other"})
    assert Entry.objects.get().actor == "clerk"


def test_an_error_takes_change_and_entry_back() -> None:
    account = bootstrap(os_user="somebody")

    def change_then_fail() -> None:
        with transaction.atomic():
            create_department(by=account, code="ybj", name_zh="医保局", name_en="Insurance")
            assert Entry.objects.count() == 2
            raise KeyError("later step")

    with pytest.raises(KeyError):
        change_then_fail()
    assert Entry.objects.count() == 1
    assert not Department.objects.exists()
    assert verify_database().ok


def test_if_the_ledger_cannot_be_written_nothing_changes() -> None:
    account = bootstrap(os_user="somebody")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER full BEFORE INSERT ON audit_entry "
            "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    with pytest.raises(StoreError, match="nothing was changed"):
        create_department(by=account, code="ybj", name_zh="医保局", name_en="Insurance")
    assert not Department.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_appended() -> None:
    with pytest.raises(Refused, match="outside a transaction"):
        _append()
    assert not Entry.objects.exists()
    with transaction.atomic():
        _append()
    assert Entry.objects.count() == 1


def test_a_keyed_hash_belongs_to_one_workspace(
    workspace: Workspace, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = keyed_hash("somebody")
    assert here == keyed_hash("somebody") != keyed_hash("somebody else")
    assert len(here) == 24
    other = Workspace.create(tmp_path_factory.mktemp("other") / "city", seed=8)
    monkeypatch.setenv("CLEW_HOME", str(other.home))
    assert keyed_hash("somebody") != here


def test_entries_are_found_by_what_they_name() -> None:
    _append(rows=1)
    append(by=Clerk("other"), verb="datasets.retract", subject="b-2", facts={})
    assert [each.seq for each in entries()] == [2, 1]
    assert [each.seq for each in entries(subject="b-1")] == [1]
    assert [each.seq for each in entries(actor="other", verb="datasets.retract")] == [2]
    assert not entries(actor="other", subject="b-1").exists()


def test_sentences_stand_apart_from_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presenters, "_wording", {})
    wording = {"datasets.publish": T(zh="{by} 发布 {rows} 行 {gone}", en="{by} published {rows}")}
    presenters.register(wording)
    presenters.register(wording)
    assert presenters.verbs() == {"datasets.publish"}
    entry = _append(rows=3)
    assert presenters.sentence(entry) == T(zh="clerk 发布 3 行 —", en="clerk published 3")
    other = append(by=Clerk(), verb="datasets.retract", subject="b-1", facts={"verb": "x"})
    assert presenters.sentence(other).en == "clerk datasets.retract b-1"
    with pytest.raises(DeclarationError, match="two sentences"):
        presenters.register({"datasets.publish": T(zh="别的", en="other")})


def test_an_account_is_an_actor() -> None:
    account: Account = bootstrap(os_user="somebody")
    assert append(by=account, verb="a.b", subject="s", facts={}).actor == account.code
