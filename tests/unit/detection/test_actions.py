"""A run keeps what it saw: once in the ledger, and again under the same names."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from clew.audit.models import Entry
from clew.datasets.ingest.deliver import Request, deliver
from clew.declare import registry
from clew.detection import actions, facts_file, queries, reproduce
from clew.detection.actions import Outcome, RunAnswer
from clew.detection.models import Clue, Evidence, Hit, Run
from clew.kernel.errors import InputError, NotFound, StoreError
from clew.kernel.identifiers import person_scheme
from clew.kernel.keys import clue_id, person_key
from clew.kernel.workspace import Workspace
from tests.unit.conftest import AN, FILES, Village, write_csv

pytestmark = pytest.mark.django_db
MI01 = registry.detector("MI-01")
MI05 = registry.detector("MI-05")


def detect(village: Village, *, dry_run: bool = False, **params: str) -> RunAnswer:
    return actions.run(
        by=village.by, detectors=[MI01], overrides={"MI-01": params}, dry_run=dry_run
    )


def only(answer: RunAnswer) -> Outcome:
    (outcome,) = answer.outcomes
    return outcome


def digests() -> dict[str, str]:
    return {h.clue.code: h.digest for h in queries.current_hits()}


@pytest.fixture(scope="module")
def first(village: Village) -> Iterator[RunAnswer]:
    with transaction.atomic():
        yield detect(village)
        transaction.set_rollback(True)


def test_a_run_counts_what_it_saw(first: RunAnswer) -> None:
    outcome = only(first)
    assert (outcome.status, outcome.candidates, outcome.clues, outcome.new) == ("ran", 3, 1, 1)
    assert outcome.excluded == {"REVERSED": 1, "LINK_BELOW_T1": 1}
    assert (outcome.review_list, outcome.data_correction) == (1, 0)
    assert (outcome.fund, outcome.account) == (12000, 2000)
    assert set(outcome.untested) == {
        "SAME_STAY", "ALIVE_EVIDENCE", "DECLARED_REVOKED", "MORTUARY_ITEMS",
    }  # fmt: skip


def test_one_ledger_entry_a_run(first: RunAnswer, village: Village) -> None:
    before = Entry.objects.count()
    answer = detect(village)
    entry = Entry.objects.order_by("-seq")[0]
    assert Entry.objects.count() == before + 1
    assert (entry.verb, entry.subject) == ("detection.run", answer.run)
    assert entry.facts["clues"] == 1
    assert entry.facts["new"] == 0
    assert AN not in json.dumps(entry.facts)


def test_a_second_run_sights_the_same_clue_and_makes_none(
    first: RunAnswer, village: Village
) -> None:
    before, seen = digests(), Clue.objects.count()
    second = detect(village)
    assert only(second).new == 0
    assert only(second).clues == only(first).clues
    assert digests() == before
    assert Clue.objects.count() == seen
    clue = Clue.objects.get()
    assert (clue.first_run.code, clue.last_run.code) == (first.run, second.run)
    assert clue.hits.count() == 2


def test_a_clue_is_named_by_detector_subject_and_fact(first: RunAnswer) -> None:
    key = Workspace.current().key
    person = person_key(key, person_scheme(AN, None), AN)
    clue = Clue.objects.get()
    assert clue.subject_key == str(person)
    assert clue.code == clue_id(key, "MI-01", "", "person", person, ["2023-03-01"])


def test_evidence_names_its_place_and_what_it_told(first: RunAnswer, village: Village) -> None:
    hit = Hit.objects.get()
    rows = list(Evidence.objects.filter(hit=hit))
    flagged = [e for e in rows if e.role == "flagged"]
    assert [(e.key, e.row, e.file) for e in flagged] == [
        (["S2"], 3, "结算信息.csv"), (["S3"], 4, "结算信息.csv"),
    ]  # fmt: skip
    assert {e.batch for e in flagged} == {village.batch("mi_settlement")}
    assert sum(e.values["fund"] for e in flagged) == hit.fund == 12000
    assert {e.dataset for e in rows if e.role == "death"} == {"death_health", "death_civil"}


def test_parameters_change_results_and_never_identities(first: RunAnswer, village: Village) -> None:
    before = digests()
    name = MI01.params[0].name
    values = {MI01.params[0].low, MI01.params[0].high}
    for value in values - {None}:
        answer = detect(village, **{name: str(value)})
        assert Run.objects.get(code=answer.run).params["MI-01"][name] == str(value)
        assert set(digests()) <= set(before)
        assert only(answer).new == 0


def test_a_dry_run_keeps_nothing(first: RunAnswer, village: Village) -> None:
    before = (Run.objects.count(), Hit.objects.count(), Entry.objects.count())
    answer = detect(village, dry_run=True)
    assert answer.run == ""
    assert only(answer).clues == 1
    assert (Run.objects.count(), Hit.objects.count(), Entry.objects.count()) == before


def test_a_clue_that_the_last_run_no_longer_saw_is_not_current(
    first: RunAnswer, village: Village
) -> None:
    earlier = first.run
    actions.run(by=village.by, detectors=[MI01], overrides={}, as_of=date(2023, 2, 15))
    assert queries.current_hits() == []
    assert Clue.objects.get().last_run.code == earlier


def test_another_detectors_run_leaves_the_clues_current(first: RunAnswer, village: Village) -> None:
    before = digests()
    actions.run(by=village.by, detectors=[MI05], overrides={})
    assert digests() == before
    assert queries.current_hits("MI-05") == []


def test_without_the_ledger_nothing_is_kept(
    first: RunAnswer, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**facts: object) -> None:
        raise StoreError("台账无法写入")

    before = (Run.objects.count(), Hit.objects.count())
    monkeypatch.setattr(actions, "append", broken)
    with pytest.raises(StoreError):
        detect(village)
    assert (Run.objects.count(), Hit.objects.count()) == before


def test_facts_of_a_run_outlive_the_next_delivery(
    first: RunAnswer, village: Village, tmp_path: Path
) -> None:
    run = Run.objects.get(code=first.run)
    facts = list(facts_file.read(Workspace.current(), run.facts_file))
    assert sorted(f["outcome"] for f in facts) == ["clue", "excluded", "review_list"]
    headers, rows = FILES["参保人员.csv"]
    deliver(Request(write_csv(tmp_path / "参保人员.csv", headers, rows[:2])), by=village.by)
    assert list(facts_file.read(Workspace.current(), run.facts_file)) == facts
    with pytest.raises(StoreError):
        facts_file.read(Workspace.current(), "0" * 64)


def test_reproduce_agrees_and_knows_what_changed(
    first: RunAnswer, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = Clue.objects.get().code
    found = reproduce.reproduce(code)
    assert (found.clue, found.agrees, found.found, found.code_changed) == (code, True, True, False)
    Run.objects.update(code_hash="0" * 64)
    assert reproduce.reproduce(code[:6]).code_changed
    Hit.objects.update(digest="0" * 64)
    changed = reproduce.reproduce(code)
    assert (changed.agrees, changed.found) == (False, True)
    with pytest.raises(NotFound):
        reproduce.reproduce("nosuch")


def test_reproduce_refuses_changed_inputs(first: RunAnswer, village: Village) -> None:
    run = Run.objects.get(code=first.run)
    relative = run.inputs["mi_settlement"]["files"][0][0]
    path = Workspace.current().home / relative
    whole = path.read_bytes()
    try:
        path.unlink()
        with pytest.raises(StoreError, match="purged"):
            reproduce.reproduce(Clue.objects.get().code)
    finally:
        path.write_bytes(whole)


def test_an_engine_must_be_known(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEW_ENGINE", "abacus")
    with pytest.raises(InputError, match="abacus"):
        detect(village)
    monkeypatch.setenv("CLEW_ENGINE", "spark")
    monkeypatch.delenv("SPARK_REMOTE", raising=False)
    with pytest.raises(StoreError, match="SPARK_REMOTE"):
        detect(village)


def test_a_run_asks_the_database_little(first: RunAnswer, village: Village) -> None:
    with connection.execute_wrapper(counted := Counted()):
        detect(village)
    assert counted.statements < 160


class Counted:
    def __init__(self) -> None:
        self.statements = 0

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        self.statements += 1
        return execute(sql, params, many, context)
