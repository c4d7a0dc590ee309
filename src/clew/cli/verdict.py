"""Compares what a run saw with what a sample planted. Only demo and tests read the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from clew.cli.ingest import as_json
from clew.datasets.ingest.deliver import Receipt
from clew.declare import registry
from clew.detection import facts_file
from clew.detection.models import Run
from clew.detection.queries import current_hits
from clew.kernel.identifiers import person_id, person_scheme
from clew.kernel.keys import clue_id, person_key
from clew.kernel.workspace import Workspace

PERSON = "person:"
SCORED_RECALL, SCORED_PRECISION = Fraction(95, 100), Fraction(9, 10)


@dataclass
class Score:
    """One detector against the truth. `false` are clues that the truth does not know, `wrong` say
    what is not as planted. Of a scored detector, `false` are look-alikes taken for schemes, and
    clues of ordinary life stand apart as `unjudged`: the truth cannot say whether they stand out.
    """

    detector: str
    planted: int = 0
    found: int = 0
    missed: int = 0
    false: int = 0
    unjudged: int = 0
    look_alikes: int = 0
    wrong: list[str] = field(default_factory=list)


def score(truth: Mapping[str, Any], run: Run) -> list[Score]:
    """Planted schemes must be clues of the planted severity; look-alikes must be excused by the
    code planted for them, or fail the condition planted for them.
    """
    today = date.fromisoformat(truth["today"])
    seen = {h.clue.code: h for h in current_hits()}
    excused = _excused(run)
    scores = {d: Score(d) for d in sorted(registry.detectors())}
    schemes: set[str] = set()
    for case in truth["planted"]:
        result = scores[case["detector"]]
        code = identity(case, today)
        if case["excluded_by"]:
            result.look_alikes += 1
            _look_alike(result, case, code in seen, excused.get(code, ""))
            continue
        result.planted += 1
        schemes.add(code)
        if code not in seen:
            result.missed += 1
            result.wrong.append(f"漏: {case['fact']}")
            continue
        result.found += 1
        if case.get("severity") and seen[code].severity != case["severity"]:
            result.wrong.append(f"级别 {seen[code].severity}≠{case['severity']}: {case['fact']}")
    for code, hit in seen.items():
        if code not in schemes and hit.clue.detector in scores:
            _unplanted(scores[hit.clue.detector], f"误: {code} {hit.clue.fact_key}")
    for result in scores.values():
        if registry.detector(result.detector).scored and _good_enough(result):
            result.wrong = [line for line in result.wrong if not line.startswith(("漏", "误"))]
    return [s for s in scores.values() if s.planted or s.look_alikes or s.false]


def _unplanted(result: Score, line: str) -> None:
    if registry.detector(result.detector).scored:
        result.unjudged += 1
        return
    result.false += 1
    result.wrong.append(line)


def _good_enough(result: Score) -> bool:
    """What is asked of a scored detector on planted cases."""
    recall = Fraction(result.found, max(result.planted, 1))
    precision = Fraction(result.found, max(result.found + result.false, 1))
    return recall >= SCORED_RECALL and precision >= SCORED_PRECISION


def _look_alike(result: Score, case: Mapping[str, Any], fired: bool, excused_by: str) -> None:
    detector = registry.detector(case["detector"])
    exclusions = {e.code for e in detector.rule(case.get("rule", "")).exclusions}
    if fired:
        if registry.detector(result.detector).scored:
            result.false += 1
            result.unjudged -= 1
        result.wrong.append(f"误: 形似 {case['excluded_by']} {case['fact']}")
    elif case["excluded_by"] in exclusions and excused_by != case["excluded_by"]:
        result.wrong.append(f"理由 {excused_by or '无'}≠{case['excluded_by']}: {case['fact']}")
    elif case["excluded_by"] not in exclusions and excused_by:
        result.wrong.append(f"理由 {excused_by}≠{case['excluded_by']}: {case['fact']}")


def identity(case: Mapping[str, Any], today: date) -> str:
    """The clue id that a planted case has in this workspace."""
    detector = registry.detector(case["detector"])
    rule, subject = detector.rule(case.get("rule", "")), case["subject"]
    if rule.subject == "person":
        subject = _key(subject, today)
    fact = [
        str(_key(part.removeprefix(PERSON), today)) if part.startswith(PERSON) else part
        for part in case["fact"]
    ]
    return clue_id(Workspace.current().key, detector.id, rule.code, rule.subject, subject, fact)


def _key(number: str, today: date) -> int:
    checked = person_id(number, None, as_of=today)
    normal = checked.normal or number
    return person_key(Workspace.current().key, person_scheme(normal, None), normal)


def _excused(run: Run) -> dict[str, str]:
    """Clue identity → code that excused the fact, for every candidate that is no clue."""
    found: dict[str, str] = {}
    for fact in facts_file.read(Workspace.current(), run.facts_file):
        detector = registry.detector(fact["detector"])
        rule = detector.rule(fact["rule"])
        code = clue_id(
            Workspace.current().key, detector.id, rule.code, rule.subject, fact["subject"],
            fact["key"],
        )  # fmt: skip
        if fact["excluded_by"]:
            found[code] = fact["excluded_by"]
    return found


def deliveries(truth: Mapping[str, Any], receipts: Mapping[str, Sequence[Receipt]]) -> list[str]:
    """What the import counted differently from what was planted, one line a file."""
    wrong = []
    for name, expected in truth["expected"].items():
        counted: Counter[str] = Counter()
        for receipt in receipts.get(name, ()):
            counted.update({k: as_json(receipt)[k] for k in expected})
        if dict(counted) != expected:
            wrong.append(f"{name}: {dict(counted)} ≠ {expected}")
    return wrong
