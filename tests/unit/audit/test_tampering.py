"""Every kind of change to an exported ledger is found, at its place, and a clean one is not."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from clew.audit.chain import GENESIS, canonical, link
from clew.audit.checkpoint import Checkpoint
from clew.audit.verify import verify_export

KEY = bytes(range(32))
FORGER = bytes(range(1, 33))
PUBLIC = bytes.fromhex(Checkpoint.sign([], KEY).key)
EDITS = 200

Body = dict[str, object]
Tamper = Callable[[list[bytes], random.Random], tuple[list[bytes], int]]
"""Takes the lines of an export; gives changed ones and the first entry concerned, from 1."""


def _entry(seq: int, prev: str, **changes: object) -> bytes:
    body: Body = {
        "seq": seq,
        "at": f"2023-10-31T01:00:00.{seq:06d}Z",
        "actor": "clerk",
        "verb": "datasets.publish",
        "subject": f"b-{seq}",
        "facts": {"rows": seq * 7, "note": "净额"},
        "prev": prev,
        **changes,
    }
    return canonical({**body, "hash": link(prev, body)}) + b"\n"


def _hash(line: bytes) -> str:
    return str(json.loads(line)["hash"])


def _ledger(size: int, key: bytes = KEY) -> list[bytes]:
    lines: list[bytes] = []
    for seq in range(1, size + 1):
        lines.append(_entry(seq, _hash(lines[-1]) if lines else GENESIS))
    return [*lines, _signed(lines, key)]


def _signed(lines: list[bytes], key: bytes) -> bytes:
    return Checkpoint.sign([_hash(line) for line in lines], key).line() + b"\n"


def _recomputed(lines: list[bytes], start: int) -> list[bytes]:
    """The chain as a database administrator would rebuild it after an edit at `start`."""
    rebuilt = lines[: start - 1]
    for seq in range(start, len(lines)):
        prev = _hash(rebuilt[-1]) if rebuilt else GENESIS
        rebuilt.append(_entry(seq, prev, actor="nobody"))
    return rebuilt


def edit(lines: list[bytes], rng: random.Random) -> tuple[list[bytes], int]:
    place = rng.randrange(len(lines) - 1)
    line = bytearray(lines[place])
    at = rng.randrange(len(line))
    line[at] = rng.choice([byte for byte in range(32, 127) if byte != line[at]])
    return [*lines[:place], bytes(line), *lines[place + 1 :]], place + 1


def delete(lines: list[bytes], rng: random.Random) -> tuple[list[bytes], int]:
    place = rng.randrange(len(lines) - 1)
    return lines[:place] + lines[place + 1 :], place + 1


def insert(lines: list[bytes], rng: random.Random) -> tuple[list[bytes], int]:
    """A well-made entry that follows from the one before it, or a copy of some other entry."""
    place = rng.randrange(len(lines))
    if rng.random() < 0.5:
        new = _entry(place + 1, _hash(lines[place - 1]) if place else GENESIS, actor="nobody")
    else:
        new = lines[rng.randrange(len(lines) - 1)]
    return [*lines[:place], new, *lines[place:]], place + 1


def reorder(lines: list[bytes], rng: random.Random) -> tuple[list[bytes], int]:
    first, second = sorted(rng.sample(range(len(lines) - 1), 2))
    changed = list(lines)
    changed[first], changed[second] = lines[second], lines[first]
    return changed, first + 1


def recompute(lines: list[bytes], rng: random.Random) -> tuple[list[bytes], int]:
    start = rng.randrange(1, len(lines))
    rebuilt = _recomputed(lines, start)
    if rng.random() < 0.5:  # and signed anew, with a key that is not the workspace's
        return [*rebuilt, _signed(rebuilt, FORGER)], len(lines)
    return [*rebuilt, lines[-1]], start


def cut(lines: list[bytes], rng: random.Random) -> tuple[list[bytes], int]:
    keep = rng.randrange(len(lines) - 1)
    return (lines[:keep] + lines[-1:] if rng.random() < 0.5 else lines[:keep]), keep + 1


@pytest.mark.parametrize("tamper", [edit, delete, insert, reorder, recompute, cut])
def test_every_change_is_found_and_located(tamper: Tamper, tmp_path: Path) -> None:
    rng = random.Random(tamper.__name__)
    path = tmp_path / "ledger.jsonl"
    for _ in range(EDITS):
        lines = _ledger(rng.randrange(2, 40))
        changed, place = tamper(lines, rng)
        assert changed != lines
        path.write_bytes(b"".join(changed))
        report = verify_export(path, public_key=PUBLIC)
        assert not report.ok
        # A copy inserted beside its original cannot be told from it.
        slack = 1 if tamper is insert else 0
        assert place - slack <= report.problems[0].seq <= place, (report.problems, place)
        assert report.problems[0].text_zh
        assert report.problems[0].text_en


def test_clean_ledgers_raise_no_alarm(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    for size in [*range(40), 255, 256, 257, 600]:
        path.write_bytes(b"".join(_ledger(size)))
        report = verify_export(path, public_key=PUBLIC)
        assert report.ok, (size, report.problems)
        assert (report.entries, report.pinned, report.key) == (size, True, PUBLIC.hex())


def _without_size(line: bytes) -> bytes:
    return line.replace(b'"size":9', b'"size":8')


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda lines: lines[:-1], "checkpoint_missing"),
        (lambda lines: [], "checkpoint_missing"),
        (lambda lines: [*lines, b"\n"], "extra"),
        (lambda lines: [*lines, lines[-1]], "extra"),
        (lambda lines: [*lines[:-1], lines[-1][:-1]], "checkpoint_form"),
        (lambda lines: [*lines[:-1], lines[-1].replace(b",", b", ", 1)], "checkpoint_form"),
        (lambda lines: [*lines[:-1], _without_size(lines[-1])], "signature"),
        (lambda lines: [*lines[:-1], _signed(lines[:-1], FORGER)], "key"),
        (lambda lines: [*lines[:-2], lines[-2], _signed(lines[:-2], KEY)], "surplus"),
        (lambda lines: [b"\xef\xbb\xbf", *lines], "form"),
        (lambda lines: [line.replace(b"\n", b"\r\n") for line in lines], "form"),
        (lambda lines: [*lines[:3], b"[" * 100_000 + b"\n", *lines[4:]], "form"),
        (lambda lines: [lines[0].replace(b'"seq":1', b'"seq":true'), *lines[1:]], "form"),
        (lambda lines: [*lines[:3], _entry(10**30, _hash(lines[2])), *lines[3:]], "order"),
        (lambda lines: [*lines[:3], _entry(-4, _hash(lines[2])), *lines[3:]], "order"),
    ],
)
def test_each_kind_of_damage_has_its_name(
    change: Callable[[list[bytes]], list[bytes]], kind: str, tmp_path: Path
) -> None:
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(b"".join(change(_ledger(9))))
    report = verify_export(path, public_key=PUBLIC)
    assert kind in [problem.kind for problem in report.problems]


def test_without_a_known_key_the_report_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLEW_HOME", str(tmp_path / "nowhere"))
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(b"".join(_ledger(3, FORGER)))
    report = verify_export(path)
    assert report.ok
    assert not report.pinned
    assert report.key != PUBLIC.hex()
