"""Headline figures with Chinese approximation words: what range 8000余万元 states, and back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Literal

from clew.kernel.errors import ClewError
from clew.kernel.numerals import CHARACTERS, parse_numeral
from clew.kernel.text import plain

Style = Literal["exact", "decimal", "over", "near", "reach", "about"]

_FACTORS = {"": 1, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6,
            "千万": 10**7, "亿": 10**8, "万亿": 10**12}  # fmt: skip
_UNITS = {"平方米": "㎡", "m2": "㎡", "m²": "㎡", "千米": "公里", "km": "公里"}
_FACTOR = "万亿|千万|百万|十万|[百千万亿]"
_FIGURE = re.compile(
    rf"(?P<before>近|可达|达|约|第|前)?(?P<digits>[0-9][0-9,]*(?:\.[0-9]+)?|[{CHARACTERS}]+?)"
    rf"(?P<inner>余|多)?(?P<factor>{_FACTOR})?(?P<outer>余|多|以上)?(?P<unit>[^0-9余多]*?)"
    r"(?P<last>以上)?"
)
_WORD_GROUPS = ("before", "inner", "outer", "last")
_THIRD = re.compile(r"(增加|增长|上升)(了)?(三分之一|1/3)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A stated value and the range of exact values that make the statement true.

    value      the stated number in base units (8000万 is 80000000)
    unit       人, 元, ㎡ ... without 万 or 亿; "%" and "" (a ratio) are units too
    qualifier  "", 余, 多, 以上, 近, 达, 约, 第, 前, 增加
    low, high  bounds, each included unless its *_open flag is set
    """

    value: Decimal
    unit: str
    qualifier: str
    low: Decimal
    high: Decimal
    low_open: bool = False
    high_open: bool = False

    def contains(self, x: int | Decimal) -> bool:
        above = self.low < x if self.low_open else self.low <= x
        below = x < self.high if self.high_open else x <= self.high
        return above and below


def parse_figure(text: str) -> Figure:
    """Reads one figure such as 7.68万人 or 近千家. Raises ClewError when it is none."""
    compacted = plain(text.replace("㎡", "平方米")).replace(" ", "")
    if _THIRD.fullmatch(compacted):
        # "By a third" is a rounded word: 30 % to 37 % of growth counts.
        return Figure(Decimal(1) / 3, "", "增加", Decimal("0.30"), Decimal("0.37"))
    match = _FIGURE.fullmatch(compacted)
    number = _value(match) if match else None
    words = [match[name] for name in _WORD_GROUPS if match[name]] if match else []
    if match is None or number is None or len(words) > 1:
        raise ClewError(
            f"No figure can be read in {text!r}.",
            next_step="Write a number with its unit, for example 8000余万元 or 7.68万人.",
        )
    value, step = number
    unit = _UNITS.get(match["unit"], match["unit"])
    qualifier = words[0].removeprefix("可") if words else ""
    low, high, low_open, high_open = _bounds(qualifier, value, step)
    return Figure(value, unit, qualifier, low, high, low_open, high_open)


def _value(match: re.Match[str]) -> tuple[Decimal, Decimal | None] | None:
    """(stated value, size of the last stated decimal place or None for a whole number)."""
    digits, factor = match["digits"], Decimal(_FACTORS[match["factor"] or ""])
    if digits[0].isdigit() and digits[0].isascii():
        plain_digits = digits.replace(",", "")
        places = len(plain_digits.partition(".")[2])
        return Decimal(plain_digits) * factor, factor.scaleb(-places) if places else None
    numeral = parse_numeral(digits)
    return None if numeral is None else (numeral * factor, None)


def place_value(value: Decimal) -> Decimal:
    """Place of the lowest non-zero digit: 41000000 -> 1000000. 1 for zero."""
    return Decimal(1).scaleb(int(value.normalize().as_tuple().exponent)) if value else Decimal(1)


def _bounds(
    qualifier: str, v: Decimal, step: Decimal | None
) -> tuple[Decimal, Decimal, bool, bool]:
    p = place_value(v)
    if qualifier in ("余", "多"):
        return v, v + p, True, True
    if qualifier == "以上":
        return v, v + p, False, True
    if qualifier == "近":
        return v * Decimal("0.9"), v, False, True
    if qualifier == "达":
        return v - p / 2, v + p / 2, False, True
    if qualifier == "约":
        return v * Decimal("0.95"), v * Decimal("1.05"), False, False
    if qualifier == "前":
        return Decimal(0), v, True, False
    if step is not None:
        return v - step / 2, v + step / 2, False, True
    return v, v, False, False


def format_figure(x: int | Decimal, unit: str, style: Style = "exact", *, digits: int = 2) -> str:
    """Writes x so that parse_figure's range holds it.

    style   exact 1353家 · decimal 7.68万人 · over 8200余万元 · near 近300家 · reach 达85万元 ·
            about 约1.4公里
    digits  significant digits kept, or decimals for style "decimal"; more are used where the
            wording would not be true with so few, and the exact number where none would be
    """
    exact = Decimal(x)
    if style == "decimal":
        return _with_decimals(exact, unit, digits)
    if style == "exact" or exact <= 0:
        return f"{_digits(exact)}{unit}"
    for kept in range(digits, digits + 30):
        text = _approximate(exact, unit, style, kept)
        if text and parse_figure(text).contains(exact):
            return text
    return f"{_digits(exact)}{unit}"


def _approximate(x: Decimal, unit: str, style: Style, digits: int) -> str:
    place = Decimal(1).scaleb(x.adjusted() - digits + 1)
    if x == x.to_integral_value():
        place = max(place, Decimal(1))
    if style == "over":
        v = (x / place).to_integral_value(ROUND_FLOOR) * place
        return _over(v, unit) if v < x else f"{_in_myriads(v)}{unit}"
    if style == "near":
        v = ((x / place).to_integral_value(ROUND_FLOOR) + 1) * place
        return f"近{_in_myriads(v)}{unit}"
    v = (x / place).to_integral_value(ROUND_HALF_UP) * place
    return f"{'达' if style == 'reach' else '约'}{_in_myriads(v)}{unit}"


def _factor(v: Decimal) -> tuple[Decimal, str]:
    for name, size in (("亿", 10**8), ("万", 10**4)):
        if abs(v) >= size:
            return Decimal(size), name
    return Decimal(1), ""


def _in_myriads(v: Decimal) -> str:
    size, name = _factor(v)
    return f"{_digits(v / size)}{name}"


def _over(v: Decimal, unit: str) -> str:
    """余 stands inside round numbers (8200余万), behind others (1.9万余, 3万余)."""
    size, name = _factor(v)
    head = v / size
    inside = name and head % 10 == 0
    return f"{_digits(head)}{'余' + name if inside else name + '余'}{unit}"


def _with_decimals(x: Decimal, unit: str, decimals: int) -> str:
    size, name = _factor(x)
    if not name and x == x.to_integral_value():
        return f"{_digits(x)}{unit}"
    rounded = (x / size).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{rounded:f}{name}{unit}"


def _digits(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else "0"
