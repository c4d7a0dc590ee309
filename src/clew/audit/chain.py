"""The arithmetic of the ledger: canonical bytes, hash chain, Merkle root. No database here.

Each entry's hash covers the hash before it, so that an edit in one place shows unless every
later entry is recomputed; checkpoints (checkpoint.py) are there to show just that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64
"""`prev` of the first entry, and the head of an empty ledger."""

BODY_FIELDS = ("seq", "at", "actor", "verb", "subject", "facts", "prev")
TEXT_FIELDS = ("at", "actor", "verb", "subject", "prev")

_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)


def canonical(body: Mapping[str, Any]) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces; one value has exactly one such form.

    ValueError or TypeError for what JSON cannot carry (NaN, lone surrogates, dates).
    """
    return _ENCODER.encode(body).encode("utf-8")


def timestamp(at: datetime) -> str:
    """An aware moment in UTC with all six decimals: `2023-10-31T01:00:00.000000Z`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def link(prev: str, body: Mapping[str, Any]) -> str:
    """Hex SHA-256 over the previous hash and the canonical entry without its own hash."""
    return hashlib.sha256(bytes.fromhex(prev) + canonical(body)).hexdigest()


def merkle_root(hashes: Iterable[str]) -> str:
    """Hex root of the binary tree over entry hashes, as in RFC 6962 section 2.1.

    Leaves and inner nodes carry different prefixes, so neither can be passed off as the other.
    """
    stack: list[tuple[int, bytes]] = []  # complete subtrees, as (height, root), tallest first
    for entry_hash in hashes:
        height, node = 0, hashlib.sha256(b"\x00" + bytes.fromhex(entry_hash)).digest()
        while stack and stack[-1][0] == height:
            node = _inner(stack.pop()[1], node)
            height += 1
        stack.append((height, node))
    if not stack:
        return hashlib.sha256(b"").hexdigest()
    _, root = stack.pop()
    while stack:
        root = _inner(stack.pop()[1], root)
    return root.hex()


def _inner(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
