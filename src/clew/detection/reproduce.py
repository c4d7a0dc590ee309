"""Recomputes one clue from the frozen inputs of its last sighting."""

from __future__ import annotations

from dataclasses import dataclass

from clew.declare import registry
from clew.detection import code, inputs
from clew.detection.actions import digest, identity, open_engine
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
    run, detector = hit.run, registry.detector(hit.clue.detector)
    pack = registry.pack_of_detector(detector.id)
    frozen = inputs.Inputs.from_json(run.inputs, run.held, run.as_of)
    workspace = Workspace.current()
    inputs.verify(frozen, workspace)
    params = {detector.id: detector.values(run.params[detector.id])}
    with open_engine(workspace) as engine:
        results = execute(plan(pack, [detector], params, frozen), engine)
    again = {identity(detector, c): digest(detector, c) for r in results for c in r.clues}
    recomputed = again.get(hit.clue.code, "")
    packs = [registry.pack_of_detector(d) for d in run.versions if d in registry.detectors()]
    return Recomputed(
        hit.clue.code, recomputed == hit.digest, bool(recomputed),
        code.digest(packs) != run.code_hash, hit.digest, recomputed,
    )  # fmt: skip
