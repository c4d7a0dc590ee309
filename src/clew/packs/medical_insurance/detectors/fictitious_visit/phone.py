"""One phone for patients who are not related (MI-08 b)."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Params, Relations
from clew.packs.medical_insurance.derived.terms import stage
from clew.packs.medical_insurance.detectors.fictitious_visit.observed import (
    PHONE,
    group_name,
    observed,
)


def same_phones(v: ir.Table, seen: ir.Table, p: Params) -> ir.Table:
    """Visits with a phone of many persons, as far as one of its visits has another sign, those in
    `seen`. Who is related, and the window, is told later.
    """
    t = v.filter(v.tel.nullif("").notnull(), v.person.notnull()).select("row_id", "tel", "person")
    asked = t.semi_join(seen, "row_id").select("tel").distinct()
    t = stage(t.semi_join(asked, "tel"), "phone_visits")
    shared = t.group_by("tel").aggregate(persons=t.person.nunique())
    t = t.semi_join(shared.filter(shared.persons >= p.phone_n), "tel")
    return observed(t, PHONE, group_name(PHONE, t.tel))


def relatives(r: Relations, persons: ir.Table) -> ir.Table:
    """Kin and bound persons of each of `persons`: `relative_of`, `relatives`."""
    k, b = r["kin"], r["mi_binding"]
    pairs: Any = ibis.union(
        k.select(one="certno", other="kin_certno"),
        k.select(one="kin_certno", other="certno"),
        b.select(one="owner_certno", other="member_certno"),
        b.select(one="member_certno", other="owner_certno"),
    )
    pairs = pairs.filter(pairs.one.notnull(), pairs.other.notnull())
    pairs = pairs.semi_join(persons, pairs.one == persons.person)
    return pairs.group_by(relative_of="one").aggregate(relatives=pairs.other.collect())
