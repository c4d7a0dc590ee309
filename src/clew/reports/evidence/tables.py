"""Evidence rows as their owners know them: one table for each dataset and set of headers.

Cells hold the normal form that Clew works with, under the header of the delivered file; a cell that
was mended at ingest also tells what stood there. Persons are masked unless asked for in clear, with
reason, in `actions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from clew.datasets import content, places
from clew.datasets.excel.cells import SEXES
from clew.datasets.ingest.recognise import match
from clew.datasets.lake.engine import name
from clew.datasets.models import Batch
from clew.declare import Column, Dataset, registry
from clew.declare.types import Code, Money, PersonId, Sex, Timestamp
from clew.detection.models import Evidence, Hit
from clew.kernel.money import yuan
from clew.reports.evidence.marks import Asserted, marked
from clew.reports.evidence.masks import Persons, shown

MONEY, TEXT = "money", "text"


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of one batch stood in its file: headers that were read, each with the columns
    that it fed, and headers that no column took.
    """

    contract: type[Dataset]
    headers: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    unread: tuple[str, ...]


def tables(
    hits: Sequence[Hit], rows: Mapping[int, Sequence[Evidence]], persons: Persons
) -> list[dict[str, Any]]:
    """Tables in order of dataset and headers, their rows in order of delivery; each row names the
    clues that rest on it, in which role, and the positions of cells that carry what they state.
    """
    used: dict[int, list[tuple[Hit, Evidence]]] = {}
    for hit in hits:
        for row in rows[hit.pk]:
            used.setdefault(row.row_id, []).append((hit, row))
    cells, mended = content.cells(used), content.mended(used)
    gone = places.gone(used)
    batches = Batch.objects.in_bulk({r.batch for found in rows.values() for r in found},
                                    field_name="code")  # fmt: skip
    grouped: dict[tuple[str, tuple[str, ...]], list[dict[str, Any]]] = {}
    layouts: dict[tuple[str, tuple[str, ...]], Layout] = {}
    for row_id in sorted(used):
        place = used[row_id][0][1]
        batch = batches[place.batch]
        how = layout(batch)
        key = (place.dataset, how.headers)
        layouts.setdefault(key, how)
        grouped.setdefault(key, []).append(
            _row(how, batch, used[row_id], cells.get(row_id), mended.get(row_id, ()), persons)
            | {"state": gone.get(row_id, places.LIVE)}
        )
    return [_table(layouts[key], grouped[key]) for key in sorted(grouped)]


def layout(batch: Batch) -> Layout:
    """From the batch's own report; one that has none is matched by its contract's titles."""
    contract = registry.dataset(batch.dataset)
    read = batch.report.get("layout") or {}
    headers = list(read.get("headers") or [c.title.zh for c in contract.columns.values()])
    sources: Mapping[str, str] = read.get("columns") or {
        column: name(header) for column, header in match(contract, headers).columns.items()
    }
    fed = {
        header: tuple(c for c, sql in sources.items() if name(header) in sql) for header in headers
    }
    return Layout(
        contract,
        tuple(h for h in headers if fed[h]),
        {h: columns for h, columns in fed.items() if columns},
        tuple(h for h in headers if not fed[h]),
    )


def _table(how: Layout, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "dataset": how.contract.name,
        "title": {"zh": how.contract.title.zh, "en": how.contract.title.en},
        "owners": list(how.contract.owners),
        "headers": list(how.headers),
        "kinds": [_kind(how, h) for h in how.headers],
        "not_kept": list(how.unread),
        "rows": rows,
    }


def _row(
    how: Layout,
    batch: Batch,
    uses: Sequence[tuple[Hit, Evidence]],
    values: Mapping[str, Any] | None,
    mended: Iterable[content.Mended],
    persons: Persons,
) -> dict[str, Any]:
    place = uses[0][1]
    corrected = batch.report.get("corrected_rows") or []
    first = corrected[place.row - 1] if 0 < place.row <= len(corrected) else place.row
    stated = [Asserted.by(hit, row) for hit, row in uses]
    held = values or {}
    return {
        "batch": place.batch, "file": place.file, "row": place.row, "row_in_first_file": first,
        "purged": values is None,
        "uses": [{"clue": hit.clue.code, "role": row.role} for hit, row in uses],
        "cells": [_cell(how, h, held, persons) for h in how.headers],
        "marked": [
            at for at, h in enumerate(how.headers)
            if any(marked(how.contract, c, held.get(c), stated) for c in how.columns[h])
        ],
        "mended": [
            {"header": at, "code": cell.code, "repaired": cell.repaired,
             "original": shown(how.contract, how.contract.columns[cell.column],
                               cell.original, persons)}
            for cell in mended
            for at, h in enumerate(how.headers) if cell.column in how.columns[h]
        ],
    }  # fmt: skip


def _kind(how: Layout, header: str) -> str:
    types = [how.contract.columns[c].type for c in how.columns[header]]
    return MONEY if len(types) == 1 and isinstance(types[0], Money) else TEXT


def _cell(how: Layout, header: str, values: Mapping[str, Any], persons: Persons) -> str:
    """One header's text; a header that fed several columns shows each value once."""
    told = [
        shown(how.contract, column, _text(column, values.get(column.name), persons), persons)
        for column in (how.contract.columns[c] for c in how.columns[header])
    ]
    return " / ".join(dict.fromkeys(text for text in told if text))


def _text(column: Column, value: Any, persons: Persons) -> str:
    if value is None:
        return ""
    if isinstance(column.type, PersonId):
        return persons.number(int(value))
    if isinstance(column.type, Money):
        return yuan(int(value))
    if isinstance(column.type, Code):
        meaning = column.type.meanings.get(value, "").split("/")[0]
        return f"{value} {meaning}" if meaning not in ("", value) else str(value)
    if isinstance(column.type, Sex):
        return f"{value} {SEXES.get(value, '')}".strip()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        day = value.time() == datetime.min.time() and not isinstance(column.type, Timestamp)
        return value.date().isoformat() if day else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
