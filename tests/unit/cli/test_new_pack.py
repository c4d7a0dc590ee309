"""The copied template is a pack that works and that can stand beside others."""

import importlib
import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import ibis
import pytest

from clew.cli.new_pack import TEMPLATE, copy_template
from clew.declare import Pack, Relations, registry
from clew.kernel.errors import InputError, Refused

NAME = "river_patrol"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_template(NAME, tmp_path / "work" / NAME)


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path, str], Pack]]:
    import sys

    before = set(sys.modules)

    def imported(project: Path, name: str) -> Pack:
        monkeypatch.syspath_prepend(str(project))
        pack = importlib.import_module(f"{name}.pack").PACK
        assert isinstance(pack, Pack)
        return pack

    yield imported
    for module in set(sys.modules) - before:
        del sys.modules[module]


def test_it_copies_every_file(project: Path) -> None:
    def python(folder: Path) -> int:
        return len([f for f in folder.rglob("*") if f.suffix in (".py", ".yaml")])

    assert python(project / NAME) == python(TEMPLATE)
    assert (project / NAME / "datasets" / f"{NAME}_event.py").is_file()
    assert (project / NAME / "mappings" / f"{NAME}.yaml").is_file()


def test_no_name_of_the_template_is_left(project: Path) -> None:
    text = "".join(
        f.read_text(encoding="utf-8") for f in project.rglob("*") if f.suffix in (".py", ".yaml")
    )
    for old in ("_template", "permit_event", "PermitEvent", "TP-01", "mapping: permits"):
        assert old not in text


def test_the_project_registers_the_pack(project: Path) -> None:
    declared = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert declared["entry-points"][registry.GROUP] == {NAME: f"{NAME}.pack:PACK"}
    assert declared["name"] == "river-patrol"


def test_the_copy_works_on_its_own_sample(
    project: Path, load: Callable[[Path, str], Pack], tmp_path: Path
) -> None:
    pack = load(project, NAME)
    (contract,), (detector,) = pack.datasets, pack.detectors
    assert (pack.name, contract.name, detector.id) == (NAME, f"{NAME}_event", "RP-01")
    assert pack.sample is not None
    made = pack.sample(tmp_path / "sample", seed=7)
    con = ibis.duckdb.connect()
    con.raw_sql(f"CREATE VIEW {contract.name} AS {_first_delivery(pack, made.deliveries[0])}")
    relations = Relations({contract.name: contract}, {}, held=frozenset(), as_of=made.today)
    sql = ibis.to_sql(detector.rules[0].find(relations, detector.values()), dialect="duckdb")
    clear = " AND ".join(f"NOT not_{e.code}" for e in detector.exclusions)
    found = con.raw_sql(f"SELECT case_no FROM ({sql}) WHERE if_LATE AND {clear}").fetchall()
    planted = {
        case["fact"][0]
        for case in json.loads(made.truth.read_text(encoding="utf-8"))["planted"]
        if not case["excluded_by"]
    }
    assert {case for (case,) in found} <= planted
    assert len(found) >= 3


def _first_delivery(pack: Pack, folder: Path) -> str:
    """SQL of the first delivery's file as lake rows: titles to names, text to types."""
    contract = pack.datasets[0]
    (file,) = folder.iterdir()
    header = file.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    cells = ["row_number() OVER () AS row_id"]
    for column in contract.columns.values():
        title = next((h for h in column.headers if h in header), None)
        kind = {"string": "VARCHAR", "int64": "BIGINT"}.get(column.type.lake, column.type.lake)
        cells.append(f"CAST({f'{title}' if title else 'NULL'} AS {kind}) AS {column.name}")
        if f"{column.name}_precision" in contract.schema():
            known = f"CASE WHEN {title} IS NOT NULL THEN 5 END" if title else "NULL"
            cells.append(f"CAST({known} AS TINYINT) AS {column.name}_precision")
    return f"SELECT {', '.join(cells)} FROM read_csv('{file}', header = true)"


def test_a_second_copy_has_other_names(tmp_path: Path, load: Callable[[Path, str], Pack]) -> None:
    pack = load(copy_template("mediation", tmp_path / "m"), "mediation")
    assert (pack.datasets[0].name, pack.detectors[0].id) == ("mediation_event", "MEDIATION-01")


def test_initials_that_another_pack_uses_are_not_taken(
    tmp_path: Path, load: Callable[[Path, str], Pack]
) -> None:
    pack = load(copy_template("market_inspection", tmp_path / "m"), "market_inspection")
    assert pack.detectors[0].id == "MARKET_INSPECTION-01"


def test_an_existing_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(Refused, match="exists already") as caught:
        copy_template(NAME, tmp_path / NAME)
    assert "--into" in caught.value.next_step
    assert list((tmp_path / NAME).iterdir()) == []


@pytest.mark.parametrize(
    "name", ["", "River", "2nd", "a-b", "a__b", "_a", "a_", "class", "clew", "medical_insurance"]
)
def test_a_name_must_serve_as_a_package(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError):
        copy_template(name, tmp_path / "x")
    assert not (tmp_path / "x").exists()
