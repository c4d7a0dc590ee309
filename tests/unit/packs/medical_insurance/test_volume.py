"""Bounds on the rows of a delivery: the sample city stays within them, odd files do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from clew.datasets.ingest import alarms
from clew.packs.medical_insurance.datasets import DATASETS
from clew.packs.medical_insurance.sample import sample

BOUNDED = {d.name: d for d in DATASETS if d.volume}
POPULATION = 60_000
"""Of a small county; registers and deaths of it raise no alarm."""


def test_registers_of_persons_and_deaths_are_bounded() -> None:
    assert BOUNDED.keys() == {
        "death_health", "death_police", "death_civil", "police_person", "mi_person",
    }  # fmt: skip


@pytest.mark.parametrize("seed", [7, 2023])
def test_the_sample_city_raises_no_alarm(seed: int, tmp_path: Path) -> None:
    made = sample(tmp_path, seed=seed, visits=1_000)
    met = set()
    for file in sorted(f for folder in made.deliveries for f in folder.glob("*.csv")):
        for contract in BOUNDED.values():
            if contract.title.zh in file.name:
                met.add(contract.name)
                rows = file.read_bytes().count(b"\n") - 1
                assert alarms.volume(contract, rows, made.scale) is None, file.name
    assert met == BOUNDED.keys()


@pytest.mark.parametrize(
    ("name", "rows", "scale", "alarm"),
    [
        ("death_health", POPULATION * 7 // 12_000, 1, False),
        ("death_health", 29, 1, True),
        ("death_health", 30, 1, False),
        ("death_health", 200_000, 1, False),
        # Somebody sent the household register under the name of the cancellations.
        ("death_police", 200_001, 1, True),
        ("death_police", 200_001, 1_000, True),
        ("death_civil", 1, 1_000, False),
        ("police_person", POPULATION, 1, False),
        ("police_person", 506, 1, True),
        ("police_person", 49, 1_000, True),
        ("police_person", 50, 1_000, False),
        ("mi_person", 40_000_001, 1, True),
        ("mi_settlement", 1, 1, False),
    ],
)
def test_what_is_too_few_and_too_many(name: str, rows: int, scale: int, alarm: bool) -> None:
    contract = next(d for d in DATASETS if d.name == name)
    found = alarms.volume(contract, rows, scale)
    assert (found is not None) == alarm
    if found:
        low, high = contract.volume or (0, 0)
        assert found == {"what": "volume", "value": rows, "low": low // scale, "high": high}
        assert str(rows) in alarms.told(found).zh
