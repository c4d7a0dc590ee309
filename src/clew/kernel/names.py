"""Names of persons and organisations: cleaned for people to read, keyed to compare (D04-D11)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.resources import files

from clew.kernel.checked import Checked, unusable
from clew.kernel.text import EMPTY, PLACEHOLDER, is_placeholder, plain

_CJK = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_DOTS = re.compile("[\u2022\u30fb\uff65\u2027\u2219\u22c5\u1427\u2024\uff0e]")
_FULL_STOP = re.compile(rf"(?<=[{_CJK}])[.。](?=[{_CJK}])")
_DOT_BLANKS = re.compile(r"\s*\u00b7\s*")
_CJK_BLANKS = re.compile(rf"(?<=[{_CJK}?])\s+|\s+(?=[{_CJK}?])")
_HONORIFIC = re.compile("(?<=.)(女士|先生|小姐|同志|太太|夫人|师傅)$")
_NOTE = re.compile(r"\((曾用名|原名|别名|又名|化名|女|男|女士|先生|同志)[^()]*\)$")
_NOBODY = frozenset(["无名", "无名氏", "不详女", "不详男", "未命名", "测试"])

_BRACKETS = str.maketrans("（）〔〕［］【】", "()()()()")
_LIMITED = re.compile("有限责任公司")
_FORMER = re.compile(r"\((原名?|曾用名|现名)[:：]?[^()]+\)$")
_ORGANISATION_NOISE = re.compile(r"[\s·.,。，、\"'“”‘’]")


def clean_name(text: str | None) -> Checked:
    """A person's name without blanks, honorific, note in brackets; one kind of middle dot (·).

    Characters stay as written (陳 is not 陈 here). repaired D06 when anything had to go.
    Not ok with EMPTY or D03_PLACEHOLDER.
    """
    name = _DOT_BLANKS.sub("·", _FULL_STOP.sub("·", _DOTS.sub("·", plain(text))))
    name = _CJK_BLANKS.sub("", name)
    if not name:
        return unusable(EMPTY)
    if name.upper() in _NOBODY or is_placeholder(name.upper()):
        return unusable(PLACEHOLDER)
    name = _HONORIFIC.sub("", _NOTE.sub("", name)).strip()
    if not name:
        return unusable(EMPTY)
    return Checked(ok=True, normal=name, repaired="" if name == text else "D06")


def name_key(text: str | None) -> str:
    """Comparison form: clean, simplified, variants unified, case folded, no dots and blanks.

    "" when there is no name.
    """
    name = clean_name(text).normal or ""
    return "".join(map(_base, name)).casefold().replace("·", "").replace(" ", "")


@lru_cache(maxsize=20_000)
def _base(character: str) -> str:
    """Simplified standard character. One by one: in phrases OpenCC decides by the neighbours."""
    if character in _variants():
        return _variants()[character]
    simplified = _to_simplified()(character)
    return _variants().get(simplified, simplified)


@cache
def _to_simplified() -> Callable[[str], str]:
    from opencc import OpenCC  # loads its dictionaries: only when a name needs it

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return lambda character: character if character.isascii() else convert(character)


@cache
def _variants() -> dict[str, str]:
    table = files("clew.kernel") / "tables" / "name_variants.txt"
    lines = table.read_text(encoding="utf-8").splitlines()
    pairs = " ".join(line for line in lines if not line.startswith("#")).split()
    return {variant: group[0] for group in pairs for variant in group[1:]}


def compatible(a: str | None, b: str | None) -> bool:
    """True when two names are equal after normalisation, D04 variants included (tier T1)."""
    key = name_key(a)
    return key != "" and key == name_key(b)


def organisation_name_key(text: str | None) -> str:
    """Comparison form of an organisation's name (D11); "" when there is none.

    Brackets, blanks, punctuation, case, variants and 有限责任公司/有限公司 are unified, a former
    name in brackets goes. Branches and abbreviations stay different.
    """
    name = plain(text).translate(_BRACKETS)
    if not name or is_placeholder(name.upper()):
        return ""
    name = _ORGANISATION_NOISE.sub("", _FORMER.sub("", name))
    return _LIMITED.sub("有限公司", "".join(map(_base, name))).casefold()


def mask_name(text: str | None) -> str:
    """First character and one star, so that the length does not show."""
    name = plain(text)
    return f"{name[0]}*" if name else ""
