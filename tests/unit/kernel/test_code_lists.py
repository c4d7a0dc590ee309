from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.kernel import code_lists
from clew.kernel.code_lists import code_list

NAMES = ("nationality", "education", "industry", "document_type", "country", "currency")


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("nationality", "01", "01"),
        ("nationality", "1", "01"),
        ("nationality", "1.0", "01"),
        ("nationality", "汉族", "01"),
        ("nationality", " 畲 ", "22"),
        ("education", "大专", "30"),
        ("education", "20", "20"),
        ("industry", "c", "C"),
        ("industry", "建筑业", "E"),
        ("document_type", "身份证", "01"),
        ("document_type", "1", "01"),
        ("country", "CHN", "CHN"),
        ("country", "cn", "CHN"),
        ("country", "156", "CHN"),
        ("country", "4", "AFG"),
        ("country", "中国香港", "HKG"),
        ("country", "刚果（金）", "COD"),
        ("country", "台湾", "TWN"),
        ("currency", "CNY", "CNY"),
        ("currency", "156", "CNY"),
        ("currency", "人民币", "CNY"),
        ("currency", "美元", "USD"),
        ("currency", "36", "AUD"),
    ],
)
def test_forms(name: str, text: str, code: str) -> None:
    checked = getattr(code_lists, name)(text)
    assert (checked.ok, checked.normal, checked.reason) == (True, code, "")


@pytest.mark.parametrize("name", NAMES)
def test_what_a_list_does_not_know_is_kept(name: str) -> None:
    check = getattr(code_lists, name)
    assert (check("某某").ok, check("某某").normal, check("某某").reason) == (
        True, "某某", "UNKNOWN_CODE",
    )  # fmt: skip
    assert check("").reason == "EMPTY"
    assert check("N/A").reason == "D03_PLACEHOLDER"
    assert check("NA").reason == "D03_PLACEHOLDER"  # not Namibia


def test_sizes_and_names() -> None:
    sizes = {name: len(code_list(name).names) for name in NAMES}
    assert sizes["nationality"] == 58
    assert sizes["country"] == 249
    assert sizes["industry"] == 20
    assert sizes["currency"] > 150
    assert code_list("country").name("TWN") == "中国台湾"
    assert code_list("country").name("XXX") is None


@given(st.sampled_from(NAMES), st.data())
def test_every_code_and_name_leads_to_its_code(name: str, data: st.DataObject) -> None:
    listed = code_list(name)
    code = data.draw(st.sampled_from(sorted(listed.names)))
    assert listed.check(code).normal == code
    assert listed.check(f" {code.lower()} ").normal == code
    assert listed.check(listed.names[code]).normal == code
