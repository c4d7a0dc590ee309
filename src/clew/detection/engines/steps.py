"""A query for Spark cut into steps that can be stored.

DuckDB computes `WITH part AS (…)` once. Spark repeats the part wherever it is read, so that a chain
of parts, each of them read twice by the next, doubles at every link.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, pairwise
from pathlib import Path
from typing import Any

from sqlglot import Token, TokenType, tokenize

from clew.kernel.errors import StoreError

FEW_READS = 8
"""A part that reads fewer tables than this costs less to repeat than to store."""


@dataclass(frozen=True, slots=True)
class Step:
    """A query whose result the later steps read under `name`."""

    name: str
    sql: str


_numbers = count(1)


@contextmanager
def stepwise(spark: Any, sql: str, folder: Path) -> Iterator[Any]:
    """The query as a data frame, to be read inside the block: its steps lie in `folder` till then.
    """
    steps, last = cut(sql, f"steps_{next(_numbers)}")
    stored: list[str] = []
    try:
        for step in steps:
            store(spark, spark.sql(step.sql), folder, step.name)
            stored.append(step.name)
        yield spark.sql(last)
    finally:
        for name in stored:
            spark.catalog.dropTempView(name)
            shutil.rmtree(folder / name, ignore_errors=True)


def store(spark: Any, rows: Any, folder: Path, name: str) -> None:
    """Computes a data frame once, as files of `folder`, and makes them readable under a name.

    Raises StoreError if what one server writes another cannot read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = str(folder / name)
    rows.write.parquet(target)
    stored = spark.read.parquet(target)
    if not stored.columns:  # One engine writes nothing where there are no rows.
        if not rows.isEmpty():
            raise StoreError(
                f"写入 {target} 的文件读不到 (files written there cannot be read)",
                next_step="Spark 各节点须以同一路径访问工作区",
            )
        stored = spark.createDataFrame([], rows.schema)
    stored.createOrReplaceTempView(name)


@dataclass(slots=True)
class _Part:
    """What stands between the brackets of `name AS (…)`, or the query behind all of them."""

    name: str
    body: str
    reads: list[str]


def cut(sql: str, prefix: str) -> tuple[list[Step], str]:
    """Steps to store in this order, each called after `prefix`, and the query that then remains.

    `sql` is a compiled query: its parts stand together at its head. One without parts, or none
    worth storing, comes back as it is.
    """
    parts, last = _parts(sql)
    uses = Counter(name for part in (*parts.values(), last) for name in part.reads)
    weights: dict[str, int] = {}
    steps: list[Step] = []
    for part in parts.values():
        weights[part.name] = sum(weights.get(name, 1) for name in part.reads)
        if uses[part.name] > 1 and weights[part.name] >= FEW_READS:
            step = Step(f"{prefix}_{len(steps) + 1}", _query(part, parts))
            steps.append(step)
            part.body, part.reads = f"SELECT * FROM {step.name}", []
            weights[part.name] = 1
    return steps, _query(last, parts) if steps else sql


def _parts(sql: str) -> tuple[dict[str, _Part], _Part]:
    tokens = tokenize(sql, read="spark")
    parts: dict[str, _Part] = {}
    at = 0
    while tokens and tokens[at].token_type in (TokenType.WITH, TokenType.COMMA):
        first = at + 4  # the token behind: WITH name AS (
        end = _closing(tokens, first)
        name = tokens[at + 1].text
        body = sql[tokens[first].start : tokens[end].start].rstrip()
        parts[name] = _Part(name, body, _reads(tokens[first:end]))
        at = end + 1
    body = sql[tokens[at].start :] if tokens else ""
    return parts, _Part("", body, _reads(tokens[at:]))


def _closing(tokens: Sequence[Token], at: int) -> int:
    depth = 1
    while True:
        kind = tokens[at].token_type
        depth += (kind == TokenType.L_PAREN) - (kind == TokenType.R_PAREN)
        if depth == 0:
            return at
        at += 1


def _reads(tokens: Sequence[Token]) -> list[str]:
    """Tables and parts; now and then a column, behind IS DISTINCT FROM, which does no harm."""
    return [
        name.text
        for word, name in pairwise(tokens)
        if word.token_type in (TokenType.FROM, TokenType.JOIN)
        and name.token_type in (TokenType.IDENTIFIER, TokenType.VAR)
    ]


def _query(part: _Part, parts: dict[str, _Part]) -> str:
    """The part as a query of its own, with the parts that it rests on at its head."""
    needed: set[str] = set()
    waiting: list[str] = list(part.reads)
    while waiting:
        name = waiting.pop()
        if name in parts and name not in needed:
            needed.add(name)
            waiting += parts[name].reads
    head = ", ".join(_named(p) for p in parts.values() if p.name in needed)
    return f"WITH {head} {part.body}" if head else part.body


def _named(part: _Part) -> str:
    return f"`{part.name}` AS ({part.body})"
