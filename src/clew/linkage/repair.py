"""Tier T2: whose number a mistyped one is (D02).

A text that failed its check belongs to a person only if exactly one known number is one edit away
and both the name and the birth date of the row agree with that person. A second known number, or
anything that cannot be compared, leaves the row without a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from clew.kernel.identifiers import birth_date, near_numbers
from clew.kernel.text import compact, without_float

METHOD = "repair-1"
FAULTS = ("CHECK_DIGIT", "SHAPE", "DIVISION", "BIRTH_DATE")
"""Reasons for which a number was not accepted that an edit may mend."""
LETTER, DIGIT, CHECK, TRANSPOSED = "letter", "digit", "check", "transposed"
BY_ROW, BY_NUMBER = "row", "number"
PRESENT, FORMER = "present", "former"


@dataclass(frozen=True, slots=True)
class Fault:
    """A row whose number failed its check. `birth` is the row's own, to the day, if it has one."""

    dataset: str
    column: str
    row_id: int
    original: str
    name: str
    name_key: str
    birth: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """A person whose number is held, under which names, and a dataset for each."""

    person: int
    number: str
    names: Mapping[str, str]
    former: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Repair:
    """Why a row is this person's: the edit and its place (1 is the first character), where the
    name stands, what the birth date was read from.
    """

    person: int
    edit: str
    at: int
    name: str
    named_in: str
    birth: str


def pairs(originals: Iterable[str]) -> tuple[list[str], list[str]]:
    """Each text beside each number one edit away, as two lists of one length."""
    texts: list[str] = []
    numbers: list[str] = []
    for original in originals:
        near = list(near_numbers(original))
        texts += [original] * len(near)
        numbers += near
    return texts, numbers


def repair(fault: Fault, known: Sequence[Known]) -> Repair | None:
    """The link of a row, given all known persons one edit away; None unless all three agree."""
    if len(known) != 1 or not fault.name_key:
        return None
    (person,) = known
    name = _name(fault, person)
    birth = _birth(fault, person)
    if not name or not birth:
        return None
    edit, at = _edit(fault.original, person.number)
    return Repair(person.person, edit, at, name, person.names.get(fault.name_key, ""), birth)


def _name(fault: Fault, person: Known) -> str:
    if fault.name_key in person.names:
        return PRESENT
    return FORMER if fault.name_key in person.former else ""


def _birth(fault: Fault, person: Known) -> str:
    """From what the birth date was read; empty if it differs or cannot be read."""
    written = fault.birth or _written_birth(fault.original)
    if written != birth_date(person.number):
        return ""
    return BY_ROW if fault.birth else BY_NUMBER


def _written_birth(original: str) -> date | None:
    """The birth date in a faulty number, if its digits make one."""
    written = without_float(compact(original))
    digits = written[6:14] if len(written) == 18 else f"19{written[6:12]}"
    if not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _edit(original: str, number: str) -> tuple[str, int]:
    written = without_float(compact(original))
    if len(written) == 15:
        number = number[:6] + number[8:17]
    places = [i for i, (a, b) in enumerate(zip(written, number, strict=True)) if a != b]
    first = places[0]
    if len(places) > 1:
        return TRANSPOSED, first + 1
    if not (written[first].isdigit() or (written[first] == "X" and first == 17)):
        return LETTER, first + 1
    return CHECK if first == 17 else DIGIT, first + 1

