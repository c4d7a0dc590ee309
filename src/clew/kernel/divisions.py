"""Administrative divisions (GB/T 2260): every six-digit code that was ever valid.

The table is read on first use. `KNOWN` is the frozenset of codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    KNOWN: frozenset[str]
else:

    def __getattr__(name: str) -> frozenset[str]:
        if name == "KNOWN":
            return frozenset(_names())
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


class Edition(NamedTuple):
    """A name a code had, in the editions first to last (YYYYMM or "present")."""

    name: str
    first: str
    last: str


@cache
def _names() -> dict[str, tuple[Edition, ...]]:
    table = files("clew.kernel") / "tables" / "divisions.tsv"
    names: dict[str, list[Edition]] = {}
    for line in table.read_text(encoding="utf-8").splitlines():
        if line[:1].isdigit():
            code, *edition = line.split("\t")
            names.setdefault(code, []).append(Edition(*edition))
    return {code: tuple(editions) for code, editions in names.items()}


def editions() -> Mapping[str, tuple[Edition, ...]]:
    """Every code with the names it had."""
    return MappingProxyType(_names())


def is_known(code: str) -> bool:
    """True when any edition holds the six-digit code."""
    return code in _names()


def is_subtree(prefix: str) -> bool:
    """True for the beginning that a province (33), a city (3303) or a county (330381) gives all
    codes inside it; the empty text is the whole country.
    """
    return len(prefix) in (0, 2, 4, 6) and any(code.startswith(prefix) for code in _names())


def smallest_holding(codes: Iterable[str]) -> str:
    """The six-digit code of the smallest division that holds all these counties: the county itself,
    its city (330300) or province (330000); empty for none, or for more than one province.
    """
    distinct = set(codes)
    if len(distinct) == 1:
        return distinct.pop()
    for digits in (4, 2):
        common = {code[:digits] for code in distinct}
        if len(common) == 1:
            return common.pop().ljust(6, "0")
    return ""


def is_county(code: str) -> bool:
    """True for codes that an identity number can start with: below the province.

    Prefectures count, since some never had counties (441900, 442000).
    """
    return is_known(code) and not code.endswith("0000")


def division_name(code: str) -> str | None:
    """The newest name of the division that a 6, 9 or 12 digit code lies in; None if unknown."""
    editions = _names().get(code[:6])
    return max(editions, key=lambda edition: edition.last).name if editions else None


# Old code -> (day of the change, new code). Between becoming a city and the present code, Rui'an
# and Yueqing were numbered as cities directly under the province (edition tables 1987-1994).
_SUCCESSORS: dict[str, tuple[date, str]] = {
    "330321": (date(1992, 3, 9), "330304"),  # 瓯海县 -> 瓯海区
    "330322": (date(2015, 9, 1), "330305"),  # 洞头县 -> 洞头区
    "330323": (date(1993, 9, 18), "339017"),  # 乐清县 -> 乐清市
    "330325": (date(1987, 4, 15), "339004"),  # 瑞安县 -> 瑞安市
    "339004": (date(1995, 1, 1), "330381"),
    "339017": (date(1995, 1, 1), "330382"),
}


def current_division(code: str, on: date) -> str:
    """The code that replaced `code` (6, 9 or 12 digits) by the day `on` (D12); Wenzhou's cases.

    Only the first six digits change. 龙港 stays in 330327: the split of 2019 needs the township.
    """
    county, rest = code[:6], code[6:]
    while county in _SUCCESSORS and _SUCCESSORS[county][0] <= on:
        county = _SUCCESSORS[county][1]
    return county + rest


def successions() -> dict[str, list[tuple[date, str]]]:
    """Each replaced code with its successors: the day from which one holds, latest first."""
    days = sorted({day for day, _ in _SUCCESSORS.values()}, reverse=True)
    found: dict[str, list[tuple[date, str]]] = {}
    for old in _SUCCESSORS:
        steps = [(day, current_division(old, day)) for day in days]
        changes = [
            step
            for step, earlier in zip(steps, [*steps[1:], (date.min, old)], strict=True)
            if step[1] != earlier[1]
        ]
        found[old] = changes
    return found
