"""An office: people with posts, clues on the table, papers that can be attached."""

from __future__ import annotations

import getpass
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from clew.accounts import actions as accounts
from clew.accounts.models import Account, Department
from clew.accounts.posts.actions import give_post
from clew.declare import registry
from clew.detection.models import Clue, Hit, Run
from clew.detection.queries import latest_hit
from clew.kernel import clock
from clew.kernel.workspace import Workspace
from clew.matters import actions
from clew.matters.models import Matter
from clew.matters.opening.actions import open_matter
from clew.matters.outcomes.actions import answer_exclusion, settle_clue
from clew.matters.papers.actions import Paper
from clew.packs.medical_insurance.lifecycles import SUPERVISION
from tests.workspaces import people

DOMAIN, COUNTY = "medical_insurance", "330302"
STAFF: Mapping[str, tuple[str, ...]] = {
    "an": ("operator",), "bo": ("operator",), "chen": ("reviewer",), "dai": ("reviewer",),
    "en": ("leader",), "fu": ("coordinator",), "gu": ("operator", "reviewer"), "he": ("auditor",),
}  # fmt: skip


@dataclass
class Office:
    """`admin` is the first account; `staff` the eight who work, by code."""

    admin: Account
    folder: Path
    staff: dict[str, Account] = field(default_factory=dict)

    def __getitem__(self, code: str) -> Account:
        return self.staff[code]

    def paper(self, kind: str, text: str = "") -> Paper:
        """A small text file of its own content."""
        path = self.folder / f"{secrets.token_hex(4)}.txt"
        path.write_text(text or secrets.token_hex(8), encoding="utf-8")
        return Paper(kind, path)

    def papers(self, *kinds: str) -> list[Paper]:
        return [self.paper(kind) for kind in kinds]

    def opened(self, clues: list[Clue], by: str = "an") -> Matter:
        return open_matter(by=self[by], clues=[c.code for c in clues])

    def go(self, matter: Matter, name: str, by: str, **answers: str) -> None:
        """One transition with all its papers."""
        t = SUPERVISION.transition(name)
        assert t is not None
        kinds = [need if isinstance(need, str) else need[0] for need in t.needs]
        actions.advance(
            by=self[by], matter=matter.code, transition=name, answers=answers,
            attachments=self.papers(*kinds),
        )  # fmt: skip

    def confirm(self, matter: Matter, by: str = "an") -> None:
        for member in matter.clues.all():
            settle_clue(
                by=self[by], matter=matter.code, clue=member.clue.code, outcome="confirmed",
                reason="调档属实",
            )  # fmt: skip

    def verifying(self, matter: Matter) -> None:
        """From found to verifying, handled by an and bo; no exclusion applies."""
        for member in matter.clues.all():
            for code in latest_hit(member.clue).untested:
                answer_exclusion(
                    by=self["an"], matter=matter.code, clue=member.clue.code, code=code,
                    answer="not_met", reason="查过",
                )  # fmt: skip
        self.go(matter, "screen", "an")
        actions.assign(by=self["chen"], matter=matter.code, handlers=["an", "bo"])
        self.go(matter, "verify", "an")


MakeClues = Callable[..., list[Clue]]


def new_run(by: Account) -> Run:
    run = Run(
        code=secrets.token_hex(6), as_of=clock.today(), started_at=clock.now(), started_by=by,
        engine="duckdb", inputs={}, held=[], versions={"MI-01": registry.detector("MI-01").version},
        params={"MI-01": {}}, code_hash="",
    )  # fmt: skip
    run.save()
    return run


def new_clues(
    by: Account, count: int, division: str = COUNTY, severity: str = "M", fund: int = 100_00,
    untested: tuple[str, ...] = (),
) -> list[Clue]:  # fmt: skip
    """Clues of one detector, each with one sighting that rests on no row."""
    run, made = new_run(by), []
    for _ in range(count):
        clue = Clue(
            code=secrets.token_hex(8), detector="MI-01", subject_kind="organisation",
            subject_key=f"H{division}{secrets.randbelow(10**5):05d}", fact_key=["2023-03-01"],
            domain=DOMAIN, division=division, first_run=run, last_run=run,
        )  # fmt: skip
        clue.save()
        Hit(run=run, clue=clue, severity=severity, fund=fund, account=0, untested=list(untested),
            digest="").save()  # fmt: skip
        made.append(clue)
    return made


@pytest.fixture
def office(db: None, workspace: Workspace, tmp_path: Path) -> Office:
    return staffed(people(getpass.getuser()), tmp_path)


def staffed(admin: Account, folder: Path) -> Office:
    """The eight, all of the insurance department, with their posts in the whole city."""
    found = Office(admin, folder)
    insurance = Department.objects.get(code="insurance")
    for code, roles in STAFF.items():
        account = accounts.create_account(by=admin, code=code, name=code, department=insurance)
        for role in roles:
            bound = {} if role == "auditor" else {
                "department": insurance, "domain": DOMAIN, "division": "3303"
            }  # fmt: skip
            give_post(by=admin, account=account, role=role, **bound)  # type: ignore[arg-type]
        found.staff[code] = account
    return found


@pytest.fixture
def clues(office: Office) -> MakeClues:
    def make(count: int = 1, **told: object) -> list[Clue]:
        return new_clues(office.admin, count, **told)  # type: ignore[arg-type]

    return make


@pytest.fixture
def matter(office: Office, clues: MakeClues) -> Matter:
    """One clue, just found."""
    return office.opened(clues())
