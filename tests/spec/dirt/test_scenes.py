"""Dirt of whole files: each scene sent into an empty workspace of its own."""

from __future__ import annotations

import getpass
from datetime import date
from pathlib import Path

import pytest

from clew.accounts.models import Account
from clew.datasets import queries
from clew.datasets.ingest.deliver import Receipt, Request, deliver
from clew.datasets.lake.engine import connect, files_sql, name
from clew.datasets.lake.layout import SHEET_ROW
from clew.datasets.models import LakeFile
from clew.declare import Relations, registry
from clew.detection.engines.duck import session
from clew.detection.inputs import freeze
from clew.kernel.workspace import Workspace
from clew.linkage import actions
from clew.linkage import queries as links
from clew.linkage.models import Link
from clew.packs.medical_insurance.derived import DERIVED
from tests.spec.dirt.case import LEFT, Scene
from tests.spec.dirt.cells import CELLS
from tests.spec.dirt.scenes import SCENES
from tests.workspaces import people

AS_OF = date(2023, 10, 31)
CODES = [f"D{n:02}" for n in range(1, 18)]


@pytest.mark.django_db
@pytest.mark.parametrize("scene", SCENES, ids=lambda s: f"{s.code}-{s.title.en}")
def test_a_scene(scene: Scene, workspace: Workspace, tmp_path: Path) -> None:
    by = people(getpass.getuser())
    told = []
    for file, content in scene.files:
        path = tmp_path / file
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        (receipt,) = deliver(Request(path), by=by)
        told.append(_told(receipt))
    assert tuple(told) == scene.told
    if scene.look:
        assert _seen(scene.look) == list(scene.rows)
    if scene.links is not None:
        assert _linked(by) == dict(scene.links)
    if scene.conflicts is not None:
        assert sorted(c.kind for c in links.conflicts()) == sorted(scene.conflicts)


def _told(receipt: Receipt) -> str:
    counts = f"{receipt.accepted}+{receipt.quarantined}+{receipt.duplicates}"
    return " ".join([receipt.status, f"{receipt.rows}={counts}", *sorted(receipt.flagged)])


def _seen(look: str) -> list[tuple[str | None, ...]]:
    """Cells of a dataset or of a derived table, as a run would read them."""
    relation, _, columns = look.partition(": ")
    cells = ", ".join(f"CAST({name(c)} AS VARCHAR) AS {name(c)}" for c in columns.split(", "))
    datasets = registry.datasets()
    with session(Workspace.current()) as engine:
        engine.open(datasets, freeze(datasets.values(), AS_OF))
        relations = Relations(
            datasets, {d.name: d for d in DERIVED}, held=queries.held(list(datasets)), as_of=AS_OF
        )
        for derived in DERIVED if relation not in datasets else ():
            engine.view(derived.name, engine.sql(relations.definition(derived.name)))
            if derived.name == relation:
                break
        answer = engine.rows(f"SELECT {cells} FROM {name(relation)} ORDER BY row_id")
    return [tuple(row.values()) for row in answer.to_pylist()]


def _linked(by: Account) -> dict[int, str]:
    """Sheet row → the document that `clew link` found behind a mistyped one."""
    actions.repair(by=by)
    workspace = Workspace.current()
    persons = queries.paths(workspace, None, LakeFile.IDENTITIES)
    with connect(workspace) as con:
        numbers = dict(con.execute(f"SELECT key, number FROM {files_sql(persons)}").fetchall())
    return {x.row_id & SHEET_ROW: numbers[x.person] for x in Link.objects.all()}


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_cases_of_both_kinds(code: str) -> None:
    """Four at least that are mended, read or told of, and four that must not be touched."""
    kinds = [c.kind is LEFT for c in CELLS if c.code == code]
    kinds += [s.spared for s in SCENES if s.code == code]
    assert kinds.count(False) >= 4
    assert kinds.count(True) >= 4
