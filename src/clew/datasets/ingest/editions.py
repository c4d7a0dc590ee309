"""Division codes of an old edition, read as the code that held on the row's own day (D12)."""

from __future__ import annotations

from functools import cache

from clew.datasets.lake.engine import quote
from clew.kernel.divisions import successions


def current(code: str, day: str) -> str:
    """SQL for a code of 6, 9 or 12 digits on a day (SQL of a date). Other texts stay; the kernel's
    `current_division` is the same function, held equal by a test.
    """
    return _template().format(code=code, day=day)


@cache
def _template() -> str:
    cases = []
    for old, changes in successions().items():
        steps = " ".join(
            f"WHEN {{day}} >= DATE '{day}' THEN {quote(new)}" for day, new in changes
        )
        cases.append(
            f"WHEN {quote(old)} THEN CASE {steps} ELSE {quote(old)} END || substr({{code}}, 7)"
        )
    return f"CASE left({{code}}, 6) {' '.join(cases)} ELSE {{code}} END"
