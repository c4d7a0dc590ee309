"""What the operations of a visit say, asked for some visits."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Relations
from clew.packs.medical_insurance.derived.terms import stage, valid_on

SITE_DIGIT = ("78", "79", "80")
"""Chapters on bones and joints whose second place after the point is the site."""


def operations_of(r: Relations, visits: ir.Table, name: str) -> ir.Table:
    """Operations of the visits in column `visit`; `name` is used once in a query."""
    wanted = visits.select(operated="visit").distinct()
    return stage(known_operations(r).semi_join(wanted, "operated"), name)


def known_operations(r: Relations) -> ir.Table:
    """Operations up to the run's day; their visit is `operated`."""
    o = r["mi_operation"]
    return o.filter(o.oprn_date <= r.today).select(
        "oprn_code", "oprn_date", "side", "staged_flag", "row_id", operated="mdtrt_id"
    )


def on_list(r: Relations, operations: ir.Table, name: str) -> ir.Table:
    """Those whose code begins with a code of the list `name`, valid on the day."""
    c = r["mi_code_list"]
    c = c.filter(c.list == name)
    o = operations
    found = o.join(
        c, [o.oprn_code.startswith(c.code), valid_on(o.oprn_date, c.start_date, c.end_date)]
    )
    return found.select(*o.columns).distinct()


def sides_and_sites(operations: ir.Table) -> ir.Table:
    """One row a visit: `recorded` operations, and `several`: at least two different codes that
    differ in site or side.
    """
    o = operations
    code = o.oprn_code
    by_digit = code.substr(0, 2).isin(SITE_DIGIT)
    site = ibis.ifelse(by_digit, code.substr(4, 1), code.substr(0, 5))
    found = o.group_by("operated").aggregate(
        recorded=o.count(),
        with_operations=o.row_id.collect(),
        codes=code.nunique(),
        sites=site.nunique(),
        sides=o.side.nunique(),
    )
    several: Any = (found.codes > 1) & ((found.sites > 1) | (found.sides > 1))
    return found.mutate(several=several).drop("codes", "sites", "sides")


def listed_visits(r: Relations, operations: ir.Table, name: str) -> ir.Table:
    """Visits with an operation on the list, as `operated`."""
    return on_list(r, operations, name).select("operated").distinct()
