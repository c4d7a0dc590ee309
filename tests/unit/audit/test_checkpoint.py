from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.audit.chain import GENESIS
from clew.audit.checkpoint import KEPT_FILE, MAX_MARKS, Checkpoint, kept

KEY = bytes(range(32))


def _hashes(count: int) -> list[str]:
    return [hashlib.sha256(str(number).encode()).hexdigest() for number in range(count)]


@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 1000])
def test_round_trip(count: int) -> None:
    hashes = _hashes(count)
    signed = Checkpoint.sign(hashes, KEY)
    assert Checkpoint.parse(signed.line()) == signed
    assert signed.signed_by_its_key()
    assert signed.size == count
    assert signed.head == (hashes[-1] if hashes else GENESIS)
    assert len(signed.marks) <= MAX_MARKS
    assert signed.first_difference(hashes) is None
    assert signed.first_difference([*hashes, "f" * 64]) is None


@given(st.integers(1, 700), st.integers(1, 700))
def test_a_rewritten_stretch_is_located(count: int, start: int) -> None:
    start = min(start, count)
    hashes = _hashes(count)
    signed = Checkpoint.sign(hashes, KEY)
    # Recomputation changes every hash from the edited entry on.
    forged = hashes[: start - 1] + ["e" * 64] * (count - start + 1)
    found = signed.first_difference(forged)
    assert found is not None
    assert found <= start < found + signed.every
    assert (signed.first_difference(hashes[: start - 1]) or 0) == start


def test_any_changed_byte_of_the_line_is_noticed() -> None:
    line = Checkpoint.sign(_hashes(3), KEY).line()
    rng = random.Random(7)
    for position in range(len(line)):
        other = rng.choice(
            [byte for byte in b'0123456789abcdefABCDEF",:{} \n' if byte != line[position]]
        )
        changed = line[:position] + bytes([other]) + line[position + 1 :]
        found = Checkpoint.parse(changed)
        assert found is None or not found.signed_by_its_key(), position


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b'{"checkpoint":null}',
        b'{"checkpoint":{}}',
        b"[" * 5000,
        b"\xff",
        b'{"checkpoint":{"every":1,"head":1,"key":1,"marks":{},"root":1,"signature":1,"size":true}}',
    ],
)
def test_what_is_no_checkpoint(line: bytes) -> None:
    assert Checkpoint.parse(line) is None


def test_marks_given_as_an_object_are_not_the_signed_line() -> None:
    signed = Checkpoint.sign(_hashes(1), KEY)
    as_object = (
        signed.line().replace(b'"marks":["', b'"marks":{"').replace(b'"],"root"', b'":1},"root"')
    )
    assert as_object != signed.line()
    assert Checkpoint.parse(as_object) is None


def test_kept_checkpoints(tmp_path: Path) -> None:
    assert list(kept(tmp_path)) == []
    signed = Checkpoint.sign(_hashes(2), KEY)
    (tmp_path / KEPT_FILE).write_bytes(signed.line() + b"\n" + signed.line()[:-5] + b"\n")
    assert list(kept(tmp_path)) == [signed, None]
