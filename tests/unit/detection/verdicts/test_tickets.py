"""Wrong data become a ticket to their owner, once."""

from __future__ import annotations

import json

import pytest

from clew.audit.models import Entry
from clew.datasets.models import Batch
from clew.declare import registry
from clew.detection import actions as runs
from clew.detection import facts_file
from clew.detection.models import Clue, Evidence, Run, Ticket
from clew.detection.verdicts import actions, queries
from clew.kernel.errors import InputError, NotFound, Refused, StoreError
from clew.kernel.workspace import Workspace
from tests.unit.conftest import AN, Village

pytestmark = pytest.mark.django_db
MI01 = registry.detector("MI-01")


@pytest.fixture
def clue(db: None, village: Village) -> Clue:
    runs.run(by=village.by, detectors=[MI01], overrides={})
    return Clue.objects.get()


def dirty(village: Village, clue: Clue, *rows: str) -> list[Ticket]:
    _, tickets = actions.rebut(
        by=village.by, clue=clue.code, code="DIRTY_DATA", reason="身份证号录错", rows=rows
    )
    return tickets


def test_the_flagged_rows_owner_is_asked(clue: Clue, village: Village) -> None:
    before = Entry.objects.count()
    (ticket,) = dirty(village, clue)
    batch = Batch.objects.get(code=village.batch("mi_settlement"))
    assert (ticket.department, ticket.batch) == (batch.department, batch.code)
    assert (ticket.rows, ticket.cause, ticket.clue) == ([3, 4], "DIRTY_DATA", clue)
    assert (ticket.status, ticket.what) == ("open", "身份证号录错")
    entries = list(Entry.objects.order_by("-seq")[: Entry.objects.count() - before])
    assert [e.verb for e in entries] == ["detection.open_ticket", "detection.decide"]
    assert AN not in json.dumps([e.facts for e in entries])


def test_named_rows_go_to_their_own_owners(clue: Clue, village: Village) -> None:
    death = Evidence.objects.get(hit__clue=clue, dataset="death_health")
    flagged = village.batch("mi_settlement")
    tickets = dirty(village, clue, f"{death.batch[:8]}:{death.row}", f"{flagged}:4")
    found = {t.dataset: t for t in tickets}
    assert found["death_health"].rows == [death.row]
    assert found["mi_settlement"].rows == [4]
    assert len({t.department_id for t in tickets}) == 2


def test_a_row_that_is_no_evidence_is_refused_and_nothing_decided(
    clue: Clue, village: Village
) -> None:
    for wrong in (f"{village.batch('mi_settlement')}:2", ":3", "zzzz:3", "3"):
        with pytest.raises(InputError):
            dirty(village, clue, wrong)
    clue.refresh_from_db()
    assert clue.status == Clue.OPEN and not Ticket.objects.exists()


def test_the_owners_answer_closes_it_once(clue: Clue, village: Village) -> None:
    (ticket,) = dirty(village, clue)
    with pytest.raises(InputError):
        actions.answer_ticket(by=village.by, ticket=ticket.code, answer=" ")
    done = actions.answer_ticket(by=village.by, ticket=ticket.code[:5], answer="已更正")
    assert (done.status, done.answer, done.answered_by) == ("answered", "已更正", village.by)
    assert Entry.objects.order_by("-seq")[0].verb == "detection.answer_ticket"
    with pytest.raises(Refused):
        actions.answer_ticket(by=village.by, ticket=ticket.code, answer="再答")
    with pytest.raises(NotFound):
        queries.ticket("zzzz")
    assert queries.tickets(status="open") == []
    assert queries.tickets(department=done.department.code) == [done]


def with_corrections(run: Run, *facts: dict[str, object]) -> None:
    """Gives a run other facts, as if it had seen them."""
    path = facts_file.path(Workspace.current(), "f" * 64)
    path.write_text("".join(json.dumps(f) + "\n" for f in facts), encoding="utf-8")
    run.facts_file = "f" * 64
    run.save()


def test_a_runs_corrections_are_asked_once(clue: Clue, village: Village) -> None:
    run = clue.last_run
    rows = list(
        Evidence.objects.filter(hit__clue=clue, role="flagged").values_list("row_id", flat=True)
    )
    fact = {"detector": "MI-01", "rule": "", "subject": "1", "key": ["x"], "rows": rows}
    wrong = {"outcome": "data_correction", "excluded_by": "DEATH_RECORD_ERROR"}
    with_corrections(run, fact | wrong, fact | {"outcome": "excluded", "excluded_by": "REVERSED"})
    (ticket,) = actions.open_tickets(by=village.by, run=run)
    assert (ticket.rows, ticket.cause, ticket.clue) == ([3, 4], "DEATH_RECORD_ERROR", None)
    assert actions.open_tickets(by=village.by, run=run) == []
    death = Evidence.objects.get(hit__clue=clue, dataset="death_health")
    other = {"excluded_by": "ALIVE_EVIDENCE", "rows": rows[:1], "others": [death.row_id]}
    with_corrections(run, fact | wrong, fact | wrong | other)
    further = {t.dataset: t for t in actions.open_tickets(by=village.by, run=run)}
    assert {t.cause for t in further.values()} == {"ALIVE_EVIDENCE"}
    assert further["mi_settlement"].rows == [3]
    assert further["death_health"].rows == [death.row]


def test_a_run_is_found_by_its_beginning_or_is_the_last(clue: Clue, village: Village) -> None:
    assert queries.run("") == clue.last_run == queries.run(clue.last_run.code[:5])
    with pytest.raises(NotFound):
        queries.run("zzzz")
    run = clue.last_run
    run.facts_file = "0" * 64
    run.save()
    with pytest.raises(StoreError):
        actions.open_tickets(by=village.by, run=run)
