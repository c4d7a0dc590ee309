"""A domain's brief: every figure computed from its rows, every figure with its rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from clew.datasets import places
from clew.datasets.lake.engine import connect
from clew.datasets.models import Batch
from clew.declare import COUNT, DISTINCT, RATIO, SUM, Indicator, Pack, Relations, T, registry
from clew.declare.relations import CORE
from clew.detection import inputs
from clew.detection.engines.duck import DuckEngine
from clew.detection.models import Clue
from clew.detection.queries import current_hits
from clew.kernel import clock
from clew.kernel.errors import NotFound
from clew.kernel.figures import format_figure
from clew.kernel.money import yuan, yuan_text
from clew.kernel.workspace import Workspace
from clew.matters import queries as matters
from clew.matters.models import Matter, Money

YUAN = "元"
# Over the rows that an indicator yields; the engine counts, so that a figure may have millions.
_MEASURES = {
    COUNT: "count(*)",
    SUM: "coalesce(sum(value), 0)",
    DISTINCT: "count(DISTINCT value)",
    RATIO: "coalesce(sum(value), 0)",
}
_BASE = {RATIO: "coalesce(sum(base), 0)"}
NONE = "—"


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is a count, or text: yuan, or per cent ("" without anything under it). `rows` is the
    number of rows it is made of.
    """

    id: str
    label: T
    value: int | str
    unit: str
    text: T
    rows: int


@dataclass(frozen=True, slots=True)
class Brief:
    domain: str
    scale: int
    figures: tuple[Figure, ...]


def brief(domain: str) -> Brief:
    """Every indicator of a pack on what is published and seen now.

    Raises:
        NotFound: no such domain.
    """
    pack = registry.pack(domain)
    scale = int(Workspace.current().config.get("scale", 1))
    with _world(pack) as (con, relations):
        figures = tuple(_figure(con, relations, i, scale) for i in pack.indicators)
    return Brief(domain, scale, figures)


def rows_behind(domain: str, figure: str) -> list[dict[str, Any]]:
    """What a figure is made of, one entry a row: `ref`, and `value` (money in yuan) if it is no
    count.

    Raises:
        NotFound: the domain has no such figure.
    """
    pack = registry.pack(domain)
    found = next((i for i in pack.indicators if i.id == figure), None)
    if found is None:
        raise NotFound(
            f"{domain} 没有指标 {figure} (no such figure)",
            next_step=f"可用: {', '.join(i.id for i in pack.indicators)}",
        )
    with _world(pack) as (con, relations):
        table = con.execute(f"SELECT * FROM ({_sql(relations, found)}) ORDER BY ref")
        rows: list[dict[str, Any]] = table.to_arrow_table().to_pylist()
    if found.unit == YUAN:
        return [{**row, "value": yuan(int(row["value"] or 0))} for row in rows]
    return rows


def way_to(ref: int | str) -> dict[str, str]:
    """What a row behind a figure is, and the code under which it is found: a clue, a matter, an
    entry of money (its matter), a batch, or a source row.
    """
    if isinstance(ref, int):
        place = next(iter(places.evidence_keys([ref]).values()), None)
        return {"kind": "row", "code": f"{place.batch}:{place.row}" if place else str(ref)}
    if Clue.objects.filter(code=ref).exists():
        return {"kind": "clue", "code": ref}
    if entry := Money.objects.filter(code=ref).select_related("matter").first():
        return {"kind": "matter", "code": entry.matter.code, "number": entry.matter.number}
    if matter := Matter.objects.filter(code=ref).first():
        return {"kind": "matter", "code": ref, "number": matter.number}
    return {"kind": "batch", "code": ref}


def _figure(
    con: duckdb.DuckDBPyConnection, relations: Relations, declared: Indicator, scale: int
) -> Figure:
    measured = _MEASURES[declared.measure]
    base = _BASE.get(declared.measure, "0")
    answer = con.execute(f"SELECT {measured}, {base}, count(*) FROM ({_sql(relations, declared)})")
    total, under, rows = (int(n) for n in answer.fetchall()[0])
    if declared.measure == RATIO:
        share = percent(total, under)
        shown = T(*[f"{share}{declared.unit}" if share else NONE] * 2)
        text = _filled(declared.text, shown, shown, scale)
        return Figure(declared.id, declared.label, share, declared.unit, text, rows)
    value: int | str = yuan(total) if declared.unit == YUAN else total
    shown, scaled = _shown(total, declared.unit), _shown(total * scale, declared.unit)
    text = _filled(declared.text, shown, scaled, scale)
    return Figure(declared.id, declared.label, value, declared.unit, text, rows)


def _filled(text: T, value: T, scaled: T, scale: int) -> T:
    return T(
        text.zh.format(value=value.zh, scaled=scaled.zh, scale=scale),
        text.en.format(value=value.en, scaled=scaled.en, scale=scale),
    )


def percent(part: int, whole: int) -> str:
    """Per cent with two decimals, rounded half up; "" where there is no whole."""
    if whole <= 0:
        return ""
    hundredths = (2 * abs(part) * 10_000 + whole) // (2 * whole)
    return f"{'-' if part < 0 and hundredths else ''}{hundredths // 100}.{hundredths % 100:02d}"


def _shown(total: int, unit: str) -> T:
    """The figure in a sentence; in English the sentence names what is counted."""
    if unit == YUAN:
        return T(f"{yuan(total)}{YUAN}", f"{yuan_text(total)} yuan")
    return T(format_figure(total, unit), f"{total:,}")


def _sql(relations: Relations, declared: Indicator) -> str:
    return str(ibis.to_sql(declared.rows(relations), dialect="duckdb"))


@contextmanager
def _world(pack: Pack) -> Iterator[tuple[duckdb.DuckDBPyConnection, Relations]]:
    """The pack's datasets and the core's own relations, in one place to ask."""
    workspace, today = Workspace.current(), clock.today()
    frozen = inputs.freeze(pack.datasets, today)
    relations = Relations(
        {d.name: d for d in pack.datasets}, {d.name: d for d in pack.derived},
        held=frozen.held, as_of=today,
    )  # fmt: skip
    with connect(workspace) as con:
        DuckEngine(con, workspace).open({d.name: d for d in pack.datasets}, frozen)
        con.register("clues", _table("clues", _clues(pack)))
        con.register("matters", _table("matters", _matters(pack)))
        con.register("money", _table("money", _money(pack)))
        con.register("batches", _table("batches", _batches(pack)))
        yield con, relations


def _clues(pack: Pack) -> list[dict[str, Any]]:
    own = {d.id for d in pack.detectors}
    inside = matters.matters_of_clues(pack.name)
    return [
        {"clue": h.clue.code, "detector": h.clue.detector, "severity": h.severity,
         "status": h.clue.status, "subject": h.clue.subject_key, "fund": h.fund,
         "account": h.account, "matter": inside.get(h.clue_id, "")}
        for h in current_hits()
        if h.clue.detector in own
    ]  # fmt: skip


def _matters(pack: Pack) -> list[dict[str, Any]]:
    return [
        {"matter": x.matter.code, "number": x.matter.number, "state": x.matter.state,
         "department": x.matter.department.code, "division": x.matter.division,
         "opened": x.matter.opened_on, "level": x.matter.level, "closed": int(x.matter.closed),
         "overdue": int(x.overdue)}
        for x in matters.lines(matters.of_domain(pack.name))
    ]  # fmt: skip


def _money(pack: Pack) -> list[dict[str, Any]]:
    return [
        {"entry": e.code, "matter": e.matter.code, "kind": e.kind, "fen": fen,
         "booked": e.booked_on, "fund_type": e.fund_type, "credit_to": e.credit_to.code}
        for e, fen in matters.money_of_domain(pack.name)
    ]  # fmt: skip


def _batches(pack: Pack) -> list[dict[str, Any]]:
    own = {d.name for d in pack.datasets}
    return [
        {"batch": b.code, "dataset": b.dataset, "department": b.department.code,
         "status": b.status, "rows": b.rows, "accepted": b.accepted,
         "quarantined": b.quarantined, "duplicates": b.duplicates}
        for b in Batch.objects.select_related("department").filter(dataset__in=own)
    ]  # fmt: skip


def _table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    types = {"string": pa.string(), "int64": pa.int64(), "date": pa.date32()}
    schema = pa.schema([(column, types[kind]) for column, kind in CORE[name].items()])
    return pa.Table.from_pylist(rows, schema=schema)
