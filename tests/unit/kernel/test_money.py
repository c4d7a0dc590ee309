from __future__ import annotations

from decimal import Decimal

import cn2an  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.kernel.money import parse_decimal, parse_fen, yuan, yuan_text
from clew.kernel.numerals import parse_numeral


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1234.5", 123450),
        ("1,234.50", 123450),
        ("１，２３４．５０", 123450),
        ("￥1,234.50", 123450),
        ("¥ 1234.50元", 123450),
        ("人民币1234.50元整", 123450),
        ("1.2万", 1_200_000),
        ("1.2万元", 1_200_000),
        ("2.7亿", 27_000_000_000),
        ("3百万元", 300_000_000),
        ("壹万贰仟元整", 1_200_000),
        ("壹万贰仟元", 1_200_000),
        ("人民币叁佰元零伍分", 30_005),
        ("叁佰贰拾元伍角", 32_050),
        ("伍角", 50),
        ("零元", 0),
        ("负壹佰元整", -10_000),
        ("-12.00", -1200),
        ("－12", -1200),
        ("−12", -1200),
        ("(12.00)", -1200),
        ("（12.00）", -1200),
        ("12.00-", -1200),
        ("-￥12", -1200),
        ("￥-12", -1200),
        ("+5", 500),
        ("0", 0),
        ("-0.00", 0),
        (".5", 50),
        ("1234.500", 123450),
        ("1.5E+3", 150_000),
    ],
)
def test_admitted_amounts(text: str, fen: int) -> None:
    checked = parse_fen(text)
    assert (checked.ok, checked.normal, checked.repaired) == (True, str(fen), "")


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1.005", 101),
        ("1.004", 100),
        ("-1.005", -101),
        ("12,34", 1234),
        ("1234，5", 123450),
        ("1.234.56", 123456),
        ("1,234,56", 123456),
        ("1.234,56", 123456),
    ],
)
def test_repaired_amounts(text: str, fen: int) -> None:
    checked = parse_fen(text)
    assert (checked.ok, checked.normal, checked.repaired) == (True, str(fen), "D09")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "EMPTY"),
        (None, "EMPTY"),
        ("无", "D03_PLACEHOLDER"),
        ("--", "D03_PLACEHOLDER"),
        ("abc", "SHAPE"),
        ("1,2345", "SHAPE"),
        ("12O.5", "SHAPE"),
        ("万", "SHAPE"),
        ("壹万贰", "SHAPE"),
        ("1e30", "RANGE"),
        ("nan", "D03_PLACEHOLDER"),
        ("99999999999999999999", "RANGE"),
        ("1.2.3", "SHAPE"),
        ("--5", "SHAPE"),
    ],
)
def test_refused_amounts(text: str | None, reason: str) -> None:
    assert parse_fen(text).reason == reason
    assert parse_fen(text).normal is None


@given(st.integers(-(10**15), 10**15))
def test_amounts_survive_the_way_out_and_back(fen: int) -> None:
    assert parse_fen(yuan(fen)).normal == str(fen)
    assert parse_fen(yuan_text(fen)).normal == str(fen)
    assert parse_fen(yuan(fen)).repaired == ""


@given(st.integers(0, 10**14))
def test_a_reversal_mirrors_its_original(thousandths: int) -> None:
    text = f"{thousandths // 1000}.{thousandths % 1000:03d}"
    there, back = parse_fen(text).normal, parse_fen("-" + text).normal
    assert there is not None
    assert back is not None
    assert int(there) + int(back) == 0


@given(st.integers(0, 10**10))
def test_capital_numerals_agree_with_cn2an(fen: int) -> None:
    text = cn2an.an2cn(yuan(fen), "rmb")
    assert parse_fen(text).normal == str(fen)


@given(st.integers(0, 10**12))
def test_chinese_numerals_agree_with_cn2an(number: int) -> None:
    assert parse_numeral(cn2an.an2cn(number, "low")) == number
    assert parse_numeral(cn2an.an2cn(number, "up")) == number


@pytest.mark.parametrize(
    ("text", "value"),
    [("十二", 12), ("千", 1000), ("三百余", None), ("一百二", None), ("一万二", None),
     ("一百零二", 102), ("两千", 2000), ("一二", None), ("百千", None), ("", None)],
)  # fmt: skip
def test_chinese_numerals(text: str, value: int | None) -> None:
    assert parse_numeral(text) == value


def test_yuan() -> None:
    assert [yuan(n) for n in (123450, -5, 0)] == ["1234.50", "-0.05", "0.00"]
    assert yuan_text(123456789) == "1,234,567.89"
    assert yuan_text(-123450) == "-1,234.50"


@pytest.mark.parametrize(
    ("text", "normal", "repaired"),
    [
        ("1.50", "1.5", ""),
        ("3", "3", ""),
        ("3.0000", "3", ""),
        ("0.00005", "0.0001", "D09"),
        ("-0.00", "0", ""),
        ("1,234.5678", "1234.5678", ""),
        ("1.2万", "12000", ""),
        ("100", "100", ""),
    ],
)
def test_decimals(text: str, normal: str, repaired: str) -> None:
    checked = parse_decimal(text)
    assert (checked.normal, checked.repaired) == (normal, repaired)


def test_refused_decimals() -> None:
    assert parse_decimal("1e14").reason == "RANGE"
    assert parse_decimal("3元").reason == "SHAPE"
    assert parse_decimal("1.25", scale=1).normal == "1.3"


@given(st.decimals(-(10**9), 10**9, places=4))
def test_decimals_keep_their_value(value: Decimal) -> None:
    normal = parse_decimal(str(value)).normal
    assert normal is not None
    assert Decimal(normal) == value


@given(st.text("0123456789.,-()万元￥E+壹贰仟角分", max_size=16))
def test_any_text_gets_an_answer(text: str) -> None:
    for checked in (parse_fen(text), parse_decimal(text)):
        assert checked.ok == (checked.normal is not None)
