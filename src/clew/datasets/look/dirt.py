"""Dirt of one column, found as ingestion would find it: the engine first, then the kernel."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

import duckdb
import pyarrow as pa

from clew.datasets.ingest import fastpath
from clew.datasets.ingest.careful import ROW
from clew.datasets.lake.engine import name, quote
from clew.datasets.masking import mask
from clew.declare import types

DISTINCT = 4_000
"""Distinct texts of a column that the kernel judges, the most frequent first."""
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Example:
    """Row in the sheet, masked text, and its masked normal form if it can be mended."""

    row: int
    original: str
    normal: str = ""


@dataclass
class Dirt:
    """`mended` tells repairs from faults."""

    code: str
    mended: bool
    count: int = 0
    examples: list[Example] = field(default_factory=list)


def dirt(
    con: duckdb.DuckDBPyConnection, table: str, header: str, type_: types.SemanticType, today: date
) -> list[Dirt]:
    """Faults and repairs of a column by code, the most frequent first."""
    cell = f"trim({name(header)})"
    intact = _intact(type_, "v", today)
    rows = con.execute(
        f"SELECT v, count(*) AS n, min({ROW}) FROM (SELECT {ROW}, {cell} AS v FROM {table}) "
        f"WHERE v <> '' AND NOT coalesce({intact}, false) "
        f"GROUP BY v ORDER BY n DESC, v LIMIT {DISTINCT}"
    ).fetchall()
    delivery = types.Delivery(today)
    found: dict[tuple[str, bool], Dirt] = {}
    for text, count, row in rows:
        checked = type_.check(text, delivery)
        code = checked.repaired or checked.reason
        # Words without a list, and names of another kind, are no dirt of their own.
        if not code or code == "EMPTY":
            continue
        mended = bool(checked.repaired)
        entry = found.setdefault((code, mended), Dirt(code, mended))
        entry.count += count
        if len(entry.examples) < EXAMPLES:
            normal = mask(checked.normal, type_) if mended and checked.normal else ""
            entry.examples.append(Example(int(row), mask(text, type_), normal))
    return sorted(found.values(), key=lambda d: (d.mended, -d.count))


def _intact(type_: types.SemanticType, v: str, today: date) -> str:
    """SQL: true where a text needs no judgement."""
    if isinstance(type_, types.PersonId):
        return fastpath.citizen(v, today)
    if isinstance(type_, types.PersonName):
        return f"regexp_full_match({v}, {quote(fastpath.plain_names())})"
    return f"({fastpath.fast(type_, v, today).value}) IS NOT NULL"


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """The table of counties that the check of citizen numbers reads."""
    codes = pa.table({"code": pa.array(fastpath.counties(), pa.string())})
    con.register("incoming", codes)
    con.execute("CREATE OR REPLACE TABLE counties AS SELECT * FROM incoming")
    con.unregister("incoming")


def date_forms(
    con: duckdb.DuckDBPyConnection, table: str, header: str
) -> list[tuple[str, int, int]]:
    """Ways in which a date column is written, digits as 0: form, count, first row."""
    rows = con.execute(
        f"SELECT regexp_replace(trim({name(header)}), '[0-9]', '0', 'g') AS form, count(*) AS n, "
        f"min({ROW}) FROM {table} WHERE trim({name(header)}) <> '' GROUP BY form "
        "ORDER BY n DESC, form LIMIT 40"
    ).fetchall()
    folded: Counter[str] = Counter()
    first: dict[str, int] = {}
    for form, count, row in rows:
        if any(character.isalpha() and character not in "年月日时分秒T" for character in form):
            continue
        key = form.replace("00", "0").replace("00", "0") if not form.isdigit() else form
        folded[key] += count
        first[key] = min(first.get(key, row), row)
    return [(form, count, first[form]) for form, count in folded.most_common(6)]
