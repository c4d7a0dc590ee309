"""Releases: who may ask, who may decide, what may then be taken, and until when."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from clew.accounts.access import Denied
from clew.audit.models import Entry
from clew.audit.presenters import sentence
from clew.detection.queries import latest_hits
from clew.kernel import clock
from clew.kernel.errors import InputError, NotFound, Refused
from clew.kernel.workspace import Workspace
from clew.reports.models import Release
from clew.reports.releases import access
from clew.reports.releases.actions import DAYS, ask_release, decide_release, take_release
from tests.conftest import TODAY
from tests.unit.matters.conftest import Office, new_clues, staffed
from tests.workspaces import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None, workspace: Workspace, tmp_path: Path) -> Office:
    return staffed(people("founder"), tmp_path)


@pytest.fixture
def asked(office: Office) -> Release:
    codes = [c.code for c in new_clues(office.admin, 2)]
    return ask_release(by=office["an"], clues=codes, reason="移送公安 330324196803128050")


def verbs() -> list[str]:
    return list(Entry.objects.order_by("seq").values_list("verb", flat=True))


def test_asked_granted_taken_each_with_one_entry(office: Office, asked: Release) -> None:
    assert (asked.status, asked.reason) == (Release.ASKED, "移送公安 ***")
    assert access.to_decide(office["chen"]) == [asked]
    before = len(verbs())
    granted = decide_release(by=office["chen"], release=asked.code, granted=True, answer="确需")
    assert (granted.status, granted.until) == (Release.GRANTED, TODAY + timedelta(days=DAYS))
    assert access.to_decide(office["dai"]) == []
    hits = latest_hits(asked.clues)
    assert take_release(by=office["an"], release=asked.code, hits=hits, kind="csv") == granted
    assert verbs()[before:] == ["reports.decide_release", "reports.take_release"]
    for entry in Entry.objects.order_by("-seq")[:3]:
        assert asked.code in sentence(entry).zh


@pytest.mark.parametrize(
    ("who", "error"),
    [("en", Denied), ("fu", NotFound), ("he", None), ("an", None)],
)
def test_who_asks_must_see_persons_in_clear(
    office: Office, who: str, error: type[Exception] | None
) -> None:
    (clue,) = new_clues(office.admin, 1)
    if error is None:
        ask_release(by=office[who], clues=[clue.code], reason="核对")
        return
    with pytest.raises(error):
        ask_release(by=office[who], clues=[clue.code], reason="核对")
    assert not Release.objects.exists()


def test_what_is_asked_for_must_be_there_and_have_a_reason(office: Office) -> None:
    (far,), (near,) = new_clues(office.admin, 1, division="110101"), new_clues(office.admin, 1)
    for clues, reason, error in (
        ([], "核对", InputError), ([near.code], " ", InputError),
        (["nosuch"], "核对", NotFound), ([near.code, far.code], "核对", NotFound),
    ):  # fmt: skip
        with pytest.raises(error):
            ask_release(by=office["an"], clues=clues, reason=reason)
    assert not Release.objects.exists()


def test_nobody_decides_their_own(office: Office) -> None:
    (clue,) = new_clues(office.admin, 1)
    own = ask_release(by=office["gu"], clues=[clue.code], reason="核对")  # also a reviewer
    assert access.to_decide(office["gu"]) == []
    with pytest.raises(Refused, match="four eyes"):
        decide_release(by=office["gu"], release=own.code, granted=True, answer="可")


@pytest.mark.parametrize("who", ["bo", "fu", "he"])
def test_who_may_not_decide_does_not_even_see_it(office: Office, asked: Release, who: str) -> None:
    with pytest.raises(NotFound):
        decide_release(by=office[who], release=asked.code, granted=True, answer="可")
    assert access.visible_releases(office[who]) == []


def test_it_is_decided_once_with_a_reason(office: Office, asked: Release) -> None:
    with pytest.raises(InputError):
        decide_release(by=office["chen"], release=asked.code, granted=False, answer="")
    declined = decide_release(by=office["en"], release=asked.code, granted=False, answer="不必")
    assert (declined.status, declined.until) == (Release.DECLINED, None)
    with pytest.raises(Refused, match="decided"):
        decide_release(by=office["chen"], release=asked.code, granted=True, answer="可")


def test_it_opens_nothing_before_after_for_others_or_for_more(
    office: Office, asked: Release
) -> None:
    hits, (other,) = latest_hits(asked.clues), new_clues(office.admin, 1)

    def refused(who: str, error: type[Exception], clues: list[str] = asked.clues) -> None:
        before = len(verbs())
        with pytest.raises(error):
            take_release(
                by=office[who], release=asked.code, hits=latest_hits(clues), kind="csv"
            )
        assert len(verbs()) == before

    refused("an", Refused)  # not granted yet
    decide_release(by=office["chen"], release=asked.code, granted=True, answer="确需")
    refused("bo", NotFound)
    refused("chen", NotFound)  # who grants does not take
    refused("an", Refused, [*asked.clues, other.code])
    with clock.fixed(TODAY + timedelta(days=DAYS)):
        take_release(by=office["an"], release=asked.code, hits=hits, kind="csv")
    with clock.fixed(TODAY + timedelta(days=DAYS + 1)):
        refused("an", Refused)
    office["an"].posts.update(until=TODAY - timedelta(days=1))
    refused("an", Denied)
