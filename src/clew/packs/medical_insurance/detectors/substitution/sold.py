"""Charged lines beside their settlement, with the unit price, for the questions of MI-22."""

from __future__ import annotations

from typing import Any, cast

import ibis
import ibis.expr.types as ir

from clew.declare import Exclusion, Params, Relations, T
from clew.packs.medical_insurance.derived.charges import priced, summed, with_money
from clew.packs.medical_insurance.derived.quantities import DRUG, scaled
from clew.packs.medical_insurance.derived.terms import T2

REVERSED = Exclusion("REVERSED", T("已冲销", "Reversed"))
DIGITS = tuple("0123456789")


def sold(r: Relations, p: Params, lines: ir.Table) -> ir.Table:
    """`lines` of mi_fee in the shape that `summed` reads, with `code`, `day` and `price` (yuan in
    ten-thousandths, never 0).

    `group` tells unlike codes apart: the substance of a drug, else the kind in the catalogue, else
    the code itself; `goods` whether it is something that is bought and sold.
    """
    c = r["mi_catalogue"]
    known = c.group_by(known_code="med_list_codg").aggregate(
        kind=c.kind.nullif("").max(), known_type=c.list_type.max()
    )
    f = lines.filter(lines.cnt > 0, lines.fee_ocur_time.date() <= r.today)
    f = f.left_join(known, f.med_list_codg == known.known_code)
    listed = ibis.coalesce(f.list_type, f.known_type)
    # Service items begin with a digit in the national code, goods with a letter.
    guessed = ~f.med_list_codg.substr(0, 1).isin(DIGITS)
    substance = f.med_list_codg.substr(0, p.substance_len)
    f = f.select(
        setl_id=f.setl_id,
        line=f.row_id,
        code=f.med_list_codg,
        day=f.fee_ocur_time.date(),
        qty=scaled(f.cnt),
        price=scaled(f.pric),
        amount=f.det_item_fee_sumamt,
        scope=f.fund_scope_amt,
        own=ibis.literal(True),
        group=ibis.ifelse(
            (listed == DRUG).fill_null(False), substance, ibis.coalesce(f.kind, f.med_list_codg)
        ),
        goods=ibis.coalesce(listed != "item", guessed),
    )
    s = r["itemised"].select(
        "person", "reversed", bill="setl_id", visit="mdtrt_id", subject="fixmedins_code",
        fund_whole="fund", account_whole="account",
        confirm_identity=lambda t: (t.tier == T2).fill_null(False),
    )  # fmt: skip
    t = priced(f.join(s, f.setl_id == s.bill).drop("bill"))
    return t.filter(t.price > 0, t.subject.notnull())


def month(day: Any) -> ir.StringValue:
    """The month as text, such as 2023-05."""
    number = day.month().cast("string").lpad(2, "0")
    return cast(ir.StringValue, day.year().cast("string") + "-" + number)


def evidence(
    r: Relations, t: ir.Table, name: str, *key: str, once: tuple[str, ...] = (), **more: Any
) -> ir.Table:
    """One row a settlement and `key`, with its part of the settlement's money; `once` are those of
    `key` that tell facts apart, where one has several rows of a settlement.
    """
    rows = summed(t, *key, **more).mutate(
        over=ibis.literal(1, "int64"), of=ibis.literal(1, "int64")
    )
    rows = with_money(r, rows, name, once=once)
    return rows.select(
        "subject", *key, "row_id", "with_lines", "fund", "account", "confirm_identity", *more,
        visit="visit", settlement="setl_id", not_REVERSED="reversed",
    )  # fmt: skip
