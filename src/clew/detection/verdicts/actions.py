"""The verbs of an officer's word: confirm, rebut, reopen, and the tickets that follow from it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence

from django.db import transaction

from clew.accounts.access import without_numbers
from clew.accounts.models import Account
from clew.audit.actions import append
from clew.datasets.models import Batch
from clew.declare import registry
from clew.detection import access
from clew.detection.models import Clue, Hit, Run, Ticket, Verdict
from clew.detection.queries import clue as find
from clew.detection.queries import latest_hit
from clew.detection.verdicts import queries
from clew.detection.verdicts.codes import (
    DIRTY_DATA,
    DUPLICATE_OF,
    EVIDENCE_CHANGED,
    checked,
)
from clew.detection.verdicts.evidence import digests
from clew.detection.verdicts.queries import Question
from clew.kernel import clock
from clew.kernel.errors import InputError, Refused

REASON_LENGTH = 200
_STATUS = {
    Verdict.CONFIRMED: Clue.CONFIRMED,
    Verdict.REBUTTED: Clue.REBUTTED,
    Verdict.REOPENED: Clue.OPEN,
}


def confirm(*, by: Account, clue: str, reason: str) -> Verdict:
    """An officer has verified that the clue holds.

    Raises:
        InputError: no reason.
        NotFound: no such clue, or out of sight.
        Refused: the clue is confirmed already, or no post allows a verdict on it.
    """
    return _decide(by=by, clue=clue, kind=Verdict.CONFIRMED, code="", reason=reason)


def rebut(
    *,
    by: Account,
    clue: str,
    code: str,
    reason: str,
    rows: Sequence[str] = (),
    duplicate_of: str = "",
) -> tuple[Verdict, list[Ticket]]:
    """An officer has verified that the clue does not hold, and says why.

    With DIRTY_DATA a ticket goes to the owner of each batch in question: that of the rows named
    as "BATCH:ROW", of the flagged rows where none is named.

    Raises:
        InputError: no reason, an unknown code, a row that is no evidence of the clue, or
            DUPLICATE_OF without another clue.
        NotFound: no such clue.
        Refused: the clue is rebutted already.
    """
    found = access.allowed(by, "judge", clue)
    chosen = checked(registry.detector(found.detector), code)
    if chosen == DUPLICATE_OF:
        reason = f"{_other(found, duplicate_of)} {reason}".strip()
    questions = queries.questioned(found, rows) if chosen == DIRTY_DATA else []
    with transaction.atomic():
        verdict = _decide(by=by, clue=found.code, kind=Verdict.REBUTTED, code=chosen, reason=reason)
        tickets = _opened(by, questions, verdict.reason, found)
    return verdict, tickets


def reopen(*, by: Account, clue: str, reason: str) -> Verdict:
    """Takes a verdict back; it stays on record.

    Raises:
        InputError: no reason.
        NotFound: no such clue.
        Refused: the clue is open.
    """
    return _decide(by=by, clue=clue, kind=Verdict.REOPENED, code="", reason=reason)


def reopen_changed(*, by: Account, run: Run) -> list[str]:
    """Opens again what a run sighted of rebutted clues with other evidence than at the verdict.

    Call inside the transaction that keeps the run. One ledger entry, if any clue opens; returns
    their ids.
    """
    again = list(
        Hit.objects.filter(run=run, clue__status=Clue.REBUTTED)
        .select_related("clue", "run")
        .order_by("clue__code")
    )
    if not again:
        return []
    stood = queries.standing([hit.clue_id for hit in again])
    now = digests(again)
    changed = [h for h in again if h.clue_id in stood and stood[h.clue_id].evidence != now[h.pk]]
    with transaction.atomic():
        for hit in changed:
            _word(by, hit, now[hit.pk], Verdict.REOPENED, EVIDENCE_CHANGED, f"run {run.code}")
        codes = [hit.clue.code for hit in changed]
        if codes:
            append(
                by=by, verb="detection.reopen_changed", subject=run.code,
                facts={"reopened": len(codes), "clues": codes},
            )  # fmt: skip
    return codes


def open_tickets(*, by: Account, run: Run) -> list[Ticket]:
    """Asks the owners of data about the facts that a run calls a wrong record.

    One ticket a batch, question and cause; rows on which there is a ticket of the same cause are
    left out, so a second call opens none.

    Raises:
        StoreError: the run's facts are gone.
        Denied: no post that asks owners over the whole domain.
    """
    for pack in registry.packs().values():
        if any(d.id in run.versions for d in pack.detectors):
            access.require_domain(by, "open_ticket", pack.name)
    questions = queries.corrections_due(run)
    with transaction.atomic():
        return _opened(by, questions, f"run {run.code}", None)


def answer_ticket(*, by: Account, ticket: str, answer: str) -> Ticket:
    """The owner's answer closes a ticket.

    Raises:
        InputError: no answer.
        NotFound: no such ticket.
        Refused: it is answered already.
    """
    stated = _stated(answer, 'clew tickets close TICKET --answer "…"')
    with transaction.atomic():
        found = access.ticket_allowed(by, "answer_ticket", ticket)
        if found.status == Ticket.ANSWERED:
            raise Refused(
                f"数据质量单 {found.code} 已答复 (this ticket is answered)",
                next_step=f"clew tickets show {found.code}",
            )
        found.status, found.answer = Ticket.ANSWERED, stated
        found.answered_by, found.answered_at = by, clock.now()
        found.save()
        append(by=by, verb="detection.answer_ticket", subject=found.code, facts={"answer": stated})
    return found


def _decide(*, by: Account, clue: str, kind: str, code: str, reason: str) -> Verdict:
    stated = _stated(reason, 'clew clues show CLUE; --reason "…"')
    with transaction.atomic():
        hit = latest_hit(access.allowed(by, "judge", clue))
        before = hit.clue.status
        if before == _STATUS[kind]:
            raise Refused(
                f"线索 {hit.clue.code} 的状态已是 {before} (this clue is {before} already)",
                next_step=f'clew clues reopen {hit.clue.code} --reason "…"'
                if before != Clue.OPEN
                else f"clew clues show {hit.clue.code}",
            )
        verdict = _word(by, hit, digests([hit])[hit.pk], kind, code, stated)
        append(
            by=by, verb="detection.decide", subject=hit.clue.code,
            facts={"verdict": kind, "before": before, "code": code, "reason": stated,
                   "version": verdict.version, "evidence": verdict.evidence},
        )  # fmt: skip
    return verdict


def _word(by: Account, hit: Hit, evidence: str, kind: str, code: str, reason: str) -> Verdict:
    verdict = Verdict(
        clue=hit.clue, hit=hit, kind=kind, code=code, reason=reason, evidence=evidence,
        version=hit.run.versions[hit.clue.detector], by=by, at=clock.now(),
    )  # fmt: skip
    verdict.save()
    hit.clue.status = _STATUS[kind]
    hit.clue.save(update_fields=["status"])
    return verdict


def _opened(
    by: Account, questions: Iterable[Question], what: str, clue: Clue | None
) -> list[Ticket]:
    """Tickets, one ledger entry each."""
    tickets = []
    batches = Batch.objects.select_related("department")
    for q in questions:
        batch = batches.get(code=q.batch)
        ticket = Ticket(
            code=secrets.token_hex(5), department=batch.department, dataset=batch.dataset,
            batch=batch.code, rows=list(q.rows), detector=q.detector, rule=q.rule, cause=q.cause,
            what=what[:REASON_LENGTH], clue=clue, opened_by=by, opened_at=clock.now(),
        )  # fmt: skip
        ticket.save()
        append(
            by=by, verb="detection.open_ticket", subject=ticket.code,
            facts={"department": batch.department.code, "batch": batch.code,
                   "rows": len(q.rows), "cause": q.cause, "detector": f"{q.detector}{q.rule}"},
        )  # fmt: skip
        tickets.append(ticket)
    return tickets


def _other(found: Clue, duplicate_of: str) -> str:
    if not duplicate_of or (other := find(duplicate_of)).pk == found.pk:
        raise InputError(
            "须指明与哪条线索重复 (name the clue that this one repeats)",
            next_step=f"clew clues rebut {found.code} --code {DUPLICATE_OF} --of CLUE",
        )
    return str(other.code)


def _stated(text: str, next_step: str) -> str:
    """A reason without personal numbers, trimmed."""
    stated = without_numbers(" ".join(text.split()))[:REASON_LENGTH]
    if not stated:
        raise InputError("须说明理由 (a reason is needed)", next_step=next_step)
    return stated
