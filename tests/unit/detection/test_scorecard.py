"""A line a version: what it saw, how far it was right, and what is advised, never on too little."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.declare import registry
from clew.detection import actions as runs
from clew.detection import scorecard as cards
from clew.detection.models import Clue, Run
from clew.detection.precision import Share
from clew.detection.scorecard import (
    FALLING,
    KEEP,
    NOT_SHOWN,
    RETIRE,
    RISING,
    TITLES,
    TOO_FEW,
    TUNE,
    advice,
    trend,
)
from clew.detection.verdicts import actions
from tests.unit.conftest import Village

pytestmark = pytest.mark.django_db
MI01, MI05 = registry.detector("MI-01"), registry.detector("MI-05")


def detect(village: Village, **params: str) -> Run:
    answer = runs.run(by=village.by, detectors=[MI01], overrides={"MI-01": params})
    return Run.objects.get(code=answer.run)


@pytest.mark.parametrize(
    ("hits", "n", "expected"),
    [
        (0, 0, TOO_FEW), (9, 9, TOO_FEW), (0, 9, TOO_FEW), (10, 10, KEEP), (6, 10, TUNE),
        (70, 100, KEEP), (50, 100, TUNE), (0, 10, TUNE), (0, 16, RETIRE), (2, 100, RETIRE),
    ],
)  # fmt: skip
def test_advice(hits: int, n: int, expected: str) -> None:
    assert advice(Share(hits, n)) == expected
    assert expected in TITLES


@given(st.integers(0, 9), st.data())
def test_no_advice_on_fewer_than_ten(n: int, data: st.DataObject) -> None:
    assert advice(Share(data.draw(st.integers(0, n)), n)) == TOO_FEW


def test_the_rule_states_its_own_numbers() -> None:
    stated = cards.Bounds(least=7, keep_from=0.6, retire_below=0.1).stated()
    for text in (stated.zh, stated.en):
        assert "7" in text and "60%" in text and "10%" in text


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (Share(10, 100), Share(90, 100), RISING), (Share(90, 100), Share(10, 100), FALLING),
        (Share(5, 10), Share(6, 10), NOT_SHOWN), (Share(0, 9), Share(90, 100), TOO_FEW),
    ],
)  # fmt: skip
def test_a_trend_is_spoken_of_where_intervals_lie_apart(
    before: Share, now: Share, expected: str
) -> None:
    assert trend(before, now) == expected
    assert expected in TITLES


def test_a_line_of_one_version(village: Village, eve: str) -> None:
    run = detect(village)
    an, other = sorted(Clue.objects.all(), key=lambda c: -c.hits.get().fund)
    actions.confirm(by=village.by, clue=an.code, reason="属实")
    (line,) = cards.scorecard([MI01])
    assert (line.detector, line.version, line.clues) == ("MI-01", MI01.version, 2)
    assert (line.precision, line.coverage) == (Share(1, 1), Share(1, 2))
    assert (line.amount, line.confirmed) == (17000, 14000)
    assert line.excluded == {"REVERSED": 1, "LINK_BELOW_T1": 1}
    assert "SAME_STAY" in line.untested
    assert (line.last_run, line.overlap) == (run.code, Share(0, 2))
    actions.rebut(by=village.by, clue=other.code, code="LAWFUL", reason="查过")
    (line,) = cards.scorecard([MI01])
    assert (line.precision, line.causes) == (Share(1, 2), {"LAWFUL": 1})
    actions.reopen(by=village.by, clue=other.code, reason="再看")
    (line,) = cards.scorecard([MI01])
    assert (line.precision, line.causes) == (Share(1, 1), {})


def test_a_detector_that_has_not_run_has_no_line(village: Village) -> None:
    assert cards.scorecard([MI01, MI05]) == [] == cards.history([MI01, MI05])


def test_a_verdict_counts_for_every_version_that_sighted_the_clue(
    village: Village, eve: str
) -> None:
    first = detect(village)
    Run.objects.filter(pk=first.pk).update(versions={"MI-01": 0})
    second = detect(village, grace_days="30")
    an, other = sorted(Clue.objects.all(), key=lambda c: -c.hits.order_by("id")[0].fund)
    actions.confirm(by=village.by, clue=an.code, reason="属实")
    actions.rebut(by=village.by, clue=other.code, code="LAWFUL", reason="查过")
    old, new = cards.scorecard([MI01])
    assert (old.version, old.precision, old.last_run) == (0, Share(1, 2), first.code)
    assert (new.version, new.precision, new.last_run) == (MI01.version, Share(1, 1), second.code)
    assert old.overlap == Share(0, 0)


def test_history_goes_by_version_and_parameters(village: Village, eve: str) -> None:
    detect(village)
    detect(village, grace_days="30")
    detect(village)
    default, graced = cards.history([MI01])
    assert (default.runs, default.clues, default.trend) == (2, 2, "")
    assert (graced.runs, graced.clues, graced.trend) == (1, 1, TOO_FEW)
    assert (default.params["grace_days"], graced.params["grace_days"]) == ("0", "30")
