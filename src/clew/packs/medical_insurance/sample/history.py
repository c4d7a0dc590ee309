"""What the city had already settled: matters of the months before, and how far each had come.

The sample holds one visit in many, so a matter's clues show a part; officers decide on what they
found on the spot, over years and at full size. These are those decisions: 8,240 万元 recovered in
all, whatever the seed, spread unevenly as such sums are.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from clew.declare import Past

RECOVERED = 82_400_000_00
"""Fen recovered over all past matters, net of what was returned."""
FIRST = date(2023, 5, 10)
FIRST_RUN = (
    "MI-02", "MI-05", "MI-06", "MI-09", "MI-10", "MI-11", "MI-12", "MI-20", "MI-21", "MI-22",
    "MI-24", "MI-25", "MI-26", "MI-27",
)  # fmt: skip
"""The detectors that the city began with."""
RECOVERING = ("recheck",) * 44 + ("closed",) * 8 + ("rectifying",) * 6 + ("handling",) * 4
GOING = (
    ("found", 4), ("screened", 4), ("assigned", 3), ("verifying", 6), ("decided", 3),
    ("suspended", 1), ("returned", 1), ("waiting", 1), ("rebutted", 3), ("merged", 1),
    ("overdue", 2), ("soon", 1),
)  # fmt: skip
STAGE_DAYS = {
    "rectifying": 66, "handling": 50,
    "found": 3, "screened": 6, "assigned": 1, "verifying": 20, "decided": 40, "suspended": 25,
    "returned": 2, "waiting": 20, "rebutted": 30, "merged": 12, "overdue": 48, "soon": 12,
}  # fmt: skip
"""Days before the sample's today on which matters that are still in hand were opened."""
WRITE_OFFS, RETURNS, REVERSALS = 3, 2, 1


def history(seed: int, today: date) -> tuple[Past, ...]:
    """Past matters by the day on which they were opened."""
    rng = Random(f"{seed}/history")
    shares = [rng.lognormvariate(0, 1.1) for _ in RECOVERING]
    whole = sum(shares)
    fen = [int(RECOVERED * share / whole) // 100 * 100 for share in shares]
    fen[0] += RECOVERED - sum(fen)
    last = (today - timedelta(days=95) - FIRST).days
    found = []
    for number, (stage, amount) in enumerate(zip(RECOVERING, fen, strict=True)):
        off = 40_000_00 if number < WRITE_OFFS else 0
        back = 15_000_00 if WRITE_OFFS <= number < WRITE_OFFS + RETURNS else 0
        wrong = 8_888_00 if number == WRITE_OFFS + RETURNS else 0
        opened = FIRST + timedelta(days=rng.randrange(last))
        if stage in STAGE_DAYS:
            opened = today - timedelta(days=STAGE_DAYS[stage] + rng.randrange(4))
        found.append(Past(opened, stage, amount + off, amount + back, back, off, wrong))
    for stage, count in GOING:
        for _ in range(count):
            opened = today - timedelta(days=STAGE_DAYS[stage] + rng.randrange(2))
            due = rng.randrange(5, 60) * 10_000_00
            found.append(Past(opened, stage, due, 0, 0, 0, 0))
    return tuple(sorted(found, key=lambda p: (p.opened, p.stage, p.due)))
