"""Proved cases: which of them the clues of today name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clew.declare import Library, Pack, registry
from clew.detection import actions as runs
from clew.detection.library import Touchstone, cases, try_on
from clew.detection.precision import Share
from clew.kernel.errors import DeclarationError
from tests.unit.conftest import Village

pytestmark = pytest.mark.django_db
MI01, MI05 = registry.detector("MI-01"), registry.detector("MI-05")


@pytest.fixture
def pack() -> Pack:
    """Declarations of burials serve as a library: the name is the way of working."""
    own = registry.pack("medical_insurance")
    return replace(own, library=Library("death_civil", "psn_name", ("certno",)))


@pytest.fixture
def tried(db: None, village: Village, pack: Pack) -> Touchstone:
    runs.run(by=village.by, detectors=[MI01], overrides={})
    return try_on(pack, [replace(MI01, tags=("安一", "丁四")), replace(MI05, tags=("卜二",))])


def test_cases_are_read_as_they_are_published(village: Village, pack: Pack) -> None:
    found = cases(pack)
    assert [case.tag for case in found] == ["卜二", "安一"]
    assert all(len(case.subjects) == 1 for case in found)
    assert cases(replace(pack, library=None)) == []


def test_recall_by_detector_and_by_way(tried: Touchstone) -> None:
    mi01, mi05 = tried.detectors
    assert (mi01.recall, mi01.beyond) == (Share(1, 1), Share(0, 1))
    assert (mi05.recall, mi05.beyond) == (Share(0, 1), Share(0, 1))
    assert [(w.tag, w.detectors, w.recall) for w in tried.ways] == [
        ("卜二", ("MI-05",), Share(0, 1)), ("安一", ("MI-01",), Share(1, 1)),
    ]  # fmt: skip
    assert (tried.cases, tried.unnamed) == (2, 0)


def test_a_case_that_names_nobody_tests_nothing(village: Village, pack: Pack, db: None) -> None:
    library = replace(pack, library=Library("death_civil", "certno", ()))
    assert try_on(library, [MI01]) == Touchstone(2, 2, try_on(library, [MI01]).detectors, ())
    assert try_on(library, [MI01]).detectors[0].recall == Share(0, 0)


def test_a_library_must_be_declared(pack: Pack) -> None:
    with pytest.raises(DeclarationError, match="no_such"):
        replace(pack, library=Library("no_such", "tag", ()))
    with pytest.raises(DeclarationError, match="nobody"):
        replace(pack, library=Library("death_civil", "psn_name", ("nobody",)))
