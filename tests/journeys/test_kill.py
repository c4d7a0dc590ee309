"""kill -9 in the middle of a delivery: no row is lost, none stands twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from clew.datasets.lake.failpoints import NAMES

RUNNER = Path(__file__).with_name("kill_runner.py")
MOMENTS = 50
# 3,000 first rows, of which 1,000 changed to twice the amount, and 1,000 new ones.
LIVE = [4_000, 4_000, (3_000 * 100 + 1_000 * 200) * 100]
PUBLISHED_BEFORE = {"after-commit", "before-manifest"}


def points(home: Path, what: str) -> list[dict[str, Any]]:
    """What the runner saw at each point; see its first lines."""
    done = subprocess.run(
        [sys.executable, str(RUNNER), str(home), what, "7"],
        capture_output=True, text=True, timeout=600, check=False,
        env=os.environ | {"CLEW_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def check(found: dict[str, Any]) -> None:
    assert found["recovered"] == 0, found
    assert found["live"][:3] == LIVE, found
    # Two of three persons in turn have a usable number.
    assert found["live"][3] == sum(n % 3 != 2 for n in range(4_000)), found
    assert found["batches"] == ["published", "published"], found
    assert found["sums"] == [True, True], found
    assert (found["orphans"], found["manifest"], found["ledger"]) == ([], True, True), found
    # What was committed before the kill is there, whole; what was not has left no trace.
    committed = found["before"] == ["published", "published"]
    assert found["repeated"]["status"] == ("duplicate" if committed else "published"), found
    assert found["repeated"]["rows"] == 3_011, found
    assert found["repeated"]["accepted"] == (0 if committed else 2_000), found


def test_every_failpoint(tmp_path: Path) -> None:
    seen = points(tmp_path / "city", ",".join(NAMES))
    assert [s["point"] for s in seen] == list(NAMES)
    for found in seen:
        assert found["killed"], f"{found['point']} was never reached"
        assert (len(found["before"]) == 2) == (found["point"] in PUBLISHED_BEFORE), found
        check(found)


def test_random_moments(tmp_path: Path) -> None:
    undisturbed, *seen = points(tmp_path / "city", str(MOMENTS))
    assert not undisturbed["killed"]
    assert undisturbed["repeated"]["status"] == "duplicate"
    check(undisturbed)
    assert len(seen) == MOMENTS
    assert sum(found["killed"] for found in seen) > MOMENTS // 2
    for found in seen:
        check(found)
