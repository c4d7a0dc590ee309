"""Files that leave the house: nothing in them runs, each says who took it, the ledger says why."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from clew.accounts.models import Account
from clew.audit.models import Entry
from clew.kernel.errors import InputError
from clew.reports.actions import export
from clew.reports.exports import CSV, XLSX, Table

NASTY = (
    "=1+1", "+cmd", "-cmd|' /C calc'!A0", "@SUM(A1)", "\tx", "＝1+1", "<script>alert(1)</script>"
)  # fmt: skip
TABLE = Table("表 t", ("甲", "乙"), [(text, n) for n, text in enumerate(NASTY)] + [("-12.50", 7)])


def test_text_has_no_live_formula_and_keeps_its_values(account: Account) -> None:
    content = export(by=account, what="clues", table=TABLE, kind=CSV, reason="月度核对")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == ["甲", "乙"]
    for (cell, _), text in zip(rows[1:], NASTY, strict=False):
        assert cell.endswith(text)
        assert not cell.startswith(("=", "+", "-", "@", "\t", "＝"))
    assert rows[len(NASTY) + 1] == ["-12.50", "7"]  # an amount stays an amount
    assert "月度核对" in rows[-1][0]
    assert account.code in rows[-1][0]


def test_a_workbook_has_text_cells_only(account: Account, tmp_path: Path) -> None:
    content = export(by=account, what="clues", table=TABLE, kind=XLSX, reason="月度核对")
    path = tmp_path / "t.xlsx"
    path.write_bytes(content)
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in sheet[1 : len(NASTY) + 1]] == [
        text if text.startswith("<") else f"'{text}" for text in NASTY
    ]
    assert b"<f>" not in content
    assert "月度核对" in str(sheet[-1][0])


def test_each_leaves_one_entry_with_its_purpose(account: Account) -> None:
    before = Entry.objects.count()
    export(by=account, what="clues", table=TABLE, kind=CSV, reason="核对 330302194912310012 一案")
    (entry,) = Entry.objects.order_by("-seq")[:1]
    assert Entry.objects.count() == before + 1
    assert entry.verb == "reports.export"
    assert "330302194912310012" not in str(entry.facts)
    assert entry.facts["rows"] == len(TABLE.rows)


@pytest.mark.parametrize(("kind", "reason"), [("exe", "核对"), (CSV, "  ")])
def test_what_is_not_made_leaves_nothing(account: Account, kind: str, reason: str) -> None:
    before = Entry.objects.count()
    with pytest.raises(InputError):
        export(by=account, what="clues", table=TABLE, kind=kind, reason=reason)
    assert Entry.objects.count() == before
