"""The verbs of background work: ask for it, cancel it. What it does, the rooms' own verbs do."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from clew.accounts.models import Account
from clew.audit.actions import append
from clew.kernel.errors import Refused
from clew.web.work.models import Work

TITLE_LENGTH = 255


@transaction.atomic
def ask(*, by: Account, kind: str, title: str, argument: Mapping[str, Any]) -> Work:
    """Queues work for the next worker that is free. Whether the account may is asked when it runs,
    by the verb that does it.
    """
    # Imported here: the task is found by its path, and its module imports the rooms below.
    from clew.web.work.tasks import perform

    made = Work.objects.create(
        code=secrets.token_hex(6), kind=kind, title=title[:TITLE_LENGTH], argument=dict(argument),
        by=by, asked_at=timezone.now(),
    )  # fmt: skip
    append(by=by, verb="work.ask", subject=made.code, facts={"kind": kind})
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
    current.ended_at = timezone.now() if waiting else None
    current.save(update_fields=["status", "ended_at"])
    append(by=by, verb="work.cancel", subject=current.code, facts={})
    return current
