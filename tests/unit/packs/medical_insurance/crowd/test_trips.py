"""Nobody is abroad and in hospital at once."""

from __future__ import annotations

import numpy as np

from clew.packs.medical_insurance.sample.crowd.lives import Trips


def test_a_trip_falls_away_where_a_stay_touches_it() -> None:
    trips = Trips(np.array([2, 5, 7]), np.array([10, 10, 10]), np.array([20, 20, 20]))
    person = np.array([2, 5, 5, 9])
    first, last = np.array([20, 1, 21, 12]), np.array([25, 9, 30, 14])
    kept = trips.without(person, first, last)
    assert list(kept.person) == [5, 7]
    assert (list(kept.out), list(kept.back)) == ([10, 10], [20, 20])
    none = np.array([], dtype=np.int64)
    assert list(trips.without(none, none, none).person) == [2, 5, 7]
    assert len(Trips(none, none, none).without(person, first, last).person) == 0
