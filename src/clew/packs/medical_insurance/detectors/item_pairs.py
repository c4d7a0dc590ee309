"""Pairs of items that must not both be charged, as charged: shared by MI-14 and MI-16."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Exclusion, Relations, T
from clew.packs.medical_insurance.derived.charges import charges, in_force, summed
from clew.packs.medical_insurance.derived.terms import stage, valid_on

EXCLUSIVE, INCLUDED = "exclusive", "included"
DAY, SESSION, STAY = "day", "session", "stay"
FIRST_DAY = "1900-01-01"

DIFFERENT_SITES = Exclusion(
    "DIFFERENT_SITES", T("部位不同", "Different sites of the body"), sources=("mi_fee.body_site",)
)
SEPARATE_INCISIONS = Exclusion(
    "SEPARATE_INCISIONS", T("两次手术不同切口", "Two operations under separate incisions"),
    sources=("mi_operation",),
)  # fmt: skip


def pairs(r: Relations, relation: str) -> ir.Table:
    """Spells of one relation: `one`, `other`, `scope`, `pair_from`, `pair_to`."""
    p = r["mi_item_pair"]
    p = in_force(p.filter(p.relation == relation), "code_a", "code_b")
    return p.select(
        one="code_a", other="code_b", scope=p.scope.fill_null(DAY), pair_from="start_date",
        pair_to="end_date",
    )  # fmt: skip


def charged_pairs(r: Relations, p: ir.Table, name: str) -> ir.Table:
    """Both items of a pair charged within its scope: columns of the first end in `_a`, of the other
    in `_b`. Lines of one settlement, item, day, site, incision and session are one charge; `name`
    is used once in a query.
    """
    codes = p.select(code=p.one).union(p.select(code=p.other)).distinct()
    codes = codes.mutate(
        start_date=ibis.literal(FIRST_DAY).cast("date"), end_date=ibis.null("date")
    )
    t = charges(r, codes)
    t = t.filter(t.person.notnull())
    t = summed(t, "code", "day", "body_site", "incision_no", "sess_no", "inpatient")
    t = stage(t.filter(t.row_id.notnull(), t.amount > 0), name)
    a, b = t.rename("{name}_a"), t.rename("{name}_b")
    j = a.join(p, [a.code_a == p.one, valid_on(a.day_a, p.pair_from, p.pair_to)])
    j = j.join(b, [j.visit_a == b.visit_b, j.other == b.code_b])
    same_day = j.day_a == j.day_b
    same_session = same_day & (j.sess_no_a == j.sess_no_b).fill_null(True)
    within_scope = ibis.cases(
        (j.scope == STAY, True), (j.scope == DAY, same_day), else_=same_session
    )
    return j.filter(within_scope)


def site_verdicts(r: Relations, t: ir.Table) -> ir.Table:
    """Adds `sites_known`, `not_DIFFERENT_SITES`, `not_SEPARATE_INCISIONS`, `not_REVERSED`."""
    o = r["mi_operation"]
    two = o.group_by(operated="mdtrt_id").aggregate(operations=o.count())
    t = t.left_join(two, t.visit_a == two.operated)
    known = t.body_site_a.notnull() & t.body_site_b.notnull()
    differ: Any = t.incision_no_a != t.incision_no_b
    several = (t.operations > 1).fill_null(False)
    return t.mutate(
        sites_known=known,
        not_DIFFERENT_SITES=(t.body_site_a != t.body_site_b).fill_null(False),
        # Unknown only where two operations would allow it and an incision is not numbered.
        not_SEPARATE_INCISIONS=several & differ,
        not_REVERSED=t.reversed_a | t.reversed_b,
    ).drop("operated", "operations")


def excused(t: ir.Table) -> ir.BooleanValue:
    """Whether one of the exclusions of a pair takes it out."""
    verdict: ir.BooleanValue = (
        t.not_REVERSED | t.not_DIFFERENT_SITES | t.not_SEPARATE_INCISIONS.fill_null(False)
    )
    return verdict
