"""Numbers that no two persons of any chunk share, without looking at the other chunks.

Every chunk owns a share of the slots of each year of birth and sex. A slot is a day and a sequence
number; the sequences end below those of the cast of planted cases.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from clew.kernel.errors import ClewError
from clew.packs.medical_insurance.sample.city import LAST_DAY
from clew.packs.medical_insurance.sample.crowd.cells import Ints
from clew.packs.medical_insurance.sample.people import CAST_SEQUENCE, FORMER, enterprise_code

SEQUENCES = (CAST_SEQUENCE - 800) // 2
_STRIDE = 7919
_OLDEST = 1905
_EPOCH = date(1970, 1, 1)
_WEIGHTS = np.array((7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
_CHECKS = "10X98765432"
EMPLOYERS_OF_A_CHUNK = 400


def birth_slots(year: Ints, sex: Ints, share: tuple[int, int]) -> tuple[Ints, Ints]:
    """Day of birth (days from 1970) and sequence number of each person.

    `share` is this chunk's turn and the number of chunks whose numbers begin alike. Whoever finds
    no slot in a year is a year older.

    Raises:
        ClewError: more persons than the share has slots.
    """
    turn, turns = share
    newest = LAST_DAY.year
    while True:
        days = np.where(year == newest, (LAST_DAY - date(newest, 1, 1)).days + 1, 365)
        total = days * SEQUENCES
        own = total // turns
        rank = _rank(year * 2 + sex % 2)
        if not (over := rank >= own).any():
            break
        if year.min() <= _OLDEST:
            raise ClewError(
                "样本城市的人口超出可用的号码 (more people than numbers)",
                next_step="clew demo --visits 270000000",
            )
        year = year - over
    slot = ((turn * own + rank) * _STRIDE + year * 31 + sex * 977) % total
    first = np.array([(date(y, 1, 1) - _EPOCH).days for y in range(1900, newest + 1)])
    return first[year - 1900] + slot // SEQUENCES, 800 + sex % 2 + 2 * (slot % SEQUENCES)


def _rank(group: Ints) -> Ints:
    """How many members of its group stand before each one."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    sizes = np.diff(np.r_[starts, len(ordered)])
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order)) - np.repeat(starts, sizes)
    return rank


def citizen_numbers(div: str, born: Ints, sequence: Ints) -> list[str]:
    """18 characters each; `born` in days from 1970."""
    former, until = FORMER.get(div, (div, _EPOCH))
    old = born < (until - _EPOCH).days
    prefix = np.where(old & (former != div), int(former), int(div))
    day = born.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    y = years_of(born)
    m = month.astype(np.int64) % 12 + 1
    d = (day - month).astype(np.int64) + 1
    first17 = ((prefix * 10**4 + y) * 10**4 + m * 100 + d) * 1000 + sequence
    digits = first17[:, None] // 10 ** np.arange(16, -1, -1) % 10
    check = digits @ _WEIGHTS % 11
    return [f"{n}{_CHECKS[c]}" for n, c in zip(first17.tolist(), check.tolist(), strict=True)]


def years_of(born: Ints) -> Ints:
    return born.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def insured_numbers(indexes: Ints) -> list[str]:
    """14 digits; neighbours in the city are no neighbours in number."""
    return [f"3300{n:010d}" for n in (indexes * 6_180_339_887 % 10**10).tolist()]


def mobiles(indexes: Ints) -> list[str]:
    return [f"19{n:09d}" for n in (indexes * 618_033_989 % 10**9).tolist()]


def employer_codes(chunk: int, count: int) -> list[str]:
    return [enterprise_code(f"MA{chunk * EMPLOYERS_OF_A_CHUNK + n:06d}") for n in range(count)]
