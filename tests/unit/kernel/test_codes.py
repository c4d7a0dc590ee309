from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.kernel.codes import (
    consumable,
    diagnosis,
    drug,
    drug_substance,
    flag,
    icd_category,
    local_item,
    operation,
    physician_code,
    service_item,
    sex_code,
)

LISTS = Path(__file__).parents[4] / "shared" / "data" / "codes" / "icd10-yb"


@pytest.mark.parametrize(
    ("text", "normal"),
    [("1", "1"), ("是", "1"), ("y", "1"), ("TRUE", "1"), ("有", "1"), ("√", "1"), ("1.0", "1"),
     ("0", "0"), ("否", "0"), ("N", "0"), ("false", "0"), ("无", "0"), (" 否 ", "0")],
)  # fmt: skip
def test_flag(text: str, normal: str) -> None:
    assert flag(text).normal == normal


@pytest.mark.parametrize(("text", "reason"), [("", "EMPTY"), ("也许", "SHAPE"), ("2", "SHAPE")])
def test_no_flag(text: str, reason: str) -> None:
    assert flag(text).reason == reason


@pytest.mark.parametrize(
    ("text", "normal"),
    [("1", "1"), ("男", "1"), ("男性", "1"), ("M", "1"), ("2", "2"), ("女", "2"), ("F", "2"),
     ("0", "0"), ("未知", "0"), ("9", "9"), ("未说明", "9"), ("01", "1"), ("2.0", "2")],
)  # fmt: skip
def test_sex(text: str, normal: str) -> None:
    assert sex_code(text).normal == normal


@pytest.mark.parametrize(
    ("text", "normal", "reason", "repaired"),
    [
        ("I10", "I10", "", ""),
        ("I10.x00x002", "I10.x00x002", "", ""),
        ("i10.x00x002", "I10.x00x002", "", "D01"),
        ("I10.X00X002", "I10.x00x002", "", "D01"),
        ("A01.000x005+J17.0*", "A01.000x005+J17.0*", "", ""),
        ("a01.000X005+j17.0*", "A01.000x005+J17.0*", "", "D01"),
        ("x59.900", "X59.900", "", "D01"),
        ("Ａ００.９００", "A00.900", "", "D01"),
        ("高血压", "高血压", "UNKNOWN_CODE", ""),
        ("40390", "40390", "UNKNOWN_CODE", ""),
        ("v5869", "V5869", "UNKNOWN_CODE", ""),
    ],
)
def test_diagnosis(text: str, normal: str, reason: str, repaired: str) -> None:
    checked = diagnosis(text)
    assert (checked.ok, checked.normal, checked.reason, checked.repaired) == (
        True, normal, reason, repaired,
    )  # fmt: skip


def test_empty_medical_codes() -> None:
    assert diagnosis("").reason == operation("  ").reason == "EMPTY"
    assert diagnosis("无").reason == operation("-").reason == "D03_PLACEHOLDER"


def test_operation() -> None:
    assert operation("17.912A0").normal == "17.912A0"
    assert operation("00.5500X008").normal == "00.5500x008"
    assert operation("17.912a0").repaired == "D01"
    assert operation("手术").reason == "UNKNOWN_CODE"


@pytest.mark.parametrize(
    ("text", "category"),
    [("A01.000x005+J17.0*", "A01"), ("I10", "I10"), ("", ""), ("40390", "403")],
)
def test_category(text: str, category: str) -> None:
    assert icd_category(text) == category


@pytest.mark.skipif(not LISTS.is_dir(), reason="the national code lists are not on this machine")
@pytest.mark.parametrize(
    ("name", "check"), [("ZD_INFO.dat", diagnosis), ("SS_INFO.dat", operation)]
)
def test_the_shapes_accept_the_national_catalogues(name: str, check: object) -> None:
    assert callable(check)
    codes = [
        line.split(" ", 1)[0]
        for line in (LISTS / name).read_text(encoding="utf-8").splitlines()
        if line
    ]
    assert len(codes) > 13_000
    changed = [code for code in codes if check(code).normal != code or check(code).reason]
    assert changed == []


DRUG = "XA01ABD075A002010100483"


@pytest.mark.parametrize(
    ("text", "reason", "repaired"),
    [
        (DRUG, "", ""),
        (DRUG.lower(), "", "D01"),
        (DRUG[:-1], "UNKNOWN_CODE", ""),
        ("ZA01AAA0013010103034", "", ""),
        ("T001700001", "", ""),
        ("阿莫西林", "UNKNOWN_CODE", ""),
    ],
)
def test_drug(text: str, reason: str, repaired: str) -> None:
    checked = drug(text)
    assert (checked.ok, checked.reason, checked.repaired) == (True, reason, repaired)
    assert checked.normal == text.upper()


def test_the_substance_of_a_drug() -> None:
    assert drug_substance(DRUG) == "XA01ABD075A002"
    assert drug_substance(DRUG, 10) == "XA01ABD075"


@pytest.mark.parametrize("length", [20, 23, 27])
def test_consumable(length: int) -> None:
    code = "C" + "0123456789" * 3
    assert consumable(code[:length]).reason == ""
    assert consumable(code[:19]).reason == consumable(code[:28]).reason == "UNKNOWN_CODE"
    assert consumable("X" + code[1:20]).reason == "UNKNOWN_CODE"


@pytest.mark.parametrize(
    ("text", "local", "reason"),
    [
        ("001101000010000", "110100001", ""),
        ("001101000010000-110100001", "110100001", ""),
        ("001101000010000-33010000112", "330100001", ""),
        ("110100001", "110100001", ""),
        ("110100001.0", "110100001", ""),
        ("床位费", None, "UNKNOWN_CODE"),
    ],
)
def test_service_item(text: str, local: str | None, reason: str) -> None:
    checked = service_item(text)
    assert (checked.ok, checked.reason) == (True, reason)
    assert local_item(checked.normal or "") == local


def test_physician_code() -> None:
    assert physician_code("D330302000001").normal == "D330302000001"
    assert physician_code("d33030200001").repaired == "D01"
    assert physician_code("D999999000001").reason == "DIVISION"
    assert physician_code("D3303020001").reason == "SHAPE"
    assert physician_code("H330302000001").reason == "SHAPE"


@pytest.mark.parametrize("check", [drug, consumable, service_item, physician_code])
def test_no_code(check: object) -> None:
    assert callable(check)
    assert check("").reason == "EMPTY"
    assert check("不详").reason == "D03_PLACEHOLDER"


@given(st.sampled_from([diagnosis, operation, drug, consumable, service_item]),
       st.text("0123456789ABCXZabcx.+*-†Ａ０ '高血压无"))  # fmt: skip
def test_a_medical_code_is_never_refused_for_its_shape(check: object, text: str) -> None:
    assert callable(check)
    checked = check(text)
    assert checked.ok or checked.reason in ("EMPTY", "D03_PLACEHOLDER")
    if checked.ok:
        again = check(checked.normal)
        assert (again.normal, again.repaired) == (checked.normal, "")
