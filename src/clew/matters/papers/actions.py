"""The verb that attaches a paper, and how the others do."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from clew.accounts.access import without_numbers
from clew.accounts.models import Account
from clew.audit.actions import append
from clew.kernel import clock
from clew.kernel.errors import InputError, NotFound
from clew.matters.access import seen
from clew.matters.models import Attachment, Matter
from clew.matters.moving.actions import open_for
from clew.matters.papers.content import checked, keep
from clew.matters.record import lifecycle_of
from clew.matters.refusals import Declined, heard


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to attach: its kind in the lifecycle, where it lies, what it is called."""

    kind: str
    path: Path
    name: str = ""


@heard("matters.attach")
@transaction.atomic
def attach(*, by: Account, matter: str, paper: Paper) -> Attachment:
    """Adds a paper to an open matter.

    Raises:
        InputError: an unknown kind, or a file that is not taken.
        NotFound: no matter that the account sees.
        Denied: no post of the account attaches papers there.
        Declined: the matter is at its end, or holds this paper already.
        StoreError: the disk cannot take it.
    """
    found = open_for(by, matter, "attach")
    (added,) = add_papers(by, found, [paper])
    append(
        by=by, verb="matters.attach", subject=found.code,
        facts={"paper": added.code, "kind": added.kind, "sha256": added.sha256,
               "size": added.size, "media": added.media},
    )  # fmt: skip
    return added


@heard("matters.read_paper")
@transaction.atomic
def read_paper(*, by: Account, matter: str, paper: str) -> tuple[Attachment, Path]:
    """A paper and where its content lies. It may hold personal data, so that reading leaves an
    entry, and without one nothing is shown.

    Raises:
        NotFound: no matter that the account sees, or no such paper in it.
        StoreError: its content is gone or changed.
    """
    matter_ = seen(by, matter)
    found = list(matter_.papers.filter(code__startswith=paper)[:2]) if paper else []
    if len(found) != 1:
        raise NotFound(
            f"{matter_.number} 没有附件 {paper} (no such paper)",
            next_step=f"clew matters show {matter_.code}",
        )
    path = checked(found[0].sha256)
    append(
        by=by, verb="matters.read_paper", subject=matter_.code,
        facts={"paper": found[0].code, "kind": found[0].kind, "sha256": found[0].sha256},
    )  # fmt: skip
    return found[0], path


def add_papers(by: Account, matter: Matter, papers: Iterable[Paper]) -> list[Attachment]:
    """Checks and keeps papers of a locked matter; the verb writes the entry."""
    known = lifecycle_of(matter).papers
    added = []
    for paper in papers:
        if paper.kind not in known:
            raise InputError(
                f"没有附件种类 {paper.kind} (no such kind of paper)",
                next_step=f"可用: {', '.join(known)}",
            )
        kept = keep(paper.path, paper.name)
        same = Attachment.objects.filter(matter=matter, kind=paper.kind, sha256=kept.sha256)
        if there := same.first():
            raise Declined(
                f"该附件已在 {matter.number} 中: {there.code} (it is attached already)",
                code="attached", next_step=f"clew matters show {matter.code}",
            )  # fmt: skip
        attachment = Attachment(
            code=secrets.token_hex(6), matter=matter, kind=paper.kind,
            name=without_numbers(kept.name), media=kept.media, size=kept.size,
            sha256=kept.sha256, by=by, at=clock.now(),
        )  # fmt: skip
        attachment.save()
        added.append(attachment)
    return added
