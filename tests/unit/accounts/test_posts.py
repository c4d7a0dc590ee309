"""Posts: given and ended, by whom, and what follows at once."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps

from clew.accounts import access, actions
from clew.accounts.access import Denied, NotFound, not_the_same, require, scope_of
from clew.accounts.duties import FIRST_POSTS
from clew.accounts.models import Account, Department, Post
from clew.accounts.posts.actions import end_post, give_post
from clew.audit.models import Entry
from clew.audit.verify import verify_database
from clew.kernel import clock
from clew.kernel.errors import InputError, Refused
from tests.conftest import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("workspace")]
MEDICAL = "medical_insurance"
DAY = timedelta(days=1)


@pytest.fixture
def first() -> Account:
    return actions.bootstrap(os_user="someone")


@pytest.fixture
def insurance(first: Account) -> Department:
    return actions.create_department(by=first, code="insurance", name_zh="医保局", name_en="I")


def account(by: Account, code: str, department: Department | None = None) -> Account:
    return actions.create_account(by=by, code=code, name=code, department=department)


def test_a_post_lets_an_account_act_and_leaves_one_entry(
    first: Account, insurance: Department
) -> None:
    zhang = account(first, "zhang")
    assert scope_of(zhang).posts == ()
    before = Entry.objects.count()
    given = give_post(
        by=first, account=zhang, role="operator", department=insurance, domain=MEDICAL,
        division="330381",
    )  # fmt: skip
    assert Entry.objects.count() == before + 1
    entry = Entry.objects.get(verb="accounts.give_post")
    assert (entry.actor, entry.subject) == ("admin", "zhang")
    assert entry.facts == {
        "post": given.code, "role": "operator", "department": "insurance", "domain": MEDICAL,
        "division": "330381", "handed_over_by": "-",
    }  # fmt: skip
    assert given.since == TODAY and given.until is None and not given.first
    require(zhang, "read", domain=MEDICAL, division="330381")
    with pytest.raises(Denied, match="no post of it may give a verdict on a clue here"):
        require(zhang, "judge", domain=MEDICAL, division="330302")


def test_an_ended_post_holds_no_longer(first: Account) -> None:
    zhang = account(first, "zhang")
    given = give_post(by=first, account=zhang, role="operator")
    with pytest.raises(InputError, match="reason"):
        end_post(by=first, post=given, reason="")
    before = Entry.objects.count()
    ended = end_post(by=first, post=given, reason="调离 33030280001")
    assert (ended.until, ended.end_reason, ended.ended_by) == (TODAY, "调离 ***", first)
    assert Entry.objects.count() == before + 1
    assert scope_of(zhang).posts == ()
    with pytest.raises(Refused, match="has ended"):
        end_post(by=first, post=given, reason="再次")
    give_post(by=first, account=zhang, role="operator")


def test_a_deactivated_account_reaches_nothing(first: Account) -> None:
    zhang = account(first, "zhang")
    give_post(by=first, account=zhang, role="operator")
    assert scope_of(zhang).posts
    actions.deactivate(by=first, account=zhang, reason="离岗")
    assert zhang.is_active, "an object read before the change"
    assert scope_of(zhang).posts == ()
    assert not access.visible_entries(zhang).exists()
    actions.activate(by=first, account=zhang)
    assert scope_of(zhang).posts


def test_a_post_holds_from_its_first_day_until_the_day_before_its_end(first: Account) -> None:
    zhang = account(first, "zhang")
    give_post(
        by=first, account=zhang, role="operator", since=TODAY + 2 * DAY, until=TODAY + 4 * DAY
    )
    held = [bool(scope_of(zhang, on=TODAY + n * DAY).posts) for n in range(6)]
    assert held == [False, False, True, True, False, False]
    with clock.fixed(TODAY + 3 * DAY):
        assert scope_of(zhang).allows("read", domain=MEDICAL, division="330381")


def test_a_post_that_is_ended_before_its_first_day_never_begins(first: Account) -> None:
    zhang = account(first, "zhang")
    given = give_post(by=first, account=zhang, role="operator", since=TODAY + 2 * DAY)
    end_post(by=first, post=given, reason="取消")
    assert not scope_of(zhang, on=TODAY + 9 * DAY).posts


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"role": "emperor"}, "no such role"),
        ({"role": "operator", "domain": "weather"}, "no such domain"),
        ({"role": "operator", "division": "330399"}, "no beginning of a division code"),
        ({"role": "operator", "division": "330"}, "no beginning of a division code"),
        ({"role": "operator", "since": TODAY - DAY}, "lie in the past"),
        ({"role": "operator", "until": TODAY}, "do not follow"),
        ({"role": "auditor", "division": "3303"}, "takes no domain"),
        ({"role": "system_admin", "domain": MEDICAL}, "takes no domain"),
        ({"role": "partner"}, "acts for a department"),
        ({"role": "security_admin", "until": TODAY + DAY}, "is open"),
        ({"role": "security_admin", "since": TODAY + DAY}, "begins today"),
    ],
)
def test_a_post_that_does_not_fit_changes_nothing(
    first: Account, given: dict[str, str | date], told: str
) -> None:
    zhang = account(first, "zhang")
    posts, entries = Post.objects.count(), Entry.objects.count()
    with pytest.raises(InputError, match=told):
        give_post(by=first, account=zhang, **given)  # type: ignore[arg-type]
    assert (Post.objects.count(), Entry.objects.count()) == (posts, entries)


def test_the_same_post_is_not_given_twice(first: Account) -> None:
    zhang = account(first, "zhang")
    give_post(by=first, account=zhang, role="operator", division="330381")
    give_post(by=first, account=zhang, role="operator", division="330302")
    with pytest.raises(Refused, match="already"):
        give_post(by=first, account=zhang, role="operator", division="330381")


def test_a_post_is_never_edited(first: Account) -> None:
    post = Post.objects.filter(account=first)[0]
    post.division = "330381"
    with pytest.raises(Refused, match="never edited"):
        post.save()
    with pytest.raises(Refused, match="never edited"):
        post.save(update_fields=["division"])
    with pytest.raises(Refused, match="never edited"):
        post.delete()


def test_the_first_account_works_alone_and_gives_itself_a_post(first: Account) -> None:
    roles = {p.role for p in scope_of(first).posts}
    assert {"system_admin", "security_admin", "audit_admin", "operator", "reviewer"} < roles
    given = give_post(by=first, account=first, role="inspector")
    assert given.first


def test_the_exception_of_the_first_account_wears_off(first: Account) -> None:
    security = account(first, "security")
    give_post(by=first, account=security, role="security_admin")
    assert Entry.objects.get(verb="accounts.give_post").facts["handed_over_by"] == "admin"
    with pytest.raises(Denied):
        give_post(by=first, account=security, role="operator")
    with pytest.raises(Refused, match="to themselves"):
        give_post(by=security, account=security, role="operator")
    with pytest.raises(Denied):  # making accounts is the other's
        account(security, "zhang")
    system = account(first, "system")
    with pytest.raises(Refused, match="not both"):
        give_post(by=security, account=first, role="inspector")  # it is still two administrators
    give_post(by=security, account=system, role="system_admin")
    with pytest.raises(Refused, match="not both"):
        give_post(by=security, account=system, role="audit_admin")
    with pytest.raises(Denied):
        account(first, "zhang")
    left = {p.role for p in scope_of(first).posts}
    assert left == {"audit_admin", "operator", "reviewer", "leader", "auditor"}


def test_the_last_administrator_of_a_kind_stays(first: Account) -> None:
    security, system = account(first, "security"), account(first, "system")
    give_post(by=first, account=system, role="system_admin")
    post = give_post(by=first, account=security, role="security_admin")
    with pytest.raises(Refused, match="must stay"):
        end_post(by=security, post=post, reason="离岗")
    with pytest.raises(Refused, match="must stay"):
        actions.deactivate(by=system, account=security, reason="离岗")
    second = account(system, "second")
    give_post(by=security, account=second, role="security_admin")
    end_post(by=second, post=post, reason="离岗")
    assert scope_of(security).posts == ()


def test_only_security_gives_and_ends_posts(first: Account) -> None:
    zhang = account(first, "zhang")
    post = give_post(by=first, account=zhang, role="reviewer")
    entries = Entry.objects.count()
    with pytest.raises(Denied):
        give_post(by=zhang, account=account(first, "li"), role="operator")
    with pytest.raises(Denied):
        end_post(by=zhang, post=post, reason="x")
    assert Entry.objects.count() == entries + 1  # the account of li


def test_four_eyes(first: Account) -> None:
    other = account(first, "other")
    not_the_same(first, other)
    with pytest.raises(Refused, match="nobody approves what they proposed"):
        not_the_same(first, Account.objects.get(code="admin"))


def test_unmasking_takes_role_scope_and_class(first: Account) -> None:
    zhang, chief = account(first, "zhang"), account(first, "chief")
    give_post(by=first, account=zhang, role="operator", domain=MEDICAL, division="330381")
    give_post(by=first, account=chief, role="leader", domain=MEDICAL)

    def unmask(by: Account, *divisions: str) -> None:
        actions.unmask(
            by=by, subject="clues", reason="核查", purpose="run-1",
            places=[(MEDICAL, d) for d in divisions],
        )  # fmt: skip

    unmask(zhang, "330381")
    entries = Entry.objects.count()
    for by, places in ((zhang, ("330381", "330302")), (chief, ("330381",)), (zhang, ())):
        with pytest.raises(Denied):
            unmask(by, *places)
    assert Entry.objects.count() == entries


def test_who_sees_which_accounts(first: Account, insurance: Department) -> None:
    police = actions.create_department(by=first, code="police", name_zh="公安局", name_en="P")
    zhang, li = account(first, "zhang", insurance), account(first, "li", insurance)
    wang = account(first, "wang", police)
    give_post(by=first, account=zhang, role="operator", department=insurance)
    seen = lambda by: set(access.visible_accounts(by).values_list("code", flat=True))  # noqa: E731
    assert seen(zhang) == {"zhang", "li"}
    assert seen(li) == {"li"}
    assert seen(first) == {"admin", "zhang", "li", "wang"}
    assert set(access.visible_posts(zhang).values_list("account__code", flat=True)) == {"zhang"}
    with pytest.raises(NotFound):
        access.one(access.visible_accounts(zhang), wang.code, cause="x", next_step="y")
    assert set(access.visible_departments(zhang)) == {insurance, police}


def test_who_reads_the_ledger(first: Account) -> None:
    auditor, operator = account(first, "auditor"), account(first, "operator")
    give_post(by=first, account=auditor, role="audit_admin")
    give_post(by=first, account=operator, role="operator")
    assert access.visible_entries(auditor).count() == Entry.objects.count()
    assert not access.visible_entries(operator).exists()


def test_a_scope_is_one_question_to_the_database(
    first: Account, django_assert_num_queries: object
) -> None:
    for division in ("330302", "330381", "330382"):
        give_post(by=first, account=account(first, f"a{division}"), role="operator")
    with django_assert_num_queries(1):  # type: ignore[operator]
        scope_of(first)


def test_the_oldest_account_of_a_workspace_without_posts_goes_on_working(first: Account) -> None:
    """What the migration does that brings posts to a workspace which has accounts."""
    migration = import_module("clew.accounts.migrations.0002_posts")
    younger = account(first, "younger")
    Post.objects.all()._raw_delete(Post.objects.db)  # type: ignore[attr-defined]
    assert scope_of(first).posts == ()
    migration.give_first_posts(apps, None)
    assert {p.role for p in scope_of(first).posts} == set(FIRST_POSTS)
    assert scope_of(younger).posts == ()
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.verb, entry.subject) == ("accounts.bootstrap", "admin")
    assert verify_database().ok
