"""What marks a set of admissions as induced (MI-03), and what the marks weigh together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from clew.declare import Params
from clew.declare.detector import Cells

CLUSTER, MILD, CASH, RATE, COMPLAINT = (Fraction(n, 100) for n in (30, 25, 20, 15, 10))
PLACES, SCALE = Decimal("0.0001"), 10_000


@dataclass(frozen=True, slots=True)
class Marks:
    """Shares of persons, rounded to four places. `mild_most` counts unknown cases as mild; `z` and
    `complained` are None where unknown.
    """

    persons: int
    mild: Decimal
    mild_most: Decimal
    cash: Decimal
    contact: Decimal
    z: Decimal | None
    complained: bool
    score: Decimal

    def mostly_mild(self, p: Params) -> bool | None:
        if self.mild >= p.mild_share:
            return True
        return None if self.mild_most >= p.mild_share else False

    def signals(self, p: Params) -> dict[str, bool | None]:
        return {
            "is_ZERO_CASH": self.cash >= p.cash_share,
            "is_SAME_CONTACT": self.contact >= p.contact_share,
            "is_ELDERLY_RATE": None if self.z is None else self.z >= p.z,
            "is_COMPLAINT": self.complained,
        }

    def induced(self, p: Params) -> bool:
        seen = self.signals(p)
        return any(seen[f"is_{code}"] for code in ("ZERO_CASH", "SAME_CONTACT", "ELDERLY_RATE"))

    def met(self, p: Params) -> bool:
        """Whether no condition is known to fail."""
        mild = self.mostly_mild(p) is not False
        return self.persons >= p.n and mild and self.induced(p) and self.score >= p.score


def marks(rows: Sequence[Cells], p: Params) -> Marks:
    """Marks of admissions within one window; of each person the first admission counts."""
    first: dict[int, Cells] = {}
    for row in sorted(rows, key=lambda r: (r["adm_date"], r["mdtrt_id"])):
        first.setdefault(row["person"], row)
    cases = list(first.values())
    n = len(cases)
    mild = _share(sum(c["mild"] is True for c in cases), n)
    mild_most = _share(sum(c["mild"] is not False for c in cases), n)
    cash = _share(sum(c["cash"] == 0 for c in cases), n)
    contact = _share(max(_commonest(cases, "referrer"), _commonest(cases, "tel")), n)
    opened = min((c["adm_date"] for c in cases), default=date.min)
    z = next((c["z"] for c in cases if c["adm_date"] == opened and c["z"] is not None), None)
    exact_z = None if z is None else Decimal(str(z)).quantize(PLACES, ROUND_HALF_UP)
    heard = cases[0]["complaints"] or [] if cases else []
    complained = any(abs((day - opened).days) <= p.complaint_days for day in heard)
    of_rate = min(max(Fraction(exact_z or 0) * Fraction(p.z) ** -1, Fraction(0)), Fraction(1))
    score = (
        CLUSTER + MILD * Fraction(mild) + CASH * Fraction(max(cash, contact)) + RATE * of_rate
        + COMPLAINT * complained
    )  # fmt: skip
    return Marks(n, mild, mild_most, cash, contact, exact_z, complained, _rounded(score))


def _commonest(cases: Sequence[Cells], column: str) -> int:
    return max(Counter(c[column] for c in cases if c[column]).values(), default=0)


def _share(part: int, whole: int) -> Decimal:
    return _rounded(Fraction(part, max(whole, 1)))


def _rounded(value: Fraction) -> Decimal:
    """Half up to four places, of a value that is not negative."""
    n, d = value.numerator, value.denominator
    whole, _ = divmod(n * 2 * SCALE + d, d * 2)
    return Decimal(whole).scaleb(-4)
