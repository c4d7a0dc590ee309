"""Workbooks of the old binary format (.xls), as an office program writes them.

`settlements.xls` was saved by LibreOffice: a title over the table, an institution merged over three
rows, dates as serials, a code as a number, a required cell #DIV/0!, a totals row of formulas, a
hidden sheet with old rows, a second table. Its persons are invented.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from clew.accounts.models import Account
from clew.datasets import places, queries
from clew.datasets.ingest.deliver import Request, deliver
from clew.datasets.look.files import look
from tests.unit.datasets.conftest import live_rows
from tests.unit.datasets.test_workbook import book

FILE = Path(__file__).parents[2] / "data" / "settlements.xls"
COLUMNS = (
    "setl_id, fixmedins_code, med_type, CAST(begntime AS VARCHAR), CAST(setl_time AS VARCHAR), "
    "medfee_sumamt, fund_pay_sumamt, acct_pay"
)
DAY, END = "2023-02-09 10:00:00", "2023-02-09 11:30:15"


@pytest.mark.parametrize("name", ["结算.xls", "结算.xlsx", "结算.csv", "结算"])
def test_an_old_workbook_is_read_whatever_it_is_called(
    name: str, clerk: Account, tmp_path: Path
) -> None:
    path = tmp_path / name
    shutil.copyfile(FILE, path)
    settled, death = deliver(Request(path), by=clerk)
    assert (settled.dataset, settled.status) == ("mi_settlement", "published")
    assert (settled.rows, settled.accepted, settled.quarantined) == (3, 2, 1)
    assert (death.dataset, death.status, death.accepted) == ("death_health", "published", 1)
    assert live_rows("mi_settlement", COLUMNS) == [
        ("S1", "H33030200001", "11", DAY, END, 10010, 5000, 500),
        ("S2", "H33030200001", "11", DAY, END, 123456, 100005, 500),
    ]
    batch = queries.batch(settled.batch)
    ((row, reasons),) = [(q.row, q.reasons) for q in places.quarantined_rows(batch)]
    assert (row, reasons) == (5, ("acct_pay:EMPTY",))
    report = batch.report
    assert report["container"]["hidden_sheets"] == ["旧数据"]
    assert report["container"]["merged_cells"] == 2
    assert {c: e["ok"] for c, e in report["control"].items()} == {
        "medfee_sumamt": True, "fund_pay_sumamt": True,
    }  # fmt: skip
    assert "某院结算信息表" in report["table"]["above"][0]


def test_a_first_look_at_an_old_workbook() -> None:
    seen = look(FILE)
    assert [t.likely[0].dataset.name for t in seen.tables] == ["mi_settlement", "death_health"]
    assert seen.refused == []


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice (soffice) here")
def test_old_and_new_format_hold_the_same(clerk: Account, tmp_path: Path) -> None:
    """Saved in the other format by a spreadsheet program, the file is the one already taken in."""
    first = deliver(Request(FILE), by=clerk)
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless",
         "--convert-to", "xlsx", "--outdir", str(tmp_path), str(FILE)],
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    again = deliver(Request(tmp_path / "settlements.xlsx"), by=clerk)
    assert [(r.status, r.batch) for r in again] == [("duplicate", r.batch) for r in first]


def test_a_damaged_old_workbook_is_refused(clerk: Account, tmp_path: Path) -> None:
    content = FILE.read_bytes()
    for number, length in enumerate((8, 600, 4_000, len(content) - 1_500)):
        path = tmp_path / f"{number}.xls"
        path.write_bytes(content[:length])
        receipts = deliver(Request(path), by=clerk)
        assert {r.status for r in receipts} <= {"refused", "published", "held"}
        if length < 4_000:
            assert [r.status for r in receipts] == ["refused"]
    (mixed,) = deliver(_renamed(tmp_path), by=clerk)
    assert mixed.status == "refused"


def _renamed(folder: Path) -> Request:
    """A new workbook without a table, called .xls."""
    path = folder / "菜单.xls"
    path.write_bytes(book(菜单=[["菜名", "辣度"], ["豆腐", 3]]))
    return Request(path)
