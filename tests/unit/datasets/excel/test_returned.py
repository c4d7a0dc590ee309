"""Quarantine goes out as the owner's own sheet, comes back mended, and nothing is lost between."""

from __future__ import annotations

import errno
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from clew.accounts.models import Account
from clew.audit.models import Entry
from clew.datasets import actions, queries
from clew.datasets.excel import marks
from clew.datasets.excel.resubmitting import read_fixed, resubmit
from clew.datasets.excel.returned import DATA_SHEET, returned
from clew.datasets.ingest.deliver import Receipt
from clew.datasets.models import Batch
from clew.datasets.page import batch_page
from clew.datasets.places import QuarantinedRow, quarantined_rows
from clew.kernel.errors import InputError, NotFound, StoreError

HEADERS = (
    "结算流水号", "就诊ID", "身份证号", "姓名", "定点医药机构编号", "医疗类别", "开始时间",
    "结算时间", "总费用", "基金支付", "个人账户支出", "备注",
)  # fmt: skip
NO_DAY, NO_SUM, NO_KEY = 2, 3, 4

Send = Callable[..., Receipt]
Edit = Callable[..., Path]
Cells = list[list[Any]]


def line(number: str, **cells: str) -> list[str]:
    row = dict(
        zip(
            HEADERS,
            (number, "007", "330324196803128050", "张三", "H33030200001", "21",
             "2023-02-09 10:00:00", "2023-02-09 11:00:00", "100.00", "50", "5", ""),
            strict=True,
        )
    )  # fmt: skip
    return list((row | cells).values())


def csv_text(*rows: list[str]) -> str:
    return "".join(",".join(row) + "\n" for row in (list(HEADERS), *rows))


DIRTY = csv_text(
    line("0001", 开始时间="2023-02-30 10:00:00"),
    line("0002", 总费用="约一百"),
    line("", 备注="=HYPERLINK(1)"),
    line("0004"),
    line("0005", 开始时间="9999-12-31", 总费用=""),
)


def cells_of(path: Path) -> Cells:
    book = CalamineWorkbook.from_path(str(path))
    return book.get_sheet_by_name(DATA_SHEET).to_python(skip_empty_area=False)


def column(cells: Cells, title: str) -> int:
    return list(cells[0]).index(title)


@pytest.fixture
def dirty(send: Send) -> Batch:
    receipt = send(DIRTY)
    assert (receipt.accepted, receipt.quarantined) == (1, 4)
    return queries.batch(receipt.batch)


def test_the_sheet_is_the_owners_own(dirty: Batch, tmp_path: Path) -> None:
    cells = cells_of(returned(dirty, tmp_path / "r.xlsx"))
    assert cells[0] == ["行号", "原因", *HEADERS]
    assert [row[0] for row in cells[1:]] == ["2", "3", "4", "6"]
    assert cells[1][2:] == line("0001", 开始时间="2023-02-30 10:00:00")
    assert "开始时间: 日期不存在" in cells[1][1] and "no such date" in cells[1][1]
    assert "总费用: 格式不对, 应为元" in cells[2][1] and "如 1234.50" in cells[2][1]
    assert all(isinstance(cell, str) for row in cells for cell in row)
    two = cells[4][1]
    assert "占位日期" in two and "总费用: 单元格为空" in two


def test_red_cells_say_why_and_only_they(dirty: Batch, tmp_path: Path) -> None:
    path = returned(dirty, tmp_path / "r.xlsx")
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
        comments = archive.read("xl/comments1.xml").decode()
    commented = set(re.findall(r'<comment ref="([A-Z]+\d+)"', comments))
    assert commented == {"I2", "K3", "C4", "I5", "K5"}
    fills = re.findall(r"<fill>.*?</fill>", styles)
    red = next(i for i, fill in enumerate(fills) if "FFF8C9C4" in fill)
    looks = re.findall(r"<xf .*?>", styles.split("<cellXfs", 1)[1].split("</cellXfs>")[0])
    is_red = {i for i, look in enumerate(looks) if f'fillId="{red}"' in look}
    cells = re.findall(r'<c r="([A-Z]+\d+)" s="(\d+)"', sheet)
    assert {ref for ref, style in cells if int(style) in is_red} == commented
    assert sheet.count("<dataValidation ") == 1


def test_mended_rows_are_published_and_linked(
    dirty: Batch, clerk: Account, tmp_path: Path, edit: Edit
) -> None:
    def mend(cells: Cells) -> None:
        cells[1][column(cells, "开始时间")] = "2023-02-28 10:00:00"
        cells[2][column(cells, "总费用")] = 100.5
        cells[3][column(cells, "结算流水号")] = "0003"
        cells[4][column(cells, "开始时间")] = "2023-03-01"
        cells[4][column(cells, "总费用")] = "88"

    path = edit(returned(dirty, tmp_path / "r.xlsx"), **{DATA_SHEET: mend})
    done = resubmit(path, by=clerk)
    (receipt,) = done.receipts
    assert receipt.status == Batch.PUBLISHED
    assert (receipt.rows, receipt.accepted, receipt.quarantined) == (4, 4, 0)
    assert (done.sent, done.waiting, done.corrects) == (4, 0, dirty.code)
    batch = queries.batch(receipt.batch)
    assert batch.report["corrects"] == dirty.code
    assert batch.report["corrected_rows"] == [2, 3, 4, 6]
    assert batch.department == dirty.department
    assert batch.file_name.startswith("结算信息-更正-")
    from clew.datasets.lake.engine import connect, files_sql
    from clew.datasets.models import LakeFile
    from clew.kernel.workspace import Workspace

    workspace = Workspace.current()
    files = queries.paths(workspace, "mi_settlement", LakeFile.ROWS)
    with connect(workspace) as con:
        held = con.execute(
            f"SELECT setl_id, mdtrt_id, medfee_sumamt FROM {files_sql(files)} ORDER BY 1"
        ).fetchall()
    assert held == [("0001", "007", 10000), ("0002", "007", 10050), ("0003", "007", 10000),
                    ("0004", "007", 10000), ("0005", "007", 8800)]  # fmt: skip
    assert not list(workspace.exports.iterdir())
    assert queries.corrections(dirty) == [batch]
    assert f"隔离的行已由批次 {batch.code} 更正, 接收 4 行" in batch_page(dirty)
    again = resubmit(path, by=clerk)
    assert again.receipts[0].status == Batch.DUPLICATE


def test_half_mended_rows_come_back_with_their_first_row_number(
    dirty: Batch, clerk: Account, tmp_path: Path, edit: Edit
) -> None:
    def mend_one(cells: Cells) -> None:
        del cells[3]
        cells[1][column(cells, "开始时间")] = "2023-02-28"

    path = edit(returned(dirty, tmp_path / "r.xlsx"), **{DATA_SHEET: mend_one})
    done = resubmit(path, by=clerk)
    (receipt,) = done.receipts
    assert (receipt.rows, receipt.accepted, receipt.quarantined) == (3, 1, 2)
    assert done.waiting == 1
    second = returned(queries.batch(receipt.batch), tmp_path / "s.xlsx")
    assert [row[0] for row in cells_of(second)[1:]] == ["3", "6"]


def test_formulas_are_dead_and_survive(send: Send, clerk: Account, tmp_path: Path) -> None:
    evil = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")']
    rows = [line("", 备注='"' + e.replace('"', '""') + '"') for e in evil]
    batch = queries.batch(send(csv_text(line("1"), *rows)).batch)
    path = returned(batch, tmp_path / "r.xlsx")
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n).decode() for n in archive.namelist() if n.endswith(".xml")}
    assert not any("<f>" in part or "<f " in part for part in parts.values())
    assert not any("<hyperlink" in part for part in parts.values())
    sheet, styles = parts["xl/worksheets/sheet1.xml"], parts["xl/styles.xml"]
    looks = re.findall(r"<xf .*?>", styles.split("<cellXfs", 1)[1].split("</cellXfs>")[0])
    for row in range(2, 2 + len(evil)):
        style = re.search(rf'<c r="N{row}" s="(\d+)" t="s"', sheet)
        assert style and 'quotePrefix="1"' in looks[int(style[1])]
    assert [row[13] for row in cells_of(path)[1:]] == evil
    assert [row[11] for row in read_fixed(path).rows] == evil


def test_rows_that_could_not_be_split_wait_until_somebody_says_so(
    send: Send, clerk: Account, tmp_path: Path, edit: Edit
) -> None:
    short = ",".join(line("0009")[:5])
    batch = queries.batch(send(csv_text(line("0001"), line("", 备注="x")) + short + "\n").batch)
    path = returned(batch, tmp_path / "r.xlsx")
    cells = cells_of(path)
    assert cells[0][-1] == "原始内容"
    assert cells[2][-1] == short and cells[2][2] == "0009"

    def key_only(cells: Cells) -> None:
        cells[1][2] = "0002"

    done = resubmit(edit(path, **{DATA_SHEET: key_only}), by=clerk)
    assert (done.sent, done.waiting) == (1, 1)

    def both(cells: Cells) -> None:
        key_only(cells)
        cells[2][2:] = [*line("0009"), ""]

    done = resubmit(edit(path, **{DATA_SHEET: both}), by=clerk)
    assert (done.sent, done.waiting) == (2, 0)
    assert done.receipts[0].accepted + done.receipts[0].duplicates == 2


def test_numbers_that_a_spreadsheet_shortened_are_not_believed(
    dirty: Batch, clerk: Account, tmp_path: Path, edit: Edit
) -> None:
    def paste(cells: Cells) -> None:
        cells[1][column(cells, "开始时间")] = "2023-02-28"
        cells[1][column(cells, "身份证号")] = 330324196803128050
        del cells[2:]

    done = resubmit(edit(returned(dirty, tmp_path / "r.xlsx"), **{DATA_SHEET: paste}), by=clerk)
    assert done.receipts[0].accepted == 1
    assert done.receipts[0].flagged == {"D01_PRECISION_LOST": 1}


def test_strangers_and_changed_headers_are_refused(
    dirty: Batch, clerk: Account, tmp_path: Path, edit: Edit
) -> None:
    path = returned(dirty, tmp_path / "r.xlsx")

    def rename(cells: Cells) -> None:
        cells[0][2] = "编号"

    with pytest.raises(InputError, match="表头被改动"):
        resubmit(edit(path, **{DATA_SHEET: rename}), by=clerk)

    def unmark(cells: Cells) -> None:
        cells[:] = [row for row in cells if row[0] != "batch"]

    with pytest.raises(NotFound):
        resubmit(edit(path, **{marks.SHEET: unmark}), by=clerk)

    def other_department(cells: Cells) -> None:
        for row in cells:
            if row[0] == "department":
                row[1] = "elsewhere"

    with pytest.raises(InputError, match="不符"):
        resubmit(edit(path, **{marks.SHEET: other_department}), by=clerk)
    plain = tmp_path / "plain.xlsx"
    plain.write_bytes(b"no workbook")
    with pytest.raises(InputError, match=r"plain\.xlsx"):
        resubmit(plain, by=clerk)


def test_a_clean_batch_has_nothing_to_return(send: Send, tmp_path: Path) -> None:
    batch = queries.batch(send(csv_text(line("1"))).batch)
    with pytest.raises(InputError, match="没有被隔离的行"):
        returned(batch, tmp_path / "r.xlsx")


def test_an_export_that_fails_leaves_ledger_and_files_as_they_were(
    dirty: Batch, clerk: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, before = tmp_path / "r.xlsx", Entry.objects.count()
    path.write_bytes(b"an older file")

    def full(*_: object) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("clew.datasets.actions.returned", full)
    with pytest.raises(StoreError, match="磁盘已满"):
        actions.export_quarantine(by=clerk, batch=dirty, path=path)
    assert path.read_bytes() == b"an older file" and Entry.objects.count() == before


def test_without_a_ledger_nothing_goes_out(
    dirty: Batch, clerk: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(**_: object) -> None:
        raise StoreError("the ledger is closed")

    monkeypatch.setattr("clew.datasets.actions.append", closed)
    with pytest.raises(StoreError):
        actions.export_quarantine(by=clerk, batch=dirty, path=tmp_path / "r.xlsx")
    assert not [p for p in tmp_path.iterdir() if "xlsx" in p.name]


def test_more_rows_than_anybody_mends_go_back_to_the_exporting_program(
    dirty: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clew.datasets.excel.returned.MOST_ROWS", 3)
    with pytest.raises(InputError, match="4 行, 无法逐行手工更正"):
        returned(dirty, tmp_path / "r.xlsx")


def test_a_batch_read_through_a_mapping_comes_back_through_it(
    send: Send, clerk: Account, tmp_path: Path, edit: Edit
) -> None:
    """Foreign headers, an expression over two of them, a constant: red where the cells are."""
    from clew.datasets.ingest import mapping

    columns = {
        "cert_no": "No", "certno": "ID", "psn_name": "Name",
        "death_time": {"expr": "Day || ' ' || Hour"},
    }  # fmt: skip
    entry = {"match": ["No", "ID"], "targets": [{"dataset": "death_health", "columns": columns}]}
    laid = mapping.parse({"mapping": "foreign", "files": [entry]}, "foreign")
    text = "No,ID,Name,Day,Hour\nC1,330324196803128050,张三,2023-02-30,10:00\n"
    receipt = send(text, "f.csv", mapping=laid)
    assert receipt.quarantined == 1
    path = returned(queries.batch(receipt.batch), tmp_path / "r.xlsx")
    with zipfile.ZipFile(path) as archive:
        comments = archive.read("xl/comments1.xml").decode()
    assert set(re.findall(r'<comment ref="([A-Z]+\d+)"', comments)) == {"F2", "G2"}

    def mend(cells: Cells) -> None:
        cells[1][column(cells, "Day")] = "2023-02-28"

    (back,) = resubmit(edit(path, **{DATA_SHEET: mend}), by=clerk).receipts
    assert (back.status, back.accepted) == (Batch.PUBLISHED, 1)


def test_guessed_headers_once_confirmed_stay_confirmed(
    send: Send, clerk: Account, tmp_path: Path, edit: Edit
) -> None:
    receipt = send(DIRTY.replace("就诊ID", "就诊编号"), confirmed=frozenset({"mapping"}))
    path = returned(queries.batch(receipt.batch), tmp_path / "r.xlsx")

    def mend(cells: Cells) -> None:
        cells[1][column(cells, "开始时间")] = "2023-02-28"

    (back,) = resubmit(edit(path, **{DATA_SHEET: mend}), by=clerk).receipts
    assert (back.status, back.accepted, back.quarantined) == (Batch.PUBLISHED, 1, 3)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(rows=st.lists(st.lists(TEXTS, min_size=12, max_size=12), min_size=1, max_size=5))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_survives_the_round_trip(
    rows: list[list[str]], dirty: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is in quarantine is what is read back, cell by cell."""
    kept = [QuarantinedRow(n, ("setl_id:EMPTY",), dict(zip(HEADERS, row, strict=True)))
            for n, row in enumerate(rows, 2)]  # fmt: skip
    monkeypatch.setattr("clew.datasets.excel.returned.quarantined_rows", lambda batch: kept)
    path = returned(dirty, tmp_path / "r.xlsx")
    wanted = [
        list(r.cells.values()) for r in kept if any((v or "").strip() for v in r.cells.values())
    ]
    if wanted:
        assert [list(row) for row in read_fixed(path).rows] == wanted


def test_the_mapping_travels_with_the_batch(dirty: Batch) -> None:
    assert dirty.report["layout"]["headers"] == list(HEADERS)
    assert dirty.report["layout"]["columns"]["certno"] == '"身份证号"'
    assert len(quarantined_rows(dirty)) == 4
