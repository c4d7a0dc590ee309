"""The engine's quick judgement and the kernel's are one, whatever the text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal as Number

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clew.datasets.ingest import fastpath
from clew.datasets.lake.engine import DUCKDB_TYPES
from clew.datasets.lake.identities import key_sql
from clew.declare import types
from clew.declare.types import PRECISIONS, Delivery, Moment, SemanticType
from clew.kernel import identifiers
from clew.kernel.keys import person_key
from clew.kernel.names import clean_name

RECEIVED = date(2023, 10, 31)
DELIVERY = Delivery(RECEIVED)


def like(pattern: str) -> st.SearchStrategy[str]:
    return st.from_regex(pattern, fullmatch=True)


CODES = types.Code({"11": "门诊", "21": "住院/普通住院"}, open_list=True)
TYPES: dict[str, tuple[SemanticType, st.SearchStrategy[str]]] = {
    "Text": (types.Text(), st.text(alphabet="a张~!\t\n\v\x1c\x85\xa0\u2003\u3000 ", max_size=4)),
    "Code": (CODES, st.sampled_from(["11", "21", "门诊", "住院", "99", "1", "11 ", "１１"])),
    "OpenCode": (types.Code(), st.text(alphabet="1a \u3000\t", max_size=4)),
    "Money": (
        types.Money(),
        like(r"[-+]?[0-9]{0,16}([.,][0-9]{0,4})?[元万]?"),
    ),
    "Decimal": (types.Decimal(), like(r"-?[0-9]{0,16}(\.[0-9]{0,6})?")),
    "Integer": (types.Integer(), like(r"-?[0-9]{0,20}(\.0{0,2})?")),
    "Flag": (
        types.Flag(),
        st.sampled_from(["0", "1", "2", "是", "否", "01", "true", "１", "-", "无"]),
    ),
    "Sex": (
        types.Sex(),
        st.sampled_from(["0", "1", "2", "9", "3", "男", "女", "01", "1.0", "00000"]),
    ),
    "InstitutionCode": (
        types.InstitutionCode(),
        like(r"[HPhpX](330302|999999|[0-9]{6})[0-9]{4,6}"),
    ),
    "Mobile": (types.Mobile(), like(r"(\+?86)?1[0-9]{9,11}")),
    "Diagnosis": (
        types.Diagnosis(),
        like(r"[A-Za-z][0-9]{2}(\.[0-9xX]{0,4}(x[0-9]{3})?)?(\+[A-Z][0-9]{2})?"),
    ),
    "Operation": (types.Operation(), like(r"[0-9]{2}\.[0-9A-Zx]{0,9}")),
    "Timestamp": (types.Timestamp(), st.text(alphabet="0123-: ", max_size=19)),
    "Date": (types.Date(), st.text(alphabet="0123-: ", max_size=19)),
    "BirthDate": (types.BirthDate(), st.text(alphabet="0129-: ", max_size=19)),
    "Month": (types.Month(), like(r"[0-9]{4}[-/.年]?[0-9]{1,2}月?")),
    "Division": (types.Division(), like(r"330[0-9]{3}")),
    "OrgCode": (types.OrgCode(), like(r"91330[0-9A-Z]{13}")),
    "Address": (types.Address(), st.sampled_from(["鹿城区五马街道", "瑞安县", "不详", " "])),
    "Prose": (
        types.Prose(),
        st.text(alphabet="未末梢必人入狱城解决除 \u3000", max_size=5)
        | st.sampled_from(["四肢未梢", "人狱", "生育保险贴 ", "未必", "解决问题"]),
    ),
    "CaseNumber": (types.CaseNumber(), st.just("（2023）浙0324刑初0123号")),
}
DATES = (
    st.datetimes(datetime(1899, 12, 30), datetime(2030, 1, 1)).map(str)
    | like(r"[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2})?")
    | st.sampled_from(
        ["1900-01-01", "9999-12-31", "0000-00-00", "2023-02-30", "2023-10-31 23:59:59",
         "2023-11-01", "2023-10-31 24:00:00", "2023-02-09 24:00:00", "1901-01-01", "1900-12-31",
         "2023-02-09T10:00:00", "2023-2-9", "20230209", "2023-02-09 10:00", "2023-02-0910:00:00"]
    )
)  # fmt: skip


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'Asia/Shanghai'")
        connection.execute("CREATE TABLE counties (code VARCHAR)")
        connection.executemany(
            "INSERT INTO counties VALUES (?)", [[c] for c in fastpath.counties()]
        )
        yield connection


def quick(
    con: duckdb.DuckDBPyConnection,
    type_: SemanticType,
    text: str,
    as_read: str = "nullif(trim(?), '')",
) -> tuple[object, int | None] | None:
    """Value and precision of the fast path; None where it leaves the text to the kernel."""
    sql = fastpath.fast(type_, "v", RECEIVED)
    row = con.execute(
        f"SELECT CAST({sql.value} AS {DUCKDB_TYPES[type_.lake]}), {sql.precision or 'NULL'} "
        f"FROM (SELECT {as_read} AS v)",
        [text],
    ).fetchone()
    assert row is not None
    return None if row[0] is None else (row[0], row[1])


def kernel(
    con: duckdb.DuckDBPyConnection, type_: SemanticType, text: str
) -> tuple[object, int | None, str]:
    """Value, precision, and whatever the kernel has to say of the text."""
    text = text.strip(" ")
    precision, checked = None, type_.check(text, DELIVERY)
    if isinstance(type_, Moment):
        precision = PRECISIONS.get(type_.moment(text, DELIVERY).precision)
    row = con.execute(f"SELECT CAST(? AS {DUCKDB_TYPES[type_.lake]})", [checked.normal]).fetchone()
    assert row is not None
    return row[0], precision, checked.reason + checked.repaired


def hold_equal(con: duckdb.DuckDBPyConnection, type_: SemanticType, text: str) -> bool:
    found = quick(con, type_, text)
    assert quick(con, type_, text, as_read="?::VARCHAR") in (None, found), "before it is trimmed"
    if found is not None:
        assert (*found, "") == kernel(con, type_, text), text
    return found is not None


@pytest.mark.parametrize("name", TYPES)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_fast_is_what_the_kernel_says(
    name: str, data: st.DataObject, con: duckdb.DuckDBPyConnection
) -> None:
    type_, likely = TYPES[name]
    blanks = data.draw(st.sampled_from(["", "", " ", "\t"]))
    hold_equal(con, type_, data.draw(likely | st.text(max_size=8)) + blanks)


@pytest.mark.parametrize("type_", [types.Timestamp(), types.Date(), types.BirthDate()], ids=repr)
@settings(max_examples=120, deadline=None)
@given(text=DATES)
def test_fast_dates_are_the_kernels(
    type_: SemanticType, text: str, con: duckdb.DuckDBPyConnection
) -> None:
    hold_equal(con, type_, text)


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        (types.Text(), "张三 的 店", "张三 的 店"), (types.Money(), "1234.5", 123450),
        (types.Money(), "-0.05", -5), (types.Decimal(), "1.2345", Number("1.2345")),
        (types.Integer(), "-7", -7), (types.Flag(), "1", True), (types.Sex(), "2", "2"),
        (types.InstitutionCode(), "H33030200001", "H33030200001"),
        (types.Mobile(), "13800000000", "13800000000"), (types.Diagnosis(), "I10.x00", "I10.x00"),
        (types.Operation(), "47.0100", "47.0100"), (CODES, "21", "21"),
        (types.Timestamp(), "2023-02-09 10:00:00", datetime(2023, 2, 9, 10)),
        (types.Date(), "2023-02-09", date(2023, 2, 9)),
        (types.Month(), "2023-02", date(2023, 2, 1)),
    ],
)  # fmt: skip
def test_the_usual_forms_take_the_fast_path(
    type_: SemanticType, text: str, value: object, con: duckdb.DuckDBPyConnection
) -> None:
    found = quick(con, type_, text)
    assert found is not None
    assert found[0] == value
    assert hold_equal(con, type_, text)


def test_every_semantic_type_has_a_fast_path_or_is_a_persons() -> None:
    def leaves(kind: type[SemanticType]) -> Iterator[type[SemanticType]]:
        yield kind
        for child in kind.__subclasses__():
            yield from leaves(child)

    for kind in leaves(SemanticType):
        if kind not in (SemanticType, Moment, types.PersonId, types.PersonName):
            assert fastpath.fast(kind(), "v", RECEIVED).value


_NUMBERS = st.builds(
    lambda county, born, sequence, wrong: _number(county, born, sequence, wrong),
    st.sampled_from(
        ["330302", "330324", "110101", "999999", "330300", "330000", "810000", "000000"]
    ),
    st.dates(date(1, 1, 1), date(2030, 1, 1)).map(lambda d: f"{d.year:04}{d.month:02}{d.day:02}")
    | st.sampled_from(["00000101", "19900230", "20231031", "20231101", "19000101"]),
    st.integers(0, 999),
    st.integers(0, 11),
)


def _number(county: str, born: str, sequence: int, wrong: int) -> str:
    first = f"{county}{born}{sequence:03}"
    right = identifiers.check_character(first)
    return first + (right if wrong < 11 else "5")


@settings(max_examples=20, deadline=None)
@given(texts=st.lists(_NUMBERS | like(r"[0-9]{17}[0-9Xx]|[0-9X]{1,19}"), max_size=60))
def test_an_intact_number_is_one_that_the_kernel_leaves_alone(
    texts: list[str], con: duckdb.DuckDBPyConnection
) -> None:
    sql = f"SELECT v, {fastpath.citizen('v', RECEIVED)} FROM (SELECT unnest(?::VARCHAR[]) AS v)"
    for text, intact in con.execute(sql, [texts]).fetchall():
        checked = identifiers.person_id(text, identifiers.RESIDENT, as_of=RECEIVED)
        if intact:
            assert (checked.normal, checked.reason, checked.repaired) == (text, "", "")
            assert identifiers.person_scheme(text, identifiers.RESIDENT) == identifiers.RESIDENT
        else:
            left_alone = checked.ok and not checked.repaired and text[0] in "1234567"
            assert not left_alone, f"{text} would be judged twice"


@settings(max_examples=50, deadline=None)
@given(key=st.binary(min_size=32, max_size=32), number=st.text(min_size=1, max_size=20))
def test_the_engines_identity_key_is_the_kernels(
    key: bytes, number: str, con: duckdb.DuckDBPyConnection
) -> None:
    sql = key_sql(f"'01:' || '{number.replace(chr(39), chr(39) * 2)}'", key)
    if "\0" in number:
        return
    row = con.execute(f"SELECT {sql}").fetchone()
    assert row == (person_key(key, "01", number),)


_NAMES = st.text(
    alphabet="王张李无名氏不详未知测试空暂女男先生小姐同志太夫人师傅陈陳峯﨑?·a", max_size=5
)
NOBODY = (
    "无名氏", "无名", "不详", "不明", "未知", "未详", "未提供", "未填", "未填写", "待查", "待补",
    "暂无", "没有", "缺失", "测试", "未命名", "不详女", "不详男", "王女士", "张先生", "李小姐",
    "王同志", "张太太", "王夫人", "李师傅", "无号码", "无证件", "无身份证", "张張",
)  # fmt: skip
_WORDS = st.sampled_from(NOBODY)


_CHARACTERS = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)


@settings(max_examples=20, deadline=None)
@given(texts=st.lists(_NAMES | _WORDS | st.text(alphabet=_CHARACTERS, max_size=4), max_size=80))
def test_a_plain_name_is_its_own_clean_and_comparison_form(
    texts: list[str], con: duckdb.DuckDBPyConnection
) -> None:
    sql = "SELECT v FROM (SELECT unnest(?::VARCHAR[]) AS v) WHERE regexp_full_match(v, ?)"
    for (text,) in con.execute(sql, [texts, fastpath.plain_names()]).fetchall():
        assert fastpath.is_plain(text), text
        assert (clean_name(text).repaired, clean_name(text).reason) == ("", "")


def test_usual_names_are_plain_and_words_for_nobody_are_not(con: duckdb.DuckDBPyConnection) -> None:
    def plain(text: str) -> bool:
        return con.execute(
            "SELECT regexp_full_match(?, ?)", [text, fastpath.plain_names()]
        ).fetchall() == [(True,)]

    assert all(map(plain, ["张三", "欧阳娜娜", "王小红"]))
    assert not any(map(plain, NOBODY))
