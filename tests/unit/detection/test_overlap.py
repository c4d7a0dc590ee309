"""What detectors share: subjects, and the rows that their clues stand on."""

from __future__ import annotations

import pytest

from clew.declare import registry
from clew.detection import actions as runs
from clew.detection.models import Clue, Evidence, Hit, Run
from clew.detection.overlap import Shared, overlap, seen, shared_clues
from tests.unit.conftest import Village

pytestmark = pytest.mark.django_db
MI01 = registry.detector("MI-01")


def copied(run: Run, detector: str, clue: Clue, *, rows: int, subject: str) -> None:
    """A clue of another detector in the same run, on the first rows of this one."""
    run.results = [*run.results, {"id": detector, "status": "ran"}]
    run.save()
    twin = Clue.objects.create(
        code=f"twin{detector.lower()}", detector=detector, subject_kind="person",
        subject_key=subject, fact_key=["x"], first_run=run, last_run=run,
    )  # fmt: skip
    hit = Hit.objects.create(run=run, clue=twin, severity="L", fund=1, account=0, digest="0" * 64)
    for e in Evidence.objects.filter(hit__clue=clue).order_by("id")[:rows]:
        Evidence.objects.create(
            hit=hit, role=e.role, row_id=e.row_id, dataset=e.dataset, batch=e.batch, file=e.file,
            row=e.row, key=e.key, values={},
        )  # fmt: skip


def test_nothing_is_shared_by_nobody(village: Village) -> None:
    assert overlap() == []
    assert shared_clues("MI-01", seen()) == 0


def test_subjects_and_rows_of_each_pair(village: Village, eve: str) -> None:
    runs.run(by=village.by, detectors=[MI01], overrides={})
    run = Run.objects.get()
    an, _ = sorted(Clue.objects.all(), key=lambda c: -c.hits.get().fund)
    own = Evidence.objects.filter(hit__run=run).values("row_id").distinct().count()
    copied(run, "MI-02", an, rows=2, subject=an.subject_key)
    copied(run, "MI-03", an, rows=0, subject="7")
    assert overlap() == [
        Shared("MI-01", "MI-01", 2, own), Shared("MI-01", "MI-02", 1, 2),
        Shared("MI-01", "MI-03", 0, 0), Shared("MI-02", "MI-02", 1, 2),
        Shared("MI-02", "MI-03", 0, 0), Shared("MI-03", "MI-03", 1, 0),
    ]  # fmt: skip
    found = seen()
    assert [shared_clues(d, found) for d in ("MI-01", "MI-02", "MI-03")] == [1, 1, 0]


def test_a_set_has_no_subject_to_share(village: Village) -> None:
    runs.run(by=village.by, detectors=[MI01], overrides={})
    Clue.objects.update(subject_kind="set", subject_key="")
    assert [p.subjects for p in overlap()] == [0]
