"""How often an institution's pictures show something, against its peers."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import (
    MEDIUM,
    Condition,
    Params,
    Relations,
    T,
    apportion,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.charges import listed, quarter
from clew.packs.medical_insurance.derived.peers import z_scores
from clew.packs.medical_insurance.derived.terms import exact_sum, valid_on
from clew.packs.medical_insurance.detectors.examinations.lines import EXAM, REQUIRED
from clew.packs.medical_insurance.detectors.shares import CANCELLED

PER_MILLION = 1_000_000


@rule(
    code="f",
    title=T("检查阳性率过低", "Too few positive results"),
    per="set",
    subject="organisation",
    fact_key=("modality", "quarter"),
    base=T("机构每季度每类设备的检查报告", "Reports of an institution, by modality and quarter"),
    required=(*REQUIRED, "mi_lab_log", "mi_institution"),
    conditions=(
        Condition("REPORTS", T("报告数达到下限", "At least so many reports")),
        Condition("LOW_RATE", T("阳性率低于同级平均减标准差", "Below the mean of the level by sd")),
    ),
    grade=severity_always(MEDIUM),
)
def low_positive_rate(r: Relations, p: Params) -> ir.Table:
    g = r["mi_lab_log"]
    g = g.filter(
        g.exam_time.date() <= r.today,
        g.positive.notnull(),
        (g.result_status != CANCELLED).fill_null(True),
    )
    g = g.select(
        "positive", "row_id", subject="fixmedins_code", logged="med_list_codg",
        day=g.exam_time.date(),
    )  # fmt: skip
    items = listed(r, "modality")
    items = items.filter(items.kind == EXAM, items.modality.notnull())
    t = g.join(
        items, [g.logged == items.code, valid_on(g.day, items.start_date, items.end_date)]
    )
    t = t.mutate(quarter=quarter(t.day))
    t = t.group_by("subject", "modality", "quarter").aggregate(
        reports=t.count(),
        positives=exact_sum(t.positive.cast("int64")),
        row_id=t.row_id.min(),
        with_reports=t.row_id.collect(),
    )
    i = r["mi_institution"].select(place="fixmedins_code", level="hosp_lv")
    t = t.join(i.filter(i.level.notnull()), t.subject == i.place)
    enough = t.reports >= p.min_reports
    rate = apportion(ibis.literal(PER_MILLION, "int64"), t.positives, t.reports)
    t = t.mutate(if_REPORTS=enough, rate=rate, counted=ibis.ifelse(enough, rate, None))
    t = z_scores(t, group=("level", "modality", "quarter"), value="rate", against="counted")
    return t.select(
        "subject", "modality", "quarter", "row_id", "with_reports", "reports", "positives", "rate",
        "z", "if_REPORTS",
        # Reports carry no money, and nothing says which of them were needless.
        fund=ibis.literal(0, "int64"),
        account=ibis.literal(0, "int64"),
        if_LOW_RATE=t.z < -float(p.sd),
    )  # fmt: skip
