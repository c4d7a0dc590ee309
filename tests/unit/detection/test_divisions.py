"""Where a clue lies: of what its rows are about, the first that tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clew.datasets import content
from clew.datasets.ingest.deliver import Request, deliver
from clew.declare import registry
from clew.detection import divisions
from clew.detection.divisions import Sighted, shown
from clew.kernel.identifiers import person_scheme
from clew.kernel.keys import person_key
from clew.kernel.workspace import Workspace
from tests.unit.conftest import Village, number_of, write_csv

pytestmark = pytest.mark.django_db
MEDICAL = registry.pack("medical_insurance")
RUIAN, LUCHENG = "H33038100001", "P33030200001"


def of(
    kind: str = "set", subject: str = "", *texts: str, flagged: tuple[int, ...] = (),
    beside: tuple[int, ...] = (),
) -> str:  # fmt: skip
    (found,) = divisions.divisions(MEDICAL, [Sighted(kind, subject, texts, flagged, beside)])
    return found


@pytest.fixture
def cells(monkeypatch: pytest.MonkeyPatch) -> dict[int, dict[str, Any]]:
    """What the lake holds of rows."""
    held: dict[int, dict[str, Any]] = {}
    monkeypatch.setattr(content, "cells", lambda rows, *types: {r: held.get(r, {}) for r in rows})
    return held


def test_the_institution_of_the_subject_or_of_what_is_shown(workspace: Workspace) -> None:
    assert of("organisation", RUIAN) == "330381"
    assert of("person", "123", "2023-02-01", RUIAN) == "330381"
    assert of("person", "123", RUIAN, LUCHENG) == "330300"
    assert of("person", "123", RUIAN, "H33010200001") == "330000"


def test_a_code_of_an_old_edition_is_the_county_of_today(workspace: Workspace) -> None:
    assert of("organisation", "H33032300001") == "330382"


def test_what_is_no_institution_tells_nothing(workspace: Workspace) -> None:
    assert of("set", "", "H123", "P99999900001", "HELLO", "") == ""


def test_the_flagged_rows_before_those_beside_them(
    workspace: Workspace, cells: dict[int, dict[str, Any]]
) -> None:
    cells |= {1: {"fixmedins_code": RUIAN}, 2: {"fixmedins_code": LUCHENG}, 3: {"x": None}}
    assert of("person", "123", flagged=(1,), beside=(2,)) == "330381"
    assert of("person", "123", flagged=(1, 2)) == "330300"
    assert of("person", "123", flagged=(3,), beside=(2,)) == "330302"


def test_the_registration_authority_of_the_employer(
    workspace: Workspace, cells: dict[int, dict[str, Any]]
) -> None:
    number = _employer("330302")
    cells[1] = {"emp_uscc": _employer("330381")}
    assert of("organisation", number) == "330302"
    assert of("organisation", number, flagged=(1,)) == "330302"
    assert of("person", "123", flagged=(1,)) == "330381"


def test_lists_are_opened(workspace: Workspace) -> None:
    assert list(shown(["a", ["b", ["c"]], 1, None, True])) == ["a", "b", "c"]


def _employer(division: str) -> str:
    """A made-up credit code of that registration authority."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = f"91{division}MA0000001"
    total = sum(alphabet.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + alphabet[-total % 31]


def test_a_person_lies_where_their_file_says(village: Village, db: None, tmp_path: Path) -> None:
    number = number_of(821)
    headers, row = ("人员编号", "身份证号", "姓名", "居住区划"), ("N21", number, "柳六", "330382")
    (receipt,) = deliver(
        Request(write_csv(tmp_path / "参保人员.csv", headers, [row])), by=village.by
    )
    assert receipt.accepted == 1
    scheme = person_scheme(number, None)
    key = str(person_key(Workspace.current().key, scheme, number))
    assert of("person", key) == "330382"
    assert of("person", key, RUIAN) == "330381"
    assert of("person", "123") == ""
