"""The sample city's past: another seed, other amounts, the same sum."""

from __future__ import annotations

from datetime import date

import pytest

from clew.packs.medical_insurance.sample.city import LAST_DAY
from clew.packs.medical_insurance.sample.history import FIRST, RECOVERED, STAGE_DAYS, history


@pytest.mark.parametrize("seed", [7, 2023, 2026])
def test_what_was_recovered_is_as_planted(seed: int) -> None:
    past = history(seed, LAST_DAY)
    assert sum(p.recovered - p.returned for p in past) == RECOVERED
    assert 80_000_000_00 <= RECOVERED <= 90_000_000_00
    assert all(p.due == p.recovered - p.returned + p.written_off for p in past if p.recovered)
    assert all(p.recovered > 0 for p in past if p.stage in ("closed", "recheck", "rectifying"))
    assert {"closed", "recheck", "handling", *STAGE_DAYS} == {p.stage for p in past}
    assert sum(bool(p.returned) for p in past) >= 1
    assert sum(bool(p.written_off) for p in past) >= 1
    assert sum(bool(p.wrong) for p in past) >= 1
    days = [p.opened for p in past]
    assert days == sorted(days)
    assert date(2023, 5, 1) < FIRST <= days[0]
    assert days[-1] < LAST_DAY


def test_seeds_differ_and_one_seed_does_not() -> None:
    assert history(7, LAST_DAY) == history(7, LAST_DAY)
    assert history(7, LAST_DAY) != history(2023, LAST_DAY)
