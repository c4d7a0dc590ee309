"""What the fund spends on drugs and consumables, line by line."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Params, Relations, apportion
from clew.packs.medical_insurance.derived.peers import wide
from clew.packs.medical_insurance.derived.quantities import CONSUMABLE, DRUG
from clew.packs.medical_insurance.derived.terms import category, exact_sum
from clew.packs.medical_insurance.detectors.key_items.excuses import with_excuses

KINDS = (DRUG, CONSUMABLE)


def quarter_of(day: Any) -> Any:
    """Quarters since year 0, so that four less is the same quarter of last year."""
    return day.year().cast("int64") * 4 + day.quarter().cast("int64")


def spend(r: Relations, p: Params) -> ir.Table:
    """Lines of drugs and consumables with `spent`: the fund's payment for the line, in fen.

    `line` is its row, null on lines that a reversal gave back; `item` is the substance of a drug or
    the code of a consumable, `kind` which of the two; `q` is the quarter, `place` and `doctor` tell
    who ordered. Lines of a part reversal are negative, those of a whole one are left out and the
    original's are marked `reversed` and count what was paid first.
    """
    t = _lines(r)
    sums = t.group_by("bill").aggregate(
        scope_sum=exact_sum(t.scope.fill_null(0)), amount_sum=exact_sum(t.amount)
    )
    i = _items(r, p)
    t = t.left_join(i, t.code == i.listed)
    kind = ibis.coalesce(t.listed_kind, t.told)
    substance = ibis.coalesce(t.substance, t.code.substr(0, p.substance_len))
    t = t.mutate(kind=kind, item=ibis.ifelse(kind == DRUG, substance, t.code))
    t = t.filter(t.kind.isin(KINDS)).join(sums, "bill")
    by_scope = t.scope_sum > 0
    part = wide(ibis.ifelse(by_scope, t.scope.fill_null(0), t.amount))
    whole = wide(ibis.ifelse(by_scope, t.scope_sum, t.amount_sum))
    spent = ibis.ifelse(whole > 0, apportion(t.paid, part, whole), 0)
    return with_excuses(r, p, t.mutate(spent=spent, q=quarter_of(t.day)))


def _lines(r: Relations) -> ir.Table:
    f = r["mi_fee"]
    f = f.filter(f.fee_ocur_time.date() <= r.today).select(
        fee_of="setl_id",
        line="row_id",
        code="med_list_codg",
        told="list_type",
        doctor=f.bilg_dr_codg.nullif(""),
        dept=f.bilg_dept_codg.nullif(""),
        day=f.fee_ocur_time.date(),
        amount="det_item_fee_sumamt",
        scope="fund_scope_amt",
    )
    b = r["reversals"]
    back = b.select("original_id", back_id="setl_id")
    f = f.left_join(back, f.fee_of == back.back_id)
    own = f.original_id.isnull()
    f = f.mutate(
        own=own,
        line=ibis.ifelse(own, f.line, ibis.null("int64")),
        bill=ibis.coalesce(f.original_id, f.fee_of),
        amount=ibis.ifelse(own, f.amount, -f.amount.abs()),
        scope=ibis.ifelse(own, f.scope, -f.scope.abs()),
    )
    returned = b.group_by(returned_of="original_id").aggregate(returned=exact_sum(b.fund))
    s = r["itemised"]
    s = s.left_join(returned, s.setl_id == returned.returned_of)
    s = s.select(
        "setl_id", "reversed",
        place="fixmedins_code",
        category=category(s.dise_codg),
        # What was paid first, where nothing of it is left.
        paid=ibis.ifelse(s.reversed, s.fund - s.returned.fill_null(0), s.fund),
    )  # fmt: skip
    t = f.join(s, f.bill == s.setl_id)
    t = t.filter(t.own | ~t.reversed, t.place.notnull())
    return t.drop("fee_of", "original_id", "back_id", "setl_id")


def _items(r: Relations, p: Params) -> ir.Table:
    """Codes of the catalogue and the register of drugs: kind, substance, when listed and switched
    to bulk purchase.
    """
    c, d = r["mi_catalogue"], r["mi_drug"]
    c = c.group_by(code="med_list_codg").aggregate(
        catalogued=c.list_type.max(), listed_date=c.listed_date.min(), vbp_date=c.vbp_date.max()
    )
    d = d.group_by(drug="med_list_codg").aggregate(substance=d.substance.nullif("").max())
    t = c.outer_join(d, c.code == d.drug)
    drug = ibis.ifelse(t.drug.notnull(), ibis.literal(DRUG), ibis.null("string"))
    return t.select(
        "substance", "listed_date", "vbp_date",
        listed=ibis.coalesce(t.code, t.drug),
        listed_kind=ibis.coalesce(t.catalogued, drug),
    )  # fmt: skip
