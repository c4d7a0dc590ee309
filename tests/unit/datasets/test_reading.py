from __future__ import annotations

import codecs
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clew.datasets.ingest import careful, reading
from clew.datasets.ingest.layout import CHUNK, layout
from clew.kernel.errors import InputError

Row = tuple[int | str | None, ...]
TABLE = "编号,姓名,备注\n1,张三,好\n2,李四,\n"
ROWS: list[Row] = [(2, "1", "张三", "好"), (3, "2", "李四", None)]


def rows(path: Path, staging: Path) -> tuple[list[Row], reading.Source]:
    """What the engine sees of a file; a strict refusal falls back as a delivery does."""
    source = reading.read(path, staging)
    with duckdb.connect() as con:
        try:
            found = con.execute(source.scan).fetchall()
        except duckdb.InvalidInputException:
            source = reading.rewrite(source, staging)
            found = con.execute(source.scan).fetchall()
    return found, source


def read(
    content: str | bytes, tmp_path: Path, name: str = "a.csv"
) -> tuple[list[Row], reading.Source]:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return rows(path, tmp_path / "staging")


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TABLE.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TABLE.encode(), "utf-8-sig"),
        (TABLE.encode("gb18030"), "gb18030"),
        (TABLE.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be"), "utf-16"),
        (TABLE.replace("\n", "\r\n").encode(), "utf-8"),
        (TABLE.replace("\n", "\r").encode(), "utf-8"),
        (TABLE.replace(",", "\t").encode("gb18030"), "gb18030"),
        (TABLE.replace(",", ";").encode(), "utf-8"),
        (TABLE.replace("1,", "1,", 1).replace("\n", "\r\n", 1).encode(), "utf-8"),
    ],
)
def test_encodings_and_line_ends(content: bytes, encoding: str, tmp_path: Path) -> None:
    found, source = read(content, tmp_path)
    assert found == ROWS
    assert source.encoding == encoding
    assert source.headers == ["编号", "姓名", "备注"]
    assert (source.bad_rows, source.truncated) == ([], None)


def test_a_wrong_encoding_names_the_row(tmp_path: Path) -> None:
    content = (TABLE + "3,王五测试数据,好\n").encode() + b"4,\xff\xfe,x\n"
    with pytest.raises(InputError, match="第 5 行") as error:
        read(content, tmp_path)
    assert "UTF-8" in error.value.next_step


def test_damaged_utf8_is_not_taken_for_gb18030(tmp_path: Path) -> None:
    """With a header in ASCII the header alone does not tell; the text before the damage does."""
    content = "id,name\n1,欧阳建国\n2,上官\n".encode() + "3,张".encode()[:-1] + b"\n"
    with pytest.raises(InputError, match="row 4"):
        read(content, tmp_path)


def test_gb18030_under_an_ascii_header(tmp_path: Path) -> None:
    found, source = read("id,name\n1,联通\n2,张三\n".encode("gb18030"), tmp_path)
    assert source.encoding == "gb18030"
    assert found == [(2, "1", "联通"), (3, "2", "张三")]


@pytest.mark.parametrize(
    "text",
    [
        "\n\n编号,姓名,备注\n\n1,张三,好\n,,\n , ,\t\n2,李四,\n\n",
        "\r\n\r\n编号,姓名,备注\r\n\r\n1,张三,好\r\n,,\r\n,,\r\n2,李四,\r\n",
    ],
)
def test_blank_lines_are_no_rows_but_keep_their_numbers(text: str, tmp_path: Path) -> None:
    found, _ = read(text, tmp_path)
    assert found == [(5, "1", "张三", "好"), (8, "2", "李四", None)]


def test_rows_of_separators_only_are_blank_in_a_clean_file_too(tmp_path: Path) -> None:
    found, _ = read("编号,姓名\n1,张三\n,\n , \n\u3000,\n2,李四\n", tmp_path)
    assert found == [(2, "1", "张三"), (6, "2", "李四")]


def test_a_quoted_line_break_starts_no_row(tmp_path: Path) -> None:
    found, _ = read('编号,姓名\n1,"张\n\n三"\n2,"a ""b"", c"\n', tmp_path)
    assert found == [(2, "1", "张\n\n三"), (3, "2", 'a "b", c')]
    found, source = read('编号,"姓\n名"\n1,张三\n', tmp_path)
    assert source.headers == ["编号", "姓\n名"]
    assert found == [(2, "1", "张三")]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('1, "张三"', ("1", "张三")),
        ('1,   "张三"', ("1", "张三")),
        (' "1" ,"张三" ', ("1", "张三")),
        ('1, "张 ""三"", 李"', ("1", '张 "三", 李')),
        ('"1, ""x"" ", "张\n三" ', ('1, "x" ', "张\n三")),
        ('1," 张三 "', ("1", " 张三 ")),
        ("1, 张三 ", ("1", " 张三 ")),
        ('1, 张 "三"', ("1", ' 张 "三"')),
        ('1, ""', ("1", None)),
    ],
)
def test_blanks_about_quotation_marks_are_nobodys(
    line: str, cells: tuple[str, str | None], tmp_path: Path
) -> None:
    text = f"编号, \"姓名\" \n0,x\n{line}\n9,y\n"
    for written in (text, text + "\n\n", text.replace("\n", "\r\n")):
        found, source = read(written, tmp_path)
        assert source.headers == ["编号", "姓名"]
        assert source.bad_rows == []
        read_cells = [(c or "").replace("\r\n", "\n") or None for c in found[1][1:]]
        assert read_cells == list(cells)
        assert [r[1] for r in found] == ["0", cells[0], "9"]


def test_text_after_quotation_marks_is_still_refused(tmp_path: Path) -> None:
    found, source = read('a,b\n1, "x" y\n2, "z"\n', tmp_path)
    assert found == [(3, "2", "z")]
    assert [(b.row, b.reason, b.raw) for b in source.bad_rows] == [(2, "QUOTES", '1, "x" y')]


def test_ragged_rows_are_set_apart_with_their_text(tmp_path: Path) -> None:
    found, source = read("a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3,,\n5,6,7\n", tmp_path)
    assert found == [(2, "1", "2", "3"), (5, "1", "2", "3"), (6, "5", "6", "7")]
    assert source.bad_rows == [
        careful.BadRow(3, "COLUMN_COUNT", "1,2"),
        careful.BadRow(4, "COLUMN_COUNT", "1,2,3,4"),
    ]
    assert source.truncated is None


def test_a_stray_quotation_mark_costs_one_row(tmp_path: Path) -> None:
    lines = [f"{n},x{n}" for n in range(2, 40)]
    lines[5] = '7,"open'
    lines[20] = '22,"shut"x'
    found, source = read("a,b\n" + "\n".join(lines) + "\n", tmp_path)
    assert [(b.row, b.reason) for b in source.bad_rows] == [(7, "QUOTES"), (22, "QUOTES")]
    assert [r[0] for r in found] == [n for n in range(2, 40) if n not in (7, 22)]
    assert all(r[1] == str(r[0]) for r in found)


@pytest.mark.parametrize("tail", ["3,王", '3,"王五', '3,"王五,好\n'])
def test_a_last_row_that_breaks_off(tail: str, tmp_path: Path) -> None:
    found, source = read(TABLE + tail, tmp_path)
    assert found == ROWS
    assert source.truncated == 4
    assert source.bad_rows[-1].reason == "TRUNCATED"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_file_that_ends_inside_a_character(encoding: str, tmp_path: Path) -> None:
    found, source = read((TABLE + "3,王五,好").encode(encoding)[:-1], tmp_path)
    assert found[:2] == ROWS
    assert source.truncated == 4


def test_a_whole_last_row_needs_no_line_end(tmp_path: Path) -> None:
    found, source = read(TABLE.rstrip("\n"), tmp_path)
    assert found == ROWS
    assert source.truncated is None


@pytest.mark.parametrize("content", [b"", b"\n\n", b" , ,\n", codecs.BOM_UTF8])
def test_nothing_in_it(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read(content, tmp_path)
    assert error.value.next_step


def test_a_header_and_no_rows(tmp_path: Path) -> None:
    found, source = read("a,b\n", tmp_path)
    assert (found, source.headers) == ([], ["a", "b"])


@pytest.mark.parametrize("head", [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"])
def test_excel_is_refused_with_the_way_out(head: bytes, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Excel") as error:
        read(head, tmp_path, "a.xlsx")
    assert "CSV" in error.value.next_step


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothing\.csv"):
        reading.read(tmp_path / "nothing.csv", tmp_path)


def test_nul_bytes_are_dropped(tmp_path: Path) -> None:
    found, source = read("a\0,b\n1,x\0y\n", tmp_path)
    assert source.headers == ["a", "b"]
    assert found == [(2, "1", "xy")]


def test_very_long_fields(tmp_path: Path) -> None:
    long = "长" * 300_000
    found, source = read(f"a,b\n1,{long}\n\n2,{long}\n", tmp_path)
    assert [r[0] for r in found] == [2, 4]
    assert all(r[2] == long for r in found)
    found, source = read("a,b\n1," + "x" * (careful.LONGEST_FIELD + 10) + "\n2,y\n", tmp_path)
    assert found == [(3, "2", "y")]
    assert [(b.row, b.reason) for b in source.bad_rows] == [(2, "TOO_LONG")]
    assert len(source.bad_rows[0].raw) == careful.KEPT_TEXT


def test_headers_are_made_unique_as_the_engine_sees_them() -> None:
    assert reading.unique(["a", "A", "", "a (2)", "_row", " b\0 "]) == [
        "a", "A (2)", "第3列", "a (2) (2)", "_row (2)", "b",
    ]  # fmt: skip


def test_duplicate_headers_can_be_read(tmp_path: Path) -> None:
    found, source = read("金额,金额,ID,id\n1,2,3,4\n", tmp_path)
    assert source.headers == ["金额", "金额 (2)", "ID", "id (2)"]
    assert found == [(2, "1", "2", "3", "4")]


@pytest.mark.parametrize("name", ["报表[1].csv", "a*b?.csv", 'it\'s "x".csv'])
def test_file_names_are_no_patterns(name: str, tmp_path: Path) -> None:
    (tmp_path / "报表1.csv").write_text("a\nwrong\n")
    found, _ = read("a\n1\n", tmp_path, name)
    assert found == [(2, "1")]


def parquet(path: Path) -> bytes:
    table = pa.table({"编号": [1, 2], "金额": [1.5, None], "日": [None, "2023-01-01"]})
    pq.write_table(table, path)
    return path.read_bytes()


def test_parquet_cells_are_text(tmp_path: Path) -> None:
    path = tmp_path / "a[1].parquet"
    parquet(path)
    found, source = rows(path, tmp_path / "staging")
    assert found == [(1, "1", "1.5", None), (2, "2", None, "2023-01-01")]
    assert source.format == "parquet"


def test_a_truncated_parquet_file_is_refused(tmp_path: Path) -> None:
    whole = parquet(tmp_path / "whole.parquet")
    for length in (5, len(whole) // 2, len(whole) - 1):
        with pytest.raises(InputError, match=r"cut\.parquet"):
            read(whole[:length], tmp_path, "cut.parquet")


def test_parquet_with_repeated_columns_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table([[1], [2]], names=["id", "ID"]), tmp_path / "a.parquet")
    with pytest.raises(InputError, match="repeat"):
        reading.read(tmp_path / "a.parquet", tmp_path)


_CELL = st.text(alphabet="ab1 ,\"\n\r\t张;'", max_size=6)


def _written(cells: list[str]) -> str:
    return ",".join(
        f'"{c.replace(chr(34), chr(34) * 2)}"' if set(c) & set(',"\n\r') else c for c in cells
    )


@settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    table=st.lists(st.lists(_CELL, min_size=2, max_size=2), min_size=1, max_size=6),
    noise=st.sampled_from(
        ["", "x", '"', '"a" b', ",,,", "\n", '",', 'x, "a"', ' "a" ,y', 'x,"a" ']
    ),
    place=st.integers(0, 6),
)
def test_engine_and_careful_reading_agree(
    table: list[list[str]], noise: str, place: int, tmp_path: Path
) -> None:
    lines = [_written(cells) for cells in table]
    lines.insert(place, noise)
    text = "a,b\n" + "\n".join(lines) + "\n"
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8", newline="")
    source = reading.read(path, tmp_path / "staging")
    with duckdb.connect() as con:
        try:
            quick = con.execute(source.scan).fetchall()
        except duckdb.InvalidInputException:
            return
        slow = reading._rewritten(path, layout(path, lambda s: None), ["a", "b"], tmp_path)
        assert quick == con.execute(slow.scan).fetchall()
        assert source.bad_rows or not slow.bad_rows


@pytest.mark.parametrize("character", ["a", "é", "张", "𠮷"])
@pytest.mark.parametrize("shift", range(5))
def test_a_character_may_lie_across_two_pieces(character: str, shift: int, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    before = "编号,姓名\n1," + "x" * (CHUNK - len("编号,姓名\n1,".encode()) - shift)
    path.write_text(before + character + "\n2,李四\n", encoding="utf-8")
    found = layout(path, lambda share: None)
    assert (found.encoding, found.plain, found.broken_tail) == ("utf-8", True, False)
    assert found.sha256 == reading.sha256(path)
    path.write_bytes(path.read_bytes() + character.encode()[: len(character.encode()) - 1])
    assert layout(path, lambda share: None).broken_tail == (character != "a")


@pytest.mark.parametrize("gap", ["\n\n", "\r\n\r\n", "\r\r", "\n\r\n"])
def test_a_blank_line_across_two_pieces_is_seen(gap: str, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    before = "编号,姓名\n1,"
    for shift in range(1, len(gap)):
        long = before + "x" * (CHUNK - len(before.encode()) - shift)
        path.write_text(long + gap + "2,李四\n", encoding="utf-8", newline="")
        assert not layout(path, lambda share: None).plain
