"""Every row gets an answer: why it fired, or the first thing that failed; and its thread."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from clew.datasets.ingest.deliver import Request, deliver
from clew.declare import registry
from clew.detection import actions, thread, why
from clew.detection.models import Clue
from clew.kernel.errors import NotFound
from tests.unit.conftest import AN, FILES, Village, write_csv

pytestmark = pytest.mark.django_db
MI01 = registry.detector("MI-01")
MI05 = registry.detector("MI-05")


@pytest.fixture(scope="module")
def clue(village: Village) -> Iterator[str]:
    with transaction.atomic():
        actions.run(by=village.by, detectors=[MI01], overrides={})
        yield Clue.objects.get().code
        transaction.set_rollback(True)


def ask(key: str) -> why.Reason:
    (reason,) = why.why(key, [MI01])
    return reason


def test_a_row_that_fired_names_its_clue(clue: str) -> None:
    for key in ("S2", "S3"):
        reason = ask(key)
        assert (reason.outcome, reason.clue) == ("clue", clue)
        assert reason.tested["AFTER_DEATH"] is True
        assert reason.tested["REVERSED"] is False
        assert reason.tested["MORTUARY_ITEMS"] is None
        assert list(reason.tested) == [i.code for i in (*MI01.conditions, *MI01.exclusions)]


def test_a_row_that_is_excused_names_the_code(clue: str) -> None:
    reason = ask("S4")
    assert (reason.outcome, reason.decided_by, reason.clue) == ("excluded", "REVERSED", "")
    assert ask("S6").decided_by == "LINK_BELOW_T1"
    assert ask("S6").outcome == "review_list"


@pytest.mark.parametrize("key", ["S1", "S7", "C1"])
def test_a_row_that_is_not_looked_at_hears_what_is(clue: str, key: str) -> None:
    reason = ask(key)
    assert (reason.outcome, reason.decided_by) == ("not_considered", MI01.rules[0].base.zh)
    assert reason.tested == {}


def test_a_person_asks_for_all_rows_and_detectors(clue: str, village: Village) -> None:
    place = f"{village.batch('mi_settlement')}:3"
    reasons = why.why(place, [MI01, MI05])
    assert [(r.detector, r.outcome) for r in reasons] == [
        ("MI-01", "clue"), ("MI-05", "not_considered"),
    ]  # fmt: skip
    by_person = why.why(AN, [MI01])
    assert {r.row.dataset for r in by_person} >= {"police_person"}


def test_an_unknown_key_is_said_to_be_unknown(clue: str) -> None:
    with pytest.raises(NotFound) as caught:
        why.why("nosuch", [MI01])
    assert caught.value.next_step == "clew trace nosuch"


def test_rows_that_no_detector_reads(clue: str, village: Village, tmp_path: Path) -> None:
    headers, rows = FILES["结算信息.csv"]
    corrected = (*rows[1][:9], "81.00", *rows[1][10:], "2023-10-01 00:00")
    nameless = ("S9", "M9", AN, "安一", *([""] * 10))
    path = write_csv(tmp_path / "结算信息.csv", (*headers, "上传时间"), [corrected, nameless])
    receipts = deliver(Request(path), by=village.by)
    assert [(r.accepted, r.quarantined) for r in receipts] == [(1, 1)]
    reasons = (*why.why("S2", [MI01]), *why.why("S9", [MI01]))
    outcomes = {r.row.state: r.outcome for r in reasons}
    assert outcomes == {
        "superseded": "superseded", "live": "clue", "quarantined": "quarantined",
    }  # fmt: skip
    assert all(r.decided_by for r in reasons)


def test_the_thread_of_a_clue_and_of_its_rows_is_one(clue: str) -> None:
    line = thread.thread(clue)
    assert [k.name for k in line] == [
        "rows", "link", "hit", "clue", "matter", "decision", "rectified", "look_back", "money",
    ]  # fmt: skip
    assert [k.state for k in line] == ["reached"] * 3 + ["present"] + ["ahead"] * 5
    assert all(k.note and k.way_in for k in line[:4])
    assert not any(k.note for k in line[4:])
    assert thread.thread("S2") == line
    assert thread.thread(clue[:8]) == line


def test_the_thread_of_a_row_that_no_clue_uses(clue: str) -> None:
    line = thread.thread("S1")
    assert [k.state for k in line] == ["present"] + ["ahead"] * 8
    assert "结算信息.csv 第 2 行" in str(line[0].note)
    with pytest.raises(NotFound):
        thread.thread("nosuch")
