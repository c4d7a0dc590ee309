"""Queries written anew give the same rows, and no longer compare every row with every other."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import duckdb
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st

from clew.detection.engines.joins import hashed, read_where_used

JOINS = ("LEFT JOIN", "LEFT OUTER JOIN", "SEMI JOIN", "ANTI JOIN")
REST = (
    'a."since" <= b."day" AND (a."until" IS NULL OR b."day" <= a."until")',
    'a."since" IS NULL',
    'COALESCE(a."name" = \'\' OR b."name" = \'\' OR a."name" = b."name", FALSE)',
    '(b."day" > a."since" OR b."name" = \'x\')',
)
TABLES = (
    'CREATE TABLE a ("n" INT, "k" INT, "since" INT, "until" INT, "name" VARCHAR);'
    'CREATE TABLE b ("m" INT, "k" INT, "day" INT, "name" VARCHAR)'
)
few = st.none() | st.integers(0, 3)
named = st.none() | st.sampled_from(["", "x", "y"])
A = st.lists(st.tuples(st.integers(0, 3), few, few, few, named), max_size=8)
B = st.lists(st.tuples(st.integers(0, 3), few, few, named), max_size=8)


def query(join: str, rest: str) -> str:
    cells = 'a.*, b."m", b."name" AS "other"' if "LEFT" in join else "a.*"
    return (
        (
            f'WITH "b" AS (SELECT * FROM "given" AS "g" WHERE "g"."m" >= 0) '
            f'SELECT {cells} FROM "a" AS "a" {join} "b" AS "b" ON a."k" = b."k" AND {rest} '
            f'WHERE a."n" >= 0'
        )
        .replace(" b.", ' "b".')
        .replace(" a.", ' "a".')
        .replace("(a.", '("a".')
        .replace("(b.", '("b".')
    )


def written_anew(text: str) -> str:
    return read_where_used(hashed(sqlglot.parse_one(text, read="duckdb"))).sql("duckdb")


def rows(con: duckdb.DuckDBPyConnection, text: str) -> Counter[Any]:
    return Counter(con.execute(text).fetchall())


@pytest.mark.parametrize("rest", REST)
@pytest.mark.parametrize("join", JOINS)
@settings(deadline=None, max_examples=30)
@given(first=A, second=B)
def test_the_rows_are_the_same(join: str, rest: str, first: list[Any], second: list[Any]) -> None:
    text = query(join, rest)
    with duckdb.connect() as con:
        con.execute(TABLES.replace("TABLE b", "TABLE given"))
        if first:
            con.executemany("INSERT INTO a VALUES (?, ?, ?, ?, ?)", first)
        if second:
            con.executemany("INSERT INTO given VALUES (?, ?, ?, ?)", second)
        assert rows(con, written_anew(text)) == rows(con, text)


@pytest.mark.parametrize("rest", [r for r in REST if "b." in r])
@pytest.mark.parametrize("join", JOINS)
def test_no_pair_is_compared_without_need(join: str, rest: str) -> None:
    text = query(join, rest)
    with duckdb.connect() as con:
        con.execute(TABLES.replace("TABLE b", "TABLE given"))
        con.execute("INSERT INTO a SELECT i, i, nullif(i, 7), i, 'x' FROM range(5000) AS r(i)")
        con.execute("INSERT INTO given SELECT i, i, i, 'x' FROM range(5000) AS r(i)")
        assert "BLOCKWISE_NL_JOIN" in plan(con, text)
        assert "NL_JOIN" not in plan(con, written_anew(text))


def plan(con: duckdb.DuckDBPyConnection, text: str) -> str:
    row = con.execute(f"EXPLAIN (FORMAT json) {text}").fetchone()
    assert row is not None
    return json.dumps(json.loads(row[1]))


@pytest.mark.parametrize(
    "on",
    [
        '"a"."k" = "b"."k"', '"a"."k" = "b"."k" AND "a"."since" <= "b"."day"',
        '"a"."since" <= "b"."day" OR "a"."k" = "b"."k"', '"b"."day" IS NULL',
    ],
)  # fmt: skip
@pytest.mark.parametrize("join", ["LEFT JOIN", "JOIN"])
def test_other_joins_stay_as_they_are(join: str, on: str) -> None:
    text = f'SELECT * FROM "a" AS "a" {join} "b" AS "b" ON {on}'
    parsed = sqlglot.parse_one(text, read="duckdb")
    assert hashed(parsed.copy()).sql("duckdb") == parsed.sql("duckdb")


@pytest.mark.parametrize(
    ("part", "again"),
    [
        ('SELECT "x" FROM "t" WHERE "x" > 1', True),
        ('SELECT * FROM (SELECT "x" FROM "t") AS "u"', True),
        ('SELECT "x" FROM "t" GROUP BY "x"', False),
        ('SELECT DISTINCT "x" FROM "t"', False),
        ('SELECT "t"."x" FROM "t" JOIN "u" ON "t"."x" = "u"."x"', False),
        ('SELECT "x", ROW_NUMBER() OVER (ORDER BY "x") AS "n" FROM "t"', False),
        ('SELECT "x" FROM "t" LIMIT 3', False),
    ],
)
def test_only_parts_that_pick_are_read_again(part: str, again: bool) -> None:
    text = f'WITH "p" AS ({part}) SELECT * FROM "p" AS "a" JOIN "p" AS "b" ON "a"."x" = "b"."x"'
    found = read_where_used(sqlglot.parse_one(text, read="duckdb")).sql("duckdb")
    assert ("NOT MATERIALIZED" in found) == again
