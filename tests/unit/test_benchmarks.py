"""The benchmarks run, answer alike on both sides, and keep the form that others read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FIELDS = {
    "goal": str, "name": str, "ratio": float, "limit": float, "rows": int, "peak_mb": int,
    "answers_equal": bool,
}  # fmt: skip


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    target = tmp_path_factory.mktemp("bench") / "latest.json"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--out", str(target), "--detectors", "MI-27"],
        cwd=ROOT, env=os.environ | {"ROWS": "20000"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "GiB" in done.stdout.splitlines()[0]
    read: list[dict[str, object]] = json.loads(target.read_text(encoding="utf-8"))
    return read


def test_every_measurement_has_the_agreed_form(lines: list[dict[str, object]]) -> None:
    for line in lines:
        assert {field: type(value) for field, value in line.items()} == FIELDS
        assert line["rows"] == 20_000


def test_ingest_and_detector_are_measured(lines: list[dict[str, object]]) -> None:
    assert [(line["goal"], line["name"]) for line in lines] == [
        ("G5", "ingest"), ("G1", "detect MI-27"),
    ]  # fmt: skip


def test_both_sides_give_the_same_answers(lines: list[dict[str, object]]) -> None:
    assert all(line["answers_equal"] for line in lines)
