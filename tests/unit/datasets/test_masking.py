"""Examples show the form of the dirt and nobody's data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.datasets.masking import mask, shape
from clew.declare import types

NUMBER = "330324196803128050"


@pytest.mark.parametrize(
    ("text", "type_", "shown"),
    [
        (NUMBER, types.PersonId(), "330324********8050"),
        ("'" + NUMBER, types.PersonId(), "'" + "#" * 18),
        ("３３０", types.PersonId(), "＃＃＃"),
        ("3.30324E+17", types.PersonId(), "#.#####E+##"),
        ("无", types.PersonId(), "无"),
        ("张 三女士", types.PersonName(), "张 ***"),
        ("138 0000 1234", types.Mobile(), "### #### ####"),
        ("13800001234", types.Mobile(), "138****1234"),
        ("1968/3/12", types.BirthDate(), "####/#/##"),
        ("1.2万", types.Money(), "#.#万"),
        ("i63.900", types.Diagnosis(), "a##.###"),
        ("2023-02-30", types.Timestamp(), "2023-02-30"),
        (f"身份证{NUMBER}电话13800001234", None, "身份证330324********8050电话138****1234"),
    ],
)
def test_what_is_shown(text: str, type_: types.SemanticType | None, shown: str) -> None:
    assert mask(text, type_) == shown


@given(st.text(alphabet="0123456789X -'", min_size=15, max_size=30))
def test_no_document_number_is_shown_whole(text: str) -> None:
    shown = mask(text, types.PersonId())
    digits = sum(c.isdigit() for c in text)
    assert sum(c.isdigit() for c in shown) <= 10 < digits or digits <= 10 or len(set(text)) == 1


@given(st.text(max_size=60))
def test_shapes_hold_no_digit_and_pages_no_endless_cell(text: str) -> None:
    assert not any(c.isdecimal() for c in shape(text))
    assert len(mask(text, types.Money())) <= 40
