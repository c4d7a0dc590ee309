from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.kernel.catalogues import Catalogue
from clew.kernel.codes import UNKNOWN_CODE, diagnosis, icd_category, operation
from clew.kernel.errors import InputError

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "data"
LISTS = DATA / "codes" / "icd10-yb"
needs_lists = pytest.mark.skipif(
    not LISTS.is_dir(), reason="the national code lists are not on this machine"
)


def test_the_shipped_diagnoses() -> None:
    diagnoses = Catalogue.shipped("diagnoses")
    assert diagnoses.name("I10.x00") == "特发性（原发性）高血压"
    assert diagnoses.name("I63") == "脑梗死"
    assert diagnoses.name("T31") == "根据累及体表范围分类的烧伤"
    assert diagnoses.knows("A00")
    assert diagnoses.name("A00") is None  # a category without a name of its own
    assert len({icd_category(code) for code in diagnoses.names}) == 1965
    assert 2000 < len(diagnoses.names) < 4000


def test_the_shipped_operations() -> None:
    operations = Catalogue.shipped("operations")
    assert operations.name("51.2300") == "腹腔镜下胆囊切除术"
    assert operations.knows("55.0100")
    assert len({code[:4] for code in operations.names}) == 890


@pytest.mark.parametrize(
    ("code", "warning"),
    [("I63.900", ""), ("I63.901x007", ""), ("I63", ""), ("40390", UNKNOWN_CODE),
     ("U99.900", UNKNOWN_CODE), ("高血压", UNKNOWN_CODE), ("", UNKNOWN_CODE)],
)  # fmt: skip
def test_a_subset_calls_a_code_unknown_only_by_its_category(code: str, warning: str) -> None:
    assert Catalogue.shipped("diagnoses").warning(code) == warning


@pytest.mark.parametrize("name", ["diagnoses", "operations"])
def test_shipped_codes_pass_their_shape(name: str) -> None:
    catalogue = Catalogue.shipped("diagnoses" if name == "diagnoses" else "operations")
    check = diagnosis if name == "diagnoses" else operation
    assert [code for code in catalogue.names if check(code).normal != code] == []
    assert [code for code in catalogue.names if check(code).reason] == []


def test_a_catalogue_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "drugs.tsv"
    path.write_text("\ufeff# a comment\nX1\t药 甲\n\nX2 药乙\nX2 药乙\n", encoding="utf-8")
    catalogue = Catalogue.load(path)
    assert catalogue.name("X1") == "药 甲"
    assert catalogue.knows("X2")
    assert not catalogue.knows("X")
    assert (catalogue.warning("X2"), catalogue.warning("X3")) == ("", UNKNOWN_CODE)


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "holds no code"),
        (b"X1\n", "line 1 has no name"),
        ("X1\t甲\nX1\t乙\n".encode(), "line 2 names X1 a second time"),
        ("X1\t阿莫西林\n".encode("gb18030"), "cannot be read"),
    ],
)
def test_what_is_no_catalogue(tmp_path: Path, content: bytes, cause: str) -> None:
    path = tmp_path / "catalogue.tsv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=cause):
        Catalogue.load(path)
    with pytest.raises(InputError, match="cannot be read"):
        Catalogue.load(tmp_path / "absent.tsv")


@needs_lists
@pytest.mark.parametrize(("name", "size"), [("ZD_INFO.dat", 33_304), ("SS_INFO.dat", 13_686)])
def test_the_national_catalogues_load_and_know_the_shipped_codes(name: str, size: int) -> None:
    full = Catalogue.load(LISTS / name)
    subset = Catalogue.shipped("diagnoses" if name.startswith("ZD") else "operations")
    assert len(full.names) == size
    assert all(full.name(code) == title for code, title in subset.names.items() if "." in code)
    assert all(not subset.warning(code) for code in full.names)


@needs_lists
def test_the_tables_are_what_the_generator_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = importlib.util.spec_from_file_location("build_codes", ROOT / "tools" / "build_codes.py")
    assert spec is not None
    assert spec.loader is not None
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    shipped = generator.TABLES
    monkeypatch.setattr(generator, "TABLES", tmp_path)
    monkeypatch.setattr("sys.argv", ["build_codes", str(DATA)])
    generator.main()
    for name in ("diagnoses.tsv", "operations.tsv"):
        assert (tmp_path / name).read_bytes() == (shipped / name).read_bytes()


@given(st.text(max_size=30))
def test_any_text_gets_an_answer(text: str) -> None:
    catalogue = Catalogue.shipped("operations")
    assert catalogue.warning(text) in ("", UNKNOWN_CODE)
    assert catalogue.warning(text) == "" or not catalogue.knows(text)
