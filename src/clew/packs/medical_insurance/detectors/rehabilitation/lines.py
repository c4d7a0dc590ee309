"""Sessions of rehabilitation as charged."""

from __future__ import annotations

import ibis.expr.types as ir

from clew.declare import Exclusion, Relations, T
from clew.packs.medical_insurance.derived.charges import charges, listed

REHAB, EVALUATION = "rehab", "rehab_eval"
REQUIRED = ("mi_settlement", "mi_fee", "mi_catalogue")
REVERSED = Exclusion("REVERSED", T("已冲销", "Reversed"))
STAY = ("person", "visit")
STAY_DAY = (*STAY, "day")
SHOWN = ("subject", "row_id", "with_lines", "fund", "account", "confirm_identity")


def sessions(r: Relations, *columns: str, kind: str = REHAB) -> ir.Table:
    """Charges of rehabilitation, or of its evaluation, with `columns` of the catalogue."""
    items = listed(r, *columns)
    return charges(r, items.filter(items.kind == kind))
