"""G1 on the whole pack: every detector over the sample city, against one scan of what they read.

A plain query beside each of them would be a second implementation, so the answers are held against
the truth that the sample planted: nothing planted is missed, and nobody else is accused.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks import data, detecting
from benchmarks.child import Job, peak_mb, timed
from clew.cli import verdict
from clew.cli.session import begin
from clew.cli.setup import create
from clew.datasets.ingest.deliver import Request, deliver
from clew.declare import registry
from clew.detection import actions
from clew.detection.models import Run
from clew.kernel import clock
from clew.linkage.actions import repair


def build(folder: str, visits: int) -> dict[str, Any]:
    """The city from its deliveries to a run of every detector; answers what the truth says."""
    pack = registry.pack(detecting.PACK)
    assert pack.sample is not None
    Path(folder).mkdir(parents=True)
    sample = pack.sample(Path(folder), seed=data.SEED, visits=visits)
    by = create(seed=data.SEED, today=sample.today, scale=sample.scale)
    clock.fix(sample.today)
    begin()
    files = [file for delivery in sample.deliveries for file in sorted(delivery.iterdir())]
    ingest_s, _ = timed(lambda: [deliver(Request(file), by=by) for file in files])
    repair(by=by)
    answer = actions.run(by=by, detectors=pack.detectors, overrides={})
    truth = json.loads(sample.truth.read_text(encoding="utf-8"))
    scores = verdict.score(truth, Run.objects.get(code=answer.run))
    return {
        "ids": [d.id for d in pack.detectors],
        "ingest_s": ingest_s,
        "truth_met": not any(score.wrong for score in scores),
        "clues": {o.id: o.clues for o in answer.outcomes},
        "peak_mb": peak_mb(),
    }


JOBS: dict[str, Job] = {"city": build}
