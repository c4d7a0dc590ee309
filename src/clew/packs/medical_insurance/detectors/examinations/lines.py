"""Examinations as charged."""

from __future__ import annotations

import ibis.expr.types as ir

from clew.declare import Exclusion, Relations, T
from clew.packs.medical_insurance.derived.charges import charges, listed

EXAM, CONTRAST = "exam", "contrast"
REQUIRED = ("mi_settlement", "mi_fee", "mi_catalogue")
REVERSED = Exclusion("REVERSED", T("已冲销", "Reversed"))
VISIT_ITEM = ("person", "visit", "code")


def exam_lines(r: Relations, *columns: str) -> ir.Table:
    """Charges of examinations with `columns` of the catalogue."""
    items = listed(r, *columns)
    return charges(r, items.filter(items.kind == EXAM))
