"""The guarded dictionary: person key ↔ document scheme and number.

Keys are the first 63 bits of an HMAC under the workspace key, computed here inside the engine over
distinct numbers (the kernel's `person_key` is the same function, held equal by a test).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from clew.datasets.lake.engine import files_sql
from clew.kernel.errors import StoreError

_BLOCK = 64


def key_sql(scheme_and_number: str, workspace_key: bytes) -> str:
    """SQL for the key of a text expression "scheme:number": HMAC-SHA-256 (RFC 2104) under a key of
    at most 64 bytes. The engine keeps no text of a statement.
    """
    padded = workspace_key.ljust(_BLOCK, b"\0")
    inner, outer = (f"unhex('{bytes(b ^ pad for b in padded).hex()}')" for pad in (0x36, 0x5C))
    inner = f"unhex(sha256({inner} || encode({scheme_and_number})))"
    return f"(('0x' || left(sha256({outer} || {inner}), 16))::UBIGINT >> 1)::BIGINT"


def refuse_collisions(
    con: duckdb.DuckDBPyConnection, tables: Sequence[str], known: Sequence[str | Path]
) -> None:
    """Stops a delivery in which one key would stand for two people.

    `tables` hold (key, scheme, number) of this delivery, `known` are the dictionary's files.
    """
    sources = [*tables, *([files_sql(known)] if known else [])]
    union = " UNION ALL ".join(f"SELECT key, scheme, number FROM {s}" for s in sources)
    clash = con.execute(
        f"SELECT key FROM (SELECT DISTINCT * FROM ({union}) WHERE key IS NOT NULL) "
        "GROUP BY key HAVING count(*) > 1 LIMIT 1"
    ).fetchone()
    if clash:
        raise StoreError(
            "两个证件号码得到同一个主体键 (two numbers share one person key)",
            next_step="请联系维护者: 需要更换工作区密钥 (the workspace key must be renewed)",
        )


def lookup(
    con: duckdb.DuckDBPyConnection, keys: Sequence[int], known: Sequence[str | Path]
) -> dict[int, str]:
    """Document numbers by person key, for unmasking. Erased entries are missing."""
    if not known or not keys:
        return {}
    rows = con.execute(
        f"SELECT key, number FROM {files_sql(known)} WHERE list_contains($keys, key)",
        {"keys": list(keys)},
    ).fetchall()
    return {int(key): str(number) for key, number in rows}
