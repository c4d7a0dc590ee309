"""What was planted, and what each file holds: the answer that a run is compared with."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from clew.declare import Planted

BASE = "BASE"

STORIES = {
    "pharmacy_of_the_dead": {
        "zh": (
            "一家药店半年里给五位已经去世的人刷了医保卡。卫健、公安、民政三家各记一笔死亡，"
            "医保只看见正常购药；放在一起，五张卡都指向同一个柜台。"
        ),
        "en": (
            "Within half a year one pharmacy charged the cards of five people who had died. "
            "Health, police and civil affairs each wrote down a death, the fund saw ordinary "
            "purchases; side by side, all five cards lead to the same counter."
        ),
    }
}


@dataclass(frozen=True, slots=True)
class Case:
    """One planted case.

    `excluded_by` is empty for a scheme. A look-alike names the exclusion that excuses it, or the
    condition of the detector that it fails, or BASE where it is not even looked at. `severity` is
    that of a scheme's clue, `rule` the letter of the detector's rule.
    """

    detector: str
    subject: str
    fact: tuple[str, ...]
    excluded_by: str
    severity: str
    story: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the import of one file must count."""

    rows: int
    quarantined: int
    duplicates: int


def write(
    path: Path,
    *,
    seed: int,
    today: date,
    scale: int,
    expected: dict[str, Expected],
    cases: Iterable[Case],
) -> None:
    truth = {
        "seed": seed,
        "today": today.isoformat(),
        "scale": scale,
        "stories": STORIES,
        "expected": {name: asdict(counts) for name, counts in expected.items()},
        "planted": [asdict(case) for case in cases],
    }
    text = json.dumps(truth, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def read_planted(path: Path) -> tuple[Planted, ...]:
    """The planted cases of a truth file, as the declarations know them."""
    entries = json.loads(path.read_text(encoding="utf-8"))["planted"]
    return tuple(
        Planted(
            e["detector"], e["subject"], tuple(e["fact"]), e["excluded_by"], e["story"], e["rule"]
        )
        for e in entries
    )
