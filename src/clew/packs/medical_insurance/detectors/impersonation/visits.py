"""Visits with the person whose number they bear, and what excuses them all."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Exclusion, Relations, T, any_true, days_between
from clew.packs.medical_insurance.derived.terms import T2, category, inside

NEWBORN_DAYS = 28
PERINATAL, LIVEBORN = ("P00", "P96"), "Z38"
MALE, FEMALE = "1", "2"

REVERSED = Exclusion("REVERSED", T("已冲销", "Reversed"))
NEWBORN_UNDER_MOTHER = Exclusion(
    "NEWBORN_UNDER_MOTHER",
    T("新生儿用母亲账号", "Newborn under the mother's number"),
    sources=("mi_inpatient.newborn_flag", "mi_inpatient.infant_days", "mi_settlement.brdy"),
)


def settled(r: Relations) -> ir.Table:
    """Settlements of known persons. `number_sex` and `number_born` are what the document number
    says, `stated_sex` what the row says (1 or 2, else null).
    """
    s = r["net_settlements"]
    s = s.filter(s.person.notnull())
    h = r["holders"].rename(holder="person")
    t = s.left_join(h, s.person == h.holder)
    return t.select(
        "row_id", "setl_id", "mdtrt_id", "person", "name_key", "service_date", "inpatient",
        "brdy", "fund", "account", "reversed", "dise_codg",
        institution=t.fixmedins_code,
        number_sex=t.sex,
        number_born=t.born,
        stated_sex=ibis.ifelse(t.gend.isin((MALE, FEMALE)), t.gend, None),
        confirm_identity=t.tier == T2,
    )  # fmt: skip


def with_newborn(r: Relations, t: ir.Table) -> ir.Table:
    """Adds the nullable `not_NEWBORN_UNDER_MOTHER`: the patient of the visit is an infant, by the
    register of stays, by the birth date that the bill states, or by diagnosis.
    """
    i = r["mi_inpatient"]
    stays = i.select(
        stay="mdtrt_id", newborn="newborn_flag", infant=i.infant_days <= NEWBORN_DAYS
    )
    d = r["mi_diagnosis"]
    c = category(d.diag_code)
    births = d.filter(_of_infants(c)).select(born_at="mdtrt_id").distinct()
    t = t.left_join(stays, t.mdtrt_id == stays.stay)
    t = t.left_join(births, t.mdtrt_id == births.born_at)
    # A visit that the register of stays does not know is none of a newborn in a ward.
    flag = ibis.ifelse(t.stay.isnull(), False, t.newborn)
    by_age = inside(days_between(t.service_date, t.brdy), 0, NEWBORN_DAYS)
    by_diagnosis = t.born_at.notnull() | _of_infants(category(t.dise_codg)).fill_null(False)
    found = any_true(flag, t.infant, by_age, ibis.ifelse(by_diagnosis, True, None))
    return t.mutate(not_NEWBORN_UNDER_MOTHER=found).drop(
        "stay", "newborn", "infant", "born_at"
    )


def _of_infants(c: Any) -> ir.BooleanValue:
    return inside(c, *PERINATAL) | (c == LIVEBORN)


def listed(r: Relations, *names: str) -> ir.Table:
    """Entries of code lists: `list`, `code` (a beginning), `note`, spell."""
    c = r["mi_code_list"]
    return c.filter(c.list.isin(names)).select(
        "list", "note", prefix="code", listed_from="start_date", listed_to="end_date"
    )
