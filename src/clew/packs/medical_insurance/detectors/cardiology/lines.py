"""Cardiac consumables and services as charged, and what excuses a stay."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Exclusion, Relations, T, any_true, days_between
from clew.packs.medical_insurance.derived.charges import charges, listed
from clew.packs.medical_insurance.derived.operations import known_operations, on_list
from clew.packs.medical_insurance.derived.terms import category, inside, mark, stage, valid_on

REQUIRED = ("mi_settlement", "mi_fee", "mi_catalogue")
STAY = ("person", "visit")
STENT_LIST, DEVICE_LIST = "stent_procedure", "device_procedure"
STENT_CHAPTER = "36.0"
STAGED_DAYS = (1, 90)
ARREST = "I46"

REVERSED = Exclusion("REVERSED", T("已冲销", "Reversed"))
STAGED_PCI = Exclusion(
    "STAGED_PCI", T("分期介入", "Staged intervention"),
    sources=("mi_operation.staged_flag", "mi_filing"),
)  # fmt: skip
CTO_FILED = Exclusion(
    "CTO_FILED", T("慢性闭塞病变备案", "Chronic total occlusion on file"), sources=("mi_filing",)
)
ARREST_OR_ICU = Exclusion(
    "ARREST_OR_ICU", T("心脏骤停或重症监护", "Cardiac arrest or intensive care"),
    sources=("mi_diagnosis", "mi_settlement.dise_codg", "mi_inpatient.icu_hours"),
)  # fmt: skip


def cardiac_lines(r: Relations, kinds: tuple[str, ...], *columns: str) -> ir.Table:
    """Charges of these kinds in stays of known persons."""
    items = listed(r, *columns)
    t = charges(r, items.filter(items.kind.isin(kinds)))
    return t.filter(t.inpatient, t.person.notnull())


def stent_procedures(r: Relations) -> ir.Table:
    """Operations of the list, or of chapter 36.0: `operated` (visit), `procedure_day`,
    `staged_flag`.
    """
    o = known_operations(r)
    chapter = o.filter(o.oprn_code.startswith(STENT_CHAPTER))
    t = on_list(r, o, STENT_LIST).union(chapter, distinct=True)
    return t.rename(procedure_day="oprn_date", procedure_row="row_id").drop("oprn_code", "side")


def mark_staged(r: Relations, t: ir.Table, key: tuple[str, ...]) -> ir.Table:
    """Adds `not_STAGED_PCI`: within 1 to 90 days of one another the person has two stent
    procedures, one on `day` of the row, and the later is marked staged or filed as such.
    """
    # Only the few persons of `t` are looked up among all operations.
    t = stage(t, "asked_for_stages")
    s = r["net_settlements"]
    s = s.filter(~s.reversed).semi_join(t.select("person").distinct(), "person")
    s = s.select("person", operated="mdtrt_id").distinct()
    p = stent_procedures(r).join(s, "operated")
    f = r["mi_filing"]
    f = f.filter(f.kind == "staged").select("start_date", "end_date", filed_for="certno")
    p = p.group_by("person", "procedure_day").aggregate(marked=p.staged_flag.any())
    p = mark(
        p, "filed", ("person", "procedure_day"), f,
        lambda a, b: [
            a.person == b.filed_for, valid_on(a.procedure_day, b.start_date, b.end_date)
        ],
    )
    p = p.mutate(staged=any_true(p.marked, _known(r, p.filed, "mi_filing")))
    own = p.select(own_person="person", own_day="procedure_day", own_staged="staged")
    t = t.left_join(own, [t.person == own.own_person, t.day == own.own_day])
    t = t.drop("own_person", "own_day")
    others = p.select(other_person="person", other_day="procedure_day", other_staged="staged")
    t = mark(
        t, "later", key, others,
        lambda a, b: [
            a.person == b.other_person, inside(days_between(b.other_day, a.day), *STAGED_DAYS)
        ],
        value="other_staged",
    )
    t = mark(
        t, "earlier", key, others,
        lambda a, b: [
            a.person == b.other_person, inside(days_between(a.day, b.other_day), *STAGED_DAYS)
        ],
    )
    return t.mutate(
        not_STAGED_PCI=t.later | (t.earlier & t.own_staged.fill_null(False))
    ).drop("later", "earlier", "own_staged")


def _known(r: Relations, flag: Any, dataset: str) -> Any:
    return flag if r.held(dataset) else ibis.null("boolean")


def mark_cto(r: Relations, t: ir.Table, key: tuple[str, ...]) -> ir.Table:
    """Adds `not_CTO_FILED`: a filing of the person valid on `day`."""
    f = r["mi_filing"]
    f = f.filter(f.kind == "cto").select("start_date", "end_date", filed_for="certno")
    return mark(
        t, "not_CTO_FILED", key, f,
        lambda a, b: [a.person == b.filed_for, valid_on(a.day, b.start_date, b.end_date)],
    )


def mark_arrest(r: Relations, t: ir.Table, key: tuple[str, ...]) -> ir.Table:
    """Adds `not_ARREST_OR_ICU`, by any diagnosis of the visit, `dise_codg` or hours in the unit."""
    d = r["mi_diagnosis"]
    arrests = d.filter(category(d.diag_code) == ARREST).select(arrested="mdtrt_id")
    t = mark(t, "arrest", key, arrests, lambda a, b: [a.visit == b.arrested])
    i = r["mi_inpatient"].select(ward_visit="mdtrt_id", icu="icu_hours")
    t = t.left_join(i, t.visit == i.ward_visit).drop("ward_visit")
    return t.mutate(
        not_ARREST_OR_ICU=any_true(
            _known(r, t.arrest, "mi_diagnosis"), category(t.dise_codg) == ARREST, t.icu > 0
        )
    ).drop("arrest", "icu")
