"""Settlements after reversals (D15)."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Relations, T, derived, names_agree
from clew.packs.medical_insurance.derived.terms import (
    DAY_PRECISION,
    INPATIENT_TYPES,
    T1,
    exact_sum,
    linked,
)

AMOUNTS = {
    "medfee": "medfee_sumamt",
    "fund": "fund_pay_sumamt",
    "account": "acct_pay",
    "mutual_aid": "acct_mulaid_pay",
}


def _read(r: Relations) -> tuple[ir.Table, ir.Table]:
    """Originals and reversing rows up to the run's day."""
    s = r["mi_settlement"]
    s = s.filter(s.begntime.date() <= r.today)
    reversing = s.refd_setl_flag.fill_null(False) | (s.medfee_sumamt < 0)
    return s.filter(~reversing), s.filter(reversing)


@derived(
    title=T("冲销配对", "Reversals with their originals"),
    inputs=("mi_settlement",),
    order=("original_id", "setl_id"),
)
def reversals(r: Relations) -> ir.Table:
    """One row per reversing settlement that finds its original.

    By the original's number where it is given; else by the same visit, the opposite amount and a
    later time, each original taken once, earliest first. Amounts are negative or zero, however
    they were delivered. A reversal without an original is left out.
    """
    originals, rows = _read(r)
    amounts = {n: -rows[column].fill_null(0).abs() for n, column in AMOUNTS.items()}
    rows = rows.select(
        "setl_id",
        "row_id",
        "mdtrt_id",
        "setl_time",
        "setl_time_precision",
        pointer=rows.init_setl_id.nullif(""),
        **amounts,
    )
    originals = originals.select(
        "mdtrt_id",
        "setl_time",
        "setl_time_precision",
        "medfee_sumamt",
        original_id=originals.setl_id,
    )
    numbered = rows.filter(rows.pointer.notnull())
    pointed = numbered.join(
        originals.select("original_id"), numbered.pointer == originals.original_id
    )
    loose = rows.filter(rows.pointer.isnull())
    left = originals.anti_join(pointed.select("original_id").distinct(), "original_id")
    columns = ("original_id", "setl_id", "row_id", *AMOUNTS)
    return pointed.select(*columns).union(_paired(loose, left).select(*columns))


def _paired(loose: ir.Table, originals: ir.Table) -> ir.Table:
    """Reversals without a number beside their originals, each used once."""
    o = originals.mutate(against=originals.medfee_sumamt)
    o = o.semi_join(loose.select("mdtrt_id").distinct(), "mdtrt_id")
    loose = loose.mutate(against=-loose.medfee)
    first = o.group_by("mdtrt_id", "against").aggregate(first_time=o.setl_time.min())
    loose = loose.join(first, ["mdtrt_id", "against"], rname="{name}_first")
    # One that precedes every original of its amount is an orphan and must not take a place.
    loose = loose.filter(loose.setl_time.date() >= loose.first_time.date())
    loose = _numbered(loose.drop("first_time"), "setl_id")
    o = _numbered(o, "original_id").rename("{name}_original")
    pairs = loose.join(
        o,
        [
            loose.mdtrt_id == o.mdtrt_id_original,
            loose.against == o.against_original,
            loose.place == o.place_original,
        ],
    )
    pairs = pairs.rename(original_id="original_id_original")
    timed = (pairs.setl_time_precision > DAY_PRECISION) & (
        pairs.setl_time_precision_original > DAY_PRECISION
    )
    later = ibis.ifelse(
        timed,
        pairs.setl_time > pairs.setl_time_original,
        pairs.setl_time.date() >= pairs.setl_time_original.date(),
    )
    return pairs.filter(later)


def _numbered(rows: ir.Table, name: str) -> ir.Table:
    window = ibis.window(group_by=["mdtrt_id", "against"], order_by=[rows.setl_time, rows[name]])
    return rows.mutate(place=ibis.row_number().over(window))


@derived(
    title=T("按人员编号识别的人", "Persons known by their number only"),
    inputs=("mi_settlement", "mi_person"),
    order=("number", "number_name"),
)
def numbered_persons(r: Relations) -> ir.Table:
    """Numbers on settlements without a usable ID → person, where names agree (T1)."""
    s, p = r["mi_settlement"], r["mi_person"]
    wanted = (
        s.filter(s.certno.isnull(), s.psn_no.notnull())
        .select(number=s.psn_no, number_name=s.psn_name_key)
        .distinct()
    )
    found = wanted.join(p, wanted.number == p.psn_no)
    found = found.filter(found.certno.notnull(), names_agree(found.number_name, found.psn_name_key))
    return found.select("number", "number_name", number_person=found.certno)


@derived(
    title=T("被冲减的结算", "Settlements that reversals lower"),
    inputs=("mi_settlement", "reversals"),
    order=("lowered_row",),
)
def lowered(r: Relations) -> ir.Table:
    """By row id of an original, what its reversals take off in fen, zero or less.

    Joined by row id and not by the settlement's own number: texts cost a scan of all settlements
    as much as its reading.
    """
    back = (
        r["reversals"]
        .group_by("original_id")
        .aggregate(**{f"{n}_back": exact_sum(r["reversals"][n]) for n in AMOUNTS})
    )
    originals, _ = _read(r)
    found = originals.select("setl_id", lowered_row="row_id")
    return found.join(back, found.setl_id == back.original_id).select(
        "lowered_row", *(f"{n}_back" for n in AMOUNTS)
    )


@derived(
    title=T("冲销后结算", "Settlements after reversals"),
    inputs=("mi_settlement", "mi_person", "lowered", "numbered_persons"),
    materialise=False,
)
def net_settlements(r: Relations) -> ir.Table:
    """One row per original settlement; amounts in fen, lowered by its reversals.

    `reversed` marks those of which nothing is left. `person` is the patient, by ID, else by
    number (both T1), else by a repaired ID; `tier` is that of the link. `mutual_aid` is null where
    it was not recorded.
    """
    s, _ = _read(r)
    known, back = r["numbered_persons"], r["lowered"]
    t = s.left_join(back, s.row_id == back.lowered_row)
    # Equalities alone: a join with any other condition compares row by row in some engines.
    t = t.mutate(asked_number=ibis.ifelse(t.certno.isnull(), t.psn_no, ibis.null("string")))
    t = t.left_join(known, [t.asked_number == known.number, t.psn_name_key == known.number_name])
    t = linked(r, t, "certno")
    net: dict[str, Any] = {n: t[c] + t[f"{n}_back"].fill_null(0) for n, c in AMOUNTS.items()}
    t = t.mutate(
        person=ibis.coalesce(t.certno, t.number_person, t.linked_person),
        tier=ibis.ifelse(
            t.certno.isnull() & t.number_person.isnull(), t.linked_tier, ibis.literal(T1)
        ),
        name_key=t.psn_name_key,
        owner=t.acct_owner_certno,
        service_date=t.begntime.date(),
        end_date=t.endtime.date(),
        settled_date=t.setl_time.date(),
        inpatient=t.med_type.isin(INPATIENT_TYPES).fill_null(False),
        reversed=t.medfee_back.notnull() & (net["medfee"] <= 0),
        **net,
    )
    return t.select(
        "row_id",
        "setl_id",
        "mdtrt_id",
        "psn_no",
        "fixmedins_code",
        "med_type",
        "begntime",
        "begntime_precision",
        "setl_time",
        "setl_time_precision",
        "verify_mode",
        "dise_codg",
        "gend",
        "brdy",
        "emer_flag",
        "invo_no",
        "terminal_no",
        "tel",
        "upload_time",
        "upload_time_precision",
        "offline_flag",
        "internet_flag",
        "atddr_no",
        "person",
        "tier",
        "name_key",
        "owner",
        "service_date",
        "end_date",
        "settled_date",
        "inpatient",
        "reversed",
        *AMOUNTS,
    )


@derived(
    title=T("有费用明细的结算", "Settlements with fee lines"),
    inputs=("mi_fee", "reversals", "net_settlements"),
    order=("setl_id",),
)
def itemised(r: Relations) -> ir.Table:
    """Those rows of `net_settlements` of which a fee line is held, or a line of a reversal.

    All that look at single items share it: few settlements of a city come with their lines.
    """
    lines, back = r["mi_fee"], r["reversals"]
    billed = lines.select(bill="setl_id").distinct()
    given_back = back.semi_join(billed, back.setl_id == billed.bill).select(bill="original_id")
    s, wanted = r["net_settlements"], billed.union(given_back, distinct=True)
    return s.semi_join(wanted, s.setl_id == wanted.bill)
