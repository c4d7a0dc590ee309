from __future__ import annotations

import importlib.util
from datetime import date
from pathlib import Path

import pytest

from clew.kernel import divisions

ROOT = Path(__file__).parents[3]
LISTS = ROOT.parent / "shared" / "data" / "codes"

PRESENT = {
    "330300": "温州市",
    "330302": "鹿城区",
    "330303": "龙湾区",
    "330304": "瓯海区",
    "330305": "洞头区",
    "330324": "永嘉县",
    "330326": "平阳县",
    "330327": "苍南县",
    "330328": "文成县",
    "330329": "泰顺县",
    "330381": "瑞安市",
    "330382": "乐清市",
    "330383": "龙港市",
}


@pytest.mark.parametrize(("code", "name"), PRESENT.items())
def test_present_codes_of_wenzhou(code: str, name: str) -> None:
    assert code in divisions.KNOWN
    assert divisions.division_name(code) == name
    assert divisions.division_name(code + "001") == name


@pytest.mark.parametrize("code", ["330321", "330322", "330323", "330325", "339004", "339017"])
def test_codes_of_old_editions_stay_known(code: str) -> None:
    assert code in divisions.KNOWN
    assert divisions.is_county(code)


def test_unknown_codes() -> None:
    assert divisions.division_name("999999") is None
    assert "330399" not in divisions.KNOWN
    assert not divisions.is_county("330000")
    assert isinstance(divisions.KNOWN, frozenset)
    assert len(divisions.KNOWN) > 7000


@pytest.mark.parametrize(
    ("code", "on", "expected"),
    [
        ("330323", date(2023, 10, 31), "330382"),
        ("330323", date(1994, 1, 1), "339017"),
        ("330323", date(1990, 1, 1), "330323"),
        ("330325", date(2023, 10, 31), "330381"),
        ("330321", date(2000, 1, 1), "330304"),
        ("330322", date(2015, 8, 31), "330322"),
        ("330322", date(2015, 9, 1), "330305"),
        ("330322001", date(2020, 1, 1), "330305001"),
        ("330327", date(2023, 1, 1), "330327"),
        ("330302", date(2023, 1, 1), "330302"),
    ],
)
def test_old_codes_follow_the_date(code: str, on: date, expected: str) -> None:
    assert divisions.current_division(code, on) == expected


@pytest.mark.skipif(not LISTS.is_dir(), reason="the public division lists are not on this machine")
def test_the_table_is_what_the_generator_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = importlib.util.spec_from_file_location(
        "build_divisions", ROOT / "tools" / "build_divisions.py"
    )
    assert spec is not None
    assert spec.loader is not None
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    shipped = generator.TABLE.read_bytes()
    monkeypatch.setattr(generator, "TABLE", tmp_path / "divisions.tsv")
    monkeypatch.setattr("sys.argv", ["build_divisions", str(LISTS)])
    generator.main()
    assert generator.TABLE.read_bytes() == shipped


@pytest.mark.parametrize("prefix", ["", "33", "3303", "330381", "330323"])
def test_beginnings_that_give_every_code_inside(prefix: str) -> None:
    assert divisions.is_subtree(prefix)


@pytest.mark.parametrize("prefix", ["3", "330", "33038", "99", "330399", "3303811", "ab"])
def test_beginnings_that_name_no_division(prefix: str) -> None:
    assert not divisions.is_subtree(prefix)


@pytest.mark.parametrize(
    ("codes", "holding"),
    [
        ([], ""),
        (["330381"], "330381"),
        (["330381", "330381"], "330381"),
        (["330381", "330302"], "330300"),
        (["330381", "330102"], "330000"),
        (["330381", "110101"], ""),
    ],
)
def test_the_smallest_division_that_holds_all(codes: list[str], holding: str) -> None:
    assert divisions.smallest_holding(codes) == holding
