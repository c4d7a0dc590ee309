"""Builds src/clew/kernel/tables/calendar.tsv from one JSON file a year of State Council notices.

    python tools/build_calendar.py DATA_FOLDER

DATA_FOLDER holds `calendar/YYYY.json`: year, papers (addresses of the notices), days (name, date,
isOffDay). A year without papers has no notice yet and is left out.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

TABLE = Path(__file__).parents[1] / "src" / "clew" / "kernel" / "tables" / "calendar.tsv"
HEADER = """\
# Days that the State Council's yearly holiday notices name: off = day off, work = make-up day.
# Every other day follows its weekday. A notice may name days of the neighbouring year.
# Source: the notices themselves (www.gov.cn), read from the public holiday-cn set (MIT).
# Notices: {years}.
# Written by tools/build_calendar.py.
"""


def notice_rows(folder: Path) -> list[tuple[int, str, str, str]]:
    """(notice year, date, off or work, name), in the order of notices and days."""
    rows = []
    for path in sorted(folder.glob("*.json")):
        notice = json.loads(path.read_text(encoding="utf-8"))
        if not notice["papers"]:
            continue
        for day in sorted(notice["days"], key=lambda day: day["date"]):
            date.fromisoformat(day["date"])
            state = "off" if day["isOffDay"] else "work"
            rows.append((notice["year"], day["date"], state, _name(day["name"])))
    return rows


def _name(text: str) -> str:
    return text.replace("“", "").replace("”", "")


def main() -> None:
    rows = notice_rows(Path(sys.argv[1]) / "calendar")
    years = sorted({year for year, *_ in rows})
    with TABLE.open("w", encoding="utf-8", newline="\n") as table:
        table.write(HEADER.format(years=f"{years[0]}-{years[-1]}"))
        table.write("date\tstate\tnotice\tname\n")
        for year, day, state, name in rows:
            table.write(f"{day}\t{state}\t{year}\t{name}\n")
    print(f"{len(years)} notices, {len(rows)} days -> {TABLE.name}")


if __name__ == "__main__":
    main()
