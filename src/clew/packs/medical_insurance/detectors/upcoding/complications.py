"""Diagnoses that make a case heavier, and the treatments that should go with them."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Exclusion, Relations, T

REVERSED = Exclusion("REVERSED", T("已冲销", "Reversed"))
MCC, CC = "MCC", "CC"
ON_ADMISSION = "3"
TREATMENTS = "cc_treatment"


def complications(r: Relations) -> ir.Table:
    """Diagnoses of CC or MCC that count for the case group: `visit`, `diagnosis` (row id),
    `diag_code`, `cc_level`. Those of admission alone do not.
    """
    d = r["mi_diagnosis"]
    d = d.filter(d.cc_level.isin((MCC, CC)), d.diag_type != ON_ADMISSION)
    return d.select("diag_code", "cc_level", visit="mdtrt_id", diagnosis="row_id")


def expected_treatments(r: Relations, found: ir.Table) -> ir.Table:
    """Treatments that the list names for the codes in `found`, one row each: `of_code`,
    `treatment`, the beginning of an item's code, `listed_from`, `listed_to`.

    The code of a list entry is the beginning of a diagnosis, its note holds the treatments.
    """
    c = r["mi_code_list"]
    c = c.filter(c.list == TREATMENTS, c.note.notnull())
    named: Any = c.note.re_replace("[,;，；、|/ ]+", ",").split(",").unnest()
    c = c.select(prefix="code", treatment=named, listed_from="start_date", listed_to="end_date")
    codes = found.select(of_code=found.diag_code).distinct()
    t = codes.join(
        c.filter(c.treatment != ""), [codes.of_code.upper().startswith(c.prefix.upper())]
    )
    return t.select("of_code", "treatment", "listed_from", "listed_to").distinct()


def heaviest(levels: Any) -> ir.StringValue:
    """The last character of a case group with these levels: 1 MCC, 3 CC, 5 neither."""
    heavy: Any = ibis.cases(
        ((levels == MCC).any(), "1"), ((levels == CC).any(), "3"), else_="5"
    )
    return heavy
