"""Rows about persons, families and deaths, as their offices send them.

Every function answers a table of text cells and, for each row, the day on which it is sent.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from clew.packs.medical_insurance.sample.crowd.cells import (
    DAY,
    Bools,
    Ints,
    chosen,
    dates,
    moments,
    same,
    serial,
)
from clew.packs.medical_insurance.sample.crowd.lives import RELATIONS, Bindings, Trips
from clew.packs.medical_insurance.sample.crowd.population import (
    CHILD,
    GRANDFATHER,
    GRANDMOTHER,
    HUSBAND,
    WIFE,
    Population,
)
from clew.packs.medical_insurance.sample.crowd.year import LAST, NEVER
from clew.packs.medical_insurance.sample.people import DIVISIONS

Sent = tuple[pa.Table, Ints]
PAPERS_OF_A_CHUNK = 100_000
_CERTIFICATE, _FILING = 3304, 3305
_SUFFIX = {"33030": "区", "33032": "县", "33038": "市"}
_STREETS = ("中心路", "新街", "老街", "溪边路", "东门路", "山前路")
_CAUSES = ("I63.900", "I21.900", "J44.900", "C34.900")


def persons(p: Population, employer: pa.Array) -> Sent:
    """`employer` holds the code of each person's present employer, or nothing."""
    count = len(p)
    div = p.chunk.div
    place = DIVISIONS[div] + _SUFFIX[div[:5]]
    addresses = [
        f"浙江省温州市{place}{_STREETS[n % len(_STREETS)]}{n // len(_STREETS) + 1}号"
        for n in range(len(p.places))
    ]
    table = pa.table(
        {
            "psn_no": p.insured,
            "certno": p.numbers,
            "psn_name": p.names,
            "gend": chosen(["1", "2"], p.sex - 1),
            "brdy": dates(p.born),
            "hukou_div": same(div, count),
            "resd_div": same(div, count),
            "resd_village": chosen(p.villages, p.village),
            "addr": chosen(addresses, p.house),
            "emp_uscc": employer,
            "psn_type": chosen(["在职", "退休", "居民", "低保"], p.kind),
            "tel": p.phones,
        }
    )
    return table, np.where(p.born > 0, p.born + 20, 0)


def households(p: Population, rng: np.random.Generator) -> Sent:
    """The household register, with a former name here and there."""
    renamed = rng.random(len(p)) < 0.02
    former = np.where(renamed, rng.integers(0, len(p), len(p)), -1)
    table = pa.table(
        {
            "certno": p.numbers,
            "psn_name": p.names,
            "gend": chosen(["1", "2"], p.sex - 1),
            "former_name": chosen(p.names, former),
            "hukou_div": same(p.chunk.div, len(p)),
        }
    )
    return table, np.where(p.born > 0, p.born + 20, 0)


def families(p: Population) -> Sent:
    """What each child's parents and each wife's husband are to them."""
    found: list[tuple[Ints, Ints, int]] = []
    for role in range(CHILD, GRANDFATHER):
        found += [(*_pairs(p, role, parent), 1) for parent in (HUSBAND, WIFE)]
    found += [(*_pairs(p, HUSBAND, parent), 1) for parent in (GRANDFATHER, GRANDMOTHER)]
    found += [(*_pairs(p, WIFE, HUSBAND), 0), (*_pairs(p, GRANDMOTHER, GRANDFATHER), 0)]
    one = np.concatenate([a for a, _, _ in found])
    other = np.concatenate([b for _, b, _ in found])
    relation = np.concatenate([np.full(len(a), kind) for a, _, kind in found])
    table = pa.table(
        {
            "certno": chosen(p.numbers, one),
            "kin_certno": chosen(p.numbers, other),
            "relation": chosen(RELATIONS, relation),
            "source": same("户籍", len(one)),
        }
    )
    return table, np.maximum(np.where(p.born[one] > 0, p.born[one] + 20, 0), 0)


def _pairs(p: Population, role: int, other: int) -> tuple[Ints, Ints]:
    one, two = p.places[:, role], p.places[:, other]
    both = (one >= 0) & (two >= 0)
    return one[both], two[both]


def marriages(p: Population, died: Ints, rng: np.random.Generator) -> Sent:
    """Young couples that married in the year; those with a child married before."""
    man, woman = _pairs(p, HUSBAND, WIFE)
    childless = p.places[p.house[man], CHILD] < 0
    young = (p.age[man] < 38) & childless & (died[man] == NEVER) & (died[woman] == NEVER)
    wed = young & (rng.random(len(man)) < 0.25)
    day = rng.integers(0, LAST + 1, int(wed.sum()))
    table = pa.table(
        {
            "certno": chosen(p.numbers, man[wed]),
            "spouse_certno": chosen(p.numbers, woman[wed]),
            "reg_date": dates(day),
            "kind": same("marriage", len(day)),
        }
    )
    return table, day


def bindings(p: Population, bound: Bindings) -> Sent:
    table = pa.table(
        {
            "owner_certno": chosen(p.numbers, bound.owner),
            "member_certno": chosen(p.numbers, bound.member),
            "start_date": dates(bound.since),
            "relation": chosen(RELATIONS, bound.relation),
        }
    )
    return table, np.maximum(bound.since, 0)


def journeys(p: Population, abroad: Trips, rng: np.random.Generator) -> Sent:
    where = rng.integers(0, 4, len(abroad.person))
    table = pa.table(
        {
            "certno": chosen(p.numbers, abroad.person),
            "psn_name": chosen(p.names, abroad.person),
            "exit_date": dates(abroad.out),
            "entry_date": dates(abroad.back),
            "place": chosen(["泰国", "日本", "意大利", "韩国"], where),
        }
    )
    return table, abroad.back


def filings(p: Population, died: Ints, rng: np.random.Generator) -> Sent:
    """The chronically ill, registered for a year."""
    person = np.flatnonzero((p.age > 50) & (died == NEVER) & (rng.random(len(p)) < 0.12))
    first = rng.integers(0, LAST - 30, len(person))
    table = pa.table(
        {
            "filing_id": papers_numbers(p, _FILING, len(person)),
            "kind": same("chronic", len(person)),
            "certno": chosen(p.numbers, person),
            "start_date": dates(first),
            "end_date": dates(first + 365),
            "post_flag": same("0", len(person)),
        }
    )
    return table, first


def deaths(p: Population, died: Ints, rng: np.random.Generator) -> dict[str, Sent]:
    """What three departments write down, each of most deaths."""
    person = np.flatnonzero(died < NEVER)
    day, count = died[person], len(person)
    known = day + np.maximum(rng.integers(-2, 3, count), 0)
    certified, buried = rng.random(count) < 0.96, rng.random(count) < 0.9
    cancelled = known + rng.integers(4, 26, count)
    burned = known + rng.integers(1, 4, count)
    return {
        "death_health": _certificates(p, person[certified], day[certified], rng),
        "death_police": _cancellations(p, person, known, cancelled, cancelled <= LAST),
        "death_civil": _cremations(p, person, burned, buried & (burned <= LAST)),
    }


def _certificates(p: Population, person: Ints, day: Ints, rng: np.random.Generator) -> Sent:
    count = len(person)
    table = pa.table(
        {
            "cert_no": papers_numbers(p, _CERTIFICATE, count),
            "certno": chosen(p.numbers, person),
            "psn_name": chosen(p.names, person),
            "death_time": moments(day * DAY + rng.integers(0, 1440, count) * 60),
            "gend": chosen(["1", "2"], p.sex[person] - 1),
            "brdy": dates(p.born[person]),
            "place": chosen(["医院", "家中", "养老机构"], rng.integers(0, 3, count)),
            "cause_icd": chosen(_CAUSES, rng.integers(0, len(_CAUSES), count)),
        }
    )
    return table, day + 1


def _cancellations(p: Population, person: Ints, known: Ints, cancelled: Ints, told: Bools) -> Sent:
    table = pa.table(
        {
            "certno": chosen(p.numbers, person[told]),
            "psn_name": chosen(p.names, person[told]),
            "cancel_date": dates(cancelled[told]),
            "death_date": dates(known[told]),
            "reason": same("死亡", int(told.sum())),
        }
    )
    return table, cancelled[told]


def _cremations(p: Population, person: Ints, burned: Ints, told: Bools) -> Sent:
    table = pa.table(
        {
            "certno": chosen(p.numbers, person[told]),
            "psn_name": chosen(p.names, person[told]),
            "cremation_date": dates(burned[told]),
        }
    )
    return table, burned[told]


def papers_numbers(p: Population, prefix: int, count: int) -> pa.Array:
    return serial(prefix, p.chunk.number * PAPERS_OF_A_CHUNK + np.arange(count))
