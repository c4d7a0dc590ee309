"""Amounts: text in 元 to whole 分, exact decimals, and back (D09)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from clew.kernel.checked import Checked, unusable
from clew.kernel.errors import InputError
from clew.kernel.numerals import CHARACTERS, parse_numeral
from clew.kernel.text import EMPTY, PLACEHOLDER, SHAPE, compact, is_placeholder

RANGE = "RANGE"
_LARGEST = Decimal(2**63 - 1) / 100
_UNITS = {"": 1, "百": 10**2, "千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6,
          "千万": 10**7, "亿": 10**8, "十亿": 10**9, "百亿": 10**10, "万亿": 10**12}  # fmt: skip
_MINUS = re.compile("[-\u2010-\u2015\u2212\uff0d\u207b]")
_AMOUNT = re.compile(
    r"(?P<number>[0-9.,]+(?:E[+-]?[0-9]{1,2})?)(?P<unit>[百千万]?[万亿]|十[万亿]|[百千])?"
)
_PLAIN = re.compile(r"[0-9]+(\.[0-9]*)?(E[+-]?[0-9]+)?|\.[0-9]+")
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")
# A comma read for the decimal point, a point read for the separator of thousands.
_COMMA_POINT = re.compile(r"([0-9]+),([0-9]{1,2})")
_SWAPPED = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{3})+)[.,]([0-9]{2})")
_CAPITAL = re.compile(
    rf"(?:(?P<yuan>[{CHARACTERS}]+)[元圆])?"
    r"(?:零?(?P<jiao>[^元圆角分零])角)?(?:零?(?P<fen>[^元圆角分零])分)?[整正]?"
)
_CURRENCY = re.compile("^(人民币|RMB|CNY|[¥￥$])+:?|(元|圆|块|RMB|CNY)?[整正]?$")


@dataclass(frozen=True, slots=True)
class _Read:
    value: Decimal
    repaired: bool


def parse_fen(text: str | None) -> Checked:
    """An amount in 元 (or 万元, 亿元 named in the cell) as whole 分; normal is str(int).

    Separators, currency signs, units, brackets or signs for a negative and capital numerals are
    admitted forms. repaired D09: a third decimal (rounded half up, away from zero, so that a
    reversal mirrors its original), a comma read for a point. Not ok with EMPTY, D03_PLACEHOLDER,
    SHAPE, RANGE (beyond int64).
    """
    read = _read(text, currency=True)
    if isinstance(read, Checked):
        return read
    if abs(read.value) > _LARGEST:
        return unusable(RANGE)
    fen = (read.value * 100).quantize(Decimal(1), ROUND_HALF_UP)
    repaired = read.repaired or fen != read.value * 100
    return Checked(ok=True, normal=str(int(fen)), repaired="D09" if repaired else "")


def typed_fen(text: str) -> int:
    """An amount in 元 as somebody typed it, as fen.

    Raises:
        InputError: it is none.
    """
    read = parse_fen(text)
    if not read.ok or read.normal is None:
        raise InputError(
            f"{text!r} 不是金额 (not an amount)", next_step="以元为单位 (in yuan): 1234.56"
        )
    return int(read.normal)


def parse_decimal(text: str | None, scale: int = 4) -> Checked:
    """A number as decimal(18, scale); normal has no exponent, sign of zero or trailing zeros."""
    read = _read(text, currency=False)
    if isinstance(read, Checked):
        return read
    if abs(read.value) >= Decimal(10) ** (18 - scale):
        return unusable(RANGE)
    rounded = read.value.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)
    repaired = read.repaired or rounded != read.value
    return Checked(ok=True, normal=_canonical(rounded), repaired="D09" if repaired else "")


def _canonical(value: Decimal) -> str:
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _read(text: str | None, *, currency: bool) -> _Read | Checked:
    cleaned = _MINUS.sub("-", compact(text))
    if not cleaned:
        return unusable(EMPTY)
    if not any(c.isdigit() for c in cleaned) and is_placeholder(cleaned):
        return unusable(PLACEHOLDER)
    negative, body = _sign(cleaned)
    if currency:
        if (capital := _capital(body)) is not None:
            return _Read(-capital if negative else capital, repaired=False)
        bare = _CURRENCY.sub("", body)
        if bare != body and not negative:
            negative, bare = _sign(bare)
        body = bare
    read = _number(body)
    if read is None:
        return unusable(SHAPE)
    return _Read(-read.value, read.repaired) if negative else read


def _sign(text: str) -> tuple[bool, str]:
    if text.startswith("(") and text.endswith(")"):
        return True, text[1:-1]
    if text[:1] in ("-", "负"):
        return True, text[1:]
    if text.endswith("-"):
        return True, text[:-1]
    return False, text.removeprefix("+")


def _number(text: str) -> _Read | None:
    match = _AMOUNT.fullmatch(text)
    if not match:
        return None
    digits, repaired = match["number"], False
    if _GROUPED.fullmatch(digits):
        digits = digits.replace(",", "")
    elif comma := _COMMA_POINT.fullmatch(digits):
        digits, repaired = f"{comma[1]}.{comma[2]}", True
    elif swapped := _SWAPPED.fullmatch(digits):
        digits, repaired = f"{re.sub('[.,]', '', swapped[1])}.{swapped[2]}", True
    if not _PLAIN.fullmatch(digits) or len(digits) > 40:
        return None
    return _Read(Decimal(digits) * _UNITS[match["unit"] or ""], repaired)


def _capital(text: str) -> Decimal | None:
    """壹万贰仟元整, 叁佰元伍角, 伍分, 壹万贰仟; None for anything else."""
    body = text.removeprefix("人民币").removeprefix(":")
    if body[:1] in tuple("百佰千仟万萬亿億"):  # a bare unit is no amount
        return None
    if body and (whole := parse_numeral(body)) is not None:
        return Decimal(whole)
    match = _CAPITAL.fullmatch(body)
    if not match or not (match["yuan"] or match["jiao"] or match["fen"]):
        return None
    parts = [parse_numeral(match[name]) if match[name] else 0 for name in ("yuan", "jiao", "fen")]
    yuan_part, jiao, fen = parts
    if yuan_part is None or jiao is None or fen is None or jiao > 9 or fen > 9:
        return None
    return Decimal(yuan_part * 100 + jiao * 10 + fen) / 100


def yuan(fen: int) -> str:
    """元 with two decimals: 123450 -> "1234.50"."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def yuan_text(fen: int) -> str:
    """元 for people to read: 123450 -> "1,234.50"."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"
