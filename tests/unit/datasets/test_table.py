"""Where a table begins and ends: what is taken off, and what must stay."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.accounts.models import Account
from clew.datasets import places, queries
from clew.datasets.ingest import careful, reading, table
from clew.datasets.ingest.deliver import confirm
from clew.datasets.models import Batch
from tests.unit.datasets.conftest import SETTLEMENT, Send, csv_text, live_rows, settlement

TITLES = frozenset({"编号", "姓名", "总费用", "基金支付", "日期"})
HEADER = ["编号", "姓名", "总费用", "基金支付", "日期"]
DATA = ["S1", "张三", "100.00", "50", "2023-02-09"]


@pytest.mark.parametrize(
    ("rows", "row", "headers"),
    [
        ([HEADER, DATA], 1, HEADER),
        ([["2023年上半年结算明细", "", "", "", ""], HEADER, DATA], 2, HEADER),
        ([["明细"], ["填报单位：医保局", "", "2023年7月"], [], HEADER, DATA], 4, HEADER),
        ([["姓名", "编号"], HEADER, DATA], 2, HEADER),
        ([["a", "b"], ["姓名", "x"]], 1, ["a", "b"]),
        ([["title"], ["a", "b", "c"], ["1", "2", "3"]], 2, ["a", "b", "c"]),
        ([["a", "b"], ["1", "2", "3"]], 1, ["a", "b"]),
        ([["id"], ["1"], ["2"]], 1, ["id"]),
        ([[" 编号 ", "姓 名", "总费用（万元）"], DATA], 1, ["编号", "姓 名", "总费用（万元）"]),
    ],
)  # fmt: skip
def test_the_header_is_the_row_that_knows_most_titles(
    rows: list[list[str]], row: int, headers: list[str]
) -> None:
    found = table.head(rows, TITLES)
    assert found is not None
    assert (found.row, list(found.headers), found.lines) == (row, headers, 1)


def test_blank_rows_have_no_header() -> None:
    assert table.head([["", " "], []], TITLES) is None
    assert table.head([], TITLES) is None


@pytest.mark.parametrize(
    ("upper", "lower", "headers"),
    [
        # Merged downwards in CSV: the title stands in the upper line only.
        (["编号", "姓名", "费用", "", "日期"], ["", "", "总费用", "基金支付", ""], HEADER),
        # As a workbook is written: merged cells repeated downwards.
        (["编号", "姓名", "费用", "", "日期"], HEADER, HEADER),
        # A title nobody knows is named with its group.
        (["编号", "姓名", "费用", "", "日期"], ["", "", "总费用", "自费", ""],
         ["编号", "姓名", "总费用", "费用·自费", "日期"]),
        # One title twice: only the groups tell which is which.
        (["", "", "本年", "上年", ""], ["编号", "姓名", "总费用", "总费用", "日期"],
         ["编号", "姓名", "本年·总费用", "上年·总费用", "日期"]),
    ],
)  # fmt: skip
def test_two_line_headers(upper: list[str], lower: list[str], headers: list[str]) -> None:
    for above in ([], [["某某表", "", "", "", ""]]):
        found = table.head([*above, upper, lower, DATA], TITLES)
        assert found is not None
        assert (found.row, list(found.headers)) == (len(above) + 2, headers)


def test_a_first_data_row_is_no_second_header_line() -> None:
    for data in (DATA, ["S1", "", "", "", ""], ["", "姓名", "", "", "总费用"]):
        found = table.head([HEADER, data, DATA], TITLES)
        assert found is not None
        assert (found.row, found.lines) == (1, 1)


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("单位：万元", 10_000), ("（单位:元）", 1),
        ("制表单位：医保局  金额单位：亿元", 100_000_000),
        ("填报单位：万元店", 1), ("单位：元", 1), ("2023年明细", 1), ("单位：某某局", 1),
    ],
)  # fmt: skip
def test_a_unit_above_the_table(line: str, unit: int) -> None:
    found = table.head([[line], HEADER, DATA], TITLES)
    assert found is not None
    assert (found.above, found.unit) == ((line,), unit)


def below(*rows: Sequence[str]) -> table.Tail:
    return table.tail([DATA, *rows], 5)


@pytest.mark.parametrize(
    "totals",
    [
        ["合计", "", "100.00", "50", ""],
        ["", "合 计：", "1,00.00".replace("1,00", "1,000"), "¥50", ""],
        ["总计", "共3人", "100", "-", ""],
        ["小计", "", "100", "50", "3条"],
        ["本页合计", "", "100"],
        ["合计（元）", "", "壹佰元整", "", ""],
        ["合计", "1", "100", "50", "3"],
    ],
)
def test_totals_rows(totals: list[str]) -> None:
    found = below(totals, [], ["备注：含退费"], ["", "另见附表"])
    assert found.keep == 1
    assert list(found.totals) == totals
    assert found.notes == ("备注：含退费", "另见附表")


@pytest.mark.parametrize(
    "row",
    [
        ["合计", "330324196803128050", "100", "50", "2023-02-09"],  # somebody called so
        ["合计", "330324196803128050", "", "", ""],
        ["合计", "张三", "100", "50", ""],
        ["S9", "合计", "100", "50", ""],
        ["合计生", "", "100", "50", ""],
        ["备注：无", "张三", "100", "50", "2023-02-09"],  # like a note, and a whole row
        ["说明书印刷厂", "", "100", "", ""],
        ["审核部", "", "", "100", ""],
        ["S9", "", "", "", ""],
        ["制表人生", "李四", "100", "50", "2023-02-09"],
    ],
)
def test_rows_that_look_like_something_else_stay(row: list[str]) -> None:
    assert below(row) == table.Tail(2)


def test_the_same_words_in_the_middle_are_data() -> None:
    middle = (["合计", "", "100", "50", ""], ["备注：x", "", "", "", ""])
    assert below(*middle, DATA) == table.Tail(4)
    assert below(*middle, DATA, middle[0]).keep == 4


@pytest.mark.parametrize(
    "line",
    [
        ["备注：数据截至6月"], ["制表人：张三", "", "审核人：李四", "", "日期：2023-07-01"],
        ["填报单位（盖章）：医保局"], ["共 12 条"], ["审核：", "", "王五"],
        ["打印时间: 2023-07-01 08:00"],
        ["注：1. 含退费", "", "", "", ""], ["单位负责人：赵六", "", "联系电话：05770000"],
        ["合计：100元"],
    ],
)  # fmt: skip
def test_notes(line: list[str]) -> None:
    found = below(line)
    assert (found.keep, len(found.notes), found.totals) == (1, 1, ())


def test_the_whole_goes_before_the_part() -> None:
    part, whole = ["小计", "", "40", "", ""], ["合计", "", "100", "", ""]
    assert below(part, whole).totals == below(whole, part).totals == whole
    assert below(part).totals == part


@given(st.lists(st.lists(st.text(max_size=4), max_size=5), max_size=8))
def test_any_rows_at_all(rows: list[list[str]]) -> None:
    found = table.tail(rows, 3)
    assert 0 <= found.keep <= len(rows)
    head = table.head(rows, TITLES)
    assert (head is None) == (not any(cell.strip() for row in rows for cell in row))


ABOVE = "2023年上半年明细,,\n填报单位：医保局,,2023年7月\n"
TABLE = "编号,姓名,总费用\n1,张三,10\n2,李四,20\n"
BELOW = "合计,,30\n备注：截至6月\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("quoted", [False, True], ids=["plain", "quoted"])
@pytest.mark.parametrize("sign", [",", "\t", ";", "|"])
def test_csv_around_a_table(encoding: str, quoted: bool, sign: str, tmp_path: Path) -> None:
    """Read by the engine where it lies, or row by row: the same rows under the same numbers."""
    text = (ABOVE + TABLE + BELOW).replace("李四", '"李四"' if quoted else "李四")
    path = tmp_path / "a.csv"
    path.write_bytes(text.replace(",", sign).encode(encoding))
    before = path.read_bytes()
    source = reading.read(path, tmp_path / "staging", titles=TITLES)
    with duckdb.connect() as con:
        found = con.execute(source.scan).fetchall()
    assert found == [(4, "1", "张三", "10"), (5, "2", "李四", "20")]
    assert source.headers == ["编号", "姓名", "总费用"]
    assert source.totals == {"编号": "合计", "总费用": "30"}
    assert source.end.notes == ("备注：截至6月",)
    assert (source.bad_rows, source.truncated) == ([], None)
    assert path.read_bytes() == before


def test_a_large_file_keeps_all_but_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = "".join(f"{n},张三,1\n" for n in range(20_000))
    path.write_text("编号,姓名,总费用\n" + rows + "合计,,20000\n")
    source = reading.read(path, tmp_path / "staging", titles=TITLES)
    with duckdb.connect() as con:
        counted = con.execute(f"SELECT count(*), max(_row) FROM ({source.scan})").fetchone()
    assert counted == (20_000, 20_001)
    assert source.totals == {"编号": "合计", "总费用": "20000"}


def test_notes_do_not_hide_a_broken_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TABLE + "3,王五\n合计,,30\n")
    source = reading.read(path, tmp_path / "staging", titles=TITLES)
    with duckdb.connect() as con, pytest.raises(duckdb.InvalidInputException):
        con.execute(source.scan).fetchall()
    again = reading.rewrite(source, tmp_path / "staging")
    assert again.bad_rows == [careful.BadRow(4, "COLUMN_COUNT", "3,王五")]
    assert again.totals["总费用"] == "30"


ROWS = [settlement(n) for n in range(1, 4)]


def totals(**cells: str) -> list[str]:
    return [cells.get(header, "") for header in SETTLEMENT]


def test_a_right_totals_row_is_a_control_total(send: Send) -> None:
    """Over all rows as delivered: a quarantined one and a duplicate are among them."""
    rows = [*ROWS, settlement(3), settlement(9, 结算时间="")]
    end = totals(结算流水号="合计", 总费用="500", 基金支付="250.00", 姓名="5人")
    receipt = send(csv_text([*rows, end]))
    assert (receipt.status, receipt.rows, receipt.accepted) == ("published", 5, 3)
    assert (receipt.quarantined, receipt.duplicates) == (1, 1)
    assert queries.batch(receipt.batch).report["control"] == {
        "medfee_sumamt": {"stated": "500.00", "summed": "500.00", "ok": True},
        "fund_pay_sumamt": {"stated": "250.00", "summed": "250.00", "ok": True},
    }
    assert any("2/2" in note for note in receipt.notes)


def test_a_wrong_totals_row_holds_the_batch(send: Send, clerk: Account) -> None:
    end = totals(结算流水号="合计", 总费用="301", 基金支付="150")
    receipt = send(csv_text([*ROWS, end]), confirmed=frozenset({"mapping"}))
    assert (receipt.status, receipt.rows, receipt.accepted) == ("held", 3, 3)
    assert "medfee_sumamt" in receipt.cause and "301.00" in receipt.cause
    assert "fund_pay_sumamt" not in receipt.cause
    assert live_rows("mi_settlement") == []
    (published,) = confirm(queries.batch(receipt.batch), by=clerk)
    assert (published.status, published.batch) == ("published", receipt.batch)
    after = queries.batch(receipt.batch).report
    assert after["confirmed"] == ["control"]
    assert after["control"]["medfee_sumamt"]["ok"] is False


def test_a_total_in_another_unit_is_no_equal(send: Send) -> None:
    receipt = send(csv_text([*ROWS, totals(结算流水号="合计", 总费用="0.03")]))
    assert receipt.status == "held"


def test_a_totals_row_in_the_middle_is_a_row(send: Send) -> None:
    rows = [ROWS[0], totals(结算流水号="合计", 总费用="100"), *ROWS[1:]]
    receipt = send(csv_text(rows))
    assert (receipt.status, receipt.rows, receipt.quarantined) == ("published", 4, 1)
    (bad,) = places.quarantined_rows(queries.batch(receipt.batch))
    assert (bad.row, bad.cells["结算流水号"]) == (3, "合计")


def test_a_person_called_total_is_kept(send: Send) -> None:
    rows = [*ROWS, settlement(7, 姓名="合计")]
    receipt = send(csv_text(rows))
    assert (receipt.rows, receipt.accepted) == (4, 4)
    assert ("合计",) in live_rows("mi_settlement", "psn_name")


def test_gb18030_with_everything(send: Send, clerk: Account) -> None:
    """Chinese headers in two lines, 15-digit numbers, amounts in 万元, totals, notes: as sent."""
    headers = ["总费用(万元)" if h == "总费用" else h for h in SETTLEMENT]
    rows = [settlement(n, 身份证号="330324680312805", 总费用="1.25") for n in range(4)]
    end = totals(结算流水号="合　计", 总费用="5", 基金支付="200")
    lines = csv_text([*rows, end], headers).encode("gb18030")
    content = (
        "2023年上半年结算明细\n".encode("gb18030") + lines + "制表人：张三\n".encode("gb18030")
    )
    receipt = send(content, "医保局_结算信息.txt")
    assert (receipt.status, receipt.rows, receipt.accepted) == ("held", 4, 4)
    assert "总费用(万元) → medfee_sumamt" in receipt.cause
    (published,) = confirm(queries.batch(receipt.batch), by=clerk)
    assert (published.status, published.repaired["D01"]) == ("published", 4)
    assert live_rows("mi_settlement", "medfee_sumamt") == [(1_250_000,)] * 4
    report = queries.batch(receipt.batch).report
    assert report["control"]["medfee_sumamt"] == {
        "stated": "50000.00", "summed": "50000.00", "ok": True,
    }  # fmt: skip
    assert report["table"]["below"] == ["制表人：张三"]
    assert [p.row for p in places.rows_by_key("S0")] == [3]


def test_a_unit_above_the_table_is_asked_about_and_applied(send: Send, clerk: Account) -> None:
    content = "结算明细,,\n,,（单位：万元）\n" + csv_text(
        [settlement(1, 总费用="1.5", 基金支付="1", 个人账户支出="0")]
    )
    receipt = send(content)
    assert receipt.status == Batch.HELD
    assert "总费用 [×10000元] → medfee_sumamt" in receipt.cause
    (published,) = confirm(queries.batch(receipt.batch), by=clerk)
    assert published.status == Batch.PUBLISHED
    assert live_rows("mi_settlement", "medfee_sumamt, fund_pay_sumamt") == [(1_500_000, 1_000_000)]
