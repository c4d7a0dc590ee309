"""Dirt inside one cell: every case delivered through the file door, one file a dataset."""

from __future__ import annotations

import csv
import getpass
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from clew.accounts.models import Account
from clew.datasets import places, queries
from clew.datasets.ingest.deliver import Receipt, Request, deliver
from clew.datasets.lake.engine import connect, files_sql, name
from clew.datasets.lake.layout import SHEET_ROW
from clew.datasets.models import LakeFile
from clew.declare import registry
from clew.declare.types import PersonId
from clew.kernel.identifiers import uscc
from clew.kernel.names import organisation_name_key
from clew.kernel.workspace import Workspace
from tests.spec.dirt.case import FLAGGED, LEFT, QUARANTINED, READ, REPAIRED, Cell
from tests.spec.dirt.cells import CELLS
from tests.workspaces import lasting_workspace

AS_OF = date(2023, 10, 31)
ROWS: dict[str, dict[str, str]] = {
    "mi_person": {"psn_no": "N{}", "certno": "", "psn_name": "张三", "brdy": "", "hukou_div": "",
                  "resd_village": "", "addr": "", "card_void_date": ""},
    "death_health": {"cert_no": "C{}", "certno": "", "psn_name": "张三",
                     "death_time": "2023-03-01 08:00:00"},
    "mi_settlement": {"setl_id": "S{}", "mdtrt_id": "M{}", "certno": "", "psn_name": "张三",
                      "fixmedins_code": "H33030200001", "med_type": "11",
                      "begntime": "2023-02-09 10:00:00", "setl_time": "2023-02-09 11:00:00",
                      "medfee_sumamt": "100.00", "fund_pay_sumamt": "50", "acct_pay": "5"},
    "org_registry": {"emp_uscc": "{code}", "name": "某公司"},
    "mi_complaint": {"cmpl_no": "T{}", "recv_date": "2023-02-09", "content": "某事"},
}  # fmt: skip
"""A clean row of each dataset; a case replaces one cell of it."""


def credit_code(n: int) -> str:
    """A made-up credit code that passes its check."""
    codes = (f"91330300MA{n:07}{last}" for last in "0123456789ABCDEFGHJKLMNPQRTUWXY")
    return next(code for code in codes if uscc(code).normal == code)


@dataclass
class Delivered:
    """What became of the cells of one dataset, by sheet row."""

    receipt: Receipt
    rows: dict[int, dict[str, str | None]]
    notes: dict[tuple[int, str], list[tuple[str, bool, str, str | None]]]
    quarantined: dict[int, tuple[str, ...]]


@pytest.fixture(scope="module")
def delivered(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Delivered]]:
    """Every cell of one dataset in one file, all delivered once."""
    folder = tmp_path_factory.mktemp("dirt")
    with lasting_workspace(
        django_db_blocker, folder / "city", seed=7, today=AS_OF, os_user=getpass.getuser()
    ) as by:
        yield {dataset: _deliver(folder, dataset, by) for dataset in ROWS}


def _cells(dataset: str) -> list[Cell]:
    return [cell for cell in CELLS if cell.dataset == dataset]


def _deliver(folder: Path, dataset: str, by: Account) -> Delivered:
    content = io.StringIO()
    table = csv.writer(content, lineterminator="\n")
    table.writerow(ROWS[dataset])
    for n, cell in enumerate(_cells(dataset)):
        code = credit_code(n)
        row = {c: text.format(n, code=code) for c, text in ROWS[dataset].items()}
        row |= {cell.column: cell.text}
        table.writerow(row.values())
    path = folder / f"{dataset}.csv"
    path.write_text(content.getvalue(), encoding="utf-8")
    (receipt,) = deliver(Request(path, dataset), by=by)
    assert receipt.status == "published", receipt
    waiting = places.quarantined_rows(queries.batch(receipt.batch))
    found = {row.row: tuple(row.reasons) for row in waiting}
    return Delivered(receipt, _rows(dataset), _notes(dataset), found)


def _rows(dataset: str) -> dict[int, dict[str, str | None]]:
    workspace, contract = Workspace.current(), registry.dataset(dataset)
    persons = queries.paths(workspace, None, LakeFile.IDENTITIES)
    cells = []
    for column in contract.schema():
        declared = contract.columns.get(column)
        value = f"CAST({name(column)} AS VARCHAR)"
        if declared and isinstance(declared.type, PersonId) and persons:
            value = f"(SELECT number FROM {files_sql(persons)} AS p WHERE p.key = {name(column)})"
        cells.append(f"{value} AS {name(column)}")
    with connect(workspace) as con:
        answer = con.execute(
            f"SELECT CAST(row_id & {SHEET_ROW} AS BIGINT), {', '.join(cells[1:])} "
            f"FROM ({queries.live_sql(workspace, dataset)})"
        )
        titles = [d[0] for d in answer.description or ()]
        return {
            int(row[0]): dict(zip(titles[1:], row[1:], strict=True)) for row in answer.fetchall()
        }


def _notes(dataset: str) -> dict[tuple[int, str], list[tuple[str, bool, str, str | None]]]:
    workspace = Workspace.current()
    files = queries.paths(workspace, dataset, LakeFile.REPAIRS)
    notes: dict[tuple[int, str], list[tuple[str, bool, str, str | None]]] = {}
    if not files:
        return notes
    with connect(workspace) as con:
        for row_id, column, *note in con.execute(
            f"SELECT row_id, column_name, code, repaired, original, normal FROM {files_sql(files)}"
        ).fetchall():
            code, repaired, original, normal = note
            key = (int(row_id) & SHEET_ROW, str(column))
            notes.setdefault(key, []).append((code, repaired, original, normal))
    return notes


@pytest.mark.django_db
@pytest.mark.parametrize("cell", CELLS, ids=lambda c: f"{c.code}-{c.place}-{c.title.en}")
def test_a_cell(cell: Cell, delivered: dict[str, Delivered]) -> None:
    found = delivered[cell.dataset]
    row = 2 + _cells(cell.dataset).index(cell)
    notes = found.notes.get((row, cell.column), [])
    told = [(code, repaired) for code, repaired, _, _ in notes]
    if cell.kind is QUARANTINED:
        assert row not in found.rows
        assert found.quarantined[row] == (f"{cell.column}:{cell.reason}",)
        return
    assert _value(found.rows[row], cell) == cell.becomes
    assert told == {
        REPAIRED.en: [(cell.reason, True)], FLAGGED.en: [(cell.reason, False)],
        READ.en: [], LEFT.en: [],
    }[cell.kind.en]  # fmt: skip
    if cell.kind is REPAIRED:
        (_, _, original, normal) = notes[0]
        assert original == cell.text
        assert normal and normal != original


def _value(row: dict[str, str | None], cell: Cell) -> str | None:
    if cell.seen == "=":
        return organisation_name_key(row[cell.column])
    value = row[cell.seen or cell.column]
    if cell.place == "mi_person.addr":
        # Whatever is read from an address, the text itself stays.
        assert row["addr"] == (None if cell.reason == "D03_PLACEHOLDER" else cell.text)
    return value
