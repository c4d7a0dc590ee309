"""Laboratory tests as charged."""

from __future__ import annotations

import ibis.expr.types as ir

from clew.declare import Exclusion, Relations, T
from clew.packs.medical_insurance.derived.charges import charges, listed

LAB, RESEARCH = "lab", "2"
REQUIRED = ("mi_settlement", "mi_fee", "mi_catalogue")
REVERSED = Exclusion("REVERSED", T("已冲销", "Reversed"))
RESEARCH_FUNDED = Exclusion(
    "RESEARCH_FUNDED", T("科研经费承担", "Borne by a research fund"), sources=("mi_fee.bear_type",)
)
SHOWN = ("subject", "row_id", "with_lines", "fund", "account", "confirm_identity", "visit")
VERDICTS = ("not_REVERSED", "not_RESEARCH_FUNDED")


def lab_lines(r: Relations, *columns: str) -> ir.Table:
    """Charges of tests with `columns` of the catalogue, the nullable `research`, and `out`, true
    where an exclusion takes the line out.
    """
    items = listed(r, *columns)
    t = charges(r, items.filter(items.kind == LAB))
    research = t.bear_type == RESEARCH
    return t.mutate(research=research, out=t.reversed | research.fill_null(False))


def judged(t: ir.Table) -> ir.Table:
    """Adds the verdicts of both exclusions."""
    return t.mutate(not_REVERSED=t.reversed, not_RESEARCH_FUNDED=t.research)
