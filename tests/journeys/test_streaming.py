"""A delivery larger than memory, in a process of its own: how much it holds, how it is stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clew.kernel.workspace import HOME_VARIABLE

SOAK = os.environ.get("CLEW_SOAK") == "1"
SIZE = (1_500 if SOAK else 30) << 20
PEAK_MB = 1_024
PERSONS = 200_000
HEADERS = (
    "结算流水号,就诊ID,身份证号,姓名,定点医药机构编号,医疗类别,开始时间,结算时间,总费用,基金支付,"
    "个人账户支出,上传时间\n"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def numbers(count: int) -> Iterator[str]:
    """Well-formed document numbers of nobody, their sequence numbers from 800 on."""
    for i in range(count):
        year, month, day, order = 1930 + i // 33_600 % 90, i // 2_800 % 12 + 1, i // 100 % 28 + 1, i
        body = f"330302{year}{month:02}{day:02}{800 + order % 100}"
        total = sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True))
        yield body + "10X98765432"[total % 11]


def write(path: Path, size: int) -> int:
    """Writes about `size` bytes of settlements in no order of persons; returns the rows."""
    people = list(numbers(PERSONS))
    row = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADERS)
        while file.tell() < size:
            block = []
            for row in range(row + 1, row + 10_001):  # noqa: B020
                person = people[row * 7_919 % PERSONS]
                day = f"2023-{row % 9 + 1:02}-{row % 28 + 1:02}"
                block.append(
                    f"S{row:012},M{row:012},{person},张三,H330302{row % 900 + 100:05},11,"
                    f"{day} 08:{row % 60:02}:00,{day} 09:{row % 60:02}:00,{row % 9_000}.50,"
                    f"{row % 5_000}.25,5,\n"
                )
            file.writelines(block)
    return row


# A process that starts another is counted with it until the new program begins, so a small one
# stands between: the tests' own process may be larger than what is measured.
_MEASURED = (
    "import resource, subprocess, sys; code = subprocess.call(sys.argv[1:]); "
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10, file=sys.stderr); "
    "sys.exit(code)"
)


def clew(home: Path, *arguments: str) -> tuple[int, str, int]:
    """Exit code, output and peak resident memory in MiB of one command in its own process."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, sys.executable, "-m", "clew.cli.main", *arguments],
        env=os.environ | {HOME_VARIABLE: str(home)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, int(done.stderr.split()[-1])


@pytest.mark.soak
def test_memory_stays_bounded(tmp_path: Path) -> None:
    home, path = tmp_path / "city", tmp_path / "结算信息.csv"
    assert clew(home, "init")[0] == 0
    rows = write(path, SIZE)
    code, output, peak = clew(home, "ingest", str(path), "--json")
    assert code == 0
    (receipt,) = json.loads(output)
    assert (receipt["status"], receipt["rows"], receipt["accepted"]) == ("published", rows, rows)
    assert peak <= PEAK_MB, f"{SIZE >> 20} MiB, {rows:,} rows, peak {peak} MiB"
    assert [p.name for p in (home / "staging").iterdir()] == ["lock"]


def test_an_interrupted_delivery_leaves_nothing_and_can_be_repeated(tmp_path: Path) -> None:
    home, path = tmp_path / "city", tmp_path / "结算信息.csv"
    assert clew(home, "init")[0] == 0
    rows = write(path, 30 << 20)
    process = subprocess.Popen(
        [sys.executable, "-m", "clew.cli.main", "ingest", str(path)],
        env=os.environ | {HOME_VARIABLE: str(home)}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    with process.stderr as stderr:
        for line in stderr:
            if "type" in line:
                process.send_signal(signal.SIGINT)
                break
        told = stderr.read()
    assert process.wait(timeout=60) == 130
    assert "interrupted" in told
    assert "clew datasets batches" in told
    assert [p.name for p in (home / "staging").iterdir()] == ["lock"]
    assert not list((home / "lake").rglob("*.parquet"))
    code, output, _ = clew(home, "ingest", str(path), "--json")
    (receipt,) = json.loads(output)
    assert (code, receipt["status"], receipt["accepted"]) == (0, "published", rows)
