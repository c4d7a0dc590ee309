"""Whole numbers written in Chinese characters, everyday (三百二十) or capital (叁佰贰拾)."""

from __future__ import annotations

import re

_DIGITS = {
    character: value
    for value, group in enumerate(
        (
            "〇零",
            "一壹弌",
            "二贰貳两兩",
            "三叁參叄",
            "四肆",
            "五伍",
            "六陆陸",
            "七柒",
            "八捌",
            "九玖",
        )
    )
    for character in group
}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = (("亿", 10**8), ("億", 10**8), ("万", 10**4), ("萬", 10**4))
CHARACTERS = "".join(_DIGITS) + "".join(_TENS) + "万萬亿億"
_ONE_DIGIT = re.compile("[一壹弌二贰貳两兩三叁參叄四肆五伍六陆陸七柒八捌九玖]")


def parse_numeral(text: str) -> int | None:
    """The number, or None when the characters make none. 千 alone is 1000, 十二 is 12.

    一万二 and 一百二 are None: speech means 12000 and 120, a form that lost its 零 10002 and 102.
    """
    for character, factor in _MYRIADS:
        if character in text:
            head, tail = text.rsplit(character, 1)
            high = parse_numeral(head) if head else 1
            low = parse_numeral(tail) if tail else 0
            if high is None or low is None or low >= factor or _ONE_DIGIT.fullmatch(tail):
                return None
            return high * factor + low
    return _below_myriad(text)


def _below_myriad(text: str) -> int | None:
    total, ceiling = 0, 10_000
    digit: int | None = None
    zero = False  # a 零 was read: the last digit may stand alone
    for character in text:
        if character in _TENS:
            unit = _TENS[character]
            if unit >= ceiling:
                return None
            total, digit, ceiling = total + (1 if digit is None else digit) * unit, None, unit
        elif character in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[character]
            zero = zero or digit == 0
        else:
            return None
    if not text or (digit and total and ceiling > 10 and not zero):
        return None
    return total + (digit or 0)
