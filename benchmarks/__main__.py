"""Runs the benchmarks, prints their table and writes it as JSON."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.child import run
from benchmarks.data import BYTES_A_ROW
from benchmarks.machine import describe
from benchmarks.table import Line, show

DETECTORS = ("MI-01", "MI-05", "MI-06", "MI-27")
PAIRS, ROUNDS = 2, 3
FEW_ROWS = 100_000
"""Below this the figures say nothing, and one of each is measured to see that all still works."""

HERE = Path(__file__).parent
INGEST_LIMIT, DETECT_LIMIT = 3.0, 6.0


def main() -> None:
    options = _options()
    with TemporaryDirectory(prefix="clew-bench-") as folder:
        if options.csv_gb:
            lines = [_ingest_alone(Path(folder), options.csv_gb)]
        elif options.visits:
            lines = [_whole_pack(Path(folder), options.visits)]
        else:
            lines = _measure(Path(folder), options.rows, tuple(options.detectors))
    written = "large.json" if options.csv_gb else "city.json" if options.visits else "latest.json"
    output = options.output or HERE / written
    output.write_text(
        json.dumps([line.as_json() for line in lines], indent=2) + "\n", encoding="utf-8"
    )
    sys.stdout.write(f"{describe()}\n\n{show(lines)}\n\n{output}\n")
    if not all(line.answers_equal for line in lines):
        sys.exit("Answers differ: the ratios above compare different work.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, default=int(os.environ.get("ROWS") or 3_000_000))
    parser.add_argument("--detectors", nargs="+", default=DETECTORS, choices=DETECTORS)
    parser.add_argument(
        "--csv-gb", type=float, help="ingest alone, of one CSV of about so many GB (10^9 bytes)"
    )
    parser.add_argument(
        "--visits", type=int, help="every detector over a sample city of so many visits"
    )
    parser.add_argument("--output", "--out", type=Path)
    return parser.parse_args()


def _measure(folder: Path, rows: int, detectors: tuple[str, ...]) -> list[Line]:
    pairs_wanted, rounds = (1, 1) if rows < FEW_ROWS else (PAIRS, ROUNDS)
    _say(f"{rows:,} settlements are made")
    files = run("make", folder, folder=str(folder), rows=rows)
    homes = [folder / f"workspace-{number}" for number in range(pairs_wanted)]
    pairs = [_pair(folder, home, files["settlements"]) for home in homes]
    lines = [_ingested(pairs, rows)]
    run("more", homes[-1], files=files["others"])
    together = [detectors] if len(detectors) > 1 else []
    for ids in (*((of,) for of in detectors), *together):
        _say(f"scan, then {' '.join(ids)}")
        lines.append(_detected(run("detect", homes[-1], ids=ids, rounds=rounds), ids, rows))
    return lines


def _ingest_alone(folder: Path, gigabytes: float) -> Line:
    rows = round(gigabytes * 10**9 / BYTES_A_ROW)
    _say(f"{rows:,} settlements are made")
    files = run("make", folder, folder=str(folder), rows=rows)
    return _ingested([_pair(folder, folder / "workspace", files["settlements"])], rows)


def _whole_pack(folder: Path, visits: int) -> Line:
    home = folder / "workspace"
    _say(f"a city of {visits:,} visits is made, taken in and judged")
    built = run("city", home, folder=str(folder / "deliveries"), visits=visits)
    _say("scan, then every detector")
    found = run("detect", home, ids=built["ids"], rounds=ROUNDS, plain=False)
    line = _detected(found, tuple(built["ids"]), visits)
    return replace(line, name=f"detect all {len(built['ids'])}", answers_equal=built["truth_met"])


def _pair(folder: Path, home: Path, csv: str) -> tuple[dict[str, Any], dict[str, Any]]:
    _say("bare copy, then ingest")
    copied = run("copy", home, csv=csv, target=str(folder / "copy.parquet"))
    return copied, run("ingest", home, csv=csv)


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
