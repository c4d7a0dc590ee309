"""One table, sampled evenly: every column measured, its dirt counted, its dataset guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import duckdb

from clew.datasets.ingest.careful import ROW, BadRow
from clew.datasets.ingest.reading import Source
from clew.datasets.ingest.recognise import Match, match
from clew.datasets.lake import engine
from clew.datasets.lake.engine import name
from clew.datasets.look.dirt import Dirt, date_forms, dirt, prepare
from clew.datasets.look.guess import Guess, guess
from clew.declare import registry, types
from clew.kernel import clock
from clew.kernel.workspace import Workspace

SAMPLE_ROWS = 300_000
VALUES = 400
"""Distinct values by which the type of a column is guessed."""
LIKELY = 3
TOTAL = r"^\s*(本页|本月)?[合总小共]\s*计"
Tell = Callable[[str, float], None]


@dataclass
class Seen:
    """One column. Shares are of sampled rows; `forms` are ways in which dates are written."""

    header: str
    guess: Guess
    filled: float = 0.0
    distinct: int = 0
    longest: int = 0
    scientific: int = 0
    dirt: list[Dirt] = field(default_factory=list)
    forms: list[tuple[str, int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Total:
    """A figure of the totals row beside the sum of the column's cells, as far as they are plain."""

    header: str
    stated: Decimal
    added: Decimal


@dataclass
class Survey:
    """What was seen of one table; `name` names it. `step` n: every n-th row was sampled. `totals`
    are rows amid the data that look like totals; `checked` compares the totals row at the end, in
    files read in full.
    """

    name: str
    size: int
    source: Source
    container: Mapping[str, Any] = field(default_factory=dict)
    rows: int = 0
    step: int = 1
    sampled: int = 0
    repeated: int = 0
    totals: list[int] = field(default_factory=list)
    checked: list[Total] = field(default_factory=list)
    columns: list[Seen] = field(default_factory=list)
    likely: list[Match] = field(default_factory=list)
    keys_repeated: int | None = None

    @property
    def bad_rows(self) -> Sequence[BadRow]:
        return self.source.bad_rows

    @property
    def dataset(self) -> Match | None:
        """The likeliest dataset, if nothing that it requires is missing."""
        return self.likely[0] if self.likely and not self.likely[0].missing else None


def measure(seen: Survey, workspace: Workspace, database: Path, tell: Tell) -> None:
    """Fills in everything that is to be seen of a readable table.

    Raises:
        duckdb.Error: the engine's reader cannot take the file as it lies.
    """
    seen.likely = _likely(seen.source.headers)
    with engine.connect(workspace, also=seen.source.also, database=database) as con:
        tell("sample", 0.4)
        _sample(con, seen)
        prepare(con)
        headers = seen.source.headers
        measured = _measure(con, headers)
        for number, (header, figures) in enumerate(zip(headers, measured, strict=True)):
            tell("columns", 0.6 + 0.4 * number / max(1, len(headers)))
            seen.columns.append(_column(con, seen, header, figures, clock.today()))
        _repeated(con, seen)
        if seen.step == 1:
            seen.checked = _totals(con, seen.source.totals)
    tell("columns", 1.0)


def _likely(headers: Sequence[str]) -> list[Match]:
    """Datasets that explain most of the headers, each missing column weighing against them.

    Ingestion asks for whole datasets first; here a clerk wants to know what was meant.
    """

    def worth(matched: Match) -> float:
        return len(matched.columns) - len(matched.missing) - len(matched.guessed) / 2

    found = [match(d, headers) for d in registry.datasets().values()]
    known = [m for m in found if worth(m) > 0]
    return sorted(known, key=lambda m: (-worth(m), len(m.missing)))[:LIKELY]


def _sample(con: duckdb.DuckDBPyConnection, seen: Survey) -> None:
    """Fills `sample`; totals rows are noted wherever they stand."""
    first, *more = (f"coalesce({name(h)}, '')" for h in seen.source.headers[:2])
    label = f"regexp_matches({first}, '{TOTAL}')"
    if more:
        label = f"({label} OR regexp_matches({more[0]}, '{TOTAL}'))"
    row = con.execute(
        f"SELECT count(*), list({ROW} ORDER BY {ROW}) FILTER ({label}) FROM ({seen.source.scan})"
    ).fetchone()
    count, totals = row or (0, None)
    seen.rows, seen.totals = int(count), [int(n) for n in (totals or [])[:20]]
    seen.step = max(1, -(-seen.rows // SAMPLE_ROWS))
    every = f" WHERE {ROW} % {seen.step} = 0" if seen.step > 1 else ""
    con.execute(f"CREATE OR REPLACE TABLE sample AS SELECT * FROM ({seen.source.scan}){every}")
    counted = con.execute("SELECT count(*) FROM sample").fetchone()
    seen.sampled = int(counted[0]) if counted else 0


def _measure(
    con: duckdb.DuckDBPyConnection, headers: Sequence[str]
) -> list[tuple[int, int, int, int]]:
    """For each column: filled, distinct, longest, numbers in scientific notation."""
    science = r"^\d(\.\d+)?[Ee]\+?\d{2}$"
    cells = ", ".join(
        f"count(nullif(trim({name(h)}), '')), count(DISTINCT nullif(trim({name(h)}), '')), "
        f"coalesce(max(length({name(h)})), 0), count_if(regexp_matches({name(h)}, '{science}'))"
        for h in headers
    )
    row = con.execute(f"SELECT {cells} FROM sample").fetchone() or ()
    return [(row[i], row[i + 1], row[i + 2], row[i + 3]) for i in range(0, len(row), 4)]


def _column(
    con: duckdb.DuckDBPyConnection,
    seen: Survey,
    header: str,
    figures: tuple[int, int, int, int],
    today: date,
) -> Seen:
    filled, distinct, longest, scientific = figures
    values = con.execute(
        f"SELECT DISTINCT v FROM (SELECT trim({name(header)}) AS v FROM sample LIMIT 20000) "
        f"WHERE v <> '' ORDER BY hash(v) LIMIT {VALUES}"
    ).fetchall()
    guessed = guess(header, [v for (v,) in values], seen.dataset, today)
    column = Seen(
        header, guessed, filled / seen.sampled if seen.sampled else 0.0,
        min(distinct, filled), longest, scientific,
    )  # fmt: skip
    if guessed.type is not None and filled:
        column.dirt = dirt(con, "sample", header, guessed.type, today)
        if isinstance(guessed.type, types.Moment):
            column.forms = date_forms(con, "sample", header)
    return column


def _totals(con: duckdb.DuckDBPyConnection, stated: Mapping[str, str]) -> list[Total]:
    """Columns of the totals row that hold a number."""
    found = []
    for header, text in stated.items():
        try:
            figure = Decimal(text.replace(",", ""))
        except InvalidOperation:
            continue
        row = con.execute(
            f"SELECT sum(TRY_CAST(replace({name(header)}, ',', '') AS DECIMAL(38, 4))) FROM sample"
        ).fetchone()
        found.append(Total(header, figure, (row[0] if row else None) or Decimal(0)))
    return found


def _repeated(con: duckdb.DuckDBPyConnection, seen: Survey) -> None:
    """Rows delivered more than once and, where the dataset is known, keys that repeat."""
    joined = ", ".join(f"coalesce({name(h)}, chr(30))" for h in seen.source.headers)
    row = con.execute(
        f"SELECT count(*) - count(DISTINCT hash(concat_ws(chr(31), {joined}))) FROM sample"
    ).fetchone()
    seen.repeated = int(row[0]) if row else 0
    if seen.dataset is None:
        return
    columns = seen.dataset.columns
    parts = [name(columns[k]) for k in seen.dataset.dataset.key if k in columns]
    if len(parts) == len(seen.dataset.dataset.key):
        key = f"concat_ws(chr(31), {', '.join(parts)})"
        filled = " AND ".join(f"trim({part}) <> ''" for part in parts)
        row = con.execute(
            f"SELECT count(*) - count(DISTINCT {key}) FROM sample WHERE {filled}"
        ).fetchone()
        seen.keys_repeated = int(row[0]) if row else 0
