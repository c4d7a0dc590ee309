"""kill -9 in the middle of a delivery, a withdrawal or both: no row is lost, none stands twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from clew.datasets.lake.failpoints import DELIVERY, WITHDRAWAL

RUNNER = Path(__file__).with_name("kill_runner.py")
PUBLISHED, WITHDRAWN = "published", "withdrawn"
# Of 4,000 persons' numbers, or of the 3,000 of the second file, two of three in turn are usable.
EVERY = sum(n % 3 != 2 for n in range(4_000))
SECOND = sum(n % 3 != 2 for n in [*range(2_000), *range(3_000, 4_000)])


@dataclass(frozen=True)
class Work:
    """What is killed: the states of the two batches `before` and `after` it, the rows that are then
    live (rows, keys, fen, usable numbers), its answer when it is repeated with nothing done yet,
    and with all done.
    """

    name: str
    before: list[str]
    after: list[str]
    live: list[int]
    fresh: tuple[str, int, int]
    done: tuple[str, int, int]


# 3,000 first rows; of the second file's, 1,000 are the same, 1,000 twice the amount, 1,000 new.
DELIVER = Work(
    "deliver", [PUBLISHED], [PUBLISHED, PUBLISHED],
    [4_000, 4_000, (3_000 * 100 + 1_000 * 200) * 100, EVERY],
    ("published", 3_011, 2_000), ("duplicate", 3_011, 0),
)  # fmt: skip
ALONE = [3_000, 3_000, (2_000 * 100 + 1_000 * 200) * 100, SECOND]
SUPERSEDE = Work(
    "supersede", [PUBLISHED], [WITHDRAWN, PUBLISHED], ALONE,
    ("published", 3_011, 3_000), ("duplicate", 3_011, 0),
)  # fmt: skip
RETRACT = Work(
    "retract", [PUBLISHED, PUBLISHED], [WITHDRAWN, PUBLISHED], ALONE,
    ("withdrawn", 3_000, 3_000), ("refused", 3_000, 3_000),
)  # fmt: skip

COMMITTED = {"after-commit", "before-manifest"}
READING = ("after-read", "after-typed", "after-stage")
FAILPOINTS = {
    "deliver": (*DELIVERY, "after-rename:2"),
    # Up to the last file that is placed: the first batch's tombstones.
    "supersede": (*DELIVERY, *WITHDRAWAL, "after-rename:2", "after-rename:4"),
    # Two files: rows given back to the second batch, tombstones of the first.
    "retract": (
        *(p for p in DELIVERY if p not in (*READING, "before-manifest")),
        *WITHDRAWAL,
        "after-rename:2",
    ),
}


def points(home: Path, work: Work, what: str) -> list[dict[str, Any]]:
    """What the runner saw at each point; see its first lines."""
    done = subprocess.run(
        [sys.executable, str(RUNNER), str(home), work.name, what, "7"],
        capture_output=True, text=True, timeout=600, check=False,
        env=os.environ | {"CLEW_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def check(work: Work, found: dict[str, Any]) -> None:
    assert found["recovered"] == 0, found
    assert found["live"] == work.live, found
    assert found["batches"] == work.after, found
    assert found["sums"] == [True, True], found
    assert (found["orphans"], found["manifest"], found["ledger"]) == ([], True, True), found
    # What was committed before the kill is there, whole; what was not has left no trace.
    assert found["before"] in (work.before, work.after), found
    answer = work.done if found["before"] == work.after else work.fresh
    assert tuple(found["repeated"].values()) == answer, found


@pytest.mark.parametrize("work", [DELIVER, SUPERSEDE, RETRACT], ids=lambda w: w.name)
def test_every_failpoint(work: Work, tmp_path: Path) -> None:
    names = FAILPOINTS[work.name]
    seen = points(tmp_path / "city", work, ",".join(names))
    assert [s["point"] for s in seen] == list(names)
    for found in seen:
        assert found["killed"], f"{found['point']} was never reached"
        assert (found["before"] == work.after) == (found["point"] in COMMITTED), found
        check(work, found)


@pytest.mark.parametrize(
    ("work", "moments"),
    [(DELIVER, 50), (SUPERSEDE, 8), (RETRACT, 8)],
    ids=["deliver", "supersede", "retract"],
)
def test_random_moments(work: Work, moments: int, tmp_path: Path) -> None:
    undisturbed, *seen = points(tmp_path / "city", work, str(moments))
    assert not undisturbed["killed"]
    assert undisturbed["before"] == work.after
    check(work, undisturbed)
    assert len(seen) == moments
    assert sum(found["killed"] for found in seen) > moments // 2
    for found in seen:
        check(work, found)
