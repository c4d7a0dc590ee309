"""From flagged rows to facts: outcomes, what was tested, money, severity.

Everything here is exact and ordered, so any engine's rows give the same facts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from clew.declare import (
    CLUE,
    DATA_CORRECTION,
    EXCLUDED,
    HIGH,
    LOW,
    MEDIUM,
    REVIEW_LIST,
    Detector,
    Fact,
    Params,
    Relations,
    Row,
    Rule,
)
from clew.declare.detector import column_of

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
    """What a rule of a detector saw, facts in order of subject and key."""

    detector: Detector
    rule: Rule
    candidates: tuple[Candidate, ...]
    untested: tuple[str, ...]
    excluded: Mapping[str, int] = field(default_factory=dict)

    @property
    def clues(self) -> tuple[Candidate, ...]:
        return tuple(c for c in self.candidates if c.outcome == CLUE)

    def count(self, outcome: str) -> int:
        return sum(c.outcome == outcome for c in self.candidates)


def unheld(rule: Rule, r: Relations) -> frozenset[str]:
    """Codes of conditions, signals and exclusions none of whose sources is held."""
    return frozenset(i.code for i in rule.asked if i.sources and not r.held(*i.sources))


def failed(rule: Rule, judged: Judged) -> str:
    """The first condition that is known not to hold on a row; empty if none."""
    return next((c.code for c in rule.conditions if judged.tested[c.code] is False), "")


def resolve(
    detector: Detector, rule: Rule, p: Params, r: Relations, rows: Iterable[Mapping[str, Any]]
) -> Result:
    """Groups a rule's rows, in whatever order they come, into facts and grades the clues.

    Rows on which a condition is known to fail are left out.
    """
    missing = unheld(rule, r)
    groups: dict[tuple[Any, ...], list[Judged]] = {}
    for values in rows:
        judged = judge(rule, values, missing)
        if failed(rule, judged):
            continue
        key = (values["subject"], *(values[part] for part in rule.fact_key))
        groups.setdefault(key, []).append(judged)
    candidates = [_candidate(rule, p, key, groups[key]) for key in sorted(groups, key=_ordering)]
    candidates = _graded(rule, p, candidates)
    codes = set(missing) | {code for c in candidates if c.outcome == CLUE for code in c.untested}
    declared = [item.code for item in rule.asked]
    counts = Counter(c.excluded_by for c in candidates if c.outcome != CLUE)
    return Result(
        detector,
        rule,
        tuple(candidates),
        tuple(code for code in declared if code in codes),
        {code: counts[code] for code in declared if counts[code]},
    )


def judge(rule: Rule, values: Mapping[str, Any], missing: frozenset[str]) -> Judged:
    """One row's verdict: the first exclusion met in declared order decides."""
    tested: dict[str, bool | None] = {
        item.code: values[column_of(item)] if item.code not in missing else None
        for item in rule.asked
    }
    excluded_by, outcome = "", CLUE
    for exclusion in rule.exclusions:
        if tested[exclusion.code] and not excluded_by:
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


def _candidate(rule: Rule, p: Params, key: tuple[Any, ...], rows: list[Judged]) -> Candidate:
    rows.sort(key=row_order)
    outcomes = {j.row.outcome for j in rows}
    if DATA_CORRECTION in outcomes:
        outcome = DATA_CORRECTION
    else:
        outcome = next(o for o in (CLUE, REVIEW_LIST, EXCLUDED) if o in outcomes)
    standing = tuple(j for j in rows if j.row.outcome == outcome)
    order = [e.code for e in rule.exclusions]
    reasons = [j.excluded_by for j in standing if j.excluded_by]
    excluded_by = min(reasons, key=order.index, default="")
    if outcome == CLUE and not _holds(rule, p, key, rows, standing):
        taken = Counter(j.excluded_by for j in rows if j.excluded_by)
        excluded_by = min(taken, key=lambda code: (-taken[code], order.index(code)))
        outcome = next(e.outcome for e in rule.exclusions if e.code == excluded_by)
    flagged = standing if outcome == CLUE else ()
    untested = {c for j in flagged for c, met in j.tested.items() if met is None}
    return Candidate(
        key[0], key[1:], outcome, excluded_by, tuple(rows), flagged,
        tuple(item.code for item in rule.asked if item.code in untested),
    )  # fmt: skip


def _holds(
    rule: Rule, p: Params, key: tuple[Any, ...], rows: list[Judged], standing: tuple[Judged, ...]
) -> bool:
    """Whether what no exclusion took out still meets the condition."""
    if rule.holds is None or len(standing) == len(rows):
        return True
    return rule.holds(_fact(key[0], key[1:], standing), p)


def _fact(subject: int | str, key: tuple[Any, ...], flagged: tuple[Judged, ...]) -> Fact:
    fund, account = (
        sum(int(j.row.values[column] or 0) for j in flagged) for column in ("fund", "account")
    )
    return Fact(subject, key, tuple(j.row for j in flagged), fund, account)


def _graded(rule: Rule, p: Params, candidates: list[Candidate]) -> list[Candidate]:
    clues = [c for c in candidates if c.outcome == CLUE]
    levels = iter(rule.grade([_fact(c.subject, c.key, c.flagged) for c in clues], p))
    alternatives = {s.code for s in rule.signals}
    graded = []
    for candidate in candidates:
        if candidate.outcome == CLUE:
            level = next(levels)
            level = _LOWER[level] if set(candidate.untested) - alternatives else level
            candidate = replace(candidate, severity=level)
        graded.append(candidate)
    return graded


def shown_values(values: Mapping[str, Any], fact_key: Iterable[str]) -> dict[str, Any]:
    """The further columns of a row, as JSON, that a person sees beside it."""
    hidden = {*_FIXED, *fact_key}
    return {
        name: _plain(value)
        for name, value in sorted(values.items())
        if name not in hidden and not name.startswith(("with_", "if_", "is_", "not_"))
    }


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal) and value.as_tuple().exponent == 0:
        return int(value)  # one engine widens sums of whole numbers, another does not
    if isinstance(value, list):
        return sorted((_plain(v) for v in value), key=str)
    return str(value)


def row_order(judged: Judged) -> tuple[int, str]:
    """Also tells rows apart that share a row id, whatever order an engine gave its lists."""
    return judged.row_id, row_text(judged.row.values)


def row_text(values: Mapping[str, Any]) -> str:
    """A row as one text that any engine would give alike."""
    return str(sorted((name, str(_plain(value))) for name, value in values.items()))


def _ordering(key: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(str(part) for part in key)
