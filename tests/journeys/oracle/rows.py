"""The city as the oracle sees it: live rows of the lake as plain dicts, and who each row is about.

Nothing here or beside it is shared with the engine: only the files of the lake are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow.parquet as pq

from clew.declare import Dataset
from clew.detection.inputs import LINKS, Inputs
from clew.kernel.workspace import Workspace

Row = dict[str, Any]
Rows = dict[str, list[Row]]
Params = dict[str, Any]
Fact = tuple[str, ...]
"""Rule ("" where there is one), subject, parts of the fact key: texts, as clues keep them."""

CLUE = "clue"
T1, T1C, T2 = "T1", "T1c", "T2"
MONTH, MINUTE = 2, 4  # precision of a time as the lake counts it: 1 year … 3 day, 4 minute


@dataclass(frozen=True)
class Judged:
    """`outcome` is "clue" or the code that excused the fact; money in fen."""

    outcome: str
    fund: int = 0
    account: int = 0


def read(given: Inputs, contracts: Iterable[type[Dataset]]) -> Rows:
    """Rows by dataset, none dated after the inputs' day. Each has `who` (a person key or None) and
    `tier` beside the delivered columns.
    """
    workspace = Workspace.current()
    city: Rows = {}
    for contract in contracts:
        frozen = given.frozen[contract.name]
        dead = {r["row_id"] for p in frozen.tombstone_paths(workspace) for r in _file(p)}
        alive = (r for p in frozen.paths(workspace) for r in _file(p) if r["row_id"] not in dead)
        main = contract.main_date
        city[contract.name] = [r for r in alive if not (main and after(r[main], given.as_of))]
    links = given.frozen.get(LINKS)
    city[LINKS] = [r for p in links.paths(workspace) for r in _file(p)] if links else []
    identify(city)
    return city


def _file(path: Any) -> list[Row]:
    table: list[Row] = pq.read_table(path).to_pylist()
    return table


def after(value: date | datetime | None, day_: date) -> bool:
    return value is not None and day(value) > day_


def day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def identify(city: Rows) -> None:
    """0.6: an own number stands in for an unusable document number where names agree (T1); where
    both are usable and disagree the row is in conflict; a repaired number is T2.
    """
    insured = {r["psn_no"]: r for r in city["mi_person"]}
    repaired = {r["row_id"]: r for r in city[LINKS] if r["column"] == "certno"}
    for name, rows in city.items():
        for row in rows if name != LINKS else ():
            row["who"], row["tier"] = row.get("certno"), T1
            own = insured.get(row.get("psn_no")) if name != "mi_person" else None
            if own and "psn_name_key" in row and own["psn_name_key"] == row["psn_name_key"]:
                if row["who"] is None:
                    row["who"] = own["certno"]
                elif own["certno"] is not None and own["certno"] != row["who"]:
                    row["tier"] = T1C
            if row["who"] is None and row["row_id"] in repaired:
                link = repaired[row["row_id"]]
                row["who"], row["tier"] = link["person"], link["tier"]


def grouped(rows: Iterable[Row], column: str) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        if row[column] is not None:
            found[row[column]].append(row)
    return found


def valid(row: Row, on: date) -> bool:
    """Both days included; an open end holds."""
    begins, ends = row["start_date"], row["end_date"]
    return (begins is None or begins <= on) and (ends is None or on <= ends)


def month_after(month: date, count: int) -> date:
    """The first day of the month `count` months later (earlier if negative)."""
    number = month.year * 12 + month.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)


def window(start: date, days: int) -> tuple[date, date]:
    """A rolling window: first and last day, both in it."""
    return start, start + timedelta(days=days - 1)
