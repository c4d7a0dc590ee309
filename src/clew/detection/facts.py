"""From flagged rows to facts: outcomes, what was tested, money, severity.

Everything here is exact and ordered, so any engine's rows give the same facts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from clew.declare import (
    CLUE,
    DATA_CORRECTION,
    EXCLUDED,
    HIGH,
    LOW,
    MEDIUM,
    REVIEW_LIST,
    Condition,
    Detector,
    Exclusion,
    Fact,
    Params,
    Relations,
    Row,
)

_LOWER = {HIGH: MEDIUM, MEDIUM: LOW, LOW: LOW}
_FIXED = ("subject", "row_id", "fund", "account")


@dataclass(frozen=True, slots=True)
class Judged:
    """One flagged row with its verdict. `tested` maps each code to true, false or null."""

    row: Row
    excluded_by: str
    tested: Mapping[str, bool | None]
    others: tuple[tuple[str, int], ...]

    @property
    def row_id(self) -> int:
        return int(self.row.values["row_id"])


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fact with its outcome. `flagged` are the rows that stand, `rows` all of them."""

    subject: int | str
    key: tuple[Any, ...]
    outcome: str
    excluded_by: str
    rows: tuple[Judged, ...]
    flagged: tuple[Judged, ...]
    untested: tuple[str, ...]
    severity: str = ""

    @property
    def fund(self) -> int:
        return sum(int(j.row.values["fund"] or 0) for j in self.flagged)

    @property
    def account(self) -> int:
        return sum(int(j.row.values["account"] or 0) for j in self.flagged)


@dataclass(frozen=True, slots=True)
class Result:
    """What a detector saw, facts in order of subject and key."""

    detector: Detector
    candidates: tuple[Candidate, ...]
    untested: tuple[str, ...]
    excluded: Mapping[str, int] = field(default_factory=dict)

    @property
    def clues(self) -> tuple[Candidate, ...]:
        return tuple(c for c in self.candidates if c.outcome == CLUE)

    def count(self, outcome: str) -> int:
        return sum(c.outcome == outcome for c in self.candidates)


def unheld(detector: Detector, r: Relations) -> frozenset[str]:
    """Codes of conditions and exclusions none of whose sources is held."""
    return frozenset(
        item.code
        for item in asked(detector)
        if item.sources and not r.held(*item.sources)
    )


def asked(detector: Detector) -> tuple[Condition | Exclusion, ...]:
    """All that a detector asks of a row, in declared order."""
    return (*detector.conditions, *detector.exclusions)


def resolve(
    detector: Detector, p: Params, r: Relations, rows: Iterable[Mapping[str, Any]]
) -> Result:
    """Groups a detector's rows, in whatever order they come, into facts and grades the clues."""
    missing = unheld(detector, r)
    groups: dict[tuple[Any, ...], list[Judged]] = {}
    for values in rows:
        judged = judge(detector, values, missing)
        key = (values["subject"], *(values[part] for part in detector.fact_key))
        groups.setdefault(key, []).append(judged)
    candidates = [_candidate(detector, key, groups[key]) for key in sorted(groups, key=_ordering)]
    candidates = _graded(detector, p, candidates)
    codes = set(missing) | {code for c in candidates if c.outcome == CLUE for code in c.untested}
    declared = [item.code for item in asked(detector)]
    counts = Counter(c.excluded_by for c in candidates if c.outcome != CLUE)
    return Result(
        detector,
        tuple(candidates),
        tuple(code for code in declared if code in codes),
        {code: counts[code] for code in declared if counts[code]},
    )


def judge(detector: Detector, values: Mapping[str, Any], missing: frozenset[str]) -> Judged:
    """One row's verdict: the first exclusion met in declared order decides."""
    tested: dict[str, bool | None] = {}
    for condition in detector.conditions:
        held = condition.code not in missing
        tested[condition.code] = values[f"if_{condition.code}"] if held else None
    excluded_by, outcome = "", CLUE
    for exclusion in detector.exclusions:
        met = values[f"not_{exclusion.code}"] if exclusion.code not in missing else None
        tested[exclusion.code] = met
        if met and not excluded_by:
            excluded_by, outcome = exclusion.code, exclusion.outcome
    others = sorted(
        {
            (name.removeprefix("with_"), int(row))
            for name, found in values.items()
            if name.startswith("with_") and found is not None
            for row in (found if isinstance(found, list) else [found])
            if row is not None and row != values["row_id"]
        }
    )
    return Judged(Row(values, outcome), excluded_by, tested, tuple(others))


def _candidate(detector: Detector, key: tuple[Any, ...], rows: list[Judged]) -> Candidate:
    rows.sort(key=row_order)
    outcomes = {j.row.outcome for j in rows}
    if DATA_CORRECTION in outcomes:
        outcome = DATA_CORRECTION
    else:
        outcome = next(o for o in (CLUE, REVIEW_LIST, EXCLUDED) if o in outcomes)
    standing = tuple(j for j in rows if j.row.outcome == outcome)
    order = [e.code for e in detector.exclusions]
    reasons = [j.excluded_by for j in standing if j.excluded_by]
    excluded_by = min(reasons, key=order.index, default="")
    flagged = standing if outcome == CLUE else ()
    untested = {c for j in flagged for c, met in j.tested.items() if met is None}
    return Candidate(
        key[0], key[1:], outcome, excluded_by, tuple(rows), flagged,
        tuple(item.code for item in asked(detector) if item.code in untested),
    )  # fmt: skip


def _graded(detector: Detector, p: Params, candidates: list[Candidate]) -> list[Candidate]:
    clues = [c for c in candidates if c.outcome == CLUE]
    facts = [
        Fact(c.subject, c.key, tuple(j.row for j in c.flagged), c.fund, c.account) for c in clues
    ]
    levels = iter(detector.grade(facts, p))
    graded = []
    for candidate in candidates:
        if candidate.outcome == CLUE:
            level = next(levels)
            level = _LOWER[level] if candidate.untested else level
            candidate = replace(candidate, severity=level)
        graded.append(candidate)
    return graded


def shown_values(values: Mapping[str, Any], fact_key: Iterable[str]) -> dict[str, Any]:
    """The further columns of a row, as JSON, that a person sees beside it."""
    hidden = {*_FIXED, *fact_key}
    return {
        name: _plain(value)
        for name, value in sorted(values.items())
        if name not in hidden and not name.startswith(("with_", "if_", "not_"))
    }


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list):
        return sorted((_plain(v) for v in value), key=str)
    return str(value)


def row_order(judged: Judged) -> tuple[int, str]:
    """Also tells rows apart that share a row id, whatever order an engine gave its lists."""
    cells = sorted((name, str(_plain(value))) for name, value in judged.row.values.items())
    return judged.row_id, str(cells)


def _ordering(key: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(str(part) for part in key)
