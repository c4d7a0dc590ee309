"""Single rows out of the lake, by their ids alone."""

from __future__ import annotations

import copy
from datetime import datetime

import pytest

from clew.datasets import actions, content, queries
from clew.datasets.lake.layout import ROW_BITS
from clew.datasets.models import Batch
from clew.declare import registry
from clew.declare.types import InstitutionCode, Money
from tests.unit.conftest import SHOP, Village

pytestmark = pytest.mark.django_db


def row(village: Village, dataset: str, number: int) -> int:
    batch = Batch.objects.get(code=village.batch(dataset))
    return (int(batch.pk) << ROW_BITS) + number


def test_rows_of_several_datasets_at_once(village: Village) -> None:
    bill, death = row(village, "mi_settlement", 3), row(village, "death_health", 2)
    found = content.cells([bill, death, bill])
    assert set(found) == {bill, death}
    assert set(found[bill]) == set(registry.dataset("mi_settlement").columns)
    assert (found[bill]["setl_id"], found[bill]["fund_pay_sumamt"]) == ("S2", 8000)
    assert found[bill]["begntime"] == datetime(2023, 4, 1, 10)
    assert found[death]["cert_no"] == "C1"


def test_only_some_types(village: Village) -> None:
    bill, death = row(village, "mi_settlement", 3), row(village, "death_health", 2)
    (found,) = content.cells([bill], InstitutionCode).values()
    assert found == {"fixmedins_code": SHOP}
    assert content.cells([death], Money) == {}


def test_rows_that_are_not_there(village: Village) -> None:
    assert content.cells([]) == {}
    assert content.cells([row(village, "mi_settlement", 999), 999 << ROW_BITS]) == {}
    assert content.mended([999 << ROW_BITS]) == {}


def test_a_withdrawn_batch_can_still_be_read(village: Village, db: None) -> None:
    bill = row(village, "mi_settlement", 3)
    before = content.cells([bill])
    actions.retract(by=village.by, batch=queries.batch(village.batch("mi_settlement")), reason="试")
    assert content.cells([bill]) == before


def test_a_column_that_the_contract_gained_later(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    bill = row(village, "mi_settlement", 3)
    contract = registry.dataset("mi_settlement")
    more = contract.columns | {"gained": _named(contract.columns["tel"], "gained")}
    monkeypatch.setattr(contract, "columns", more)
    assert "gained" not in content.cells([bill])[bill]


def test_what_was_mended_or_flagged(village: Village) -> None:
    spoilt, sound = row(village, "mi_settlement", 9), row(village, "mi_settlement", 3)
    found = content.mended([spoilt, sound])
    assert set(found) == {spoilt}
    (cell,) = [c for c in found[spoilt] if c.column == "certno"]
    assert (cell.original, cell.repaired) == ("33032419500101", False)
    assert cell.code


def _named(column: object, name: str) -> object:
    renamed = copy.copy(column)
    renamed.name = name  # type: ignore[attr-defined]
    return renamed
