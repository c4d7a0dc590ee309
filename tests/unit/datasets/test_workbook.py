"""Workbooks as clerks make them; and as somebody who means harm makes them."""

from __future__ import annotations

import datetime
import io
import random
import struct
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from clew.accounts.models import Account
from clew.datasets import places, queries
from clew.datasets.excel.template import template
from clew.datasets.ingest import table, workbook
from clew.datasets.ingest.deliver import Receipt, Request, confirm, deliver
from clew.datasets.models import Batch
from clew.declare import registry
from clew.kernel.errors import InputError
from tests.unit.datasets.conftest import SETTLEMENT, Send, live_rows, settlement

FILES = 100
DEATHS = ("死亡证明编号", "身份证号", "姓名", "死亡时间")
Rows = Sequence[Sequence[Any]]
Change = Callable[[str], str]


def book(**sheets: Rows) -> bytes:
    """A workbook of sheets of cells; a sheet named with "_" at its end is hidden."""
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as made:
        dates = made.add_format({"num_format": "yyyy/m/d hh:mm:ss"})
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name.rstrip("_"))
            if name.endswith("_"):
                sheet.hide()
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, datetime.datetime):
                        sheet.write_datetime(row, column, cell, dates)
                    else:
                        sheet.write(row, column, cell)
    return content.getvalue()


def changed(content: bytes, **changes: Change) -> bytes:
    """The workbook with parts rewritten, named by the beginning of their file names."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            part = old.read(entry)
            for start, change in changes.items():
                if entry.rpartition("/")[2].startswith(start):
                    part = change(part.decode()).encode()
            new.writestr(entry, part)
    return target.getvalue()


def grid(content: bytes, tmp_path: Path, sheet: str = "A") -> list[list[str]]:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with workbook.opened(path, tmp_path) as opened:
        written = workbook.write(opened, sheet, tmp_path / "a.csv", 100)
        assert written is not None
        return [list(row) for row in written.head]


ROWS = [settlement(n) for n in range(1, 4)]
PLAIN = [SETTLEMENT, *ROWS]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (12, "12"), (12.5, "12.5"), (-0.0, "0"), (0.1 + 0.2, "0.3"), (100000, "100000"),
        (330303196801010011, "3.30303E+17"), (330303680101001, "330303680101001"), (True, "1"),
        (datetime.datetime(2023, 2, 9), "2023-02-09"),
        (datetime.datetime(2023, 2, 9, 8, 30, 1), "2023-02-09 08:30:01"),
        ("'330", "'330"), ("甲\r\n乙", "甲\n乙"), ("", ""), (44966, "44966"),
    ],
)  # fmt: skip
def test_cells_as_text(cell: Any, text: str, tmp_path: Path) -> None:
    assert grid(book(A=[["x", "y"], [cell, "z"]]), tmp_path)[1] == [text, "z"]


def test_a_time_without_a_day_and_numbers_without_bounds() -> None:
    assert workbook.text(datetime.time(8, 30)) == "08:30:00"
    assert workbook.text(float("inf")) == "INF"
    assert workbook.text(float("nan")) == "nan"
    assert workbook.text(datetime.datetime(2023, 2, 9, 8, 29, 59, 999_700)) == "2023-02-09 08:30:00"


def test_a_workbook_is_read_as_its_csv_would_be(send: Send) -> None:
    rows: list[list[Any]] = [list(row) for row in ROWS]
    for row in rows:
        row[6] = datetime.datetime(2023, 2, 9, 10)
        row[8:11] = [100, 50.5, 5]
    rows[2][2] = 330324196803128050
    receipt = send(book(Sheet1=[SETTLEMENT, *rows]), "医保局_结算信息.xlsx")
    assert (receipt.status, receipt.dataset, receipt.accepted) == ("published", "mi_settlement", 3)
    assert receipt.file == "医保局_结算信息.xlsx"
    assert receipt.flagged == {"D01_PRECISION_LOST": 1}
    assert live_rows("mi_settlement", "medfee_sumamt, fund_pay_sumamt") == [(10_000, 5_050)] * 3
    assert live_rows("mi_settlement", "begntime")[0] == (datetime.datetime(2023, 2, 9, 10),)
    assert places.rows_by_key("S2")[0].row == 3


def test_everything_a_clerk_puts_around_a_table(clerk: Account, tmp_path: Path) -> None:
    """Merged title, department line, two-line header, cells merged downwards, totals, notes."""
    path = tmp_path / "汇总.xlsx"
    with Workbook(str(path)) as made:
        sheet = made.add_worksheet("结算信息")
        sheet.merge_range(0, 0, 0, 11, "2023年上半年结算明细")
        sheet.write_row(1, 0, ["填报单位：医保局", "", "", "2023年7月1日"])
        for column, title in enumerate(SETTLEMENT):
            if not 8 <= column <= 10:
                sheet.merge_range(3, column, 4, column, title)
        sheet.merge_range(3, 8, 3, 10, "费用情况")
        sheet.write_row(4, 8, SETTLEMENT[8:11])
        for row, cells in enumerate(ROWS, 5):
            sheet.write_row(row, 0, cells)
        sheet.merge_range(5, 3, 7, 3, "张三")
        sheet.merge_range(8, 0, 8, 2, "合计")
        sheet.write_row(8, 8, [300, 150, 15])
        sheet.write(10, 0, "备注：含退费")
        sheet.write(11, 0, "制表人：李四")
    (receipt,) = deliver(Request(path), by=clerk)
    assert (receipt.status, receipt.rows, receipt.accepted) == ("published", 3, 3), receipt
    assert receipt.unknown_columns == []
    assert live_rows("mi_settlement", "psn_name, medfee_sumamt") == [("张三", 10_000)] * 3
    assert places.rows_by_key("S1")[0].row == 6
    report = queries.batch(receipt.batch).report
    assert {c: e["ok"] for c, e in report["control"].items()} == {
        "medfee_sumamt": True, "fund_pay_sumamt": True, "acct_pay": True,
    }  # fmt: skip
    assert report["container"]["merged_cells"] >= 2
    assert report["table"]["below"] == ["备注：含退费", "制表人：李四"]
    assert any("合并单元格" in note for note in receipt.notes)


def test_several_sheets_are_several_deliveries(clerk: Account, tmp_path: Path) -> None:
    path = tmp_path / "医保局报送.xlsx"
    deaths = [DEATHS, ["C1", "330324196803128050", "张三", "2023-03-01 08:00"]]
    path.write_bytes(
        book(
            一月=PLAIN, 二月=[SETTLEMENT, settlement(8)], 死亡=deaths, 说明=[["本表说明"]],
            空=[], 旧_=[SETTLEMENT, settlement(9)],
        )
    )  # fmt: skip
    receipts = deliver(Request(path), by=clerk)
    assert [(r.file, r.dataset, r.status, r.accepted) for r in receipts] == [
        ("医保局报送.xlsx[一月]", "mi_settlement", "published", 3),
        ("医保局报送.xlsx[二月]", "mi_settlement", "published", 1),
        ("医保局报送.xlsx[死亡]", "death_health", "published", 1),
    ]
    for receipt in receipts:
        assert any("隐藏" in note and "旧" in note for note in receipt.notes)
        assert any("说明" in note for note in receipt.notes)
    assert ("S9",) not in live_rows("mi_settlement", "setl_id")
    again = deliver(Request(path), by=clerk)
    assert [(r.status, r.batch) for r in again] == [("duplicate", r.batch) for r in receipts]


def test_a_sheet_saved_anew_is_the_same_file(send: Send) -> None:
    first = send(book(A=PLAIN), "结算信息.xlsx")
    second = send(
        changed(book(A=PLAIN), core=lambda t: t.replace("<dcterms", "\n<dcterms")), "x.xlsx"
    )
    assert (second.status, second.batch) == ("duplicate", first.batch)


def test_a_sheet_names_its_dataset(clerk: Account, tmp_path: Path) -> None:
    """Headers that fit two datasets; the sheet's name goes before the file's."""
    headers = ["入院时间" if h == "开始时间" else h for h in SETTLEMENT]
    path = tmp_path / "结算信息.xlsx"
    stay = registry.dataset("mi_inpatient").title.zh
    path.write_bytes(book(**{stay: [headers, *ROWS]}))
    (receipt,) = deliver(Request(path), by=clerk)
    assert receipt.dataset == "mi_inpatient"


def test_a_held_sheet_is_confirmed_without_its_workbook(clerk: Account, tmp_path: Path) -> None:
    end = ["合计", *[""] * 7, 999]
    path = tmp_path / "报送.xlsx"
    path.write_bytes(book(好=PLAIN, 差=[SETTLEMENT, settlement(8), end], 旧_=PLAIN))
    good, bad = deliver(Request(path), by=clerk)
    assert (good.status, bad.status) == ("published", "held")
    path.unlink()
    (published,) = confirm(queries.batch(bad.batch), by=clerk)
    assert (published.status, published.batch, published.file) == (
        "published", bad.batch, "报送.xlsx[差]",
    )  # fmt: skip
    assert queries.batch(bad.batch).report["container"]["hidden_sheets"] == ["旧"]


def test_a_sheet_that_lacks_a_column_is_refused_and_said_so(clerk: Account, tmp_path: Path) -> None:
    path = tmp_path / "报送.xlsx"
    path.write_bytes(book(好=PLAIN, 差=[SETTLEMENT[1:], ROWS[0][1:]]))
    good, bad = deliver(Request(path, "mi_settlement"), by=clerk)
    assert (good.status, bad.status, bad.file) == ("published", "refused", "报送.xlsx[差]")
    assert "setl_id" in bad.cause


def test_error_cells_are_empty_and_flagged(clerk: Account, tmp_path: Path) -> None:
    path = tmp_path / "结算信息.xlsx"
    with Workbook(str(path)) as made:
        sheet = made.add_worksheet()
        for row, cells in enumerate(PLAIN):
            sheet.write_row(row, 0, cells)
        sheet.write_formula(1, 3, "=NA()", None, "#N/A")
        sheet.write_formula(2, 8, "=1/0", None, "#DIV/0!")
        sheet.write_formula(3, 8, "=50*2", None, 100)
    (receipt,) = deliver(Request(path), by=clerk)
    assert (receipt.accepted, receipt.quarantined) == (2, 1)
    assert receipt.flagged["ERROR_CELL"] == 2
    assert live_rows("mi_settlement", "psn_name, medfee_sumamt") == [
        (None, 10_000),
        ("张三", 10_000),
    ]


def test_our_own_template_is_read_by_its_data_sheet(clerk: Account, tmp_path: Path) -> None:
    path = template(registry.dataset("mi_settlement"), tmp_path / "填报.xlsx")
    (receipt,) = deliver(Request(path), by=clerk)
    assert (receipt.status, receipt.dataset) == ("refused", "mi_settlement")
    assert "没有数据行" in receipt.cause


@pytest.mark.parametrize("name", ["a.xls", "a.dat", "a.csv"])
def test_a_wrong_suffix_does_not_matter(name: str, send: Send, tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    assert send(book(A=PLAIN), name, dataset="mi_settlement").status == "published"
    assert set(tmp_path.iterdir()) - before == {tmp_path / name}


def test_an_empty_workbook(send: Send) -> None:
    assert "都是空的" in send(book(A=[], B_=PLAIN), "a.xlsx").cause


# Harm


def far(text: str) -> str:
    return text.replace('r="A2"', 'r="XFD1048576"').replace('<row r="2"', '<row r="1048576"')


def test_a_cell_at_the_far_corner_is_refused_before_it_is_laid_out(send: Send) -> None:
    receipt = send(changed(book(A=PLAIN), sheet1=far), "a.xlsx")
    assert receipt.status == "refused"
    assert "16384 列" in receipt.cause


def test_a_far_cell_without_content_does_no_harm(send: Send) -> None:
    def styled(text: str) -> str:
        return text.replace(
            "</sheetData>", '<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
        )

    receipt = send(changed(book(A=PLAIN), sheet1=styled), "结算信息.xlsx")
    assert receipt.status in ("published", "refused")


@pytest.mark.parametrize(
    "entity",
    ['<!ENTITY e SYSTEM "file:///etc/passwd">', '<!ENTITY e "laugh"><!ENTITY f "&e;&e;&e;">'],
)
def test_entities_are_not_expanded(entity: str, send: Send, clerk: Account) -> None:
    def evil(text: str) -> str:
        head, _, rest = text.partition("?>")
        return f"{head}?><!DOCTYPE x [{entity}]>{rest}".replace("<t>张三</t>", "<t>&e;</t>")

    receipt = send(changed(book(A=PLAIN), sharedStrings=evil), "结算信息.xlsx")
    assert receipt.status == "refused"
    assert "root" not in receipt.cause and "laugh" not in receipt.cause


def test_a_bomb_is_refused(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    def blown(text: str) -> str:
        return text.replace("</sheetData>", "</sheetData>" + " " * (80 << 20))

    receipt = send(changed(book(A=PLAIN), sheet1=blown), "a.xlsx")
    assert (receipt.status, "解压后过大" in receipt.cause) == ("refused", True)
    monkeypatch.setattr(workbook, "UNPACKED", 1 << 12)
    assert "解压后过大" in send(book(A=PLAIN), "b.xlsx").cause


def test_a_bomb_that_lies_about_its_size_is_refused(
    send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bytearray(
        changed(
            book(A=PLAIN),
            sheet1=lambda t: t.replace("</sheetData>", "</sheetData>" + " " * (4 << 20)),
        )
    )
    at = content.index(b"PK\x01\x02")
    while content[at : at + 4] == b"PK\x01\x02":
        content[at + 24 : at + 28] = struct.pack("<I", 10)
        at += 46 + sum(struct.unpack("<HHH", content[at + 28 : at + 34]))
    monkeypatch.setattr(workbook, "UNPACKED", 1 << 20)
    receipt = send(bytes(content), "a.xlsx")
    assert (receipt.status, "解压后过大" in receipt.cause) == ("refused", True)


def test_an_encrypted_workbook_is_refused_clearly(send: Send) -> None:
    content = (
        workbook.LEGACY + b"\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    )
    receipt = send(content + bytes(2000), "a.xlsx")
    assert "密码" in receipt.cause and "密码" in receipt.next_step


@pytest.mark.parametrize("length", [8, 100, 512, 1536, 5000])
def test_a_damaged_file_of_the_old_format_is_refused(length: int, send: Send) -> None:
    content = workbook.LEGACY + b"\xa1\xb1\x1a\xe1" + bytes(range(256)) * 20
    assert send(content[:length], "a.xls").status == "refused"


def test_an_absent_sheet_is_an_input_error(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(book(A=PLAIN))
    with workbook.opened(path, tmp_path) as opened, pytest.raises(InputError):
        workbook.write(opened, "B", tmp_path / "a.csv", table.HEAD_ROWS)


def bytes_flipped(content: bytes, chance: random.Random) -> bytes:
    mutated = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        mutated[chance.randrange(len(mutated))] = chance.randrange(256)
    return bytes(mutated)


def cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(4, len(content))]


def part_flipped(content: bytes, chance: random.Random) -> bytes:
    """Damage inside the parts, packed again as a sound ZIP: the reader itself has to cope."""
    part = chance.choice(["sheet1", "sharedStrings", "workbook", "styles"])

    def damage(text: str) -> str:
        letters = list(text)
        for _ in range(chance.randint(1, 4)):
            letters[chance.randrange(len(letters))] = chance.choice('<>&"/=0123456789ZXFDe \x01张')
        return "".join(letters)

    return changed(content, **{part: damage})


def part_cut(content: bytes, chance: random.Random) -> bytes:
    part = chance.choice(["sheet1", "sharedStrings", "workbook", "styles"])
    return changed(content, **{part: lambda t: t[: chance.randrange(len(t))]})


def numbers_blown(content: bytes, chance: random.Random) -> bytes:
    def blow(text: str) -> str:
        for _ in range(3):
            digit = chance.choice("123456789")
            text = text.replace(
                f'"{digit}"', f'"{chance.choice(["-1", "99999999999", "0", ""])}"', 1
            )
            text = text.replace(
                f"<v>{digit}</v>", f"<v>{chance.choice(['1e999', '-1', '9' * 20, 'x'])}</v>", 1
            )
        return text

    return changed(
        content, **{chance.choice(["sheet1", "workbook", "styles", "sharedStrings"]): blow}
    )


MUTATIONS = (bytes_flipped, cut, part_flipped, part_cut, numbers_blown)


def test_no_damage_is_more_than_a_refusal(clerk: Account, tmp_path: Path) -> None:
    dated: list[list[Any]] = [list(row) for row in ROWS]
    for number, row in enumerate(dated):
        row[6], row[8] = datetime.datetime(2023, 2, 9, number), 100
    good = book(结算信息=[["某某表"], SETTLEMENT, *dated, ["合计", *[""] * 7, 300]], 其他_=[["x"]])
    seen: dict[str, int] = {}
    for number in range(FILES):
        chance = random.Random(number)
        path = tmp_path / f"结算信息{number}.xlsx"
        path.write_bytes(chance.choice(MUTATIONS)(good, chance))
        receipts: list[Receipt] = deliver(Request(path), by=clerk)
        assert receipts
        for receipt in receipts:
            seen[receipt.status] = seen.get(receipt.status, 0) + 1
            assert receipt.rows == receipt.accepted + receipt.quarantined + receipt.duplicates
            if receipt.status in (Batch.REFUSED, Batch.HELD):
                assert receipt.cause and receipt.next_step
    assert seen[Batch.REFUSED] > 30
    assert seen.get(Batch.PUBLISHED, 0) + seen.get(Batch.DUPLICATE, 0) > 5
