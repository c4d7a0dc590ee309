"""The verbs of this room: find links that the rows alone do not give, and decide on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from clew.accounts.access import denied, require, scope_of, without_numbers
from clew.accounts.models import Account
from clew.audit.actions import append, keyed_hash
from clew.declare import registry
from clew.kernel import clock
from clew.kernel.errors import InputError
from clew.kernel.identifiers import mask_id
from clew.kernel.names import mask_name
from clew.kernel.text import compact
from clew.linkage import queries
from clew.linkage.faults import repairs
from clew.linkage.models import Link
from clew.linkage.repair import METHOD, Fault, Repair

CODE_LENGTH = 12
BLOCK = 2_000


@dataclass(frozen=True, slots=True)
class Repaired:
    """Links of tier T2: new ones, those that no longer hold, all that stand now."""

    found: int
    withdrawn: int
    standing: int


def repair(*, by: Account) -> Repaired:
    """Looks for the persons behind mistyped numbers (D02) in every published row.

    Links on which a person has decided stay. Undecided ones are looked at anew, since a number
    that came later may make them ambiguous, and a corrected row needs none: what no longer holds
    is withdrawn. One ledger entry, if anything changed. Denied without a post that runs detectors.
    """
    scope = scope_of(by)
    if not any(scope.allows("run", domain=name, division="") for name in registry.packs()):
        raise denied(by, "run")
    wanted = {link.code: link for link in (_link(*found) for found in repairs())}
    with transaction.atomic():
        held = dict(Link.objects.values_list("code", "verdict"))
        fresh = [link for code, link in wanted.items() if code not in held]
        gone = [code for code, verdict in held.items() if not verdict and code not in wanted]
        for start in range(0, len(gone), BLOCK):
            Link.objects.filter(code__in=gone[start : start + BLOCK]).delete()
        Link.objects.bulk_create(fresh, batch_size=BLOCK)
        answer = Repaired(len(fresh), len(gone), len(held) + len(fresh) - len(gone))
        if fresh or gone:
            append(
                by=by, verb="linkage.repair", subject=METHOD,
                facts={"found": answer.found, "withdrawn": answer.withdrawn,
                       "standing": answer.standing},
            )  # fmt: skip
    return answer


def decide(*, by: Account, link: str, verdict: str, reason: str) -> Link:
    """A person's word on a link: same, not_same or unsure. A later word replaces it.

    Raises:
        InputError: another verdict, or no reason.
        NotFound: no such link.
    """
    stated = without_numbers(" ".join(reason.split()))[:200]
    if verdict not in dict(Link.VERDICTS) or not stated:
        raise InputError(
            f"判定 {verdict!r} 须为 same, not_same 或 unsure, 并说明理由 "
            "(a verdict is one of these, and has a reason)",
            next_step='clew link decide LINK same --reason "…"',
        )
    with transaction.atomic():
        found = queries.link(link)
        domain = registry.pack_of_dataset(found.dataset).name
        require(by, "decide_link", domain=domain, division="")
        before = found.verdict or "undecided"
        found.verdict, found.reason = verdict, stated
        found.decided_by, found.decided_at = by, clock.now()
        found.save()
        append(
            by=by, verb="linkage.decide", subject=found.code,
            facts={"verdict": verdict, "before": before, "reason": stated},
        )  # fmt: skip
    return found


def _link(fault: Fault, mended: Repair) -> Link:
    cell = f"link\n{fault.dataset}\n{fault.column}\n{fault.row_id}\n{mended.person}"
    evidence: dict[str, Any] = {
        "original": mask_id(compact(fault.original)),
        "edit": mended.edit,
        "at": mended.at,
        "name": mask_name(fault.name),
        "name_form": mended.name,
        "named_in": mended.named_in,
        "birth": mended.birth,
    }
    return Link(
        code=keyed_hash(cell)[:CODE_LENGTH], dataset=fault.dataset, column=fault.column,
        row_id=fault.row_id, person=mended.person, tier=Link.T2, method=METHOD, evidence=evidence,
    )  # fmt: skip
