"""Codes of organisations, institutions, cards, telephones, vehicles and court cases."""

from __future__ import annotations

import re

from clew.kernel.checked import Checked, unusable
from clew.kernel.divisions import is_known
from clew.kernel.text import (
    PRECISION_LOST,
    SHAPE,
    accepted,
    compact,
    is_scientific,
    nothing,
    without_float,
)

_PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC = re.compile(rf"[{_USCC_ALPHABET}]{{2}}[0-9]{{6}}[{_USCC_ALPHABET}]{{10}}")
_USCC_VALUES = {character: value for value, character in enumerate(_USCC_ALPHABET)}
_ORGANISATION = re.compile(r"([0-9A-Z]{8})-?([0-9X])")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_INSTITUTION = re.compile(r"[HP][0-9]{11}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_CALLING_CODE = re.compile(r"(\+|00)?86(?=1[0-9]{10}$)")
_CARD = re.compile(r"[0-9]{12,19}")
_LETTER = "A-HJ-NP-Z"  # plates do without I and O
_PLATE = re.compile(
    rf"[{_PROVINCES}][{_LETTER}]"
    rf"([{_LETTER}0-9]{{4}}[{_LETTER}0-9挂学警港澳]|[{_LETTER}0-9]{{6}})"
)
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_VIN_VALUES = {
    **{digit: int(digit) for digit in "0123456789"},
    **dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True)),
}
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_DASHES = re.compile("[-\u2010-\u2015]")
_DOTS = re.compile("[\u00b7\u2022\u30fb.]")
_CASE = re.compile(
    rf"\((?P<year>[0-9]{{4}})\)(?P<court>最高法|[{_PROVINCES}兵军][0-9]{{0,4}})"
    r"(?P<type>[\u4e00-\u9fff]{1,8}?)(?:第)?0*(?P<number>[1-9][0-9]*)号(?P<part>之[一二三四五六七八九十]+)?"
)
_BRACKETS = str.maketrans("〔【［[﹝（〕】］]﹞）", "(" * 6 + ")" * 6)


def uscc(text: str | None) -> Checked:
    """Unified social credit code (GB 32100), 18 characters.

    ok with reason ORGANISATION_CODE warns that the check inside (positions 9-17) fails.
    """
    cleaned = without_float(_DASHES.sub("", compact(text)))
    if refusal := nothing(cleaned) or _lost(cleaned):
        return refusal
    if not _USCC.fullmatch(cleaned):
        return unusable(SHAPE)
    total = sum(_USCC_VALUES[c] * pow(3, i, 31) for i, c in enumerate(cleaned[:17]))
    if _USCC_ALPHABET[-total % 31] != cleaned[17]:
        return unusable("CHECK_DIGIT")
    warning = "" if _organisation_check(cleaned[8:16]) == cleaned[16] else "ORGANISATION_CODE"
    return Checked(True, cleaned, warning, accepted(text, cleaned).repaired)


def _organisation_check(eight: str) -> str:
    total = sum(int(c, 36) * w for c, w in zip(eight, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def organisation_code(text: str | None) -> Checked:
    """Organisation code (GB 11714): normal is 8 characters and the check, without a dash."""
    cleaned = _DASHES.sub("-", compact(text))
    if refusal := nothing(cleaned) or _lost(cleaned):
        return refusal
    match = _ORGANISATION.fullmatch(cleaned)
    if not match:
        return unusable(SHAPE)
    body, check = match.groups()
    if _organisation_check(body) != check:
        return unusable("CHECK_DIGIT")
    return accepted(text, body + check, admitted=f"{body}-{check}")


def institution_code(text: str | None) -> Checked:
    """Designated institution: H or P, six-digit division, five digits.

    ok with reason DIVISION warns that no edition knows the division.
    """
    cleaned = compact(text)
    if refusal := nothing(cleaned):
        return refusal
    if not _INSTITUTION.fullmatch(cleaned):
        return unusable(SHAPE)
    warning = "" if is_known(cleaned[1:7]) else "DIVISION"
    return Checked(True, cleaned, warning, accepted(text, cleaned).repaired)


def mobile(text: str | None) -> Checked:
    """Mainland mobile number, 11 digits; +86, blanks and dashes are an admitted way to write it."""
    cleaned = _CALLING_CODE.sub("", _DASHES.sub("", without_float(compact(text))))
    if refusal := nothing(cleaned) or _lost(cleaned):
        return refusal
    if not _MOBILE.fullmatch(cleaned):
        return unusable(SHAPE)
    return _number_accepted(text, cleaned)


def bank_card(text: str | None) -> Checked:
    """Card number of 12 to 19 digits with its Luhn check (ISO 7812)."""
    cleaned = _DASHES.sub("", without_float(compact(text)))
    if refusal := nothing(cleaned) or _lost(cleaned):
        return refusal
    if not _CARD.fullmatch(cleaned):
        return unusable(SHAPE)
    doubled = (int(d) * 2 for d in cleaned[-2::-2])
    total = sum(int(d) for d in cleaned[-1::-2]) + sum(d - 9 if d > 9 else d for d in doubled)
    return unusable("CHECK_DIGIT") if total % 10 else _number_accepted(text, cleaned)


def plate(text: str | None) -> Checked:
    """Vehicle plate (GA 36): province, letter, five characters, or six for new energy."""
    cleaned = _DOTS.sub("", _DASHES.sub("", compact(text)))
    if refusal := nothing(cleaned):
        return refusal
    if not _PLATE.fullmatch(cleaned):
        return unusable(SHAPE)
    return accepted(text, cleaned, admitted=f"{cleaned[:2]}\u00b7{cleaned[2:]}")


def vin(text: str | None) -> Checked:
    """Vehicle identification number (GB 16735): 17 characters, the ninth is the check."""
    cleaned = _DASHES.sub("", compact(text))
    if refusal := nothing(cleaned) or _lost(cleaned):
        return refusal
    if not _VIN.fullmatch(cleaned):
        return unusable(SHAPE)
    total = sum(_VIN_VALUES[c] * w for c, w in zip(cleaned, _VIN_WEIGHTS, strict=True))
    fits = "0123456789X"[total % 11] == cleaned[8]
    return accepted(text, cleaned) if fits else unusable("CHECK_DIGIT")


def court_case_number(text: str | None) -> Checked:
    """Court case number as (2023)浙0324刑初123号; brackets, blanks and zeros are not repairs."""
    cleaned = compact(text).translate(_BRACKETS)
    if refusal := nothing(cleaned):
        return refusal
    match = _CASE.fullmatch(cleaned)
    if not match:
        return unusable(SHAPE)
    part = match["part"] or ""
    normal = f"({match['year']}){match['court']}{match['type']}{match['number']}号{part}"
    return Checked(True, normal)


def division(text: str | None) -> Checked:
    """Division code of 6 digits (any edition), or 9 or 12 digits that start with one."""
    cleaned = without_float(compact(text))
    if refusal := nothing(cleaned) or _lost(cleaned):
        return refusal
    if not cleaned.isascii() or not cleaned.isdigit() or len(cleaned) not in (6, 9, 12):
        return unusable(SHAPE)
    return accepted(text, cleaned) if is_known(cleaned[:6]) else unusable("DIVISION")


def _lost(cleaned: str) -> Checked | None:
    return unusable(PRECISION_LOST) if is_scientific(cleaned) else None


def _number_accepted(text: str | None, normal: str) -> Checked:
    written = re.sub(r"[ \-]", "", text or "")
    return accepted(text, normal, admitted=text if written.endswith(normal) else None)
