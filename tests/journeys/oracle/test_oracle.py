"""What the detectors see of the whole city, planted or not, is what a slow reading of every row
finds: no clue more, none less, and of the same amount.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from clew.declare import registry
from clew.detection import facts_file, queries
from clew.detection.inputs import Inputs
from clew.detection.models import Hit, Run
from clew.kernel.workspace import Workspace
from tests.journeys.conftest import SEEDS, City
from tests.journeys.oracle import (
    death_card,
    drug_resale,
    elsewhere_during_stay,
    inflated_base,
    overlapping_stays,
    rows,
    split_admission,
)
from tests.journeys.oracle.rows import CLUE, Fact, Judged, Params, Rows

PACK = registry.pack("medical_insurance")
Expected = Callable[[Rows, Params], dict[Fact, Judged]]
ORACLES: dict[str, Expected] = {
    "MI-01": death_card.expected,
    "MI-05": overlapping_stays.expected,
    "MI-06": split_admission.expected,
    "MI-10": inflated_base.expected,
    "MI-12": drug_resale.expected,
    "MI-27": elsewhere_during_stay.expected,
}
WITH_MONEY = ("MI-01", "MI-05", "MI-06", "MI-10", "MI-27")
LATER_SEEDS = (*SEEDS[1:], 2026) if os.environ.get("CLEW_SOAK") == "1" else ()
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.parametrize(
        "city",
        [SEEDS[0], *(pytest.param(seed, marks=pytest.mark.soak) for seed in LATER_SEEDS)],
        indirect=True,
        ids=lambda seed: f"seed{seed}",
        scope="module",
    ),
]
each_detector = pytest.mark.parametrize("detector", ORACLES)

EXCUSING = {
    "MI-01": ("tax_wage", "mi_border", "civil_marriage", "court_death"),
    "MI-05": ("mi_institution",),
    "MI-06": ("mi_filing", "mi_operation"),
    "MI-10": ("org_registry",),
    "MI-12": ("mi_filing", "mi_resident"),
    "MI-27": ("mi_leave",),
}
"""Datasets that hold excuses alone: without them the oracle must find more than the detector."""


class Seen:
    """One city's run and its rows, read once."""

    def __init__(self, city: City) -> None:
        self.run = Run.objects.get(code=city.answer.run)
        given = Inputs.from_json(self.run.inputs, self.run.held, self.run.as_of)
        self.rows = rows.read(given, PACK.datasets)
        self._judged: dict[str, dict[Fact, Judged]] = {}

    def hits(self, detector: str) -> dict[Fact, Hit]:
        return {
            (h.clue.rule, h.clue.subject_key, *h.clue.fact_key): h
            for h in queries.current_hits(detector)
        }

    def judge(self, detector: str, given: Rows) -> dict[Fact, Judged]:
        params = registry.detector(detector).values()
        return ORACLES[detector](given, {**params, "as_of": self.run.as_of})

    def judged(self, detector: str) -> dict[Fact, Judged]:
        if detector not in self._judged:
            self._judged[detector] = self.judge(detector, self.rows)
        return self._judged[detector]


@pytest.fixture(scope="module")
def seen(city: City) -> Seen:
    return Seen(city)


def clues(judged: dict[Fact, Judged]) -> set[Fact]:
    return {fact for fact, j in judged.items() if j.outcome == CLUE}


def differences(hits: set[Fact], found: set[Fact]) -> tuple[set[Fact], set[Fact]]:
    """False positives and misses of the detector."""
    return hits - found, found - hits


@each_detector
def test_clues_are_those_the_oracle_finds(seen: Seen, detector: str) -> None:
    found = clues(seen.judged(detector))
    assert found
    assert differences(set(seen.hits(detector)), found) == (set(), set())


@pytest.mark.parametrize("detector", WITH_MONEY)
def test_amounts_are_those_the_oracle_adds_up(seen: Seen, detector: str) -> None:
    """The whole sum of a claim of an employer whom MI-11 calls fictitious is not added up here."""
    shells = {h.clue.subject_key for h in queries.current_hits("MI-11")}
    told = {
        fact: (hit.fund, hit.account)
        for fact, hit in seen.hits(detector).items() if fact[1] not in shells
    }  # fmt: skip
    judged = seen.judged(detector)
    summed = {f: (judged[f].fund, judged[f].account) for f in clues(judged) if f[1] not in shells}
    assert told
    assert told == summed


@pytest.mark.parametrize("detector", [d for d in ORACLES if d != "MI-12"])
def test_facts_are_excused_by_the_same_code(seen: Seen, detector: str) -> None:
    """Where both know a fact; which failed facts are candidates at all is the detector's own."""
    told = {
        (f["rule"], str(f["subject"]), *map(str, f["key"])): f["excluded_by"]
        for f in facts_file.read(Workspace.current(), seen.run.facts_file)
        if f["detector"] == detector and f["excluded_by"]
    }
    excused = {f: j.outcome for f, j in seen.judged(detector).items() if j.outcome != CLUE}
    both = told.keys() & excused.keys()
    assert len({told[f] for f in both}) >= 3
    assert {f: told[f] for f in both} == {f: excused[f] for f in both}


@each_detector
def test_a_clue_whose_rows_are_gone_is_noticed(seen: Seen, detector: str) -> None:
    """The comparison can fail: without the rows of one clue the oracle misses just that one."""
    hits = seen.hits(detector)
    for fact, hit in sorted(hits.items())[:3]:
        left = without(seen.rows, hit)
        false, missed = differences(set(hits), clues(seen.judge(detector, left)))
        assert fact in false
        assert not missed


@each_detector
def test_a_look_alike_without_its_excuse_is_noticed(seen: Seen, detector: str) -> None:
    left = {n: [] if n in EXCUSING[detector] else r for n, r in seen.rows.items()}
    _, missed = differences(set(seen.hits(detector)), clues(seen.judge(detector, left)))
    assert missed


@pytest.mark.parametrize(
    ("detector", "dataset", "column", "later"),
    [
        ("MI-01", "death_health", "death_time", date(2030, 1, 1)),
        ("MI-05", "mi_inpatient", "dscg_time", date(2020, 1, 1)),
    ],
)
def test_shifted_rows_are_noticed(
    seen: Seen, detector: str, dataset: str, column: str, later: date
) -> None:
    shifted = [r | {column: type(r[column])(later.year, 1, 1)} for r in seen.rows[dataset]]
    found = clues(seen.judge(detector, seen.rows | {dataset: shifted}))
    assert any(differences(set(seen.hits(detector)), found))


def without(given: Rows, hit: Hit) -> Rows:
    """The rows less the evidence of a hit and all that belongs to the same visits."""
    ids = set(hit.evidence.values_list("row_id", flat=True))
    gone = [r for rs in given.values() for r in rs if r["row_id"] in ids]
    visits = {r[c] for r in gone for c in ("mdtrt_id", "setl_id") if r.get(c)}

    def stays(row: dict[str, Any]) -> bool:
        named = {row.get("mdtrt_id"), row.get("setl_id")}
        return row["row_id"] not in ids and not named & visits

    return {name: [r for r in rs if stays(r)] for name, rs in given.items()}
