"""One command says which clues come and go with a parameter, and what their verdicts were."""

from __future__ import annotations

import pytest

from clew.detection.models import Hit, Run
from tests.unit.cli.conftest import Clew
from tests.unit.conftest import Village

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone(clew: Clew, village: Village, eve: str) -> str:
    """The clue that goes with a longer grace; it was rebutted."""
    assert clew("detect", "MI-01").code == 0
    code = str(Hit.objects.get(fund=3000).clue.code)
    assert clew("clues", "rebut", code, "--code", "LAWFUL", "--reason", "查过").code == 0
    return code


def test_a_clue_goes_and_its_verdict_is_told(clew: Clew, gone: str) -> None:
    runs = Run.objects.count()
    (found,) = clew("whatif", "mi-01.grace_days=30", "--json").json
    (change,) = found["clues"]
    assert {k: change[k] for k in ("clue", "kind", "after", "status", "code")} == {
        "clue": gone, "kind": "goes", "after": None, "status": "rebutted", "code": "LAWFUL",
    }  # fmt: skip
    assert change["before"] == {
        "severity": change["before"]["severity"], "fund_amount": "30.00", "account_amount": "0.00",
    }  # fmt: skip
    assert found["params"] == {"grace_days": {"before": "0", "after": "30"}}
    assert found["goes"] == {
        "clues": 1, "amount": "30.00", "causes": {"LAWFUL": 1},
        "precision": {"value": 0.0, "hits": 0, "n": 1, "low": 0.0, "high": 0.7935},
    }  # fmt: skip
    assert (found["before"]["clues"], found["after"]["clues"], found["stays"]["clues"]) == (2, 1, 1)
    assert clew("whatif", "--set", "MI-01.grace_days=30", "--json").json == [found]
    assert Run.objects.count() == runs


def test_the_table_says_the_same(clew: Clew, gone: str) -> None:
    answer = clew("whatif", "MI-01.grace_days=30")
    assert answer.code == 0
    assert gone in answer.out and "已排除 LAWFUL" in answer.out
    assert "grace_days: 0 → 30" in answer.out
    assert "0.0 % (0/1, 95 % 0.0-79.3)" in answer.out
    assert "nothing was stored" in answer.err
    assert "另有 1 条" in clew("whatif", "MI-01.grace_days=30", "--limit", 0).err


def test_a_bare_id_compares_versions(clew: Clew, gone: str) -> None:
    Run.objects.update(versions={"MI-01": 0})
    run = Run.objects.get().code
    (found,) = clew("whatif", "MI-01", "--run", run[:6], "--json").json
    assert (found["version_before"], found["run"], found["clues"]) == (0, run, [])
    assert found["stays"]["clues"] == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 4), (("MI-01.grace_days",), 4), (("MI-01.no_such=1",), 4), (("XX-99.a=1",), 5),
        (("MI-05",), 5), (("MI-01", "--run", "zzzz"), 5), (("MI-01.grace_days=x",), 4),
    ],
)  # fmt: skip
def test_what_cannot_be_tried(clew: Clew, gone: str, arguments: tuple[str, ...], code: int) -> None:
    answer = clew("whatif", *arguments)
    assert (answer.code, answer.out) == (code, "")
    assert "→ " in answer.err
