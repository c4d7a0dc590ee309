"""Signed statements of what the ledger was at some moment; worth most when kept elsewhere.

A chain alone accepts a full recomputation and a cut tail. A checkpoint fixes size, head and
Merkle root under an Ed25519 signature, and lists heads along the way (`marks`), so that a
recomputed stretch is not only found but located: exactly up to MAX_MARKS entries, and to
within size / MAX_MARKS of them beyond.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from clew.audit.chain import GENESIS, canonical, merkle_root

MAX_MARKS = 256
KEPT_FILE = "checkpoints.jsonl"
_FIELDS = {"size", "head", "root", "key", "signature", "every", "marks"}
_HASH = re.compile(r"[0-9a-f]{64}")
_SIGNATURE = re.compile(r"[0-9a-f]{128}")
# Keeps the signature from being valid for anything else that the same key might ever sign.
_DOMAIN = b"clew audit checkpoint 1\n"


@dataclass(frozen=True)
class Checkpoint:
    """`marks[i]` is the hash of entry `(i + 1) * every`; all hashes and keys are hex."""

    size: int
    head: str
    root: str
    every: int
    marks: tuple[str, ...]
    key: str
    signature: str = ""

    @classmethod
    def sign(cls, hashes: Sequence[str], private_key: bytes) -> Self:
        """hashes: those of all entries, in order. private_key: 32 raw bytes."""
        signer = Ed25519PrivateKey.from_private_bytes(private_key)
        every = max(1, -(-len(hashes) // MAX_MARKS))
        unsigned = cls(
            size=len(hashes),
            head=hashes[-1] if hashes else GENESIS,
            root=merkle_root(hashes),
            every=every,
            marks=tuple(hashes[every - 1 :: every]),
            key=signer.public_key().public_bytes_raw().hex(),
        )
        signature = signer.sign(unsigned._signed_bytes()).hex()
        return replace(unsigned, signature=signature)

    @classmethod
    def parse(cls, line: bytes) -> Self | None:
        """None unless the line (without its newline) is byte for byte a checkpoint."""
        try:
            outer = json.loads(line)
            fields = outer["checkpoint"]
            if outer.keys() != {"checkpoint"} or fields.keys() != _FIELDS:
                return None
            found = cls(**{**fields, "marks": tuple(fields["marks"])})
            return found if found._well_formed() and found.line() == line else None
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None

    def line(self) -> bytes:
        return canonical({"checkpoint": {**self._statement(), "signature": self.signature}})

    def signed_by_its_key(self) -> bool:
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key))
            key.verify(bytes.fromhex(self.signature), self._signed_bytes())
        except (InvalidSignature, ValueError):
            return False
        return True

    def first_difference(self, hashes: Sequence[str]) -> int | None:
        """First entry (from 1) known to differ; None if these hashes begin as signed."""
        for index, mark in enumerate(self.marks):
            position = (index + 1) * self.every
            if position > len(hashes):
                break
            if hashes[position - 1] != mark:
                return index * self.every + 1
        if self.size > len(hashes):
            return len(hashes) + 1
        if self.size and hashes[self.size - 1] != self.head:
            return len(self.marks) * self.every + 1
        return None

    def _statement(self) -> dict[str, Any]:
        return {
            "size": self.size,
            "head": self.head,
            "root": self.root,
            "every": self.every,
            "marks": list(self.marks),
            "key": self.key,
        }

    def _signed_bytes(self) -> bytes:
        return _DOMAIN + canonical(self._statement())

    def _well_formed(self) -> bool:
        numbers = type(self.size) is int and type(self.every) is int
        hashes = (self.head, self.root, self.key, *self.marks)
        return (
            numbers
            and self.size >= 0
            and self.every >= 1
            and all(isinstance(text, str) and _HASH.fullmatch(text) for text in hashes)
            and isinstance(self.signature, str)
            and _SIGNATURE.fullmatch(self.signature) is not None
        )


def kept(exports: Path) -> Iterator[Checkpoint | None]:
    """Checkpoints kept in the workspace, oldest first; None for a line that is damaged."""
    path = exports / KEPT_FILE
    if path.exists():
        for line in path.read_bytes().splitlines():
            checkpoint = Checkpoint.parse(line)
            yield checkpoint if checkpoint and checkpoint.signed_by_its_key() else None
