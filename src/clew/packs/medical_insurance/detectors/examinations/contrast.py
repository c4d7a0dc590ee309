"""Enhanced pictures without the agent that enhances them."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import MEDIUM, Condition, Params, Relations, T, rule, severity_always
from clew.packs.medical_insurance.derived.charges import charges, listed, summed, with_money
from clew.packs.medical_insurance.derived.terms import exact_sum, mark
from clew.packs.medical_insurance.detectors.examinations.lines import (
    CONTRAST,
    REQUIRED,
    REVERSED,
    VISIT_ITEM,
    exam_lines,
)


@rule(
    code="b",
    title=T("增强检查无造影剂", "Enhanced without contrast agent"),
    per="person",
    subject="organisation",
    fact_key=VISIT_ITEM,
    base=T("收取增强检查的就诊", "Visits charged for an enhanced examination"),
    required=REQUIRED,
    conditions=(
        Condition("NO_AGENT", T("当日无造影剂收费", "No contrast agent charged on that date")),
        Condition(
            "NO_CONTRAST_LOGGED", T("日志未记录造影", "The log of that date shows no contrast"),
            sources=("mi_lab_log.contrast",),
        ),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
)  # fmt: skip
def enhanced_without_agent(r: Relations, p: Params) -> ir.Table:
    t = exam_lines(r, "enhanced")
    t = t.filter(t.enhanced, t.person.notnull())
    t = summed(t, "code", "day")
    t = t.filter(t.qty > 0, t.row_id.notnull())
    items = listed(r)
    agents = charges(r, items.filter(items.kind == CONTRAST))
    agents = agents.filter(~agents.reversed).group_by(given_to="person", given_on="day").aggregate(
        given=exact_sum(agents.qty)
    )
    agents = agents.filter(agents.given > 0)
    t = mark(
        t, "charged", ("row_id",), agents,
        lambda a, b: [a.person == b.given_to, a.day == b.given_on],
    )
    g = r["mi_lab_log"]
    g = g.filter(g.contrast).select(
        "mdtrt_id", "certno", log_day=g.exam_time.date(), logged_at="fixmedins_code"
    )
    t = mark(
        t, "logged", ("row_id",), g,
        lambda a, b: [
            a.subject == b.logged_at, a.day == b.log_day,
            (a.visit == b.mdtrt_id) | (a.person == b.certno),
        ],
    )
    t = t.mutate(
        if_NO_AGENT=~t.charged,
        if_NO_CONTRAST_LOGGED=~t.logged,
        over=ibis.ifelse(t.charged | t.logged, 0, 1),
        of=ibis.literal(1),
    )
    t = with_money(r, t, "enhanced")
    return t.select(
        "subject", *VISIT_ITEM, "row_id", "with_lines", "fund", "account", "confirm_identity",
        "day", "if_NO_AGENT", "if_NO_CONTRAST_LOGGED", not_REVERSED=t.reversed,
    )  # fmt: skip
