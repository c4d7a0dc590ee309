"""Cells as they may be shown on a page: the form of the dirt stays, the person does not."""

from __future__ import annotations

import re
import unicodedata

from clew.declare.types import S2, S3, Mobile, PersonId, PersonName, SemanticType
from clew.kernel.identifiers import mask_id
from clew.kernel.text import compact, is_placeholder

LONGEST = 40
_NUMBER = re.compile(r"(?<!\d)(\d{6})\d{5,8}(\d{3}[\dXx])(?!\d)")
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")


def mask(text: str, type_: SemanticType | None) -> str:
    """A delivered text, masked after its type and cut to 40 characters.

    Sensitive values (S2, S3) keep their signs, and a sign in place of each digit and letter. Where
    the type is not known, only numbers that look like a person's are hidden.
    """
    cut = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    if is_placeholder(compact(text)) and not text.strip().isdecimal():
        return cut
    if type_ is None:
        return _MOBILE.sub(r"\1****\2", _NUMBER.sub(r"\1********\2", cut))
    if isinstance(type_, PersonId):
        plain = cut.isascii() and cut.isalnum() and len(cut) >= 15
        return mask_id(cut) if plain else shape(cut)
    if isinstance(type_, PersonName):
        return cut[:1] + re.sub(r"[^\s·•.*?？]", "*", cut[1:])
    if isinstance(type_, Mobile):
        return _MOBILE.sub(r"\1****\2", cut) if _MOBILE.fullmatch(cut) else shape(cut)
    return shape(cut) if type_.sensitivity in (S2, S3) else cut


def shape(text: str) -> str:
    """`１２3,４` → `＃＃#,＃`: digits and letters give way, width, signs and units stay."""
    return "".join(map(_sign, text))


_UNITS = "年月日时分秒元万亿角整正零壹贰叁肆伍陆柒捌玖拾佰仟农历闰初"


def _sign(character: str) -> str:
    if character in _UNITS:
        return character
    if character.isdigit():
        return "＃" if unicodedata.east_asian_width(character) == "F" else "#"
    if character.isascii() and character.isalpha():
        if character in "EexX":
            return character
        return "A" if character.isupper() else "a"
    return "*" if character.isalpha() else character
