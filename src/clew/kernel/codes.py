"""Flags, sex, and the codes of medical insurance.

A loaded catalogue decides on medical codes; the shape only helps to mend them. A code that nobody
knows is a warning, never a reason for quarantine.
"""

from __future__ import annotations

import re

from clew.kernel.catalogues import Catalogue
from clew.kernel.checked import Checked, unusable
from clew.kernel.divisions import is_known
from clew.kernel.text import (
    EMPTY,
    PLACEHOLDER,
    SHAPE,
    UNKNOWN_CODE,
    accepted,
    compact,
    is_placeholder,
    nothing,
    without_float,
)

__all__ = [
    "UNKNOWN_CODE",
    "Catalogue",
    "consumable",
    "diagnosis",
    "drug",
    "drug_substance",
    "flag",
    "icd_category",
    "local_item",
    "operation",
    "physician_code",
    "service_item",
    "sex_code",
]

_FLAGS = {
    "1": ("1", "是", "Y", "YES", "T", "TRUE", "有", "对", "√", "✓", "✔", "真"),
    "0": ("0", "否", "N", "NO", "F", "FALSE", "无", "没有", "不是", "×", "✗", "✘", "假"),
}
_SEXES = {
    "0": ("0", "未知", "未知的性别", "不详"),
    "1": ("1", "男", "男性", "M", "MALE"),
    "2": ("2", "女", "女性", "F", "FEMALE"),
    "9": ("9", "未说明", "未说明的性别"),
}
_FLAG_WORDS = {word: code for code, words in _FLAGS.items() for word in words}
_SEX_WORDS = {word: code for code, words in _SEXES.items() for word in words}
_DIAGNOSIS = re.compile(
    r"[A-Z]\d{2}(\.[0-9x]{1,3}(x\d{3})?)?(\+[A-Z]\d{2}(\.[0-9x]{1,3})?\*)?", re.ASCII
)
_OPERATION = re.compile(r"\d{2}\.[0-9A-Zx]{1,8}", re.ASCII)
_FIRST_LETTER = re.compile(r"(^|\+)(x)(?=\d)")
# Western medicines have 23 characters; Chinese patent medicines and herbs have fewer.
_DRUG = re.compile(r"X[0-9A-Z]{22}|[A-WYZ][0-9A-Z]{9,22}")
_CONSUMABLE = re.compile(r"C[0-9A-Z]{19,26}")
_LOCAL_ITEM = re.compile(r"[0-9]{9}")
_NATIONAL_ITEM = re.compile(r"00(?P<inside>[0-9]{9})[0-9]{4}(-(?P<appended>[0-9]{9})[0-9A-Z]*)?")
_PHYSICIAN = re.compile(r"D[0-9]{6}[0-9]{5,8}")

SUBSTANCE_LENGTH = 14  # characters of a drug code that name substance and form


def flag(text: str | None) -> Checked:
    """Yes or no: normal "1" or "0". Words and ticks are admitted forms."""
    return _listed(text, _FLAG_WORDS)


def sex_code(text: str | None) -> Checked:
    """GB/T 2261.1: normal "0" unknown, "1" male, "2" female, "9" not stated."""
    return _listed(text, _SEX_WORDS)


def _listed(text: str | None, words: dict[str, str]) -> Checked:
    cleaned = without_float(compact(text))
    if not cleaned:
        return unusable(EMPTY)
    if normal := words.get(cleaned) or words.get(cleaned.lstrip("0")):
        return Checked(ok=True, normal=normal)
    return unusable(PLACEHOLDER if is_placeholder(cleaned) else SHAPE)


def diagnosis(text: str | None) -> Checked:
    """Diagnosis code, medical-insurance edition of ICD-10.

    Letters upper-case except the filler x. An unknown shape is ok with reason UNKNOWN_CODE.
    """
    return _coded(text, _DIAGNOSIS)


def operation(text: str | None) -> Checked:
    """Operation code, medical-insurance edition of ICD-9-CM-3; treated like `diagnosis`."""
    return _coded(text, _OPERATION)


def _coded(text: str | None, shape: re.Pattern[str]) -> Checked:
    cleaned = compact(text).replace("†", "+")
    if not cleaned:
        return unusable(EMPTY)
    if is_placeholder(cleaned):
        return unusable(PLACEHOLDER)
    # An X opens a category (X59); everywhere else it fills a place and is written small.
    code = _FIRST_LETTER.sub(lambda m: m[1] + "X", cleaned.replace("X", "x"))
    if shape.fullmatch(code):
        return Checked(ok=True, normal=code, repaired="" if code == text else "D01")
    return Checked(ok=True, normal=cleaned, reason=UNKNOWN_CODE)


def icd_category(text: str) -> str:
    """Three-character category of the part before "+": the level of analysis."""
    return text.split("+", 1)[0][:3]


def drug(text: str | None) -> Checked:
    """National drug code: X western (23 characters), Z Chinese patent medicine, T herbal.

    Another shape is ok with reason UNKNOWN_CODE.
    """
    return _shaped(text, _DRUG)


def drug_substance(code: str, length: int = SUBSTANCE_LENGTH) -> str:
    """The leading part of a normal drug code, which names substance and form."""
    return code[:length]


def consumable(text: str | None) -> Checked:
    """National consumable code: C and 19 to 26 more characters; else ok with UNKNOWN_CODE."""
    return _shaped(text, _CONSUMABLE)


def service_item(text: str | None) -> Checked:
    """Service item: 15 digits of the national code, its local 9 digits appended, or those alone.

    Another shape is ok with reason UNKNOWN_CODE: the loaded catalogue of the place decides.
    """
    checked = _shaped(text, _NATIONAL_ITEM)
    if checked.normal and _LOCAL_ITEM.fullmatch(checked.normal):
        return accepted(text, checked.normal)
    return checked


def local_item(code: str) -> str | None:
    """The local 9-digit code in a normal service item code; None when its shape holds none."""
    if _LOCAL_ITEM.fullmatch(code):
        return code
    match = _NATIONAL_ITEM.fullmatch(code)
    return (match["appended"] or match["inside"]) if match else None


def _shaped(text: str | None, shape: re.Pattern[str]) -> Checked:
    cleaned = without_float(compact(text))
    if refusal := nothing(cleaned):
        return refusal
    reason = "" if shape.fullmatch(cleaned) else UNKNOWN_CODE
    return Checked(True, cleaned, reason, accepted(text, cleaned).repaired)


def physician_code(text: str | None) -> Checked:
    """Insured physician: D, six-digit division, five to eight digits.

    ok with reason DIVISION warns that no edition knows the division.
    """
    cleaned = compact(text)
    if refusal := nothing(cleaned):
        return refusal
    if not _PHYSICIAN.fullmatch(cleaned):
        return unusable(SHAPE)
    warning = "" if is_known(cleaned[1:7]) else "DIVISION"
    return Checked(True, cleaned, warning, accepted(text, cleaned).repaired)
