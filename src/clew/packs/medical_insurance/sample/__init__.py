"""The city: a seeded year of ordinary life, planted schemes and their innocent look-alikes.

No real person stands behind any row. The same seed and size write the same bytes. Ordinary life is
that of the crowd, at every size; up to `SMALL_CITY` visits all rows come in three deliveries of
small files, beyond that the crowd's come as Parquet in two.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from clew.declare import Sample
from clew.packs.medical_insurance.sample import crowd, deliveries, papers, schemes, truth
from clew.packs.medical_insurance.sample.city import LAST_DAY, City
from clew.packs.medical_insurance.sample.crowd.houses import Houses, furnish
from clew.packs.medical_insurance.sample.crowd.parts import Parts
from clew.packs.medical_insurance.sample.crowd.scope import SMALL_CITY, Scope, scope
from clew.packs.medical_insurance.sample.history import FIRST_RUN, history

REAL_VISITS = 270_000_000
Progress = Callable[[str, float], None]
Share = Callable[[float], None]


def sample(
    folder: Path, *, seed: int, visits: int = 20_000, progress: Progress | None = None
) -> Sample:
    """Writes three deliveries and truth.json into `folder`.

    `visits` are about those of ordinary life; `progress` hears a stage and its share done, 0 to 1.
    """
    tell = progress or (lambda stage, share: None)
    plan = scope(visits)
    city, houses = _founded(seed, plan)
    small = visits <= SMALL_CITY
    if small:
        _remember(city, plan, houses, seed, lambda share: tell("visits", share))
    schemes.plant(city)
    written = deliveries.write(
        Random(f"{seed}/dirt"), city.records, folder, lambda share: tell("files", share)
    )
    held = written.visits
    expected = dict(written.expected)
    if not small:
        parts = _send(folder, plan, houses, seed, lambda share: tell("visits", share))
        held += parts.visits
        expected |= parts.expected
    scale = max(round(REAL_VISITS / held), 1)
    path = folder / "truth.json"
    truth.write(path, seed=seed, today=LAST_DAY, scale=scale, expected=expected, cases=city.cases)
    past = history(seed, LAST_DAY)
    return Sample(written.folders, path, LAST_DAY, scale, past, FIRST_RUN)


def build(seed: int, visits: int, progress: Share) -> City:
    """A small city before its rows are soiled and written."""
    plan = scope(visits)
    city, houses = _founded(seed, plan)
    _remember(city, plan, houses, seed, progress)
    schemes.plant(city)
    return city


def _founded(seed: int, plan: Scope) -> tuple[City, Houses]:
    """The city with institutions enough for its people."""
    city = City(Random(f"{seed}/city"))
    houses = furnish(city, plan, seed)
    for place in city.places.level1[:4]:
        papers.register(city, "screening", place.code, name="白内障筛查")
    return city, houses


def _remember(city: City, plan: Scope, houses: Houses, seed: int, progress: Share) -> None:
    """The crowd's rows among those of the city."""
    for number, parts in enumerate(crowd.live(plan, houses, seed), 1):
        for part in parts:
            for cells in part.table.to_pylist():
                full = {column: text or "" for column, text in cells.items()}
                city.records.add(part.dataset, part.delivery, **full)
        progress(number / len(plan.chunks))


def _send(folder: Path, plan: Scope, houses: Houses, seed: int, progress: Share) -> Parts:
    """The crowd's rows as Parquet, town by town."""
    written = Parts(folder, seed, deliveries.part_name)
    for number, parts in enumerate(crowd.live(plan, houses, seed)):
        for part in parts:
            written.write(part, number)
        progress((number + 1) / len(plan.chunks))
    written.close()
    return written


__all__ = ["sample"]
