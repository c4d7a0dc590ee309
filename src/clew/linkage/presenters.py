"""What a stored link says to a person: why it was made, and what was decided. Nothing in clear."""

from __future__ import annotations

from clew.declare.text import T
from clew.linkage.models import Link
from clew.linkage.repair import BY_ROW, CHECK, DIGIT, FORMER, LETTER, TRANSPOSED

_EDITS = {
    LETTER: T("第 {at} 位是字母, 应为数字", "a letter stands for the digit at place {at}"),
    DIGIT: T("第 {at} 位数字不同", "the digit at place {at} differs"),
    CHECK: T("第 {at} 位校验码不同", "the check character at place {at} differs"),
    TRANSPOSED: T("第 {at} 位与其后一位颠倒", "places {at} and the next are exchanged"),
}
_VERDICTS = {
    None: T("未判定", "undecided"),
    Link.SAME: T("同一人", "the same person"),
    Link.NOT_SAME: T("不是同一人", "not the same person"),
    Link.UNSURE: T("不能确定", "unsure"),
}


def why(link: Link) -> T:
    """The sentence that explains a repaired link."""
    e = link.evidence
    edit = _EDITS[e["edit"]]
    former, by_row, named = e["name_form"] == FORMER, e["birth"] == BY_ROW, e["named_in"]
    zh = (
        f"{e['original']} 与唯一一个已知证件仅差一处: {edit.zh.format(at=e['at'])}; "
        f"姓名 {e['name']} 与{'曾用名' if former else f' {named} 所载姓名'}相同; "
        f"出生日期与{'本行所载' if by_row else '号码中所载'}相同"
    )
    en = (
        f"{e['original']} is one edit away from one known number only: "
        f"{edit.en.format(at=e['at'])}; the name {e['name']} is "
        f"{'a former name' if former else f'the one in {named}'}; the birth date is "
        f"{'that of the row' if by_row else 'that in the number'}"
    )
    return T(zh, en)


def verdict(link: Link) -> T:
    return _VERDICTS[link.verdict]
