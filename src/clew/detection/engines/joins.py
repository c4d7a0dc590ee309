"""Queries for DuckDB, written so that it need not compare every row with every other, nor keep a
copy of what it can as well read again.

It hashes a left, semi or anti join only if each condition compares a column of one side with one of
the other. A further condition (a day within a span that may be open, names of which one may be
empty) makes it compare all pairs, which grows with the square of a city. Asked row by row of the
left side, as a lateral or an existing row, it hashes what is equal and tests the rest after. The
rows are the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ)
_EXISTING = ("SEMI", "ANTI")


def hashed(query: exp.Expression) -> exp.Expression:
    """The query without joins by all pairs, where they have anything equal to hash by.

    Changes `query` itself.
    """
    for select in list(query.find_all(exp.Select)):
        for join in list(select.args.get("joins") or []):
            if _by_all_pairs(join):
                _rewrite(select, join)
    return query


def _by_all_pairs(join: exp.Join) -> bool:
    on, right = join.args.get("on"), join.this.alias_or_name
    outer = join.side.upper() == "LEFT" or join.kind.upper() in _EXISTING
    if not outer or not right or on is None or on.find(exp.Select):
        return False
    terms = list(_terms(on))
    plain = [_compares(term, right) for term in terms]
    equal = any(p and isinstance(t, exp.EQ) for p, t in zip(plain, terms, strict=True))
    return equal and not all(plain)


def _terms(on: exp.Expr) -> Iterator[exp.Expr]:
    """What `on` demands, each by itself."""
    while isinstance(on, exp.Paren):
        on = on.this
    if isinstance(on, exp.And):
        yield from _terms(on.left)
        yield from _terms(on.right)
    else:
        yield on


def _compares(term: exp.Expr, right: str) -> bool:
    """Whether a term sets something of the right side against something of the left."""
    if not isinstance(term, _COMPARISONS):
        return False
    sides = [{c.table for c in side.find_all(exp.Column)} for side in (term.left, term.right)]
    return (
        all(sides) and sorted(right in side for side in sides) == [False, True] and {right} in sides
    )


def _rewrite(select: exp.Select, join: exp.Join) -> None:
    source, on = join.this, join.args["on"]
    kind = join.kind.upper()
    if kind in _EXISTING:
        found: exp.Expr = exp.Exists(this=exp.select("1").from_(source).where(on))
        select.args["joins"].remove(join)
        select.where(exp.not_(found) if kind == "ANTI" else found, copy=False)
        return
    rows = exp.Subquery(this=exp.select("*").from_(source).where(on))
    alias = exp.TableAlias(this=exp.to_identifier(source.alias_or_name, quoted=True))
    lateral = exp.Lateral(this=rows, alias=alias)
    join.replace(exp.Join(this=lateral, side="LEFT", on=exp.true()))


def read_where_used(query: exp.Expression) -> exp.Expression:
    """Parts that only pick rows and cells of one relation are read wherever they are used: each
    reader takes its own few columns, where one copy would hold the columns of all.
    """
    for part in query.find_all(exp.CTE):
        if _picks(part.this):
            part.set("materialized", False)
    return query


def _picks(body: exp.Expression) -> bool:
    if not isinstance(body, exp.Select) or body.find(exp.AggFunc, exp.Window, exp.Join, exp.Unnest):
        return False
    plain = not any(body.args.get(a) for a in ("group", "distinct", "limit", "order", "qualify"))
    source = body.args.get("from_")
    if not plain or source is None:
        return False
    if isinstance(source.this, exp.Table):
        return True
    inner = source.this.this if isinstance(source.this, exp.Subquery) else None
    return isinstance(inner, exp.Select) and _picks(inner)
