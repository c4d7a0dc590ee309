"""Numbers of persons: citizen identity number (GB 11643), residence permits, other documents.

Codes of organisations and things are in `registrations`, re-exported here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from clew.kernel.checked import Checked, unusable
from clew.kernel.divisions import is_county
from clew.kernel.errors import ClewError
from clew.kernel.registrations import (
    bank_card,
    court_case_number,
    division,
    institution_code,
    mobile,
    organisation_code,
    plate,
    uscc,
    vin,
)
from clew.kernel.text import (
    PRECISION_LOST,
    SHAPE,
    accepted,
    compact,
    is_scientific,
    nothing,
    without_float,
)

__all__ = [
    "RESIDENT",
    "bank_card",
    "birth_date",
    "check_character",
    "citizen_id",
    "court_case_number",
    "division",
    "institution_code",
    "mask_id",
    "mobile",
    "near_numbers",
    "organisation_code",
    "person_id",
    "person_scheme",
    "plate",
    "sex",
    "single_edits",
    "uscc",
    "vin",
]

RESIDENT = "01"
PERMIT = "permit"
FOREIGN = "foreign"

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_AS_LONG = re.compile(r"\d{14,}[\dXx]")
_FIFTEEN = re.compile(r"[0-9]{15}")
_PERMIT = re.compile(r"8[123][0-9]{15}[0-9X]")
_FOREIGN_NEW = re.compile(r"9[0-9]{16}[0-9X]")
_FOREIGN_OLD = re.compile(r"[A-Z]{3}[0-9]{12}")
# Sequence numbers kept for persons who were a hundred when the 15-digit numbers were given out.
_CENTENARIANS = frozenset({"996", "997", "998", "999"})
_LOOK_ALIKES = {
    "O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "|": "1", "!": "1", "Z": "2",
    "A": "4", "S": "5", "G": "6", "B": "8", "×": "X",
}  # fmt: skip


def check_character(first17: str) -> str:
    """The 18th character for 17 digits (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def citizen_id(text: str | None, *, as_of: date) -> Checked:
    """Checks a citizen identity number; normal is its 18 characters.

    Repairs D01 (15 digits, lower-case x, width, blanks, apostrophes, ".0"). Not ok with EMPTY,
    D03_PLACEHOLDER, D01_PRECISION_LOST, SHAPE, CHECK_DIGIT, DIVISION or BIRTH_DATE (no such day,
    or born after `as_of`).
    """
    cleaned = without_float(compact(text))
    if refusal := nothing(cleaned):
        return refusal
    if is_scientific(cleaned):
        return unusable(PRECISION_LOST)
    if _FIFTEEN.fullmatch(cleaned):
        return _judged(text, _eighteen(cleaned), as_of)
    if not _EIGHTEEN.fullmatch(cleaned):
        return unusable(SHAPE)
    if check_character(cleaned[:17]) != cleaned[17]:
        # Numeric cells keep 15 digits, so a lost tail reads 000 and fails its check.
        return unusable(PRECISION_LOST if cleaned.endswith("000") else "CHECK_DIGIT")
    return _judged(text, cleaned, as_of)


def _eighteen(fifteen: str) -> str:
    century = "18" if fifteen[12:] in _CENTENARIANS else "19"
    first17 = fifteen[:6] + century + fifteen[6:]
    return first17 + check_character(first17)


def _judged(text: str | None, number: str, as_of: date) -> Checked:
    if not is_county(number[:6]):
        return unusable("DIVISION")
    born = _birth(number)
    if born is None or born > as_of:
        return unusable("BIRTH_DATE")
    return accepted(text, number)


def _birth(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def person_id(text: str | None, scheme: str | None, *, as_of: date) -> Checked:
    """Checks the number of a person's document; normal is the number alone.

    scheme: "01" or None takes citizen numbers and, by shape, residence permits; any other is free
    form (passport, or a scheme that a mapping declares): width, case and blanks normalised.
    """
    if scheme not in (None, "", RESIDENT):
        return _free_form(text)
    cleaned = without_float(compact(text))
    if _FOREIGN_OLD.fullmatch(cleaned):
        return accepted(text, cleaned)
    if not (_PERMIT.fullmatch(cleaned) or _FOREIGN_NEW.fullmatch(cleaned)):
        return citizen_id(text, as_of=as_of)
    if refusal := nothing(cleaned):
        return refusal
    if check_character(cleaned[:17]) != cleaned[17]:
        return unusable("CHECK_DIGIT")
    born = _birth(cleaned)
    return accepted(text, cleaned) if born and born <= as_of else unusable("BIRTH_DATE")


def _free_form(text: str | None) -> Checked:
    cleaned = compact(text)
    return nothing(cleaned) or accepted(text, cleaned)


def person_scheme(text_normal: str, scheme: str | None) -> str:
    """The document scheme that enters the identity key with a normal number.

    Citizen numbers are "01" whatever type the row states, so that one person has one key.
    """
    if _is_intact(text_normal):
        if _PERMIT.fullmatch(text_normal):
            return PERMIT
        if _FOREIGN_NEW.fullmatch(text_normal):
            return FOREIGN
        if is_county(text_normal[:6]):
            return RESIDENT
    # Numeric schemes are the national list of document types; a mapping's own scheme is a word,
    # and its numbers may look like anything.
    if _FOREIGN_OLD.fullmatch(text_normal) and (not scheme or scheme.isdigit()):
        return FOREIGN
    return scheme or RESIDENT


def _is_intact(number: str) -> bool:
    shaped = _EIGHTEEN.fullmatch(number) and _birth(number)
    return bool(shaped) and check_character(number[:17]) == number[17]


def birth_date(citizen_normal: str) -> date:
    """Birth date in an 18-character number. Raises ClewError when there is none."""
    born = _birth(citizen_normal)
    if born is None:
        raise ClewError(
            f"{mask_id(citizen_normal)} holds no birth date.",
            next_step="Check the number with citizen_id first and use its normal form.",
        )
    return born


def sex(citizen_normal: str) -> int:
    """GB/T 2261.1: 1 male, 2 female, from the parity of the 17th digit."""
    return 1 if int(citizen_normal[16]) % 2 else 2


def single_edits(text: str | None, *, as_of: date = date.max) -> Iterator[str]:
    """Valid citizen numbers one edit away (D02): look-alikes, one character, two neighbours.

    Candidates only: acceptance needs one known holder with the same name and birth date.
    Each is given once, in a fixed order.
    """
    for candidate in near_numbers(text):
        checked = citizen_id(candidate, as_of=as_of)
        if checked.normal is not None:
            yield checked.normal


def near_numbers(text: str | None) -> Iterator[str]:
    """Numbers of 18 characters one edit away, each once, without asking whether they are valid:
    enough, and much faster, where they are only looked up among known valid numbers.
    """
    cleaned = without_float(compact(text))
    if len(cleaned) not in (15, 18):
        return
    seen = {cleaned}
    for candidate in _edits(cleaned):
        if candidate in seen:
            continue
        seen.add(candidate)
        if len(candidate) == 18:
            yield candidate
        elif _FIFTEEN.fullmatch(candidate):
            yield _eighteen(candidate)


def _edits(number: str) -> Iterator[str]:
    last = len(number) - 1
    strange = [i for i, c in enumerate(number) if not (c.isdigit() or (c == "X" and i == 17))]
    if len(strange) > 1:
        return
    for i in strange:
        if digit := _LOOK_ALIKES.get(number[i]):
            yield number[:i] + digit + number[i + 1 :]
    for i in strange or range(last + 1):
        for digit in "0123456789X" if i == 17 else "0123456789":
            yield number[:i] + digit + number[i + 1 :]
    for i in range(last):
        yield number[:i] + number[i + 1] + number[i] + number[i + 2 :]


def without_persons(text: str) -> str:
    """The text with whatever is as long as a person's number blanked."""
    return _AS_LONG.sub("***", text)


def mask_id(text: str) -> str:
    """First six and last four characters of a long number; less of a short one."""
    if len(text) >= 15:
        return text[:6] + "*" * (len(text) - 10) + text[-4:]
    if len(text) >= 7:
        return text[:2] + "*" * (len(text) - 4) + text[-2:]
    return "*" * len(text)
