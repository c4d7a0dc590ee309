"""A matter from its clues to its end, and everything that is refused on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from clew.accounts.access import Denied
from clew.audit.models import Entry
from clew.detection.models import Clue, Evidence, Hit, Verdict
from clew.detection.verdicts import actions as verdicts
from clew.kernel import clock
from clew.kernel.calendar import Calendar
from clew.kernel.errors import InputError, NotFound, Refused, StoreError
from clew.kernel.holidays import NamedDay, Notice
from clew.matters import actions, queries
from clew.matters.clocks.actions import ask_extension, decide_request, recompute
from clew.matters.models import Deadline, Handler, Matter, MatterClue, Step
from clew.matters.money import actions as money
from clew.matters.money.actions import book
from clew.matters.opening.actions import open_matter
from clew.matters.outcomes.actions import answer_exclusion, confirm_subject, settle_clue
from clew.matters.papers import actions as papers
from clew.matters.record import facts_of, lifecycle_of
from clew.matters.refusals import Declined
from tests.conftest import TODAY
from tests.unit.matters.conftest import MakeClues, Office

pytestmark = pytest.mark.django_db


def entries() -> int:
    return Entry.objects.count()


def last() -> Entry:
    found = Entry.objects.order_by("-seq").first()
    assert found
    return found


def state(matter: Matter) -> str:
    matter.refresh_from_db()
    return str(matter.state)


def declined(act: Callable[[], object]) -> str:
    """The code of a refusal that left one entry and nothing else."""
    before = entries()
    with pytest.raises(Refused) as caught:
        act()
    assert entries() == before + 1
    assert last().verb == "matters.refuse"
    return getattr(caught.value, "code", "")


def test_it_opens_with_number_place_and_clocks(office: Office, clues: MakeClues) -> None:
    both = clues(2)
    before = entries()
    found = office.opened(both)
    assert entries() == before + 1 and last().verb == "matters.open"
    assert found.number == "医保局〔2023〕1号"
    assert (found.state, found.domain, found.division) == (
        "FOUND", "medical_insurance", "330302"
    )  # fmt: skip
    assert found.title == "疑似死亡人员刷卡, 线索 2 条"
    assert len({found.code, office.opened(clues()).code}) == 2 and len(found.code) == 12
    assert {d.clock: d.due for d in found.deadlines.all()} == {
        "screening": TODAY + timedelta(days=14), "filing": TODAY + timedelta(days=21)
    }  # fmt: skip


def test_numbers_have_no_gaps(office: Office, clues: MakeClues) -> None:
    office.opened(clues())
    held = clues()
    office.opened(held)
    assert declined(lambda: office.opened(held)) == "clue_held"
    assert office.opened(clues()).number == "医保局〔2023〕3号"
    with clock.fixed(TODAY + timedelta(days=100)):
        assert office.opened(clues()).number == "医保局〔2024〕1号"
    health = open_matter(by=office.admin, clues=[clues()[0].code], department="health")
    assert health.number == "卫健委〔2023〕1号"


def test_a_city_matter_of_several_counties(office: Office, clues: MakeClues) -> None:
    found = office.opened(clues(1, division="330302") + clues(1, division="330381"))
    assert found.division == "330300"
    wide = open_matter(
        by=office.admin, department="insurance",
        clues=[c.code for c in clues(1) + clues(1, division="310101")],
    )  # fmt: skip
    assert wide.division == ""


def test_what_no_matter_is_made_of(office: Office, clues: MakeClues) -> None:
    (rebutted,) = clues()
    verdicts.rebut(by=office["an"], clue=rebutted.code, code="LAWFUL", reason="合规")
    assert declined(lambda: office.opened([rebutted])) == "clue_rebutted"
    with pytest.raises(InputError):
        open_matter(by=office["an"], clues=[])
    with pytest.raises(NotFound):
        open_matter(by=office["an"], clues=["zzzz"])
    with pytest.raises(Denied):
        open_matter(by=office["en"], clues=[clues()[0].code])
    with pytest.raises(InputError, match="department"):
        open_matter(by=office.admin, clues=[clues()[0].code])
    with pytest.raises(NotFound):
        open_matter(by=office["an"], clues=[clues()[0].code], kind="none")
    assert not Matter.objects.exists()


def test_the_whole_way_to_the_end(office: Office, clues: MakeClues, matter: Matter) -> None:
    office.verifying(matter)
    office.go(matter, "file", "an", filed_on=TODAY.isoformat())
    office.go(matter, "notify", "an", notified_on=TODAY.isoformat())
    office.confirm(matter)
    clue = Clue.objects.get()
    assert clue.status == Clue.CONFIRMED and Verdict.objects.get().clue == clue
    kinds = ("records", "interview_notes", "expert_opinion", "statement", "evidence_list")
    assert declined(lambda: office.go(matter, "decide", "dai")) == "waits"
    with clock.fixed(TODAY + timedelta(days=8)):
        assert declined(lambda: office.go(matter, "decide", "an")) == "no_role"
        office.go(matter, "decide", "dai")
        book(by=office["an"], matter=matter.code, kind="due", fen=100_00)
        office.go(matter, "handle", "bo", measure="refund")
        office.go(matter, "serve", "an", served_on=(TODAY + timedelta(days=8)).isoformat())
        assert matter.deadlines.get(clock="refund").met is None
        book(by=office["an"], matter=matter.code, kind="recovered", fen=100_00)
        assert matter.deadlines.get(clock="refund").met == TODAY + timedelta(days=8)
        actions.advance(
            by=office["an"], matter=matter.code, transition="rectify",
            expected_state="HANDLING",
        )  # fmt: skip
    assert state(matter) == "RECTIFYING"
    assert {p.kind for p in matter.papers.all()} >= set(kinds)
    assert matter.payload["measure"] == "refund"
    assert [s.transition for s in matter.steps.all()][:4] == [
        "opened", "screen", "assign", "verify"
    ]  # fmt: skip


def test_each_step_leaves_one_entry(office: Office, matter: Matter) -> None:
    for act in (
        lambda: office.go(matter, "screen", "an"),
        lambda: actions.assign(by=office["chen"], matter=matter.code, handlers=["an", "bo"]),
        lambda: office.go(matter, "verify", "bo"),
        lambda: actions.suspend(
            by=office["an"], matter=matter.code, ground="appraisal", reason="送鉴定",
            paper=office.paper("suspension_paper"),
        ),
        lambda: actions.resume(by=office["an"], matter=matter.code, reason="结果已出"),
    ):  # fmt: skip
        before = entries()
        act()
        assert entries() == before + 1
        assert last().subject == matter.code


def test_a_stale_form_names_who_moved_it(office: Office, matter: Matter) -> None:
    office.go(matter, "screen", "chen")
    with pytest.raises(Declined, match=r"chen.*SCREENED") as caught:
        actions.advance(
            by=office["an"], matter=matter.code, transition="screen", expected_state="FOUND"
        )
    assert caught.value.code == "moved_on"
    assert Step.objects.count() == 2


def test_a_refused_step_changes_nothing(office: Office, matter: Matter) -> None:
    papers = matter.papers.count()
    assert declined(lambda: office.go(matter, "decide", "dai")) == "no_way"
    assert matter.papers.count() == papers == 0
    assert state(matter) == "FOUND"
    assert last().facts == {"asked": "matters.advance", "because": "no_way"}


def test_who_is_out_of_scope_finds_nothing(office: Office, clues: MakeClues) -> None:
    (far,) = clues(1, division="310101")
    found = open_matter(by=office.admin, clues=[far.code], department="insurance")
    before = entries()
    with pytest.raises(NotFound):
        actions.advance(by=office["an"], matter=found.code, transition="screen")
    with pytest.raises(NotFound):
        actions.advance(by=office["an"], matter="nonesuch", transition="screen")
    assert entries() == before + 2
    with pytest.raises(Denied):
        actions.advance(by=office["he"], matter=found.code, transition="screen")


def test_handlers_must_be_able_to_handle(office: Office, matter: Matter) -> None:
    office.go(matter, "screen", "an")
    with pytest.raises(InputError, match="he"):
        actions.assign(by=office["chen"], matter=matter.code, handlers=["an", "he"])
    with pytest.raises(InputError, match="nobody"):
        actions.assign(by=office["chen"], matter=matter.code, handlers=["an", "nobody"])
    one = declined(lambda: actions.assign(by=office["chen"], matter=matter.code, handlers=["an"]))
    assert one == "handlers_named"
    assert not Handler.objects.exists()


def test_a_reassigned_handler_still_may_not_decide(office: Office, matter: Matter) -> None:
    office.go(matter, "screen", "an")
    actions.assign(by=office["chen"], matter=matter.code, handlers=["an", "gu"])
    actions.assign(by=office["chen"], matter=matter.code, handlers=["an", "bo"], reason="分工调整")
    assert set(Handler.objects.filter(until=None).values_list("account__code", flat=True)) == {
        "an", "bo"
    }  # fmt: skip
    settle_clue(by=office["an"], matter=matter.code, clue=Clue.objects.get().code,
                outcome="rebutted", code="LAWFUL", reason="合规")  # fmt: skip
    again = declined(
        lambda: actions.advance(
            by=office["gu"], matter=matter.code, transition="rebut", answers={"reason": "无事"}
        )
    )
    assert again == "four_eyes"
    actions.advance(
        by=office["chen"], matter=matter.code, transition="rebut", answers={"reason": "无事"}
    )
    assert state(matter) == "REBUTTED" and matter.closed
    assert not MatterClue.objects.get().held


def test_it_is_returned_once_then_goes_to_coordination(office: Office, matter: Matter) -> None:
    office.go(matter, "screen", "an")
    for expected in ("SCREENED", "COORDINATION"):
        actions.assign(by=office["chen"], matter=matter.code, handlers=["an", "bo"])
        with pytest.raises(InputError):
            actions.return_once(by=office["an"], matter=matter.code, reason=" ")
        actions.return_once(by=office["an"], matter=matter.code, reason="不属本科室")
        assert state(matter) == expected
    actions.assign(by=office["fu"], matter=matter.code, handlers=["an", "bo"])
    with clock.fixed(TODAY + timedelta(days=10)):
        late = declined(
            lambda: actions.return_once(by=office["an"], matter=matter.code, reason="迟了")
        )
    assert late == "return_in_time"


def test_suspension_moves_the_deadline(office: Office, matter: Matter) -> None:
    office.verifying(matter)
    due = matter.deadlines.get(clock="on_site").due
    actions.suspend(
        by=office["an"], matter=matter.code, ground="appraisal", reason="送鉴定",
        paper=office.paper("suspension_paper"),
    )  # fmt: skip
    with clock.fixed(TODAY + timedelta(days=7)):
        actions.resume(by=office["an"], matter=matter.code, reason="结果已出")
    kept = matter.deadlines.get(clock="on_site")
    # Wednesday to Monday: four working days. The day on which both began does not count anyway.
    assert (due.isoformat(), kept.due.isoformat()) == ("2023-12-12", "2023-12-18")
    assert kept.spans == [["2023-10-31", "2023-11-06"]]
    assert state(matter) == "VERIFYING"


def test_more_time_takes_two_and_comes_before_it_is_due(office: Office, matter: Matter) -> None:
    office.verifying(matter)

    def ask(amount: int, by: str = "an") -> str:
        return ask_extension(
            by=office[by], matter=matter.code, code="on_site", amount=amount, reason="材料多"
        ).code

    due = matter.deadlines.get(clock="on_site").due
    wanted = ask(5)
    assert matter.deadlines.get(clock="on_site").due == due, "asked is not granted"

    def decide(by: str, granted: bool = True, request: str = wanted) -> object:
        return decide_request(
            by=office[by], matter=matter.code, request=request, granted=granted, answer="同意"
        )

    with pytest.raises(Denied):
        decide("bo")
    decide("chen")
    assert matter.deadlines.get(clock="on_site").due == due + timedelta(days=7)
    assert declined(lambda: decide("chen")) == "decided"
    assert declined(lambda: ask(11)) == "too_long"
    own = ask(5, by="dai")
    assert declined(lambda: decide("dai", request=own)) == "four_eyes"
    decide("chen", granted=False, request=own)
    assert matter.deadlines.get(clock="on_site").extra == 5
    with pytest.raises(NotFound):
        ask_extension(by=office["an"], matter=matter.code, code="refund", amount=1, reason="x")
    with pytest.raises(InputError):
        ask(0)
    with clock.fixed(due + timedelta(days=30)):
        assert declined(lambda: ask(1)) == "too_late"


def test_exclusions_and_identity(office: Office, clues: MakeClues) -> None:
    (clue,) = clues(1, untested=("LATE_SETTLEMENT",))
    found = office.opened([clue])
    assert declined(lambda: office.go(found, "screen", "an")) == "exclusions_seen"

    def say(answer: str, code: str = "LATE_SETTLEMENT") -> MatterClue:
        return answer_exclusion(
            by=office["an"], matter=found.code, clue=clue.code, code=code, answer=answer,
            reason="查过",
        )  # fmt: skip

    say("unclear")
    office.go(found, "screen", "an")
    with pytest.raises(InputError):
        say("perhaps")
    with pytest.raises(InputError):
        say("met", code="REVERSED")
    say("met")

    def settle(outcome: str, code: str = "", clue_code: str = clue.code) -> MatterClue:
        return settle_clue(
            by=office["an"], matter=found.code, clue=clue_code, outcome=outcome, code=code,
            reason="查过",
        )  # fmt: skip

    assert declined(lambda: settle("confirmed")) == "exclusion_met"
    with pytest.raises(InputError):
        settle("rebutted")
    with pytest.raises(InputError):
        settle("maybe")
    with pytest.raises(NotFound):
        settle("rebutted", "LAWFUL", "zzzz")
    assert settle("rebutted", "LATE_SETTLEMENT").code == "LATE_SETTLEMENT"
    clue.refresh_from_db()
    assert clue.status == Clue.REBUTTED
    say("not_met")
    settle("confirmed")
    assert [v.kind for v in Verdict.objects.order_by("id")] == ["rebutted", "confirmed"]
    settle("confirmed")
    assert Verdict.objects.count() == 2, "a verdict that stands is taken over"
    with pytest.raises(InputError, match="T1"):
        confirm_subject(by=office["an"], matter=found.code, clue=clue.code, reason="核实")


def test_merging_moves_the_clues(office: Office, clues: MakeClues) -> None:
    first, second = office.opened(clues(2)), office.opened(clues(1))
    office.confirm(second)

    def merge(matter: Matter, into: Matter) -> Matter:
        return actions.merge(by=office["chen"], matter=matter.code, into=into.code, reason="同案")

    assert declined(lambda: merge(first, first)) == "no_merge"
    merge(second, first)
    assert state(second) == "MERGED" and second.merged_into == first
    held = MatterClue.objects.filter(held=True)
    assert {m.matter_id for m in held} == {first.pk} and held.count() == 3
    assert [m.outcome for m in held.order_by("id")] == ["pending", "pending", "confirmed"]
    assert declined(lambda: merge(first, second)) == "at_its_end"
    third = office.opened(clues(1))
    book(by=office["an"], matter=third.code, kind="due", fen=1)
    assert declined(lambda: merge(third, first)) == "no_merge"


def test_reopening_claims_the_clues_again(office: Office, clues: MakeClues) -> None:
    (clue,) = clues()
    first = office.opened([clue])
    settle_clue(by=office["an"], matter=first.code, clue=clue.code, outcome="rebutted",
                code="LAWFUL", reason="合规")  # fmt: skip
    actions.advance(
        by=office["chen"], matter=first.code, transition="rebut", answers={"reason": "无事"}
    )
    verdicts.reopen(by=office["an"], clue=clue.code, reason="新证据")
    second = office.opened([clue])
    again = declined(lambda: actions.reopen(by=office["chen"], matter=first.code, reason="复查"))
    assert again == "clue_held"
    assert state(first) == "REBUTTED"
    office.confirm(second)
    actions.merge(by=office["chen"], matter=second.code, into=office.opened(clues()).code,
                  reason="并")  # fmt: skip
    assert declined(lambda: actions.reopen(by=office["chen"], matter=first.code, reason="x"))


def test_children_and_parents(office: Office, clues: MakeClues, matter: Matter) -> None:
    child = open_matter(by=office["an"], clues=[clues()[0].code], parent=matter.number)
    assert child.parent == matter
    settle_clue(by=office["an"], matter=matter.code, clue=matter.clues.get().clue.code,
                outcome="rebutted", code="LAWFUL", reason="合规")  # fmt: skip
    waits = declined(
        lambda: actions.advance(
            by=office["chen"], matter=matter.code, transition="rebut", answers={"reason": "无"}
        )
    )
    assert waits == "children_closed"


def test_a_notice_that_changes_nothing_moves_no_deadline(office: Office, matter: Matter) -> None:
    before = list(Deadline.objects.values())
    assert recompute(by=office["chen"]) == 0
    assert list(Deadline.objects.values()) == before
    assert last().verb == "matters.recompute"


def test_steps_are_never_changed(matter: Matter) -> None:
    step = matter.steps.get()
    with pytest.raises(Refused):
        step.save()
    with pytest.raises(Refused):
        step.delete()


def test_numbers_in_notes_and_titles_are_blanked(office: Office, clues: MakeClues) -> None:
    found = open_matter(by=office["an"], clues=[clues()[0].code], title="330324195001018011 之事")
    assert "3303241950" not in found.title
    actions.advance(
        by=office["an"], matter=found.code, transition="screen", note="电话 13800138000",
        attachments=office.papers("exclusion_answers"),
    )  # fmt: skip
    assert "138001" not in found.steps.last().note
    assert "138001" not in str(last().facts)


def test_identity_below_t1_is_confirmed_before_a_decision(
    office: Office, matter: Matter, clues: MakeClues
) -> None:
    hit = Hit.objects.get()
    Evidence(
        hit=hit, role="flagged", row_id=1, dataset="mi_settlement", batch="b", file="f", row=2,
        key=["S1"], values={"confirm_identity": True},
    ).save()  # fmt: skip
    facts = facts_of(matter, lifecycle_of(matter))
    assert [c.unsure for c in facts.clues] == [True]
    with pytest.raises(InputError):
        confirm_subject(by=office["an"], matter=matter.code, clue=hit.clue.code, reason=" ")
    confirm_subject(by=office["an"], matter=matter.code, clue=hit.clue.code, reason="查户籍")
    assert last().verb == "matters.identify"
    facts = facts_of(matter, lifecycle_of(matter))
    assert [c.unsure for c in facts.clues] == [False]


def test_a_ledger_that_cannot_be_written_stops_everything(
    office: Office, matter: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise StoreError("台账无法写入 (the ledger cannot be written)")

    for module in (actions, money, papers):
        monkeypatch.setattr(module, "append", broken)
    for act in (
        lambda: office.go(matter, "screen", "an"),
        lambda: money.book(by=office["an"], matter=matter.code, kind="due", fen=1),
        lambda: papers.attach(by=office["an"], matter=matter.code, paper=office.paper("other")),
    ):  # fmt: skip
        with pytest.raises(StoreError):
            act()
    assert state(matter) == "FOUND"
    assert not matter.papers.exists() and not matter.money.exists()
    assert matter.steps.count() == 1


def test_provisional_deadlines_follow_the_notice(
    office: Office, clues: MakeClues, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.fixed(date(2026, 12, 25)):
        found = office.opened(clues())
        plain = {d.clock: (d.due, d.provisional) for d in found.deadlines.all()}
        assert plain["screening"] == (date(2027, 1, 11), True)
        assert all(line.provisional for line in queries.matters(office["an"]))
        days = tuple(NamedDay(date(2027, 1, n), True, "元旦") for n in (1, 4, 5))
        with_2027 = Calendar((*Calendar.shipped().notices, Notice(2027, days)))
        monkeypatch.setattr(Calendar, "shipped", staticmethod(lambda: with_2027))
        assert recompute(by=office["he"]) == 0, "an auditor changes nothing"
        assert recompute(by=office["chen"]) == 2
        kept = found.deadlines.get(clock="screening")
    assert (kept.due, kept.provisional) == (date(2027, 1, 13), False)
