from __future__ import annotations

import hashlib
import hmac
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.kernel.errors import ClewError
from clew.kernel.keys import clue_id, derive, person_key

KEY = bytes(range(32))


@given(st.text(max_size=20), st.text(max_size=30))
def test_person_key_is_the_first_63_bits(scheme: str, number: str) -> None:
    digest = hmac.new(KEY, f"{scheme}:{number}".encode(), hashlib.sha256).hexdigest()
    key = person_key(KEY, scheme, number)
    assert key == int(digest[:16], 16) >> 1
    assert 0 <= key < 2**63


def test_scheme_and_workspace_part_persons() -> None:
    keys = {
        person_key(KEY, "01", "11010519491231002X"),
        person_key(KEY, "03", "11010519491231002X"),
        person_key(b"other", "01", "11010519491231002X"),
    }
    assert len(keys) == 3


def test_clue_id_is_the_keyed_hash_of_a_canonical_array() -> None:
    message = '["MI-05","","person","7","H33030200001","2023-05-01"]'
    digest = hmac.new(KEY, message.encode(), hashlib.sha256).digest()
    clue = clue_id(KEY, "MI-05", "", "person", 7, ["H33030200001", date(2023, 5, 1)])
    assert len(clue) == 16
    bits = int.from_bytes(digest[:10], "big")
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    assert clue == "".join(alphabet[(bits >> shift) & 31] for shift in range(75, -1, -5))


def test_sets_and_pairs_have_no_order_but_parts_have() -> None:
    def name(*fact: object) -> str:
        return clue_id(KEY, "MI-12", "a", "set", "", fact)

    assert name([2, 1, 3]) == name({3, 2, 1}) == name((1, 2, 3))
    assert name(("b", "a")) == name(("a", "b"))
    assert name("a", "b") != name("b", "a")
    assert name("1") == name(1)
    assert name(datetime(2023, 5, 1, 12)) != name(date(2023, 5, 1))
    assert name(None) != name("")


def test_identity_keeps_detectors_and_sub_rules_apart() -> None:
    base = clue_id(KEY, "MI-01", "", "person", "5", ["2023-03-05"])
    assert base == clue_id(KEY, "MI-01", "", "person", "5", [date(2023, 3, 5)])
    assert base != clue_id(KEY, "MI-01", "b", "person", "5", ["2023-03-05"])
    assert base != clue_id(KEY, "MI-02", "", "person", "5", ["2023-03-05"])


def test_floats_have_no_place_in_an_identity() -> None:
    with pytest.raises(ClewError, match="float"):
        clue_id(KEY, "MI-01", "", "person", "5", [0.1])


def test_derived_keys() -> None:
    assert len(derive(KEY, "ledger")) == 32
    assert derive(KEY, "ledger") != derive(KEY, "dictionary")
    assert derive(KEY, "a:b") != hmac.digest(KEY, b"a:b", "sha256")
