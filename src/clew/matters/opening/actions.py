"""The verb that makes a matter of clues: numbered, placed, its clues claimed, its clocks begun."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from clew.accounts.access import require, without_numbers
from clew.accounts.models import Account, Department
from clew.accounts.queries import department as find_department
from clew.audit.actions import append
from clew.declare import Lifecycle, registry
from clew.detection.models import Clue
from clew.kernel import clock
from clew.kernel.errors import InputError
from clew.matters import access
from clew.matters.facts import Facts
from clew.matters.machine import opened
from clew.matters.models import Matter, MatterClue, Numbering, Step
from clew.matters.moving.actions import write_clocks
from clew.matters.places import place_of, seen_clues
from clew.matters.record import lifecycle
from clew.matters.refusals import Declined, heard

TITLE_LENGTH = 200


@heard("matters.open")
@transaction.atomic
def open_matter(
    *,
    by: Account,
    clues: Sequence[str],
    title: str = "",
    department: str = "",
    kind: str = "",
    parent: str = "",
) -> Matter:
    """Makes a matter of clues of one domain; each is held by this matter until it ends.

    department: code of the one in charge, by default the account's own. kind: a lifecycle of the
    domain, by default its first.

    Raises:
        InputError: no clue, clues of several domains, or no department.
        NotFound: an unknown clue, department, lifecycle or parent.
        Denied: no post of the account opens matters there.
        Declined: a clue is rebutted, or another open matter holds it.
    """
    found = seen_clues(by, clues)
    domain, division = place_of(found)
    owner = find_department(department) if department else by.department
    if owner is None:
        raise InputError(
            "须指明承办部门 (name the department in charge)", next_step="--department CODE"
        )
    require(by, "open_matter", domain=domain, division=division, department=owner.code)
    rules = lifecycle(domain, kind)
    day = clock.today()
    matter = Matter(
        code=secrets.token_hex(6), number=_number(owner, day.year), domain=domain,
        title=without_numbers(" ".join(title.split()))[:TITLE_LENGTH] or _title(found),
        division=division, department=owner, lifecycle=rules.id, version=rules.version,
        state=rules.initial, parent=access.seen(by, parent) if parent else None,
        opened_by=by, opened_at=clock.now(), opened_on=day,
    )  # fmt: skip
    matter.save()
    _claim(matter, found)
    _begin(matter, rules)
    append(
        by=by, verb="matters.open", subject=matter.code,
        facts={"number": matter.number, "clues": [c.code for c in found], "domain": domain,
               "division": division, "department": owner.code, "lifecycle": rules.id,
               "version": rules.version, "parent": matter.parent.code if matter.parent else ""},
    )  # fmt: skip
    return matter


def _claim(matter: Matter, clues: Sequence[Clue]) -> None:
    for found in clues:
        if found.status == Clue.REBUTTED:
            raise Declined(
                f"线索 {found.code} 已排除 (this clue is rebutted)", code="clue_rebutted",
                next_step=f'clew clues reopen {found.code} --reason "…"',
            )  # fmt: skip
    try:
        with transaction.atomic():
            MatterClue.objects.bulk_create(MatterClue(matter=matter, clue=c) for c in clues)
    except IntegrityError as error:
        held = MatterClue.objects.filter(held=True, clue__in=clues).select_related("matter", "clue")
        taken = ", ".join(f"{m.clue.code} → {m.matter.number}" for m in held[:5])
        raise Declined(
            f"线索已在办: {taken} (another open matter holds them)", code="clue_held",
            next_step="clew matters list",
        ) from error  # fmt: skip


def _begin(matter: Matter, rules: Lifecycle) -> None:
    start = opened(rules, Facts(rules.initial, matter.opened_on), matter.opened_at)
    write_clocks(matter, rules, start.clocks)
    Step(
        matter=matter, transition="opened", after=rules.initial, on=matter.opened_on,
        by=matter.opened_by, at=matter.opened_at,
    ).save()  # fmt: skip


def _number(department: Department, year: int) -> str:
    """The department's next number of the year; a refused matter takes none, so none is missing."""
    Numbering.objects.get_or_create(department=department, year=year)
    count = Numbering.objects.select_for_update().get(department=department, year=year)
    count.last += 1
    count.save(update_fields=["last"])
    return f"{department.name_zh}〔{year}〕{count.last}号"


def _title(clues: Sequence[Clue]) -> str:
    asked = sorted({c.detector for c in clues})
    names = "、".join(registry.detector(d).title.zh for d in asked)
    return f"疑似{names}, 线索 {len(clues)} 条"[:TITLE_LENGTH]
