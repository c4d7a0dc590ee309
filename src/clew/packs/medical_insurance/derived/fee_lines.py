"""Fee lines after reversals, and the part of a settlement that some of its lines are."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from clew.declare import Relations
from clew.packs.medical_insurance.derived.quantities import scaled
from clew.packs.medical_insurance.derived.terms import exact_sum


def net_lines(r: Relations, settlements: ir.Table, by: Sequence[str] = ()) -> ir.Table:
    """Lines of the original settlements whose `setl_id` is in `settlements`.

    One row is a settlement, code and day, parted by the line's columns `by`, of which something is
    left once the lines of reversing settlements are counted against it: `amount` and `scope` (null
    where not recorded) in fen, `line_id` and `line_ids` the rows behind it.
    """
    wanted = settlements.select("setl_id").distinct()
    fee = r["mi_fee"]
    fee = fee.filter(fee.fee_ocur_time.date() <= r.today)
    fee = fee.select(
        "med_list_codg",
        *by,
        fee_setl_id=fee.setl_id,
        line_id=fee.row_id,
        fee_date=fee.fee_ocur_time.date(),
        amount=fee.det_item_fee_sumamt,
        scope=fee.fund_scope_amt,
    )
    own = wanted.join(fee, wanted.setl_id == fee.fee_setl_id).mutate(counted=True)
    back = r["reversals"].select("original_id", reversing_id="setl_id")
    back = wanted.join(back, wanted.setl_id == back.original_id)
    back = back.join(fee, back.reversing_id == fee.fee_setl_id).mutate(counted=False)
    back = back.mutate(amount=-back.amount.abs(), scope=-back.scope.abs())
    columns = (
        "setl_id", "med_list_codg", "fee_date", *by, "line_id", "amount", "scope", "counted",
    )
    both = own.select(*columns).union(back.select(*columns))
    behind = both.counted & (both.amount > 0)
    net = both.group_by("setl_id", "med_list_codg", "fee_date", *by).aggregate(
        amount=exact_sum(both.amount),
        scope=exact_sum(both.scope),
        line_id=both.line_id.min(where=behind),
        line_ids=both.line_id.collect(where=behind),
    )
    return net.filter(net.amount > 0)


def given_back(r: Relations) -> ir.Table:
    """Items of which a part reversal leaves nothing: settlement `bill`, code `item`, `fee_date`.

    Those of settlements reversed as a whole are not named: the settlement itself tells that.
    """
    fee = r["mi_fee"]
    fee = fee.filter(fee.fee_ocur_time.date() <= r.today).select(
        "setl_id", item="med_list_codg", fee_date=fee.fee_ocur_time.date(), qty=scaled(fee.cnt)
    )
    s = r["itemised"]
    lowered = r["reversals"].select("setl_id", bill="original_id")
    lowered = lowered.semi_join(s.filter(~s.reversed).select(bill="setl_id"), "bill")
    back = lowered.join(fee, "setl_id").group_by("bill", "item", "fee_date").aggregate(
        back=lambda t: exact_sum(t.qty.abs())
    )
    own = fee.join(
        back,
        [fee.setl_id == back.bill, fee.item == back.item, fee.fee_date == back.fee_date],
        rname="{name}_back",
    )
    own = own.group_by("bill", "item", "fee_date").aggregate(
        charged=exact_sum(own.qty), back=own.back.max()
    )
    return own.filter(own.charged <= own.back).select("bill", "item", "fee_date")


def weighted_lines(r: Relations, settlements: ir.Table, by: Sequence[str] = ()) -> ir.Table:
    """`net_lines` with `weight` and `whole`: their quotient is a line's share of its settlement.

    Weights are the amounts within the scope of the fund, or the full amounts where those are not
    recorded or add up to nothing.
    """
    lines = net_lines(r, settlements, by)
    sums = lines.group_by("setl_id").aggregate(
        scope_whole=exact_sum(lines.scope.fill_null(0)), amount_whole=exact_sum(lines.amount)
    )
    t = lines.join(sums, "setl_id")
    by_scope = t.scope_whole > 0
    return t.mutate(
        weight=ibis.ifelse(by_scope, t.scope.fill_null(0), t.amount),
        whole=ibis.ifelse(by_scope, t.scope_whole, t.amount_whole),
    ).drop("scope_whole", "amount_whole")
