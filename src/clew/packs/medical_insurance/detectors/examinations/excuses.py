"""What excuses a second picture, one boolean `not_<CODE>` each."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Exclusion, Params, Relations, T, add_days, any_true
from clew.packs.medical_insurance.derived.terms import mark

EMERGENCY_TYPES = ("13", "24")
FAILED = "image_failed"
EXCUSES = (
    Exclusion("EMERGENCY", T("急诊", "Emergency")),
    Exclusion(
        "POST_OPERATION", T("术后复查", "Follow-up of an operation"), sources=("mi_operation",)
    ),
    Exclusion(
        "IMAGE_FAILURE", T("前次图像不合格", "The earlier picture failed"),
        sources=("mi_lab_log.result_status",),
    ),
    Exclusion(
        "DIFFERENT_SITE", T("部位或序列不同", "Another site or sequence"),
        sources=("mi_fee.body_site", "mi_lab_log.protocol"),
    ),
)  # fmt: skip


def mark_excuses(r: Relations, p: Params, j: ir.Table, key: tuple[str, ...]) -> ir.Table:
    """Adds every exclusion but REVERSED to pairs of an earlier (`_a`) and a later (`_b`)
    examination; `key` tells pairs apart.
    """
    j = _emergency(r, j)
    j = _post_operation(r, p, j, key)
    return _pictures(r, j)


def _emergency(r: Relations, j: ir.Table) -> ir.Table:
    i = r["mi_inpatient"].select(emergency_visit="mdtrt_id", brought_in="emer_flag")
    j = j.left_join(i, j.visit_b == i.emergency_visit)
    by_type = j.med_type_b.isin(EMERGENCY_TYPES)
    return j.mutate(not_EMERGENCY=any_true(j.emer_flag_b, j.brought_in, by_type)).drop(
        "emergency_visit", "brought_in"
    )


def _post_operation(r: Relations, p: Params, j: ir.Table, key: tuple[str, ...]) -> ir.Table:
    """An operation of the person between the two, or at most so many days before the later."""
    o = r["mi_operation"].select("oprn_date", operated="mdtrt_id")
    net = r["net_settlements"].select("mdtrt_id", patient="person")
    o = o.join(net, o.operated == net.mdtrt_id).select("oprn_date", "patient").distinct()
    return mark(
        j, "not_POST_OPERATION", key, o,
        lambda a, b: [
            a.person_b == b.patient,
            b.oprn_date <= a.day_b,
            (b.oprn_date >= a.day_a) | (b.oprn_date >= add_days(a.day_b, -p.postop_days)),
        ],
    )


def _pictures(r: Relations, j: ir.Table) -> ir.Table:
    """What the log says of either examination, and the sites on the bill."""
    columns = ("row_id", "subject", "person", "visit", "code", "day")
    ends = [j.select(**{c: f"{c}_{end}" for c in columns}) for end in "ab"]
    asked = ibis.union(*ends).distinct()
    g = r["mi_lab_log"]
    g = g.select(
        "protocol", "result_status", logged_at="fixmedins_code", logged="med_list_codg",
        log_day=g.exam_time.date(), log_visit="mdtrt_id", log_person="certno",
    )  # fmt: skip
    found = asked.join(
        g,
        [
            asked.subject == g.logged_at,
            asked.code == g.logged,
            asked.day == g.log_day,
            (asked.visit == g.log_visit) | (asked.person == g.log_person),
        ],
    )
    found = found.group_by("row_id").aggregate(
        protocol=found.protocol.max(), failed=(found.result_status == FAILED).any()
    )
    for end in "ab":
        one = found.rename({f"{c}_{end}_log": c for c in found.columns})
        j = j.left_join(one, j[f"row_id_{end}"] == one[f"row_id_{end}_log"])
    same_method = (j.modality_a == j.modality_b).fill_null(False)
    # Two methods never share a protocol, which says nothing about the need for both.
    unknown = ibis.null("boolean")
    protocols: Any = ibis.ifelse(same_method, j.protocol_a_log != j.protocol_b_log, unknown)
    contrast: Any = ibis.ifelse(same_method & (j.enhanced_a != j.enhanced_b), True, unknown)
    return j.mutate(
        not_IMAGE_FAILURE=j.failed_a_log.fill_null(False),
        not_DIFFERENT_SITE=any_true(j.body_site_a != j.body_site_b, protocols, contrast),
    ).drop(*(f"{c}_{end}_log" for c in found.columns for end in "ab"))
