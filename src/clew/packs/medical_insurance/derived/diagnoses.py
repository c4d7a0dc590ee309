"""The main diagnosis of visits, and code lists that name codes by their beginning."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import Relations
from clew.packs.medical_insurance.derived.charges import in_force
from clew.packs.medical_insurance.derived.terms import mark, stage, valid_on


def with_main_code(r: Relations, t: ir.Table, name: str) -> ir.Table:
    """Adds `main_code`: the main diagnosis of `visit`, else the settlement's `dise_codg`; null
    where neither is known. `name` is used once in a query.
    """
    t = stage(t, name)
    d = r["mi_diagnosis"]
    d = d.filter(d.diag_type == "1").semi_join(
        t.select(mdtrt_id="visit").distinct(), "mdtrt_id"
    )
    main = d.group_by(diagnosed="mdtrt_id").aggregate(listed=d.diag_code.argmin(d.diag_srt_no))
    t = t.left_join(main, t.visit == main.diagnosed)
    code = ibis.coalesce(t.listed, t.dise_codg.nullif(""))
    return t.mutate(main_code=code).drop("diagnosed", "listed")


def mark_listed(r: Relations, t: ir.Table, name: str, listing: str) -> ir.Table:
    """Adds the boolean `name`: whether `code` begins with one of the list, valid on `day`."""
    c = r["mi_code_list"]
    c = in_force(c.filter(c.list == listing), "code").select(
        "start_date", "end_date", beginning="code"
    )
    key = ("code", "day")
    asked = mark(
        t.select(*key).distinct(), name, key, c,
        lambda a, b: [
            a.code.startswith(b.beginning), valid_on(a.day, b.start_date, b.end_date)
        ],
    )
    return t.join(asked, list(key))
