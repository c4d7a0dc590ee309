"""The command line as a person has it: arguments in; exit code, output and messages out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from clew.cli.main import run
from clew.declare import registry
from clew.detection import actions
from clew.detection.models import Clue
from tests.unit.conftest import Village

NUMBER = re.compile(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])")


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def text(self) -> str:
        return self.out + self.err


Clew = Callable[..., Answer]


@pytest.fixture
def clew(capsys: pytest.CaptureFixture[str]) -> Clew:
    """Runs a command in this process. What it writes must hold no document number in clear."""

    def command(*arguments: object, clear: bool = False) -> Answer:
        capsys.readouterr()
        code = run([str(a) for a in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        if not clear:
            assert not NUMBER.findall(out + err)
        return Answer(code, out, err)

    return command


@pytest.fixture(scope="module")
def clue(village: Village) -> Iterator[str]:
    """The village's one clue."""
    with transaction.atomic():
        actions.run(by=village.by, detectors=[registry.detector("MI-01")], overrides={})
        yield Clue.objects.get().code
        transaction.set_rollback(True)
