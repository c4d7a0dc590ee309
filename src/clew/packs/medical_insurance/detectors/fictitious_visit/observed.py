"""Signs on visits (MI-08 b) as one kind of row: which visit, which sign, in which group of visits.

Rows: `row_id` of the settlement, `sign`, `grp` (text; visits of one group make the sign together),
`amount` and `whole` (int64, what the group adds up, where it does). A row without sign lies in a
group that it does not flag.
"""

from __future__ import annotations

from typing import Any, cast

import ibis
import ibis.expr.types as ir

from clew.declare import Relations
from clew.packs.medical_insurance.derived.terms import DAY_PRECISION

NONE, NIGHT, TERMINAL, RUN = "UNVERIFIED_DAY", "NIGHT_BURST", "TERMINAL_BURST", "NUMBER_RUN"
SPEED, PHONE, MINUTES, LOG = "SPEED", "SAME_PHONE", "DOCTOR_MINUTES", "NO_LOG"
SIGNS = (SPEED, TERMINAL, RUN, NIGHT, NONE, PHONE, MINUTES, LOG)


def visits(r: Relations) -> ir.Table:
    """Net settlements of known institutions, `timed` and `settle_timed` where a minute is known."""
    s = r["net_settlements"]
    s = s.filter(s.fixmedins_code.notnull())
    return s.mutate(
        subject_place=s.fixmedins_code,
        day=s.service_date,
        timed=s.begntime_precision > DAY_PRECISION,
        settle_timed=s.setl_time_precision > DAY_PRECISION,
    )


def group_name(sign: str, *parts: Any) -> ir.StringValue:
    name: Any = ibis.literal(sign)
    for part in parts:
        name = name + "|" + part.cast("string")
    return cast(ir.StringValue, name)


def observed(
    t: ir.Table, sign: Any, grp: ir.StringValue, amount: Any = 0, whole: Any = 0
) -> ir.Table:
    """Rows of `t` as observations."""
    columns: dict[str, Any] = {"amount": amount, "whole": whole}
    return t.select(
        "row_id",
        sign=ibis.literal(sign) if isinstance(sign, str) else sign,
        grp=grp,
        **{
            n: (ibis.literal(v) if isinstance(v, int) else v).cast("int64")
            for n, v in columns.items()
        },
    )
