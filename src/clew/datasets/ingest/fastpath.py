"""What the engine may judge alone: SQL for the forms of a text that need no judgement.

For each semantic type `fast(type, v)` gives an expression over the text `v`. It yields the lake
value exactly where the kernel's validator would accept the text as it stands, unrepaired and
without a warning, and null everywhere else; what is null goes to the kernel. A property test holds
both paths equal.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby

from clew.datasets.lake.engine import quote
from clew.declare import types
from clew.kernel import divisions, prose
from clew.kernel.names import clean_name, name_key

_FEW = 16
"""So many words are compared one by one faster than by a pattern."""
NOTHING = "CAST(NULL AS VARCHAR)"
"""Of a type whose every text is the kernel's."""


@dataclass(frozen=True, slots=True)
class Fast:
    """`value` as above; `precision`, for moments: its number, where the value is not null."""

    value: str
    precision: str = ""


def fast(type_: types.SemanticType, v: str, received: date) -> Fast:
    """SQL for one type. `received` is the delivery's day."""
    if isinstance(type_, types.Month):
        return _month(v, received)
    if isinstance(type_, types.Moment):
        return _moment(type_, v, received)
    if isinstance(type_, types.Code):
        return Fast(_listed(v, tuple(type_.meanings)) if type_.meanings else _text(v))
    for kind, build in _BUILDERS:
        if isinstance(type_, kind):
            return Fast(build(v))
    raise TypeError(f"no fast path for {type_.name}")


# Blanks beyond the ASCII one. Two quick comparisons settle most texts.
_BLANKS = "".join(c for c in map(chr, range(0x3001)) if c.isspace() and c != " ")


def _text(v: str) -> str:
    begins = f"{v} >= '!' AND ({v} < '\x7f' OR NOT regexp_matches({v}, '^[{_BLANKS}]'))"
    return f"CASE WHEN {begins} AND NOT regexp_matches({v}, '[ {_BLANKS}]$') THEN {v} END"


def _prose(v: str) -> str:
    wrong = "|".join(phrase.wrong for phrase in prose.look_alikes())
    return f"CASE WHEN NOT regexp_matches({v}, {quote(wrong)}) THEN {_text(v)} END"


def _money(v: str) -> str:
    # Fifteen digits, so that the product still is one machine word. Most texts are what their
    # number prints as, and need no pattern.
    number = f"TRY_CAST({v} AS DECIMAL(15, 2))"
    fen = f"CAST({number} * CAST(100 AS DECIMAL(3, 0)) AS BIGINT)"
    shape = rf"regexp_full_match({v}, '-?(0|[1-9]\d{{0,12}})(\.\d{{1,2}})?')"
    return f"CASE WHEN CAST({number} AS VARCHAR) = {v} THEN {fen} WHEN {shape} THEN {fen} END"


def _decimal(v: str) -> str:
    shape = rf"regexp_full_match({v}, '-?(0|[1-9]\d{{0,12}})(\.\d{{1,4}})?')"
    return f"CASE WHEN {shape} THEN TRY_CAST({v} AS DECIMAL(18, 4)) END"


def _integer(v: str) -> str:
    shape = rf"regexp_full_match({v}, '-?(0|[1-9]\d{{0,17}})')"
    return f"CASE WHEN {shape} THEN TRY_CAST({v} AS BIGINT) END"


def _listed(v: str, words: tuple[str, ...]) -> str:
    # Not with IN: of a long list the engine makes a join, and a join may lose the order of rows.
    if len(words) <= _FEW:
        return f"CASE {v} {' '.join(f'WHEN {quote(w)} THEN {v}' for w in words)} END"
    return _pattern("|".join(map(re.escape, words)))(v)


def _flag(v: str) -> str:
    return f"CASE {v} WHEN '1' THEN true WHEN '0' THEN false END"


def _pattern(pattern: str) -> Callable[[str], str]:
    return lambda v: f"CASE WHEN regexp_full_match({v}, {quote(pattern)}) THEN {v} END"


def _moment(type_: types.Moment, v: str, received: date) -> Fast:
    """ISO dates and times between 1901 and the day of delivery, where text order is time order."""
    day, moment = f"TRY_CAST({v} AS DATE)", f"TRY_CAST({v} AS TIMESTAMP)"
    window = f"{v} BETWEEN '1901-01-01' AND '{received} 23:59:59'"
    lake = "DATE" if type_.lake == "date" else "TIMESTAMP"
    return Fast(
        f"CASE WHEN strlen({v}) = 19 AND {window} AND CAST({moment} AS VARCHAR) = {v} "
        f"THEN CAST({moment} AS {lake}) "
        f"WHEN strlen({v}) = 10 AND {window} AND CAST({day} AS VARCHAR) = {v} "
        f"THEN CAST({day} AS {lake}) END",
        f"CASE WHEN strlen({v}) = 10 THEN 3 ELSE 5 END",
    )


def _month(v: str, received: date) -> Fast:
    shape = rf"regexp_full_match({v}, '(19|20)\d\d-(0[1-9]|1[0-2])')"
    value = f"TRY_CAST({v} || '-01' AS DATE)"
    window = f"{value} BETWEEN DATE '1901-01-01' AND DATE '{received}'"
    return Fast(f"CASE WHEN {shape} AND {window} THEN {value} END", "2")


@cache
def _institutions() -> str:
    """Codes of institutions in a division that some edition knows; others deserve a warning."""
    return f"[HP]{_one_of(tuple(sorted(divisions.KNOWN)))}[0-9]{{5}}"


def _one_of(codes: tuple[str, ...]) -> str:
    """Pattern of a sorted list of codes of one length, shared beginnings and endings folded."""
    if codes[0] == "":
        return ""
    after: dict[str, str] = {}
    for first, group in groupby(codes, key=lambda code: code[0]):
        rest = _one_of(tuple(code[1:] for code in group))
        after[rest] = after.get(rest, "") + first
    return "(" + "|".join(f"[{firsts}]{rest}" for rest, firsts in after.items()) + ")"


_BUILDERS: tuple[tuple[type[types.SemanticType], Callable[[str], str]], ...] = (
    (types.Money, _money),
    (types.Decimal, _decimal),
    (types.Integer, _integer),
    (types.Flag, _flag),
    (types.Sex, lambda v: _listed(v, ("0", "1", "2", "9"))),
    (types.InstitutionCode, lambda v: _pattern(_institutions())(v)),
    (types.Mobile, _pattern(r"1[3-9]\d{9}")),
    (types.Diagnosis, _pattern(r"[A-Z]\d{2}(\.[0-9x]{1,3})?")),
    (types.Operation, _pattern(r"\d{2}\.[0-9]{1,8}")),
    (types.OrgCode, lambda v: NOTHING),
    (types.Division, lambda v: NOTHING),
    (types.CaseNumber, lambda v: NOTHING),
    (types.Address, lambda v: NOTHING),
    (types.Prose, lambda v: _prose(v)),
    (types.Text, _text),
)


# Persons: over distinct texts, before keys are made.


def citizen(v: str, received: date) -> str:
    """True where `v` is an intact citizen number (GB 11643) that needs no repair."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = " + ".join(
        f"(ascii(substr({v}, {i}, 1)) - 48) * {weight}" for i, weight in enumerate(weights, 1)
    )
    year, month, day = (f"substr({v}, {start}, {n})" for start, n in ((7, 4), (11, 2), (13, 2)))
    born = f"TRY_CAST({year} || '-' || {month} || '-' || {day} AS DATE)"
    return (
        rf"regexp_full_match({v}, '[1-7]\d{{16}}[\dX]')"
        f" AND substr('10X98765432', ({total}) % 11 + 1, 1) = substr({v}, 18, 1)"
        f" AND {born} BETWEEN DATE '0001-01-01' AND DATE '{received}'"
        f" AND substr({v}, 1, 6) IN (SELECT code FROM counties)"
    )


def counties() -> list[str]:
    """County codes of every edition, for the table `counties` that `citizen` reads."""
    return sorted(code for code in divisions.KNOWN if divisions.is_county(code))


@cache
def plain_names() -> str:
    """Pattern of two to four characters that are their own clean and comparison form.

    The last character is one that ends no honorific, note or placeholder.
    """
    kept = [c for c in map(chr, range(0x4E00, 0x9FA6)) if name_key(c + "一") == c + "一"]
    ends = [c for c in kept if c not in "士生姐志太人傅氏详知明查补无有供填写失码件证名试女男"]
    return f"{_class(kept)}{{1,3}}{_class(ends)}"


def is_plain(text: str) -> bool:
    """The kernel's view of what `plain_names` matches; for the test that holds both equal."""
    return clean_name(text).normal == text and name_key(text) == text


def _class(characters: list[str]) -> str:
    """A regular expression's class with runs folded into ranges."""
    parts: list[str] = []
    start = previous = ord(characters[0])
    for code in [*map(ord, characters[1:]), 0]:
        if code == previous + 1:
            previous = code
            continue
        parts.append(chr(start) if start == previous else f"{chr(start)}-{chr(previous)}")
        start = previous = code
    return f"[{''.join(parts)}]"
