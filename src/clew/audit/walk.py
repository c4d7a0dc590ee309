"""One pass along the chain, shared by export and both verifications."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from clew.audit.chain import BODY_FIELDS, GENESIS, TEXT_FIELDS, canonical, link

MAX_PROBLEMS = 1000
"""Enough to see the extent of a damage; beyond it the list would only fill memory."""

_HASH = re.compile(r"[0-9a-f]{64}")

_TEXTS: dict[str, tuple[str, str]] = {
    "form": (
        "第 {seq} 条不是规范的台账条目",
        "entry {seq} is not a ledger entry in canonical form",
    ),
    "order": (
        "第 {seq} 条处顺序中断：应为 {expected}，实为 {found}",
        "the order breaks at entry {seq}: expected {expected}, found {found}",
    ),
    "link": (
        "第 {seq} 条未接在前一条之后",
        "entry {seq} does not follow from the entry before it",
    ),
    "content": ("第 {seq} 条内容与其哈希不符", "entry {seq} does not fit its hash"),
    "history": (
        "自第 {seq} 条起与 {size} 条时签署的检查点不符，链已被重算",
        "from entry {seq} on the chain differs from the checkpoint signed at {size} entries",
    ),
    "tail": (
        "第 {seq} 条起缺失：检查点记有 {size} 条",
        "entries from {seq} on are missing: the checkpoint counts {size}",
    ),
    "surplus": (
        "检查点之后多出条目：检查点只记有 {size} 条",
        "there are more entries than the {size} of the checkpoint",
    ),
    "root": ("检查点的默克尔根与条目不符", "the checkpoint's Merkle root does not fit"),
    "signature": ("检查点的签名无效", "the checkpoint's signature is not valid"),
    "key": (
        "检查点由另一把密钥 {found} 签署，应为 {expected}",
        "the checkpoint is signed with another key, {found} instead of {expected}",
    ),
    "checkpoint_missing": ("缺少末行检查点", "the checkpoint in the last line is missing"),
    "checkpoint_form": ("检查点不完整或被改动", "the checkpoint is incomplete or was edited"),
    "kept_checkpoint": (
        "{file} 中有一条检查点被改动",
        "a checkpoint in {file} was edited",
    ),
    "extra": ("检查点之后还有内容", "something follows after the checkpoint"),
}


@dataclass(frozen=True)
class Problem:
    """seq: the first entry concerned, counted from 1; one past the last for a checkpoint."""

    seq: int
    kind: str
    text_zh: str
    text_en: str


@dataclass(frozen=True)
class Report:
    """entries: how many were read. key: hex public key of the checkpoint relied on, or empty.

    pinned: whether that key was compared with one known beforehand.
    """

    ok: bool
    entries: int
    problems: list[Problem]
    pinned: bool = False
    key: str = ""


@dataclass
class Walk:
    """Takes entries in order; `hashes` holds what they claim, without repeated entries."""

    hashes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    entries: int = 0
    _expected: int = 1
    _prev: str = GENESIS

    def take(self, body: Any, entry_hash: Any, line: bytes | None = None) -> None:
        """Reports at most one problem and goes on from what the entry says of itself.

        line: the exported line with its newline, which must be the canonical form.
        """
        self.entries += 1
        if not self._well_formed(body, entry_hash, line):
            self.report("form", at=self._expected)
            self.hashes.append(GENESIS)
            self._expected += 1
            self._prev = ""
            return
        seq = body["seq"]
        if seq < self._expected:
            self._report_repeated(seq)
            return
        if seq > self._expected:
            self.report("order", at=self._expected, expected=self._expected, found=seq)
        elif self._prev and body["prev"] != self._prev:
            self.report("link", at=self._expected)
        elif link(body["prev"], body) != entry_hash:
            self.report("content", at=self._expected)
        self.hashes.append(entry_hash)
        self._expected = seq + 1
        self._prev = entry_hash

    def report(self, kind: str, at: int | None = None, **facts: object) -> None:
        seq = self.entries + 1 if at is None else at
        zh, en = (text.format(seq=seq, **facts) for text in _TEXTS[kind])
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(seq, kind, zh, en))

    def finish(self, *, pinned: bool, key: str) -> Report:
        problems = sorted(self.problems, key=lambda problem: problem.seq)
        return Report(not problems, self.entries, problems, pinned, key)

    def _report_repeated(self, seq: int) -> None:
        # Of two entries with one number either may be the intruder, so both are in question.
        at = seq if seq == self._expected - 1 else self._expected
        self.report("order", at=at, expected=self._expected, found=seq)

    @staticmethod
    def _well_formed(body: Any, entry_hash: Any, line: bytes | None) -> bool:
        if not isinstance(body, dict) or set(body) != set(BODY_FIELDS):
            return False
        if type(body["seq"]) is not int or not isinstance(body["facts"], dict):
            return False
        texts = (entry_hash, *(body[name] for name in TEXT_FIELDS))
        if not all(isinstance(text, str) for text in texts):
            return False
        if not (_HASH.fullmatch(entry_hash) and _HASH.fullmatch(body["prev"])):
            return False
        try:
            written = canonical({**body, "hash": entry_hash})
        except (ValueError, TypeError, RecursionError):
            return False
        return line is None or written + b"\n" == line
