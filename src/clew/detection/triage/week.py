"""What to verify with n officers this week: the most money that may come back for the hours.

    expected value  fund at stake × probability of being confirmed
    probability     the detector version's lower bound, or the stated prior (confidence.py)
    effort          hours by severity for each clue, and once for the group
    capacity        officers × days × hours a day

Groups are taken by expected value an hour while they fit; of one that does not fit, its best clues
by the same measure. Greedy is near the optimum here, since each item is small beside the whole,
and anybody can follow it. Ties: more fund first, then the id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from clew.declare import Params, T
from clew.detection.models import Hit
from clew.detection.triage.confidence import WHOLE
from clew.detection.triage.groups import Group, groups
from clew.detection.triage.params import hours, values
from clew.kernel.errors import InputError
from clew.kernel.money import yuan_text

WHOLE_GROUP, PART, NO_TIME, NOTHING = "whole", "part", "no_time", "nothing_at_stake"


@dataclass(frozen=True, slots=True)
class Item:
    """A group as this week sees it: `hits` are those to verify, or left over. Money in fen,
    `expected` rounded down once; `rank` counts from 1 in order of worth.
    """

    group: Group
    hits: tuple[Hit, ...]
    fund: int
    expected: int
    hours: Decimal
    rank: int
    outcome: str

    @property
    def an_hour(self) -> int:
        """Expected fen an hour."""
        return int(Fraction(self.expected) / Fraction(self.hours)) if self.hours else 0


@dataclass(frozen=True, slots=True)
class Week:
    """Both lists stand in order of worth; hours are officer hours."""

    officers: int
    days: int
    params: Params
    capacity: Decimal
    chosen: tuple[Item, ...]
    left: tuple[Item, ...]

    @property
    def used(self) -> Decimal:
        return sum((item.hours for item in self.chosen), Decimal(0))


def week(
    *,
    officers: int,
    days: int = 5,
    overrides: Mapping[str, str] = MappingProxyType({}),
    hits: Sequence[Hit] | None = None,
) -> Week:
    """Chooses among the open clues of every group, or of those of these sightings.

    Raises:
        InputError: no officer or day, or a parameter that is none.
    """
    if officers < 1 or days < 1:
        raise InputError(
            "人数和天数至少为 1 (at least one officer and one day)",
            next_step="clew triage --officers 4 --days 5",
        )
    p = values(overrides)
    capacity = officers * days * Decimal(p.hours_day)
    chosen, left = choose(groups(p, hits=hits), p, capacity)
    return Week(officers, days, p, capacity, tuple(chosen), tuple(left))


def choose(found: Sequence[Group], p: Params, capacity: Decimal) -> tuple[list[Item], list[Item]]:
    """What is taken, and what is left with the reason."""
    open_ = [(g, g.open) for g in found if g.open]
    ranked = sorted(open_, key=lambda pair: _order(pair[0], pair[1], p))
    chosen: list[Item] = []
    left: list[Item] = []
    remaining = capacity
    for rank, (group, hits) in enumerate(ranked, 1):
        taken = _fitting(group, hits, p, remaining)
        rest = tuple(h for h in hits if h not in taken)
        worth = any(_expected(group, hit, p) for hit in rest)
        if taken:
            chosen.append(_item(group, taken, p, rank, PART if worth else WHOLE_GROUP))
            remaining -= chosen[-1].hours
        if rest:
            left.append(_item(group, rest, p, rank, NO_TIME if worth else NOTHING))
    return chosen, left


def reason(item: Item, p: Params) -> T:
    """Why it was chosen or left, with the figures that decided."""
    an_hour, fund = yuan_text(item.an_hour), yuan_text(item.fund)
    shares = sorted({item.group.confidence[h.pk].precision for h in item.hits})
    low, high = (f"{share / 100:.0f}" for share in (shares[0], shares[-1]))
    span = f"{low} %" if low == high else f"{low}-{high} %"
    chance = T(
        f"每小时 {an_hour} 元 = 基金 {fund} 元 × 属实概率 {span} ÷ {item.hours} 小时",
        f"{an_hour} yuan an hour = fund {fund} yuan x chance {span} / {item.hours} h",
    )
    ends = {
        WHOLE_GROUP: T("整组", "whole group"),
        PART: T("余时只够其中价值最高的几条", "only its best clues fit the hours left"),
        NO_TIME: T("时间不够", "no hours left"),
        NOTHING: T("无基金金额", "no fund at stake"),
    }
    end = ends[item.outcome]
    return T(f"{chance.zh}; {end.zh}", f"{chance.en}; {end.en}")


def _fitting(group: Group, hits: Sequence[Hit], p: Params, remaining: Decimal) -> tuple[Hit, ...]:
    """All clues with money at stake if they fit, else the best ones."""
    budget = remaining - Decimal(p.hours_group)
    best = sorted(hits, key=lambda h: (-_rate(group, h, p), -_stake(h, p), h.clue.code))
    taken = []
    for hit in best:
        cost = hours(p, hit.severity)
        if _expected(group, hit, p) and cost <= budget:
            taken.append(hit)
            budget -= cost
    return tuple(sorted(taken, key=lambda h: h.clue.code))


def _item(group: Group, hits: Sequence[Hit], p: Params, rank: int, outcome: str) -> Item:
    expected = sum(_expected(group, hit, p) for hit in hits)
    return Item(
        group, tuple(hits), sum(_stake(h, p) for h in hits), int(expected),
        _effort(hits, p), rank, outcome,
    )  # fmt: skip


def _order(group: Group, hits: Sequence[Hit], p: Params) -> tuple[Fraction, int, str]:
    expected = sum((_expected(group, hit, p) for hit in hits), Fraction(0))
    return -expected / Fraction(_effort(hits, p)), -sum(_stake(h, p) for h in hits), group.id


def _effort(hits: Sequence[Hit], p: Params) -> Decimal:
    return sum((hours(p, h.severity) for h in hits), Decimal(p.hours_group))


def _rate(group: Group, hit: Hit, p: Params) -> Fraction:
    return _expected(group, hit, p) / Fraction(hours(p, hit.severity))


def _expected(group: Group, hit: Hit, p: Params) -> Fraction:
    """Fen, unrounded."""
    return Fraction(_stake(hit, p) * group.confidence[hit.pk].precision, WHOLE)


def _stake(hit: Hit, p: Params) -> int:
    """Fen; personal-account money by the share that counts, rounded down."""
    return max(0, hit.fund + int(hit.account * Decimal(p.account_share)))
