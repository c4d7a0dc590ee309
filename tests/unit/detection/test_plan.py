"""What can run, in which stages, and what cannot with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from clew.declare import Pack, any_of, registry
from clew.detection import actions, inputs
from clew.detection.engines import duck
from clew.detection.inputs import Inputs
from clew.detection.plan import Plan, explain, plan
from clew.kernel.errors import DeclarationError, InputError
from clew.kernel.workspace import Workspace
from tests.unit.conftest import Village

pytestmark = pytest.mark.django_db
DAY = date(2023, 10, 31)
PACK = registry.pack("medical_insurance")
MI01 = registry.detector("MI-01")


def planned(held: set[str], pack: Pack = PACK, **changes: Any) -> Plan:
    detector = replace(MI01, rules=(replace(MI01.rules[0], **changes),))
    return plan(pack, [detector], {"MI-01": MI01.values()}, Inputs({}, frozenset(held), DAY))


def test_a_missing_input_is_the_reason() -> None:
    work = planned({"mi_settlement"}, required=("mi_settlement", "death_health"))
    (not_run,) = work.not_run
    assert work.rules == ()
    assert not_run.reason == "缺少必需的数据: 死亡医学证明 death_health (required data is missing)"


@pytest.mark.parametrize(
    "held", [{"death_health"}, {"death_civil"}, {"death_health", "death_civil"}]
)
def test_any_of_needs_one(held: set[str]) -> None:
    choice = (any_of("death_health", "death_civil"),)
    assert planned(held, required=choice).not_run == ()
    (not_run,) = planned({"mi_person"}, required=choice).not_run
    assert "死亡医学证明 death_health / 殡葬火化 death_civil" in not_run.reason


def test_every_lack_is_named() -> None:
    (not_run,) = planned(set(), required=("mi_settlement", "mi_fee")).not_run
    assert "mi_settlement" in not_run.reason and "mi_fee" in not_run.reason


def test_derived_tables_come_in_declared_order_and_only_if_needed() -> None:
    declared = [d.name for d in PACK.derived]
    found = [d.name for d in planned({"mi_settlement", "death_health"}).derived]
    assert found == [name for name in declared if name in found]
    assert "deaths" in found
    inputs_of = {d.name: d.inputs for d in PACK.derived}
    for name in found:
        earlier = found[: found.index(name)]
        needed = [i for i in inputs_of[name] if i in declared]
        assert set(needed) <= set(earlier)


def test_a_detector_keeps_its_promise_of_columns() -> None:
    held = {"mi_settlement", "death_health"}
    work = planned(held, find=lambda r, p: r["mi_settlement"].select("row_id"))
    with pytest.raises(DeclarationError, match="subject"):
        work.candidates(*work.rules[0])


def test_an_unheld_condition_lets_every_row_pass(village: Village) -> None:
    lacking = replace(MI01.conditions[0], sources=("nowhere",))
    held = inputs.freeze(PACK.datasets, DAY).held
    work = planned(set(held), conditions=(lacking, *MI01.conditions[1:]))
    sql = str(work.candidates(*work.rules[0]))
    known = str(planned(set(held)).candidates(MI01, MI01.rules[0]))
    assert f"if_{lacking.code}" in known
    assert sql.count("Filter") < known.count("Filter")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"nosuch": "1"}, "没有参数"),
        ({"nights": "many"}, "不是数字"),
        ({"nights": "1.5"}, "不是数字"),
        ({"nights": "31"}, "超出范围"),
        ({"nights": "-1"}, "超出范围"),
    ],
)
def test_a_parameter_is_known_a_number_and_within_bounds(
    village: Village, given: dict[str, str], message: str
) -> None:
    detector = registry.detector("MI-05")
    with pytest.raises(InputError, match=message) as caught:
        actions.run(by=village.by, detectors=[detector], overrides={"MI-05": given})
    assert caught.value.next_step
    assert detector.values({"nights": "30"}).nights == 30


def test_explain_walks_the_stages_that_run_walks(village: Village) -> None:
    heard: list[str] = []
    actions.run(
        by=village.by, detectors=[MI01], overrides={}, dry_run=True,
        progress=lambda stage, share: heard.append(stage),
    )  # fmt: skip
    stages = actions.stages(detectors=[MI01], overrides={}, as_of=None)
    assert [f"{s.step} {s.target}" for s in stages] == heard
    assert [s.step for s in stages][:: len(stages) - 1] == ["open", "detect"]
    assert all("SELECT" in s.sql for s in stages[1:])


def test_shares_of_progress_rise_to_one(village: Village) -> None:
    shares: list[float] = []
    actions.run(
        by=village.by, detectors=[MI01], overrides={}, dry_run=True,
        progress=lambda stage, share: shares.append(share),
    )  # fmt: skip
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_explain_tells_what_is_not_run() -> None:
    work = planned(set(), required=("mi_settlement",))
    with duck.session(Workspace.current()) as engine:
        assert [s.step for s in explain(work, engine)] == ["open"]
