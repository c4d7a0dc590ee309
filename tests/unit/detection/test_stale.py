"""Clues whose evidence was corrected since are flagged, and stay what they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from clew.datasets import actions as deliveries
from clew.datasets import places
from clew.datasets import queries as batches
from clew.datasets.ingest.deliver import Request, deliver
from clew.declare import registry
from clew.detection import actions, queries, reproduce
from clew.detection.models import Clue, Evidence
from tests.unit.conftest import FILES, Village, write_csv

pytestmark = pytest.mark.django_db
MI01 = registry.detector("MI-01")


def detect(village: Village) -> actions.Outcome:
    (outcome,) = actions.run(by=village.by, detectors=[MI01], overrides={}).outcomes
    return outcome


@pytest.fixture
def clue(db: None, village: Village) -> Iterator[Clue]:
    detect(village)
    yield Clue.objects.get()


def states(clue: Clue) -> dict[tuple[str, int], str]:
    rows = queries.evidence([queries.latest_hit(clue)])[queries.latest_hit(clue).pk]
    stale = queries.stale(rows)
    return {(e.dataset, e.row): stale[e.row_id] for e in rows if e.row_id in stale}


def corrected(village: Village, tmp_path: Path, paid: str) -> None:
    """S2 of the village's settlements once more, with another amount."""
    headers, rows = FILES["结算信息.csv"]
    row = [*rows[1][:9], paid, *rows[1][10:]]
    (receipt,) = deliver(
        Request(write_csv(tmp_path / "结算信息-更正.csv", headers, [row])), by=village.by
    )
    assert receipt.accepted == 1


def test_fresh_evidence_is_not_stale(clue: Clue) -> None:
    assert states(clue) == {}


def test_a_corrected_row_is_named_until_the_next_run(
    clue: Clue, village: Village, tmp_path: Path
) -> None:
    corrected(village, tmp_path, "70.00")
    assert states(clue) == {("mi_settlement", 3): places.SUPERSEDED}
    (row,) = Evidence.objects.filter(hit__clue=clue, row=3, role="flagged")
    assert queries.stale_clues([row.row_id]) == {row.row_id: [clue.code]}
    clue.refresh_from_db()
    assert clue.status == Clue.OPEN
    assert reproduce.reproduce(clue.code).agrees
    detect(village)
    assert states(clue) == {}
    assert queries.stale_clues([row.row_id]) == {}


def test_a_run_after_a_withdrawal_does_not_see_its_rows_and_one_before_is_reproduced(
    clue: Clue, village: Village
) -> None:
    batch = batches.batch(village.batch("mi_settlement"))
    deliveries.retract(by=village.by, batch=batch, reason="误报")
    assert set(states(clue).values()) == {places.WITHDRAWN}
    assert {row for _, row in states(clue)} == {3, 4}
    assert reproduce.reproduce(clue.code).agrees
    assert detect(village).status == "not_run"


def test_what_a_correction_had_hidden_is_seen_again(
    clue: Clue, village: Village, tmp_path: Path
) -> None:
    corrected(village, tmp_path, "70.00")
    changed = detect(village)
    latest = batches.batches("mi_settlement")[-1]
    deliveries.retract(by=village.by, batch=latest, reason="误报")
    back = detect(village)
    assert (changed.fund, back.fund) == (11000, 12000)
    assert Clue.objects.count() == 1
    first, *_, last = clue.hits.order_by("run_id")
    assert first.digest == last.digest
