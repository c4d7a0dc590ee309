"""An officer's word on a clue, and when a rebutted clue may come back."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db.models import ProtectedError

from clew.audit.models import Entry
from clew.datasets import actions as deliveries
from clew.datasets import queries as batches
from clew.datasets.ingest.deliver import Request, deliver
from clew.declare import registry
from clew.detection import actions as runs
from clew.detection.models import Clue, Hit, Run, Verdict
from clew.detection.queries import latest_hit
from clew.detection.verdicts import actions, codes, queries
from clew.detection.verdicts.evidence import digests
from clew.kernel.errors import InputError, NotFound, Refused, StoreError
from tests.unit.conftest import AN, FILES, Village, write_csv

pytestmark = pytest.mark.django_db
MI01 = registry.detector("MI-01")


def detect(village: Village, **params: str) -> Run:
    answer = runs.run(by=village.by, detectors=[MI01], overrides={"MI-01": params})
    return Run.objects.get(code=answer.run)


@pytest.fixture
def clue(db: None, village: Village) -> Clue:
    detect(village)
    return Clue.objects.get()


def rebut(village: Village, clue: Clue, code: str = "LAWFUL") -> Verdict:
    verdict, tickets = actions.rebut(by=village.by, clue=clue.code, code=code, reason="查过")
    assert tickets == []
    return verdict


def status(clue: Clue) -> str:
    clue.refresh_from_db()
    return str(clue.status)


def resent(village: Village, folder: Path, **changed: str) -> None:
    """S2 of the village's settlements once more, with other cells."""
    headers, rows = FILES["结算信息.csv"]
    row = [changed.get(h, cell) for h, cell in zip(headers, rows[1], strict=True)]
    (receipt,) = deliver(
        Request(write_csv(folder / "结算信息-更正.csv", headers, [row])), by=village.by
    )
    assert receipt.accepted == 1


def test_a_word_moves_the_clue_and_stands_in_the_ledger(clue: Clue, village: Village) -> None:
    before = Entry.objects.count()
    verdict = actions.confirm(by=village.by, clue=clue.code[:6], reason=f"调档 {AN} 属实")
    assert (status(clue), verdict.kind, verdict.code) == ("confirmed", "confirmed", "")
    assert (verdict.version, verdict.hit) == (MI01.version, latest_hit(clue))
    assert verdict.evidence == digests([verdict.hit])[verdict.hit.pk]
    assert Entry.objects.count() == before + 1
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.verb, entry.subject) == ("detection.decide", clue.code)
    assert entry.facts["before"] == "open"
    assert entry.facts["reason"] == verdict.reason == "调档 *** 属实"


def test_words_are_only_added(clue: Clue, village: Village) -> None:
    actions.confirm(by=village.by, clue=clue.code, reason="属实")
    rebut(village, clue)
    actions.reopen(by=village.by, clue=clue.code, reason="再看")
    assert [v.kind for v in queries.history(clue)] == ["confirmed", "rebutted", "reopened"]
    assert status(clue) == "open"
    first = queries.history(clue)[0]
    with pytest.raises(Refused):
        first.save()
    with pytest.raises(Refused):
        first.delete()
    with pytest.raises(ProtectedError):
        clue.delete()


def test_the_same_word_twice_is_refused(clue: Clue, village: Village) -> None:
    with pytest.raises(Refused, match="open"):
        actions.reopen(by=village.by, clue=clue.code, reason="再看")
    rebut(village, clue)
    with pytest.raises(Refused, match="rebutted"):
        rebut(village, clue)
    assert Verdict.objects.count() == 1


def test_a_word_needs_a_reason_a_code_and_a_clue(clue: Clue, village: Village) -> None:
    with pytest.raises(InputError):
        actions.confirm(by=village.by, clue=clue.code, reason="  ")
    with pytest.raises(InputError, match="NO_SUCH"):
        rebut(village, clue, "NO_SUCH")
    with pytest.raises(NotFound):
        actions.confirm(by=village.by, clue="zzzz", reason="属实")
    assert status(clue) == "open" and not Verdict.objects.exists()


def test_codes_are_the_detectors_exclusions_and_the_general_ones(
    clue: Clue, village: Village
) -> None:
    known = codes.known(MI01)
    assert list(known)[: len(MI01.exclusions)] == [e.code for e in MI01.exclusions]
    assert set(codes.CORE) <= set(known)
    assert rebut(village, clue, "late_settlement").code == "LATE_SETTLEMENT"


def test_a_duplicate_names_the_other_clue(clue: Clue, village: Village, eve: str) -> None:
    detect(village)
    (other,) = Clue.objects.exclude(pk=clue.pk)
    for wrong in ("", clue.code):
        with pytest.raises(InputError):
            actions.rebut(by=village.by, clue=clue.code, code="DUPLICATE_OF", reason="同一事",
                          duplicate_of=wrong)  # fmt: skip
    verdict, _ = actions.rebut(
        by=village.by, clue=clue.code, code="DUPLICATE_OF", reason="同一事",
        duplicate_of=other.code,
    )  # fmt: skip
    assert verdict.reason == f"{other.code} 同一事"


def test_without_the_ledger_no_word_is_kept(
    clue: Clue, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**facts: object) -> None:
        raise StoreError("台账无法写入")

    monkeypatch.setattr(actions, "append", broken)
    with pytest.raises(StoreError):
        rebut(village, clue)
    assert status(clue) == "open" and not Verdict.objects.exists()


def test_a_rebutted_clue_stays_so_while_its_evidence_does(clue: Clue, village: Village) -> None:
    rebut(village, clue)
    before = Entry.objects.count()
    run = detect(village, h_services="1")
    assert Hit.objects.get(run=run).severity != clue.hits.order_by("run_id")[0].severity
    assert status(clue) == "rebutted"
    assert Entry.objects.count() == before + 1


def test_another_amount_in_a_row_reopens_it(clue: Clue, village: Village, tmp_path: Path) -> None:
    rebut(village, clue)
    resent(village, tmp_path, 基金支付="70.00")
    run = detect(village)
    assert status(clue) == "open"
    word = queries.history(clue)[-1]
    assert (word.kind, word.code, word.hit.run) == ("reopened", codes.EVIDENCE_CHANGED, run)
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.verb, entry.subject) == ("detection.reopen_changed", run.code)
    assert entry.facts == {"reopened": 1, "clues": [clue.code]}
    rebut(village, clue)
    detect(village)
    assert status(clue) == "rebutted"


def test_a_confirmed_clue_is_never_reopened_by_a_run(
    clue: Clue, village: Village, tmp_path: Path
) -> None:
    actions.confirm(by=village.by, clue=clue.code, reason="属实")
    resent(village, tmp_path, 基金支付="70.00")
    detect(village)
    assert status(clue) == "confirmed"


def test_the_same_rows_in_another_batch_are_no_other_evidence(
    clue: Clue, village: Village, tmp_path: Path
) -> None:
    rebut(village, clue)
    batch = batches.batch(village.batch("mi_settlement"))
    deliveries.retract(by=village.by, batch=batch, reason="误报")
    headers, rows = FILES["结算信息.csv"]
    path = write_csv(tmp_path / "结算信息-重报.csv", headers, rows[::-1])
    (receipt,) = deliver(Request(path), by=village.by)
    assert receipt.status == "published"
    detect(village)
    first, last = clue.hits.order_by("run_id")
    assert first.digest != last.digest
    assert status(clue) == "rebutted"
