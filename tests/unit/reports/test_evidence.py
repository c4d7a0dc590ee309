"""Evidence packages: what they say, whom they hide, that the same clue gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from clew.audit.models import Entry
from clew.audit.presenters import sentence
from clew.declare import registry
from clew.detection import queries, tested
from clew.detection.models import Clue, Run
from clew.detection.triage.groups import groups
from clew.kernel import clock
from clew.kernel.errors import InputError, NotFound, Refused, StoreError
from clew.kernel.workspace import Workspace
from clew.reports.evidence import actions
from clew.reports.evidence import package as packages
from clew.reports.evidence.actions import export_evidence
from clew.reports.evidence.masks import Persons, hide_persons, shown
from clew.reports.evidence.sheets import titled
from clew.reports.evidence.statement import sightings, statement
from clew.reports.evidence.workbook import sheets
from clew.reports.releases.actions import ask_release, decide_release
from tests.unit.conftest import AN, NUMBERS, Village
from tests.unit.matters.conftest import staffed

pytestmark = pytest.mark.django_db
AT = datetime(2023, 10, 31, 9, 0, tzinfo=clock.SHANGHAI)
MASKED = AN[:6] + "********" + AN[-4:]


@pytest.fixture
def whole(village: Village, clue: str) -> dict[str, Any]:
    return statement(sightings([clue]), by=village.by, at=AT, clear=False)


def test_rows_stand_under_their_owners_headers(whole: dict[str, Any], village: Village) -> None:
    settlements = next(t for t in whole["tables"] if t["dataset"] == "mi_settlement")
    assert settlements["headers"][:4] == ["结算流水号", "就诊ID", "身份证号", "姓名"]
    told = [dict(zip(settlements["headers"], r["cells"], strict=True)) for r in settlements["rows"]]
    assert [(t["结算流水号"], t["身份证号"], t["姓名"], t["基金支付"]) for t in told] == [
        ("S2", MASKED, "安*", "80.00"), ("S3", MASKED, "安*", "40.00"),
    ]  # fmt: skip
    assert told[0]["医疗类别"] == "41 定点药店购药"
    assert told[0]["开始时间"] == "2023-04-01 10:00:00"
    assert told[0]["冲销标志"] == "否"
    assert [(r["file"], r["row"], r["batch"]) for r in settlements["rows"]] == [
        ("结算信息.csv", 3, village.batch("mi_settlement")),
        ("结算信息.csv", 4, village.batch("mi_settlement")),
    ]
    assert {t["dataset"] for t in whole["tables"]} >= {"mi_settlement", "death_health"}


def test_marked_cells_carry_what_the_clue_states(whole: dict[str, Any]) -> None:
    marked = {
        table["dataset"]: [{table["headers"][at] for at in row["marked"]} for row in table["rows"]]
        for table in whole["tables"]
    }
    assert marked["mi_settlement"] == [
        {"结算流水号", "就诊ID", "身份证号", "医疗类别", "开始时间", "基金支付", "个人账户支出"},
        {"结算流水号", "就诊ID", "身份证号", "医疗类别", "开始时间", "基金支付"},
    ]
    assert marked["death_health"] == [{"身份证号", "死亡时间"}]


def test_every_exclusion_is_told_with_its_result(whole: dict[str, Any], clue: str) -> None:
    (told,) = whole["clues"]
    rule = registry.detector("MI-01").rule("")
    assert [t["code"] for t in told["tests"]] == [item.code for item in rule.asked]
    by_code = {t["code"]: t for t in told["tests"]}
    assert (by_code["AFTER_DEATH"]["yes"], by_code["AFTER_DEATH"]["kind"]) == (2, "condition")
    assert (by_code["REVERSED"]["no"], by_code["REVERSED"]["untested"]) == (2, 0)
    assert by_code["SAME_STAY"]["untested"] == 2
    assert told["recomputed"] == {"state": "agrees", "reason": ""}
    for t in told["tests"]:
        assert t["known"] and t["yes"] + t["no"] + t["untested"] == 2


def test_method_basis_and_sources(whole: dict[str, Any], village: Village) -> None:
    (told,) = whole["clues"]
    how = told["method"]
    detector = registry.detector("MI-01")
    assert (how["version"], how["run"]) == (detector.version, Run.objects.get().code)
    assert [p["name"] for p in how["parameters"]] == [p.name for p in detector.params]
    legal = registry.pack_of_detector("MI-01").legal
    assert [b["verified"] for b in how["basis"]] == [legal[b].verified for b in detector.basis]
    file = village.files / "结算信息.csv"
    source = next(s for s in whole["sources"] if s["dataset"] == "mi_settlement")
    assert source["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert {s["batch"] for s in whole["sources"]} == {r["batch"] for r in told["rows"]}


def test_the_same_clue_and_time_give_the_same_bytes(
    whole: dict[str, Any], clue: str, village: Village, tmp_path: Path
) -> None:
    again = statement(sightings([clue]), by=village.by, at=AT, clear=False)
    first, second = tmp_path / "a", tmp_path / "b"
    assert packages.write(first, whole) == packages.write(second, again)
    for name in (*packages.LISTED, packages.MANIFEST):
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_nobody_is_shown_without_a_release(
    written: Path, clue: str, village: Village, tmp_path: Path, db: None
) -> None:
    for path in written.iterdir():
        content = path.read_bytes()
        if path.suffix == ".xlsx":
            content = str(cells(path)).encode()
        for person in (*NUMBERS, "安一"):
            assert person.encode() not in content, path.name
    why = f"移送 {AN}"
    asked = ask_release(by=village.by, clues=[clue], reason=why)
    before = Entry.objects.count()
    for release, error in ((asked.code, Refused), ("nosuch", NotFound)):
        with pytest.raises(error):
            export_evidence(by=village.by, clues=[clue], into=tmp_path / "c", release=release)
    assert Entry.objects.count() == before
    assert list(tmp_path.iterdir()) == []

    office = staffed(village.by, tmp_path)
    decide_release(by=office["chen"], release=asked.code, granted=True, answer="移送所需")
    before = Entry.objects.count()
    export_evidence(
        by=village.by, clues=[clue], into=tmp_path / "c", release=asked.code, reason=why
    )
    assert AN in str(cells(tmp_path / "c" / "evidence.xlsx"))
    (export,) = Entry.objects.order_by("seq")[before:]
    assert export.verb == "reports.export_evidence"
    assert (export.facts["masked"], export.facts["reason"]) == (False, "移送 ***")
    assert export.facts["release"] == asked.code
    for person in (*NUMBERS, "安一"):
        assert person not in json.dumps(export.facts, ensure_ascii=False)


def test_the_ledger_holds_the_manifest(written: Path, clue: str) -> None:
    entry = Entry.objects.get(verb="reports.export_evidence")
    word = json.loads((written / packages.LEDGER).read_text(encoding="utf-8"))
    assert (word["hash"], word["entry"]) == (entry.hash, entry.body())
    assert entry.facts["manifest"] == packages.sha256(written / packages.MANIFEST)
    assert word["key"] == Workspace.current().audit_public_key.hex()
    assert clue in sentence(entry).zh and clue in sentence(entry).en


def test_nothing_is_left_when_the_ledger_cannot_be_written(
    clue: str, village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    def refuse(**_: object) -> None:
        raise StoreError("no ledger")

    monkeypatch.setattr(actions, "append", refuse)
    with pytest.raises(StoreError):
        export_evidence(by=village.by, clues=[clue], into=tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_exported(clue: str, village: Village, tmp_path: Path, db: None) -> None:
    with pytest.raises(InputError):
        export_evidence(by=village.by, into=tmp_path / "x")
    with pytest.raises(NotFound):
        export_evidence(by=village.by, clues=["nosuch"], into=tmp_path / "x")
    with pytest.raises(NotFound):
        export_evidence(by=village.by, group="nosuch", into=tmp_path / "x")
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    for taken in (tmp_path, tmp_path / "mine"):
        with pytest.raises(Refused):
            export_evidence(by=village.by, clues=[clue], into=taken)
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "mine"


def test_a_group_names_each_clue_once(clue: str, village: Village, tmp_path: Path) -> None:
    (group,) = groups()
    done = export_evidence(
        by=village.by, clues=[clue, clue[:8]], group=group.id, into=tmp_path / "g"
    )
    assert done.clues == (clue,)
    told = json.loads((tmp_path / "g" / "clue.json").read_text(encoding="utf-8"))["group"]
    assert (told["group"], told["clues"], told["fund_amount"]) == (group.id, 1, "120.00")


def test_formulas_stay_texts(whole: dict[str, Any], tmp_path: Path) -> None:
    table = next(t for t in whole["tables"] if t["dataset"] == "mi_settlement")
    at = table["headers"].index("姓名")
    table["rows"][0]["cells"][at] = '=HYPERLINK("http://x","y")'
    packages.write(tmp_path / "f", whole)
    assert '=HYPERLINK("http://x","y")' in str(cells(tmp_path / "f" / "evidence.xlsx"))
    with zipfile.ZipFile(tmp_path / "f" / "evidence.xlsx") as inside:
        parts = [inside.read(n).decode() for n in inside.namelist() if n.endswith(".xml")]
    assert not any("<f>" in part for part in parts)


def test_a_clue_that_cannot_be_recomputed_says_so(
    clue: str, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise StoreError("purged")

    monkeypatch.setattr(tested.inputs, "verify", gone)
    (told,) = statement(sightings([clue]), by=village.by, at=AT, clear=False)["clues"]
    assert told["recomputed"] == {"state": "unavailable", "reason": "purged"}
    known = {t["code"] for t in told["tests"] if t["known"]}
    assert known == set(queries.latest_hit(Clue.objects.get()).untested)


def test_a_clue_whose_recomputation_differs_tells_no_tests(
    clue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tested, "digest", lambda *_: "other")
    found = tested.tested(sightings([clue]))[clue]
    assert (found.state, dict(found.rows)) == (tested.DIFFERS, {})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"见{AN}。", f"见{MASKED}。"),
        ("电话13800000000", "电话138****0000"),
        ("330345733510294", "330345733510294"),
        ("330302199902300011", "330302********0011"),
        ("H33030200001", "H33030200001"),
    ],
)
def test_free_text_hides_persons_and_keeps_bills(text: str, told: str) -> None:
    assert hide_persons(text) == told


def test_sheet_names_are_legal_and_differ() -> None:
    assert titled("a/b:c", []) == "a·b·c"
    assert titled("表", ["表", "表 2"]) == "表 3"
    assert len(titled("长" * 40, ["长" * 28])) <= 31


def test_many_clues_stay_one_line_each(whole: dict[str, Any]) -> None:
    (told,) = whole["clues"]
    several = whole | {"clues": [told | {"clue": f"c{n}"} for n in range(40)]}
    first = sheets(several)[0]
    assert sum(row[0].text.startswith("c") for row in first.rows if row) == 40
    total = next(row for row in first.rows if row and row[0].text.startswith("合计"))
    assert total[5].text == "4800.00"


def cells(path: Path) -> list[Any]:
    book = CalamineWorkbook.from_path(path)
    return [book.get_sheet_by_name(n).to_python() for n in book.sheet_names]


@pytest.mark.parametrize(
    ("dataset", "column", "text", "told"),
    [
        ("mi_settlement", "certno", AN, MASKED),
        ("mi_settlement", "psn_name", "欧阳一二", "欧***"),
        ("mi_settlement", "psn_no", "33030000001234", "33**********34"),
        ("mi_settlement", "brdy", "1950-01-01", "1950-**-**"),
        ("mi_settlement", "tel", "13800000000", "138****0000"),
        ("mi_settlement", "mdtrt_id", "330305800101160", "330305800101160"),
        ("mi_settlement", "dise_name", "330305800101160", "330305*****1160"),
        ("mi_settlement", "fund_pay_sumamt", "80.00", "80.00"),
    ],
)
def test_whom_a_column_names_is_masked(
    village: Village, dataset: str, column: str, text: str, told: str
) -> None:
    contract = registry.dataset(dataset)
    assert shown(contract, contract.columns[column], text, Persons([], clear=False)) == told
    assert shown(contract, contract.columns[column], text, Persons([], clear=True)) == text
