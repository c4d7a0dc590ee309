"""MI-22 (b): unlike codes at one price, to the fourth place."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, cast

import ibis
import ibis.expr.types as ir

from clew.declare import (
    MEDIUM,
    Condition,
    Fact,
    Params,
    Relations,
    T,
    int_div,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.quantities import SCALE
from clew.packs.medical_insurance.derived.terms import stage
from clew.packs.medical_insurance.detectors.substitution.sold import (
    REVERSED,
    evidence,
    month,
    sold,
)

FACT = ("subject", "price", "month")


def holds(fact: Fact, p: Params) -> bool:
    """Whether enough unlike codes are left, each in enough settlements."""
    settled: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in fact.rows:
        settled[row.group, row.code].add(row.settlement)
    least = int(p.same_price_settlements)
    unlike = {group for (group, _), found in settled.items() if len(found) >= least}
    return len(unlike) >= int(p.same_price_codes)


@rule(
    code="b",
    title=T("不同品种同一单价", "Unlike codes at one price"),
    per="institution",
    subject="organisation",
    fact_key=("price", "month"),
    base=T("机构当月同一单价的明细", "Lines of an institution and month at one unit price"),
    required=("mi_settlement", "mi_fee"),
    conditions=(
        Condition("SAME_PRICE", T("不同类品种单价相同", "Enough unlike codes at that price")),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
    holds=holds,
)
def one_price(r: Relations, p: Params) -> ir.Table:
    t = sold(r, p, r["mi_fee"])
    t = stage(t.mutate(month=month(t.day)), "at_a_price")
    codes = t.group_by(*FACT, "group", "code").aggregate(times=t.setl_id.nunique())
    codes = codes.filter(codes.times >= p.same_price_settlements)
    facts = codes.group_by(*FACT).aggregate(groups=codes["group"].nunique())
    facts = facts.filter(facts.groups >= p.same_price_codes)
    t = t.semi_join(facts, list(FACT)).semi_join(codes, [*FACT, "code"])
    rows = evidence(r, t, "one_price", *FACT[1:], "code", "group", once=FACT[1:])
    return rows.mutate(
        price=_yuan(rows.price), if_SAME_PRICE=ibis.literal(True)
    )


def _yuan(price: Any) -> ir.StringValue:
    """Ten-thousandths of a yuan as text with four places: part of a key is never a float."""
    places = (price % SCALE).cast("string").lpad(4, "0")
    return cast(ir.StringValue, int_div(price, SCALE).cast("string") + "." + places)
