"""Recomputes one clue from the frozen inputs of its last sighting."""

from __future__ import annotations

from dataclasses import dataclass

from clew.declare import Detector, registry
from clew.detection import code, inputs
from clew.detection.actions import digest, identity, open_engine
from clew.detection.models import Run
from clew.detection.plan import execute, plan
from clew.detection.queries import clue, latest_hit
from clew.kernel.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What recomputing one clue from its frozen inputs gave."""

    clue: str
    agrees: bool
    found: bool
    code_changed: bool
    recorded: str
    recomputed: str


def reproduce(code_: str) -> Recomputed:
    """Runs a clue's detector again on the files, day and parameters of its last sighting.

    Raises:
        NotFound: no such clue, or its detector is no longer installed.
        StoreError: inputs were purged or changed since.
    """
    hit = latest_hit(clue(code_))
    run = hit.run
    recomputed = again(run, registry.detector(hit.clue.detector)).get(hit.clue.code, "")
    packs = [registry.pack_of_detector(d) for d in run.versions if d in registry.detectors()]
    return Recomputed(
        hit.clue.code, recomputed == hit.digest, bool(recomputed),
        code.digest(packs) != run.code_hash, hit.digest, recomputed,
    )  # fmt: skip


def again(run: Run, detector: Detector) -> dict[str, str]:
    """Clue id → digest, from the files, day and parameters that a run froze for a detector.

    Raises:
        StoreError: inputs were purged or changed since.
    """
    frozen = inputs.Inputs.from_json(run.inputs, run.held, run.as_of)
    workspace = Workspace.current()
    inputs.verify(frozen, workspace)
    params = {detector.id: detector.values(run.params[detector.id])}
    work = plan(registry.pack_of_detector(detector.id), [detector], params, frozen)
    with open_engine(workspace) as engine:
        results = execute(work, engine)
    return {
        identity(detector, r.rule, c): digest(detector, r.rule, c)
        for r in results
        for c in r.clues
    }
