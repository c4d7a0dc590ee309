"""A village in which detectors have run, and an evidence package of its one clue."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from clew.declare import registry
from clew.detection import actions as detection
from clew.detection.models import Clue
from clew.reports.evidence.actions import export_evidence
from tests.unit.conftest import Village


@pytest.fixture(scope="module")
def clue(village: Village) -> Iterator[str]:
    """The village's one clue."""
    with transaction.atomic():
        detection.run(by=village.by, detectors=[registry.detector("MI-01")], overrides={})
        yield Clue.objects.get().code
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def written(
    village: Village, clue: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("evidence") / "package"
    with transaction.atomic():
        export_evidence(by=village.by, clues=[clue], into=folder)
        yield folder
        transaction.set_rollback(True)


@pytest.fixture
def package(written: Path, tmp_path: Path) -> Path:
    """A copy that a test may tamper with."""
    return Path(shutil.copytree(written, tmp_path / "copy"))
