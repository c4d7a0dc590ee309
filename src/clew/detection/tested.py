"""What was tested on each row of a clue: recomputed from the run's frozen inputs, as `reproduce`.

A run keeps what it could not test; what each condition and exclusion said of each row comes from
asking again, and is only told where the answer is the recorded one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from clew.declare import Detector, registry
from clew.detection import inputs
from clew.detection.actions import digest, identity, open_engine
from clew.detection.facts import Candidate, Result
from clew.detection.models import Hit, Run
from clew.detection.plan import execute, plan
from clew.kernel.errors import NotFound, StoreError
from clew.kernel.workspace import Workspace

AGREES, DIFFERS, UNAVAILABLE = "agrees", "differs", "unavailable"


@dataclass(frozen=True, slots=True)
class Tested:
    """`rows` maps flagged row ids to code → true, false or null; `set_aside` maps rows of the
    same fact that an exclusion took out to its code. Both are empty unless `state` is AGREES.
    """

    state: str
    reason: str = ""
    rows: Mapping[int, Mapping[str, bool | None]] = field(default_factory=dict)
    set_aside: Mapping[int, str] = field(default_factory=dict)


def tested(hits: Sequence[Hit]) -> dict[str, Tested]:
    """Clue id → what was tested; each run and detector is executed once."""
    found: dict[str, Tested] = {}
    for (run, detector), own in _by_question(hits).items():
        try:
            results = _again(run, registry.detector(detector))
        except (NotFound, StoreError) as error:
            found |= {h.clue.code: Tested(UNAVAILABLE, error.cause) for h in own}
            continue
        answers = dict(_answers(results, {h.clue.code: h.digest for h in own}))
        found |= {h.clue.code: answers.get(h.clue.code, Tested(DIFFERS)) for h in own}
    return found


def _by_question(hits: Sequence[Hit]) -> dict[tuple[Run, str], list[Hit]]:
    grouped: dict[tuple[Run, str], list[Hit]] = {}
    for hit in hits:
        grouped.setdefault((hit.run, hit.clue.detector), []).append(hit)
    return grouped


def _again(run: Run, detector: Detector) -> list[Result]:
    """
    Raises:
        StoreError: inputs were purged or changed since.
    """
    workspace = Workspace.current()
    frozen = inputs.Inputs.from_json(run.inputs, run.held, run.as_of)
    inputs.verify(frozen, workspace)
    params = {detector.id: detector.values(run.params[detector.id])}
    pack = registry.pack_of_detector(detector.id)
    with open_engine(workspace) as engine:
        return execute(plan(pack, [detector], params, frozen), engine)


def _answers(
    results: Sequence[Result], recorded: Mapping[str, str]
) -> Iterable[tuple[str, Tested]]:
    for result in results:
        for candidate in result.clues:
            clue = identity(result.detector, result.rule, candidate)
            if recorded.get(clue) == digest(result.detector, result.rule, candidate):
                yield clue, _told(candidate)


def _told(candidate: Candidate) -> Tested:
    flagged = {judged.row_id: dict(judged.tested) for judged in candidate.flagged}
    taken = {
        judged.row_id: judged.excluded_by
        for judged in candidate.rows
        if judged.excluded_by and judged.row_id not in flagged
    }
    return Tested(AGREES, "", flagged, taken)
