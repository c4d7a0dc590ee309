from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.kernel.prose import look_alikes, read_prose


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("四肢未梢神经炎", "四肢末梢神经炎"),
        ("人狱", "入狱"),
        ("去向:人城;", "去向:入城;"),
        ("单位违法解决劳动关系", "单位违法解除劳动关系"),
        ("解决劳动合同证明已开", "解除劳动合同证明已开"),
        ("生育保险贴2000元", "生育津贴2000元"),
        ("本人末婚,己经就珍", "本人未婚,已经就诊"),
        ("到人院诊断为准", "到入院诊断为准"),
        ("我自已的卡", "我自己的卡"),
    ],
)
def test_what_is_mended(text: str, normal: str) -> None:
    checked = read_prose(f" {text}\n")
    assert (checked.ok, checked.normal, checked.repaired) == (True, normal, "D17")


@pytest.mark.parametrize(
    "text",
    ["未必", "末端", "人城市", "外地人城里", "解决问题", "解决劳动关系", "解决劳动合同争议",
     "擅自解决劳动合同纠纷", "解决社区矫正人员就业", "生育保险贴心服务", "生育保险贴息",
     "犯人狱中", "本人院内", "月末参保", "年末缴费", "期末成年", "自己经营", "为己报销", "知己",
     "我自已经手", "这样就珍惜", "投入民医院建设", "三月未发", "本处万药齐备"],
)  # fmt: skip
def test_what_is_left_alone(text: str) -> None:
    checked = read_prose(text)
    assert (checked.ok, checked.normal, checked.repaired) == (True, text, "")


def test_nothing_is_empty() -> None:
    assert read_prose(" \u3000").reason == read_prose(None).reason == "EMPTY"


def test_the_table_is_sound() -> None:
    """Every phrase differs from its mending, stands once, and no mending is itself mended."""
    table = look_alikes()
    assert len({phrase.wrong for phrase in table}) == len(table) > 60
    for phrase in table:
        assert phrase.wrong != phrase.right
        assert phrase.wrong and re.escape(phrase.wrong) == phrase.wrong
        assert read_prose(phrase.right).normal == phrase.right


@given(st.lists(st.sampled_from([w for p in look_alikes() for w in (p.wrong, p.right)] + ["的,"])))
def test_mending_twice_changes_nothing_more(words: list[str]) -> None:
    once = read_prose("。".join(words)).normal
    assert read_prose(once).normal == once
