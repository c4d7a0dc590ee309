"""The same medicine again before the last one is used up.

Looks for a dispensing of a substance while more than the allowed part of the days that the one
before supplies is still to come, by the same institution to the same person.

Why it matters: what is dispensed twice is wasted, or sold; an institution that dispenses early
every time moves a whole year's supply forward.

Known gaps: other institutions are not asked (MI-12 does); where the days were not written down the
highest daily dose stands for them, so too much of a low dose is not seen; what the ward gives day
by day is no supply and is left out, but for the day of discharge.

To verify by hand: lay the two prescriptions side by side, look for a reason in the record (a loss,
a journey, a new dose), and see how often this doctor does it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import (
    LOW,
    Condition,
    Detector,
    Exclusion,
    Param,
    Params,
    Relations,
    T,
    any_true,
    apportion,
    days_between,
    detector,
    ratio,
    severity_always,
)
from clew.packs.medical_insurance.derived.charges import with_money
from clew.packs.medical_insurance.derived.peers import wide
from clew.packs.medical_insurance.derived.quantities import DRUG, SCALE, scaled
from clew.packs.medical_insurance.derived.terms import T2, exact_sum, mark, stage, valid_on

SUBSTANCE_LEN = 14
"""Characters of a drug code that name the substance, where the register of drugs does not."""
DRUG_LETTERS = ("X", "Z", "T")
GROUP = ("person", "subject", "substance")
ORDER = ("day", "setl_id")
EARLIER = ("day", "supply", "dose", "frequency", "setl_id", "row_id", "line_ids", "reversed")


@detector(
    id="MI-13",
    title=T("重复、超量开药", "Duplicate prescription"),
    version=1,
    per="person",
    subject="organisation",
    fact_key=("person", "substance", "day"),
    base=T(
        "同一人在同一机构相邻两次取得的同一通用名药品",
        "Consecutive dispensings of a substance to a person by one institution",
    ),
    required=("mi_settlement", "mi_fee"),
    optional=(
        "mi_drug", "mi_catalogue", "mi_inpatient", "mi_diagnosis", "mi_dept", "mi_person",
        "reversals", "numbered_persons", "net_settlements", "itemised", "stays",
    ),
    params=(
        Param(
            "overlap", Decimal("0.3"), "share of the days",
            T("重叠天数占比", "Share of the days that overlaps"), 0, 1,
        ),
        Param("discharge_days", 7, "day", T("出院带药天数", "Days of discharge medicine"), 0, 90),
    ),
    conditions=(
        Condition("OVERLAP", T("前次用药天数尚余过多", "Too much of the supply is still to come")),
    ),
    exclusions=(
        Exclusion("REVERSED", T("已冲销", "Reversed")),
        Exclusion(
            "DOSE_CHANGE", T("剂量或频次改变", "Another dose or frequency"),
            sources=("mi_fee.sin_dos_dscr", "mi_fee.used_frqu_dscr"),
        ),
        Exclusion(
            "DISCHARGE_MEDICATION", T("出院带药", "Discharge medicine"),
            sources=("mi_inpatient", "mi_settlement.endtime"),
        ),
    ),
    basis=("reg735-15", "reg735-38"),
    owner="医保局",
    next_review=date(2024, 6, 30),
    grade=severity_always(LOW),
    tags=("超量开药", "重复开药"),
)  # fmt: skip
def _find(r: Relations, p: Params) -> ir.Table:
    t = _early(p, _dispensings(r))
    t = _discharged(r, p, t)
    # The later line's own days; where nobody wrote them down, it is taken to last as long.
    own_days = ibis.coalesce(t.supply, t.earlier_supply)
    t = t.mutate(
        if_OVERLAP=ibis.literal(True),
        not_REVERSED=t.by_reversal,
        not_DOSE_CHANGE=any_true(
            t.dose != t.earlier_dose, t.frequency != t.earlier_frequency
        ),
        over=ibis.ifelse(t.by_reversal, 0, ibis.least(t.left_over, own_days)),
        of=ibis.greatest(own_days, 1),
        overlap_share=ratio(t.left_over, t.earlier_supply),
    )
    t = with_money(r, t, "early_dispensings")
    return t.select(
        "subject", "person", "substance", "day", "row_id", "fund", "account", "visit",
        "earlier_day", "overlap_share", "if_OVERLAP", "not_REVERSED", "not_DOSE_CHANGE",
        "not_DISCHARGE_MEDICATION", "confirm_identity",
        with_lines="line_ids",
        with_earlier="earlier_line_ids",
        earlier_days=_days(t.earlier_supply),
    )  # fmt: skip


duplicate_prescription: Detector = _find


def _days(supply: Any) -> Any:
    part = ibis.literal("0.0001").cast("decimal(18, 4)")
    return (supply.cast("decimal(18, 4)") * part).cast("decimal(18, 4)")


def _dispensings(r: Relations) -> ir.Table:
    """What one settlement hands a person of a substance on a day, after reversals.

    `supply` are days in ten-thousandths: as written down, the longest of the lines, else quantity
    over the highest daily dose. Of what a ward gives only the day of discharge counts.
    """
    f = _lines(r)
    s = r["itemised"].select(
        "setl_id", "person", "tier", "inpatient", "reversed", "end_date", visit="mdtrt_id",
        subject="fixmedins_code", fund_whole="fund", account_whole="account",
    )  # fmt: skip
    t = f.join(s, f.bill == s.setl_id)
    t = t.filter(t.own | ~t.reversed, t.person.notnull(), t.subject.notnull())
    out = r["stays"].select(stay="mdtrt_id", left="dscg_date")
    t = t.left_join(out, t.visit == out.stay)
    t = t.filter(~t.inpatient | (t.day == t.left).fill_null(False))
    by = (
        "setl_id", "visit", "reversed", "tier", "fund_whole", "account_whole", "day", *GROUP,
    )  # fmt: skip
    net = t.group_by(*by).aggregate(
        row_id=t.line.min(where=t.own),
        line_ids=t.line.collect(where=t.own),
        qty=exact_sum(t.qty),
        amount=exact_sum(t.amount),
        scope=exact_sum(t.scope.fill_null(0)),
        written=t.prd_days.max(where=t.own),
        by_dose=exact_sum(t.by_dose),
        dose=t.dose.min(where=t.own),
        frequency=t.frequency.min(where=t.own),
    )
    net = net.filter(net.qty > 0, net.row_id.notnull())
    written = net.written.nullif(0).cast("int64") * SCALE
    return net.mutate(
        supply=ibis.coalesce(written, net.by_dose.nullif(0)),
        confirm_identity=(net.tier == T2).fill_null(False),
    ).drop("written", "by_dose", "qty", "tier")


def _lines(r: Relations) -> ir.Table:
    """Lines of drugs, those of reversals negative and under the settlement they take back."""
    f = r["mi_fee"]
    f = f.filter(f.fee_ocur_time.date() <= r.today)
    f = f.select(
        "unit", "prd_days", "list_type", "sin_dos_dscr", "used_frqu_dscr",
        code="med_list_codg", fee_of="setl_id", line="row_id", day=f.fee_ocur_time.date(),
        units=scaled(f.cnt), gross="det_item_fee_sumamt", gross_scope="fund_scope_amt",
    )  # fmt: skip
    d = _drugs(r)
    f = f.left_join(
        d, [f.code == d.drug_code, valid_on(f.day, d.drug_from, d.drug_to)]
    )
    by_shape = f.list_type.isnull() & f.code.substr(0, 1).isin(DRUG_LETTERS)
    f = f.filter(f.drug_code.notnull() | (f.list_type == DRUG).fill_null(False) | by_shape)
    back = r["reversals"].select("original_id", back_id="setl_id")
    f = f.left_join(back, f.fee_of == back.back_id)
    own = f.original_id.isnull()
    units = f.units.abs()
    # Another unit than the catalogue's is the small one of a pack.
    other = (f.unit.nullif("") != f.catalogue_unit).fill_null(False)
    pack = ibis.ifelse(other, f.pack, SCALE)
    days = apportion(
        ibis.literal(1, "int64"), wide(units) * wide(f.in_unit) * SCALE,
        wide(f.daily) * wide(pack),
    )
    known = f.daily.notnull() & f.in_unit.notnull() & pack.notnull() & (f.daily > 0) & (pack > 0)
    f = f.mutate(
        own=own,
        bill=ibis.coalesce(f.original_id, f.fee_of),
        substance=ibis.coalesce(f.substance, f.code.substr(0, SUBSTANCE_LEN)),
        qty=ibis.ifelse(own, f.units, -units),
        amount=ibis.ifelse(own, f.gross, -f.gross.abs()),
        scope=ibis.ifelse(own, f.gross_scope, -f.gross_scope.abs()),
        by_dose=ibis.ifelse(known, ibis.ifelse(own, days, -days), 0),
        dose=f.sin_dos_dscr.strip().upper().nullif(""),
        frequency=f.used_frqu_dscr.strip().upper().nullif(""),
    )
    return f.select(
        "line", "day", "prd_days", "own", "bill", "substance", "qty", "amount", "scope",
        "by_dose", "dose", "frequency",
    )  # fmt: skip


def _drugs(r: Relations) -> ir.Table:
    """Spells of the register of drugs, with the catalogue's unit; doses in ten-thousandths."""
    d, c = r["mi_drug"], r["mi_catalogue"]
    units = c.group_by(unit_of="med_list_codg").aggregate(catalogue_unit=c.unit.nullif("").max())
    d = d.left_join(units, d.med_list_codg == units.unit_of)
    return d.select(
        "catalogue_unit",
        drug_code="med_list_codg",
        drug_from="start_date",
        drug_to="end_date",
        substance=d.substance.nullif(""),
        in_unit=scaled(d.dose_per_unit),
        daily=scaled(d.max_daily_dose),
        pack=scaled(d.unit_per_pack),
    )


def _early(p: Params, t: ir.Table) -> ir.Table:
    """Dispensings that come too early after the one before.

    Those that were taken back do not stand between two others; where only such a one makes another
    early, or is early itself, `by_reversal` is true.
    """
    t = _beside(t, GROUP, "any")
    t = _beside(t, (*GROUP, "reversed"), "same")
    stands = ~t.reversed & _is_early(p, t, "same")
    undone = (t.reversed | t.any_reversed.fill_null(False)) & _is_early(p, t, "any")
    t = t.mutate(stands=stands, by_reversal=~stands & undone).filter(stands | undone)
    earlier = {
        f"earlier_{c}": ibis.ifelse(t.stands, t[f"same_{c}"], t[f"any_{c}"]) for c in EARLIER
    }
    t = t.mutate(**earlier)
    return t.mutate(left_over=_left_over(t, "earlier")).drop(
        *(f"{side}_{c}" for side in ("any", "same") for c in EARLIER), "stands"
    )


def _beside(t: ir.Table, by: tuple[str, ...], side: str) -> ir.Table:
    """Adds the columns EARLIER of the dispensing before, in the group `by`."""
    window = ibis.window(group_by=list(by), order_by=list(ORDER))
    return t.mutate(**{f"{side}_{c}": t[c].lag().over(window) for c in EARLIER})


def _left_over(t: ir.Table, side: str) -> ir.IntegerValue:
    """Days of the earlier supply that are still to come, in ten-thousandths."""
    gap = days_between(t.day, t[f"{side}_day"])
    left: ir.IntegerValue = t[f"{side}_supply"] - gap * SCALE
    return left


def _is_early(p: Params, t: ir.Table, side: str) -> ir.BooleanValue:
    left = _left_over(t, side)
    share = ratio(left, t[f"{side}_supply"])
    early: ir.BooleanValue = ((left > 0) & (share > float(p.overlap))).fill_null(False)
    return early


def _discharged(r: Relations, p: Params, t: ir.Table) -> ir.Table:
    """Adds `not_DISCHARGE_MEDICATION`: one of the two was handed out on the day of discharge and
    lasts no longer than the rule allows.
    """
    t = stage(t, "early")
    s = r["stays"]
    left = s.filter(s.dscg_date.notnull()).select(
        patient="person", left_on="dscg_date", left_at="fixmedins_code"
    )
    key = ("setl_id", *GROUP, "day")

    def out_on(day: str) -> Any:
        return lambda a, b: [a.person == b.patient, a.subject == b.left_at, a[day] == b.left_on]

    t = mark(t, "later_out", key, left, out_on("day"))
    t = mark(t, "earlier_out", key, left, out_on("earlier_day"))
    most = p.discharge_days * SCALE
    later = ibis.ifelse(t.later_out, t.supply <= most, False)
    earlier = ibis.ifelse(t.earlier_out, t.earlier_supply <= most, False)
    return t.mutate(not_DISCHARGE_MEDICATION=any_true(later, earlier)).drop(
        "later_out", "earlier_out"
    )
