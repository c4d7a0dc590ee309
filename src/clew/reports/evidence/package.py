"""A folder that proves itself: the files, their hashes, and the ledger's word on them.

    evidence.xlsx     for people
    clue.json         the whole, for programs (statement.py)
    SOURCES.sha256    the delivered files, for their owners' `sha256sum -c`
    MANIFEST.sha256   hashes of the three, for anybody's `sha256sum -c`
    ledger.json       detached: the ledger entry of the export, which holds the manifest's hash,
                      linked to the head before it and signed with the workspace's audit key

The first four depend on clue and time alone; the last is the place of this export in the ledger.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from clew.reports.evidence import workbook

WORKBOOK, WHOLE, SOURCES = "evidence.xlsx", "clue.json", "SOURCES.sha256"
MANIFEST, LEDGER = "MANIFEST.sha256", "ledger.json"
FORMAT = "clew-evidence/1"
"""The shape of statement and sheets together; another shape is another edition."""
LISTED = (WORKBOOK, WHOLE, SOURCES)
# Keeps the signature from being valid for anything else that the same key might ever sign.
_DOMAIN = b"clew evidence package 1\n"


def write(folder: Path, whole: Mapping[str, Any]) -> str:
    """Writes all but the ledger's word and returns the manifest's hash.

    Raises:
        OSError: it cannot be written.
    """
    folder.mkdir(parents=True)
    workbook.write(whole, folder / WORKBOOK)
    (folder / WHOLE).write_bytes(whole_bytes(whole))
    (folder / SOURCES).write_bytes(sources_bytes(whole))
    manifest = "".join(f"{sha256(folder / name)}  {name}\n" for name in LISTED).encode()
    (folder / MANIFEST).write_bytes(manifest)
    return hashlib.sha256(manifest).hexdigest()


def attest(folder: Path, entry: Mapping[str, Any], hash_: str, private_key: bytes) -> None:
    """Adds the ledger's word; `entry` is the body of the export's own entry, `hash_` its link."""
    signer = Ed25519PrivateKey.from_private_bytes(private_key)
    word = {
        "entry": dict(entry),
        "hash": hash_,
        "key": signer.public_key().public_bytes_raw().hex(),
        "signature": signer.sign(_DOMAIN + hash_.encode()).hex(),
    }
    text = json.dumps(word, ensure_ascii=False, indent=1) + "\n"
    (folder / LEDGER).write_text(text, encoding="utf-8", newline="\n")


def signed(hash_: str, key: str, signature: str) -> bool:
    """Whether the key, in hex, signed the entry with this hash as the word on a package."""
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(signature), _DOMAIN + hash_.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def whole_bytes(whole: Mapping[str, Any]) -> bytes:
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def sources_bytes(whole: Mapping[str, Any]) -> bytes:
    """What `sha256sum -c` reads, with a remark line before each file."""
    return "".join(_source_lines(whole["sources"])).encode()


def sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _source_lines(sources: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for s in sources:
        remark = f"# {s['batch']} {s['dataset']} {s['department']} {s['received']}"
        yield " ".join(remark.split()) + "\n"
        # A name with a backslash or a line end is escaped as the tool itself does.
        file = s["file"].replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
        yield f"{chr(92) if file != s['file'] else ''}{s['sha256']}  {file}\n"
