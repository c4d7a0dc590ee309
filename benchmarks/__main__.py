"""Runs the benchmarks, prints their table and writes it as JSON."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.child import run
from benchmarks.machine import describe
from benchmarks.table import Line, show

DETECTORS = ("MI-01", "MI-05", "MI-06", "MI-27")
PAIRS, ROUNDS = 2, 3
FEW_ROWS = 100_000
"""Below this the figures say nothing, and one of each is measured to see that all still works."""

INGEST_LIMIT, DETECT_LIMIT = 3.0, 6.0


def main() -> None:
    options = _options()
    with TemporaryDirectory(prefix="clew-bench-") as folder:
        lines = _measure(Path(folder), options.rows, tuple(options.detectors))
    options.output.write_text(
        json.dumps([line.as_json() for line in lines], indent=2) + "\n", encoding="utf-8"
    )
    sys.stdout.write(f"{describe()}\n\n{show(lines)}\n\n{options.output}\n")
    if not all(line.answers_equal for line in lines):
        sys.exit("Answers differ: the ratios above compare different work.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, default=int(os.environ.get("ROWS") or 3_000_000))
    parser.add_argument("--detectors", nargs="+", default=DETECTORS, choices=DETECTORS)
    latest = Path(__file__).parent / "latest.json"
    parser.add_argument("--output", "--out", type=Path, default=latest)
    return parser.parse_args()


def _measure(folder: Path, rows: int, detectors: tuple[str, ...]) -> list[Line]:
    pairs_wanted, rounds = (1, 1) if rows < FEW_ROWS else (PAIRS, ROUNDS)
    _say(f"{rows:,} settlements are made")
    files = run("make", folder, folder=str(folder), rows=rows)
    homes = [folder / f"workspace-{number}" for number in range(pairs_wanted)]
    pairs = []
    for home in homes:
        _say("bare copy, then ingest")
        copied = run("copy", home, csv=files["settlements"], target=str(folder / "copy.parquet"))
        pairs.append((copied, run("ingest", home, csv=files["settlements"])))
    lines = [_ingested(pairs, rows)]
    run("more", homes[-1], files=files["others"])
    together = [detectors] if len(detectors) > 1 else []
    for ids in (*((of,) for of in detectors), *together):
        _say(f"scan, then {' '.join(ids)}")
        lines.append(_detected(run("detect", homes[-1], ids=ids, rounds=rounds), ids, rows))
    return lines


def _ingested(pairs: list[tuple[dict[str, Any], dict[str, Any]]], rows: int) -> Line:
    return Line(
        goal="G5",
        name="ingest",
        limit=INGEST_LIMIT,
        rows=rows,
        peak_mb=max(ours["peak_mb"] for _, ours in pairs),
        answers_equal=all(bare["content"] == ours["content"] for bare, ours in pairs),
        ratio=median(ours["seconds"] / bare["seconds"] for bare, ours in pairs),
        floor_s=median(bare["seconds"] for bare, _ in pairs),
        execute_s=median(ours["seconds"] for _, ours in pairs),
    )


def _detected(answer: dict[str, Any], ids: tuple[str, ...], rows: int) -> Line:
    return Line(
        goal="G1",
        name=f"detect {' '.join(ids)}" if ids != DETECTORS else "detect all four together",
        limit=DETECT_LIMIT,
        rows=rows,
        peak_mb=answer["peak_mb"],
        answers_equal=answer["answers_equal"],
        ratio=(answer["compile_s"] + answer["execute_s"]) / answer["scan_s"],
        floor_s=answer["scan_s"],
        execute_s=answer["execute_s"],
        compile_s=answer["compile_s"],
        facts_s=answer["facts_s"],
        facts=sum(answer["facts"].values()),
    )


def _say(text: str) -> None:
    sys.stderr.write(f"{text} …\n")


if __name__ == "__main__":
    main()
