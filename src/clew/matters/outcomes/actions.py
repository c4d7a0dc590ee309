"""The verbs on a clue of a matter: exclusions answered, identity confirmed, outcome settled."""

from __future__ import annotations

from django.db import transaction

from clew.accounts.models import Account
from clew.audit.actions import append
from clew.declare import registry
from clew.detection.models import Clue, Verdict
from clew.detection.queries import confirm_identity, evidence, latest_hit
from clew.detection.verdicts import actions as verdicts
from clew.detection.verdicts.codes import checked
from clew.detection.verdicts.queries import standing
from clew.kernel.errors import InputError, NotFound
from clew.matters.models import Matter, MatterClue
from clew.matters.moving.actions import needed, open_for
from clew.matters.refusals import Declined, heard

ANSWERS = (MatterClue.MET, MatterClue.NOT_MET, MatterClue.UNCLEAR)
_SETTLED = {MatterClue.CONFIRMED: Clue.CONFIRMED, MatterClue.REBUTTED: Clue.REBUTTED}


@heard("matters.answer")
@transaction.atomic
def answer_exclusion(
    *, by: Account, matter: str, clue: str, code: str, answer: str, reason: str
) -> MatterClue:
    """What an officer saw of an exclusion that the detector could not test.

    answer: met (the exclusion applies, so the clue is to be rebutted), not_met, or unclear.

    Raises:
        InputError: another answer, no reason, or an exclusion that was tested.
        NotFound: no such matter, or no such clue in it.
        Denied, Declined: no post of the account settles clues there; the matter is at its end.
    """
    found = open_for(by, matter, "settle")
    member = _member(found, clue)
    if answer not in ANSWERS:
        raise InputError(
            f"答案须为 {', '.join(ANSWERS)} 之一 (one of these)", next_step="--answer not_met"
        )
    untested = latest_hit(member.clue).untested
    if code not in untested:
        raise InputError(
            f"{code} 不是未测的排除项 (it was tested, or is unknown)",
            next_step=f"未测: {', '.join(untested) or '—'}",
        )
    said = needed(reason, f"clew matters show {found.code}")
    member.answers = {**member.answers, code: answer}
    member.save(update_fields=["answers"])
    append(
        by=by, verb="matters.answer", subject=found.code,
        facts={"clue": member.clue.code, "code": code, "answer": answer, "reason": said},
    )  # fmt: skip
    return member


@heard("matters.identify")
@transaction.atomic
def confirm_subject(*, by: Account, matter: str, clue: str, reason: str) -> MatterClue:
    """An officer verified who the subject of a clue is that rests on a link below T1.

    Raises:
        InputError: no reason, or a clue that needs none.
        NotFound, Denied, Declined: as of `answer_exclusion`.
    """
    found = open_for(by, matter, "settle")
    member = _member(found, clue)
    hit = latest_hit(member.clue)
    if not confirm_identity(evidence([hit])[hit.pk]):
        raise InputError(
            "该线索的身份关联不低于 T1 (its link is T1)",
            next_step=f"clew matters show {found.code}",
        )
    said = needed(reason, f"clew matters show {found.code}")
    member.identity = by
    member.save(update_fields=["identity"])
    append(
        by=by, verb="matters.identify", subject=found.code,
        facts={"clue": member.clue.code, "reason": said},
    )  # fmt: skip
    return member


@heard("matters.settle")
@transaction.atomic
def settle_clue(
    *, by: Account, matter: str, clue: str, outcome: str, code: str = "", reason: str
) -> MatterClue:
    """The outcome of one clue of a matter, which is the officer's verdict on it too.

    The verdict leaves its own entry beside that of the matter. A verdict that stands already, with
    the same outcome, is taken over.

    Raises:
        InputError: another outcome, no reason, or an unknown reason code.
        NotFound, Denied, Declined: as of `answer_exclusion`; Declined too where an exclusion that
            applies speaks against the outcome.
    """
    found = open_for(by, matter, "settle")
    member = _member(found, clue)
    if outcome not in _SETTLED:
        raise InputError(
            f"结论须为 {', '.join(_SETTLED)} 之一 (one of these)", next_step="--outcome confirmed"
        )
    applies = sorted(c for c, said in member.answers.items() if said == MatterClue.MET)
    if outcome == MatterClue.CONFIRMED and applies:
        raise Declined(
            f"排除项 {', '.join(applies)} 成立, 不能认定 (an exclusion applies)",
            code="exclusion_met", next_step=f"clew matters settle {found.code} {member.clue.code}",
        )  # fmt: skip
    verdict = _verdict(by, member.clue, outcome, code, reason)
    member.outcome, member.code, member.verdict = outcome, verdict.code, verdict
    member.save(update_fields=["outcome", "code", "verdict"])
    append(
        by=by, verb="matters.settle", subject=found.code,
        facts={"clue": member.clue.code, "outcome": outcome, "code": verdict.code,
               "reason": verdict.reason},
    )  # fmt: skip
    return member


def _verdict(by: Account, clue: Clue, outcome: str, code: str, reason: str) -> Verdict:
    if clue.status == _SETTLED[outcome]:
        wanted = checked(registry.detector(clue.detector), code) if code else ""
        stands = standing([clue.pk])[clue.pk]
        if stands.code == wanted or not wanted:
            return stands
    if outcome == MatterClue.CONFIRMED:
        return verdicts.confirm(by=by, clue=clue.code, reason=reason)
    verdict, _ = verdicts.rebut(by=by, clue=clue.code, code=code, reason=reason)
    return verdict


def _member(matter: Matter, clue: str) -> MatterClue:
    inside = MatterClue.objects.filter(matter=matter, held=True).select_related("clue")
    found = list(inside.filter(clue__code__startswith=clue)[:2]) if clue else []
    if len(found) != 1:
        raise NotFound(
            f"{matter.number} 没有线索 {clue} (no such clue in it)",
            next_step=f"clew matters show {matter.code}",
        )
    return found[0]
