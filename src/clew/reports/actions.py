"""The verb of taking figures and lists away."""

from __future__ import annotations

from django.db import transaction

from clew.accounts.access import stated
from clew.accounts.models import Account
from clew.audit.actions import append
from clew.reports.exports import Table, made


@transaction.atomic
def export(*, by: Account, what: str, table: Table, kind: str, reason: str) -> bytes:
    """A table as a file, persons masked as the table has them.

    what: what it lists, as `clues`; whether the account may is asked of that room before.

    Raises:
        InputError: no reason, or another kind of file.
    """
    purpose = stated(reason, "说明用途 (say what for)")
    content = made(table, kind, account=by, purpose=purpose)
    append(
        by=by, verb="reports.export", subject=what,
        facts={"kind": kind, "rows": len(table.rows), "reason": purpose},
    )  # fmt: skip
    return content
