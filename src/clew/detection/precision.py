"""How often a detector was right, said with how many were looked at and how sure that makes us.

    precision = confirmed / verified,  verified = confirmed + rebutted

The interval is Wilson's (1927) at 95 %, without continuity correction; with p = confirmed / n:

    centre    (p + z²/2n) / (1 + z²/n)
    half      z · √(p(1-p)/n + z²/4n²) / (1 + z²/n)

It stays inside [0, 1] and is honest where n is small. Nothing shows a share without its n.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Any

from clew.detection.models import Clue

Z = 1.959963984540054
"""The normal quantile that leaves 2.5 % on each side."""


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n`, as precision or recall. Values are rounded to 4 places; None where n is 0."""

    hits: int
    n: int

    @property
    def value(self) -> float | None:
        return round(self.hits / self.n, 4) if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Lower and upper bound at 95 %."""
        if not self.n:
            return None
        low, high = self._bounds()
        return round(low, 4), round(high, 4)

    def _bounds(self) -> tuple[float, float]:
        p, spread = self.hits / self.n, Z * Z / self.n
        centre = (p + spread / 2) / (1 + spread)
        half = Z * sqrt(p * (1 - p) / self.n + spread / (4 * self.n)) / (1 + spread)
        low = 0.0 if self.hits == 0 else centre - half
        high = 1.0 if self.hits == self.n else centre + half
        return low, high

    def __add__(self, other: Share) -> Share:
        return Share(self.hits + other.hits, self.n + other.n)

    def __str__(self) -> str:
        """As in "80.0 % (8/10, 95 % 49.0-94.3)"; "n=0" where nothing was looked at."""
        if not self.n:
            return "n=0"
        low, high = (100 * bound for bound in self._bounds())
        value = 100 * self.hits / self.n
        return f"{value:.1f} % ({self.hits}/{self.n}, 95 % {low:.1f}-{high:.1f})"

    def as_json(self) -> dict[str, Any]:
        low, high = self.interval or (None, None)
        return {"value": self.value, "hits": self.hits, "n": self.n, "low": low, "high": high}


def precision(statuses: Iterable[str]) -> Share:
    """Confirmed among verified, of clues with these statuses."""
    counted = Counter(statuses)
    confirmed = counted[Clue.CONFIRMED]
    return Share(confirmed, confirmed + counted[Clue.REBUTTED])


def apart(one: Share, other: Share) -> bool:
    """Whether the intervals do not meet, so that a difference may be spoken of."""
    if one.interval is None or other.interval is None:
        return False
    return one.interval[1] < other.interval[0] or other.interval[1] < one.interval[0]
