"""Reading of raw cells: characters nobody can see, width, words that stand for nothing."""

from __future__ import annotations

import re
import unicodedata

from clew.kernel.checked import Checked, unusable

EMPTY = "EMPTY"
PLACEHOLDER = "D03_PLACEHOLDER"
PRECISION_LOST = "D01_PRECISION_LOST"
SHAPE = "SHAPE"
UNKNOWN_CODE = "UNKNOWN_CODE"  # a warning: the value is kept

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]")
# Spreadsheets prefix text cells with an apostrophe; exports keep it in several shapes.
_QUOTES = re.compile("['\u2018\u2019\u201b\u2032`\u00b4\"\u201c\u201d]")
_SPACES = re.compile(r"\s+")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d{1,2}")
_FLOAT = re.compile(r"(\d+)\.0+")
_FILLED = re.compile(r"0+|(.)\1{4,}")
_WORDS = re.compile(
    "无(号码|证件|身份证|证)?|空|不[详明]|未[知详]|未提供|未填写?|待[查补]|暂无|没有|缺失"
    r"|NULL|NONE|NIL|NAN|N/?A|UNKNOWN|[-\u2014/\\*?.、]+"
)


def plain(text: str | None) -> str:
    """NFKC, without invisible characters, outer blanks removed and inner ones single."""
    if text is None:
        return ""
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return _SPACES.sub(" ", folded).strip()


def compact(text: str | None) -> str:
    """`plain` without any blank or quotation mark, upper-case: the form of codes and numbers."""
    # The acute accent decomposes into blank + combining mark, so quotes go before NFKC too.
    return _QUOTES.sub("", plain(_QUOTES.sub("", text or ""))).replace(" ", "").upper()


def is_blank_word(compacted: str) -> bool:
    """True for words and signs that stand for "no value": 不详, NULL, --."""
    return _WORDS.fullmatch(compacted) is not None


def is_placeholder(compacted: str) -> bool:
    """True for blank words, a row of zeros, or one character five times or more."""
    return is_blank_word(compacted) or _FILLED.fullmatch(compacted) is not None


def nothing(compacted: str) -> Checked | None:
    """The refusal for an empty cell or a placeholder; None when there is something to read."""
    if not compacted:
        return unusable(EMPTY)
    return unusable(PLACEHOLDER) if is_placeholder(compacted) else None


def is_scientific(compacted: str) -> bool:
    """3.30302E+17: a spreadsheet kept 15 digits at most, the rest is gone."""
    return _SCIENTIFIC.fullmatch(compacted) is not None


def without_float(compacted: str) -> str:
    """Drops the ".0" that a numeric cell adds to a whole number."""
    whole = _FLOAT.fullmatch(compacted)
    return whole.group(1) if whole else compacted


def accepted(original: str | None, normal: str, *, admitted: str | None = None) -> Checked:
    """Ok; repaired D01 unless the cell already had the normal or another admitted form."""
    unchanged = original is not None and original in (normal, admitted)
    return Checked(ok=True, normal=normal, repaired="" if unchanged else "D01")
