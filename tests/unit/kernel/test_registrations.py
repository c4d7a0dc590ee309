from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import uscc as standard_uscc

from clew.kernel import identifiers as ids


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("91350100M000100Y43", ""),
        ("51330381500000001X", "ORGANISATION_CODE"),
        ("52330381500000001T", "ORGANISATION_CODE"),
        ("53330381500000001P", "ORGANISATION_CODE"),
    ],
)
def test_social_credit_codes(text: str, warning: str) -> None:
    checked = ids.uscc(text)
    assert (checked.ok, checked.normal, checked.reason) == (True, text, warning)
    assert checked.repaired == ""
    assert ids.uscc(f" {text.lower()} ").repaired == "D01"
    assert ids.uscc(f" {text.lower()} ").normal == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("51330381500000001T", "CHECK_DIGIT"),
        ("5133038150000000IX", "SHAPE"),
        ("9.135E+17", "D01_PRECISION_LOST"),
        ("无", "D03_PLACEHOLDER"),
        ("", "EMPTY"),
    ],
)
def test_refused_social_credit_codes(text: str, reason: str) -> None:
    assert ids.uscc(text).reason == reason
    assert not ids.uscc(text).ok


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9))
def test_social_credit_check_agrees_with_stdnum(tail: str) -> None:
    first17 = "91330302" + tail
    number = first17 + standard_uscc.calc_check_digit(first17)
    assert ids.uscc(number).normal == number


@pytest.mark.parametrize("text", ["M000100Y-4", "M000100Y4", "m000100y－4"])
def test_organisation_code(text: str) -> None:
    assert ids.organisation_code(text).normal == "M000100Y4"


def test_organisation_code_refusals() -> None:
    assert ids.organisation_code("50000000-1").reason == "CHECK_DIGIT"
    assert ids.organisation_code("50000000-7").ok
    assert ids.organisation_code("M000100Y-4").repaired == ""
    assert ids.organisation_code("M000").reason == "SHAPE"


def test_institution_code() -> None:
    assert ids.institution_code("H33030200001").normal == "H33030200001"
    assert ids.institution_code("p33030200001").repaired == "D01"
    assert ids.institution_code("H33038300001").reason == ""
    assert ids.institution_code("H99999900001").reason == "DIVISION"
    assert ids.institution_code("H3303020001").reason == "SHAPE"
    assert ids.institution_code("D33030200001").reason == "SHAPE"


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("13857712345", ""),
        ("+86 138-5771-2345", ""),
        ("86-13857712345", ""),
        ("008613857712345", ""),
        ("１３８57712345", "D01"),
        ("13857712345.0", "D01"),
    ],
)
def test_mobile(text: str, repaired: str) -> None:
    checked = ids.mobile(text)
    assert (checked.normal, checked.repaired) == ("13857712345", repaired)


@pytest.mark.parametrize("text", ["12857712345", "1385771234", "1.38578E+10", "0577-88123456", ""])
def test_refused_mobile(text: str) -> None:
    assert not ids.mobile(text).ok


@given(st.integers(10**15, 10**18 - 1))
def test_bank_card(body: int) -> None:
    number = str(body) + luhn.calc_check_digit(str(body))
    assert ids.bank_card(number).normal == number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert not ids.bank_card(wrong).ok


def test_bank_card_with_blanks() -> None:
    checked = ids.bank_card("6222 0200 0000 0000 008")
    assert checked.normal is None or checked.normal.startswith("6222")
    assert ids.bank_card("4111 1111 1111 1111").normal == "4111111111111111"
    assert ids.bank_card("4111 1111 1111 1111").repaired == ""
    assert ids.bank_card("6.22202E+18").reason == "D01_PRECISION_LOST"


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("浙C12345", "浙C12345"),
        ("浙c·12345", "浙C12345"),
        ("浙C D12345", "浙CD12345"),
        ("浙C1234挂", "浙C1234挂"),
        ("浙C1234", None),
        ("浙CO1234I", None),
        ("C12345", None),
    ],
)
def test_plate(text: str, normal: str | None) -> None:
    assert ids.plate(text).normal == normal


@pytest.mark.parametrize(
    "text",
    [
        "（2023）浙0324刑初0123号",
        "(2023)浙0324刑初123号",
        "〔2023〕浙0324刑初第123号",
        "[2023] 浙 0324 刑初 00123 号",
        "【2023】浙0324刑初123号",
    ],
)
def test_court_case_number(text: str) -> None:
    assert ids.court_case_number(text).normal == "(2023)浙0324刑初123号"


@pytest.mark.parametrize(
    "text", ["(2023)浙03执恢12号", "(2022)浙0302执保7号之一", "(2021)最高法民终1号"]
)
def test_court_case_types(text: str) -> None:
    assert ids.court_case_number(text).normal == text


@pytest.mark.parametrize("text", ["2023浙0324刑初123号", "(2023)浙0324刑初号", "无", ""])
def test_refused_court_case_number(text: str) -> None:
    assert not ids.court_case_number(text).ok


@pytest.mark.parametrize(
    ("text", "normal", "reason"),
    [
        ("330302", "330302", ""),
        ("330323", "330323", ""),
        ("330302001", "330302001", ""),
        ("330302001002", "330302001002", ""),
        ("330302.0", "330302", ""),
        ("330399", None, "DIVISION"),
        ("3303", None, "SHAPE"),
        ("3.30302E+11", None, "D01_PRECISION_LOST"),
    ],
)
def test_division(text: str, normal: str | None, reason: str) -> None:
    checked = ids.division(text)
    assert (checked.normal, checked.reason) == (normal, reason)


@pytest.mark.parametrize(
    "text", ["1M8GDM9AXKP042788", "5GZCZ43D13S812715", "1HGCM82633A004352", "LSVAA49J132047371"]
)
def test_vin(text: str) -> None:
    checked = ids.vin(text)
    assert (checked.ok, checked.normal, checked.repaired) == (True, text, "")
    assert ids.vin(f" {text.lower()} ").normal == text
    assert ids.vin(f" {text.lower()} ").repaired == "D01"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1M8GDM9A1KP042788", "CHECK_DIGIT"),
        ("1M8GDM9AXKP04278", "SHAPE"),
        ("1M8GDM9AXKPO42788", "SHAPE"),
        ("11111111111111111", "D03_PLACEHOLDER"),
        ("无", "D03_PLACEHOLDER"),
        ("", "EMPTY"),
    ],
)
def test_refused_vin(text: str, reason: str) -> None:
    assert ids.vin(text).reason == reason
    assert not ids.vin(text).ok


@given(st.text("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", min_size=17, max_size=17), st.data())
def test_every_vin_has_one_check_character(text: str, data: st.DataObject) -> None:
    fitting = [c for c in "0123456789X" if ids.vin(text[:8] + c + text[9:]).ok]
    assert len(fitting) <= 1
    if fitting:
        number = text[:8] + fitting[0] + text[9:]
        place = data.draw(st.integers(0, 16))
        wrong = number[:place] + ("2" if number[place] != "2" else "3") + number[place + 1 :]
        same_value = wrong[place] == "2" and number[place] in "BKS"
        same_value |= wrong[place] == "3" and number[place] in "CLT"
        assert same_value or place == 8 or not ids.vin(wrong).ok
