"""What excuses single admissions of a cluster (MI-03); the rest is told of the cluster."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import Relations
from clew.packs.medical_insurance.derived.terms import mark, valid_on
from clew.packs.medical_insurance.detectors.induced_stay.admissions import KEY, VILLAGE


def with_excuses(r: Relations, t: ir.Table) -> ir.Table:
    """Adds the exclusions of single admissions, and `only_in_town` of the institution."""
    t = _programmes(r, t)
    t = _residents(r, t)
    i = r["mi_institution"].select("only_in_town", code="fixmedins_code")
    t = t.left_join(i, t.subject == i.code).drop("code")
    return t.mutate(
        not_REVERSED=t.reversed, not_ACCIDENT_POISONING=t.hurt, not_DAY_CASE_SERIES=t.series
    ).drop("reversed", "hurt", "series")


def _programmes(r: Relations, t: ir.Table) -> ir.Table:
    """A programme that names a village or a disease excuses no other."""
    g = r["mi_programme"]
    g = g.filter(g.kind == "screening").select(
        "fixmedins_code", "start_date", "end_date", "village", "icd_category"
    )

    def on(a: ir.Table, b: ir.Table) -> list[ir.BooleanValue]:
        village = b.village.nullif("")
        disease = b.icd_category.nullif("")
        elsewhere = (a.sort == VILLAGE) & (village != a.place)
        return [
            a.subject == b.fixmedins_code,
            valid_on(a.adm_date, b.start_date, b.end_date),
            village.isnull() | ~elsewhere,
            disease.isnull() | (disease == a.category),
        ]

    return mark(t, "not_REGISTERED_PROGRAMME", KEY, g, on)


def _residents(r: Relations, t: ir.Table) -> ir.Table:
    g = r["mi_programme"]
    g = g.filter(g.kind == "nursing_home").select(
        "fixmedins_code", home="prog_id", home_from="start_date", home_to="end_date"
    )
    m = r["mi_resident"].select("prog_id", "certno", "start_date", "end_date")
    m = m.join(g, m.prog_id == g.home)
    tested = ibis.literal(r.held("mi_programme"))
    t = mark(
        t, "not_ATTACHED_NURSING_HOME", KEY, m,
        lambda a, b: [
            a.subject == b.fixmedins_code,
            a.person == b.certno,
            valid_on(a.adm_date, b.start_date, b.end_date),
            valid_on(a.adm_date, b.home_from, b.home_to),
        ],
    )
    known = ibis.ifelse(tested, t.not_ATTACHED_NURSING_HOME, ibis.null("boolean"))
    return t.mutate(not_ATTACHED_NURSING_HOME=known)
