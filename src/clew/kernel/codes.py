"""Small code lists and medical codes. A catalogue decides on medical codes, the shape only helps."""

from __future__ import annotations

import re

from clew.kernel.checked import Checked, unusable
from clew.kernel.text import EMPTY, PLACEHOLDER, SHAPE, compact, is_placeholder, without_float

UNKNOWN_CODE = "UNKNOWN_CODE"

_FLAGS = {
    word: "1" for word in ["1", "是", "Y", "YES", "T", "TRUE", "有", "对", "√", "✓", "✔", "真"]
} | {
    word: "0"
    for word in ["0", "否", "N", "NO", "F", "FALSE", "无", "没有", "不是", "×", "✗", "✘", "假"]
}
_SEXES = {
    "0": "0", "未知": "0", "未知的性别": "0", "不详": "0",
    "1": "1", "男": "1", "男性": "1", "M": "1", "MALE": "1",
    "2": "2", "女": "2", "女性": "2", "F": "2", "FEMALE": "2",
    "9": "9", "未说明": "9", "未说明的性别": "9",
}  # fmt: skip
_DIAGNOSIS = re.compile(
    r"[A-Z]\d{2}(\.[0-9x]{1,3}(x\d{3})?)?(\+[A-Z]\d{2}(\.[0-9x]{1,3})?\*)?", re.ASCII
)
_OPERATION = re.compile(r"\d{2}\.[0-9A-Zx]{1,8}", re.ASCII)
_FIRST_LETTER = re.compile(r"(^|\+)(x)(?=\d)")


def flag(text: str | None) -> Checked:
    """Yes or no: normal "1" or "0". Words and ticks are admitted forms."""
    return _listed(text, _FLAGS)


def sex_code(text: str | None) -> Checked:
    """GB/T 2261.1: normal "0" unknown, "1" male, "2" female, "9" not stated."""
    return _listed(text, _SEXES)


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
