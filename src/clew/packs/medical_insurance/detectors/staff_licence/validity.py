"""Billed for somebody whose licence was not valid that day, or who was dead."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import (
    MEDIUM,
    Condition,
    Params,
    Relations,
    T,
    any_of,
    names_agree,
    rule,
    severity_always,
)
from clew.packs.medical_insurance.detectors.staff_licence.lines import (
    FACT,
    REQUIRED,
    REVERSED,
    flagged,
    staff_lines,
)


@rule(
    code="b",
    title=T("执业证无效", "Licence not valid"),
    per="set",
    subject="organisation",
    fact_key=FACT,
    base=T("执业证有发证或注销日期的人员的收费", "Lines of staff with dates of a licence"),
    required=(*REQUIRED, any_of("mi_staff.licence_to", "mi_staff.licence_from")),
    conditions=(
        Condition("LICENCE", T("发证之前或注销之后", "Before it was issued, or once cancelled")),
    ),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
)  # fmt: skip
def unlicensed(r: Relations, p: Params) -> ir.Table:
    s = r["mi_staff"].select(
        "licence_from", "licence_to", staff="staff_codg", staff_row="row_id"
    )
    t = staff_lines(r, s.filter(s.licence_from.notnull() | s.licence_to.notnull()))
    outside = (t.day > t.licence_to).fill_null(False) | (t.day < t.licence_from).fill_null(False)
    t = flagged(
        r, t.filter(outside), "unlicensed_lines", "licence_from", "licence_to", "staff_row"
    )
    return t.rename(with_staff="staff_row").mutate(if_LICENCE=ibis.literal(True))


@rule(
    code="d",
    title=T("人员已死亡", "Dead"),
    per="set",
    subject="organisation",
    fact_key=FACT,
    base=T("已死亡人员的收费", "Lines of staff who are dead"),
    required=(*REQUIRED, "mi_staff.certno", any_of("death_health", "death_police")),
    conditions=(Condition("DEAD", T("服务日期晚于死亡日期", "Served after the death")),),
    exclusions=(REVERSED,),
    grade=severity_always(MEDIUM),
)  # fmt: skip
def dead(r: Relations, p: Params) -> ir.Table:
    t = staff_lines(r, _dead_staff(r))
    t = t.filter(t.day > t.death_date)
    t = flagged(r, t, "lines_of_dead", "death_date", "exact", "staff_row")
    deaths = _dead_staff(r).select("staff", "with_death")
    t = t.join(deaths, "staff")
    # Below T1 the person named in the death record may be another.
    t = t.mutate(if_DEAD=ibis.literal(True), confirm_identity=~t.exact)
    return t.rename(with_staff="staff_row").drop("exact")


def _dead_staff(r: Relations) -> ir.Table:
    """Staff beside the death under their number and name. Upper bounds are no dates of death, a
    revoked declaration is no death.
    """
    s = r["mi_staff"]
    s = s.filter(s.certno.notnull()).select(
        "certno", staff="staff_codg", staff_row="row_id", staff_name="name_key"
    )
    d = r["deaths"]
    d = d.filter(~d.only_bound, ~d.revoked)
    t = s.join(d, s.certno == d.person)
    agrees = names_agree(t.staff_name, t.name_key) | (t.staff_name == t.former_key).fill_null(False)
    t = t.filter(agrees)
    return t.group_by("staff", "staff_row").aggregate(
        death_date=t.death_date.max(),
        exact=t.exact.any(),
        with_death=t.death_rows.collect().flatten(),
    )
