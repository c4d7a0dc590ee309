"""Institutions that use far more of a kind of consumable than their peers: MI-15 and MI-16."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Fact, Params, Relations, apportion
from clew.packs.medical_insurance.derived.charges import UNIT
from clew.packs.medical_insurance.derived.peers import z_scores
from clew.packs.medical_insurance.derived.terms import exact_sum

PER_MILLION = 1_000_000
OF = ("subject", "quarter", "kind")


def mark_outliers(r: Relations, p: Params, t: ir.Table, kinds: tuple[str, ...]) -> ir.Table:
    """Rows of `kinds` beside `rate` (units in a million stays), `z` and `z_all`, with the
    conditions OUTLIER and PEERS.

    `t` holds all charges of the specialty: `subject`, `quarter`, `kind`, `visit`, `qty` and `out`,
    true where an exclusion takes the row out. An institution's rate is the quantity of the kind
    over its stays of the specialty; peers are of the same level and count what stands. `z_all` is
    the rate with all rows, against the same peers.
    """
    in_kind = [(kind, t.kind == kind) for kind in kinds]
    sums: dict[str, Any] = {"stays": t.visit.nunique(where=~t.out), "stays_all": t.visit.nunique()}
    for kind, chosen in in_kind:
        sums[f"{kind}_net"] = exact_sum(ibis.ifelse(chosen & ~t.out, t.qty, 0))
        sums[f"{kind}_all"] = exact_sum(ibis.ifelse(chosen, t.qty, 0))
    places = t.group_by("subject", "quarter").aggregate(**sums)
    i = r["mi_institution"].select(place="fixmedins_code", level="hosp_lv")
    i = i.filter(i.level.notnull())
    places = places.join(i, places.subject == i.place)
    rates = ibis.union(*(_rates(places, kind) for kind in kinds))
    group = ("level", "quarter", "kind")
    rates = z_scores(rates, group=group, value="rate")
    rates = z_scores(rates, group=group, value="rate_all", against="rate", name="z_all")
    rates = rates.select(*OF, "rate", "z", "z_all")
    t = t.filter(t.kind.isin(kinds)).join(rates, list(OF))
    best = ibis.greatest(t.z.fill_null(t.z_all), t.z_all)
    return t.mutate(
        if_PEERS=t.z_all.notnull(), if_OUTLIER=(best >= float(p.z)).fill_null(False)
    )


def _rates(places: ir.Table, kind: str) -> ir.Table:
    million = ibis.literal(PER_MILLION, "int64")
    net = apportion(million, places[f"{kind}_net"], places.stays * UNIT)
    every = apportion(million, places[f"{kind}_all"], places.stays_all * UNIT)
    return places.select(
        "subject", "quarter", "level",
        kind=ibis.literal(kind),
        rate=ibis.ifelse(places.stays > 0, net, ibis.null("int64")),
        rate_all=every,
    )  # fmt: skip


def still_outlier(fact: Fact, p: Params) -> bool:
    """Whether the institution stands out by what no exclusion took out."""
    return any((row.z or 0) >= float(p.z) for row in fact.rows)
