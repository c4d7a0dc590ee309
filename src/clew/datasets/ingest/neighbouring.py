"""A delivery beside what is held already: other datasets' amounts, earlier periods, originals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb

from clew.datasets import queries
from clew.datasets.ingest.reading import ROW
from clew.datasets.ingest.report import SAMPLE_ROWS, UNIT_RATIO
from clew.datasets.ingest.typed import Typed, select, values
from clew.datasets.lake.engine import name
from clew.datasets.models import Batch
from clew.declare import Compare, Dataset, registry
from clew.kernel.workspace import Workspace

ORPHAN = "D15_ORPHAN"


def units_elsewhere(
    con: duckdb.DuckDBPyConnection, typed: Typed, workspace: Workspace
) -> list[dict[str, str]]:
    """Reasons to hold: money columns whose sums stand about 10,000 to 1, in the median over the
    shared keys, to the same facts in another dataset.
    """
    found = []
    for pair in _pairs(typed.dataset):
        if pair.column not in typed.delivered or pair.on not in typed.delivered:
            continue
        ratio = _median_ratio(con, typed, pair, workspace)
        if ratio and any(UNIT_RATIO[0] <= r <= UNIT_RATIO[1] for r in (ratio, 1 / ratio)):
            other = f"{pair.other_dataset}.{pair.other_column}"
            found.append({"what": "unit", "column": pair.column, "against": other})
    return found


def _pairs(contract: type[Dataset]) -> Iterator[Compare]:
    """The contract's own comparisons, and those that other contracts declare with it."""
    yield from contract.compare
    for other in registry.datasets().values():
        for pair in other.compare:
            if pair.other_dataset == contract.name:
                yield Compare(pair.other_column, other.name, pair.column, pair.on)


def _median_ratio(
    con: duckdb.DuckDBPyConnection, typed: Typed, pair: Compare, workspace: Workspace
) -> float | None:
    live = queries.live_sql(workspace, pair.other_dataset)
    if not live:
        return None
    lake = values(typed)
    own = select(
        typed, {ROW: f"t.{ROW}", "key": lake[pair.on].sql, "amount": lake[pair.column].sql},
        [pair.on, pair.column],
    )  # fmt: skip
    total = con.execute("SELECT count(*) FROM typed").fetchone()
    step = max(1, (int(total[0]) if total else 0) // SAMPLE_ROWS)
    row = con.execute(
        f"""
        WITH own AS (
            SELECT key, sum(amount) AS amount FROM ({own})
            WHERE hash(key) % {step} = 0
              AND {ROW} NOT IN (SELECT {ROW} FROM quarantined)
              AND {ROW} NOT IN (SELECT {ROW} FROM lost)
            GROUP BY key
        ), other AS (
            SELECT {name(pair.on)} AS key, sum({name(pair.other_column)}) AS amount FROM {live}
            WHERE {name(pair.on)} IN (SELECT key FROM own) GROUP BY 1
        )
        SELECT median(abs(own.amount / other.amount)) FROM own JOIN other USING (key)
        WHERE own.amount <> 0 AND other.amount <> 0
        """
    ).fetchone()
    return float(row[0]) if row and row[0] is not None else None


def orphans(con: duckdb.DuckDBPyConnection, typed: Typed, workspace: Workspace) -> int:
    """Reversing rows whose original is neither in this delivery nor held."""
    reversal = typed.dataset.reversal
    if reversal is None or reversal.flag not in typed.delivered:
        return 0
    lake, key = values(typed), typed.dataset.key[0]
    rows = select(
        typed,
        {ROW: f"t.{ROW}", "key": lake[key].sql, "reverses": lake[reversal.flag].sql,
         "original": lake[reversal.original].sql},
        [key, reversal.flag, reversal.original],
    )  # fmt: skip
    kept = f"{ROW} NOT IN (SELECT {ROW} FROM quarantined)"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE orphaned AS SELECT original FROM ({rows}) "
        f"WHERE reverses AND {kept} AND {ROW} NOT IN (SELECT {ROW} FROM lost)"
    )
    counted = con.execute("SELECT count(*) FROM orphaned").fetchone()
    if not counted or not counted[0]:
        return 0
    known = f"SELECT key FROM ({rows}) WHERE {kept}"
    if live := queries.live_sql(workspace, typed.dataset.name):
        known += f" UNION ALL SELECT {name(key)} FROM {live}"
    found = con.execute(
        "SELECT count(*) FROM orphaned LEFT JOIN "
        f"(SELECT DISTINCT key FROM ({known})) AS known ON known.key = orphaned.original "
        "WHERE known.key IS NULL"
    ).fetchone()
    return int(found[0]) if found else 0


def overlaps(batch: Batch, *, except_for: str = "") -> list[dict[str, Any]]:
    """Earlier batches of the same dataset and department that cover some of the same days."""
    if batch.period_start is None or batch.period_end is None:
        return []
    earlier = Batch.objects.filter(
        dataset=batch.dataset, department=batch.department, status=Batch.PUBLISHED,
        period_start__lte=batch.period_end, period_end__gte=batch.period_start,
    ).exclude(code=except_for)  # fmt: skip
    found = []
    for other in earlier.order_by("id"):
        assert other.period_start and other.period_end
        first = max(batch.period_start, other.period_start)
        last = min(batch.period_end, other.period_end)
        found.append(
            {"batch": other.code, "first": first.isoformat(), "last": last.isoformat(),
             "days": (last - first).days + 1}
        )  # fmt: skip
    return found
