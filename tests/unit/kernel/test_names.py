from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.kernel import names


@pytest.mark.parametrize(
    ("text", "normal", "repaired"),
    [
        ("陈建国", "陈建国", ""),
        ("陳建國", "陳建國", ""),
        (" 陈 建　国 ", "陈建国", "D06"),
        ("陈建国先生", "陈建国", "D06"),
        ("林 芳 女士", "林芳", "D06"),
        ("林芳（女）", "林芳", "D06"),
        ("林芳（曾用名：林小芳）", "林芳", "D06"),
        ("买买提•艾力", "买买提·艾力", "D06"),
        ("买买提・艾力", "买买提·艾力", "D06"),
        ("买买提.艾力", "买买提·艾力", "D06"),
        ("买买提 · 艾力", "买买提·艾力", "D06"),
        ("John  Smith", "John Smith", "D06"),
        ("ＬＩ Ming", "LI Ming", "D06"),
        ("张?", "张?", ""),
    ],
)
def test_clean_name(text: str, normal: str, repaired: str) -> None:
    checked = names.clean_name(text)
    assert (checked.ok, checked.normal, checked.repaired) == (True, normal, repaired)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "EMPTY"), (None, "EMPTY"), ("不详", "D03_PLACEHOLDER"), ("无名氏", "D03_PLACEHOLDER"),
     ("null", "D03_PLACEHOLDER"), ("-", "D03_PLACEHOLDER"), ("???", "D03_PLACEHOLDER")],
)  # fmt: skip
def test_no_name(text: str | None, reason: str) -> None:
    assert names.clean_name(text).reason == reason
    assert names.name_key(text) == ""


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("陳峯", "陈峰"),
        ("王昇", "王升"),
        ("李喆", "李哲"),
        ("山﨑", "山崎"),
        ("劉曉豔", "刘晓艳"),
        ("买买提•艾力", "买买提艾力"),
        ("JOHN SMITH", "john smith"),
        ("鍾德", "钟悳"),
        ("林芳女士", "林 芳"),
    ],
)
def test_compatible_names(a: str, b: str) -> None:
    assert names.compatible(a, b)
    assert names.compatible(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [("张建", "张健"), ("陈伟", "陈炜"), ("", ""), ("不详", "不详"), ("张?", "张三"), (None, "张")],
)
def test_incompatible_names(a: str | None, b: str | None) -> None:
    assert not names.compatible(a, b)


@given(st.text(max_size=12))
def test_the_key_is_stable(text: str) -> None:
    key = names.name_key(text)
    if key and names.clean_name(key).normal == key:
        assert names.name_key(key) == key


def test_common_forms_of_the_variant_table_are_stable() -> None:
    table = names._variants()
    for variant, common in table.items():
        assert common not in table, f"{variant} leads to {common}, itself a variant"
        assert names.name_key("王" + variant) == names.name_key("王" + common) == "王" + common


def test_organisation_names() -> None:
    key = names.organisation_name_key
    assert key("温州市甲乙（集团）有限责任公司") == key("温州市甲乙(集团)有限公司")
    assert key("甲乙 有限公司") == key("甲乙有限公司")
    assert key("甲乙有限公司（原名：丙丁厂）") == key("甲乙有限公司")
    assert key("溫州市ABC公司") == key("温州市abc公司")
    assert key("甲乙有限公司瑞安分公司") != key("甲乙有限公司")
    assert key("不详") == key(None) == ""


@pytest.mark.parametrize(("name", "masked"), [("陈建国", "陈*"), ("陈", "陈*"), ("", "")])
def test_mask_name(name: str, masked: str) -> None:
    assert names.mask_name(name) == masked
