"""MI-12 (d): one pack, by its trace code, settled twice."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import (
    HIGH,
    Condition,
    Params,
    Relations,
    T,
    apportion,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.terms import T2, exact_sum, stage
from clew.packs.medical_insurance.detectors.drug_resale.excuses import REVERSED

KEY = ("drug_trac_codg", "setl_id")


@rule(
    code="d",
    title=T("追溯码重复结算", "A trace code settled twice"),
    per="institution",
    subject="organisation",
    fact_key=("drug_trac_codg",),
    base=T("追溯码已在先前结算中出现的结算", "Settlements of a trace code after its first one"),
    required=("mi_settlement", "mi_fee", "mi_fee.drug_trac_codg"),
    conditions=(
        Condition("SETTLED_BEFORE", T("同一追溯码先前已结算", "The same code settled before")),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(HIGH),
)
def trace_code(r: Relations, p: Params) -> ir.Table:
    t = stage(_settled(r), "traced")
    before = t.rename("{name}_before")
    earlier = (before.first_time_before < t.first_time) | (
        (before.first_time_before == t.first_time) & (before.setl_id_before < t.setl_id)
    )
    t = t.join(before, [t.drug_trac_codg == before.drug_trac_codg_before, earlier])
    t = t.group_by(*KEY, "line_id", "institution", "settlement_row", "fund_whole",
                   "account_whole", "returned", "tier").aggregate(
        standing=(~t.returned_before).any(),
        with_earlier=t.line_id_before.collect(),
        earlier_institutions=t.institution_before.collect(distinct=True),
    )  # fmt: skip
    t = _priced(r, stage(t, "repeated"))
    return t.select(
        "drug_trac_codg", "fund", "account", "with_earlier", "earlier_institutions",
        subject=t.institution,
        row_id=t.line_id,
        with_settlement=t.settlement_row,
        confirm_identity=t.tier == T2,
        if_SETTLED_BEFORE=ibis.literal(True),
        not_REVERSED=t.returned | ~t.standing,
    )  # fmt: skip


def _settled(r: Relations) -> ir.Table:
    """One row a trace code and settlement, of codes that are in two settlements or more.

    `returned` marks a pack of which a reversal left nothing.
    """
    fee = r["mi_fee"]
    code = fee.drug_trac_codg.strip().nullif("")
    fee = fee.filter(code.notnull(), fee.fee_ocur_time.date() <= r.today).select(
        "setl_id", "cnt", "fee_ocur_time", drug_trac_codg=code, fee_row=fee.row_id
    )
    sold = fee.filter(fee.cnt > 0)
    several = sold.group_by("drug_trac_codg").aggregate(
        low=sold.setl_id.min(), high=sold.setl_id.max()
    )
    several = several.filter(several.low < several.high).select("drug_trac_codg")
    sold = sold.semi_join(several, "drug_trac_codg")
    sold = sold.group_by(*KEY).aggregate(
        first_time=sold.fee_ocur_time.min(),
        line_id=sold.fee_row.min(),
        sold=sold.cnt.sum().cast("float64"),
    )
    b = r["reversals"].select("original_id", reversing_id="setl_id")
    back = b.join(fee.semi_join(several, "drug_trac_codg"), b.reversing_id == fee.setl_id)
    back = back.group_by(drug_trac_codg="drug_trac_codg", setl_id="original_id").aggregate(
        taken_back=back.cnt.abs().sum().cast("float64")
    )
    t = sold.left_join(back, list(KEY), rname="{name}_back")
    s = r["itemised"].select(
        "reversed", "tier", settled="setl_id", institution="fixmedins_code",
        settlement_row="row_id", fund_whole="fund", account_whole="account",
    )  # fmt: skip
    t = t.join(s, t.setl_id == s.settled)
    gone = (t.taken_back >= t.sold).fill_null(False)
    return t.mutate(returned=t.reversed | gone).drop(
        "reversed", "taken_back", "sold", "settled", "drug_trac_codg_back", "setl_id_back"
    )


def _priced(r: Relations, t: ir.Table) -> ir.Table:
    """Adds `fund`, `account`: what the lines of the code are of their settlement, in fen."""
    wanted = t.select("setl_id").distinct()
    fee = r["mi_fee"]
    columns = {
        "code": fee.drug_trac_codg.strip().nullif(""),
        "scope": fee.fund_scope_amt.fill_null(0),
        "amount": fee.det_item_fee_sumamt,
    }
    own = fee.semi_join(wanted, "setl_id").select("setl_id", **columns)
    back = r["reversals"].select("original_id", reversing_id="setl_id")
    back = wanted.join(back, wanted.setl_id == back.original_id).drop("original_id")
    taken = fee.select(line_of=fee.setl_id, **columns)
    back = back.join(taken, back.reversing_id == taken.line_of)
    back = back.mutate(scope=-back.scope.abs(), amount=-back.amount.abs())
    lines = own.union(back.select("setl_id", *columns))
    whole = lines.group_by("setl_id").aggregate(
        scope_whole=exact_sum(lines.scope), amount_whole=exact_sum(lines.amount)
    )
    part = lines.group_by("setl_id", drug_trac_codg="code").aggregate(
        scope=exact_sum(lines.scope), amount=exact_sum(lines.amount)
    )
    t = t.join(part, list(KEY)).join(whole, "setl_id")
    by_scope = t.scope_whole > 0
    weight = ibis.ifelse(by_scope, t.scope, t.amount)
    of = ibis.ifelse(by_scope, t.scope_whole, t.amount_whole)
    return t.mutate(
        fund=apportion(t.fund_whole, weight, of), account=apportion(t.account_whole, weight, of)
    )
