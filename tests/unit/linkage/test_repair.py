"""Tier T2 by cases: what is repaired, and what must be left alone."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.kernel.identifiers import check_character, citizen_id, single_edits
from clew.linkage.repair import (
    BY_NUMBER,
    BY_ROW,
    CHECK,
    DIGIT,
    FORMER,
    LETTER,
    PRESENT,
    TRANSPOSED,
    Fault,
    Known,
    Repair,
    pairs,
    repair,
)
from tests.unit.linkage.conftest import digit, letter, number, swapped

AS_OF = date(2023, 10, 31)
BORN = date(1968, 3, 12)
AN = number(805)
HOLDER = Known(1, AN, {"安一": "mi_person"}, frozenset({"安旧"}))


def fault(original: str, *, name: str = "安一", birth: date | None = None) -> Fault:
    return Fault("mi_settlement", "certno", 7, original, name, name, birth)


@pytest.mark.parametrize(
    ("original", "edit", "at"),
    [
        (letter(AN, 15), LETTER, 16),
        (letter(AN, 16), LETTER, 17),
        (digit(AN, 0), DIGIT, 1),
        (digit(AN, 14), DIGIT, 15),
        (swapped(AN, 14), TRANSPOSED, 15),
        (AN[:17] + ("0" if AN[17] != "0" else "1"), CHECK, 18),
        (f" {letter(AN, 15).lower()} ", LETTER, 16),
        (digit(AN[:6] + AN[8:17], 0), DIGIT, 1),
    ],
)
def test_one_edit_is_repaired(original: str, edit: str, at: int) -> None:
    expected = Repair(1, edit, at, PRESENT, "mi_person", BY_NUMBER)
    assert repair(fault(original), [HOLDER]) == expected


@pytest.mark.parametrize("letters", ["O", "I", "S"])
def test_letters_that_resemble_digits(letters: str) -> None:
    for text in (number(805), number(815), number(851), number(910)):
        for place in range(14, 17):
            shown = {"O": "0", "I": "1", "S": "5"}[letters]
            if text[place] == shown:
                known = Known(1, text, {"安一": "mi_person"})
                mended = repair(fault(letter(text, place)), [known])
                assert mended and (mended.edit, mended.at) == (LETTER, place + 1)


def test_the_row_s_own_birth_date_goes_before_that_in_the_number() -> None:
    spoiled = digit(AN, 9)
    assert repair(fault(spoiled), [HOLDER]) is None
    mended = repair(fault(spoiled, birth=BORN), [HOLDER])
    assert mended and mended.birth == BY_ROW
    assert repair(fault(letter(AN, 15), birth=date(1990, 1, 1)), [HOLDER]) is None
    unreadable = letter(number(805, "19650105"), 11)
    holder = Known(1, number(805, "19650105"), {"安一": "mi_person"})
    assert repair(fault(unreadable), [holder]) is None
    assert repair(fault(unreadable, birth=date(1965, 1, 5)), [holder])


def test_a_former_name_agrees() -> None:
    mended = repair(fault(letter(AN, 15), name="安旧"), [HOLDER])
    assert mended and (mended.name, mended.named_in) == (FORMER, "")


@pytest.mark.parametrize("name", ["安二", "", "安"])
def test_another_name_or_none_is_left_alone(name: str) -> None:
    assert repair(fault(letter(AN, 15), name=name), [HOLDER]) is None


def test_a_scheme_without_names_agrees_with_nobody() -> None:
    assert repair(fault(letter(AN, 15), name=""), [Known(1, AN, {"": "mi_person"})]) is None


def test_two_known_numbers_are_left_alone_even_if_one_bears_the_name() -> None:
    other = Known(2, number(815), {"别人": "mi_person"})
    assert repair(fault(letter(AN, 15)), [HOLDER, other]) is None
    assert repair(fault(letter(AN, 15)), []) is None


@given(st.integers(0, 10**9), st.integers(0, 3))
def test_near_numbers_hold_every_valid_edit(seed: int, kind: int) -> None:
    """The quick neighbours, looked up among known valid numbers, miss none of the kernel's."""
    rng = Random(seed)
    text = _typo(rng, _someone(rng), kind)
    _, near = pairs([text])
    assert set(single_edits(text, as_of=AS_OF)) == {
        n for n in near if citizen_id(n, as_of=AS_OF).ok
    }
    assert len(near) == len(set(near))


def test_planted_typos_over_500_persons() -> None:
    """Precision 1 and recall of at least 0.99 where name and birth date are intact."""
    rng = Random(20231031)
    people = {_someone(rng): f"人{n}" for n in range(500)}
    numbers = list(people)
    keys = {text: n for n, text in enumerate(numbers)}
    wrong = found = 0
    for text in numbers:
        typed = _typo(rng, text, rng.randrange(4))
        _, near = pairs([typed])
        known = [
            Known(keys[n], n, {people[n]: "mi_person"}) for n in near if n in keys
        ]
        mended = repair(fault(typed, name=people[text]), known)
        found += mended is not None and mended.person == keys[text]
        wrong += mended is not None and mended.person != keys[text]
        stranger = repair(fault(typed, name="外人"), known)
        assert stranger is None
    assert wrong == 0
    assert found >= 0.99 * len(numbers)


def _someone(rng: Random) -> str:
    born = date(1930, 1, 1) + timedelta(days=rng.randrange(90 * 365))
    area = rng.choice(("330302", "330324", "330381", "330327"))
    body = f"{area}{born:%Y%m%d}{rng.randrange(800, 996)}"
    return body + check_character(body)


def _typo(rng: Random, text: str, kind: int) -> str:
    """One mistake outside the date of birth: letter, digit, exchanged neighbours, check."""
    outside = [*range(6), 14, 15, 16]
    if kind == 0 and (places := [i for i in outside if text[i] in "015"]):
        return letter(text, rng.choice(places))
    if kind == 1 and (
        places := [i for i in (*range(5), 14, 15) if text[i] != text[i + 1]]
    ):
        return swapped(text, rng.choice(places))
    if kind == 2:
        return text[:17] + rng.choice([c for c in "0123456789X" if c != text[17]])
    return digit(text, rng.choice(outside))
