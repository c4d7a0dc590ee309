"""Frozen inputs: what was read, proved byte for byte before it is read again."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from clew.declare import registry
from clew.detection import inputs
from clew.detection.inputs import HOLDERS, Inputs
from clew.kernel.errors import StoreError
from clew.kernel.workspace import Workspace
from tests.unit.conftest import Village

pytestmark = pytest.mark.django_db
DAY = date(2023, 10, 31)


@pytest.fixture
def frozen(village: Village) -> Inputs:
    return inputs.freeze(registry.pack("medical_insurance").datasets, DAY)


def test_what_is_held_and_what_is_not(frozen: Inputs) -> None:
    delivered = {"death_health", "death_civil", "mi_person", "police_person", "mi_settlement"}
    assert {name for name in frozen.held if "." not in name} == delivered
    assert {n for n, f in frozen.frozen.items() if f.files} == delivered | {HOLDERS}
    assert "mi_settlement.refd_setl_flag" in frozen.held
    assert "mi_settlement.endtime" not in frozen.held
    assert frozen.frozen["mi_settlement"].last_day == "2023-06-01"
    every = {d.name for d in registry.pack("medical_insurance").datasets}
    assert set(frozen.frozen) == every | {HOLDERS}


def test_frozen_inputs_survive_json(frozen: Inputs) -> None:
    text = json.dumps(frozen.as_json())
    assert Inputs.from_json(json.loads(text), sorted(frozen.held), DAY) == frozen


def test_whole_inputs_verify(frozen: Inputs) -> None:
    inputs.verify(frozen, Workspace.current())


@pytest.mark.parametrize("harm", ["changed", "cut", "gone"])
def test_a_changed_or_missing_file_is_named(frozen: Inputs, harm: str) -> None:
    workspace = Workspace.current()
    relative = frozen.frozen["death_health"].files[0][0]
    path: Path = workspace.home / relative
    whole = path.read_bytes()
    try:
        if harm == "gone":
            path.unlink()
        else:
            path.write_bytes(whole[:-1] if harm == "cut" else whole[:-1] + b"?")
        with pytest.raises(StoreError) as caught:
            inputs.verify(frozen, workspace)
    finally:
        path.write_bytes(whole)
    assert relative in caught.value.cause
    assert caught.value.next_step
