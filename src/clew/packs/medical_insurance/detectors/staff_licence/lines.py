"""Fee lines by who ordered or carried them out, on which day, where."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Exclusion, Relations, T, any_of
from clew.packs.medical_insurance.derived.charges import summed, with_money
from clew.packs.medical_insurance.derived.quantities import scaled

REVERSED = Exclusion("REVERSED", T("已冲销", "Reversed"))
REQUIRED = (
    "mi_settlement", "mi_fee", "mi_staff", any_of("mi_fee.bilg_dr_codg", "mi_fee.exec_dr_codg"),
)  # fmt: skip
FACT = ("staff", "day")
ROLES = ("bilg_dr_codg", "exec_dr_codg")


def staff_lines(r: Relations, staff: ir.Table) -> ir.Table:
    """Lines of the `staff` in that table, beside its other columns and the settlement.

    Whoever ordered and carried out a line has it once. Lines of a part reversal are negative and
    stand beside the original settlement; those of a whole one are left out.
    """
    f = r["mi_fee"]
    f = f.filter(f.fee_ocur_time.date() <= r.today)
    orders, does = (f[role].nullif("") for role in ROLES)
    both: Any = (orders == does).fill_null(False)
    lines = _lines(f, orders).union(_lines(f.filter(~both), does))
    t = lines.join(staff, "staff")
    back = r["reversals"].select("original_id", back_id="setl_id")
    t = t.left_join(back, t.fee_of == back.back_id)
    own = t.original_id.isnull()
    t = t.mutate(own=own, bill=ibis.coalesce(t.original_id, t.fee_of))
    for column in ("qty", "amount", "scope"):
        t = t.mutate(**{column: ibis.ifelse(own, t[column], -t[column].abs())})
    s = r["itemised"].select(
        "setl_id", "person", "reversed", visit="mdtrt_id", subject="fixmedins_code",
        fund_whole="fund", account_whole="account",
    )  # fmt: skip
    t = t.join(s, t.bill == s.setl_id)
    t = t.filter(t.subject.notnull(), t.own | ~t.reversed)
    # Who the patient is does not matter here.
    return t.mutate(confirm_identity=ibis.literal(False)).drop(
        "fee_of", "original_id", "back_id", "bill"
    )


def _lines(f: ir.Table, staff: Any) -> ir.Table:
    t = f.mutate(staff=staff)
    return t.filter(t.staff.notnull()).select(
        "staff",
        fee_of="setl_id",
        line="row_id",
        day=t.fee_ocur_time.date(),
        qty=scaled(t.cnt),
        amount="det_item_fee_sumamt",
        scope="fund_scope_amt",
    )


def flagged(r: Relations, t: ir.Table, name: str, *columns: str) -> ir.Table:
    """Rows of a rule: the lines in `t` by settlement, staff and day; `columns` are kept."""
    t = summed(t, *FACT, *columns)
    t = t.filter((t.amount > 0) | t.reversed)
    t = t.mutate(over=ibis.literal(1), of=ibis.literal(1))
    t = with_money(r, t, name)
    return t.select(
        "subject", *FACT, "row_id", "with_lines", "visit", "fund", "account", *columns,
        not_REVERSED=t.reversed,
    )  # fmt: skip
