"""Fee lines of inpatient stays after reversals, with what kind of item each is."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import Relations
from clew.packs.medical_insurance.derived.charges import listed
from clew.packs.medical_insurance.derived.quantities import scaled
from clew.packs.medical_insurance.derived.terms import exact_sum, valid_on


def ward_lines(r: Relations, stays: ir.Table) -> ir.Table:
    """Lines of the stays in `stays` (`mdtrt_id`, `reversed`), one row a settlement, code and day.

    Amounts are net, in fen, and what was taken back is left out; of a stay that was reversed as a
    whole the lines stand as they were. Columns: `mdtrt_id`, `setl_id`, `fund_whole`,
    `account_whole`, `day`, `kind` (null where the catalogue does not tell), `amount`, `scope`,
    `line_id` and `line_ids`, the rows behind it.
    """
    stay = stays.select(stay="mdtrt_id", off="reversed")
    s = r["itemised"]
    s = s.join(stay, s.mdtrt_id == stay.stay)
    s = s.filter(s.off | ~s.reversed).select(
        "setl_id", "mdtrt_id", "off", fund_whole="fund", account_whole="account"
    )
    t = fee_lines(r)
    t = t.join(s, t.bill == s.setl_id)
    t = t.filter(t.own | ~t.off)
    net = t.group_by(
        "mdtrt_id", "setl_id", "fund_whole", "account_whole", "med_list_codg", "day"
    ).aggregate(
        amount=exact_sum(t.amount),
        scope=exact_sum(t.scope.fill_null(0)),
        qty=exact_sum(t.qty),
        line_id=t.line.min(where=t.own),
        line_ids=t.line.collect(where=t.own),
    )
    net = net.filter((net.amount > 0) | (net.qty > 0), net.line_id.notnull()).drop("qty")
    return with_kind(r, net)


def fee_lines(r: Relations) -> ir.Table:
    """All fee lines up to the run's day, each under the settlement (`bill`) it belongs to; lines of
    a reversal belong to the original and are negative (`own` is false).
    """
    f = r["mi_fee"]
    f = f.filter(f.fee_ocur_time.date() <= r.today).select(
        "med_list_codg",
        fee_of="setl_id",
        line="row_id",
        day=f.fee_ocur_time.date(),
        gross=f.det_item_fee_sumamt,
        gross_scope=f.fund_scope_amt,
        gross_qty=scaled(f.cnt),
    )
    back = r["reversals"].select("original_id", back_id="setl_id")
    f = f.left_join(back, f.fee_of == back.back_id)
    own = f.original_id.isnull()
    f = f.mutate(
        own=own,
        bill=ibis.coalesce(f.original_id, f.fee_of),
        amount=ibis.ifelse(own, f.gross, -f.gross.abs()),
        scope=ibis.ifelse(own, f.gross_scope, -f.gross_scope.abs()),
        qty=ibis.ifelse(own, f.gross_qty, -f.gross_qty.abs()),
    )
    return f.select("med_list_codg", "line", "day", "own", "bill", "amount", "scope", "qty")


def with_kind(r: Relations, t: ir.Table) -> ir.Table:
    """Adds `kind` of the item `med_list_codg` on its `day`; a drug without a kind is a drug."""
    c = listed(r, "list_type")
    c = c.select(
        "code", "start_date", "end_date",
        kind=ibis.coalesce(c.kind.nullif(""), c.list_type.nullif("item").nullif("consumable")),
    )  # fmt: skip
    t = t.left_join(c, [t.med_list_codg == c.code, valid_on(t.day, c.start_date, c.end_date)])
    return t.drop("code", "start_date", "end_date")
