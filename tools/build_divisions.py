"""Builds src/clew/kernel/tables/divisions.tsv from public division lists.

    python tools/build_divisions.py DATA_FOLDER

DATA_FOLDER holds `gb2260/` (every revision of GB/T 2260 as TSV: Source, Revision, Code, Name) and
`divisions/` (provinces.csv, cities.csv, areas.csv: the present list, without a date).
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

TABLE = Path(__file__).parents[1] / "src" / "clew" / "kernel" / "tables" / "divisions.tsv"
PRESENT = "present"
HEADER = """\
# Six-digit division codes of every edition of GB/T 2260 since 1980, with the present list.
# Source: gb2260 revisions (Ministry of Civil Affairs and National Bureau of Statistics,
# public lists) and the public "administrative divisions of China" list (WTFPL).
# first, last: the oldest and newest edition (YYYYMM) that hold the pair; "present" = undated list.
# Written by tools/build_divisions.py.
"""


def dated_rows(folder: Path) -> Iterator[tuple[str, str, str]]:
    for path in sorted(folder.rglob("*.tsv")):
        if path.name == "sources.tsv":
            continue
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                yield row["Code"].strip(), row["Name"].strip(), row["Revision"].strip()


def present_rows(folder: Path) -> Iterator[tuple[str, str, str]]:
    for name in ("provinces.csv", "cities.csv", "areas.csv"):
        with (folder / name).open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                yield row["code"].strip().ljust(6, "0"), row["name"].strip(), PRESENT


def editions(data: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """(code, name) -> (first, last). "present" sorts after every dated edition."""
    spans: dict[tuple[str, str], tuple[str, str]] = {}
    for rows in (dated_rows(data / "gb2260"), present_rows(data / "divisions")):
        for code, name, edition in rows:
            if len(code) != 6 or not code.isdigit():
                raise ValueError(f"not a six-digit code: {code!r} {name}")
            first, last = spans.get((code, name), (edition, edition))
            spans[code, name] = min(first, edition), max(last, edition)
    return spans


def main() -> None:
    spans = editions(Path(sys.argv[1]))
    ordered = sorted(spans.items(), key=lambda item: (item[0][0], item[1], item[0][1]))
    with TABLE.open("w", encoding="utf-8", newline="\n") as table:
        table.write(HEADER + "code\tname\tfirst\tlast\n")
        for (code, name), (first, last) in ordered:
            table.write(f"{code}\t{name}\t{first}\t{last}\n")
    print(f"{len({code for code, _ in spans})} codes, {len(spans)} rows -> {TABLE.name}")


if __name__ == "__main__":
    main()
