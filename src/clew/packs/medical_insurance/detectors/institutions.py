"""Whether two codes are one institution."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import Relations
from clew.packs.medical_insurance.derived.terms import mark


def mark_merged(
    r: Relations, rows: ir.Table, name: str, key: tuple[str, ...], a: str, b: str
) -> ir.Table:
    """Adds the boolean `name`: the codes in columns `a` and `b` are one institution, because one
    is the other's successor or both are campuses of one.
    """
    i = r["mi_institution"]
    aliases = ibis.union(
        i.select(code=i.fixmedins_code, same=i.fixmedins_code),
        i.select(code=i.fixmedins_code, same=i.successor_code),
        i.select(code=i.fixmedins_code, same=i.campus_of),
    )
    aliases = aliases.filter(aliases.same.notnull()).distinct()
    # A code that the register does not know may still be named there as successor.
    own = rows.select(code=rows[a]).union(rows.select(code=rows[b])).distinct()
    own = own.filter(own.code.notnull()).mutate(same=lambda t: t.code)
    aliases = aliases.union(own).distinct()
    left = aliases.rename(code_a="code", same_a="same")
    right = aliases.rename(code_b="code", same_b="same")
    pairs = left.join(right, left.same_a == right.same_b).select("code_a", "code_b").distinct()
    return mark(
        rows, name, key, pairs, lambda t, o: [t[a] == o.code_a, t[b] == o.code_b]
    )
