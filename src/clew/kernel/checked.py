"""What every validator answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Checked:
    """Result of checking one text.

    ok        usable as its kind of value; False means null for detection
    normal    canonical text, None when not ok
    reason    why not ok, or a warning when ok: CHECK_DIGIT, BIRTH_DATE, DIVISION, SHAPE, EMPTY, ...
    repaired  dirt code (D01, D08, D09, ...) when damage was mended, "" when the text was an
              admitted form already
    """

    ok: bool
    normal: str | None
    reason: str = ""
    repaired: str = ""


def unusable(reason: str) -> Checked:
    return Checked(ok=False, normal=None, reason=reason)
