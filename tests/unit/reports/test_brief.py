"""A brief's figures: counted by the engine, each the sum of the rows behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import ibis.expr.types as ir
import pytest
from django.db import transaction

from clew.declare import DISTINCT, SUM, Indicator, Relations, T, indicator, registry
from clew.detection import actions
from clew.kernel.errors import NotFound
from clew.reports import queries
from tests.unit.conftest import Village

pytestmark = pytest.mark.django_db
DOMAIN = "medical_insurance"
TEXT = T("{value} {scaled} 1:{scale}", "{value} {scaled} 1:{scale}")


@indicator(id="P", label=T("人", "persons"), unit="人", measure=DISTINCT, text=TEXT)
def persons(r: Relations) -> ir.Table:
    s = r["mi_settlement"]
    return s.select(ref=s.row_id, value=s.certno)


@indicator(id="F", label=T("基金", "fund"), unit="元", measure=SUM, text=TEXT)
def fund(r: Relations) -> ir.Table:
    s = r["mi_settlement"]
    return s.select(ref=s.row_id, value=s.fund_pay_sumamt)


@indicator(id="N", label=T("行", "rows"), unit="条", text=TEXT)
def rows(r: Relations) -> ir.Table:
    return r["mi_settlement"].select(ref="row_id")


@indicator(id="E", label=T("空", "nothing"), unit="元", measure=SUM, text=TEXT)
def nothing(r: Relations) -> ir.Table:
    f = r["mi_fee"]
    return f.select(ref=f.row_id, value=f.det_item_fee_sumamt)


OWN: Sequence[Indicator] = (persons, fund, rows, nothing)


@pytest.fixture
def own(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pack with figures over source rows alone."""
    pack = replace(registry.pack(DOMAIN), indicators=tuple(OWN))
    monkeypatch.setattr(registry, "packs", lambda: {DOMAIN: pack})


@pytest.fixture(scope="module")
def ran(village: Village) -> Iterator[None]:
    with transaction.atomic():
        actions.run(by=village.by, detectors=[registry.detector("MI-01")], overrides={})
        yield
        transaction.set_rollback(True)


def figures() -> dict[str, queries.Figure]:
    return {f.id: f for f in queries.brief(DOMAIN).figures}


def test_what_the_measures_count(own: None) -> None:
    found = figures()
    assert (found["N"].value, found["N"].rows) == (8, 8)
    assert (found["P"].value, found["P"].rows) == (4, 8)
    assert (found["F"].value, found["F"].rows) == ("164.00", 8)
    assert (found["E"].value, found["E"].rows) == ("0.00", 0)


def test_rows_behind_give_the_figure_again(own: None) -> None:
    found = figures()
    behind = {i.id: queries.rows_behind(DOMAIN, i.id) for i in OWN}
    assert {i: len(r) for i, r in behind.items()} == {i: f.rows for i, f in found.items()}
    assert sum(Decimal(r["value"]) for r in behind["F"]) == Decimal(str(found["F"].value))
    assert len({r["value"] for r in behind["P"]} - {None}) == found["P"].value
    assert [r["ref"] for r in behind["N"]] == sorted(r["ref"] for r in behind["N"])


def test_the_scale_is_the_workspaces(own: None, village: Village) -> None:
    config = Path(village.home) / "clew.toml"
    whole = config.read_text(encoding="utf-8")
    try:
        config.write_text(whole.replace("scale = 1\n", "scale = 1000\n"), encoding="utf-8")
        page = queries.brief(DOMAIN)
    finally:
        config.write_text(whole, encoding="utf-8")
    assert page.scale == 1000
    by_id = {f.id: f for f in page.figures}
    assert by_id["N"].value == 8
    assert by_id["N"].text.zh.endswith("1:1000")
    assert by_id["F"].text.zh.startswith("164.00元 164000.00元")


def test_the_packs_own_figures(ran: None, village: Village) -> None:
    found = figures()
    assert found["A1.1"].value == 4
    assert (found["A1.19"].value, found["A1.19b"].value) == (8, 1)
    assert (found["A1.20"].value, found["A1.20"].rows) == (1, 1)
    assert (found["A1.20a"].value, found["A1.20b"].value) == ("120.00", "140.00")
    for figure in found.values():
        assert len(queries.rows_behind(DOMAIN, figure.id)) == figure.rows
        assert figure.text


def test_what_does_not_exist(village: Village) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        queries.brief("nowhere")
    with pytest.raises(NotFound, match=r"Z9") as caught:
        queries.rows_behind(DOMAIN, "Z9")
    assert "A1.20" in caught.value.next_step
