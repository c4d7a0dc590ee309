"""A delivery as departments send it: GB18030, a totals row, 15-digit numbers, amounts in 万元.

Held for the unit and confirmed; what is wrong goes back as the owner's workbook, is mended in a
spreadsheet program, and publishes. Every command runs in a process of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from clew.kernel.workspace import HOME_VARIABLE

SOFFICE = shutil.which("soffice")
HEADERS = (
    "结算流水号", "就诊ID", "身份证号", "姓名", "定点医药机构编号", "医疗类别", "开始时间",
    "结算时间", "总费用（万元）", "基金支付（万元）", "个人账户支出（万元）",
)  # fmt: skip
FULL, SHORT = "330324196803128050", "330324680312805"
ROWS = 12
WRONG = {3: ("结算时间", "2023-02-30"), 7: ("开始时间", "去年冬天"), 10: ("结算时间", "月底")}
"""Row of the table → the cell that breaks the contract."""
MENDED = {
    "2023-02-30": "2023-02-28 11:00:00",
    "去年冬天": "2023-01-09 10:00:00",
    "月底": "2023-01-31 11:00:00",
}
PAID = 2_500
"""元 that the fund paid for each row."""


@dataclass(frozen=True)
class Desk:
    """A clerk at a terminal, in a folder with a workspace."""

    folder: Path

    def clew(self, *arguments: str, code: int = 0) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "clew.cli.main", *arguments, "--json"],
            env=os.environ | {HOME_VARIABLE: str(self.folder / "ws")}, cwd=self.folder,
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        assert FULL not in done.stdout + done.stderr
        return json.loads(done.stdout)

    def live(self) -> tuple[int, int]:
        """Settlements that a run sees, and the fen that the fund paid for them, as a reader without
        Clew counts them."""
        import duckdb

        manifest = json.loads(
            (self.folder / "ws/lake/mi_settlement/manifest.json").read_text(encoding="utf-8")
        )
        files, dead = (
            [str(self.folder / "ws" / entry["path"]) for entry in manifest[kind]]
            for kind in ("rows", "tombstones")
        )
        without = "WHERE row_id NOT IN (FROM read_parquet(?))" if dead else ""
        found = duckdb.execute(
            "SELECT count(DISTINCT setl_id), sum(fund_pay_sumamt)::BIGINT "
            f"FROM read_parquet(?, union_by_name = true) {without}",
            [files, dead] if dead else [files],
        ).fetchone()
        assert found is not None
        return found[0], found[1]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.clew("init", "--seed", "7", "--today", "2023-02-10")
    return made


def delivery(folder: Path) -> Path:
    lines = ["市医保局一月结算信息表", ",".join(HEADERS)]
    for number in range(1, ROWS + 1):
        cells = dict(zip(HEADERS, (
            f"S{number}", f"M{number}", (FULL, SHORT)[number % 2], "张三", "H33030200001", "11",
            "2023-01-09 10:00:00", "2023-01-09 11:00:00", "0.5", "0.25", "0.05",
        ), strict=True))  # fmt: skip
        if number in WRONG:
            cells |= [WRONG[number]]
        lines.append(",".join(cells.values()))
    totals = [str(Decimal(amount) * ROWS) for amount in ("0.5", "0.25", "0.05")]
    lines.append(",".join(["合计", *[""] * 7, *totals]))
    path = folder / "市医保局_结算信息_2023年1月.csv"
    path.write_text("\n".join(lines) + "\n", encoding="gb18030")
    return path


def held_and_confirmed(desk: Desk) -> str:
    """The batch, after the questions were answered. Its counts add up at every step."""
    path = delivery(desk.folder)
    (held,) = desk.clew("ingest", path.name, code=3)
    assert (held["status"], held["dataset"]) == ("held", "mi_settlement")
    assert "万元" in held["cause"]
    assert not (desk.folder / "ws/lake/mi_settlement").exists()
    (published,) = desk.clew("datasets", "confirm", held["batch"])
    assert published["status"] == "published"
    assert published["rows"] == ROWS
    assert published["quarantined"] == len(WRONG)
    assert published["accepted"] == ROWS - len(WRONG)
    assert desk.live() == (ROWS - len(WRONG), (ROWS - len(WRONG)) * PAID * 100)
    report = desk.clew("datasets", "show", published["batch"])
    assert report["control"] and all(total["ok"] for total in report["control"].values())
    return str(published["batch"])


def mended_by_hand(book: Path) -> Path:
    """The workbook with its red cells mended, written cell for cell."""
    fixed = book.with_name("改好.xlsx")
    old = CalamineWorkbook.from_path(str(book))
    with Workbook(str(fixed)) as target:
        for meta in old.sheets_metadata:
            sheet = target.add_worksheet(meta.name)
            rows = old.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
            for r, row in enumerate(rows):
                for c, cell in enumerate(row):
                    sheet.write_string(r, c, MENDED.get(str(cell), str(cell)))
    return fixed


def converted(path: Path, form: str, into: Path) -> Path:
    """The document as a spreadsheet program writes it in another format."""
    assert SOFFICE is not None
    subprocess.run(
        [SOFFICE, f"-env:UserInstallation=file://{path.parent}/office", "--headless",
         "--convert-to", form, "--outdir", str(into), str(path)],
        capture_output=True, check=True, timeout=180,
    )  # fmt: skip
    return into / f"{path.stem}.{form}"


def mended_in_an_office_program(book: Path) -> Path:
    """Opened by LibreOffice, its cells edited in the open document's own text, saved as .xlsx."""
    folder = book.parent / "office-files"
    opened = converted(book, "fods", folder)
    text = opened.read_text(encoding="utf-8")
    for wrong, right in MENDED.items():
        cell = f"<text:p>{wrong}</text:p>"
        # Once in the cell itself; comments quote no values.
        assert text.count(cell) == 1, wrong
        text = text.replace(cell, f"<text:p>{right}</text:p>")
    opened.write_text(text, encoding="utf-8")
    return converted(opened, "xlsx", folder / "sent")


@pytest.mark.parametrize(
    "mend",
    [
        mended_by_hand,
        pytest.param(
            mended_in_an_office_program,
            marks=pytest.mark.skipif(SOFFICE is None, reason="no LibreOffice (soffice) here"),
        ),
    ],
)
def test_what_was_wrong_comes_back_right(mend: Any, desk: Desk) -> None:
    batch = held_and_confirmed(desk)
    listed = desk.clew("quarantine", "list", batch)
    # The title and the header stand in the file's first two lines.
    assert {r["row"] for r in listed} == {number + 2 for number in WRONG}
    book = desk.folder / desk.clew("quarantine", "export", batch)["file"]
    back = desk.clew("quarantine", "resubmit", str(mend(book)))
    assert (back["corrects"], back["sent"], back["waiting"]) == (batch, len(WRONG), 0)
    (receipt,) = back["receipts"]
    assert (receipt["status"], receipt["accepted"]) == ("published", len(WRONG))
    assert desk.live() == (ROWS, ROWS * PAID * 100)
    batches = desk.clew("datasets", "batches")
    for found in batches:
        assert found["rows"] == found["accepted"] + found["quarantined"] + found["duplicates"]
    assert sum(found["accepted"] for found in batches) == ROWS
    for number in WRONG:
        (row,) = [r for r in desk.clew("trace", f"S{number}") if r["state"] == "live"]
        assert row["batch"] == receipt["batch"]
    assert desk.clew("audit", "verify")["ok"]


def test_a_cell_still_wrong_stays_in_quarantine(desk: Desk) -> None:
    batch = held_and_confirmed(desk)
    book = desk.folder / desk.clew("quarantine", "export", batch)["file"]
    back = desk.clew("quarantine", "resubmit", book.name)
    (receipt,) = back["receipts"]
    assert (receipt["accepted"], receipt["quarantined"]) == (0, len(WRONG))
    assert desk.live() == (ROWS - len(WRONG), (ROWS - len(WRONG)) * PAID * 100)
    again = desk.clew("quarantine", "list", receipt["batch"])
    assert len({r["row"] for r in again}) == len(WRONG)
