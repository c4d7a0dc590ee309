from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.audit.chain import GENESIS, canonical, link, merkle_root, timestamp

HASHES = st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), max_size=40)


def test_canonical_form() -> None:
    assert (
        canonical({"b": [1, None], "a": "线索", "c": {}})
        == '{"a":"线索","b":[1,null],"c":{}}'.encode()
    )
    for bad in (float("nan"), "\ud800", datetime(2023, 10, 31)):
        with pytest.raises((ValueError, TypeError)):
            canonical({"a": bad})


def test_timestamp_is_utc_with_six_decimals() -> None:
    shanghai = timezone(timedelta(hours=8))
    assert timestamp(datetime(2023, 10, 31, 9, tzinfo=shanghai)) == "2023-10-31T01:00:00.000000Z"
    assert timestamp(datetime(2023, 10, 31, 1, 0, 0, 5, UTC)) == "2023-10-31T01:00:00.000005Z"


def test_link_covers_the_previous_hash_and_the_body() -> None:
    expected = hashlib.sha256(bytes(32) + b'{"seq":1}').hexdigest()
    assert link(GENESIS, {"seq": 1}) == expected
    assert link(expected, {"seq": 1}) != expected


def _recursive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1 as it is written there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = _recursive_root(leaves[:split]), _recursive_root(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


@given(HASHES)
def test_merkle_root_equals_the_definition(hashes: list[str]) -> None:
    assert merkle_root(hashes) == _recursive_root([bytes.fromhex(each) for each in hashes]).hex()
