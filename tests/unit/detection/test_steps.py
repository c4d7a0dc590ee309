"""A query cut into steps: the same answer, and no step that reads a table time and again."""

from __future__ import annotations

from functools import cache

import duckdb
import pytest
import sqlglot
from sqlglot import expressions as exp

from clew.detection.engines.steps import FEW_READS, cut

LINKS = 12


def chain(links: int, *, uses: int = 2) -> str:
    """Parts of which each reads the one before `uses` times; the names are of both kinds."""
    parts = ["`p 0` AS (SELECT `n` FROM `base` WHERE `note` <> ') , `p 9` AS (')"]
    for link in range(1, links + 1):
        read = [f"`p {link - 1}` AS `t{use}`" for use in range(uses)]
        joins = [f"INNER JOIN {r} ON `t0`.`n` = `t{u}`.`n`" for u, r in enumerate(read) if u]
        body = f"SELECT `t0`.`n` + (1) AS `n` FROM {read[0]} {' '.join(joins)}"
        parts.append(f"`p {link}` AS (\n  {body}\n)")
    return f"WITH {', '.join(parts)} SELECT SUM(`t9`.`n`) AS `n` FROM `p {links}` AS `t9`"


def reads(sql: str) -> int:
    """Tables read once every part is written out where it is used."""
    tree = sqlglot.parse_one(sql, read="spark")
    parts = {part.alias: part.this for part in tree.find_all(exp.CTE)}
    for part in list(tree.find_all(exp.With)):
        part.pop()

    @cache
    def of(name: str) -> int:
        if name not in parts:
            return 1
        return sum(of(table.name) for table in parts[name].find_all(exp.Table))

    return sum(of(table.name) for table in tree.find_all(exp.Table))


def answer(*queries: tuple[str, str]) -> list[tuple[int]]:
    """What the last query finds, those before it stored under their names."""
    *before, (_, last) = [
        (name, sqlglot.transpile(sql, read="spark", write="duckdb")[0]) for name, sql in queries
    ]
    with duckdb.connect() as con:
        con.execute("CREATE TABLE base AS SELECT range AS n, 'a' AS note FROM range(5)")
        for name, sql in before:
            con.execute(f"CREATE TABLE {name} AS {sql}")
        return con.execute(last).fetchall()


@pytest.mark.parametrize("links", range(LINKS))
def test_the_answer_stays(links: int) -> None:
    whole = chain(links)
    steps, last = cut(whole, "step")
    assert answer(*((s.name, s.sql) for s in steps), ("", last)) == answer(("", whole))
    assert answer(("", whole)) == [(sum(range(5)) + 5 * links,)]


def test_no_step_grows_with_the_chain() -> None:
    whole = chain(LINKS)
    assert reads(whole) == 2**LINKS
    steps, last = cut(whole, "step")
    assert [s.name for s in steps] == [f"step_{n}" for n in range(1, len(steps) + 1)]
    assert 0 < len(steps) < LINKS
    assert max(reads(sql) for sql in (last, *(s.sql for s in steps))) <= 2 * FEW_READS


@pytest.mark.parametrize(
    "sql", ["SELECT * FROM `base`", chain(2), chain(LINKS, uses=1)], ids=["plain", "few", "once"]
)
def test_what_is_not_worth_storing_stays_as_it_is(sql: str) -> None:
    assert cut(sql, "step") == ([], sql)
