"""What the devices cannot have done: more minutes than a day has, and work after their end."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import MEDIUM, Condition, Params, Relations, T, rule, severity_always
from clew.packs.medical_insurance.derived.charges import UNIT, summed, with_money
from clew.packs.medical_insurance.derived.terms import stage, valid_on
from clew.packs.medical_insurance.detectors.examinations.lines import (
    REQUIRED,
    REVERSED,
    exam_lines,
)
from clew.packs.medical_insurance.detectors.shares import (
    beyond,
    beyond_reports,
    facts_of,
    still_beyond,
)

DAY_MINUTES = 24 * 60
SHOWN = ("subject", "row_id", "with_lines", "fund", "account", "confirm_identity", "visit")


@rule(
    code="c",
    title=T("设备时长超过全天", "More minutes than the devices have"),
    per="institution",
    subject="organisation",
    fact_key=("modality", "day"),
    base=T("登记有该类设备的机构每日检查", "Examinations of a day where such a device is known"),
    required=(*REQUIRED, "mi_device"),
    conditions=(
        Condition(
            "OVER_MINUTES",
            T("分钟数大于在用设备全天", "More minutes than the devices in service have in a day"),
        ),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
    holds=still_beyond,
)
def device_minutes(r: Relations, p: Params) -> ir.Table:
    t = exam_lines(r, "modality", "minutes")
    d = r["mi_device"]
    d = d.filter(d.modality.notnull())
    registered = d.group_by(owner="fixmedins_code", owned="modality").aggregate(
        case_minutes=d.minutes.min()
    )
    t = t.join(registered, [t.subject == registered.owner, t.modality == registered.owned])
    # Where item and device both say how long one takes, the shorter accuses less.
    known = ibis.coalesce(t.minutes, t.case_minutes)
    each = ibis.least(known, ibis.coalesce(t.case_minutes, t.minutes))
    t = t.filter(known.notnull()).mutate(taken=each.cast("int64"))
    t = summed(t, "modality", "day", "taken")
    t = stage(t.mutate(spent=t.qty * t.taken, out=t.reversed), "device_days")
    days = t.select("subject", "modality", "day").distinct()
    serving = d.select(
        "start_date", "end_date", owner="fixmedins_code", owned="modality"
    )
    serving = days.join(
        serving,
        [
            days.subject == serving.owner,
            days.modality == serving.owned,
            valid_on(days.day, serving.start_date, serving.end_date),
        ],
    )
    serving = serving.group_by("subject", "modality", "day").aggregate(devices=serving.count())
    t = t.left_join(serving, ["subject", "modality", "day"], rname="{name}_serving")
    devices = t.devices.fill_null(0)
    t = t.mutate(devices=devices, allowed=devices * (DAY_MINUTES * UNIT))
    t = beyond(t, ("subject", "modality", "day"), "spent")
    t = t.mutate(if_OVER_MINUTES=t.every > t.allowed)
    t = with_money(r, t, "device_minutes", once=("modality", "day"))
    return t.select(
        *SHOWN, "modality", "day", "devices", "if_OVER_MINUTES",
        not_REVERSED=t.reversed, **facts_of(t, "spent"),
    )  # fmt: skip


@rule(
    code="d",
    title=T("检查收费多于报告", "More billed than reported"),
    per="institution",
    subject="organisation",
    fact_key=("code", "month"),
    base=T("报送日志的机构当月检查收费", "Examinations of months whose log was delivered"),
    required=(*REQUIRED, "mi_lab_log"),
    conditions=(
        Condition("MORE_THAN_REPORTS", T("收费数量大于报告数", "More billed than reports")),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
    holds=still_beyond,
)
def billed_beyond_reports(r: Relations, p: Params) -> ir.Table:
    t = exam_lines(r)
    t = beyond_reports(r, t.mutate(out=t.reversed))
    t = with_money(r, t, "reported")
    return t.select(
        *SHOWN, "code", "month", "if_MORE_THAN_REPORTS", not_REVERSED=t.reversed, **facts_of(t)
    )


@rule(
    code="e",
    title=T("停用设备仍有检查", "Done on a device after its end"),
    per="institution",
    subject="organisation",
    fact_key=("device_no", "day"),
    base=T("停用设备上的检查", "Examinations on devices whose use has ended"),
    required=(*REQUIRED, "mi_device"),
    conditions=(
        Condition("AFTER_END", T("收费日期晚于停用日期", "Charged after the last day of use")),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
)
def after_its_end(r: Relations, p: Params) -> ir.Table:
    t = exam_lines(r)
    d = r["mi_device"]
    d = d.filter(d.end_date.notnull()).select(
        owner="fixmedins_code", ended="device_no", last_day="end_date", device_row="row_id"
    )
    t = t.join(d, [t.subject == d.owner, t.device_no == d.ended])
    t = summed(t, "device_no", "day", "last_day", "device_row")
    after = t.day > t.last_day
    t = t.mutate(if_AFTER_END=after, over=ibis.ifelse(after, 1, 0), of=ibis.literal(1))
    t = with_money(r, t.filter(t.qty > 0), "ended_devices")
    return t.select(
        *SHOWN, "device_no", "day", "last_day", "if_AFTER_END", with_device=t.device_row,
        not_REVERSED=t.reversed,
    )  # fmt: skip
