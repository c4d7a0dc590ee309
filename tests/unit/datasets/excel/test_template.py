"""The empty workbook: recognised when it comes back, and every hint in it is true."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from clew.datasets.contracts import form, version
from clew.datasets.excel import marks
from clew.datasets.excel.cells import choices
from clew.datasets.excel.template import GUIDE_SHEET, must, template
from clew.datasets.ingest.recognise import match
from clew.declare import Dataset, registry
from clew.declare.types import Delivery
from clew.kernel import clock

CONTRACTS = list(registry.datasets().values())
NAMES = [c.name for c in CONTRACTS]


@pytest.mark.parametrize("contract", CONTRACTS, ids=NAMES)
def test_the_header_is_recognised_as_it_stands(contract: type[Dataset], tmp_path: Path) -> None:
    path = template(contract, tmp_path / "t.xlsx")
    book = CalamineWorkbook.from_path(str(path))
    header = [str(c) for c in book.get_sheet_by_index(0).to_python()[0]]
    matched = match(contract, header)
    assert set(matched.columns) == set(contract.columns)
    assert not matched.guessed and not matched.unknown and not matched.factors
    starred = {c for c, h in matched.columns.items() if h.endswith("*")}
    assert starred == {c.name for c in contract.columns.values() if must(contract, c)}


def test_the_hidden_sheet_names_dataset_and_version(tmp_path: Path) -> None:
    contract = registry.dataset("mi_settlement")
    path = template(contract, tmp_path / "t.xlsx")
    book = CalamineWorkbook.from_path(str(path))
    found = marks.read(book)
    hidden = [s.name for s in book.sheets_metadata if s.visible != SheetVisibleEnum.Visible]
    names = book.sheet_names
    assert found == marks.Marks("template", "mi_settlement", "结算信息", version(contract))
    assert hidden == [marks.SHEET]
    assert names[0] == "结算信息" and GUIDE_SHEET in names


def test_the_version_changes_with_the_columns_only() -> None:
    assert version(CONTRACTS[0]) == version(CONTRACTS[0])
    assert len({version(c) for c in CONTRACTS}) == len(CONTRACTS)


@pytest.mark.parametrize("contract", CONTRACTS, ids=NAMES)
def test_every_word_that_drops_down_is_read_back_as_its_code(contract: type[Dataset]) -> None:
    delivery = Delivery(clock.today())
    for column in contract.columns.values():
        for code, word in choices(column).items():
            assert column.type.check(word, delivery).normal == code, (column.name, word)


@pytest.mark.parametrize("contract", CONTRACTS, ids=NAMES)
def test_every_example_is_accepted_unrepaired(contract: type[Dataset]) -> None:
    delivery = Delivery(clock.today())
    for column in contract.columns.values():
        example = form(column.type).example
        if example:
            checked = column.type.check(example, delivery)
            assert checked.ok and not checked.repaired, (column.name, example, checked)


def test_numbers_of_documents_are_text_and_codes_drop_down(tmp_path: Path) -> None:
    path = template(registry.dataset("mi_settlement"), tmp_path / "t.xlsx")
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
        comments = archive.read("xl/comments1.xml").decode()
    formats = re.findall(r"<xf numFmtId=\"(\d+)\"", styles.split("<cellXfs", 1)[1])
    spans = re.findall(r'<col min="(\d+)" max="(\d+)"[^>]*?style="(\d+)"', sheet)
    column = {n: int(style) for low, high, style in spans for n in range(int(low), int(high) + 1)}
    at = list(registry.dataset("mi_settlement").columns).index
    assert formats[column[at("certno") + 1]] == "49"  # Excel's built-in format "@"
    assert formats[column[at("begntime") + 1]] == "49"
    assert formats[column[at("medfee_sumamt") + 1]] == "2"  # 0.00
    assert 'state="frozen"' in sheet
    assert sheet.count("<dataValidation ") == sum(
        bool(choices(c)) for c in registry.dataset("mi_settlement").columns.values()
    )
    assert "showErrorMessage" not in sheet
    assert "示例 example: 330324196803128050" in comments


def test_a_place_that_cannot_be_written_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="directory"):
        template(registry.dataset("death_health"), tmp_path)


def test_the_same_contract_writes_the_same_bytes(tmp_path: Path) -> None:
    contract = registry.dataset("death_health")
    first = template(contract, tmp_path / "1.xlsx").read_bytes()
    assert template(contract, tmp_path / "2.xlsx").read_bytes() == first
