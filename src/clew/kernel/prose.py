"""Running text that a machine has read from a printed page (D17).

Only whole phrases of a table are mended, and only where their neighbours leave no doubt: 未梢 is
末梢, 解决劳动关系 is 解除劳动关系 unless a dispute follows, 未必 and 解决问题 stay as they are.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from clew.kernel.checked import Checked, unusable
from clew.kernel.text import EMPTY

_ALONE_BEFORE, _ALONE_AFTER = r"(?<![^\W_])", r"(?![^\W_])"


class LookAlike(NamedTuple):
    """A wrong phrase, what it stands for, and where it is wrong (a regular expression)."""

    wrong: str
    right: str
    pattern: str


def read_prose(text: str | None) -> Checked:
    """The text without blanks around it; repaired D17 where a phrase of the table was mended.

    Not ok with EMPTY.
    """
    trimmed = (text or "").strip()
    if not trimmed:
        return unusable(EMPTY)
    mended = trimmed
    for phrase in look_alikes():
        if phrase.wrong in mended:
            mended = re.sub(phrase.pattern, phrase.right, mended)
    return Checked(ok=True, normal=mended, repaired="" if mended == trimmed else "D17")


@cache
def look_alikes() -> tuple[LookAlike, ...]:
    """The table, in its order."""
    table = files("clew.kernel") / "tables" / "prose_lookalikes.tsv"
    lines = [
        line for line in table.read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    ]
    # Editors take trailing tabs away.
    return tuple(_look_alike(*(line.split("\t") + [""] * 3)[:5]) for line in lines[1:])


def _look_alike(wrong: str, right: str, not_after: str, not_before: str, alone: str) -> LookAlike:
    before = "".join(f"(?<!{word})" for word in not_after.split("|") if word)
    after = f"(?!{not_before})" if not_before else ""
    if alone:
        before, after = _ALONE_BEFORE + before, after + _ALONE_AFTER
    return LookAlike(wrong, right, f"{before}{re.escape(wrong)}{after}")
