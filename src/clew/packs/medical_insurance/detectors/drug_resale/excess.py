"""MI-12 (a): more of one substance than anybody may take, from several institutions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import (
    HIGH,
    Condition,
    Params,
    Relations,
    T,
    ratio,
    rule,
    severity_always,
)
from clew.declare.detector import Cells
from clew.packs.medical_insurance.derived.quantities import SCALE, scaled
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

LINE, LONG, REPLACE = "line", "long_rx", "replace"
FILED_DAYS = 84
OWN = ("not_REVERSED", "not_BULK_PICKUP", "not_ONCOLOGY_TRANSPLANT")


def after(rows: list[Cells], p: Params) -> list[Cells]:
    """Windows that qualify after filed quantities are taken off, then those that would have."""
    groups: dict[tuple[int, str], list[Cells]] = defaultdict(list)
    filings: dict[int, list[Cells]] = defaultdict(list)
    for row in rows:
        if row["kind"] != LINE:
            filings[row["person"]].append(row)
    for row in purchases.merged((x for x in rows if x["kind"] == LINE), OWN):
        groups[row["person"], row["substance"]].append(row)
    found: list[Cells] = []
    for (person, substance), lines in sorted(groups.items()):
        lines.sort(key=lambda x: (x["day"], x["row_id"]))
        for line in lines:
            line["excused"] = any(line[code] for code in OWN)
            line["supply"] = _supply(line, line["cnt"])
            line["filed"] = dict.fromkeys((LONG, REPLACE), Fraction(0))
        for filing in sorted(filings[person], key=lambda x: (x["day"], x["row_id"])):
            if filing["substance"] in (substance, None):
                _take_off(filing, lines)
        found += _facts(lines, p)
    return found


def _supply(line: Mapping[str, Any], quantity: int) -> Fraction:
    """Days that a quantity lasts at the highest daily dose; none where units cannot be compared."""
    pack = line["pack"] if line["other"] else 1
    if not pack or not line["daily"] or line["dose"] is None:
        return Fraction(0)
    days = Fraction(Fraction(line["dose"]), Fraction(line["daily"]) * Fraction(pack))
    return Fraction(quantity, SCALE) * days


def _net(line: Mapping[str, Any]) -> Fraction:
    left: Fraction = line["supply"] - sum(line["filed"].values())
    return left


def _take_off(filing: Mapping[str, Any], lines: list[Cells]) -> None:
    """Spends a filing on the dispensings of its time, the earliest first."""
    kind, left = filing["kind"], None
    for line in lines:
        valid = filing["day"] <= line["day"] <= (filing["until"] or date.max)
        if line["excused"] or not valid:
            continue
        if left is None:
            left = _filed(filing, line)
        taken = min(left, _net(line))
        line["filed"][kind] += taken
        left -= taken


def _filed(filing: Mapping[str, Any], line: Mapping[str, Any]) -> Fraction:
    """Days' supply that a filing allows; one that names no amount allows the most."""
    if filing["cnt"] is not None:
        allowed = _supply({**line, "other": False}, filing["cnt"])
    else:
        allowed = Fraction(FILED_DAYS if filing["gross"] is None else filing["gross"])
    return min(allowed, Fraction(FILED_DAYS))


def _facts(lines: list[Cells], p: Params) -> list[Cells]:
    limit = Fraction(p.factor) * p.window

    def enough(rows: Sequence[Cells]) -> bool:
        kept = [x for x in rows if not x["excused"] and _net(x) > 0]
        institutions = {x["institution"] for x in kept}
        return len(institutions) >= int(p.institutions) and sum(map(_net, kept)) >= limit

    def at_first(rows: Sequence[Cells]) -> bool:
        institutions = {x["institution"] for x in rows}
        total = sum(
            _supply(x, x["gross"]) if x["not_REVERSED"] else x["supply"] for x in rows
        )
        return len(institutions) >= int(p.institutions) and total >= limit

    standing = [x for x in lines if not x["excused"] and _net(x) > 0]
    facts = []
    for start, _ in windows(standing, p.window, enough):
        last = start + timedelta(days=p.window - 1)
        beside = [x for x in lines if start <= x["day"] <= last]
        facts += _rows(start, beside, met=True)
    taken = {row["row_id"] for row in facts}
    rest = [x for x in lines if x["row_id"] not in taken]
    for start, inside in windows(rest, p.window, at_first):
        facts += _rows(start, inside, met=False)
    return facts


def _rows(start: date, lines: list[Cells], *, met: bool) -> list[Cells]:
    """Rows of one fact. A clue stands on all dispensings of its window, filed ones too; where
    filings leave too little, those that they cover are excused.
    """
    shares = shared_out(lines, lambda x: not x["excused"])
    rows = []
    for line, (fund, account) in zip(lines, shares, strict=True):
        covered = {kind: not met and part > 0 for kind, part in line["filed"].items()}
        rows.append(
            {
                "subject": line["person"],
                "substance": line["substance"],
                "window_start": start,
                "row_id": line["row_id"],
                "with_settlement": line["settlement_row"],
                "fund": fund,
                "account": account,
                "day": line["day"],
                "institution": line["institution"],
                "supply_days": f"{float(line['supply']):.4f}",
                "confirm_identity": line["confirm_identity"],
                "met": met,
                "if_EXCESS_DOSE": True,
                "if_INSTITUTIONS": True,
                **{code: line[code] for code in OWN},
                "not_LONG_PRESCRIPTION": covered[LONG],
                "not_REPLACEMENT": covered[REPLACE],
            }
        )
    return rows


@rule(
    code="a",
    title=T("单一药品超量", "Too much of one substance"),
    per="person",
    subject="person",
    fact_key=("substance", "window_start"),
    base=T(
        "同一人在窗口期内于门诊和药店取得的同一通用名药品",
        "One substance that a person took home within the window",
    ),
    required=("mi_settlement", "mi_fee", "mi_drug"),
    conditions=(
        Condition("EXCESS_DOSE", T("超过窗口期最大用量的倍数", "Beyond the highest dose allowed")),
        Condition("INSTITUTIONS", T("来自多家机构", "From several institutions")),
    ),
    exclusions=(REVERSED, LONG_PRESCRIPTION, BULK_PICKUP, REPLACEMENT, ONCOLOGY_TRANSPLANT),
    grade=severity_always(HIGH),
    after=after,
    holds=still_met,
)
def excess(r: Relations, p: Params) -> ir.Table:
    known = purchases.drugs(r, p)
    heavy = _heavy(r, p, known)
    t = purchases.purchases(r, known, heavy)
    t = t.semi_join(heavy, ["person", "substance"])
    t = purchases.with_excuses(r, p, t)
    lines = t.select(
        "person", "substance", "day", "cnt", "gross", "dose", "daily", "pack", "other",
        "institution", "setl_id", "settlement_row", "fund_whole", "account_whole", "weight",
        "whole", "confirm_identity", *OWN,
        kind=ibis.literal(LINE),
        until=ibis.null("date"),
        row_id=t.line_id,
    ).distinct()  # fmt: skip
    return lines.union(_filings(r, heavy, lines))


def _heavy(r: Relations, p: Params, known: ir.Table) -> ir.Table:
    """Persons and substances that may qualify: the whole time is no shorter than a window.

    Sums of floats serve here alone, with a day to spare; the windows are counted exactly.
    """
    t = purchases.first_lines(r, known)
    pack = ibis.ifelse(purchases.other_unit(t), t.pack.cast("float64"), 1.0)
    dose = t.cnt.cast("float64") * t.dose.cast("float64")
    t = t.mutate(days=ratio(dose, t.daily.cast("float64") * pack))
    s = purchases.visits(r).select("setl_id", "person", "institution")
    t = t.join(s, "setl_id")
    sums = t.group_by("person", "substance").aggregate(
        days=t.days.sum(),
        first=t.institution.min(),
        last=t.institution.max(),
        institutions=t.institution.nunique(),
    )
    least = float(p.factor) * p.window - 1
    return sums.filter(sums.days >= least, sums.institutions >= p.institutions).select(
        "person", "substance"
    )


def _filings(r: Relations, heavy: ir.Table, lines: ir.Table) -> ir.Table:
    """Filings of those persons, in the shape of the lines."""
    f = r["mi_filing"]
    f = f.filter(f.kind.isin((LONG, REPLACE)), f.start_date <= r.today)
    f = f.semi_join(heavy.select("person").distinct(), f.certno == heavy.person)
    given = {
        "person": f.certno,
        "substance": f.substance.nullif(""),
        "day": f.start_date,
        "until": f.end_date,
        "cnt": scaled(f.qty),
        "gross": f.days,
        "kind": f.kind,
        "row_id": f.row_id,
    }
    return f.select(
        **{c: given.get(c, ibis.null(kind)) for c, kind in lines.schema().items()}
    )
