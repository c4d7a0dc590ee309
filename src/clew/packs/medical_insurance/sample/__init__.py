"""The small city: a seeded year of ordinary life, planted schemes and their innocent look-alikes.

No real person stands behind any row. The same seed and size write the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from clew.declare import Sample
from clew.packs.medical_insurance.sample import deliveries, papers, schemes, truth
from clew.packs.medical_insurance.sample.city import LAST_DAY, City
from clew.packs.medical_insurance.sample.life import Life

REAL_VISITS = 270_000_000
Progress = Callable[[str, float], None]


def sample(
    folder: Path, *, seed: int, visits: int = 20_000, progress: Progress | None = None
) -> Sample:
    """Writes three deliveries and truth.json into `folder`.

    `visits` are those of background life; `progress` hears a stage and its share done, 0 to 1.
    """
    tell = progress or (lambda stage, share: None)
    city = build(seed, visits, lambda share: tell("visits", share))
    written = deliveries.write(
        Random(f"{seed}/dirt"), city.records, folder, lambda share: tell("files", share)
    )
    scale = round(REAL_VISITS / written.visits)
    path = folder / "truth.json"
    truth.write(
        path, seed=seed, today=LAST_DAY, scale=scale, expected=written.expected, cases=city.cases
    )
    return Sample(written.folders, path, LAST_DAY, scale)


def build(seed: int, visits: int, progress: Callable[[float], None]) -> City:
    """The city before its rows are soiled and written."""
    city = City(Random(f"{seed}/city"))
    life = Life(city, visits)
    life.live(progress)
    papers.everyday(city, life.people)
    schemes.plant(city)
    return city


__all__ = ["sample"]
