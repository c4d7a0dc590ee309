"""Two officers race for one clue, and for one step, in threads on a SQLite file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROUNDS = 8


def test_one_of_two_wins_and_the_other_is_told(tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    answer = subprocess.run(
        [sys.executable, "-m", "tests.unit.matters.race_runner", str(tmp_path), str(ROUNDS)],
        cwd=root, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    told = json.loads(answer.stdout)
    for pair in (*told["opened"], *told["moved"]):
        assert sorted(pair) == ["Declined", "done"], told
    assert told["held"] == told["screened"] == ROUNDS
    assert told["numbers"] == [f"医保局〔2023〕{n + 1}号" for n in range(ROUNDS)]
    assert told["ledger"]
