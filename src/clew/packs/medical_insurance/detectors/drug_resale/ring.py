"""MI-12 (c): cards that are seen together again and again."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import (
    HIGH,
    Condition,
    Params,
    Relations,
    T,
    int_div,
    minutes_between,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.quantities import DRUG
from clew.packs.medical_insurance.derived.terms import DAY_PRECISION, T2, stage, valid_on
from clew.packs.medical_insurance.detectors.drug_resale import purchases
from clew.packs.medical_insurance.detectors.drug_resale.components import after
from clew.packs.medical_insurance.detectors.drug_resale.excuses import (
    BULK_PICKUP,
    REVERSED,
    SPOUSE_PAIR,
    still_met,
)

PHARMACY = "41"
DRUG_LETTERS = ("X", "Z", "T")
PAIR = ("person_a", "person_b")
LONG_AGO, NEVER = ibis.date(1900, 1, 1), ibis.date(9999, 12, 31)
SPOUSE = "spouse"


@rule(
    code="c",
    title=T("多卡同行", "A ring of cards"),
    per="set",
    subject="set",
    fact_key=("institution", "joint_time"),
    base=T(
        "多次在同一机构前后脚购药的卡",
        "Cards that bought medicine at one place within minutes of each other, several times",
    ),
    required=("mi_settlement",),
    conditions=(
        Condition("JOINT_VISITS", T("多日多机构同行", "Together on several dates and places")),
        Condition("RING", T("连成一片的卡数", "Enough cards in one component")),
    ),
    exclusions=(REVERSED, BULK_PICKUP, SPOUSE_PAIR),
    grade=severity_always(HIGH),
    after=after,
    holds=still_met,
)
def ring(r: Relations, p: Params) -> ir.Table:
    spouses = _spouses(r)
    pairs = stage(_pairs(_frequent(p, _visits(r)), spouses, p), "often_together")
    cards = pairs.select(person=ibis.array([pairs.person_a, pairs.person_b]).unnest()).distinct()
    t = _joined(_visits(r).semi_join(cards, "person"), p)
    t = t.semi_join(pairs, list(PAIR))
    t = t.left_join(spouses, [t.person_a == spouses.one, t.person_b == spouses.other])
    married = valid_on(t.day, t.married_from, t.married_to).fill_null(False)
    t = t.mutate(spouses=t.one.notnull() & married)
    return _collected(r, t)


def _visits(r: Relations) -> ir.Table:
    """Purchases with a known minute: of a pharmacy, or outpatient with a line of a drug."""
    fee = r["mi_fee"]
    letter = fee.med_list_codg.substr(0, 1)
    kind = ibis.coalesce(fee.list_type, ibis.ifelse(letter.isin(DRUG_LETTERS), DRUG, ""))
    drugs = fee.filter(kind == DRUG, fee.cnt > 0).select("setl_id").distinct()
    s = r["net_settlements"]
    s = s.filter(~s.inpatient, s.person.notnull(), s.setl_time_precision > DAY_PRECISION)
    s = s.select(
        "row_id", "setl_id", "person", "fund", "account", "reversed",
        institution=s.fixmedins_code,
        med_type=s.med_type,
        at=s.setl_time,
        doubted=s.tier == T2,
    )  # fmt: skip
    pharmacy = s.filter(s.med_type == PHARMACY)
    other = s.filter((s.med_type != PHARMACY).fill_null(True)).semi_join(drugs, "setl_id")
    return pharmacy.union(other).drop("med_type", "setl_id")


def _frequent(p: Params, visits: ir.Table) -> ir.Table:
    """Visits, of cards with enough of them, with no more than pairs need."""
    often = visits.group_by("person").aggregate(n=visits.count())
    often = often.filter(often.n >= p.ring_times)
    return visits.semi_join(often, "person").select("person", "institution", "at", "row_id")


def _joined(visits: ir.Table, p: Params) -> ir.Table:
    """Pairs of visits of two cards at one institution within ring_min, the lower key first.

    Visits are sorted into bins of that length: two that are near lie in one bin or in neighbours.
    """
    since = ibis.literal("2000-01-01").cast("timestamp")
    v = visits.mutate(bin=int_div(minutes_between(visits.at, since), p.ring_min))
    near = ibis.array([v.bin - 1, v.bin, v.bin + 1]).unnest()
    a, b = v.rename("{name}_a"), v.mutate(bin=near).rename("{name}_b")
    span = ibis.interval(minutes=p.ring_min)
    t = a.join(
        b,
        [
            a.institution_a == b.institution_b,
            a.bin_a == b.bin_b,
            a.person_a < b.person_b,
            a.at_a <= b.at_b + span,
            b.at_b <= a.at_a + span,
        ],
    )
    return t.mutate(day=ibis.least(t.at_a, t.at_b).date()).rename(institution="institution_a")


def _pairs(visits: ir.Table, spouses: ir.Table, p: Params) -> ir.Table:
    """Cards that were together often enough: at several places, or as a couple."""
    t = _joined(visits, p)
    pairs = t.group_by(*PAIR).aggregate(
        times=t.count(), low=t.institution.min(), high=t.institution.max()
    )
    pairs = pairs.filter(pairs.times >= p.ring_times)
    pairs = pairs.left_join(
        spouses, [pairs.person_a == spouses.one, pairs.person_b == spouses.other]
    )
    return pairs.filter((pairs.low < pairs.high) | pairs.one.notnull()).select(*PAIR)


def _spouses(r: Relations) -> ir.Table:
    """Spouses by register or by binding, the lower key first."""
    k, b = r["kin"], r["mi_binding"]
    registered = k.filter(k.relation == SPOUSE).select(
        "start_date", "end_date", x="certno", y="kin_certno"
    )
    # The first day of a marriage is seldom known to those who bind an account.
    bound = b.filter(b.relation == SPOUSE).select(
        start_date=ibis.null("date"), end_date=b.end_date, x=b.owner_certno, y=b.member_certno
    )
    t = registered.union(bound)
    t = t.filter(t.x.notnull(), t.y.notnull()).mutate(
        one=ibis.least(t.x, t.y), other=ibis.greatest(t.x, t.y)
    )
    return t.group_by("one", "other").aggregate(
        married_from=ibis.coalesce(t.start_date, LONG_AGO).min(),
        married_to=ibis.coalesce(t.end_date, NEVER).max(),
    )


def _collected(r: Relations, t: ir.Table) -> ir.Table:
    """Adds `bulk_a`, `bulk_b`: who that day was collected for, or collected for others."""
    f = r["mi_filing"]
    collectors = f.filter(f.kind == "pickup", f.collector_certno.notnull()).select(
        member="collector_certno", member_from="start_date", member_to="end_date",
        programme_from=LONG_AGO, programme_to=ibis.null("date"),
    )  # fmt: skip
    spells = purchases.members(r, purchases.GROUP_PICKUP)
    spells = spells.select(*collectors.columns).union(collectors)
    for side in ("a", "b"):
        own = spells.rename("{name}_" + side)
        t = t.left_join(
            own,
            [
                t[f"person_{side}"] == own[f"member_{side}"],
                *(
                    valid_on(t.day, own[f"{spell}_from_{side}"], own[f"{spell}_to_{side}"])
                    for spell in ("member", "programme")
                ),
            ],
        )
    return t.select(
        *PAIR, "row_id_a", "row_id_b", "institution", "day", "at_a", "at_b", "fund_a", "fund_b",
        "account_a", "account_b", "reversed_a", "reversed_b", "doubted_a", "doubted_b", "spouses",
        bulk_a=t.member_a.notnull(),
        bulk_b=t.member_b.notnull(),
    ).distinct()  # fmt: skip
