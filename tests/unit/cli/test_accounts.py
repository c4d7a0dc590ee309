"""Accounts and posts on the command line, and what each account then sees there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clew.accounts.models import Account
from clew.accounts.roles import ACTS, ROLES
from clew.audit.models import Entry
from clew.audit.verify import verify_database
from clew.cli import demo_accounts
from clew.declare import registry
from tests.unit.cli.conftest import Clew
from tests.unit.conftest import Village

pytestmark = pytest.mark.django_db
Acting = Callable[[str], None]


@pytest.fixture
def acting(monkeypatch: pytest.MonkeyPatch) -> Acting:
    """From then on the command line is used by that operating-system user."""
    return lambda user: monkeypatch.setenv("LOGNAME", user)


@pytest.fixture
def people(village: Village, clue: str, db: None) -> list[Account]:
    return demo_accounts.people(by=village.by, pack=registry.pack("medical_insurance"))


def test_the_first_account_says_what_it_is(clew: Clew, account: Account) -> None:
    answer = clew("accounts", "show", "--json").json
    assert answer["account"] == "admin"
    assert {p["role"] for p in answer["posts"]} > {"system_admin", "security_admin", "operator"}
    assert all(p["first"] and p["in_force"] for p in answer["posts"])
    assert set(answer["may"]) == {a.code for a in ACTS}
    assert "only while it is alone" in clew("accounts", "show").err
    assert [a["account"] for a in clew("accounts", "list", "--json").json] == ["admin"]


def test_an_account_is_made_given_a_post_and_stopped(
    clew: Clew, account: Account, acting: Acting
) -> None:
    made = clew(
        "accounts", "create", "zhang", "--name", "张", "--department", "insurance", "--json"
    )
    assert made.json == {
        "account": "zhang", "name": "张", "department": "insurance", "active": True, "posts": [],
    }  # fmt: skip
    given = clew(
        "accounts", "post", "zhang", "operator", "--department", "insurance", "--domain",
        "medical_insurance", "--division", "330381", "--until", "2023-12-31", "--json",
    )  # fmt: skip
    (post,) = given.json["posts"]
    assert (post["since"], post["until"], post["first"]) == ("2023-10-31", "2023-12-31", False)
    assert "瑞安市" in clew("accounts", "list").out
    assert clew("accounts", "bind", "zhang", "zhang-os").code == 0
    acting("zhang-os")
    assert "read" in clew("accounts", "show", "--json").json["may"]
    acting(account.os_user or "")
    assert clew("accounts", "end-post", post["post"][:6]).code == 4
    ended = clew("accounts", "end-post", post["post"][:6], "--reason", "调离", "--json").json
    assert ended["posts"][0]["in_force"] is False
    assert clew("accounts", "deactivate", "zhang", "--reason", "离岗", "--json").json["posts"] == []
    acting("zhang-os")
    assert "已停用" in clew("clues", "list").err
    acting(account.os_user or "")
    assert clew("accounts", "activate", "zhang").code == 0
    assert "调离" in clew("accounts", "show", "zhang").out


def test_faults_are_told_with_their_exit_codes(clew: Clew, account: Account) -> None:
    clew("accounts", "create", "zhang", "--name", "张")
    for code, *words in (
        (5, "post", "li", "operator"),
        (4, "post", "zhang", "emperor"),
        (4, "post", "zhang", "operator", "--division", "330399"),
        (4, "post", "zhang", "operator", "--since", "soon"),
        (5, "post", "zhang", "operator", "--department", "none"),
        (4, "create", "Zhang", "--name", "x"),
        (5, "end-post", "zzzz", "--reason", "x"),
        (5, "show", "li"),
        (6, "activate", "zhang"),
    ):
        assert clew("accounts", *words).code == code, words


def test_the_table_of_roles_and_the_departments(clew: Clew, account: Account) -> None:
    table = clew("accounts", "roles", "--json").json
    assert [r["role"] for r in table["roles"]] == [r.code for r in ROLES]
    assert {(a["act"], r): reach for a in table["acts"] for r, reach in a["reach"].items()} == {
        (a.code, r): reach for a in ACTS for r, reach in a.reaches.items()
    }
    text = clew("accounts", "roles").out
    assert "security_admin" in text and "查看线索与事项" in text
    assert "insurance" in clew("accounts", "departments").out
    listed = clew("accounts", "departments", "--json").json
    assert {"department": "health", "name": "卫健委"}.items() <= {
        d["department"]: d for d in listed
    }["health"].items()


def test_the_sample_city_has_an_account_a_role(people: list[Account]) -> None:
    roles = {p.role for account in people for p in account.posts.all()}
    assert roles == {r.code for r in ROLES}
    assert all(a.posts.count() == 1 and not a.has_usable_password() for a in people)
    counties = {p.division for a in people for p in a.posts.all() if p.role == "operator"}
    assert counties == {"", *demo_accounts.COUNTIES}
    assert verify_database().ok


def test_a_county_sees_its_own_clues_only(
    clew: Clew, people: list[Account], clue: str, acting: Acting
) -> None:
    """The village's clue lies in 330302: its pharmacy's code says so."""
    for user, seen in (
        ("demo-operator", True), ("demo-operator-lucheng", True), ("demo-operator-ruian", False),
        ("demo-reviewer", True), ("demo-leader", True), ("demo-auditor", True),
        ("demo-partner", False), ("demo-inspector", False), ("demo-system", False),
        ("demo-public", False),
    ):  # fmt: skip
        acting(user)
        assert [c["clue"] for c in clew("clues", "list", "--json").json] == [clue] * seen, user
        groups = clew("groups", "--json").json
        assert len(groups) == seen, user
        for words in (("clues", "show"), ("thread",), ("reproduce",)):
            assert clew(*words, clue, "--json").code == (0 if seen else 5), (user, words)


def test_what_a_row_leads_to_is_hidden_with_the_clue(
    clew: Clew, people: list[Account], clue: str, acting: Acting
) -> None:
    acting("demo-operator-ruian")
    assert clew("trace", "S2").code == 5
    assert clew("thread", "S2").code == 5
    assert clew("why", "S2", "MI-01").code == 5
    acting("demo-operator-lucheng")
    assert clew("trace", "S2", "--json").json[0]["clues"] == [clue]
    assert clew("thread", "S2").code == 0
    acting("demo-partner")
    assert clew("trace", "S2").code == 5


DENIED = [
    ("demo-leader", "judge", ("clues", "confirm", "CLUE", "--reason", "实")),
    ("demo-leader", "unmask", ("clues", "show", "CLUE", "--unmask", "--reason", "核查")),
    ("demo-leader", "read_ledger", ("audit", "list")),
    ("demo-operator", "read_ledger", ("audit", "list")),
    ("demo-operator-lucheng", "run", ("detect", "MI-01")),
    ("demo-operator-lucheng", "read_brief", ("brief", "medical_insurance")),
    ("demo-operator-lucheng", "read_runs", ("overlap",)),
    ("demo-partner", "read_links", ("link", "--conflicts")),
    ("demo-system", "give_post", ("accounts", "post", "demo-leader", "operator")),
    ("demo-security", "create_account", ("accounts", "create", "x", "--name", "x")),
]


@pytest.mark.parametrize(("user", "act", "words"), DENIED, ids=[" ".join(w) for *_, w in DENIED])
def test_a_denial_changes_nothing_and_stands_in_the_ledger_once(
    clew: Clew,
    people: list[Account],
    clue: str,
    acting: Acting,
    user: str,
    act: str,
    words: tuple[str, ...],
) -> None:
    acting(user)
    before = Entry.objects.count()
    answer = clew(*(clue if word == "CLUE" else word for word in words))
    assert answer.code == 6 and "→" in answer.err
    assert Entry.objects.count() == before + 1
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.actor, entry.verb) == (user, "accounts.record_denial")
    assert entry.facts["act"] == act
    assert clue not in str(entry.facts)


def test_what_stands_out_of_sight_leaves_no_denial(
    clew: Clew, people: list[Account], clue: str, acting: Acting
) -> None:
    acting("demo-operator-ruian")
    before = Entry.objects.count()
    assert clew("clues", "confirm", clue, "--reason", "实").code == 5
    assert clew("evidence", clue, "--into", "unused").code == 5
    assert Entry.objects.count() == before


def test_the_auditors_read_the_ledger(clew: Clew, people: list[Account], acting: Acting) -> None:
    for user in ("demo-auditor", "demo-audit"):
        acting(user)
        assert clew("audit", "list", "--json").json[0]["verb"] == "accounts.give_post"


def test_a_post_that_ends_closes_the_list_at_the_next_command(
    clew: Clew, people: list[Account], clue: str, acting: Acting
) -> None:
    acting("demo-operator-lucheng")
    (post,) = clew("accounts", "show", "--json").json["posts"]
    acting("demo-security")
    assert clew("accounts", "end-post", post["post"], "--reason", "调离").code == 0
    acting("demo-operator-lucheng")
    assert clew("clues", "list", "--json").json == []
    assert clew("clues", "show", clue).code == 5


def test_what_one_may_not_do_is_not_listed_for_it(
    clew: Clew, people: list[Account], clue: str, acting: Acting
) -> None:
    """A leader sees groups and exports; the week is planned by those who verify."""
    acting("demo-leader")
    assert len(clew("groups", "--json").json) == 1
    assert [c["clue"] for c in clew("clues", "export").json] == [clue]
    assert clew("triage", "--officers", "2", "--json").json["chosen"] == []
    acting("demo-operator")
    week = clew("triage", "--officers", "2", "--json").json
    assert [g["clues"] for g in (*week["chosen"], *week["left_out"])] == [[clue]]
