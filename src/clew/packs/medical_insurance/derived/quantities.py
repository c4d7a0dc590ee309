"""Quantities of fee lines after reversals, in whole ten-thousandths, and what a line weighs."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import Relations, to_int
from clew.packs.medical_insurance.derived.terms import exact_sum

SCALE = 10_000
"""A quantity or unit price has four places; as an integer it is this many times as large."""

DRUG, CONSUMABLE = "drug", "consumable"


def scaled(value: ir.NumericValue) -> ir.IntegerValue:
    """A decimal of four places as a whole number of ten-thousandths."""
    return to_int(value.cast("float64") * float(SCALE))


def quantities(r: Relations, settlements: ir.Table) -> ir.Table:
    """What the settlements whose `setl_id` is in `settlements` charge, one row a settlement, code
    and unit.

    `cnt` is what its reversing lines leave, `gross` what was charged at first, both times SCALE;
    `amount` in fen; `fee_date` the first day; `line_id` and `line_ids` the rows behind it. The
    quotient of `weight` and `whole` is the row's part of its settlement (see fee_lines).
    """
    wanted = settlements.select("setl_id").distinct()
    fee = r["mi_fee"]
    fee = fee.filter(fee.fee_ocur_time.date() <= r.today)
    fee = fee.select(
        "med_list_codg",
        "unit",
        fee_setl_id=fee.setl_id,
        line_id=fee.row_id,
        fee_date=fee.fee_ocur_time.date(),
        quantity=scaled(fee.cnt),
        charged=fee.det_item_fee_sumamt,
        scope=fee.fund_scope_amt,
    )
    own = wanted.join(fee, wanted.setl_id == fee.fee_setl_id).mutate(own=True)
    back = r["reversals"].select("original_id", reversing_id="setl_id")
    back = wanted.join(back, wanted.setl_id == back.original_id)
    back = back.join(fee, back.reversing_id == fee.fee_setl_id).mutate(own=False)
    back = back.mutate(
        quantity=-back.quantity.abs(), charged=-back.charged.abs(), scope=-back.scope.abs()
    )
    columns = (
        "setl_id", "med_list_codg", "unit", "fee_date", "line_id", "quantity", "charged",
        "scope", "own",
    )  # fmt: skip
    both = own.select(*columns).union(back.select(*columns))
    charged = both.own & (both.quantity > 0)
    t = both.group_by("setl_id", "med_list_codg", "unit").aggregate(
        fee_date=both.fee_date.min(where=both.own),
        cnt=exact_sum(both.quantity),
        gross=exact_sum(ibis.ifelse(both.own, both.quantity, 0)),
        amount=exact_sum(both.charged),
        scope=exact_sum(both.scope.fill_null(0)),
        line_id=both.line_id.min(where=charged),
        line_ids=both.line_id.collect(where=charged),
    )
    t = t.filter(t.line_id.notnull(), t.gross > 0)
    return _weighed(t)


def _weighed(t: ir.Table) -> ir.Table:
    sums = t.group_by("setl_id").aggregate(
        scope_whole=exact_sum(t.scope), amount_whole=exact_sum(t.amount)
    )
    t = t.join(sums, "setl_id")
    by_scope = t.scope_whole > 0
    return t.mutate(
        weight=ibis.ifelse(by_scope, t.scope, t.amount),
        whole=ibis.ifelse(by_scope, t.scope_whole, t.amount_whole),
    ).drop("scope", "scope_whole", "amount_whole")
