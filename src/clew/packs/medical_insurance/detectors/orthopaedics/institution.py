"""Both sides coded and one operated; materials used far more than elsewhere."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import MEDIUM, Condition, Params, Relations, T, rule, severity_always
from clew.packs.medical_insurance.derived.charges import (
    as_units,
    charges,
    listed,
    quarter,
    summed,
    with_money,
)
from clew.packs.medical_insurance.derived.operations import (
    known_operations,
    on_list,
    operations_of,
    sides_and_sites,
)
from clew.packs.medical_insurance.derived.terms import T2, stage
from clew.packs.medical_insurance.detectors.orthopaedics.lines import (
    FREE_REPLACEMENT,
    IMPLANTS,
    MATERIALS,
    MULTIPLE_TRAUMA,
    REQUIRED,
    REVERSED,
    STAY,
    ortho_lines,
)
from clew.packs.medical_insurance.detectors.outliers import mark_outliers, still_outlier

LEFT, RIGHT, BOTH = "L", "R", "B"


@rule(
    code="f",
    title=T("双侧置换仅单侧手术", "Both sides coded, one side operated"),
    per="person",
    subject="organisation",
    fact_key=STAY,
    base=T("编码为双侧关节置换的就诊", "Visits coded as arthroplasty of both sides"),
    required=(*REQUIRED, "mi_operation", "mi_code_list", "mi_theatre"),
    conditions=(
        Condition(
            "ONE_SIDE", T("手术室日志仅一侧", "The theatre log names one side only"),
            sources=("mi_theatre.side",),
        ),
    ),
    exclusions=(REVERSED, MULTIPLE_TRAUMA),
    grade=severity_always(MEDIUM),
)
def one_side_operated(r: Relations, p: Params) -> ir.Table:
    o = on_list(r, known_operations(r), "arthroplasty")
    coded = o.group_by("operated").aggregate(
        left=o.side.isin((LEFT, BOTH)).any(), right=o.side.isin((RIGHT, BOTH)).any(),
        with_operations=o.row_id.collect(), operation_row=o.row_id.min(),
    )  # fmt: skip
    coded = stage(coded.filter(coded.left & coded.right), "both_sides")
    s = r["net_settlements"]
    s = s.filter(s.person.notnull(), s.fixmedins_code.notnull())
    t = s.join(coded, s.mdtrt_id == coded.operated).select(
        "setl_id", "person", "tier", "reversed", "with_operations", "operation_row",
        visit="mdtrt_id", subject="fixmedins_code", fund_whole="fund", account_whole="account",
    )  # fmt: skip
    t = _theatre(r, stage(t, "both_sides_billed"))
    t = _charged(r, t)
    facts = sides_and_sites(operations_of(r, t, "both_sides_operations"))
    facts = facts.select("operated", "several")
    t = t.left_join(facts, t.visit == facts.operated).drop("operated")
    t = with_money(r, t, "both_sides_money")
    return t.select(
        "subject", *STAY, "row_id", "fund", "account", "with_lines", "with_operations",
        "with_theatre", "if_ONE_SIDE",
        confirm_identity=(t.tier == T2).fill_null(False),
        not_REVERSED=t.reversed,
        not_MULTIPLE_TRAUMA=t.several.fill_null(False),
    )  # fmt: skip


def _theatre(r: Relations, t: ir.Table) -> ir.Table:
    """Whether the theatre log names one side; unknown where a row of it names none."""
    h = r["mi_theatre"]
    h = h.filter(h.in_time.date() <= r.today)
    seen = h.group_by(theatre_visit="mdtrt_id").aggregate(
        left=h.side.isin((LEFT, BOTH)).any(), right=h.side.isin((RIGHT, BOTH)).any(),
        unnamed=h.side.isnull().any(), with_theatre=h.row_id.collect(),
    )  # fmt: skip
    t = t.left_join(seen, t.visit == seen.theatre_visit)
    left, right = t.left.fill_null(False), t.right.fill_null(False)
    one = ibis.cases(
        (t.theatre_visit.isnull() | (left & right), False), (t.unnamed, ibis.null("boolean")),
        else_=True,
    )  # fmt: skip
    return t.mutate(if_ONE_SIDE=one).drop("theatre_visit", "left", "right", "unnamed")


def _charged(r: Relations, t: ir.Table) -> ir.Table:
    """Operation and implants of the stay: half of them belong to the side that was not operated.
    A stay without such lines is shown by its operation.
    """
    items = listed(r)
    lines = charges(r, items.filter(items.kind.isin(("operation", *IMPLANTS))))
    lines = summed(lines.semi_join(t.select("setl_id"), "setl_id")).select(
        "row_id", "with_lines", "amount", "scope", charged="setl_id"
    )
    t = t.left_join(lines, t.setl_id == lines.charged)
    none: Any = ibis.literal(0, "int64")
    return t.mutate(
        row_id=ibis.coalesce(t.row_id, t.operation_row),
        amount=t.amount.fill_null(none),
        scope=t.scope.fill_null(none),
        over=ibis.literal(1),
        of=ibis.literal(2),
    )


@rule(
    code="g",
    title=T("骨科材料用量异常", "Materials used far more than by peers"),
    per="set",
    subject="organisation",
    fact_key=("kind", "quarter"),
    base=T("骨水泥、生物材料、负压材料", "Cement, biologics, negative pressure pads"),
    required=(*REQUIRED, "mi_institution", "mi_institution.hosp_lv"),
    conditions=(
        Condition("PEERS", T("同级机构足够", "Enough peers of the level")),
        Condition("OUTLIER", T("每次住院用量高于同级", "Far more a stay than the peers")),
    ),
    exclusions=(REVERSED, FREE_REPLACEMENT),
    grade=severity_always(MEDIUM),
    holds=still_outlier,
)
def material_outliers(r: Relations, p: Params) -> ir.Table:
    t = ortho_lines(r, (*IMPLANTS, *MATERIALS))
    t = t.filter(t.inpatient).mutate(quarter=quarter(t.day))
    t = summed(t, "kind", "quarter", "free")
    t = stage(t.mutate(out=t.reversed | t.free.fill_null(False)), "ortho_stays")
    t = mark_outliers(r, p, t, MATERIALS)
    t = t.mutate(over=ibis.ifelse(t.if_PEERS & t.if_OUTLIER, 1, 0), of=ibis.literal(1))
    t = with_money(r, t, "materials")
    return t.select(
        "subject", "kind", "quarter", "row_id", "with_lines", "fund", "account", "visit",
        "confirm_identity", "rate", "z", "z_all", "if_PEERS", "if_OUTLIER",
        units=as_units(t.qty),
        not_REVERSED=t.reversed,
        not_FREE_REPLACEMENT=t.free,
    )  # fmt: skip
