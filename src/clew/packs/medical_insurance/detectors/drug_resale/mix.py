"""MI-12 (b): several substances of the resale list, none for a diagnosis of the visit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import ibis.expr.types as ir

from clew.declare import (
    HIGH,
    Condition,
    Params,
    Relations,
    T,
    rule,
    severity_always,
)
from clew.declare.detector import Cells
from clew.packs.medical_insurance.derived.terms import valid_on
from clew.packs.medical_insurance.detectors.drug_resale import purchases
from clew.packs.medical_insurance.detectors.drug_resale.excuses import (
    BULK_PICKUP,
    LONG_PRESCRIPTION,
    ONCOLOGY_TRANSPLANT,
    REPLACEMENT,
    REVERSED,
    still_met,
)
from clew.packs.medical_insurance.detectors.drug_resale.windows import shared_out, windows

LONG, REPLACE = "long_rx", "replace"
OWN = (
    "not_REVERSED", "not_LONG_PRESCRIPTION", "not_BULK_PICKUP", "not_REPLACEMENT",
    "not_ONCOLOGY_TRANSPLANT",
)  # fmt: skip


def after(rows: list[Cells], p: Params) -> list[Cells]:
    """Windows of what nothing excuses, then those of all the rest."""
    groups: dict[int, list[Cells]] = defaultdict(list)
    for row in purchases.merged(rows, (*OWN, "diagnosed", "related")):
        if not row["related"]:
            groups[row["person"]].append(row)

    def mixed(inside: Sequence[Cells]) -> bool:
        return int(p.resale_n) <= len({x["substance"] for x in inside})

    found: list[Cells] = []
    for _, lines in sorted(groups.items()):
        lines.sort(key=lambda x: (x["day"], x["row_id"]))
        standing = [x for x in lines if not _excused(x)]
        taken: set[int] = set()
        for start, _ in windows(standing, p.window, mixed):
            last = start + timedelta(days=p.window - 1)
            inside = [x for x in lines if start <= x["day"] <= last]
            found += _rows(start, inside, met=True)
            taken |= {x["row_id"] for x in inside}
        rest = [x for x in lines if x["row_id"] not in taken]
        for start, covered in windows(rest, p.window, mixed):
            found += _rows(start, covered, met=False)
    return found


def _excused(row: Mapping[str, Any]) -> bool:
    return any(row[code] for code in OWN)


def _rows(start: date, lines: Sequence[Cells], *, met: bool) -> list[Cells]:
    shares = shared_out(lines, lambda x: not _excused(x))
    rows = []
    for line, (fund, account) in zip(lines, shares, strict=True):
        rows.append(
            {
                "subject": line["person"],
                "window_start": start,
                "row_id": line["row_id"],
                "with_settlement": line["settlement_row"],
                "fund": fund,
                "account": account,
                "substance": line["substance"],
                "day": line["day"],
                "institution": line["institution"],
                "confirm_identity": line["confirm_identity"],
                "met": met,
                "if_RESALE_MIX": True,
                "if_UNRELATED": True if line["diagnosed"] else None,
                **{code: line[code] for code in OWN},
            }
        )
    return rows


@rule(
    code="b",
    title=T("易倒卖药品混购", "A mix of drugs that are resold"),
    per="person",
    subject="person",
    fact_key=("window_start",),
    base=T(
        "同一人在窗口期内于门诊和药店取得的易倒卖药品",
        "Drugs of the resale list that a person took home within the window",
    ),
    required=("mi_settlement", "mi_fee", "mi_drug", "mi_drug_indication"),
    conditions=(
        Condition("RESALE_MIX", T("易倒卖药品种类数", "Enough substances of the resale list")),
        Condition(
            "UNRELATED", T("与就诊诊断无关", "For no diagnosis of the visit"),
            sources=("mi_diagnosis", "mi_settlement.dise_codg"),
        ),
    ),
    exclusions=(REVERSED, LONG_PRESCRIPTION, BULK_PICKUP, REPLACEMENT, ONCOLOGY_TRANSPLANT),
    grade=severity_always(HIGH),
    after=after,
    holds=still_met,
)  # fmt: skip
def mix(r: Relations, p: Params) -> ir.Table:
    known = purchases.drugs(r, p)
    known = known.filter(known.resale)
    s = purchases.visits(r).select("setl_id", "person")
    t = purchases.first_lines(r, known).join(s, "setl_id")
    sums = t.group_by("person").aggregate(substances=t.substance.nunique())
    t = purchases.purchases(r, known, sums.filter(sums.substances >= p.resale_n))
    t = _filed(r, purchases.with_excuses(r, p, t))
    i = r["mi_drug_indication"].select(cures="icd_category", cure="substance")
    fits = (i.cures == t.listed).fill_null(False) | (i.cures == t.main).fill_null(False)
    t = t.left_join(i, [t.substance == i.cure, fits])
    return t.select(
        "person", "substance", "day", "institution", "setl_id", "settlement_row", "weight",
        "whole", "fund_whole", "account_whole", "confirm_identity", *OWN,
        row_id=t.line_id,
        diagnosed=t.listed.notnull() | t.main.notnull(),
        related=t.cures.notnull(),
    ).distinct()  # fmt: skip


def _filed(r: Relations, t: ir.Table) -> ir.Table:
    """Filings of the person for that substance, or for none in particular, valid that day."""
    f = r["mi_filing"]
    f = f.filter(f.kind.isin((LONG, REPLACE))).select(
        filing="kind", filed_from="start_date", filed_to="end_date", filer="certno",
        filed=f.substance.nullif(""),
    )  # fmt: skip
    t = t.left_join(
        f,
        [
            t.person == f.filer,
            valid_on(t.day, f.filed_from, f.filed_to),
            f.filed.isnull() | (f.filed == t.substance),
        ],
    )
    return t.mutate(
        not_LONG_PRESCRIPTION=(t.filing == LONG).fill_null(False),
        not_REPLACEMENT=(t.filing == REPLACE).fill_null(False),
    )
