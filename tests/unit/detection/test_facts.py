"""From rows to facts: the order of outcomes, what counts as tested, and no order but our own."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    Rule,
    Signal,
    T,
)
from clew.detection.facts import Candidate, Result, resolve, shown_values
from clew.kernel.errors import DeclarationError

P = Params({})


def by_fund(facts: Sequence[Fact], p: Params) -> Sequence[str]:
    return [HIGH if f.fund >= 100 else MEDIUM if f.fund >= 10 else LOW for f in facts]


RULE = Rule(
    code="", title=T("试", "try"), per="person", subject="person",
    fact_key=("day",), base=T("行", "rows"), required=("base",),
    conditions=(
        Condition("AFTER", T("后", "after")),
        Condition("NEAR", T("近", "near"), sources=("extra.place",)),
    ),
    exclusions=(
        Exclusion("FIRST", T("一", "one")),
        Exclusion("LISTED", T("二", "two"), outcome=REVIEW_LIST),
        Exclusion("WRONG", T("三", "three"), outcome=DATA_CORRECTION, sources=("extra",)),
        Exclusion("LAST", T("四", "four"), sources=("leave", "extra.flag")),
    ),
    signals=(), grade=by_fund, after=None, holds=None, find=lambda r, p: None,
)  # fmt: skip
DETECTOR = Detector(
    id="XX-01", title=T("试", "try"), version=1, doc="Tried here.", rules=(RULE,), owner="",
    next_review=date(2024, 1, 1),
)
ALL = frozenset({"base", "extra", "extra.place", "extra.flag", "leave"})
CODES = [e.code for e in DETECTOR.exclusions]


def relations(held: Iterable[str] = ALL) -> Relations:
    return Relations({}, {}, held=frozenset(held), as_of=date(2023, 10, 31))


def row(number: int, *, subject: int = 1, day: str = "2023-01-01", **values: Any) -> dict[str, Any]:
    plain = {f"not_{code}": False for code in CODES} | {"if_AFTER": True, "if_NEAR": True}
    fixed = {"subject": subject, "day": day, "row_id": number, "fund": 10, "account": 0}
    return plain | fixed | values


def run(*rows: Mapping[str, Any], held: Iterable[str] = ALL) -> Result:
    return resolve(DETECTOR, DETECTOR.rules[0], P, relations(held), rows)


def only(result: Result) -> Candidate:
    (candidate,) = result.candidates
    return candidate


def test_a_row_that_nothing_excuses_makes_its_fact_a_clue() -> None:
    result = run(row(1, not_FIRST=True), row(2, fund=7, account=3), row(3, not_LAST=True))
    fact = only(result)
    assert (fact.outcome, fact.excluded_by, fact.fund, fact.account) == (CLUE, "", 7, 3)
    assert [j.row_id for j in fact.flagged] == [2]
    assert [j.row_id for j in fact.rows] == [1, 2, 3]
    assert result.excluded == {}


def test_rows_fall_one_by_one_until_the_fact_has_none() -> None:
    fact = only(run(row(1, not_FIRST=True), row(2, not_FIRST=True), row(3, not_LAST=True)))
    assert (fact.outcome, fact.excluded_by, fact.flagged) == (EXCLUDED, "FIRST", ())
    assert fact.fund == 0


def test_review_list_stands_before_excluded() -> None:
    result = run(row(1, not_FIRST=True), row(2, not_LISTED=True))
    fact = only(result)
    assert (fact.outcome, fact.excluded_by) == (REVIEW_LIST, "LISTED")
    assert result.count(REVIEW_LIST) == 1
    assert result.excluded == {"LISTED": 1}


def test_a_wrong_record_takes_the_whole_fact() -> None:
    fact = only(run(row(1), row(2, not_WRONG=True), row(3, not_LISTED=True)))
    assert (fact.outcome, fact.excluded_by) == (DATA_CORRECTION, "WRONG")
    assert fact.flagged == ()


def test_the_first_code_in_declared_order_decides_and_all_are_kept() -> None:
    fact = only(run(row(1, not_LAST=True, not_LISTED=True)))
    assert fact.excluded_by == "LISTED"
    assert fact.rows[0].tested == {
        "AFTER": True, "NEAR": True, "FIRST": False, "LISTED": True, "WRONG": False, "LAST": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fund", "level", "lowered"), [(100, HIGH, MEDIUM), (10, MEDIUM, LOW), (1, LOW, LOW)]
)
def test_severity_drops_one_step_where_something_was_not_tested(
    fund: int, level: str, lowered: str
) -> None:
    assert only(run(row(1, fund=fund))).severity == level
    fact = only(run(row(1, fund=fund, not_LAST=None, not_FIRST=None)))
    assert (fact.severity, fact.untested) == (lowered, ("FIRST", "LAST"))


def test_an_excused_row_leaves_no_doubt_on_the_others() -> None:
    fact = only(run(row(1, not_FIRST=True, not_LAST=None), row(2)))
    assert fact.untested == ()


def test_untested_joins_what_a_run_lacks_and_what_a_row_lacks() -> None:
    result = run(row(1, not_FIRST=None), held={"base", "extra.flag"})
    assert result.untested == ("NEAR", "FIRST", "WRONG")
    assert only(result).untested == ("NEAR", "FIRST", "WRONG")
    assert run(held={"base"}).untested == ("NEAR", "WRONG", "LAST")
    assert run().untested == ()


def test_without_its_source_an_exclusion_cannot_excuse() -> None:
    """Whatever an engine makes of an empty table."""
    fact = only(run(row(1, not_WRONG=True), held={"base", "extra.place", "leave"}))
    assert (fact.outcome, fact.untested) == (CLUE, ("WRONG",))


def test_other_rows_are_named_once_and_never_the_row_itself() -> None:
    judged = only(run(row(1, with_death=[5, 3, 5, None], with_self=1, with_none=None))).flagged[0]
    assert judged.others == (("death", 3), ("death", 5))


def test_values_shown_are_plain_and_sorted() -> None:
    values = row(1, with_x=[1], on=date(2023, 1, 2), days=["b", "a"], n=None)
    assert shown_values(values, ("day",)) == {"days": ["a", "b"], "n": None, "on": "2023-01-02"}


@pytest.mark.parametrize("whole", [50, Decimal(50), Decimal(-(10**30))])
def test_a_whole_number_is_shown_alike_however_wide(whole: int | Decimal) -> None:
    shown = shown_values(row(1, n=whole, price=Decimal("50.00")), ("day",))
    assert shown == {"n": int(whole), "price": "50.00"}
    assert type(shown["n"]) is int


def test_counts_of_exclusions_and_clues_make_up_all_candidates() -> None:
    result = run(
        row(1), row(2, day="2023-01-02", not_FIRST=True), row(3, day="2023-01-03", not_WRONG=True),
        row(4, subject=2, not_LISTED=True), row(5, subject=2, day="2023-01-02", not_FIRST=True),
    )  # fmt: skip
    assert len(result.candidates) == 5
    assert sum(result.excluded.values()) + len(result.clues) == 5
    assert list(result.excluded) == ["FIRST", "LISTED", "WRONG"]


cells = st.fixed_dictionaries(
    {
        "subject": st.integers(1, 3),
        "day": st.sampled_from(["2023-01-01", "2023-01-02"]),
        "fund": st.integers(-50, 150),
        "with_other": st.lists(st.integers(1, 9), max_size=4),
        **{f"not_{code}": st.sampled_from([True, False, False, None]) for code in CODES},
    }
)


@given(st.lists(cells, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_of_lists_changes_nothing(
    drawn: list[dict[str, Any]], rng: random.Random
) -> None:
    rows = [row(number // 2, **values) for number, values in enumerate(drawn)]
    shuffled = [r | {"with_other": rng.sample(r["with_other"], len(r["with_other"]))} for r in rows]
    rng.shuffle(shuffled)
    assert told(run(*shuffled)) == told(run(*rows))


def told(result: Result) -> list[Any]:
    return [
        (c.subject, c.key, c.outcome, c.excluded_by, c.severity, c.fund, c.untested,
         [(j.row_id, j.others, j.tested, j.excluded_by) for j in c.rows])
        for c in result.candidates
    ] + [result.untested, result.excluded]  # fmt: skip


@given(st.lists(cells, max_size=12))
def test_one_fact_a_subject_and_key_and_its_rows_add_up(drawn: list[dict[str, Any]]) -> None:
    rows = [row(number, **values) for number, values in enumerate(drawn)]
    result = run(*rows)
    assert sorted((c.subject, *c.key) for c in result.candidates) == sorted(
        {(r["subject"], r["day"]) for r in rows}
    )
    assert sum(len(c.rows) for c in result.candidates) == len(rows)
    for fact in result.candidates:
        own = [r for r in rows if (r["subject"], r["day"]) == (fact.subject, *fact.key)]
        wrong = any(r["not_WRONG"] and not r["not_FIRST"] and not r["not_LISTED"] for r in own)
        assert (fact.outcome == DATA_CORRECTION) == wrong
        assert bool(fact.severity) == (fact.outcome == CLUE)
        assert fact.fund == sum(j.row.values["fund"] for j in fact.flagged)


def test_a_fact_whose_remaining_rows_do_not_suffice_falls_by_what_took_most() -> None:
    rule = replace(RULE, holds=lambda fact, p: len(fact.rows) >= 2)
    rows = [row(1), row(2, not_FIRST=True), row(3, not_LISTED=True), row(4, not_LISTED=True)]
    result = resolve(DETECTOR, rule, P, relations(), rows)
    fell = only(result)
    assert (fell.outcome, fell.excluded_by, fell.flagged) == (REVIEW_LIST, "LISTED", ())
    stands = only(resolve(DETECTOR, rule, P, relations(), [*rows, row(5)]))
    assert (stands.outcome, [j.row_id for j in stands.flagged]) == ("clue", [1, 5])


def test_a_signal_that_cannot_be_tested_is_listed_and_lowers_nothing() -> None:
    seen = Signal("SEEN", T("见", "seen"), sources=("camera",))
    signals = (seen, Signal("HEARD", T("闻", "heard")))
    rule = replace(RULE, signals=signals)
    lost = resolve(DETECTOR, rule, P, relations(), [row(1, is_SEEN=True, is_HEARD=None)])
    assert (only(lost).untested, only(lost).severity) == (("SEEN", "HEARD"), MEDIUM)
    known = resolve(
        DETECTOR, rule, P, relations(ALL | {"camera"}), [row(1, is_SEEN=False, is_HEARD=True)]
    )
    assert only(known).untested == ()


def test_rows_that_fail_a_condition_are_no_facts() -> None:
    assert run(row(1, if_AFTER=False)).candidates == ()


def test_rules_need_letters_of_their_own() -> None:
    with pytest.raises(DeclarationError, match="letter"):
        replace(DETECTOR, rules=(RULE, replace(RULE, code="b")))
    several = replace(DETECTOR, rules=(replace(RULE, code="a"), replace(RULE, code="b")))
    assert several.rule("b").code == "b"
    assert several.exclusions == RULE.exclusions
