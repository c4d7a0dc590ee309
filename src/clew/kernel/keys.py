"""Keyed identities: the int64 of a person in the lake, the name of a clue."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Sequence
from datetime import date, datetime
from numbers import Integral

from clew.kernel.errors import ClewError

CLUE_LENGTH = 16  # base32 characters: 80 bits


def _mac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


def derive(workspace_key: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose; it tells nothing about the workspace key or other purposes."""
    # The leading NUL keeps purposes apart from "scheme:number" and clue messages.
    return _mac(workspace_key, b"\0" + purpose.encode())


def seal(workspace_key: bytes, purpose: str, text: str) -> str:
    """What proves that this workspace wrote a text for one purpose: 64 hexadecimal digits."""
    return _mac(derive(workspace_key, purpose), text.encode()).hex()


def person_key(workspace_key: bytes, scheme: str, number: str) -> int:
    """Non-negative int64: the first 63 bits of HMAC-SHA-256 over "scheme:number"."""
    return int.from_bytes(_mac(workspace_key, f"{scheme}:{number}".encode())[:8], "big") >> 1


def clue_id(
    workspace_key: bytes,
    detector: str,
    sub_rule: str,
    subject_kind: str,
    subject_key: object,
    fact_key: Sequence[object],
) -> str:
    """16 base32 characters that name one fact for ever, whatever run or version sights it.

    The message is a canonical JSON array of texts. fact_key holds its parts in declared order;
    lists, tuples and sets among them are unordered and get sorted. Raises ClewError for a part
    without an exact text form (floats).
    """
    parts = [detector, sub_rule, subject_kind, _part(subject_key), *map(_part, fact_key)]
    message = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    text = base64.b32encode(_mac(workspace_key, message.encode())).decode()
    return text.lower()[:CLUE_LENGTH]


def _part(value: object) -> object:
    """Dates ISO, whole numbers as text (engines differ in their integer types), sets sorted."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, list | tuple | set | frozenset):
        return sorted((_part(item) for item in value), key=str)
    raise ClewError(
        f"A fact key cannot hold {type(value).__name__}: it has no exact text form.",
        next_step="Use text, whole numbers, dates, or lists of them.",
    )
