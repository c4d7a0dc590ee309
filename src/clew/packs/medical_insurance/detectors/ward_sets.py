"""The same set of items for nearly everybody on a ward: MI-18 (a) and MI-19 (h)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Fact, Params, Relations, ratio
from clew.declare.expressions import RATIO_SCALE
from clew.packs.medical_insurance.derived.charges import month, summed, total
from clew.packs.medical_insurance.derived.terms import stage

WARD_MONTH = ("ward", "month")


def ward_charges(r: Relations, p: Params, t: ir.Table, *by: str, first_days: int = 0) -> ir.Table:
    """Charges of the items that at least `set_share` of a ward's admissions of a month bear, where
    there are `set_items` such items and `set_admissions` admissions.

    `t` are charges, `by` columns that tell rows apart, among them those that excuse; with
    `first_days` only those days of a stay count. Adds `ward`, `month` and `admissions`.
    """
    s = r["stays"]
    s = s.filter(s.adm_dept.notnull()).select(
        "adm_date", stay="mdtrt_id", stay_at="fixmedins_code", ward="adm_dept",
        month=month(s.adm_date),
    )  # fmt: skip
    s = s.mutate(one=ibis.literal(1, "int64"))
    s = s.mutate(admissions=total(s.one, "stay_at", *WARD_MONTH)).drop("one")
    s = s.filter(s.admissions >= p.set_admissions)
    t = t.join(s, [t.visit == s.stay, t.subject == s.stay_at])
    if first_days:
        last = t.adm_date + ibis.interval(days=first_days - 1)
        t = t.filter(t.day >= t.adm_date, t.day <= last.cast("timestamp").date())
    t = stage(summed(t, "code", *WARD_MONTH, "admissions", *by), "ward_items")
    t = t.filter(t.qty > 0, t.row_id.notnull())
    of = ("subject", *WARD_MONTH)
    common = t.group_by(*of, "code", "admissions").aggregate(bearers=t.visit.nunique())
    common = common.filter(ratio(common.bearers, common.admissions) >= float(p.set_share))
    common = common.mutate(one=ibis.literal(1, "int64"))
    common = common.mutate(items=total(common.one, *of))
    common = common.filter(common.items >= p.set_items).select(*of, "code")
    t = t.join(common, [*of, "code"])
    return t.mutate(over=ibis.literal(1, "int64"), of=ibis.literal(1, "int64"))


def largest_set(rows: Iterable[Mapping[str, Any]], p: Params) -> frozenset[str]:
    """The most items that at least `set_share` of the admissions bear all together; empty if fewer
    than `set_items`. `rows` are those of one ward and month.
    """
    bearers: dict[str, set[str]] = defaultdict(set)
    admissions = 0
    for row in rows:
        bearers[row["code"]].add(row["visit"])
        admissions = int(row["admissions"])
    everybody = sorted(set().union(*bearers.values())) if bearers else []
    spare = _spare(len(everybody), admissions, p)
    lacking = {
        code: sum(1 << n for n, visit in enumerate(everybody) if visit not in having)
        for code, having in sorted(bearers.items())
    }
    chosen = _most(lacking, spare) if spare >= 0 else ()
    return frozenset(chosen) if len(chosen) >= p.set_items else frozenset()


def _spare(bearers: int, admissions: int, p: Params) -> int:
    """How many of the bearers may lack a set, the share rounded half up to four places; below 0
    where there are too few to begin with.
    """
    if not admissions:
        return -1
    scale = 2 * RATIO_SCALE
    for lost in range(bearers + 1):
        share, _ = divmod(scale * (bearers - lost) + admissions, 2 * admissions)
        if share < p.set_share * RATIO_SCALE:
            return lost - 1
    return bearers


def _most(lacking: Mapping[str, int], spare: int) -> tuple[str, ...]:
    """The most items whose lacking admissions, as bits, are together at most `spare`; of equally
    many the first by code.
    """
    best: tuple[str, ...] = ()

    def extend(chosen: tuple[str, ...], lost: int, rest: list[str]) -> None:
        nonlocal best
        rest = [code for code in rest if (lost | lacking[code]).bit_count() <= spare]
        # What costs no further admission always belongs.
        free = [code for code in rest if not lacking[code] & ~lost]
        chosen, rest = (*chosen, *free), [code for code in rest if code not in free]
        if len(chosen) > len(best):
            best = chosen
        for n, code in enumerate(rest):
            if len(chosen) + len(rest) - n <= len(best):
                return
            extend((*chosen, code), lost | lacking[code], rest[n + 1 :])

    extend((), 0, list(lacking))
    return best


def choose_sets(
    rows: list[dict[str, Any]], p: Params, excuses: tuple[str, ...]
) -> list[dict[str, Any]]:
    """The rows of each ward's set, and those of common items that an exclusion takes out.

    The set is looked for among what no exclusion takes out; where there is none, among all rows,
    so that the exclusion is seen to decide.
    """
    wards: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        wards[(row["subject"], *(row[part] for part in WARD_MONTH))].append(row)
    told = []
    for key in sorted(wards, key=str):
        every = wards[key]
        excused = {id(row) for row in every if any(row[f"not_{code}"] for code in excuses)}
        chosen = largest_set([row for row in every if id(row) not in excused], p)
        if chosen:
            told += [row for row in every if row["code"] in chosen or id(row) in excused]
        else:
            chosen = largest_set(every, p)
            told += [row for row in every if row["code"] in chosen]
    return told


def still_a_set(fact: Fact, p: Params) -> bool:
    return bool(largest_set([row.values for row in fact.rows], p))
