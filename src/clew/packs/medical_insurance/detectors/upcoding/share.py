"""One institution: stays with a complication, as a share of all, against the peers."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import (
    MEDIUM,
    Condition,
    Fact,
    Params,
    Relations,
    T,
    apportion,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.charges import quarter
from clew.packs.medical_insurance.derived.peers import z_scores
from clew.packs.medical_insurance.derived.terms import stage
from clew.packs.medical_insurance.detectors.upcoding.complications import REVERSED, complications

PER_MILLION = 1_000_000
OF = ("subject", "quarter")


def still_outlier(fact: Fact, p: Params) -> bool:
    """Whether the institution stands out by stays that were not reversed."""
    row = fact.rows[0]
    return (row.z or 0) >= float(p.z) and row.cases >= p.min_cases


@rule(
    code="b",
    title=T("并发症占比异常", "Share of stays with a complication far above the peers"),
    per="set",
    subject="organisation",
    fact_key=("quarter",),
    base=T("有并发症的住院", "Stays with a complication"),
    required=(
        "mi_inpatient", "mi_diagnosis", "mi_diagnosis.cc_level", "mi_institution",
        "mi_institution.hosp_lv",
    ),
    conditions=(
        Condition("CASES", T("病例数足够", "Enough stays")),
        Condition("PEERS", T("同级机构足够", "Enough peers of the level")),
        Condition("OUTLIER", T("占比高于同级", "Share far above the peers")),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
    holds=still_outlier,
)  # fmt: skip
def complication_share(r: Relations, p: Params) -> ir.Table:
    d = complications(r)
    coded = d.group_by("visit").aggregate(with_diagnoses=d.diagnosis.collect())
    s = r["stays"]
    s = s.filter(s.dscg_date.notnull(), s.fixmedins_code.notnull())
    s = s.select(
        "mdtrt_id", "row_id", "stay_rows", "reversed", "dscg_date",
        subject="fixmedins_code", quarter=quarter(s.dscg_date),
    )  # fmt: skip
    t = stage(s.left_join(coded, s.mdtrt_id == coded.visit), "discharged_stays")
    shares = _shares(r, t)
    best = ibis.greatest(shares.z.fill_null(shares.z_all), shares.z_all)
    # Few institutions stand out; only their stays are read again.
    shares = shares.mutate(
        if_OUTLIER=(best >= float(p.z)).fill_null(False),
        if_CASES=shares.cases_all >= p.min_cases,
        if_PEERS=shares.z_all.notnull(),
    )
    shares = shares.filter(shares.if_OUTLIER, shares.if_CASES)
    t = t.filter(t.visit.notnull()).join(shares, list(OF))
    none = ibis.literal(0, "int64")
    return t.select(
        *OF, "row_id", "mdtrt_id", "dscg_date", "with_diagnoses", "cases", "share", "z",
        "if_OUTLIER", "if_CASES", "if_PEERS",
        with_stay="stay_rows", fund=none, account=none, not_REVERSED=t.reversed,
    )  # fmt: skip


def _shares(r: Relations, t: ir.Table) -> ir.Table:
    """One row an institution of known level and quarter: `share` in a million stays, `z` among the
    peers; `share_all`, `z_all` and `cases_all` count reversed stays too.
    """
    kept, coded = ~t.reversed, t.visit.notnull()
    places = t.group_by(*OF).aggregate(
        cases=kept.sum(), cases_all=t.count(), coded=(kept & coded).sum(), coded_all=coded.sum()
    )
    i = r["mi_institution"].select(place="fixmedins_code", level="hosp_lv")
    places = places.join(i.filter(i.level.notnull()), places.subject == i.place)
    million: Any = ibis.literal(PER_MILLION, "int64")
    none: Any = ibis.null("int64")
    share = apportion(million, places.coded, places.cases)
    places = places.mutate(
        share=ibis.ifelse(places.cases > 0, share, none),
        share_all=apportion(million, places.coded_all, places.cases_all),
    )
    group = ("level", "quarter")
    places = z_scores(places, group=group, value="share")
    places = z_scores(places, group=group, value="share_all", against="share", name="z_all")
    return places.drop("place", "level", "coded", "coded_all")
