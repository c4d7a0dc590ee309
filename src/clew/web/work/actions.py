"""The verbs of background work: ask for it, cancel it. What it does, the rooms' own verbs do."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from clew.accounts.models import Account
from clew.audit.actions import append
from clew.detection.queries import latest_hits
from clew.kernel import clock
from clew.kernel.errors import NotFound, Refused
from clew.kernel.workspace import Workspace
from clew.reports.releases.access import standing
from clew.web.work.models import Work

TITLE_LENGTH = 255
DEAD_SECONDS = 120


@transaction.atomic
def ask(*, by: Account, kind: str, title: str, argument: Mapping[str, Any]) -> Work:
    """Queues work for the next worker that is free. Whether the account may is asked when it runs,
    by the verb that does it.
    """
    # Imported here: the task is found by its path, and its module imports the rooms below.
    from clew.web.work.tasks import perform

    made = Work.objects.create(
        code=secrets.token_hex(6), kind=kind, title=title[:TITLE_LENGTH], argument=dict(argument),
        by=by, asked_at=clock.now(),
    )  # fmt: skip
    append(by=by, verb="web.ask_work", subject=made.code, facts={"kind": kind})
    transaction.on_commit(lambda: perform.enqueue(made.code))
    return made


@transaction.atomic
def cancel(*, by: Account, work: Work) -> Work:
    """Stops it before its next step; what it had not published leaves nothing.

    Raises:
        Refused: it has ended.
    """
    current = Work.objects.select_for_update().get(pk=work.pk)
    if current.status not in (Work.WAITING, Work.RUNNING):
        raise Refused("已经结束或正在取消 (it has ended, or ends)", next_step="刷新页面 (reload)")
    waiting = current.status == Work.WAITING
    current.status = Work.CANCELLED if waiting else Work.CANCELLING
    current.ended_at = clock.now() if waiting else None
    current.save(update_fields=["status", "ended_at"])
    append(by=by, verb="web.cancel_work", subject=current.code, facts={})
    return current


@transaction.atomic
def take_file(*, by: Account, work: Work) -> Path:
    """Call before the file that the work made is sent; where it lies.

    Raises:
        NotFound: it made none, or the file is gone.
        Refused: persons stand in it in clear, and its release does not hold any more.
    """
    made = str(work.result.get("file", ""))
    path: Path = Workspace.current().exports / made
    if not made or not path.is_file():
        raise NotFound("文件已不在 (the file is gone)", next_step="重新生成 (make it again)")
    if release := work.argument.get("release", ""):
        standing(by, release, latest_hits(work.argument["clues"]))
    append(by=by, verb="web.take_file", subject=work.code, facts={"release": release})
    return path


@transaction.atomic
def begin(code: str) -> Work | None:
    """For the worker: takes up what waits; None if it was cancelled, or taken up before."""
    work = Work.objects.select_for_update().select_related("by").filter(code=code).first()
    if work is None or work.status != Work.WAITING:
        return None
    work.status = Work.RUNNING
    work.began = work.seen = clock.seconds()
    work.save(update_fields=["status", "began", "seen"])
    return work


def tell(work: Work, text: str, share: float | None) -> bool:
    """For the worker: how far it is. Answers whether to go on."""
    row = Work.objects.filter(pk=work.pk)
    changes: dict[str, Any] = {"text": text[:TITLE_LENGTH], "seen": clock.seconds()}
    if share is not None:
        changes["share"] = max(0.0, min(share, 1.0))
    row.update(**changes)
    return not row.filter(status=Work.CANCELLING).exists()


def end(work: Work, status: str, **fields: Any) -> None:
    """For the worker: how it ended."""
    Work.objects.filter(pk=work.pk).update(status=status, ended_at=clock.now(), **fields)


def recover() -> int:
    """Ends what a dead worker left: it can be repeated, and what it had published stays."""
    lost = Work.objects.filter(
        status__in=(Work.RUNNING, Work.CANCELLING), seen__lt=clock.seconds() - DEAD_SECONDS
    )
    return lost.update(
        status=Work.FAILED, ended_at=clock.now(), cause="后台进程中断 (its worker ended)",
        next_step="重做: 已发布的不会重复计入 (repeat it: nothing is counted twice)",
    )  # fmt: skip
