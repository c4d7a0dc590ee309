"""MI-09 (b): an organ that was taken out twice."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import (
    MEDIUM,
    Condition,
    Exclusion,
    Params,
    Relations,
    T,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.terms import exact_sum, stage, valid_on
from clew.packs.medical_insurance.detectors.impersonation.visits import (
    NEWBORN_UNDER_MOTHER,
    REVERSED,
    listed,
    settled,
    with_newborn,
)

TOTAL, PARTIAL = "organ_total", "organ_partial"
CHAPTER = 2
"""Digits of an operation code that name the organ, where a partial code names none itself."""


@rule(
    code="b",
    title=T("唯一器官重复切除", "An organ removed twice"),
    per="person",
    subject="person",
    fact_key=("organ",),
    base=T(
        "同一人同一器官的再次切除", "Removals of an organ after an earlier removal from the person"
    ),
    required=("mi_settlement", "mi_operation", "mi_code_list"),
    conditions=(
        Condition("REMOVED_BEFORE", T("先前日期已切除", "Removed on an earlier date")),
    ),
    exclusions=(
        REVERSED,
        NEWBORN_UNDER_MOTHER,
        Exclusion("PARTIAL_ORGAN", T("部分切除", "Part of the organ only")),
    ),
    grade=severity_always(MEDIUM),
)
def organ(r: Relations, p: Params) -> ir.Table:
    t = stage(_removals(r), "removals")
    before = t.rename("{name}_before")
    pairs = t.join(
        before,
        [
            t.person == before.person_before,
            t.organ == before.organ_before,
            before.operated_before < t.operated,
        ],
    )
    stands = ~pairs.reversed_before
    facts = pairs.group_by(
        "person", "organ", "visit", "row_id", "institution", "operated", "fund", "account",
        "reversed", "total", "infant", "confirm_identity", "with_operation",
    ).aggregate(
        standing=stands.any(),
        total_before=(stands & pairs.total_before).any(),
        born_before=(stands & pairs.total_before & ~pairs.infant_before.fill_null(False)).any(),
        with_earlier=pairs.row_id_before.collect(),
        with_earlier_operation=pairs.with_operation_before.collect(),
        first_removed=pairs.operated_before.min(),
        first_institutions=pairs.institution_before.collect(distinct=True),
    )  # fmt: skip
    only_infant = facts.total_before & ~facts.born_before
    return facts.select(
        "organ", "row_id", "fund", "account", "visit", "institution", "operated",
        "confirm_identity", "first_removed", "first_institutions", "with_operation",
        "with_earlier", "with_earlier_operation",
        subject="person",
        if_REMOVED_BEFORE=ibis.literal(True),
        not_REVERSED=facts.reversed | ~facts.standing,
        not_NEWBORN_UNDER_MOTHER=ibis.ifelse(only_infant, True, facts.infant),
        not_PARTIAL_ORGAN=~facts.total | ~facts.total_before,
    )  # fmt: skip


def _removals(r: Relations) -> ir.Table:
    """One row a person, organ, visit and date, with the visit's money on the first date."""
    o = _organs(r)
    s = with_newborn(r, settled(r).semi_join(o, "mdtrt_id"))
    visits = s.group_by("mdtrt_id", "person", "institution").aggregate(
        row_id=s.row_id.min(),
        fund=exact_sum(s.fund),
        account=exact_sum(s.account),
        reversed=s.reversed.all(),
        confirm_identity=s.confirm_identity.any(),
        infant=s.not_NEWBORN_UNDER_MOTHER.any(),
    )
    t = visits.join(o.rename(visit="mdtrt_id"), [visits.mdtrt_id == o.mdtrt_id])
    return t.drop("mdtrt_id")


def _organs(r: Relations) -> ir.Table:
    """Removals by visit, organ and date; `total` unless every code of the date is partial."""
    o = r["mi_operation"]
    o = o.filter(o.oprn_date <= r.today)
    c = listed(r, TOTAL, PARTIAL)
    named = c.filter(c.note.nullif("").notnull(), c.list == TOTAL)
    chapters = named.group_by(chapter=named.prefix.substr(0, CHAPTER)).aggregate(
        organ_of_chapter=named.note.min()
    )
    c = c.left_join(chapters, c.prefix.substr(0, CHAPTER) == chapters.chapter)
    c = c.mutate(organ=ibis.coalesce(c.note.nullif(""), c.organ_of_chapter, c.chapter))
    t = o.join(
        c,
        [o.oprn_code.startswith(c.prefix), valid_on(o.oprn_date, c.listed_from, c.listed_to)],
    )
    codes = t.group_by("mdtrt_id", "organ", "oprn_code", operated="oprn_date").aggregate(
        partial=(t.list == PARTIAL).any(), row=t.row_id.min()
    )
    return codes.group_by("mdtrt_id", "organ", "operated").aggregate(
        total=(~codes.partial).any(), with_operation=codes.row.min()
    )
