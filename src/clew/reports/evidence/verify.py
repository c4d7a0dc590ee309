"""Finds every change to an evidence package, from the folder alone: no workspace, no database.

    1  every listed file is there, has its hash, and nothing else lies beside it
    2  the ledger's entry names this manifest, its hash follows from it, and a key signed it
    3  workbook and JSON tell the same: every cell of every sheet
    4  the JSON agrees with itself: places and money of the rows make up the clues

What a folder cannot show by itself is whose key that is: give the public key, or compare the
fingerprint with what the sender told otherwise.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clew.audit.chain import BODY_FIELDS, link
from clew.declare.text import T
from clew.kernel.errors import InputError
from clew.reports.evidence import package
from clew.reports.evidence.compare import compared
from clew.reports.evidence.package import (
    FORMAT,
    LEDGER,
    LISTED,
    MANIFEST,
    SOURCES,
    WHOLE,
    WORKBOOK,
)  # fmt: skip
from clew.reports.evidence.problem import Problem

_LINE = re.compile(r"([0-9a-f]{64})  ([^/\\]+)")
_KEY = re.compile(r"[0-9a-f]{64}")
# What foreign content can make of code that expects its own.
_UNFIT = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError)


@dataclass(frozen=True, slots=True)
class Report:
    """`cells` were compared; `entry` is the place in the sender's ledger, `key` the signer's public
    key in hex, `pinned` says that it is the one expected.
    """

    problems: tuple[Problem, ...]
    clues: int
    cells: int
    entry: int
    key: str
    pinned: bool

    @property
    def ok(self) -> bool:
        return not self.problems


def verify(folder: Path, *, public_key: str = "") -> Report:
    """
    public_key: 64 hex digits of the key that must have signed; without it any key may have.

    Raises:
        InputError: no such folder, or no key.
    """
    if not folder.is_dir():
        raise InputError(
            f"{folder} 不是文件夹 (not a folder)", next_step="clew verify-evidence FOLDER"
        )
    if public_key and not _KEY.fullmatch(public_key):
        raise InputError(
            "公钥应为 64 位十六进制数 (a public key is 64 hex digits)",
            next_step="--key: 生成方工作区的 keys/audit.pub (the sender's keys/audit.pub)",
        )
    problems = list(_files(folder))
    word = _word(folder)
    problems += _attested(folder, word, public_key)
    clues, cells, found = _told_alike(folder)
    key = str(word.get("key", ""))
    seq = word["entry"].get("seq") if isinstance(word.get("entry"), dict) else 0
    return Report(
        tuple(dict.fromkeys(problems + found)), clues, cells, seq if type(seq) is int else 0,
        key, bool(public_key) and key == public_key,
    )  # fmt: skip


def _files(folder: Path) -> Iterator[Problem]:
    try:
        lines = (folder / MANIFEST).read_bytes().decode().splitlines()
    except (OSError, ValueError):
        lines = []
    if not lines:
        yield Problem(MANIFEST, "", T("缺失或不可读", "missing or unreadable"))
    listed: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        parts = _LINE.fullmatch(line)
        if parts is None or parts[2] in listed:
            yield Problem(MANIFEST, f"第 {number} 行", T("不是清单的行", "no line of a manifest"))
        else:
            listed[parts[2]] = parts[1]
    if lines and tuple(listed) != LISTED:
        yield Problem(MANIFEST, "", T("所列文件不全或不符", "it does not list the files it should"))
    for name in LISTED:
        if not (folder / name).is_file():
            yield Problem(name, "", T("文件缺失", "the file is missing"))
        elif lines and package.sha256(folder / name) != listed.get(name):
            yield Problem(name, "", T("内容与清单的 SHA-256 不符", "not the content of its hash"))
    for path in sorted(folder.iterdir()):
        if path.name not in (*LISTED, MANIFEST, LEDGER):
            yield Problem(path.name, "", T("不属于证据包的文件", "no file of the package"))


def _word(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / LEDGER).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _attested(folder: Path, word: Mapping[str, Any], public_key: str) -> Iterator[Problem]:
    entry, hash_ = word.get("entry"), word.get("hash")
    if not isinstance(entry, dict) or set(entry) != set(BODY_FIELDS):
        yield Problem(LEDGER, "", T("缺失或不可读", "missing or unreadable"))
        return
    try:
        if link(entry["prev"], entry) != hash_:
            yield Problem(LEDGER, "hash", T("与台账记录不符", "does not follow from the entry"))
        manifest = package.sha256(folder / MANIFEST)
        if entry["facts"]["manifest"] != manifest:
            told = T("台账所记清单不是此清单", "the ledger took another manifest")
            yield Problem(LEDGER, "entry.facts.manifest", told)
        if not package.signed(str(hash_), str(word["key"]), str(word["signature"])):
            yield Problem(LEDGER, "signature", T("签名无效", "the signature does not hold"))
        if public_key and word["key"] != public_key:
            yield Problem(LEDGER, "key", T("不是所给公钥签的名", "signed by another key"))
    except OSError:
        return  # A missing manifest is told above.
    except _UNFIT:
        yield Problem(LEDGER, "", T("不是台账的记录", "no entry of a ledger"))


def _told_alike(folder: Path) -> tuple[int, int, list[Problem]]:
    """Clues, cells compared, and where workbook, JSON and sources part."""
    try:
        whole = json.loads((folder / WHOLE).read_bytes())
        if whole["format"] != FORMAT:
            told = T(f"格式不是 {FORMAT}, 请用生成它的版本核验", f"not of format {FORMAT}")
            return 0, 0, [Problem(WHOLE, "format", told)]
        problems = list(_adds_up(whole))
        if (folder / SOURCES).read_bytes() != package.sources_bytes(whole):
            problems.append(Problem(SOURCES, "", T("与 JSON 不符", "not what the JSON says")))
        differing, cells = compared(folder / WORKBOOK, whole)
        return len(whole["clues"]), cells, problems + differing
    except OSError:
        return 0, 0, []  # Missing files are told above.
    except _UNFIT:
        return 0, 0, [Problem(WHOLE, "", T("不是证据包的内容", "not what a package holds"))]


def _adds_up(whole: Mapping[str, Any]) -> Iterator[Problem]:
    """Each clue's rows are in the tables, its money is theirs, and no row is of nobody."""
    placed = {
        (use["clue"], use["role"], row["batch"], row["row"])
        for table in whole["tables"] for row in table["rows"] for use in row["uses"]
    }  # fmt: skip
    stated = set()
    for clue in whole["clues"]:
        stated |= {(clue["clue"], r["role"], r["batch"], r["row"]) for r in clue["rows"]}
        for column in ("fund_amount", "account_amount"):
            if _fen(clue[column]) != sum(_fen(row[column]) for row in clue["rows"]):
                yield Problem(WHOLE, f"{clue['clue']}.{column}",
                              T("不等于各行之和", "not the sum of its rows"))  # fmt: skip
    for clue_, _, batch, row in sorted(placed ^ stated):
        yield Problem(WHOLE, f"{clue_} {batch}:{row}",
                      T("线索与证据行不对应", "clue and rows do not match"))  # fmt: skip


def _fen(yuan: str) -> int:
    whole, _, cents = yuan.partition(".")
    return int(whole + cents)
