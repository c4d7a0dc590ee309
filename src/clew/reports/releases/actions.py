"""Verbs of releases: persons leave the house in clear only on another's word.

Neither asking nor granting shows anything: what is taken is made when it is taken, from what its
asker sees then.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from clew.accounts.access import denied, not_the_same, stated
from clew.accounts.models import Account
from clew.audit.actions import append
from clew.detection import access, queries
from clew.detection.models import Hit
from clew.kernel import clock
from clew.kernel.errors import InputError, Refused
from clew.reports.models import Release
from clew.reports.releases.access import require_release, seen, standing

DAYS = 7
"""For so long a granted release can be used."""
MOST = 2_000
"""As many clues can be released at once."""


@transaction.atomic
def ask_release(*, by: Account, clues: Sequence[str], reason: str) -> Release:
    """Asks to take these clues away with persons in clear.

    Raises:
        InputError: no clue or too many, or no reason.
        NotFound: a clue that the account does not see.
        Denied: no post that exports one, or sees its person in clear.
    """
    purpose = stated(reason, "说明用途 (say what for)")
    hits = asked_for(by, clues)
    asked = Release(
        code=secrets.token_hex(6), clues=[h.clue.code for h in hits], reason=purpose, by=by,
        places=sorted({(h.clue.domain, h.clue.division) for h in hits}), asked_at=clock.now(),
    )  # fmt: skip
    access.may_see_clear(by, hits, reason=purpose, purpose=asked.code)
    asked.save()
    append(
        by=by, verb="reports.ask_release", subject=asked.code,
        facts={"clues": asked.clues, "reason": purpose},
    )  # fmt: skip
    return asked


@transaction.atomic
def decide_release(*, by: Account, release: str, granted: bool, answer: str) -> Release:
    """Grants it for a week, or declines it.

    Raises:
        NotFound: no release that the account sees.
        Denied: no post that releases all of its clues.
        Refused: it is decided, or the account asked for it itself.
        InputError: no answer.
    """
    found = Release.objects.select_for_update().get(pk=seen(by, release).pk)
    require_release(by, found)
    not_the_same(found.by, by)
    if found.status != Release.ASKED:
        raise Refused(
            f"放行 {found.code} 已有决定 (it is decided)",
            next_step=f"clew releases show {found.code}",
        )
    found.answer = stated(answer, "说明理由 (say why)")
    found.status = Release.GRANTED if granted else Release.DECLINED
    found.until = clock.today() + timedelta(days=DAYS) if granted else None
    found.decided_by, found.decided_at = by, clock.now()
    found.save()
    append(
        by=by, verb="reports.decide_release", subject=found.code,
        facts={"granted": granted, "answer": found.answer,
               "until": found.until.isoformat() if found.until else ""},
    )  # fmt: skip
    return found


@transaction.atomic
def take_release(*, by: Account, release: str, hits: Sequence[Hit], kind: str) -> Release:
    """Call before these sightings leave in clear; if it raises, let nothing out.

    Raises:
        NotFound, Refused, Denied: as `standing`.
    """
    found = standing(by, release, hits)
    append(
        by=by, verb="reports.take_release", subject=found.code,
        facts={"kind": kind, "clues": [h.clue.code for h in hits]},
    )  # fmt: skip
    return found


def asked_for(by: Account, clues: Sequence[str]) -> list[Hit]:
    """The latest sightings of these clues, by detector and id.

    Raises:
        InputError: none, or too many.
        NotFound: one that the account does not see.
        Denied: one that it may not export.
    """
    codes = list(dict.fromkeys(clues))
    if not 0 < len(codes) <= MOST:
        raise InputError(
            f"须为 1 至 {MOST} 条线索, 现为 {len(codes)} (1 to {MOST} clues)",
            next_step="先筛选线索 (filter the clues first)",
        )
    seen_ = set(access.visible_clues(by).filter(code__in=codes).values_list("code", flat=True))
    for code in codes:
        if code not in seen_:
            raise access.no_clue(code)
    hits = queries.latest_hits(codes)
    if len(access.seen_hits(by, hits, "export")) < len(hits):
        raise denied(by, "export")
    return hits
