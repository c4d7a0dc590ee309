"""What still stands out once the excused spending is taken out, and what it costs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from math import isqrt

from clew.declare import Fact, Params
from clew.declare.detector import Cells
from clew.declare.expressions import RATIO_SCALE
from clew.packs.medical_insurance.derived.peers import MIN_PEERS, Z_LIMIT
from clew.packs.medical_insurance.detectors.key_items.excuses import FLAGS

PER_MILLION = 1_000_000
FEN = 100
QUARTERS = 4
INNER = ("q", "peer_sum", "peer_squares", "total", "old", "spent")
"""Columns in which the judgement is made and that a reader need not see."""


def judged(rows: list[Cells], p: Params) -> list[Cells]:
    """Adds to each row whether its fact `stands` without the excused rows, `z` and `growth`, and
    puts the spending above the peers' mean share on the first row that no exclusion takes out.
    """

    def key(row: Cells) -> tuple[str, str, int]:
        return row["subject"], row["item"], row["q"]

    def order(row: Cells) -> tuple[object, ...]:
        return *key(row), row["row_id"] or 0

    found: list[Cells] = []
    for _, group in groupby(sorted(rows, key=order), key):
        found += _judged(list(group), p)
    return found


def _judged(rows: list[Cells], p: Params) -> list[Cells]:
    kept = [row for row in rows if not any(row[flag] for flag in FLAGS)]
    known = rows[0]
    spent = sum(row["spent"] for row in kept)
    share = _half_up(Fraction(spent * PER_MILLION, known["total"])) if known["total"] > 0 else 0
    z = _z(share, known["peers"], known["peer_sum"], known["peer_squares"])
    growth = _growth(spent, known["old"])
    by_share = z is not None and z >= float(p.z)
    increase = spent - known["old"]
    by_growth = growth is not None and growth >= p.growth and increase > p.growth_amount * FEN
    year, quarter = divmod(known["q"] - 1, QUARTERS)
    facts = {
        "quarter": f"{year}Q{quarter + 1}",
        "stands": by_share or by_growth,
        "share": share,
        "z": z,
        "growth": None if growth is None else str(growth),
        "account": 0,
    }
    excess = _above_peers(spent, known)
    first = next((row["row_id"] for row in kept if row["row_id"]), None)
    return [
        {name: value for name, value in row.items() if name not in INNER}
        | facts
        | {"fund": excess if row["row_id"] == first else 0}
        for row in rows
        # Lines that a reversal alone left behind lower the sum and show nothing.
        if row["row_id"]
    ]


def still_stands(fact: Fact, p: Params) -> bool:
    """Whether what no exclusion took out stands out by share or growth."""
    return all(row.stands for row in fact.rows)


def _z(x: int, n: int, s: int, q: int) -> float | None:
    if n < MIN_PEERS:
        return None
    distance, spread = n * x - s, n * q - s * s
    if spread > 0:
        # 20,000 times the z, rounded down; half of it, rounded half up, has its four places.
        twice = isqrt(divmod((2 * RATIO_SCALE * distance) ** 2, spread)[0])
        size = float(Decimal(divmod(twice + 1, 2)[0]).scaleb(-4))
        return size if distance >= 0 else -size
    return 0.0 if distance == 0 else Z_LIMIT if distance > 0 else -Z_LIMIT


def _growth(spent: int, old: int) -> Decimal | None:
    """Increase by last year's spending; None where nothing was spent then."""
    if old <= 0:
        return None
    scaled = _half_up(Fraction((spent - old) * RATIO_SCALE, old))
    return Decimal(scaled).scaleb(-4)


def _above_peers(spent: int, known: Cells) -> int:
    """Spending above what the peers' mean share of the subject's total would be, in fen."""
    if not known["peers"]:
        return 0
    mean = Fraction(known["peer_sum"], known["peers"] * PER_MILLION)
    return max(_half_up(spent - mean * known["total"]), 0)


def _half_up(value: Fraction) -> int:
    """The nearest whole number, half away from zero."""
    sign = -1 if value < 0 else 1
    return sign * int(abs(value) + Fraction(1, 2))
