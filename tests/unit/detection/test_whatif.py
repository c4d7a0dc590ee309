"""Other parameters on the same batches: what comes, goes and changes, and what was said of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clew.audit.models import Entry
from clew.declare import registry
from clew.detection import actions as runs
from clew.detection.models import Clue, Evidence, Hit, Run
from clew.detection.precision import Share
from clew.detection.queries import clue as find
from clew.detection.verdicts import actions
from clew.detection.whatif import CHANGES, COMES, GOES, STAYS, Comparison, whatif
from clew.kernel.errors import InputError, NotFound, StoreError
from clew.kernel.workspace import Workspace
from tests.unit.conftest import Village

pytestmark = pytest.mark.django_db
MI01, MI05 = registry.detector("MI-01"), registry.detector("MI-05")


@pytest.fixture
def detect(village: Village, eve: str) -> Callable[..., Run]:
    def run(**params: str) -> Run:
        answer = runs.run(by=village.by, detectors=[MI01], overrides={"MI-01": params})
        return Run.objects.get(code=answer.run)

    return run


def tried(run: Run | None = None, **params: str) -> Comparison:
    (found,) = whatif([MI01], {"MI-01": params}, run=run)
    return found


def kinds(found: Comparison) -> dict[str, str]:
    return {c.clue: c.kind for c in found.changes}


def amounts() -> dict[int, str]:
    """Fund amount of the last run's clues → clue."""
    last = Run.objects.order_by("-id")[0]
    return {h.fund: h.clue.code for h in Hit.objects.filter(run=last).select_related("clue")}


def test_a_clue_goes_with_its_verdict(detect: Callable[..., Run], village: Village) -> None:
    detect()
    eve, an = amounts()[3000], amounts()[12000]
    actions.rebut(by=village.by, clue=eve, code="LAWFUL", reason="查过")
    actions.confirm(by=village.by, clue=an, reason="属实")
    found = tried(grace_days="30")
    assert kinds(found) == {eve: GOES, an: STAYS}
    gone = found.total(GOES)
    assert (gone.clues, gone.amount, gone.precision, gone.causes) == (
        1, 3000, Share(0, 1), {"LAWFUL": 1},
    )  # fmt: skip
    assert (found.before.precision, found.after.precision) == (Share(1, 2), Share(1, 1))
    assert (found.before.amount, found.after.amount) == (17000, 14000)
    (change,) = [c for c in found.changes if c.kind == GOES]
    assert (change.status, change.code, change.after) == ("rebutted", "LAWFUL", None)
    assert found.params == {"grace_days": ("0", "30")}
    assert found.versions == (MI01.version, MI01.version)


def test_a_clue_comes_known_or_never_seen(detect: Callable[..., Run], village: Village) -> None:
    detect(grace_days="30")
    found = tried(grace_days="0")
    (new,) = [c for c in found.changes if c.kind == COMES]
    assert (new.status, new.code, new.before) == ("open", "", None)
    assert new.after is not None and new.after.fund == 3000
    assert not Clue.objects.filter(code=new.clue).exists()
    detect()
    actions.rebut(by=village.by, clue=new.clue, code="LAWFUL", reason="查过")
    detect(grace_days="30")
    (again,) = [c for c in tried(grace_days="0").changes if c.kind == COMES]
    assert (again.clue, again.status, again.code) == (new.clue, "rebutted", "LAWFUL")
    assert (again.subject_key, again.fact) == (
        find(new.clue).subject_key, tuple(find(new.clue).fact_key),
    )  # fmt: skip


def test_severity_changes_and_nothing_is_kept(detect: Callable[..., Run]) -> None:
    detect()
    before = [m.objects.count() for m in (Run, Clue, Hit, Evidence, Entry)]
    found = tried(h_services="1")
    assert set(kinds(found).values()) == {CHANGES}
    for change in found.changes:
        assert change.before is not None and change.after is not None
        assert change.before.severity != change.after.severity
        assert change.before.amount == change.after.amount
    assert [m.objects.count() for m in (Run, Clue, Hit, Evidence, Entry)] == before


def test_other_parameters_of_the_run_are_kept(detect: Callable[..., Run]) -> None:
    detect(grace_days="30")
    assert set(kinds(tried()).values()) == {STAYS}
    assert tried().params == {}
    assert tried(h_services="1").params == {"h_services": ("3", "1")}


def test_versions_are_compared_on_the_batches_of_the_run(
    detect: Callable[..., Run], village: Village
) -> None:
    first = detect()
    Run.objects.filter(pk=first.pk).update(versions={"MI-01": 0}, code_hash="0" * 64)
    detect(grace_days="30")
    found = tried(Run.objects.get(pk=first.pk))
    assert (found.run, found.versions, found.code_changed) == (
        first.code, (0, MI01.version), True,
    )  # fmt: skip
    assert set(kinds(found).values()) == {STAYS} and len(found.changes) == 2


def test_a_detector_must_have_run_and_its_inputs_be_there(
    detect: Callable[..., Run], village: Village
) -> None:
    with pytest.raises(NotFound, match="MI-01"):
        tried()
    run = detect()
    with pytest.raises(NotFound, match="MI-05"):
        whatif([MI05], {}, run=run)
    with pytest.raises(InputError):
        tried(grace_days="31")
    with pytest.raises(InputError):
        tried(no_such="1")
    path = Workspace.current().home / run.inputs["mi_settlement"]["files"][0][0]
    whole = path.read_bytes()
    try:
        path.unlink()
        with pytest.raises(StoreError, match="purged"):
            tried()
    finally:
        path.write_bytes(whole)
