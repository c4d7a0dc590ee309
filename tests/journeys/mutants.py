"""Damaged files in large numbers: `python -m tests.journeys.mutants --files 20000`

Every file is made from its number alone. Files go in portions, each to a process and a workspace
of its own, which has a limit of time for every file. What a portion told is kept in .soak/, so that
an interrupted run goes on where it was and one that failed repeats what failed; a new one begins
with --fresh, or after a run without failures.
The last line of output sums up; exit 1 if a file crashed, hung or lost rows.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import Any

PORTION = 200
SECONDS = 60
TODAY = date(2023, 10, 31)
FOLDER = Path(__file__).parents[2] / ".soak"
Mutant = Callable[[int, random.Random], bytes]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.journeys.mutants", description=__doc__)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--fresh", action="store_true", help="forget what an earlier run did")
    parser.add_argument("--portion", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.portion is not None:
        sys.stdout.write(json.dumps(portion(options.portion, options.files)) + "\n")
        return
    sys.exit(run(options.files, options.jobs, fresh=options.fresh))


def run(files: int, jobs: int, *, fresh: bool) -> int:
    kept = FOLDER / f"mutants-{files}.jsonl"
    FOLDER.mkdir(exist_ok=True)
    if fresh:
        kept.unlink(missing_ok=True)
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
    # What failed is tried again: it may have been mended since.
    told = [answer for answer in map(json.loads, lines) if not answer["failures"]]
    kept.write_text("".join(json.dumps(answer) + "\n" for answer in told), encoding="utf-8")
    done = {answer["first"] for answer in told}
    waiting = [first for first in range(0, files, PORTION) if first not in done]
    with ThreadPoolExecutor(jobs) as pool, kept.open("a", encoding="utf-8") as record:
        sizes = (min(PORTION, files - first) for first in waiting)
        for answer in pool.map(in_process, waiting, sizes):
            told.append(answer)
            record.write(json.dumps(answer, ensure_ascii=False) + "\n")
            record.flush()
            sys.stderr.write(f"{sum(a['files'] for a in told)} of {files}\n")
    failures = [failure for answer in told for failure in answer["failures"]]
    for failure in failures:
        sys.stdout.write(f"{failure}\n")
    seen: Counter[str] = sum((Counter(answer["seen"]) for answer in told), Counter())
    counted = ", ".join(f"{n} {what}" for what, n in sorted(seen.items()))
    total = sum(answer["files"] for answer in told)
    sys.stdout.write(f"{total} mutated files: {counted}; {len(failures)} failures\n")
    if failures or total != files:
        return 1
    kept.unlink()
    return 0


def in_process(first: int, size: int) -> dict[str, Any]:
    """One portion. A process that dies is a failure of the whole portion."""
    with tempfile.TemporaryDirectory(prefix="clew-mutants-") as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.journeys.mutants", "--portion", str(first),
             "--files", str(size)],
            env=os.environ | {"CLEW_HOME": f"{folder}/city", "CLEW_THREADS": "1"},
            cwd=FOLDER.parent, capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode:
        dead = {"portion": first, "error": f"exit {done.returncode}: {done.stderr[-500:]}"}
        return {"first": first, "files": size, "seen": {}, "failures": [dead]}
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def portion(first: int, size: int) -> dict[str, Any]:
    """Delivers the files with these numbers into a new workspace."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "clew.settings"
    import django

    django.setup()
    from clew.cli.session import begin
    from clew.cli.setup import create
    from clew.kernel.errors import ClewError

    create(seed=7, today=TODAY, scale=1)
    by, home = begin(), Path(os.environ["CLEW_HOME"])
    seen: Counter[str] = Counter()
    failures: list[dict[str, Any]] = []
    signal.signal(signal.SIGALRM, _too_long)
    for number, (name, content) in mutants(first, size):
        path = home.parent / name
        path.write_bytes(content)
        signal.alarm(SECONDS)
        try:
            for status in outcomes(path, by):
                seen[f"{path.suffix[1:]} {status}"] += 1
        except ClewError as error:
            failures.append({"file": number, "kind": path.suffix, "error": str(error)})
        except Exception:
            failures.append({"file": number, "kind": path.suffix, "error": traceback.format_exc()})
        signal.alarm(0)
        path.unlink()
    return {"first": first, "files": size, "seen": dict(seen), "failures": failures}


def _too_long(number: int, frame: object) -> None:
    raise TimeoutError(f"no answer within {SECONDS} seconds")


def outcomes(path: Path, by: Any) -> Iterator[str]:
    """Status of each receipt of a delivery, once it holds what every receipt has to."""
    from clew.datasets import places, queries
    from clew.datasets.ingest.deliver import Request, deliver
    from clew.datasets.models import LakeFile

    receipts = deliver(Request(path), by=by)
    assert receipts, "no receipt"
    for receipt in receipts:
        yield receipt.status
        counted = receipt.accepted + receipt.quarantined + receipt.duplicates
        assert receipt.rows == counted, f"{receipt.rows} rows, {counted} counted"
        if receipt.status != "published":
            assert receipt.next_step, "no next step"
            continue
        batch = queries.batch(receipt.batch)
        stored = batch.files.filter(kind=LakeFile.ROWS).values_list("rows", flat=True)
        assert sum(stored) == receipt.accepted, "accepted rows are not stored"
        bad = places.quarantined_rows(batch)
        assert len(bad) == receipt.quarantined, "quarantined rows are not kept"
        assert all(q.row > 0 and q.reasons for q in bad), "a quarantined row without a reason"


def mutants(first: int, size: int) -> Iterator[tuple[int, tuple[str, bytes]]]:
    """Number → file name and content: four kinds in turn, each damaged once or twice."""
    from tests.unit.datasets import test_archive, test_mutations, test_workbook

    kinds: tuple[tuple[str, Mutant, tuple[Callable[..., bytes], ...]], ...] = (
        ("csv", _csv, test_mutations.MUTATIONS),
        ("xlsx", _xlsx, test_workbook.MUTATIONS),
        ("zip", _zip, (test_workbook.bytes_flipped, test_workbook.cut, test_archive.entry_flipped)),
        ("parquet", _parquet, (test_mutations.flip, test_mutations.cut, test_mutations.cut_out)),
    )
    for number in range(first, first + size):
        chance = random.Random(number)
        ending, good, mutations = kinds[number % len(kinds)]
        content = chance.choice(mutations)(good(number, chance) or b"x", chance)
        yield number, (f"结算信息{number}.{ending}", content)


def _csv(number: int, chance: random.Random) -> bytes:
    from tests.unit.datasets.test_mutations import MUTATIONS, good

    content = good(number, chance.choice(["utf-8", "utf-8", "gb18030", "utf-8-sig", "utf-16"]))
    return chance.choice(MUTATIONS)(content, chance) if chance.random() < 0.5 else content


def _rows(number: int) -> list[list[Any]]:
    from tests.unit.datasets.conftest import settlement

    return [list(settlement(f"{number}-{n}")) for n in range(12)]


def _xlsx(number: int, chance: random.Random) -> bytes:
    from tests.unit.datasets.conftest import SETTLEMENT
    from tests.unit.datasets.test_workbook import book

    rows = _rows(number)
    for hour, row in enumerate(rows):
        row[6], row[8] = datetime(2023, 2, 9, hour), 100
    return book(结算信息=[["某某表"], SETTLEMENT, *rows, ["合计", *[""] * 7, 1_200]], 其他_=[["x"]])


def _zip(number: int, chance: random.Random) -> bytes:
    from tests.unit.datasets.conftest import csv_text
    from tests.unit.datasets.test_archive import DEATH, packed

    return packed(
        ("结算信息.csv", csv_text(_rows(number)).encode("gb18030")),
        ("甲/死亡医学证明.csv", DEATH), gbk=chance.random() < 0.5,
    )  # fmt: skip


def _parquet(number: int, chance: random.Random) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from tests.unit.datasets.conftest import SETTLEMENT

    columns = [list(cells) for cells in zip(*_rows(number), strict=True)]
    target = pa.BufferOutputStream()
    pq.write_table(pa.table(columns, names=list(SETTLEMENT)), target)
    content: bytes = target.getvalue().to_pybytes()
    return content


if __name__ == "__main__":
    main()
