"""Every test runs in a throw-away workspace; none can reach the one a developer works in."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

# Before any test imports it; its assertions are told like a test's own.
pytest.register_assert_rewrite("tests.spec.harness")

from clew.kernel import clock  # noqa: E402 - after the line above
from clew.kernel.workspace import HOME_VARIABLE, Workspace  # noqa: E402

SEED = 7
TODAY = date(2023, 10, 31)
"""The day on which the sample city lives."""

# Settings may be loaded before this line, and may be: under test the database is in memory and
# everything else asks for the workspace when it is called.
_session = tempfile.TemporaryDirectory(prefix="clew-tests-", ignore_cleanup_errors=True)
os.environ[HOME_VARIABLE] = str(Workspace.create(Path(_session.name) / "city", seed=SEED).home)
os.environ.pop("CLEW_DATABASE_URL", None)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """An empty workspace of this test alone, on the sample city's day."""
    created = Workspace.create(tmp_path / "city", seed=SEED, today=TODAY)
    monkeypatch.setenv(HOME_VARIABLE, str(created.home))
    with clock.fixed(TODAY):
        yield created
