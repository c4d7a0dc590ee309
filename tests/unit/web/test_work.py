"""Background work: asked for, done, cancelled, repeated, taken over from a dead worker."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult

from clew.accounts.models import Account
from clew.kernel import clock
from clew.web.work import actions, tasks
from clew.web.work.models import Work
from tests.unit.web.conftest import Enter, verbs


@pytest.fixture
def asked(staff: dict[str, Account], monkeypatch: pytest.MonkeyPatch) -> Work:
    """One piece of work that ticks twice and then says what it was asked."""

    def kind(by: Account, argument: Any, tell: Any) -> dict[str, Any]:
        for share in (0.25, 0.5):
            tell("一步", share)
        return {"said": argument["say"], "by": by.code}

    monkeypatch.setattr(tasks, "TICK_SECONDS", 0.0)
    monkeypatch.setitem(tasks.KINDS, Work.DETECT, kind)  # type: ignore[arg-type]
    return actions.ask(
        by=staff["operator"], kind=Work.DETECT, title="MI-05", argument={"say": "好"}
    )


def run(work: Work) -> Work:
    tasks.perform.func(work.code)
    work.refresh_from_db()
    return work


def test_it_is_queued_with_one_entry(
    asked: Work, django_capture_on_commit_callbacks: Any, staff: dict[str, Account]
) -> None:
    before = len(verbs())
    with django_capture_on_commit_callbacks(execute=True):
        made = actions.ask(by=staff["operator"], kind=Work.DETECT, title="", argument={"say": ""})
    assert verbs()[before:] == ["web.ask_work"]
    assert DBTaskResult.objects.get().args_kwargs["args"] == [made.code]


def test_it_is_done_as_whoever_asked(asked: Work) -> None:
    done = run(asked)
    assert (done.status, done.share) == (Work.DONE, 1.0)
    assert done.result == {"said": "好", "by": "operator"}
    assert run(done).result == done.result  # a task that comes twice does nothing


def test_cancelled_before_it_begins(asked: Work, staff: dict[str, Account]) -> None:
    before = len(verbs())
    actions.cancel(by=staff["operator"], work=asked)
    assert verbs()[before:] == ["web.cancel_work"]
    assert run(asked).status == Work.CANCELLED
    assert asked.result == {}


def test_cancelled_under_way(asked: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    def kind(by: Account, argument: Any, tell: Any) -> dict[str, Any]:
        tell("一步", 0.1)
        actions.cancel(by=by, work=asked)
        tell("二步", 0.2)
        raise AssertionError("it went on")

    monkeypatch.setitem(tasks.KINDS, Work.DETECT, kind)  # type: ignore[arg-type]
    assert run(asked).status == Work.CANCELLED


def test_what_is_refused_says_why(staff: dict[str, Account]) -> None:
    work = actions.ask(
        by=staff["leader"], kind=Work.DETECT, title="", argument={"detectors": ["MI-05"]}
    )
    failed = run(work)  # leaders run no detectors: asked again when it begins
    assert failed.status == Work.FAILED
    assert "leader" in failed.cause
    assert failed.next_step


def test_a_dead_workers_work_can_be_repeated(asked: Work, enter: Enter) -> None:
    actions.begin(asked.code)
    assert actions.recover() == 0  # it may be alive
    Work.objects.update(seen=clock.seconds() - 3600)
    assert actions.recover() == 1
    asked.refresh_from_db()
    assert asked.status == Work.FAILED
    client = enter("operator")
    page = client.get(f"/work/{asked.code}/").content.decode()
    assert "后台进程中断" in page
    assert client.post(f"/work/{asked.code}/repeat/").status_code == 302
    again = Work.objects.order_by("-id")[0]
    assert again.pk != asked.pk
    assert run(again).status == Work.DONE
    assert client.post(f"/work/{again.code}/repeat/").status_code == 409


def test_nobody_sees_anothers(asked: Work, enter: Enter) -> None:
    for path in ("", "cancel/", "repeat/"):
        client: Client = enter("reviewer")
        answer = (client.post if path else client.get)(f"/work/{asked.code}/{path}")
        assert answer.status_code == 404
