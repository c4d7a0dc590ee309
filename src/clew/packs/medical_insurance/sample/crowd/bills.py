"""What was done, what it cost, who paid: the numbers behind settlements and fee lines."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np

from clew.packs.medical_insurance.sample import items
from clew.packs.medical_insurance.sample.crowd import visits as outside
from clew.packs.medical_insurance.sample.crowd import wards
from clew.packs.medical_insurance.sample.crowd.cells import DAY, Bools, Ints
from clew.packs.medical_insurance.sample.crowd.houses import LEVEL2, PHARMACY, Houses
from clew.packs.medical_insurance.sample.crowd.lives import Bindings
from clew.packs.medical_insurance.sample.crowd.population import Population
from clew.packs.medical_insurance.sample.crowd.visits import (
    CONTROL,
    COUNTER,
    EMERGENCY,
    REFILL,
    Visits,
)
from clew.packs.medical_insurance.sample.crowd.wards import Stays
from clew.packs.medical_insurance.sample.crowd.year import LAST

ITEMS = (*items.DRUGS, *items.ITEMS.values())
_PRICE = np.array([i.price for i in ITEMS])
_AT = {item.code: n for n, item in enumerate(ITEMS)}
_DAYS = np.array([items.DOSES[d.code].days for d in items.DRUGS])
CONSULT, CT, BLOOD = (_AT[i.code] for i in (items.CONSULT, items.CT, items.BLOOD))
BED, NURSING, INFUSION = (_AT[i.code] for i in (items.BED, items.NURSING, items.INFUSION))

ILLS = (*items.VISITS, *wards.ILLS)
MED_TYPES = ("11", "13", "14", "21", "24", "41", "52")
OUTPATIENT, URGENT, SPECIAL, WARD, URGENT_WARD, SHOP, LYING_IN = range(len(MED_TYPES))


def _options(treatments: list[list[int]]) -> Ints:
    """Two boxes to choose from for each illness."""
    return np.array([(t[0], t[-1]) for t in treatments])


_BOXES = _options([outside.treatment(n) for n in range(len(items.VISITS))])
_VIALS = _options(
    [
        [
            n
            for n, drug in enumerate(items.DRUGS)
            if ill.code[:3] in items.DOSES[drug.code].categories
            and items.DOSES[drug.code].days == 1
        ]
        for ill in wards.ILLS
    ]
)


@dataclass(frozen=True)
class Lines:
    """Fee lines: the bill, the item (a place in ITEMS), how many, the second, for how many days."""

    bill: Ints
    item: Ints
    count: Ints
    when: Ints
    days: Ints

    def only(self, which: Bools | Ints) -> Self:
        return type(self)(*(getattr(self, f.name)[which] for f in fields(self)))

    @property
    def amount(self) -> Ints:
        amount: Ints = _PRICE[self.item] * self.count
        return amount

    def joined(self, other: Lines) -> Lines:
        return Lines(
            *(np.concatenate([getattr(x, f.name) for x in (self, other)]) for f in fields(Lines))
        )


@dataclass(frozen=True)
class Bills:
    """One entry a visit or stay, visits first. Seconds from the city's first midnight, fen;
    `owner` is the person whose account pays `aid`, or -1; `detail` says whose lines are sent.
    """

    person: Ints
    place: Ints
    ill: Ints
    med_type: Ints
    begin: Ints
    end: Ints
    settled: Ints
    uploaded: Ints
    offline: Bools
    fund: Ints
    account: Ints
    cash: Ints
    aid: Ints
    owner: Ints
    detail: Bools

    def __len__(self) -> int:
        return len(self.person)


def bills(
    p: Population,
    houses: Houses,
    seen: Visits,
    lain: Stays,
    bound: Bindings,
    rng: np.random.Generator,
) -> tuple[Bills, Lines]:
    """All bills, and the lines of those under study."""
    visit, visit_lines = _visit_bills(p, houses, seen, bound, rng)
    stay, stay_lines = _stay_bills(p, houses, lain, rng)
    every = Bills(
        *(np.concatenate([getattr(b, f.name) for b in (visit, stay)]) for f in fields(Bills))
    )
    later = replace(stay_lines, bill=stay_lines.bill + len(visit))
    lines = visit_lines.joined(later)
    return every, lines.only(every.detail[lines.bill])


def _visit_bills(
    p: Population, houses: Houses, seen: Visits, bound: Bindings, rng: np.random.Generator
) -> tuple[Bills, Lines]:
    count = len(seen)
    begin = seen.day * DAY + _clock(houses, seen, rng)
    lines = _visit_lines(houses, seen, begin, rng)
    total = np.bincount(lines.bill, lines.amount, count).astype(np.int64)
    owner = np.full(len(p), -1)
    owner[bound.member] = np.where(bound.since < 0, bound.owner, -1)
    at_counter = houses.kind[seen.place] == PHARMACY
    aided = at_counter & (owner[seen.person] >= 0) & (rng.random(count) < 0.4)
    percent = rng.integers(45, 71, count)
    share = np.select(
        [aided, at_counter & (seen.kind == COUNTER), at_counter], [30, 0, 50], percent
    )
    fund = total * share // 100
    rest = total - fund
    lent = np.where(aided, rest, 0)
    own = np.where(aided, 0, rest)
    part = np.where(at_counter, 100, rng.integers(30, 91, count))
    account = np.where(p.employed[seen.person], own * part // 100, 0)
    settled = begin + rng.integers(300, 3000, count)
    uploaded, offline = _uploaded(settled, rng)
    kinds = [at_counter, seen.kind == EMERGENCY, seen.kind == REFILL]
    made = Bills(
        person=seen.person,
        place=seen.place,
        ill=seen.ill,
        med_type=np.select(kinds, [SHOP, URGENT, SPECIAL], OUTPATIENT),
        begin=begin,
        end=settled,
        settled=settled,
        uploaded=uploaded,
        offline=offline,
        fund=fund,
        account=account,
        cash=own - account,
        aid=lent,
        owner=np.where(aided, owner[seen.person], -1),
        detail=houses.detail[seen.place],
    )
    return made, lines


def _clock(houses: Houses, seen: Visits, rng: np.random.Generator) -> Ints:
    """Seconds after midnight: offices by day, counters into the evening, emergencies at night."""
    luck = rng.random(len(seen))
    at_counter = houses.kind[seen.place] == PHARMACY
    day = 27_000 + luck * 34_000
    evening = 28_800 + luck * 44_000
    night = 64_800 + luck * 21_000
    chosen = np.select([seen.kind == EMERGENCY, at_counter], [night, evening], day)
    return chosen.astype(np.int64)


def _uploaded(settled: Ints, rng: np.random.Generator) -> tuple[Ints, Bools]:
    """Hours later; where the line was down, days later and marked so."""
    offline = rng.random(len(settled)) < 0.003
    wait = rng.integers(60, 14_400, len(settled))
    return settled + wait + offline * rng.integers(1, 4, len(settled)) * DAY, offline


def _visit_lines(houses: Houses, seen: Visits, begin: Ints, rng: np.random.Generator) -> Lines:
    count = len(seen)
    kind = houses.kind[seen.place]
    fee = np.flatnonzero(kind != PHARMACY)
    drug = np.flatnonzero(seen.kind != CONTROL)
    box = _BOXES[seen.ill[drug], rng.integers(0, 2, len(drug))]
    # A refill is the same box every time.
    box = np.where(seen.kind[drug] == REFILL, _BOXES[seen.ill[drug], 0], box)
    willing = (seen.kind != REFILL) & (kind != PHARMACY)
    exam = np.flatnonzero(willing & (rng.random(count) < houses.examines[seen.place]))
    picture = (kind[exam] >= LEVEL2) & (rng.random(len(exam)) < 0.15)
    bill = np.concatenate([fee, drug, exam])
    item = np.concatenate([np.full(len(fee), CONSULT), box, np.where(picture, CT, BLOOD)])
    days = np.zeros(len(bill), dtype=np.int64)
    days[len(fee) : len(fee) + len(drug)] = _DAYS[box]
    order = np.argsort(bill, kind="stable")
    ones = np.ones(len(bill), dtype=np.int64)
    return Lines(bill, item, ones, begin[bill], days).only(order)


def _stay_bills(
    p: Population, houses: Houses, lain: Stays, rng: np.random.Generator
) -> tuple[Bills, Lines]:
    count = len(lain)
    lines = _stay_lines(lain, rng)
    total = np.bincount(lines.bill, lines.amount, count).astype(np.int64)
    fund = total * rng.integers(55, 76, count) // 100
    account = np.where(p.employed[lain.person], (total - fund) // 2, 0)
    end = lain.dis * DAY + 14 * 3600
    last = np.minimum(lain.settled, LAST)
    settled = last * DAY + 15 * 3600 + rng.integers(0, 3600, count)
    uploaded, offline = _uploaded(settled, rng)
    born = np.isin(lain.ill, (wards.BIRTH, wards.CAESAREAN))
    made = Bills(
        person=lain.person,
        place=lain.place,
        ill=lain.ill + len(items.VISITS),
        med_type=np.select([born, lain.emergency], [LYING_IN, URGENT_WARD], WARD),
        begin=lain.begin,
        end=end,
        settled=settled,
        uploaded=uploaded,
        offline=offline,
        fund=fund,
        account=account,
        cash=total - fund - account,
        aid=np.zeros(count, dtype=np.int64),
        owner=np.full(count, -1),
        detail=houses.wards[lain.place],
    )
    return made, lines


def _stay_lines(lain: Stays, rng: np.random.Generator) -> Lines:
    """Bed, nursing and a drug for every night, and every third day something more."""
    nights = lain.dis - lain.adm
    stay = np.repeat(np.arange(len(lain)), nights)
    first = np.repeat(np.cumsum(nights) - nights, nights)
    day = np.arange(len(stay)) - first
    when = (lain.adm[stay] + day) * DAY + 10 * 3600 + rng.integers(0, 3600, len(stay))
    vial = _VIALS[lain.ill[stay], rng.integers(0, 2, len(stay))]
    third = np.flatnonzero(day % 3 == 0)
    extra = np.array((CT, BLOOD, INFUSION))[rng.integers(0, 3, len(third))]
    ones = np.ones(len(stay), dtype=np.int64)
    made = Lines(
        bill=np.concatenate([stay, stay, stay, stay[third]]),
        item=np.concatenate([ones * BED, ones * NURSING, vial, extra]),
        count=np.concatenate([ones, ones, rng.integers(1, 4, len(stay)), ones[third]]),
        when=np.concatenate([when, when, when, when[third]]),
        days=np.concatenate([0 * ones, 0 * ones, ones, 0 * ones[third]]),
    )
    return made.only(
        np.argsort(made.bill * 64 + np.concatenate([day, day, day, day[third]]), kind="stable")
    )
