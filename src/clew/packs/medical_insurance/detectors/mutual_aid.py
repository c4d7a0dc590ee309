"""Whether a row is family mutual aid: the holder's account paid for another patient."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import Relations
from clew.packs.medical_insurance.derived.terms import mark, valid_on


def mark_mutual_aid(r: Relations, rows: ir.Table, key: tuple[str, ...]) -> ir.Table:
    """Adds the nullable boolean `not_MUTUAL_AID`.

    `rows` carry `person` (the holder looked at), `by_owner` (found as the account's owner, the
    patient being another), `owner`, `mutual_aid`, `fund_whole`, `account_whole`, `service_date`.
    Where the owner was not recorded, a row paid by mutual aid alone is taken as such, unless
    bindings are held and none was valid that day.
    """
    if r.held("mi_binding"):
        b = r["mi_binding"]
        sides = [
            b.select(bound=b[side], bound_from=b.start_date, bound_to=b.end_date)
            for side in ("owner_certno", "member_certno")
        ]
        rows = mark(
            rows, "bound", key, ibis.union(*sides),
            lambda t, o: [
                t.person == o.bound, valid_on(t.service_date, o.bound_from, o.bound_to)
            ],
        )
    else:
        rows = rows.mutate(bound=ibis.literal(True))
    unpaid = (rows.fund_whole == 0) & (rows.account_whole == 0)
    alone = rows.owner.isnull() & unpaid & (rows.mutual_aid > 0) & rows.bound
    return rows.mutate(not_MUTUAL_AID=rows.by_owner | alone).drop("bound")
