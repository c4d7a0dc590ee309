"""Billed where the person does not practise: registered elsewhere, or retired."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import (
    MEDIUM,
    Condition,
    Exclusion,
    Params,
    Relations,
    T,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.derived.terms import stage, valid_on
from clew.packs.medical_insurance.detectors.staff_licence.lines import (
    FACT,
    REQUIRED,
    REVERSED,
    flagged,
    staff_lines,
)

PLACE_DAY = ("staff", "subject", "day")


def _points(r: Relations) -> ir.Table:
    """Practice points: `point_of`, `place`, `point_from`, `point_to`, `filed`, `point_row`.

    `filed` is one beside the place of registration, by a filing for several sites.
    """
    p = r["mi_practice"]
    return p.select(
        point_of="staff_codg", place="fixmedins_code", point_from="start_date",
        point_to="end_date", filed=p.multi_site_flag.fill_null(False), point_row="row_id",
    )  # fmt: skip


@rule(
    code="a",
    title=T("执业地点在别处", "Practises elsewhere"),
    per="set",
    subject="organisation",
    fact_key=FACT,
    base=T("有执业地点登记的人员的收费", "Lines of staff with a practice point"),
    required=(*REQUIRED, "mi_practice"),
    conditions=(
        Condition("NOT_HERE", T("当日未在本机构注册执业", "Not registered here on that day")),
        Condition("ELSEWHERE", T("当日在其他机构执业", "Practises elsewhere on that day")),
    ),
    exclusions=(
        REVERSED,
        Exclusion(
            "MULTI_SITE_FILED", T("已备案多点执业", "Filed for several sites"),
            sources=("mi_practice.multi_site_flag", "mi_practice"),
        ),
    ),
    grade=severity_always(MEDIUM),
)  # fmt: skip
def elsewhere(r: Relations, p: Params) -> ir.Table:
    points = stage(_points(r), "practice_points")
    lines = staff_lines(r, points.select(staff=points.point_of).distinct())
    lines = stage(lines, "lines_of_practising")
    days = stage(lines.select(*PLACE_DAY).distinct(), "days_of_practising")
    j = days.join(
        points,
        [days.staff == points.point_of, valid_on(days.day, points.point_from, points.point_to)],
    )
    here = j.place == j.subject
    found = j.group_by(*PLACE_DAY).aggregate(
        registered=(here & ~j.filed).any(),
        multi_site=(here & j.filed).any(),
        elsewhere=(~here).any(),
        with_practice=j.point_row.collect(where=~here),
        practises_at=j.place.min(where=~here),
    )
    found = found.filter(~found.registered, found.elsewhere)
    t = lines.join(found, list(PLACE_DAY))
    t = flagged(r, t, "elsewhere_lines", "multi_site", "practises_at")
    t = t.join(found.select(*PLACE_DAY, "with_practice"), list(PLACE_DAY))
    return t.rename(not_MULTI_SITE_FILED="multi_site").mutate(
        if_NOT_HERE=ibis.literal(True), if_ELSEWHERE=ibis.literal(True)
    )


@rule(
    code="c",
    title=T("退休后执业", "Retired"),
    per="set",
    subject="organisation",
    fact_key=FACT,
    base=T("退休人员退休日之后的收费", "Lines of staff after the day of retirement"),
    required=(*REQUIRED, "mi_staff.retire_date"),
    conditions=(
        Condition("RETIRED", T("服务日期晚于退休日期", "Served after retirement")),
        Condition(
            "NO_POINT", T("当日在本机构无执业地点", "No practice point here on that day"),
            sources=("mi_practice",),
        ),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
)  # fmt: skip
def retired(r: Relations, p: Params) -> ir.Table:
    s = r["mi_staff"]
    s = s.filter(s.retire_date.notnull()).select(
        "retire_date", staff="staff_codg", staff_row="row_id"
    )
    t = staff_lines(r, s)
    t = stage(t.filter(t.day > t.retire_date), "lines_of_retired")
    points = _points(r)
    rehired = t.join(
        points,
        [
            t.staff == points.point_of,
            t.subject == points.place,
            valid_on(t.day, points.point_from, points.point_to),
        ],
    )
    t = t.anti_join(rehired.select("line").distinct(), "line")
    t = flagged(r, t, "retired_lines", "retire_date", "staff_row")
    return t.rename(with_staff="staff_row").mutate(
        if_RETIRED=ibis.literal(True), if_NO_POINT=ibis.literal(True)
    )
