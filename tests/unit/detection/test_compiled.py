"""Kept queries: written once, for all days, sealed; another one for whatever they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pytest

from clew.declare import Params, Relations, T, derived, registry
from clew.declare.neighbours import Orders
from clew.detection import compiled
from clew.detection.compiled import ANY_DAY, FOLDER, Compiled, Form
from clew.detection.engines import duck
from clew.detection.inputs import Inputs
from clew.detection.plan import Plan, plan
from clew.kernel.workspace import Workspace

PACK = registry.pack("medical_insurance")
HELD = frozenset({"mi_settlement"})


class Author:
    """Counts how often it had to write; asks whether one dataset is held."""

    def __init__(self) -> None:
        self.written = 0
        self.answers = {("mi_settlement", "mi_inpatient"): True}
        self.orders: dict[str, tuple[str, ...]] = {"stays": ()}

    def __call__(self) -> Form:
        self.written += 1
        return Form(f"SELECT {self.written}", dict(self.answers), dict(self.orders))


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr(compiled, "_memory", {})
    return Workspace.create(tmp_path / "w", seed=1)


def ask(
    workspace: Workspace, author: Author, *, held: frozenset[str] = HELD, engine: str = "duckdb",
    params: Mapping[str, Any] | None = None, proved: Orders | None = None,
) -> str:  # fmt: skip
    kept = Compiled(workspace, PACK, engine)
    return kept.form("MI-01 candidates", params or {"days": 1}, held, proved or {}, author).sql


def ask_anew(workspace: Workspace, author: Author, **arguments: Any) -> str:
    """As a process does that has written nothing yet."""
    compiled._memory.clear()
    return ask(workspace, author, **arguments)


def test_a_query_is_written_once(workspace: Workspace) -> None:
    author = Author()
    assert ask(workspace, author) == ask(workspace, author) == "SELECT 1"
    assert ask_anew(workspace, author) == "SELECT 1"
    assert author.written == 1


def test_what_is_held_counts_only_where_it_was_asked(workspace: Workspace) -> None:
    author = Author()
    ask(workspace, author)
    assert ask(workspace, author, held=frozenset({"mi_inpatient", "mi_fee"})) == "SELECT 1"
    author.answers = {("mi_settlement", "mi_inpatient"): False}
    assert ask(workspace, author, held=frozenset({"mi_fee"})) == "SELECT 2"
    assert ask_anew(workspace, author, held=HELD) == "SELECT 1"
    assert ask_anew(workspace, author, held=frozenset()) == "SELECT 2"


@pytest.mark.parametrize(
    "changed",
    [
        {"engine": "spark"},
        {"params": {"days": 2}},
    ],
)
def test_whatever_it_is_made_of_makes_another(
    workspace: Workspace, changed: dict[str, Any]
) -> None:
    author = Author()
    ask(workspace, author)
    assert ask(workspace, author, **changed) == "SELECT 2"


def test_an_order_counts_only_where_it_was_asked(workspace: Workspace) -> None:
    author = Author()
    ask(workspace, author)
    assert ask(workspace, author, proved={"deaths": ("person",)}) == "SELECT 1"
    author.orders = {"stays": ("person", "day")}
    assert ask(workspace, author, proved={"stays": ("person", "day")}) == "SELECT 2"
    assert ask_anew(workspace, author, proved={"stays": ("person", "day")}) == "SELECT 2"
    assert ask_anew(workspace, author) == "SELECT 1"


def test_an_edited_or_moved_file_is_written_again(workspace: Workspace) -> None:
    author = Author()
    ask(workspace, author)
    (file,) = (workspace.home / FOLDER).iterdir()
    file.write_text(file.read_text(encoding="utf-8").replace("SELECT 1", "SELECT 9"))
    assert ask_anew(workspace, author) == "SELECT 2"
    ask(workspace, author, params={"days": 2})
    (other,) = (f for f in file.parent.iterdir() if f != file)
    other.replace(file)
    assert ask_anew(workspace, author) == "SELECT 4"


def test_a_folder_that_cannot_be_written_costs_time_only(workspace: Workspace) -> None:
    (workspace.home / "cache").write_text("in the way")
    author = Author()
    assert [ask_anew(workspace, author) for _ in range(2)] == ["SELECT 1", "SELECT 2"]


def test_the_oldest_are_forgotten(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "KEPT", 10)
    author = Author()
    for days in range(25):
        ask(workspace, author, params={"days": days})
    assert len(list((workspace.home / FOLDER).iterdir())) <= 10
    before = author.written
    ask_anew(workspace, author, params={"days": 24})
    assert author.written == before


def planned(day: date, *held: str) -> Plan:
    inputs = Inputs({}, frozenset(held), day)
    detectors = [registry.detector(name) for name in ("MI-02", "MI-05", "MI-11")]
    params = {d.id: Params({p.name: p.default for p in d.params}) for d in detectors}
    return plan(PACK, detectors, params, inputs)


def test_every_query_serves_another_day(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLEW_HOME", str(workspace.home))
    names = [n for d in PACK.datasets for n in (d.name, *(f"{d.name}.{c}" for c in d.schema()))]
    with duck.session(workspace) as engine:
        first = texts(planned(date(2023, 10, 31), *names), engine)
        monkeypatch.setattr(engine, "sql", None)  # nothing is written for the other day
        second = texts(planned(date(2024, 2, 9), *names), engine)
    spelled = str((ANY_DAY.year, ANY_DAY.month, ANY_DAY.day))
    assert not any(spelled in sql for sql in [*first, *second])
    assert [s.replace("(2023, 10, 31)", "(2024, 2, 9)") for s in first] == second
    assert first != second


def texts(work: Plan, engine: duck.DuckEngine) -> list[str]:
    rules = [work.sql(engine, detector, rule) for detector, rule in work.rules]
    return rules + [work.derived_sql(engine, derived) for derived in work.derived]


def test_a_form_rests_on_what_the_derived_tables_asked() -> None:
    @derived(title=T("内", "inner"), inputs=())
    def inner(r: Relations) -> ir.Table:
        return r["links"] if r.held("mi_fee") else r["holders"]

    @derived(title=T("外", "outer"), inputs=("inner",))
    def outer(r: Relations) -> ir.Table:
        return r["inner"].limit(int(r.held("mi_stock", "mi_price")))

    tables = {d.name: d for d in (inner, outer)}
    relations = Relations({}, tables, held=frozenset({"mi_stock"}), as_of=ANY_DAY)
    for _ in range(2):  # what was built before is asked again
        with relations.answers() as answers:
            relations.definition("outer")
        assert answers == {("mi_fee",): False, ("mi_stock", "mi_price"): True}
