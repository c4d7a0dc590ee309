"""Charged items: fee lines beside their settlement and catalogue, and what some of them cost.

Quantities and prices are whole ten-thousandths, as the lake keeps four places.
"""

from __future__ import annotations

from typing import Any, cast

import ibis
import ibis.expr.types as ir

from clew.declare import Relations, add_days, apportion
from clew.packs.medical_insurance.derived.fee_lines import net_lines
from clew.packs.medical_insurance.derived.peers import wide
from clew.packs.medical_insurance.derived.quantities import SCALE, scaled
from clew.packs.medical_insurance.derived.terms import DAY_PRECISION, T2, exact_sum, stage, valid_on

UNIT = SCALE
"""One unit, or one yuan of a price."""
FEN = 1_000_000
"""A price times a quantity, both in ten-thousandths, over this is fen."""


def as_units(value: Any) -> ir.DecimalValue:
    """Ten-thousandths as a number of units."""
    part = ibis.literal("0.0001").cast("decimal(18, 4)")
    return cast(ir.DecimalValue, (value.cast("decimal(18, 4)") * part).cast("decimal(18, 4)"))


def quarter(day: Any) -> ir.StringValue:
    """The calendar quarter as text, such as 2023Q2."""
    return cast(ir.StringValue, day.year().cast("string") + "Q" + day.quarter().cast("string"))


def month(day: Any) -> ir.StringValue:
    """The calendar month as text, such as 2023-05."""
    number = day.month().cast("string").lpad(2, "0")
    return cast(ir.StringValue, day.year().cast("string") + "-" + number)


def in_force(t: ir.Table, *by: str) -> ir.Table:
    """Spells of a register by `start_date`: one without end ends where the next of `by` begins."""
    window = ibis.window(group_by=list(by), order_by="start_date")
    before = add_days(t.start_date.lead().over(window), -1)
    sooner = t.end_date.isnull() | (before < t.end_date)
    return t.mutate(end_date=ibis.ifelse(sooner, ibis.coalesce(before, t.end_date), t.end_date))


def listed(r: Relations, *columns: str) -> ir.Table:
    """Spells of the catalogue, `columns` beside code, kind and unit."""
    c = in_force(r["mi_catalogue"], "med_list_codg")
    return c.select(
        "start_date", "end_date", "kind", *columns, code="med_list_codg", listed_unit="unit"
    )


def charges(r: Relations, items: ir.Table) -> ir.Table:
    """Fee lines of the codes in `items`, each beside its settlement and the item's own columns.

    `items` has `code`, `start_date` and `end_date`, which must hold on the day of the fee. Lines of
    a part reversal have negative quantity and amounts and stand beside the original settlement;
    those of a whole one are left out, and the original's are marked `reversed`. Columns: `line`
    (row id), `visit`, `day`, `qty`, `price` (null where not written), `amount`, `scope` (null where
    not recorded) in fen, `fund_whole`, `account_whole` of the settlement, and cells of the line.
    """
    f = _lines(r, items)
    s = r["itemised"].select(
        "setl_id", "person", "tier", "med_type", "inpatient", "reversed", "service_date",
        "end_date", "dise_codg", "emer_flag", visit="mdtrt_id", subject="fixmedins_code",
        fund_whole="fund", account_whole="account", settlement="row_id",
    )  # fmt: skip
    t = f.join(s, f.bill == s.setl_id)
    t = t.filter(t.own | ~t.reversed, t.subject.notnull())
    return t.mutate(confirm_identity=(t.tier == T2).fill_null(False)).drop("bill", "tier")


def _lines(r: Relations, items: ir.Table) -> ir.Table:
    f = r["mi_fee"]
    day = f.fee_ocur_time.date()
    own_columns = [c for c in items.columns if c not in ("start_date", "end_date")]
    f = f.join(
        items,
        [
            f.med_list_codg == items.code,
            valid_on(day, items.start_date, items.end_date),
            day <= r.today,
        ],
    )
    back = r["reversals"].select("original_id", back_id="setl_id")
    f = f.left_join(back, f.setl_id == back.back_id)
    own, units = f.original_id.isnull(), scaled(f.cnt)
    timed = (f.fee_ocur_time_precision > DAY_PRECISION) & (f.fee_endtime_precision > DAY_PRECISION)
    f = f.mutate(
        line=f.row_id,
        bill=ibis.coalesce(f.original_id, f.setl_id),
        own=own,
        begin=f.fee_ocur_time,
        day=f.fee_ocur_time.date(),
        timed=timed.fill_null(False),
        begin_timed=(f.fee_ocur_time_precision > DAY_PRECISION).fill_null(False),
        price=scaled(f.pric),
        qty=ibis.ifelse(own, units, -units.abs()),
        amount=ibis.ifelse(own, f.det_item_fee_sumamt, -f.det_item_fee_sumamt.abs()),
        scope=ibis.ifelse(own, f.fund_scope_amt, -f.fund_scope_amt.abs()),
    )
    return f.select(
        "udi",
        "unit",
        "body_site",
        "incision_no",
        "sess_no",
        "bear_type",
        "fee_endtime",
        "line",
        "bill",
        "own",
        "begin",
        "begin_timed",
        "day",
        "timed",
        "price",
        "qty",
        "amount",
        "scope",
        "device_no",
        "exec_dr_codg",
        *own_columns,
    )


def priced(t: ir.Table) -> ir.Table:
    """Charges whose unit price is known: as written, else amount by quantity."""
    units = t.qty.abs()
    computed = apportion(t.amount.abs(), ibis.literal(FEN), units)
    t = t.mutate(price=ibis.coalesce(t.price, ibis.ifelse(units > 0, computed, None)))
    return t.filter(t.price.notnull())


def summed(t: ir.Table, *by: str, **more: Any) -> ir.Table:
    """Charges by settlement and `by`: `row_id` the first line, `with_lines` all of them, sums."""
    return t.group_by(
        "setl_id", "visit", "subject", "person", "reversed", "confirm_identity", "fund_whole",
        "account_whole", *by,
    ).aggregate(
        row_id=t.line.min(where=t.own),
        with_lines=t.line.collect(where=t.own),
        qty=exact_sum(t.qty),
        amount=exact_sum(t.amount),
        scope=exact_sum(t.scope.fill_null(0)),
        **more,
    )  # fmt: skip


def total(value: Any, *by: str) -> ir.IntegerValue:
    """Sum of a whole number over the rows that agree in `by`."""
    added = value.sum().over(ibis.window(group_by=list(by)))
    return cast(ir.IntegerValue, wide(added).cast("int64"))


def with_money(r: Relations, t: ir.Table, name: str, *, once: tuple[str, ...] = ()) -> ir.Table:
    """Adds `fund` and `account`: the part of the settlement that the flagged lines are.

    `t` is made by `summed`; `over` of `of` (at least 1) tells which share of its lines is flagged,
    and where it is 0 the amounts mean nothing. Each row is rounded by itself; where several rows of
    one bill make one fact, `once` names the columns that tell such facts apart: `of` is the same in
    each, and their amounts add up to the part of the bill, rounded once. `name` is used once in a
    query.
    """
    t = stage(t.filter(t.row_id.notnull()), name)
    lines = net_lines(r, t.filter(t.over > 0))
    sums = lines.group_by("setl_id").aggregate(
        scope_sum=exact_sum(lines.scope.fill_null(0)), amount_sum=exact_sum(lines.amount)
    )
    sums = sums.rename(bill="setl_id")
    t = t.left_join(sums, t.setl_id == sums.bill)
    by_scope = (t.scope_sum > 0).fill_null(False)
    t = t.mutate(
        bill_part=wide(ibis.ifelse(by_scope, t.scope, t.amount)) * wide(t.over),
        bill_whole=wide(ibis.ifelse(by_scope, t.scope_sum, t.amount_sum.fill_null(0))) * wide(t.of),
    )
    t = t.mutate(fund=_portion(t, t.fund_whole, once), account=_portion(t, t.account_whole, once))
    return t.drop("bill", "scope_sum", "amount_sum", "bill_part", "bill_whole")


def _portion(t: ir.Table, value: Any, once: tuple[str, ...]) -> ir.IntegerValue:
    """A row's part of `value`; a fact's largest row also bears what rounding row by row lost."""
    own = apportion(value, t.bill_part, t.bill_whole)
    if not once:
        return own
    fact = [t[name] for name in ("setl_id", *once)]
    rows = ibis.window(group_by=fact)
    whole = apportion(value, wide(t.bill_part.sum().over(rows)), t.bill_whole)
    lost = whole - wide(own.sum().over(rows)).cast("int64")
    order = ibis.window(group_by=fact, order_by=[t.bill_part.desc(), t.row_id])
    first = ibis.row_number().over(order)
    bears = (first == 0) & (t.bill_whole > 0)
    return cast(ir.IntegerValue, own + ibis.ifelse(bears, lost, 0))
