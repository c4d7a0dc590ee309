"""Some forty invented permit cases, two deliveries, and the truth beside them.

Ordinary cases end in time. Planted ones are late in every way that matters, look-alikes are late
in one reading only or excused. The same seed writes the same bytes.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from clew.declare import Planted, Sample

TODAY = date(2023, 10, 31)
FIRST_DAY = datetime(2023, 3, 1)
TERM = timedelta(days=20)
DETECTOR = "TP-01"

DEPARTMENTS = ("规划许可科", "市场准入科", "社会事务科")
STEPS = ("收件", "受理", "审查", "决定")
HEADERS = {
    "01": (
        "环节编号", "办件编号", "环节时间", "承办部门", "环节名称", "受理时间", "办结期限",
        "办结时间",
    ),
    "02": (
        "Step number", "Case number", "Step taken at", "Department in charge", "Step",
        "Accepted at", "Deadline", "Ended at",
    ),
}  # fmt: skip
ENCODINGS = {"01": "utf-8-sig", "02": "gb18030"}


@dataclass(frozen=True, slots=True)
class Kind:
    """One way a case can go.

    `after` is its end against the deadline (None: no end recorded), `at` the hour of the deadline,
    `readings` those of the detector that call it late; late by none, it is an ordinary case.
    `excluded_by` as in Planted, `severity` that of its clue.
    """

    after: timedelta | None
    at: int = 17
    readings: tuple[str, ...] = ()
    excluded_by: str = ""
    severity: str = ""


ALL = ("instant", "date", "local_date")
IN_TIME = Kind(-timedelta(days=3))
PLANTED = (
    Kind(timedelta(days=5), readings=ALL, severity="M"),
    Kind(timedelta(days=45), readings=ALL, severity="H"),
    Kind(timedelta(minutes=10), readings=("instant",), severity="M"),
    # Seven in the morning in Shanghai is still the day before in UTC.
    Kind(timedelta(hours=3), at=7, readings=("instant", "date"), severity="M"),
    Kind(timedelta(hours=10), at=17, readings=("instant", "local_date"), severity="M"),
    Kind(timedelta(0)),
    Kind(None, readings=ALL, excluded_by="STILL_OPEN"),
    Kind(timedelta(days=2), readings=ALL, excluded_by="NO_DEADLINE"),
    Kind(timedelta(days=2), readings=ALL, excluded_by="CONTRADICTORY"),
)


@dataclass(frozen=True, slots=True)
class Case:
    number: str
    department: str
    kind: Kind
    started: datetime
    deadline: datetime
    ended: datetime | None


def sample(
    folder: Path,
    *,
    seed: int,
    cases: int = 40,
    progress: Callable[[str, float], None] | None = None,
) -> Sample:
    """Writes two deliveries and truth.json into `folder`. Every third case is planted."""
    rng = Random(f"{seed}/permits")
    made = [_case(rng, number) for number in range(cases)]
    half = len(made) // 2
    files = {}
    for name, part in (("01", made[:half]), ("02", made[half:])):
        path = _deliver(folder / name, name, part)
        files[path.relative_to(folder).as_posix()] = len(part) * len(STEPS)
        if progress:
            progress("files", int(name) / len(HEADERS))
    truth = folder / "truth.json"
    _write_truth(truth, seed, files, made)
    return Sample((folder / "01", folder / "02"), truth, TODAY, 1)


def _case(rng: Random, number: int) -> Case:
    kind = PLANTED[number // 3 % len(PLANTED)] if number % 3 == 0 else IN_TIME
    started = FIRST_DAY + timedelta(days=rng.randrange(90), hours=9, minutes=rng.randrange(60))
    deadline = (started + TERM).replace(hour=kind.at, minute=0)
    ended = None if kind.after is None else deadline + kind.after
    return Case(f"PX2023{number:05d}", rng.choice(DEPARTMENTS), kind, started, deadline, ended)


def _deliver(folder: Path, name: str, cases: Sequence[Case]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"市行政审批局_许可办件环节_{name}.csv"
    with path.open("w", encoding=ENCODINGS[name], newline="") as handle:
        writer = csv.writer(handle, lineterminator="\r\n")
        writer.writerow(HEADERS[name])
        for case in cases:
            writer.writerows(_rows(case))
    return path


def _rows(case: Case) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for place, step in enumerate(STEPS):
        deadline = case.deadline
        if case.kind.excluded_by == "CONTRADICTORY" and place == 0:
            deadline -= timedelta(days=1)
        no_deadline = case.kind.excluded_by == "NO_DEADLINE"
        rows.append(
            (
                f"{case.number}-{place + 1}",
                case.number,
                _text(case.started + timedelta(days=place)),
                case.department,
                step,
                _text(case.started),
                "" if no_deadline else _text(deadline),
                "" if case.ended is None else _text(case.ended),
            )
        )
    return rows


def _text(moment: datetime) -> str:
    return moment.isoformat(sep=" ")


def _write_truth(path: Path, seed: int, files: dict[str, int], cases: Sequence[Case]) -> None:
    planted = [
        {
            **asdict(Planted(DETECTOR, c.department, (c.number,), c.kind.excluded_by)),
            "severity": c.kind.severity,
            "readings": c.kind.readings,
        }
        for c in cases
        if c.kind.readings
    ]
    truth = {
        "seed": seed,
        "today": TODAY.isoformat(),
        "scale": 1,
        "stories": {},
        "expected": {
            name: {"rows": rows, "quarantined": 0, "duplicates": 0} for name, rows in files.items()
        },
        "planted": planted,
    }
    text = json.dumps(truth, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
