"""Who sees which clue: every random post against every random clue, read by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from clew.accounts import actions as accounts
from clew.accounts.access import Denied
from clew.accounts.models import Account, Department
from clew.accounts.posts.actions import end_post, give_post
from clew.accounts.roles import ROLES
from clew.audit.models import Entry
from clew.detection import access
from clew.detection.models import Clue, Hit, Run, Ticket
from clew.kernel import clock
from clew.kernel.errors import NotFound, Refused
from clew.kernel.workspace import Workspace
from tests.conftest import TODAY
from tests.workspaces import people

pytestmark = pytest.mark.django_db
MEDICAL = "medical_insurance"
DIVISIONS = ("", "330300", "330302", "330381", "330382", "330102")
PREFIXES = ("", "33", "3303", "330302", "330381")
SEES_ALL = ("auditor",)
SEES_BY_PLACE = ("operator", "reviewer", "leader")


@pytest.fixture
def first(workspace: Workspace) -> Account:
    return people("someone")


def clue(run: Run, number: int, division: str, domain: str = MEDICAL) -> Clue:
    made = Clue(
        code=f"clue{number:03d}", detector="MI-01", subject_kind="set", subject_key="", fact_key=[],
        domain=domain, division=division, first_run=run, last_run=run,
    )  # fmt: skip
    made.save()
    Hit(run=run, clue=made, severity="H", fund=1, account=0, digest="x").save()
    return made


@pytest.fixture
def run(first: Account) -> Run:
    made = Run(
        code="run1", as_of=TODAY, started_at=clock.now(), started_by=first, engine="duckdb",
        inputs={}, held=[], versions={"MI-01": 1}, params={}, code_hash="x",
    )  # fmt: skip
    made.save()
    return made


@pytest.fixture
def clues(run: Run) -> list[Clue]:
    made = [clue(run, n, DIVISIONS[n % len(DIVISIONS)]) for n in range(18)]
    return [*made, clue(run, 90, "330381", "elsewhere"), clue(run, 91, "", "")]


@pytest.fixture
def worker(first: Account) -> Callable[..., Account]:
    def made(code: str, *posts: dict[str, Any]) -> Account:
        account = accounts.create_account(by=first, code=code, name=code)
        for post in posts:
            give_post(by=first, account=account, **post)
        return account

    return made


def by_hand(posts: list[dict[str, Any]], found: Clue) -> bool:
    for post in posts:
        if post["role"] in SEES_ALL:
            return True
        domain, division = post.get("domain", ""), post.get("division", "")
        inside = domain in ("", found.domain) and found.division.startswith(division)
        if post["role"] in SEES_BY_PLACE and inside:
            return True
    return False


def random_posts(rng: Random, police: Department) -> list[dict[str, Any]]:
    chosen: dict[tuple[str, str, str], dict[str, Any]] = {}
    working = [r.code for r in ROLES if not r.code.endswith("_admin")]
    for _ in range(rng.randint(0, 3)):
        post: dict[str, Any] = {"role": rng.choice(working)}
        if post["role"] in ("coordinator", "partner"):
            post["department"] = police
        if post["role"] not in ("auditor", "public"):
            post |= {"domain": rng.choice(("", MEDICAL)), "division": rng.choice(PREFIXES)}
        chosen[post["role"], post.get("domain", ""), post.get("division", "")] = post
    return list(chosen.values())


def test_lists_hold_what_the_table_gives_and_nothing_else(
    worker: Callable[..., Account], clues: list[Clue]
) -> None:
    rng = Random(11)
    police = Department.objects.get(code="police")
    shown = 0
    for number in range(60):
        posts = random_posts(rng, police)
        account = worker(f"w{number}", *posts)
        expected = {c.code for c in clues if by_hand(posts, c)}
        visible = access.visible_clues(account)
        assert {c.code for c in visible} == expected, posts
        assert visible.count() == len(expected)
        hits = access.seen_hits(account, Hit.objects.select_related("clue"))
        assert {h.clue.code for h in hits} == expected
        assert access.seen_codes(account, [c.code for c in clues]) == expected
        for each in clues:
            if each.code in expected:
                assert access.seen(account, each.code) == each
            else:
                with pytest.raises(NotFound):
                    access.seen(account, each.code)
        shown += len(expected)
    assert shown > 200


def test_out_of_sight_is_told_like_absent(
    worker: Callable[..., Account], clues: list[Clue]
) -> None:
    ruian = worker("ruian", {"role": "operator", "domain": MEDICAL, "division": "330381"})
    hidden = next(c for c in clues if c.division == "330302")
    told = []
    for code in (hidden.code, "nothing"):
        for question in (
            lambda code: access.seen(ruian, code),
            lambda code: access.allowed(ruian, "judge", code),
            lambda code: access.check_thread(ruian, code) or access.seen(ruian, code),
        ):
            with pytest.raises(NotFound) as raised:
                question(code)
            assert not isinstance(raised.value, Refused)
            told.append(str(raised.value).replace(code, "…"))
    assert len(set(told)) == 1


def test_what_is_seen_and_not_allowed_is_denied(
    worker: Callable[..., Account], clues: list[Clue]
) -> None:
    chief = worker("chief", {"role": "leader", "domain": MEDICAL, "division": "330381"})
    code = next(c for c in clues if c.division == "330381").code
    assert access.seen(chief, code)
    with pytest.raises(Denied) as raised:
        access.allowed(chief, "judge", code)
    assert raised.value.act == "judge"


def test_an_ended_post_empties_the_list_at_once(
    first: Account, worker: Callable[..., Account], clues: list[Clue]
) -> None:
    account = worker("ruian", {"role": "operator", "domain": MEDICAL, "division": "330381"})
    assert access.visible_clues(account).count() == 3
    end_post(by=first, post=account.posts.get(), reason="调离")
    assert not access.visible_clues(account).exists()
    with clock.fixed(TODAY - timedelta(days=1)):
        assert not access.visible_clues(account).exists()


def test_lists_take_a_fixed_number_of_questions(
    worker: Callable[..., Account], clues: list[Clue], django_assert_num_queries: Any
) -> None:
    account = worker("city", {"role": "operator", "domain": MEDICAL})
    with django_assert_num_queries(2):
        list(access.visible_clues(account))


def test_in_clear_only_where_every_clue_is_reached(
    worker: Callable[..., Account], clues: list[Clue]
) -> None:
    account = worker(
        "ruian", {"role": "operator", "domain": MEDICAL, "division": "330381"},
        {"role": "leader", "domain": MEDICAL},
    )  # fmt: skip
    hits = list(Hit.objects.select_related("clue", "run"))
    own = [h for h in hits if (h.clue.domain, h.clue.division) == (MEDICAL, "330381")]
    access.unmask(by=account, subject="clues", hits=own, reason="核查")
    entry = Entry.objects.get(verb="accounts.unmask")
    assert entry.facts == {"reason": "核查", "purpose": "run1"}
    with pytest.raises(Denied):
        access.unmask(
            by=account, subject="clues", reason="核查",
            hits=[h for h in hits if h.clue.domain == MEDICAL],
        )  # fmt: skip
    assert Entry.objects.filter(verb="accounts.unmask").count() == 1


def test_runs_and_tickets(
    first: Account, worker: Callable[..., Account], run: Run, clues: list[Clue]
) -> None:
    police, health = (Department.objects.get(code=c) for c in ("police", "health"))
    for number, owner in enumerate((police, health)):
        Ticket(
            code=f"t{number}", department=owner, dataset="mi_settlement", batch="b", rows=[1],
            detector="MI-01", cause="DIRTY_DATA", what="x", opened_by=first, opened_at=clock.now(),
        ).save()  # fmt: skip
    city = worker("city", {"role": "operator", "domain": MEDICAL, "division": "330381"})
    partner = worker("partner", {"role": "partner", "domain": MEDICAL, "department": police})
    nobody = worker("nobody", {"role": "inspector", "domain": MEDICAL})
    assert [access.visible_tickets(a).count() for a in (city, partner, nobody)] == [2, 1, 0]
    assert [access.visible_runs(a).count() for a in (city, partner, nobody)] == [1, 0, 0]
    assert access.ticket_allowed(partner, "answer_ticket", "t0").department == police
    with pytest.raises(NotFound):
        access.ticket_allowed(partner, "answer_ticket", "t1")
    with pytest.raises(Denied):
        access.require_domain(city, "run", MEDICAL)  # a county does not run the whole domain
