"""Every rule of every detector is held to cases: it fires, it stays silent, each excuse excuses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from clew.declare import Detector, Exclusion, Pack, Rule, registry
from tests.spec.harness import Case
from tools.manual.detectors import cases, page

PACK = registry.pack("medical_insurance")
SPECIFIED = cases()
RULES = [(d, r) for d in PACK.detectors for r in d.rules]
each_rule = pytest.mark.parametrize(
    ("detector", "rule"), RULES, ids=[f"{d.id}{r.code}" for d, r in RULES]
)


def listed(detector: Detector, rule: Rule) -> tuple[Case, ...]:
    return SPECIFIED.get(detector.id, {}).get(rule.code, ())


def cells(listed_: tuple[Case, ...]) -> Iterator[set[str]]:
    """The words of every expected fact."""
    for case in listed_:
        for line in case.facts.strip().splitlines():
            yield {part for cell in line.split("|") for part in cell.strip().split("+")}


@each_rule
def test_a_rule_fires_and_stays_silent(detector: Detector, rule: Rule) -> None:
    told = list(cells(listed(detector, rule)))
    assert any("clue" in words for words in told)
    assert any("clue" not in words for words in told)


@each_rule
def test_every_exclusion_has_been_seen_to_exclude(detector: Detector, rule: Rule) -> None:
    seen = {word for words in cells(listed(detector, rule)) for word in words}
    assert {e.code for e in rule.exclusions} <= seen


@pytest.mark.parametrize("detector", PACK.detectors, ids=lambda d: d.id)
def test_a_page_of_the_manual_tells_everything(detector: Detector) -> None:
    text = page(detector, PACK, SPECIFIED[detector.id], queries=False)
    codes = [i.code for r in detector.rules for i in r.asked if isinstance(i, Exclusion)]
    for word in (*codes, *(p.name for p in detector.params), detector.doc):
        assert word in text
    for basis in detector.basis:
        assert PACK.legal[basis].document.zh in text
    for rule in detector.rules:
        for case in listed(detector, rule):
            assert case.title.zh in text


def test_a_page_holds_the_query_of_every_rule() -> None:
    detector = next(d for d in PACK.detectors if len(d.rules) == 2)
    text = page(detector, PACK, SPECIFIED[detector.id])
    assert text.count("```sql\nWITH") + text.count("```sql\nSELECT") == len(detector.rules)


def test_detectors_beside_a_case_library_name_ways_of_working(packs: Sequence[Pack]) -> None:
    beside = [d for pack in packs if pack.library for d in pack.detectors]
    assert beside
    assert [d.id for d in beside if not d.tags] == []
