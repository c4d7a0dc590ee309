"""A small city, delivered and run once for each seed, and an in-process Spark Connect server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from clew.accounts.models import Account
from clew.datasets.ingest.deliver import Receipt, Request, deliver
from clew.declare import Sample, registry
from clew.detection import actions
from clew.detection.actions import RunAnswer
from clew.linkage.actions import repair
from clew.packs.medical_insurance.sample import sample
from tests.workspaces import lasting_workspace

SEEDS = (7, 2023)
VISITS = 2_000
TODAY = date(2023, 10, 31)


@dataclass(frozen=True)
class City:
    """`receipts` by file, relative to the sample's folder; `answer` is the first run's."""

    seed: int
    by: Account
    folder: Path
    sample: Sample
    truth: dict[str, Any]
    receipts: dict[str, list[Receipt]]
    answer: RunAnswer


@pytest.fixture(scope="module", params=SEEDS, ids=lambda seed: f"seed{seed}")
def city(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("city")
    drafts = folder / "deliveries"
    drafts.mkdir()
    made = sample(drafts, seed=request.param, visits=VISITS)
    with lasting_workspace(
        django_db_blocker, folder / "home", seed=request.param, today=TODAY, os_user="tester"
    ) as by:
        files = [f for delivery in made.deliveries for f in sorted(delivery.iterdir())]
        receipts = {f.relative_to(drafts).as_posix(): deliver(Request(f), by=by) for f in files}
        repair(by=by)
        every = list(registry.detectors().values())
        answer = actions.run(by=by, detectors=every, overrides={})
        truth = json.loads(made.truth.read_text(encoding="utf-8"))
        yield City(request.param, by, drafts, made, truth, receipts, answer)


@pytest.fixture(scope="module")
def spark_remote() -> Iterator[str]:
    """Address of an engine that runs inside this process, without Java."""
    pysail = pytest.importorskip(
        "pysail.spark", reason="the in-process Spark engine is not installed"
    )
    server = pysail.SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    _, port = server.listening_address
    yield f"sc://127.0.0.1:{port}"
    server.stop()
