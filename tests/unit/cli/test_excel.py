"""Templates, contracts, returned quarantines and first looks from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from clew.audit.models import Entry
from clew.kernel.workspace import HOME_VARIABLE
from tests.unit.cli.conftest import Clew
from tests.unit.conftest import FILES, Village, write_csv

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_template_and_contract_need_no_workspace(
    clew: Clew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "none"))
    made = clew("datasets", "template", "mi_settlement", "--json")
    assert made.code == 0
    book = CalamineWorkbook.from_path(made.json["file"])
    assert book.sheet_names[:2] == ["结算信息", "填报说明"]
    text = clew("datasets", "export", "mi_settlement", clear=True)
    assert yaml.safe_load(text.out)["kind"] == "DataContract"
    out = tmp_path / "c.yaml"
    assert clew("datasets", "export", "mi_settlement", "--out", out).code == 0
    assert yaml.safe_load(out.read_text(encoding="utf-8")) == yaml.safe_load(text.out)
    assert clew("datasets", "export", "nothing").code == 5


def test_look_needs_no_workspace(
    clew: Clew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "none"))
    path = write_csv(tmp_path / "结算.csv", *FILES["结算信息.csv"])
    seen = clew("look", path)
    assert seen.code == 0 and "结算信息" in seen.err
    assert (tmp_path / "结算.csv.report.html").is_file()
    assert (
        clew("look", path, "--json").json["tables"][0]["datasets"][0]["dataset"] == "mi_settlement"
    )
    assert not (tmp_path / "none").exists()
    assert clew("look", tmp_path / "none.csv").code == 4


def test_quarantine_goes_out_and_comes_back(clew: Clew, village: Village, tmp_path: Path) -> None:
    headers, rows = FILES["结算信息.csv"]
    bad = ("T9", "M9", *rows[0][2:6], "2023-02-30", *rows[0][7:])
    path = write_csv(tmp_path / "结算信息_五.csv", headers, [("T8", "M8", *rows[0][2:]), bad])
    (receipt,) = clew("ingest", path, "--json").json
    entries = Entry.objects.count()
    done = clew("quarantine", "export", receipt["batch"], "--json")
    assert (done.code, done.json["rows"]) == (0, 1)
    last = Entry.objects.order_by("pk").last()
    assert Entry.objects.count() == entries + 1
    assert last is not None and last.verb == "datasets.export_quarantine"
    book = CalamineWorkbook.from_path(done.json["file"])
    fixed = tmp_path / "fixed.xlsx"
    with Workbook(str(fixed)) as target:
        for name in book.sheet_names:
            sheet = target.add_worksheet(name)
            cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for r, cells_of_row in enumerate(cells):
                for c, cell in enumerate(cells_of_row):
                    sheet.write_string(r, c, str(cell).replace("2023-02-30", "2023-02-28"))
    back = clew("quarantine", "resubmit", fixed, "--json")
    assert back.code == 0
    assert (back.json["sent"], back.json["waiting"]) == (1, 0)
    assert back.json["receipts"][0]["status"] == "published"
    assert clew("trace", "T9", "--json").json[0]["state"] in ("live", "quarantined")
    assert clew("quarantine", "resubmit", path).code == 4


def test_a_report_page_is_written_on_demand(clew: Clew, village: Village, tmp_path: Path) -> None:
    batch = clew("datasets", "batches", "--json").json[0]["batch"]
    page = tmp_path / "report.html"
    shown = clew("datasets", "show", batch, "--html", page)
    assert shown.code == 0 and batch in shown.out
    assert batch in page.read_text(encoding="utf-8")
