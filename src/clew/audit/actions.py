"""The one way to write to the ledger, and the keyed hash that stands for an identity in it.

A verb of another room calls `append` inside its own atomic block, once. If the entry cannot be
written, the exception leaves that block and takes the change with it.

On PostgreSQL two verbs at once can read the same head; the unique `prev` then lets one of them
fail rather than fork the chain, until the sealer of the server profile chains after commit.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Protocol

from django.db import DatabaseError, transaction

from clew.audit.chain import GENESIS, link
from clew.audit.models import Entry
from clew.kernel import clock
from clew.kernel.errors import DeclarationError, Refused, StoreError
from clew.kernel.workspace import Workspace

_VERB = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
_KEYED_HASH_LENGTH = 24


class Actor(Protocol):
    """Whoever acts: in practice an Account, which this room may not import."""

    @property
    def code(self) -> str: ...


def append(*, by: Actor, verb: str, subject: str, facts: Mapping[str, object]) -> Entry:
    """Adds one entry at the head of the chain and returns it.

    verb: `room.verb`, as in `datasets.publish`. subject: an outside id, never a database id.
    facts: text, whole numbers, booleans, None, and lists and mappings of them. No personal
    data; an identity enters as its `keyed_hash`.
    Refused outside an atomic block, DeclarationError for unusable facts or verb, StoreError if
    the ledger cannot be written.
    """
    if not transaction.get_connection().in_atomic_block:
        raise Refused(
            f"{verb} writes to the ledger outside a transaction",
            next_step="make the change and its ledger entry in one transaction.atomic() block",
        )
    if not _VERB.fullmatch(verb):
        raise DeclarationError(f"{verb!r} is not a verb", next_step="name it room.verb")
    if not by.code or not subject:
        raise DeclarationError(
            f"{verb} has no actor or no subject", next_step="pass by= and subject="
        )
    try:
        return _append(by.code, verb, subject, _plain(facts, verb))
    except DatabaseError as error:
        raise StoreError(
            "台账无法写入, 未作任何改动 (the ledger cannot be written, nothing was changed)",
            next_step="clew doctor, 然后重试 (then repeat the step)",
        ) from error


def keyed_hash(identity: str) -> str:
    """Stands for an identity in the ledger: same identity, same text, in this workspace only.

    24 hex digits (96 bits) of HMAC-SHA256 under the workspace key.
    """
    digest = hmac.new(Workspace.current().key, b"audit\n" + identity.encode(), hashlib.sha256)
    return digest.hexdigest()[:_KEYED_HASH_LENGTH]


def _append(actor: str, verb: str, subject: str, facts: object) -> Entry:
    head = Entry.objects.order_by("-seq").values_list("seq", "hash").first()
    seq, prev = (head[0] + 1, head[1]) if head else (1, GENESIS)
    entry = Entry(
        seq=seq,
        at=clock.now(),
        actor=actor,
        verb=verb,
        subject=subject,
        facts=facts,
        prev=prev,
    )
    entry.hash = link(prev, entry.body())
    entry.save()
    return entry


def _plain(value: object, verb: str) -> object:
    """A copy that survives the round trip through any database's JSON unchanged.

    Floats do not (1e20 comes back from PostgreSQL as an integer), so they are refused.
    """
    if value is None or type(value) in (bool, int, str):
        return value
    if isinstance(value, Mapping) and all(type(key) is str for key in value):
        return {key: _plain(item, verb) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, verb) for item in value]
    raise DeclarationError(
        f"{verb} puts a {type(value).__name__} into the ledger",
        next_step="give text, a whole number, a boolean, or lists and mappings of them",
    )
