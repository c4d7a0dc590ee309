"""Balloons and guide wires beyond the peers; angiography beside an intervention that holds it;
markers of the heart measured again and again.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import MEDIUM, Condition, Params, Relations, T, rule, severity_always
from clew.packs.medical_insurance.derived.charges import (
    UNIT,
    as_units,
    listed,
    quarter,
    summed,
    total,
    with_money,
)
from clew.packs.medical_insurance.derived.terms import stage
from clew.packs.medical_insurance.detectors.cardiology.lines import (
    ARREST_OR_ICU,
    CTO_FILED,
    REQUIRED,
    REVERSED,
    STAGED_PCI,
    STAY,
    cardiac_lines,
    mark_arrest,
    mark_cto,
    mark_staged,
)
from clew.packs.medical_insurance.detectors.item_pairs import INCLUDED, pairs
from clew.packs.medical_insurance.detectors.outliers import mark_outliers, still_outlier
from clew.packs.medical_insurance.detectors.overcharging.pairs import included

OUTLYING = ("balloon", "guidewire")
SPECIALTY = ("stent", *OUTLYING, "angio", "pci", "pacemaker", "occluder")
MARKERS = ("BNP", "TROPONIN", "CTN", "肌钙蛋白", "脑钠肽", "利钠肽")
SHOWN = (
    "subject", "row_id", "with_lines", "fund", "account", "visit", "confirm_identity",
    "not_REVERSED",
)  # fmt: skip


@rule(
    code="c",
    title=T("球囊导丝用量异常", "Balloons or guide wires far beyond the peers"),
    per="set",
    subject="organisation",
    fact_key=("kind", "quarter"),
    base=T("球囊和导丝收费", "Charges of balloons and guide wires"),
    required=(*REQUIRED, "mi_institution", "mi_institution.hosp_lv"),
    conditions=(
        Condition("PEERS", T("同级机构足够", "Enough peers of the level")),
        Condition("OUTLIER", T("每次住院用量高于同级", "Far more a stay than the peers")),
    ),
    exclusions=(REVERSED, STAGED_PCI, CTO_FILED, ARREST_OR_ICU),
    grade=severity_always(MEDIUM),
    holds=still_outlier,
)
def catheter_outliers(r: Relations, p: Params) -> ir.Table:
    t = cardiac_lines(r, SPECIALTY)
    t = t.mutate(quarter=quarter(t.day))
    t = summed(t, "kind", "quarter", "day", "dise_codg")
    t = t.filter(t.row_id.notnull())
    key = ("row_id", "kind", "day")
    t = mark_arrest(r, mark_cto(r, mark_staged(r, t, key), key), key)
    excused = t.reversed
    for code in (STAGED_PCI, CTO_FILED, ARREST_OR_ICU):
        excused = excused | t[f"not_{code.code}"].fill_null(False)
    t = stage(t.mutate(out=excused), "cardiac_stays")
    t = mark_outliers(r, p, t, OUTLYING)
    t = t.mutate(
        over=ibis.ifelse(t.if_PEERS & t.if_OUTLIER, 1, 0), of=ibis.literal(1),
        not_REVERSED=t.reversed, units=as_units(t.qty),
    )  # fmt: skip
    t = with_money(r, t, "catheters")
    return t.select(
        *SHOWN, "kind", "quarter", "units", "rate", "z", "z_all", "if_PEERS", "if_OUTLIER",
        "not_STAGED_PCI", "not_CTO_FILED", "not_ARREST_OR_ICU",
    )  # fmt: skip


@rule(
    code="d",
    title=T("介入已含造影另行收费", "Angiography charged beside an intervention that holds it"),
    per="person",
    subject="organisation",
    fact_key=STAY,
    base=T("与含造影的介入一同收费的造影", "Angiography beside an intervention that includes it"),
    required=(*REQUIRED, "mi_item_pair"),
    conditions=(
        Condition("INCLUDED", T("造影已含于介入", "The intervention includes it")),
        Condition("INPATIENT", T("住院", "In a stay")),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
)
def angiography_included(r: Relations, p: Params) -> ir.Table:
    wanted = pairs(r, INCLUDED)
    kinds = listed(r).select("code", "kind").distinct()
    for side, kind in (("one", "pci"), ("other", "angio")):
        codes = kinds.filter(kinds.kind == kind).select(**{side: "code"}).distinct()
        wanted = wanted.semi_join(codes, side)
    t = included(r, wanted, "angiography")
    # A charge that several interventions include is flagged once.
    window = ibis.window(group_by="row_id", order_by=[t.not_REVERSED, t.code_a, t.pair_from])
    t = t.mutate(place=ibis.row_number().over(window)).filter(lambda x: x.place == 0)
    return t.select(
        *SHOWN, "person", "with_other", "day", "if_INCLUDED", if_INPATIENT=t.inpatient
    )


@rule(
    code="g",
    title=T("心肌标志物一日多次", "Markers of the heart too often a day"),
    per="person",
    subject="organisation",
    fact_key=(*STAY, "day"),
    base=T("住院每日的脑钠肽、肌钙蛋白检验", "Tests of BNP and troponin by stay and day"),
    required=(*REQUIRED, "mi_catalogue.analyte"),
    conditions=(
        Condition("TOO_OFTEN", T("同一指标当日次数多于上限", "More of one analyte that day")),
    ),
    exclusions=(REVERSED, ARREST_OR_ICU),
    grade=severity_always(MEDIUM),
)
def repeated_markers(r: Relations, p: Params) -> ir.Table:
    t = cardiac_lines(r, ("lab",), "analyte")
    name = t.analyte.upper()
    marker = ibis.literal(False)
    for text in MARKERS:
        marker = marker | name.contains(text)
    t = t.filter(marker.fill_null(False))
    t = summed(t, "day", "analyte", "dise_codg")
    t = t.mutate(tests=total(t.qty, "visit", "day", "analyte", "reversed"))
    allowed = p.tests_day * UNIT
    t = t.filter(t.row_id.notnull())
    t = t.mutate(
        if_TOO_OFTEN=t.tests > allowed, over=ibis.greatest(t.tests - allowed, 0),
        of=ibis.greatest(t.tests, 1), not_REVERSED=t.reversed, tests_of_day=as_units(t.tests),
    )  # fmt: skip
    t = with_money(r, mark_arrest(r, t, ("row_id", "day", "analyte")), "markers")
    return t.select(
        *SHOWN, "person", "day", "analyte", "tests_of_day", "if_TOO_OFTEN", "not_ARREST_OR_ICU"
    )
