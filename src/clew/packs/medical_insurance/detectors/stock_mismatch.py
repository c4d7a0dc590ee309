"""More sold than was ever there.

Looks for a code of which an institution billed clearly more in a period of its stock book than it
held at the start, bought, and did not hold at the end.

Why it matters: what was never on the shelf was not given to anybody, or came without papers.

Known gaps: stock books are the institution's own; a code that they do not name is not tested here;
waste and own use are not asked for, though they only enlarge the gap.

To verify by hand: compare invoices of the suppliers with the book, count the shelf, and read the
fee lines of the last days of the period beside the day on which stock was taken.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import ibis
import ibis.expr.types as ir

from clew.declare import (
    DATA_CORRECTION,
    HIGH,
    Condition,
    Detector,
    Exclusion,
    Param,
    Params,
    Relations,
    T,
    days_between,
    detector,
    ratio,
    severity_always,
    to_int,
)
from clew.declare.detector import Cells
from clew.packs.medical_insurance.derived.quantities import SCALE, scaled
from clew.packs.medical_insurance.derived.terms import exact_sum, inside, stage, valid_on

KEY = ("institution", "code", "period_start")


def after(rows: list[Cells], p: Params) -> list[Cells]:
    """Prices the excess, at the mean billed price, exactly."""
    found = []
    for row in rows:
        money = row.pop("money")
        worth = Fraction(row["excess"] * money, row["billed"]) if row["billed"] > 0 else Fraction(0)
        shown = {name: str(Fraction(row[name], SCALE)) for name in ("billed", "supply", "excess")}
        found.append(row | shown | {"fund": int(worth + Fraction(1, 2)), "account": 0})
    return found


@detector(
    id="MI-21",
    title=T("进销存不符", "Stock and sales disagree"),
    version=1,
    per="institution",
    subject="organisation",
    fact_key=("code", "period_start"),
    base=T("进销存台账中的品种与期间", "Codes and periods of the stock book"),
    required=("mi_stock", "mi_settlement", "mi_fee"),
    optional=(
        "mi_drug", "mi_catalogue", "mi_person", "reversals", "numbered_persons",
        "net_settlements", "itemised",
    ),
    params=(
        Param("tolerance", Decimal("0.03"), "ratio", T("允许差率", "Share allowed"), 0, 1),
        Param("units", 5, "stock unit", T("允许差数", "Units allowed"), 0),
        Param("offset_days", 3, "day", T("盘点日偏差", "Days of a late stocktake"), 0, 31),
    ),
    conditions=(
        Condition("EXCESS", T("结算数量超过可供数量", "Billed beyond what could be supplied")),
    ),
    exclusions=(
        Exclusion("REVERSED", T("已冲销", "Reversed")),
        Exclusion(
            "NO_PACK_FACTOR", T("单位不同且无包装系数", "Other unit and no pack factor"),
            outcome=DATA_CORRECTION,
        ),
        Exclusion(
            "CAMPUS_TRANSFER", T("有单据的院区调拨", "Documented transfer between campuses"),
            sources=("mi_stock.transfer_cnt", "mi_stock"),
        ),
        Exclusion(
            "STOCKTAKE_OFFSET", T("盘点日偏差", "Stock taken on another day"),
            sources=("mi_stock.stocktake_date", "mi_stock"),
        ),
        Exclusion(
            "DONATED", T("捐赠药品耗材", "Donated goods"),
            sources=("mi_stock.donated_cnt", "mi_stock"),
        ),
    ),
    basis=("reg735-15", "reg735-38"),
    owner="医保局",
    next_review=date(2024, 6, 30),
    tags=("进销存不符", "虚开药品"),
    grade=severity_always(HIGH),
    after=after,
)  # fmt: skip
def _find(r: Relations, p: Params) -> ir.Table:
    t = _billed(r, p, _books(r))
    share = int(p.tolerance * SCALE)

    def left(supply: ir.IntegerValue, billed: ir.IntegerValue) -> ir.BooleanValue:
        """Whether more is left than the larger of the two tolerances."""
        beyond = billed - supply
        return (beyond * SCALE > billed * share) & (beyond > p.units * SCALE)

    unknown = (t.other > 0) & t.factor.isnull()
    supply = t.opened + t.bought - t.closed
    moved = supply + t.transferred
    # What the papers explain is no excess, whether or not they explain all of it.
    documented = moved + t.donated
    excess = t.billed - documented
    offset = days_between(t.counted_on, t.period_end).abs()
    counted_late = inside(offset, 1, p.offset_days).fill_null(False)
    return t.filter(left(supply, t.gross) | unknown).mutate(
        excess=excess,
        supply=documented,
        if_EXCESS=ibis.literal(True),
        not_REVERSED=~left(supply, t.billed) & ~unknown,
        not_CAMPUS_TRANSFER=~left(moved, t.billed),
        not_STOCKTAKE_OFFSET=counted_late
        & (t.between >= excess)
        & left(documented, t.billed),
        not_DONATED=(t.donated > 0) & ~left(documented, t.billed),
        not_NO_PACK_FACTOR=unknown,
    ).select(
        "code", "period_start", "period_end", "row_id", "with_lines", "billed", "supply",
        "excess", "money", "if_EXCESS", "not_REVERSED", "not_CAMPUS_TRANSFER",
        "not_STOCKTAKE_OFFSET", "not_DONATED", "not_NO_PACK_FACTOR",
        subject="institution",
    )  # fmt: skip


stock_mismatch: Detector = _find


def _books(r: Relations) -> ir.Table:
    """One row a period of a code: opening stock of its first line, closing stock of its last."""
    k = r["mi_stock"].filter(lambda t: t.end_date <= r.today)
    documented = k.transfer_doc.nullif("").notnull()
    line = k.line_no.fill_null(1)
    t = k.group_by(
        institution="fixmedins_code", code="med_list_codg", period_start="start_date"
    ).aggregate(
        period_end=k.end_date.max(),
        row_id=k.row_id.min(),
        opened=scaled(k.open_cnt.argmin(line, where=k.open_cnt.notnull())),
        closed=scaled(k.close_cnt.argmax(line, where=k.close_cnt.notnull())),
        bought=exact_sum(scaled(k.purc_cnt)).fill_null(0),
        transferred=exact_sum(ibis.ifelse(documented, scaled(k.transfer_cnt), 0)).fill_null(0),
        donated=exact_sum(scaled(k.donated_cnt)).fill_null(0),
        counted_on=k.stocktake_date.max(),
        stock_unit=k.stock_unit.nullif("").max(),
        factor=scaled(k.pack_factor.max()),
    )
    # Without either end nothing can be said of what could be sold.
    t = t.filter(t.opened.notnull(), t.closed.notnull())
    c = r["mi_catalogue"]
    units = c.group_by(unit_of="med_list_codg").aggregate(catalogue_unit=c.unit.nullif("").max())
    t = t.left_join(units, t.code == units.unit_of).drop("unit_of")
    t = t.mutate(
        factor=t.factor.nullif(0), stock_unit=ibis.coalesce(t.stock_unit, t.catalogue_unit)
    )
    return _packed(r, stage(t, "stock_books"))


def _packed(r: Relations, t: ir.Table) -> ir.Table:
    """Fills `factor` from the register of drugs, whose packs are the catalogue's unit."""
    d = r["mi_drug"].select(
        "start_date", "end_date", drug="med_list_codg", pack=scaled(r["mi_drug"].unit_per_pack)
    )
    asked = t.select("code", "period_end").distinct()
    packs = asked.join(
        d, [asked.code == d.drug, valid_on(asked.period_end, d.start_date, d.end_date)]
    )
    packs = packs.group_by(packed="code", packed_on="period_end").aggregate(pack=packs.pack.max())
    t = t.left_join(packs, [t.code == packs.packed, t.period_end == packs.packed_on])
    registered = ibis.ifelse(t.stock_unit == t.catalogue_unit, t.pack.nullif(0), None)
    return t.mutate(factor=ibis.coalesce(t.factor, registered)).drop("packed", "packed_on", "pack")


def _billed(r: Relations, p: Params, books: ir.Table) -> ir.Table:
    """Adds what was billed in each period, in stock units times SCALE, and for what in fen.

    `gross` is what was charged at first, `billed` what reversals leave of it, `between` what was
    billed between the day of the stocktake and the end of the period.
    """
    fee = r["mi_fee"]
    lines = fee.select(
        "setl_id",
        "med_list_codg",
        line_unit=fee.unit.nullif(""),
        line_id=fee.row_id,
        quantity=scaled(fee.cnt),
        charged=fee.det_item_fee_sumamt,
        day=fee.fee_ocur_time.date(),
    )
    lines = lines.semi_join(books, lines.med_list_codg == books.code)
    s = r["itemised"].select("reversed", of="setl_id", seller="fixmedins_code")
    own = lines.join(s, lines.setl_id == s.of)
    own = own.mutate(first=own.quantity, sign=ibis.ifelse(own.reversed, 0, 1))
    b = r["reversals"].select("original_id", reversing_id="setl_id")
    back = lines.join(b, lines.setl_id == b.reversing_id)
    back = back.join(s.filter(~s.reversed), back.original_id == s.of).mutate(
        first=ibis.literal(0, "int64"), sign=ibis.literal(-1, "int8")
    )
    back = back.mutate(quantity=back.quantity.abs(), charged=back.charged.abs())
    columns = (
        "seller", "med_list_codg", "line_unit", "line_id", "day", "quantity", "charged", "first",
        "sign",
    )  # fmt: skip
    sold = own.select(*columns).union(back.select(*columns))
    t = sold.join(
        books,
        [
            sold.seller == books.institution,
            sold.med_list_codg == books.code,
            sold.day >= books.period_start,
            # What was sold after the end is read as far as a late stocktake may reach.
            days_between(sold.day, books.period_end) <= p.offset_days,
        ],
    )
    within = t.day <= t.period_end
    unit = ibis.coalesce(t.line_unit, t.catalogue_unit)
    other = (unit != t.stock_unit).fill_null(False)
    early, late = ibis.least(t.counted_on, t.period_end), ibis.greatest(t.counted_on, t.period_end)
    between = ((t.day > early) & (t.day <= late)).fill_null(False)
    net = t.quantity * t.sign
    book = [c for c in books.columns if c != "catalogue_unit"]

    def total(where: ir.BooleanValue, value: ir.IntegerValue) -> ir.IntegerValue:
        return exact_sum(ibis.ifelse(where, value, 0))

    sums = t.group_by(*book).aggregate(
        same=total(within & ~other, net),
        small=total(within & other, net),
        other=total(within & other, t.first),
        same_first=total(within & ~other, t.first),
        same_between=total(between & ~other, net),
        small_between=total(between & other, net),
        money=total(within, t.charged * t.sign),
        with_lines=t.line_id.collect(where=within),
    )
    return sums.mutate(
        billed=sums.same + _in_stock_units(sums.small, sums.factor),
        gross=sums.same_first + _in_stock_units(sums.other, sums.factor),
        between=sums.same_between + _in_stock_units(sums.small_between, sums.factor),
    )


def _in_stock_units(small: ir.IntegerValue, factor: ir.IntegerValue) -> ir.IntegerValue:
    """A quantity of small units, divided once and rounded to four places."""
    units = ratio(small, factor).fill_null(0.0)
    return to_int(units * float(SCALE))
