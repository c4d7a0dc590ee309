"""Who sees which delivery and whose quarantine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from clew.accounts import actions as accounts
from clew.accounts.access import Denied
from clew.accounts.models import Account, Department
from clew.accounts.posts.actions import give_post
from clew.datasets import access
from clew.datasets.models import Batch
from clew.kernel import clock
from clew.kernel.errors import NotFound
from clew.kernel.workspace import Workspace
from tests.workspaces import people

pytestmark = pytest.mark.django_db
MEDICAL = "medical_insurance"


@pytest.fixture
def first(workspace: Workspace) -> Account:
    account = people("someone")
    for number, (dataset, owner) in enumerate(
        [("mi_settlement", "insurance"), ("mi_settlement", "insurance"),
         ("death_police", "police"), ("unknown", "health")]
    ):  # fmt: skip
        Batch(
            id=number + 1, code=f"b{number}", dataset=dataset, file_name="x", file_hash="x",
            department=Department.objects.get(code=owner), status=Batch.PUBLISHED, rows=1,
            quarantined=1, received_at=clock.now(), received_by=account,
        ).save()  # fmt: skip
    return account


@pytest.fixture
def seen(first: Account) -> Callable[..., tuple[str, str]]:
    """Batches that a new account with this post sees, and whose quarantine."""

    def asked(role: str, department: str = "", **post: Any) -> tuple[str, str]:
        owner = Department.objects.filter(code=department).first()
        code = f"{role}-{department}".replace("_", "-")
        account = accounts.create_account(by=first, code=code, name="x")
        give_post(by=first, account=account, role=role, department=owner, **post)
        found = (access.visible_batches(account), access.visible_quarantine(account))
        return tuple(" ".join(b.code for b in each) for each in found)  # type: ignore[return-value]

    return asked


def test_a_role_of_the_domain_reads_all_of_it_and_mends_its_own(
    seen: Callable[..., tuple[str, str]],
) -> None:
    assert seen("operator", "insurance", domain=MEDICAL) == ("b0 b1 b2", "b0 b1")
    assert seen("operator", domain=MEDICAL, division="330381") == ("b0 b1 b2", "b0 b1 b2")
    assert seen("leader", "insurance", domain=MEDICAL) == ("b0 b1 b2", "")


def test_a_partner_sees_what_its_department_delivered(
    seen: Callable[..., tuple[str, str]],
) -> None:
    assert seen("partner", "police", domain=MEDICAL) == ("b2", "b2")
    assert seen("partner", "health") == ("b3", "b3")


def test_others(seen: Callable[..., tuple[str, str]]) -> None:
    assert seen("auditor") == ("b0 b1 b2 b3", "b0 b1 b2 b3")
    assert seen("inspector", domain=MEDICAL) == ("", "")
    assert seen("reviewer") == ("b0 b1 b2 b3", "b0 b1 b2 b3")
    assert seen("system_admin") == ("", "")


def test_out_of_sight_is_not_found_and_in_sight_may_be_denied(first: Account) -> None:
    police = Department.objects.get(code="police")
    officer = accounts.create_account(by=first, code="officer", name="x")
    give_post(by=first, account=officer, role="partner", department=police, domain=MEDICAL)
    assert access.allowed(officer, "decide_batch", "b2").code == "b2"
    with pytest.raises(NotFound):
        access.allowed(officer, "decide_batch", "b0")
    chief = accounts.create_account(by=first, code="chief", name="x")
    give_post(by=first, account=chief, role="leader", domain=MEDICAL)
    assert access.seen(chief, "b0")
    with pytest.raises(Denied):
        access.allowed(chief, "decide_batch", "b0")
    with pytest.raises(Denied):
        access.require(officer, "ingest", "mi_settlement", Department.objects.get(code="insurance"))
    access.require(officer, "ingest", "death_police", police)
