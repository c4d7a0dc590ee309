"""The quality report of a batch: what every delivery is told about itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb
import pyarrow.parquet as pq

from clew.datasets.ingest.alarms import Alarm, told
from clew.datasets.ingest.reading import ROW
from clew.datasets.ingest.typed import Typed, select, values
from clew.datasets.lake.store import Staged
from clew.datasets.models import Batch, LakeFile
from clew.declare import T
from clew.declare.types import Money, PersonId

UNIT_RATIO = (8_000, 12_500)
VOLUME_ALARM = 0.3
SAMPLE_ROWS = 100_000


@dataclass
class Report:
    """`held_for` says what a person must confirm first, `confirmed` what one has.

    `layout` is how the file was read (headers, delimiter, column → SQL over the file), `mapping`
    the mapping file's content; `control` compares the totals row column by column; `table` tells
    what stood above and below the table, `container` how the sheet was got at. `overlaps` and
    `alarms` say what stands out beside earlier batches and the contract's bounds. A returned
    quarantine names the batch it `corrects` and, row by row, the rows of that batch's file.
    """

    period: tuple[date | None, date | None] = (None, None)
    repaired: Counter[str] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)
    quarantined: Counter[str] = field(default_factory=Counter)
    filled: list[str] = field(default_factory=list)
    medians: dict[str, int] = field(default_factory=dict)
    key_coverage: float | None = None
    stale: int = 0
    unknown_columns: list[str] = field(default_factory=list)
    volume_change: float | None = None
    held_for: list[dict[str, str]] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    layout: dict[str, Any] = field(default_factory=dict)
    mapping: Any = None
    corrects: str = ""
    corrected_rows: list[int] = field(default_factory=list)
    supersedes: str = ""
    overlaps: list[dict[str, Any]] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    control: dict[str, dict[str, Any]] = field(default_factory=dict)
    table: dict[str, Any] = field(default_factory=dict)
    container: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "repaired": dict(sorted(self.repaired.items())),
            "flagged": dict(sorted(self.flagged.items())),
            "quarantined": dict(sorted(self.quarantined.items())),
            "filled": self.filled,
            "medians": self.medians,
            "key_coverage": self.key_coverage,
            "stale": self.stale,
            "unknown_columns": self.unknown_columns,
            "volume_change": self.volume_change,
            "held_for": self.held_for,
            "confirmed": self.confirmed,
            "layout": self.layout,
            "mapping": self.mapping,
        } | self._where_known()

    def _where_known(self) -> dict[str, Any]:
        known: dict[str, Any] = {
            "control": self.control, "table": self.table, "container": self.container,
            "supersedes": self.supersedes, "overlaps": self.overlaps, "alarms": self.alarms,
        }  # fmt: skip
        if self.corrects:
            known |= {"corrects": self.corrects, "corrected_rows": self.corrected_rows}
        return {key: value for key, value in known.items() if value}


def period(con: duckdb.DuckDBPyConnection, typed: Typed) -> tuple[date | None, date | None]:
    """Span of the main date over rows that are not quarantined."""
    main = typed.dataset.main_date
    if main is None:
        return None, None
    when = f"CAST({values(typed)[main].sql} AS DATE)"
    body = select(typed, {ROW: f"t.{ROW}", "day": when}, [main])
    row = con.execute(
        f"SELECT min(day), max(day) FROM ({body}) "
        f"WHERE {ROW} NOT IN (SELECT {ROW} FROM quarantined)"
    ).fetchone()
    return (row[0], row[1]) if row else (None, None)


def key_coverage(con: duckdb.DuckDBPyConnection, typed: Typed) -> float | None:
    """Share of rows with a usable person ID, in percent with two decimals."""
    persons = [c for c in typed.columns if isinstance(c.type, PersonId)]
    if not persons:
        return None
    first = persons[0].name
    body = select(typed, {"key": values(typed)[first].sql}, [first])
    row = con.execute(f"SELECT count(key), count(*) FROM ({body})").fetchone()
    return round(100 * row[0] / row[1], 2) if row and row[1] else None


def medians(con: duckdb.DuckDBPyConnection, typed: Typed) -> dict[str, int]:
    """Median of each money column over at most SAMPLE_ROWS evenly spread rows, in fen."""
    money = [c.name for c in typed.columns if isinstance(c.type, Money)]
    if not money:
        return {}
    lake = values(typed)
    body = select(typed, {ROW: f"t.{ROW}"} | {c: lake[c].sql for c in money}, money)
    total = con.execute("SELECT count(*) FROM typed").fetchone()
    step = max(1, (int(total[0]) if total else 0) // SAMPLE_ROWS)
    cells = ", ".join(f"CAST(median(nullif(abs({c}), 0)) AS BIGINT)" for c in money)
    row = con.execute(f"SELECT {cells} FROM ({body}) WHERE {ROW} % {step} = 0").fetchone()
    return {c: int(v) for c, v in zip(money, row or (), strict=True) if v is not None}


def filled(staged: Sequence[Staged]) -> list[str]:
    """Lake columns with at least one value, read from the staged files' own statistics."""
    found: set[str] = set()
    for file in staged:
        if file.kind != LakeFile.ROWS:
            continue
        metadata = pq.read_metadata(file.path)
        for group in range(metadata.num_row_groups):
            for index in range(metadata.num_columns):
                column = metadata.row_group(group).column(index)
                statistics = column.statistics
                nulls = statistics.null_count if statistics else 0
                if nulls is None or nulls < metadata.row_group(group).num_rows:
                    found.add(column.path_in_schema)
    return sorted(found)


def quarantine_reasons(con: duckdb.DuckDBPyConnection, bad: Sequence[str]) -> Counter[str]:
    """Rows by the reason that is named first."""
    counted = con.execute(
        "SELECT reasons[1], count(*) FROM quarantined GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return Counter({str(reason): int(n) for reason, n in counted}) + Counter(f":{b}" for b in bad)


def compare(report: Report, batch: Batch, rows: int) -> None:
    """Meets the latest published batch of the dataset: units that jump, volumes that swing."""
    before = (
        Batch.objects.filter(dataset=batch.dataset, status=Batch.PUBLISHED, rows__gt=0)
        .order_by("-id")
        .first()
    )
    if before is None:
        return
    report.volume_change = round(rows / before.rows - 1, 4)
    for column, median in report.medians.items():
        old = before.report.get("medians", {}).get(column)
        if not old or not median:
            continue
        for high, low in ((median, old), (old, median)):
            if UNIT_RATIO[0] <= high / low <= UNIT_RATIO[1]:
                report.held_for.append({"what": "unit", "column": column, "previous": before.code})


def surroundings(found: Report) -> list[str]:
    """What was left out around the table or done to get at it, in both languages."""
    table, container = found.table, found.container
    said = []
    if hidden := container.get("hidden_sheets"):
        said.append(f"隐藏的工作表未读取: {', '.join(hidden)} (hidden sheets were not read)")
    if others := container.get("other_sheets"):
        said.append(f"其他工作表: {', '.join(others)} (other sheets, no table of ours or apart)")
    if merged := container.get("merged_cells"):
        said.append(f"合并单元格已逐行补齐 {merged} 格 (merged cells repeated row by row)")
    if errors := container.get("error_cells"):
        said.append(f"{errors} 个公式错误单元格按空值处理 (cells with errors, read as empty)")
    if above := table.get("above"):
        said.append(f"表头上方 {len(above)} 行不是数据 (lines above the header)")
    if below := table.get("below"):
        said.append(f"表格下方 {len(below)} 行说明不是数据 (notes below the table)")
    if found.control:
        right = sum(e["ok"] for e in found.control.values())
        said.append(f"合计行核对 {right}/{len(found.control)} 列一致 (totals row checked)")
    return said + [f"{text.zh} ({text.en})" for text in beside(found)]


def beside(found: Report) -> list[T]:
    """Alarms, and earlier batches of the same days."""
    return [told(alarm) for alarm in found.alarms] + [
        T(
            f"与批次 {o['batch']} 的期间重叠 {o['days']} 天: {o['first']} 至 {o['last']}",
            f"its period overlaps batch {o['batch']} by {o['days']} days",
        )
        for o in found.overlaps
    ]
