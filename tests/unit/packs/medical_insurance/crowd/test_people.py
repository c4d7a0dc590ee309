"""The crowd's people: numbers nobody shares, families that hang together, years that end."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from clew.kernel.identifiers import citizen_id, mobile
from clew.packs.medical_insurance.sample.city import FIRST_DAY, LAST_DAY
from clew.packs.medical_insurance.sample.crowd import lives, numbers
from clew.packs.medical_insurance.sample.crowd.population import (
    CHILD,
    GRANDFATHER,
    HUSBAND,
    WIFE,
    Population,
    populate,
)
from clew.packs.medical_insurance.sample.crowd.scope import (
    SMALL_CITY,
    VISITS_A_YEAR,
    Chunk,
    scope,
)
from clew.packs.medical_insurance.sample.crowd.year import LAST, NEVER
from clew.packs.medical_insurance.sample.people import CAST_SEQUENCE, DIVISIONS

FULL = 270_000_000


def people(div: str = "330382", share: tuple[int, int] = (0, 1), number: int = 0) -> Population:
    return populate(Chunk(number, div, 0, share, 3_000), np.random.default_rng(number))


@pytest.fixture(scope="module")
def town() -> Population:
    return people()


@pytest.mark.parametrize("visits", [2_000, 20_000, 1_000_000, 30_000_000, FULL])
def test_scope_holds_the_visits_and_every_division(visits: int) -> None:
    plan = scope(visits)
    assert plan.persons == pytest.approx(visits / VISITS_A_YEAR, rel=0.01)
    assert {c.div for c in plan.chunks} == set(DIVISIONS)
    assert [c.number for c in plan.chunks] == list(range(len(plan.chunks)))
    assert max(c.persons for c in plan.chunks) <= 1.2 * max(20_000, plan.persons / 12)
    assert len({(c.div, c.town) for c in plan.chunks}) == len(plan.chunks)
    assert len(plan.ends) == (3 if visits <= SMALL_CITY else 2)


@pytest.mark.parametrize("seed", range(3))
def test_the_largest_city_has_numbers_for_all(seed: int) -> None:
    crowded = max(scope(FULL).chunks, key=lambda c: c.share[1])
    town = populate(crowded, np.random.default_rng(seed))
    assert len(set(town.numbers.to_pylist())) == len(town) > 19_000


def test_numbers_are_valid_and_below_those_of_the_cast(town: Population) -> None:
    texts = town.numbers.to_pylist()
    for n in range(0, len(town), 7):
        checked = citizen_id(texts[n], as_of=LAST_DAY)
        assert checked.ok and checked.normal == texts[n] and not checked.repaired
        assert 800 <= int(texts[n][14:17]) < CAST_SEQUENCE
        assert int(texts[n][16]) % 2 == town.sex[n] % 2
        born = FIRST_DAY + timedelta(int(town.born[n]))
        assert texts[n][6:14] == f"{born:%Y%m%d}"
        assert born.year == LAST_DAY.year - town.age[n]
    assert all(mobile(t).ok for t in town.phones.to_pylist()[:200])


def test_neighbours_with_the_same_prefix_share_no_number() -> None:
    towns = [
        people("330327", (0, 3), 0), people("330383", (1, 3), 1), people("330327", (2, 3), 2)
    ]  # fmt: skip
    texts = [t for town in towns for t in town.numbers.to_pylist()]
    assert len(set(texts)) == len(texts)
    assert {t[:6] for t in towns[1].numbers.to_pylist()} == {"330327", "330383"}
    insured = [t for town in towns for t in town.insured.to_pylist()]
    assert len(set(insured)) == len(insured)


def test_who_finds_no_slot_is_older() -> None:
    year, sex = np.full(60, 2000), np.ones(60, dtype=np.int64)
    born, sequence = numbers.birth_slots(year, sex, (0, 365 * numbers.SEQUENCES // 20))
    assert len(set(zip(born.tolist(), sequence.tolist(), strict=True))) == 60
    assert sorted(set(numbers.years_of(born).tolist())) == [1998, 1999, 2000]


def test_families(town: Population) -> None:
    mothers = children = 0
    surname = [n[0] for n in town.names.to_pylist()]
    for house in town.places:
        man, woman = house[HUSBAND], house[WIFE]
        for child in house[CHILD:GRANDFATHER]:
            if child >= 0 and woman >= 0:
                assert 18 <= town.age[woman] - town.age[child] <= 46
                mothers += 1
            if child >= 0 and man >= 0:
                assert surname[child] == surname[man]
                children += 1
        if house[GRANDFATHER] >= 0 and man >= 0:
            assert town.age[house[GRANDFATHER]] - town.age[man] >= 20
    assert mothers > 300 and children > 300
    assert (town.sex[town.role == WIFE] == 2).all() and (town.sex[town.role == HUSBAND] == 1).all()


def test_old_and_young_are_there(town: Population) -> None:
    shares = [float(((town.age >= a) & (town.age < b)).mean()) for a, b in ((0, 18), (18, 60))]
    assert 0.1 < shares[0] < 0.3 and 0.45 < shares[1] < 0.7
    assert len(set(town.village.tolist())) == len(town.villages) >= 3
    parents = town.phones.to_pylist()
    young = np.flatnonzero((town.age < 12) & (town.places[town.house, WIFE] >= 0))
    assert all(parents[n] == parents[town.places[town.house[n], WIFE]] for n in young)


def test_births_have_mothers_and_deaths_take_the_old(town: Population) -> None:
    rng = np.random.default_rng(5)
    born = lives.births(town, rng)
    assert len(born.child) > 3
    for child, mother, day in zip(born.child, born.mother, born.day, strict=True):
        assert town.role[mother] == WIFE and town.house[mother] == town.house[child]
        assert 0 < day <= LAST and day == town.born[child]
    died = lives.deaths(town, born, rng)
    dead = died < NEVER
    assert 10 < dead.sum() < 80
    assert town.age[dead].mean() > town.age.mean() + 15
    assert not dead[born.mother].any()
    assert died[dead].max() <= LAST


def test_accounts_are_lent_within_the_house(town: Population) -> None:
    rng = np.random.default_rng(6)
    died = lives.deaths(town, lives.births(town, rng), rng)
    bound = lives.bindings(town, died, rng)
    assert (town.house[bound.owner] == town.house[bound.member]).all()
    assert (bound.owner != bound.member).all()
    assert len(set(bound.member.tolist())) == len(bound.member) > 100
    assert set(bound.relation.tolist()) == {0, 1, 2}
    elders = bound.relation == 1
    assert (town.age[bound.member[elders]] > town.age[bound.owner[elders]]).all()
    assert (died[bound.owner] == NEVER).all()


def test_the_year_is_the_citys() -> None:
    assert FIRST_DAY + timedelta(LAST) == LAST_DAY == date(2023, 10, 31)
