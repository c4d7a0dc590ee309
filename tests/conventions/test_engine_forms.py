"""Forms that differ silently between engines, or between runs, do not occur in detectors.

Two scans: one over the source of what packs compute, one over the typed expressions that come
out of it, where casts and divisions show their operands' types.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pytest

from clew.declare import Pack, Relations

if TYPE_CHECKING:
    from conftest import Source

COMPUTE = {"detectors", "derived", "derived.py", "indicators.py"}
DIVISIONS: dict[type[ast.operator], str] = {
    ast.FloorDiv: "// goes through floating point: int_div",
    ast.Div: "/ means something else for integers on each engine: ratio",
}
AVERAGES = {"mean", "std", "var", "approx_nunique", "approx_median", "approx_quantile"}
# `collect` is free: a list is a set here, the engine sorts it before anything is kept.
UNORDERED = {"first", "last", "arbitrary", "group_concat"}


def faults_of_source(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """A module without Ibis is a step after the query, where Python divides for every engine."""
    asks_an_engine = any("ibis" in names_imported(node) for node in ast.walk(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in DIVISIONS:
            if asks_an_engine:
                yield node.lineno, DIVISIONS[type(node.op)]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield from faults_of_call(node, node.func)


def names_imported(node: ast.AST) -> set[str]:
    """The packages that an import statement names."""
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").partition(".")[0]}
    return {a.name.partition(".")[0] for a in node.names} if isinstance(node, ast.Import) else set()


def faults_of_call(node: ast.Call, func: ast.Attribute) -> Iterator[tuple[int, str]]:
    keywords = {k.arg for k in node.keywords}
    if func.attr in ("delta", "epoch_seconds", "strftime"):
        yield node.lineno, f".{func.attr}(): days_between, minutes_between, months_between"
    elif func.attr in AVERAGES:
        yield node.lineno, f".{func.attr}() adds floats in no fixed order: exact sums, one ratio"
    elif func.attr in UNORDERED and "order_by" not in keywords:
        yield node.lineno, f".{func.attr}() without order_by picks any row"
    elif func.attr == "over" and "order_by" in keywords and is_sum(func.value):
        yield node.lineno, ".sum().over(order_by=…) gives wrong sums: leave order_by out"
    elif func.attr == "sample" or (func.attr == "random" and names(func.value) == "ibis"):
        yield node.lineno, "chance has no place in a detector"


def is_sum(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and getattr(value.func, "attr", "") == "sum"


def names(value: ast.expr) -> str:
    return getattr(value, "id", "")


def faults_of_expression(table: ir.Table) -> Iterator[str]:
    for node in table.op().find(ops.Node):
        if isinstance(node, ops.FloorDivide):
            yield "integer division through floating point"
        elif isinstance(node, ops.Cast):
            yield from faults_of_cast(node)
        elif isinstance(node, ops.Divide) and decimal_in(node):
            yield "division of decimals: each engine keeps other digits"
        elif isinstance(node, ops.DateDelta | ops.TimestampDelta) and node.part.value != "day":
            yield f"difference in {node.part.value}s counts boundaries or full units"
        elif isinstance(node, ops.WindowFunction) and isinstance(node.func, ops.Sum):
            yield from ["sum over an ordered window"] if node.order_by else []


def decimal_in(node: ops.Divide) -> bool:
    return bool(node.left.dtype.is_decimal() or node.right.dtype.is_decimal())


def faults_of_cast(node: ops.Cast) -> Iterator[str]:
    """A cast to integer truncates on one engine, rounds on another; rounded first it is exact."""
    source = node.arg
    whole = isinstance(source, ops.Round | ops.Floor | ops.Ceil)
    if node.to.is_integer() and source.dtype.is_floating() and not whole:
        yield "cast of a float to an integer"
    if node.to.is_integer() and source.dtype.is_decimal() and source.dtype.scale and not whole:
        yield "cast of a decimal with places to an integer"


def relations(pack: Pack) -> Relations:
    names_held = {d.name for d in pack.datasets}
    columns = {f"{d.name}.{c}" for d in pack.datasets for c in d.columns}
    return Relations(
        {d.name: d for d in pack.datasets},
        {d.name: d for d in pack.derived},
        held=frozenset(names_held | columns),
        as_of=date(2023, 10, 31),
    )


def test_source_of_packs_keeps_to_the_common_forms(sources: Sequence[Source]) -> None:
    scanned = [s for s in sources if s.room == "packs" and set(s.path.parts) & COMPUTE]
    assert len(scanned) > 5
    found = [f"{s.name}:{n} {why}" for s in scanned for n, why in faults_of_source(s.tree)]
    assert not found, "\n".join(found)


def test_expressions_of_detectors_keep_to_the_common_forms(packs: Sequence[Pack]) -> None:
    found: list[str] = []
    for pack in packs:
        for detector in pack.detectors:
            for rule in detector.rules:
                expression = rule.find(relations(pack), detector.values())
                name = f"{detector.id}{rule.code}"
                found += [f"{name}: {why}" for why in faults_of_expression(expression)]
    assert not found, "\n".join(found)


def test_expressions_of_derived_tables_keep_to_the_common_forms(packs: Sequence[Pack]) -> None:
    found: list[str] = []
    for pack in packs:
        for relation in pack.derived:
            expression = relations(pack).definition(relation.name)
            found += [f"{relation.name}: {why}" for why in faults_of_expression(expression)]
    assert not found, "\n".join(found)


def test_outer_joins_have_something_equal_to_hash_by(packs: Sequence[Pack]) -> None:
    """Without it an engine compares every row with every other."""
    found: list[str] = []
    for pack in packs:
        known = relations(pack)
        asked = {d.name: known.definition(d.name) for d in pack.derived}
        for detector in pack.detectors:
            for rule in detector.rules:
                asked[f"{detector.id}{rule.code}"] = rule.find(known, detector.values())
        for name, expression in asked.items():
            for chain in expression.op().find(ops.JoinChain):
                for link in chain.rest:
                    outer = link.how in ("left", "right", "outer", "semi", "anti")
                    equal = any(isinstance(p, ops.Equals) for p in link.predicates)
                    if outer and not equal:
                        found.append(f"{name}: {link.how} join on {link.predicates}")
    assert asked
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "code",
    [
        "t.a // 100",
        "t.a / t.b",
        "t.end.delta(t.start, unit='minute')",
        "t.amount.sum().over(group_by='person', order_by='day')",
        "t.amount.mean()",
        "t.name.first()",
        "ibis.random()",
    ],
)
def test_the_scan_of_source_sees(code: str) -> None:
    assert len(list(faults_of_source(ast.parse(f"import ibis\n{code}")))) == 1


@pytest.mark.parametrize(
    "code",
    [
        "int_div(t.a, 100)",
        "t.amount.sum().over(group_by='person')",
        "t.name.first(order_by=['day', 'row_id'])",
        "t.day.max().over(ibis.window(group_by=['person']))",
    ],
)
def test_the_scan_of_source_lets_pass(code: str) -> None:
    assert not list(faults_of_source(ast.parse(f"import ibis\n{code}")))


def test_a_step_after_the_query_divides_as_python_does() -> None:
    assert not list(faults_of_source(ast.parse("from fractions import Fraction\na / b")))


def test_the_scan_of_expressions_sees() -> None:
    t = ibis.table(
        {"a": "int64", "f": "float64", "m": "decimal(18, 4)", "x": "timestamp", "y": "timestamp"},
        name="t",
    )
    bad = {
        "floor": t.a // 100,
        "truncate": t.f.cast("int64"),
        "decimal": t.m / t.a,
        "places": t.m.cast("int64"),
        "minutes": t.x.delta(t.y, unit="minute"),
        "window": t.a.sum().over(ibis.window(group_by=["f"], order_by=["x"])),
    }
    for name, value in bad.items():
        assert list(faults_of_expression(t.select(value.name("v")))), name
    good = {"rounded": t.f.round().cast("int64"), "days": t.x.date().delta(t.y.date(), unit="day")}
    for name, value in good.items():
        assert not list(faults_of_expression(t.select(value.name("v")))), name
