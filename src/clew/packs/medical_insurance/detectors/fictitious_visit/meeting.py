"""Where soft signs meet on one visit (MI-08 b), counted with and without what is excused."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from fractions import Fraction

from clew.declare import Params
from clew.declare.detector import Cells
from clew.packs.medical_insurance.derived.quantities import SCALE
from clew.packs.medical_insurance.detectors.fictitious_visit.observed import (
    LOG,
    MINUTES,
    NIGHT,
    NONE,
    PHONE,
    RUN,
    SIGNS,
    SPEED,
    TERMINAL,
)
from clew.packs.medical_insurance.detectors.fictitious_visit.unrelated import in_unrelated_set

EXCUSES = (
    "not_REVERSED", "not_OFFLINE_SUPPLEMENT", "not_INTERNET_REVISIT", "not_MOBILE_CLINIC",
)  # fmt: skip
MEETING = 2

Groups = Mapping[str, Sequence[Cells]]
Flagged = dict[int, dict[str, list[str]]]
"""Visit → its signs → the groups that make them."""
Test = Callable[[Sequence[Cells], Params], Sequence[Cells]]
"""Tells which members of a group bear its sign, from all members and nothing else."""


def after(rows: list[Cells], p: Params) -> list[Cells]:
    """One row a visit with two signs; excused where it is, or where the signs rest on others that
    are.
    """
    groups: dict[str, list[Cells]] = defaultdict(list)
    for row in rows:
        groups[row["grp"]].append(row)
    seen = _flagged(groups, p)
    standing = {g: [row for row in members if not _excused(row)] for g, members in groups.items()}
    left = _flagged(standing, p)
    visits = {row["row_id"]: row for row in rows}
    facts: dict[tuple[str, object], list[Cells]] = defaultdict(list)
    for row_id in sorted(seen):
        if len(seen[row_id]) >= MEETING:
            row = visits[row_id]
            cells = _visit(row, groups, seen[row_id], left.get(row_id, {}))
            facts[row["subject_place"], row["day"]].append(cells)
    for members in facts.values():
        _with_evidence(members, standing, left)
    return [row for members in facts.values() for row in members]


def _excused(row: Cells) -> bool:
    return any(row[code] for code in EXCUSES)


def _visit(
    row: Cells, groups: Groups, seen: Mapping[str, list[str]], left: Mapping[str, list[str]]
) -> Cells:
    cells: Cells = {
        name: row[name]
        for name in (
            "row_id", "person", "mdtrt_id", "med_type", "begntime", "setl_time", "psn_no",
            "terminal_no", "fund", "account", "confirm_identity", *EXCUSES,
        )
    }  # fmt: skip
    cells |= {"subject": row["subject_place"], "service_day": row["day"], "if_TWO_SIGNALS": True}
    if not _excused(row) and len(left) < MEETING:
        others = [o for sign in seen if sign not in left for g in seen[sign] for o in groups[g]]
        cells[_commonest_excuse(others)] = True
    shown = seen if len(left) < MEETING else left
    for sign in SIGNS:
        cells[f"is_{sign}"] = sign in shown
    if not row["phones_told"]:
        cells[f"is_{PHONE}"] = None
    if not row["lines_held"]:
        cells |= {f"is_{MINUTES}": None, f"is_{LOG}": None}
    return cells


def _commonest_excuse(others: Iterable[Cells]) -> str:
    counts = Counter(code for row in others for code in EXCUSES if row[code])
    return min(EXCUSES, key=lambda code: (-counts[code], EXCUSES.index(code)))


def _with_evidence(members: list[Cells], standing: Groups, left: Flagged) -> None:
    """The other visits of the groups that make the signs, named once, beside the first visit."""
    stands = [m for m in members if not any(m[code] for code in EXCUSES)]
    beside = {
        row["row_id"]
        for m in stands
        for groups in left[m["row_id"]].values()
        for g in groups
        for row in standing[g]
    }
    beside -= {m["row_id"] for m in members}
    for n, m in enumerate(stands or members):
        m["with_others"] = sorted(beside) if n == 0 else []
    for m in members:
        m.setdefault("with_others", [])


def _flagged(groups: Groups, p: Params) -> Flagged:
    found: Flagged = defaultdict(lambda: defaultdict(list))
    for name, members in groups.items():
        sign = name.partition("|")[0]
        for row in _TESTS[sign](members, p) if members else ():
            if row["sign"] == sign:
                found[row["row_id"]][sign].append(name)
    return found


def _together(least: Callable[[Params], int]) -> Test:
    """The sign of a group that needs a number of visits."""

    def test(members: Sequence[Cells], p: Params) -> Sequence[Cells]:
        return members if len(members) >= least(p) else ()

    return test


def _burst(members: Sequence[Cells], p: Params) -> Sequence[Cells]:
    members = sorted(members, key=lambda row: (row["setl_time"], row["row_id"]))
    span = timedelta(minutes=p.terminal_min)
    inside: dict[int, Cells] = {}
    for n, first in enumerate(members):
        together = [row for row in members[n:] if row["setl_time"] <= first["setl_time"] + span]
        if len(together) >= p.terminal_n:
            inside |= {row["row_id"]: row for row in together}
    return list(inside.values())


def _run(members: Sequence[Cells], p: Params) -> Sequence[Cells]:
    """Numbers that still follow each other."""
    members = sorted(members, key=lambda row: (row["setl_time"], row["row_id"]))
    found: list[Cells] = []
    run: list[Cells] = []
    for row in members:
        if run and _number(row) != _number(run[-1]) + 1:
            found += run if len(run) >= p.run_n else []
            run = []
        run.append(row)
    return [*found, *(run if len(run) >= p.run_n else [])]


def _number(row: Cells) -> int:
    text: str = row["psn_no"]
    return int("".join(c if c.isdigit() else " " for c in text).split()[-1])


def _phone(members: Sequence[Cells], p: Params) -> Sequence[Cells]:
    kin = {row["person"]: frozenset(row["relatives"] or ()) for row in members}
    found: dict[int, Cells] = {}
    for start in sorted({row["day"] for row in members}):
        last = start + timedelta(days=p.phone_days - 1)
        window = [row for row in members if start <= row["day"] <= last]
        persons = in_unrelated_set({row["person"] for row in window}, kin, p.phone_n)
        found |= {row["row_id"]: row for row in window if row["person"] in persons}
    return list(found.values())


def _minutes(members: Sequence[Cells], p: Params) -> Sequence[Cells]:
    worked = sum(row["amount"] for row in members)
    return members if worked > p.doctor_min * SCALE else ()


def _unlogged(members: Sequence[Cells], p: Params) -> Sequence[Cells]:
    tests, missing = sum(row["whole"] for row in members), sum(row["amount"] for row in members)
    enough = tests >= p.log_n and Fraction(missing, tests) >= Fraction(p.log_share)
    return members if enough else ()


_TESTS: dict[str, Test] = {
    SPEED: _together(lambda p: 2),
    TERMINAL: _burst,
    RUN: _run,
    NIGHT: _together(lambda p: int(p.night_n)),
    NONE: _together(lambda p: int(p.none_n)),
    PHONE: _phone,
    MINUTES: _minutes,
    LOG: _unlogged,
}
