"""One account a role, in an empty workspace on the sample city's day, and a browser for each."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from clew.accounts import actions as accounts
from clew.accounts import roles
from clew.accounts.models import Account, Department
from clew.accounts.posts.actions import give_post
from clew.audit.models import Entry
from clew.detection.models import Clue
from clew.kernel.workspace import Workspace
from tests.unit.matters.conftest import Office, new_clues, staffed
from tests.workspaces import people

DOMAIN = "medical_insurance"
PASSWORD = "long-enough-for-all"
Enter = Callable[..., Client]
Sign = Callable[[str], Client]


@pytest.fixture(autouse=True)
def quick_passwords(settings: LazySettings) -> None:
    """Hashing that costs an attacker nothing costs a test nothing."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def staff(db: None, workspace: Workspace) -> dict[str, Account]:
    """An account by the code of each role; the administrators' posts are given last."""
    admin = people(getpass.getuser())
    office = Department.objects.order_by("id").first()
    made = {
        role.code: accounts.create_account(
            by=admin, code=role.code.replace("_", "-"), name=role.name.zh, department=office
        )
        for role in roles.ROLES
    }
    last = (roles.SYSTEM, roles.AUDIT, roles.SECURITY)
    for role in sorted(roles.ROLES, key=lambda r: last.index(r.code) if r.code in last else -1):
        bounded = not roles.unscoped(role.code)
        give_post(
            by=admin, account=made[role.code], role=role.code,
            department=office if bounded else None, domain=DOMAIN if bounded else "",
        )  # fmt: skip
    return made


@pytest.fixture
def enter(staff: dict[str, Account]) -> Enter:
    """A signed-in client: `enter("operator")`, `enter("operator", language="en")`."""

    def entered(role: str = "", *, language: str = "") -> Client:
        client = Client(raise_request_exception=False)
        if language:
            client.cookies["clew_language"] = language
        if role:
            client.force_login(staff[role])
        return client

    return entered


@pytest.fixture
def office(db: None, workspace: Workspace, tmp_path: Path) -> Office:
    return staffed(people(getpass.getuser()), tmp_path)


@pytest.fixture
def sign(office: Office) -> Sign:
    """A signed-in client of one of the eight; without a code, of the founder."""

    def signed(code: str) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(office[code] if code else office.admin)
        return client

    return signed


def on_the_run(office: Office, count: int, **told: object) -> list[Clue]:
    """Clues that the last run of their detector saw, so that lists show them."""
    made = new_clues(office.admin, count, **told)  # type: ignore[arg-type]
    run = made[0].last_run
    run.results = [{"id": "MI-01", "status": "ran"}]
    run.save()
    return made


def verbs() -> list[str]:
    """Verbs of the ledger, oldest first."""
    return list(Entry.objects.order_by("seq").values_list("verb", flat=True))
