from __future__ import annotations

from collections.abc import Callable

import pytest

from clew.accounts import access, actions
from clew.accounts.models import Account, Department
from clew.accounts.queries import current_account, department
from clew.accounts.wording import WORDING
from clew.audit import presenters
from clew.audit.models import Entry
from clew.kernel.errors import InputError, NotFound, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("workspace")]


@pytest.fixture
def first() -> Account:
    return actions.bootstrap(os_user="canary-user")


def test_the_first_account_acts_for_itself(first: Account) -> None:
    entry = Entry.objects.get()
    assert (entry.actor, entry.subject, entry.verb) == ("admin", "admin", "accounts.bootstrap")
    assert not first.has_usable_password()
    with pytest.raises(Refused):
        actions.bootstrap(os_user="second")
    assert Account.objects.count() == Entry.objects.count() == 1


HERE = [("medical_insurance", "330381")]
VERBS: list[Callable[[Account], object]] = [
    lambda by: actions.create_department(by=by, code="ybj", name_zh="医保局", name_en="Insurance"),
    lambda by: actions.create_account(by=by, code="zhang", name="Canary Name", os_user="canary-2"),
    lambda by: actions.bind_os_user(by=by, account=by, os_user="canary-3"),
    lambda by: actions.unmask(
        by=by, subject="clue-1", reason="复核 330302800012314567 号", purpose="run-1", places=HERE
    ),
    lambda by: actions.record_denial(by=by, act="read_ledger", door="clew audit list"),
]


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_leaves_exactly_one_entry_without_personal_data(
    first: Account, verb: Callable[[Account], object]
) -> None:
    verb(first)
    assert Entry.objects.count() == 2
    entry = Entry.objects.get(seq=2)
    assert entry.actor == first.code
    text = entry.subject + str(entry.facts) + presenters.sentence(entry).zh
    assert "anary" not in text
    assert "3303" not in text
    assert entry.verb in WORDING


def test_departments_and_accounts(first: Account) -> None:
    ybj = actions.create_department(by=first, code="ybj", name_zh="医保局", name_en="Insurance")
    account = actions.create_account(by=first, code="zhang", name="张", department=ybj)
    assert account.os_user is None
    assert Account.objects.get(code="zhang").department == department("ybj") == ybj
    assert Entry.objects.get(subject="zhang").facts == {"department": "ybj", "os_user": None}
    with pytest.raises(NotFound):
        department("none")


@pytest.mark.parametrize("code", ["", "Ybj", "y b", "-ybj", "医保", "ybj\n", "y" * 65])
def test_a_malformed_code_changes_nothing(first: Account, code: str) -> None:
    with pytest.raises(InputError, match="code"):
        actions.create_department(by=first, code=code, name_zh="医保局", name_en="Insurance")
    assert not Department.objects.exists()
    assert Entry.objects.count() == 1


def test_taken_codes_and_users_are_named(first: Account) -> None:
    with pytest.raises(InputError, match="code"):
        actions.create_account(by=first, code="admin", name="x")
    with pytest.raises(InputError, match="os_user"):
        actions.create_account(by=first, code="other", name="x", os_user="canary-user")
    other = actions.create_account(by=first, code="other", name="x")
    with pytest.raises(InputError, match="os_user"):
        actions.bind_os_user(by=first, account=other, os_user="canary-user")
    with pytest.raises(InputError, match="empty"):
        actions.bind_os_user(by=first, account=other, os_user="")
    assert Entry.objects.count() == 2


def test_the_current_account_is_that_of_the_operating_system_user(
    first: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "canary-user")
    assert current_account() == first
    monkeypatch.setenv("LOGNAME", "stranger")
    with pytest.raises(NotFound) as raised:
        current_account()
    assert "clew init" in raised.value.next_step
    actions.bind_os_user(by=first, account=first, os_user="stranger")
    assert current_account() == first
    Account.objects.update(is_active=False)
    with pytest.raises(Refused):
        current_account()


def test_unmasking_needs_a_reason_and_a_purpose_and_leaves_no_trace_without_one(
    first: Account,
) -> None:
    asked = {"purpose": "run-1", "places": HERE, "sensitivity": 3}
    assert access.may_unmask(first, reason="  复核  线索 ", **asked) == "复核 线索"
    for reason in ("", "  ", "\n\t"):
        with pytest.raises(Refused, match="reason"):
            actions.unmask(by=first, subject="clue-1", reason=reason, purpose="r", places=HERE)
    with pytest.raises(Refused, match="only for a matter or a run"):
        actions.unmask(by=first, subject="clue-1", reason="复核", purpose="", places=HERE)
    first.is_active = False
    with pytest.raises(access.Denied, match="deactivated"):
        access.may_unmask(first, reason="复核", **asked)
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("查 33030280001231456X 张", "查 *** 张"),
        ("330302 8000 1231 4567", "***"),
        ("３３０３０２８０００", "***"),
        ("call 0577-88123456 now", "call *** now"),
        ("issue 27, 2023", "issue 27, 2023"),
    ],
)
def test_numbers_in_a_reason_are_blanked(text: str, expected: str) -> None:
    assert access.without_numbers(text) == expected


def test_an_account_is_stopped_and_let_act_again(first: Account) -> None:
    other = actions.create_account(by=first, code="zhang", name="张")
    with pytest.raises(Refused, match="already"):
        actions.activate(by=first, account=other)
    with pytest.raises(InputError, match="reason"):
        actions.deactivate(by=first, account=other, reason=" ")
    with pytest.raises(Refused, match="their own"):
        actions.deactivate(by=first, account=first, reason="离岗")
    actions.deactivate(by=first, account=other, reason="离岗 33030280001")
    assert Entry.objects.get(verb="accounts.deactivate").facts == {"reason": "离岗 ***"}
    assert not Account.objects.get(code="zhang").is_active
    actions.activate(by=first, account=other)
    assert Account.objects.get(code="zhang").is_active


def test_whoever_holds_no_post_makes_nothing(first: Account) -> None:
    nobody = actions.create_account(by=first, code="nobody", name="无")
    before = Entry.objects.count()
    for verb in VERBS[:4]:
        with pytest.raises(access.Denied):
            verb(nobody)
    assert Entry.objects.count() == before
