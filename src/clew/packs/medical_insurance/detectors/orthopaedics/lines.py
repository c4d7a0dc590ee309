"""Orthopaedic consumables as charged, and what excuses a line or a stay."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import Exclusion, Relations, T, any_true
from clew.packs.medical_insurance.derived.charges import charges, listed
from clew.packs.medical_insurance.derived.operations import (
    listed_visits,
    operations_of,
    sides_and_sites,
)
from clew.packs.medical_insurance.derived.terms import stage

IMPLANTS = ("implant", "screw", "pedicle_screw", "plate")
MATERIALS = ("cement", "biologic", "npwt")
FREE = "3"
REQUIRED = ("mi_settlement", "mi_fee", "mi_catalogue")
STAY = ("person", "visit")

REVERSED = Exclusion("REVERSED", T("已冲销", "Reversed"))
MULTIPLE_TRAUMA = Exclusion(
    "MULTIPLE_TRAUMA", T("多发创伤", "Several sites or sides operated"), sources=("mi_operation",)
)
REVISION = Exclusion("REVISION", T("翻修手术", "Revision"), sources=("mi_operation",))
HARDWARE_REMOVAL = Exclusion(
    "HARDWARE_REMOVAL", T("内固定取出", "Removal of hardware"), sources=("mi_operation",)
)
FREE_REPLACEMENT = Exclusion(
    "FREE_REPLACEMENT", T("免费更换", "Supplied free"), sources=("mi_fee.bear_type", "mi_implant")
)


def ortho_lines(r: Relations, kinds: tuple[str, ...]) -> ir.Table:
    """Charges of these kinds with the nullable `free`."""
    items = listed(r)
    t = charges(r, items.filter(items.kind.isin(kinds)))
    m = r["mi_implant"]
    given = m.filter(m.free_reason.nullif("").notnull()).select(
        free_visit="mdtrt_id", free_code="med_list_codg"
    )
    given = given.distinct()
    t = t.left_join(given, [t.visit == given.free_visit, t.code == given.free_code])
    registered = t.free_visit.notnull()
    if not r.held("mi_implant"):
        registered = ibis.null("boolean")
    return t.mutate(free=any_true(t.bear_type == FREE, registered)).drop("free_visit", "free_code")


def with_operations(r: Relations, t: ir.Table, name: str) -> ir.Table:
    """Adds `recorded`, `with_operations` and the exclusions by the stay's operations; `name` is
    used once in a query, as are the names that begin with it.
    """
    t = stage(t, name)
    o = operations_of(r, t, f"{name}_operations")
    facts = sides_and_sites(o)
    t = t.left_join(facts, t.visit == facts.operated).drop("operated")
    listed_known = r.held("mi_code_list")
    for code, listing in (("REVISION", "revision"), ("HARDWARE_REMOVAL", "hardware_removal")):
        found = listed_visits(r, o, listing).mutate(met=True)
        t = t.left_join(found, t.visit == found.operated).drop("operated")
        answer = t.met.notnull() if listed_known else ibis.null("boolean")
        t = t.mutate(**{f"not_{code}": answer}).drop("met")
    return t.mutate(not_MULTIPLE_TRAUMA=t.several.fill_null(False))
