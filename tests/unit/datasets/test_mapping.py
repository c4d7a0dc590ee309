from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from clew.datasets.ingest import mapping
from clew.declare import registry
from clew.kernel.errors import ClewError, InputError, NotFound


def content(columns: dict[str, Any] | None = None, **target: Any) -> dict[str, Any]:
    """A mapping for death certificates with some columns replaced (None takes one out)."""
    every = {"cert_no": "no", "certno": "id", "psn_name": "who", "death_time": "day"}
    merged = {c: v for c, v in (every | (columns or {})).items() if v is not None}
    entry = {"dataset": "death_health", "columns": merged} | target
    return {"mapping": "m", "files": [{"match": ["no", "id"], "targets": [entry]}]}


def target(columns: dict[str, Any] | None = None, **keys: Any) -> mapping.Target:
    return mapping.parse(content(columns, **keys), "m").files[0].targets[0]


def value(expression: str, **cells: str | None) -> object:
    """The expression over one row of text cells."""
    listed = ", ".join(f"?::VARCHAR AS {mapping.name(c)}" for c in cells)
    with duckdb.connect() as con:
        row = con.execute(f"SELECT {expression} FROM (SELECT {listed})", list(cells.values()))
        return row.fetchall()[0][0]


@pytest.mark.parametrize(
    ("spec", "cells", "expected"),
    [
        ("a b", {"a b": "x"}, "x"),
        ({"from": 'a "q"'}, {'a "q"': "x"}, "x"),
        ({"value": 21}, {"a": ""}, "21"),
        ({"value": "it's"}, {"a": ""}, "it's"),
        ({"expr": "a || '-' || b"}, {"a": "x", "b": "y"}, "x-y"),
        ({"expr": "CAST(a AS BIGINT) + 1"}, {"a": "1"}, "2"),
        ({"from": "a", "codes": {1: "男", "2": "女"}}, {"a": " 1 "}, "男"),
        ({"from": "a", "codes": {1: "男"}}, {"a": "9"}, "9"),
        ({"from": "a", "unit": "万元"}, {"a": "1,000.5"}, "10005000"),
        ({"from": "a", "unit": "亿元"}, {"a": "0.00000001"}, "1"),
        ({"from": "a", "unit": "万元"}, {"a": "0"}, "0"),
        ({"from": "a", "unit": "万元"}, {"a": "壹元"}, "壹元"),
        ({"from": "a", "unit": "元"}, {"a": "1.50"}, "1.50"),
    ],
)
def test_forms_of_a_column(spec: Any, cells: dict[str, str | None], expected: str) -> None:
    assert value(target({"addr": spec}).columns["addr"], **cells) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("coalesce(n, a)", "12 b"), ("nullif(a, '12 b')", None), ("substr(a, 1, 2)", "12"),
        ("substring(a, 2, 1)", "2"), ("trim(' x ')", "x"), ("upper(a)", "12 B"),
        ("lower('A')", "a"), ("replace(a, 'b', 'c')", "12 c"), ("concat(a, 'x')", "12 bx"),
        ("lpad('1', 3, '0')", "001"), ("rpad('1', 3, '0')", "100"), ("left(a, 1)", "1"),
        ("right(a, 1)", "b"), ("round(1.26, 1)", "1.3"), ("abs(-1)", "1"),
        ("regexp_replace(a, '[0-9]+', 'n')", "n b"), ("regexp_extract(a, '[0-9]+')", "12"),
        ("cast('7' as integer)", "7"), ("try_cast(a as integer)", None), ("length(a)", "4"),
        ("split_part(a, ' ', 2)", "b"), ("strftime(date '2023-01-02', '%Y')", "2023"),
        ("if(a = '1', 'x', 'y')", "y"), ("case when n is null then 'x' else a end", "x"),
        ("case when a in ('1', '12 b') and not a like '2%' then 'in' end", "in"),
        ("case when a between '1' and '2' or a <> a then 'in' end", "in"),
        ("a::varchar", "12 b"), ("(1 + 2) * 3 % 4 - 1", "0"),
    ],
)  # fmt: skip
def test_every_documented_function_works(expression: str, expected: str | None) -> None:
    built = target({"addr": {"expr": expression}}).columns["addr"]
    assert value(built, a="12 b", n=None) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "(select 1)", "a in (select b from t)", "exists (select 1)", "read_csv('x')",
        "read_text('/etc/hostname')", "getenv('HOME')", "current_setting('threads')", "a; select 1",
        "a; drop table t", "*", "columns(*)", "row_number() over ()", "sum(a)", "random()", "now()",
        "current_user", "current_date", "?", "$1", "a[1]", "{'x': a}", "unnest([1])", "x := 1",
        "list_transform([1], x -> x)", "a as b", "a,, b", "'", "", "a -- comment\n; drop table t",
        "a) from (select 1", "nextval('s')", "system('x')", "interval 1 day",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["expr", "where"])
def test_nothing_else_passes(expression: str, place: str) -> None:
    if place == "where" and not expression:
        return
    with pytest.raises(InputError):
        if place == "where":
            target(where=expression)
        else:
            target({"addr": {"expr": expression}})


def test_a_comment_cannot_hide_anything() -> None:
    assert (
        "drop"
        not in target({"addr": {"expr": "a /* drop table t */"}}).columns["addr"].split("*/")[-1]
    )


def test_names_are_quoted_so_that_they_stay_names() -> None:
    built = target({"addr": 'x" FROM t; DROP TABLE t; --'}).columns["addr"]
    assert built == '"x"" FROM t; DROP TABLE t; --"'


@pytest.mark.parametrize(
    "broken",
    [
        None, [], {"files": {}}, {"files": ["x"]}, {"files": [{"match": ["a"]}]},
        {"files": [{"match": [], "targets": [{}]}]}, {"files": [{"match": "a", "targets": [{}]}]},
        {"files": [{"match": ["a"], "targets": {"x": 1}}]},
        {"files": [{"match": ["a"], "targets": [{"dataset": "death_health"}]}]},
        {"files": [{"match": ["a"], "targets": [{"dataset": "death_health", "columns": ["x"]}]}]},
        content({"nonsense": "a"}), content({"addr": 5}), content({"addr": {"form": "a"}}),
        content({"addr": {}}), content({"addr": {"from": "a", "unit": "dollar"}}),
        content({"addr": {"from": "a", "codes": ["x"]}}), content({"addr": {"unit": "元"}}),
    ],
)  # fmt: skip
def test_what_is_no_mapping_is_refused(broken: Any) -> None:
    with pytest.raises(InputError, match="映射 m:"):
        mapping.parse(broken, "m")


def test_an_unknown_dataset_is_named() -> None:
    with pytest.raises(NotFound, match="nothing_such"):
        target(dataset="nothing_such")


@pytest.mark.parametrize("column", ["cert_no", "certno", "psn_name", "death_time"])
def test_required_columns_must_be_mapped(column: str) -> None:
    with pytest.raises(InputError, match=column):
        target({column: None})


def test_only_a_scheme_without_names_may_lack_the_name() -> None:
    assert not target({"psn_name": None}, names=False).names
    with pytest.raises(InputError, match="certno"):
        target({"certno": None}, names=False)


def test_a_stand_in_may_take_the_place_of_an_id() -> None:
    contract = registry.dataset("mi_settlement")
    columns = {c.name: c.name for c in contract.columns.values() if c.required}
    del columns["certno"]
    entry = {"dataset": contract.name, "columns": columns}
    with pytest.raises(InputError, match="certno"):
        mapping.parse({"files": [{"match": ["a"], "targets": [entry]}]}, "m")
    columns["psn_no"] = "number"
    mapping.parse({"files": [{"match": ["a"], "targets": [entry]}]}, "m")


def test_one_target_a_dataset() -> None:
    twice = content()
    twice["files"][0]["targets"] *= 2
    with pytest.raises(InputError, match="one target"):
        mapping.parse(twice, "m")


def test_the_most_specific_entry_is_taken() -> None:
    two = content()
    other = content({"addr": "more"})["files"][0] | {"match": ["no", "id", "more"]}
    two["files"].append(other)
    parsed = mapping.parse(two, "m")
    assert parsed.for_headers(["no", "id", "x"], "f").match == {"no", "id"}
    assert parsed.for_headers(["no", "id", "more"], "f").match == {"no", "id", "more"}
    with pytest.raises(InputError, match=r"f\.csv"):
        parsed.for_headers(["no"], "f.csv")


def test_loading_by_path_and_by_name(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(content(), allow_unicode=True), encoding="utf-8")
    assert mapping.load(str(path)).name == "m"
    assert mapping.load("us-claims").name == "us-claims"
    path.write_text("a: [", encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.yaml"):
        mapping.load(str(path))
    with pytest.raises(ClewError, match="no such mapping") as error:
        mapping.load("nothing")
    assert "us-claims" in error.value.next_step
