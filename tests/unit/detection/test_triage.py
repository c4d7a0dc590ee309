"""Which clues first: groups that one visit settles, confidence, and what fits into a week."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.datasets.models import Batch
from clew.declare import registry
from clew.detection import actions, queries
from clew.detection.models import Clue, Evidence, Hit, Run
from clew.detection.precision import Share
from clew.detection.triage import groups as grouping
from clew.detection.triage.confidence import WHOLE, Confidence, by_version, confidences
from clew.detection.triage.groups import Anchor, Group, anchor, group_id, groups
from clew.detection.triage.order import ORDERS, ordered
from clew.detection.triage.params import PARAMS, values
from clew.detection.triage.week import (
    NO_TIME,
    NOTHING,
    PART,
    WHOLE_GROUP,
    choose,
    reason,
    week,
)
from clew.detection.verdicts import actions as verdicts
from clew.kernel.errors import InputError, NotFound
from tests.unit.conftest import SHOP, Village

MI01 = registry.detector("MI-01")
PRIOR = Confidence(WHOLE, WHOLE, WHOLE // 2, Share(0, 0), True)


def hit(number: int, fund: int, severity: str = "M", status: str = Clue.OPEN) -> Hit:
    clue = Clue(code=f"c{number:03}", detector="MI-01", subject_kind="person", subject_key="7",
                status=status)  # fmt: skip
    return Hit(pk=number, clue=clue, severity=severity, fund=fund, account=0)


def made(name: str, hits: Sequence[Hit], trust: Confidence = PRIOR) -> Group:
    return Group(
        name, "MI-01", Anchor("institution", name), "", tuple(hits),
        {h.pk: trust for h in hits}, len(hits), (None, None),
    )  # fmt: skip


# --- the week ------------------------------------------------------------------------------------


def test_the_best_money_an_hour_comes_first() -> None:
    rich, poor = made("rich", [hit(1, 90_000)]), made("poor", [hit(2, 80_000)])
    chosen, left = choose([poor, rich], values(), Decimal(9))
    assert [(i.group.id, i.outcome, i.rank) for i in chosen] == [("rich", WHOLE_GROUP, 1)]
    assert [(i.group.id, i.outcome, i.rank) for i in left] == [("poor", NO_TIME, 2)]
    assert (chosen[0].expected, chosen[0].hours, chosen[0].an_hour) == (45_000, Decimal(9), 5_000)


def test_forty_clues_of_one_place_beat_as_much_money_in_forty_places() -> None:
    """Each place costs the way there."""
    one = made("one", [hit(n, 1_000) for n in range(40)])
    others = [made(f"o{n:02}", [hit(100 + n, 1_000)]) for n in range(40)]
    chosen, _ = choose([*others, one], values(), Decimal(200))
    assert chosen[0].group.id == "one"
    assert len(chosen[0].hits) == 40


def test_of_a_group_too_large_the_best_clues_are_taken() -> None:
    several = made("g", [hit(1, 5_000, "H"), hit(2, 9_000, "L"), hit(3, 4_000, "M")])
    chosen, left = choose([several], values(), Decimal(11))
    assert [h.clue.code for h in chosen[0].hits] == ["c002", "c003"]
    assert (chosen[0].outcome, chosen[0].hours) == (PART, Decimal(11))
    assert [h.clue.code for h in left[0].hits] == ["c001"]


def test_what_has_no_fund_at_stake_is_left_with_that_reason() -> None:
    empty, reversed_ = made("empty", [hit(1, 0)]), made("minus", [hit(2, -100)])
    chosen, left = choose([empty, reversed_], values(), Decimal(100))
    assert not chosen
    assert {i.outcome for i in left} == {NOTHING}
    p = values({"account_share": "0.5"})
    paid = made("paid", [hit(3, 0)])
    paid.hits[0].account = 1_000
    (item,), _ = choose([paid], p, Decimal(100))
    assert (item.fund, item.expected) == (500, 250)


def test_decided_clues_are_no_work() -> None:
    group = made("g", [hit(1, 100, status=Clue.CONFIRMED), hit(2, 100)])
    chosen, left = choose([group], values(), Decimal(100))
    assert [h.clue.code for i in chosen for h in i.hits] == ["c002"]
    assert not left


def test_a_better_detector_goes_first() -> None:
    proved = replace(PRIOR, precision=9_000, prior=False, verdicts=Share(40, 40))
    chosen, _ = choose(
        [made("prior", [hit(1, 100)]), made("proved", [hit(2, 100)], proved)],
        values(), Decimal(9),
    )  # fmt: skip
    assert [i.group.id for i in chosen] == ["proved"]


def test_equal_worth_goes_by_id() -> None:
    found = [made(name, [hit(n, 100)]) for n, name in enumerate("cab")]
    chosen, _ = choose(found, values(), Decimal(100))
    assert [i.group.id for i in chosen] == ["a", "b", "c"]


def test_each_choice_tells_its_figures() -> None:
    (item,), _ = choose([made("g", [hit(1, 123_450)])], values(), Decimal(9))
    told = reason(item, values())
    for figure in ("1,234.50", "50 %", "68.58", "9"):
        assert figure in told.zh and figure in told.en
    assert "整组" in told.zh and "whole group" in told.en


hits = st.builds(
    hit, st.just(0), st.integers(-5_000, 50_000), st.sampled_from("HML"),
    st.sampled_from([Clue.OPEN, Clue.OPEN, Clue.CONFIRMED]),
)  # fmt: skip


@given(st.lists(st.lists(hits, min_size=1, max_size=6), max_size=8), st.integers(0, 120), st.data())
def test_the_week_is_never_overfull_and_forgets_nobody(
    portions: list[list[Hit]], capacity: int, data: st.DataObject
) -> None:
    number = 0
    found = []
    for name, own in enumerate(portions):
        renamed = []
        for each in own:
            number += 1
            renamed.append(hit(number, each.fund, each.severity, each.clue.status))
        found.append(made(f"g{name}", renamed))
    p = values()
    chosen, left = choose(found, p, Decimal(capacity))
    assert sum(i.hours for i in chosen) <= capacity
    taken = [h.pk for i in chosen for h in i.hits]
    rest = [h.pk for i in left for h in i.hits]
    assert sorted(taken + rest) == sorted(h.pk for g in found for h in g.open)
    assert all(i.expected > 0 or i.fund > 0 for i in chosen)
    shuffled = data.draw(st.permutations(found))
    again, _ = choose(shuffled, p, Decimal(capacity))
    assert [[h.pk for h in i.hits] for i in again] == [[h.pk for h in i.hits] for i in chosen]


@pytest.mark.parametrize(
    "wrong", [{"nosuch": "1"}, {"prior": "2"}, {"hours_h": "x"}, {"enough": "0"}, {"hours_m": "0"}]
)
def test_parameters_have_bounds(wrong: dict[str, str]) -> None:
    with pytest.raises(InputError):
        values(wrong)


def test_every_parameter_has_a_title_and_a_default_within_its_bounds() -> None:
    for param in PARAMS:
        assert param.title.zh and param.title.en
        assert values({param.name: str(param.default)})[param.name] == param.default


# --- groups --------------------------------------------------------------------------------------


@pytest.fixture
def clue(db: None, village: Village) -> Iterator[Clue]:
    actions.run(by=village.by, detectors=[MI01], overrides={})
    yield Clue.objects.get()


def test_a_clue_stands_under_the_institution_of_its_rows(clue: Clue) -> None:
    (group,) = groups()
    assert group.anchor == Anchor(grouping.INSTITUTION, SHOP)
    assert (group.fund, group.account, group.severity) == (12_000, 2_000, "L")
    assert (group.persons, group.detectors) == (1, ("MI-01",))
    assert group.period == (date(2023, 4, 1), date(2023, 4, 2))
    assert grouping.group(group.id[:5]).id == group.id


def test_a_groups_id_outlives_runs_and_differs_by_family_and_anchor(
    clue: Clue, village: Village
) -> None:
    (before,) = groups()
    actions.run(by=village.by, detectors=[MI01], overrides={})
    (after,) = groups()
    assert before.id == after.id == group_id(grouping.family("MI-01"), before.anchor)
    others = {
        group_id(grouping.family("MI-05"), before.anchor),
        group_id(grouping.family("MI-01"), Anchor(grouping.EMPLOYER, SHOP)),
        group_id(grouping.family("MI-01"), Anchor(grouping.INSTITUTION, "H1")),
        clue.code,
    }
    assert before.id not in others
    assert len(others) == 4


def test_rows_at_two_institutions_are_their_persons(clue: Clue) -> None:
    rows = [Evidence(row_id=n, dataset="mi_settlement", role="flagged") for n in (1, 2)]
    same = {n: {"fixmedins_code": SHOP} for n in (1, 2)}
    assert anchor(clue, rows, same).kind == grouping.INSTITUTION
    two = same | {2: {"fixmedins_code": "P2"}}
    assert anchor(clue, rows, two) == Anchor(grouping.PERSON, clue.subject_key)
    assert anchor(clue, rows, {}).kind == grouping.PERSON


@pytest.mark.parametrize(
    ("kind", "key", "fact", "wanted"),
    [
        ("organisation", "H33030200001", ["2023-01"], Anchor("institution", "H33030200001")),
        ("organisation", "91350100M000100Y43", [], Anchor("employer", "91350100M000100Y43")),
        ("set", "", ["a,b", "2023"], Anchor("set", "a,b/2023")),
    ],
)
def test_other_subjects(kind: str, key: str, fact: list[str], wanted: Anchor) -> None:
    assert anchor(Clue(subject_kind=kind, subject_key=key, fact_key=fact), [], {}) == wanted


def test_rebutted_clues_leave_their_group(clue: Clue, village: Village) -> None:
    verdicts.confirm(by=village.by, clue=clue.code, reason="核实")
    (group,) = groups()
    assert not group.open
    assert week(officers=1).chosen == ()
    verdicts.rebut(by=village.by, clue=clue.code, code="LAWFUL", reason="合规")
    assert groups() == []


def test_there_is_no_such_group(clue: Clue) -> None:
    for wrong in ("", "nosuch"):
        with pytest.raises(NotFound):
            grouping.group(wrong)
    for officers, days in ((0, 5), (1, 0)):
        with pytest.raises(InputError):
            week(officers=officers, days=days)


def test_a_week_of_the_village(clue: Clue) -> None:
    found = week(officers=2, days=3)
    assert found.capacity == 36
    (item,) = found.chosen
    assert (item.fund, item.expected, item.hours) == (12_000, 6_000, Decimal(8))
    assert found.used == 8 and not found.left


# --- confidence ----------------------------------------------------------------------------------


def trust_of(found: Clue, **overrides: str) -> Confidence:
    seen = queries.latest_hit(found)
    return confidences([seen], queries.evidence([seen]), values(overrides))[seen.pk]


def test_the_least_of_three_is_the_confidence(clue: Clue) -> None:
    trust = trust_of(clue)
    assert (trust.link, trust.precision, trust.prior) == (WHOLE, WHOLE // 2, True)
    assert trust.quality == WHOLE
    Batch.objects.filter(dataset="mi_settlement").update(accepted=6, quarantined=1, duplicates=1)
    trust = trust_of(clue)
    assert trust.quality == WHOLE * 6 // 7
    assert (trust.value, trust.weakest) == (WHOLE // 2, "prior")
    sure = trust_of(clue, prior="1")
    assert (sure.value, sure.weakest) == (trust.quality, "quality")
    doubtful = trust_of(clue, prior="1", link_t1="0.1")
    assert (doubtful.value, doubtful.weakest) == (1_000, "link")


def test_verdicts_replace_the_prior_once_there_are_enough(clue: Clue, village: Village) -> None:
    assert by_version() == {}
    verdicts.confirm(by=village.by, clue=clue.code, reason="核实")
    assert by_version() == {("MI-01", MI01.version): Share(1, 1)}
    few, enough = trust_of(clue), trust_of(clue, enough="1")
    assert (few.prior, few.verdicts) == (True, Share(1, 1))
    assert not enough.prior
    low = Share(1, 1).interval
    assert low is not None
    assert enough.precision == int(Decimal(str(low[0])) * WHOLE)
    assert enough.weakest == "precision"


def test_verdicts_of_another_version_do_not_count(clue: Clue, village: Village) -> None:
    verdicts.confirm(by=village.by, clue=clue.code, reason="核实")
    run = Run.objects.get()
    run.versions = {"MI-01": MI01.version + 1}
    run.save()
    assert by_version() == {("MI-01", MI01.version + 1): Share(1, 1)}


# --- orders --------------------------------------------------------------------------------------


def test_orders() -> None:
    found = [hit(1, 10, "L"), hit(2, 30, "H"), hit(3, 30, "M"), hit(4, 30, "H")]
    found[0].account = 100
    trust = {h.pk: PRIOR for h in found} | {3: replace(PRIOR, precision=6_000)}

    def codes(by: str) -> list[int]:
        return [h.pk for h in ordered(found, trust, by)]

    assert codes("") == [1, 2, 3, 4]
    assert codes("amount") == [1, 2, 3, 4]
    assert codes("fund") == [2, 3, 4, 1]
    assert codes("severity") == [2, 4, 3, 1]
    assert codes("confidence") == [3, 1, 2, 4]
    assert set(ORDERS) == {"amount", "fund", "severity", "confidence"}
    with pytest.raises(InputError, match="size"):
        ordered(found, trust, "size")
