"""A first look at files: no workspace, every kind of dirt named, nobody shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from xlsxwriter import Workbook

from clew.datasets.excel.template import template
from clew.datasets.look import survey as surveying
from clew.datasets.look.files import Looked, look
from clew.datasets.look.guess import BY_HEADER, BY_VALUES, TITLES
from clew.datasets.look.page import look_json, look_page
from clew.datasets.look.survey import Seen, Survey
from clew.datasets.look.suspicions import GRAVE, headless, suspicions
from clew.declare import registry, types
from clew.kernel import clock
from clew.kernel.errors import InputError
from clew.kernel.workspace import HOME_VARIABLE

NUMBER, OTHER = "330324196803128050", "11010519491231002X"
HEADERS = (
    "结算流水号", "就诊ID", "身份证号", "姓名", "定点医药机构编号", "医疗类别", "开始时间",
    "结算时间", "总费用", "基金支付", "个人账户支出", "备注",
)  # fmt: skip


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "no workspace"))
    with clock.fixed(date(2023, 10, 31)):
        yield
    assert not (tmp_path / "no workspace").exists()


def line(number: int, **cells: str) -> str:
    row = dict(
        zip(
            HEADERS,
            (f"S{number}", f"M{number}", NUMBER, "张三", "H33030200001", "11",
             "2023-02-09 10:00:00", "2023-02-09 11:00:00", "100.00", "50", "5", "x"),
            strict=True,
        )
    )  # fmt: skip
    return ",".join((row | cells).values())


def write(
    path: Path, *rows: str, headers: str = ",".join(HEADERS), encoding: str = "utf-8"
) -> Path:
    path.write_bytes(("\n".join((headers, *rows)) + "\n").encode(encoding))
    return path


def survey(path: Path) -> Survey:
    (seen,) = look(path).tables
    return seen


def page_of(seen: Survey) -> str:
    return look_page(Looked(Path(seen.name), seen.size, [seen]))


def json_of(seen: Survey) -> str:
    return json.dumps(look_json(Looked(Path(seen.name), seen.size, [seen])), ensure_ascii=False)


def column(seen: Survey, header: str) -> Seen:
    return next(c for c in seen.columns if c.header == header)


def codes(seen: Survey, header: str) -> dict[str, int]:
    return {d.code: d.count for d in column(seen, header).dirt}


def said(seen: Survey) -> str:
    return "\n".join(f"{s.mood} {s.what.zh} {s.what.en}" for s in suspicions(seen))


def test_a_settlement_file_is_known_and_its_dirt_counted(tmp_path: Path) -> None:
    path = write(
        tmp_path / "f.csv",
        *(line(n) for n in range(10)),
        line(10, 身份证号="330324680312805"),
        line(11, 身份证号="3.30324E+17"),
        line(12, 身份证号="无"),
        line(13, 姓名="张 三"),
        line(14, 开始时间="2023/2/9", 总费用="待定"),
        line(15, 开始时间="2023-02-30"),
        line(3, 总费用="7"),
        line(4),
        "小计,,,,,,,,1600,,,",
        line(16),
        "合计,,,,,,,,1600,950,95,",
        encoding="gb18030",
    )
    seen = survey(path)
    assert seen.dataset is not None and seen.dataset.dataset.name == "mi_settlement"
    assert (seen.rows, seen.step, seen.sampled, seen.repeated) == (20, 1, 20, 1)
    assert seen.totals == [20] and seen.keys_repeated == 2
    assert codes(seen, "身份证号") == {"D01": 1, "D01_PRECISION_LOST": 1, "D03_PLACEHOLDER": 1}
    assert codes(seen, "姓名") == {"D06": 1}
    assert codes(seen, "开始时间") == {"D08_IMPOSSIBLE": 1}
    assert "SHAPE" in codes(seen, "总费用") or "D03_PLACEHOLDER" in codes(seen, "总费用")
    text = said(seen)
    for wanted in (
        "数据中间有合计行: 第 20 行", "合计不符: 「总费用」", "合计相符: 基金支付 950",
        "完全相同的行: 1", "主键重复 (结算ID): 2", "科学计数法",
        "混用多种日期写法", "2023/02/09 × 1", "GB18030",
    ):  # fmt: skip
        assert wanted in text, wanted
    assert column(seen, "身份证号").dirt[0].examples[0].row in (12, 13, 14)


def test_types_are_guessed_from_values_where_headers_tell_nothing(tmp_path: Path) -> None:
    rows = [f"{NUMBER},1380000{n:04},2023-0{n % 9 + 1}-11,{n},{n}.5,91350100M000100Y43,甲乙{n}"
            for n in range(30)]  # fmt: skip
    seen = survey(write(tmp_path / "f.csv", *rows, headers="a1,b1,c1,d1,e1,f1,g1"))
    names = [c.guess.type.name if c.guess.type else "" for c in seen.columns]
    assert names == ["PersonId", "Mobile", "Date", "Integer", "Decimal", "OrgCode", ""]
    assert {c.guess.by for c in seen.columns[:6]} == {BY_VALUES}
    assert seen.dataset is None


def test_headers_of_any_dataset_tell_a_type(tmp_path: Path) -> None:
    seen = survey(write(tmp_path / "f.csv", "x,1", headers="公民身份号码,其它"))
    assert column(seen, "公民身份号码").guess.by == BY_HEADER
    assert isinstance(column(seen, "公民身份号码").guess.type, types.PersonId)


def test_missing_columns_are_named(tmp_path: Path) -> None:
    headers = ",".join(HEADERS[:-4])
    seen = survey(write(tmp_path / "f.csv", *[",".join(line(1).split(",")[:8])], headers=headers))
    page = page_of(seen)
    assert seen.likely and seen.likely[0].dataset.name == "mi_settlement"
    assert "缺必需的列" in page and "医疗费总额" in page


def test_the_sample_is_even_and_the_page_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surveying, "SAMPLE_ROWS", 100)
    seen = survey(write(tmp_path / "f.csv", *(line(n) for n in range(1000))))
    assert (seen.rows, seen.step, seen.sampled) == (1000, 10, 100)
    assert "每 10 行取 1 行" in page_of(seen) and "one in 10" in page_of(seen)


def test_nobody_is_shown(tmp_path: Path) -> None:
    path = write(
        tmp_path / "f.csv",
        line(1, 身份证号="'" + NUMBER, 姓名="欧阳 三女士", 备注=OTHER),
        line(2, 身份证号=NUMBER[:-1] + "1", 姓名="欧阳三"),
        line(3, 身份证号="3303241968O3128050"),
    )
    seen = survey(path)
    for text in (page_of(seen), json_of(seen)):
        assert NUMBER not in text and OTHER not in text and NUMBER[6:14] not in text
        assert "欧阳" not in text


def test_a_file_without_a_header_does_not_put_a_person_into_it(tmp_path: Path) -> None:
    seen = survey(write(tmp_path / "f.csv", f"{OTHER},李四,2", headers=f"{NUMBER},欧阳三,1"))
    assert headless(seen) and suspicions(seen)[0].mood == GRAVE
    for text in (page_of(seen), json_of(seen)):
        assert NUMBER not in text and "欧阳" not in text
    assert "第1列" in page_of(seen)


def test_rows_that_break_and_odd_headers_are_named(tmp_path: Path) -> None:
    path = write(
        tmp_path / "f.csv", "1,2,3,4", "1,2", '1,"2,3,4', "5,6,7,8", headers="甲,,甲,总费用(万元)"
    )
    text = said(survey(path))
    assert "列数与表头不一致: 1 行 (第 3 行" in text
    assert "引号不成对" in text
    assert "没有列名: 第2列" in text and "列名重复: 甲 (2)" in text
    assert "金额单位不是元: 总费用(万元)" in text


def test_parquet_and_empty_columns(tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    pq.write_table(pa.table({"证件号码": [NUMBER] * 3, "空": pa.nulls(3, pa.string())}), path)
    seen = survey(path)
    assert seen.source.format == "parquet" and column(seen, "空").filled == 0
    assert "「空」整列为空" in said(seen)


def test_a_workbook_shows_each_of_its_tables(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    with Workbook(str(path)) as book:
        for name in ("一月", "二月"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, HEADERS)
            sheet.write_row(1, 0, line(1, 开始时间="2023-02-30").split(","))
            sheet.write_number(2, 2, 330324196803128050)
        book.add_worksheet("旧").hide()
    looked = look(path)
    assert [t.name for t in looked.tables] == ["f.xlsx[一月]", "f.xlsx[二月]"]
    assert codes(looked.tables[1], "身份证号") == {"D01_PRECISION_LOST": 1}
    page = look_page(looked)
    assert "f.xlsx[一月]" in page and "隐藏的工作表未读取: 旧" in page


def test_our_own_template_is_known_by_its_hidden_sheet(tmp_path: Path) -> None:
    path = template(registry.dataset("mi_settlement"), tmp_path / "t.xlsx")
    seen = survey(path)
    assert seen.dataset is not None and seen.dataset.dataset.name == "mi_settlement"


def test_a_header_alone_and_what_is_no_table(tmp_path: Path) -> None:
    assert "只有表头" in said(survey(write(tmp_path / "f.csv")))
    empty = tmp_path / "e.csv"
    empty.write_bytes(b"")
    with pytest.raises(InputError):
        survey(empty)


def test_nothing_in_a_file_is_live_on_the_page(tmp_path: Path) -> None:
    path = write(tmp_path / "<script>.csv", "<script>alert(1)</script>,1", headers="<i>a</i>,b")
    page = look_page(look(path))
    assert "<script>" not in page and "<i>" not in page and "&lt;i&gt;a" in page
    assert "http" not in page.replace("http-equiv", "")


def test_every_type_has_a_name_for_people() -> None:
    kinds = {c.type.name for d in registry.datasets().values() for c in d.columns.values()}
    assert kinds <= set(TITLES)
