"""Mapping files proposed for what a department sends: plain files, workbooks, archives."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml
from xlsxwriter import Workbook

from clew.accounts.models import Account
from clew.datasets.ingest import mapping, recognise
from clew.datasets.ingest.deliver import Request, deliver
from clew.datasets.ingest.proposal import Proposal, propose
from clew.declare import Dataset, registry
from clew.kernel.errors import InputError, NotFound
from tests.unit.datasets.conftest import GOOD_ID, SETTLEMENT, csv_text, live_rows, settlement

CONTRACTS = list(registry.datasets().values())
DEATHS = ("死亡证明编号", "身份证号", "姓名", "死亡时间")
IN_WAN = tuple("基金支付(万元)" if h == "基金支付" else h for h in SETTLEMENT)
DEATH = ["C1", GOOD_ID, "张三", "2023-03-01 08:00"]


def book(path: Path, sheets: dict[str, Sequence[Sequence[str]]]) -> Path:
    with Workbook(str(path)) as target:
        for name, rows in sheets.items():
            sheet = target.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda c: c.name)
def test_a_proposal_is_a_valid_mapping(contract: type[Dataset]) -> None:
    headers = [c.title.zh for c in contract.columns.values()]
    proposal = Proposal(Path("x.csv"), [("x.csv", recognise.match(contract, headers))])
    parsed = mapping.parse(proposal.content(), "proposal")
    (target,) = parsed.for_headers(headers, "x.csv").targets
    assert target.columns == {c: f'"{h}"' for c, h in zip(contract.columns, headers, strict=True)}


def test_a_workbook_gets_an_entry_a_table_and_is_taken_in_by_it(
    clerk: Account, tmp_path: Path
) -> None:
    first = [settlement(1, 基金支付="0.005")]
    path = book(
        tmp_path / "一月.xlsx",
        {
            "结算": [["某单位导出"], IN_WAN, *first],
            "死亡": [DEATHS, DEATH],
            "结算二": [IN_WAN, settlement(2, 基金支付="0.005")],
            "说明": [["只是几句话"]],
        },
    )
    proposal = propose(path)
    content = proposal.content()
    assert [m.dataset.name for _, m in proposal.tables] == [
        "mi_settlement", "death_health", "mi_settlement",
    ]  # fmt: skip
    assert [e["targets"][0]["dataset"] for e in content["files"]] == [
        "mi_settlement", "death_health",
    ]  # fmt: skip
    assert content["mapping"] == "一月"
    written = tmp_path / "m.yaml"
    written.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    receipts = deliver(Request(path, mapping=mapping.load(str(written))), by=clerk)
    assert [(r.dataset, r.status, r.accepted) for r in receipts] == [
        ("mi_settlement", "published", 1), ("death_health", "published", 1),
        ("mi_settlement", "published", 1),
    ]  # fmt: skip
    assert live_rows("mi_settlement", "setl_id, fund_pay_sumamt") == [("S1", 5000), ("S2", 5000)]


def test_members_of_an_archive_are_mapped_and_what_cannot_be_is_told(tmp_path: Path) -> None:
    tsv = csv_text([settlement(1)]).replace(",", "\t")
    path = tmp_path / "包.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("结算.tsv", tsv.encode("gb18030"))
        archive.write(book(tmp_path / "死亡.xlsx", {"Sheet1": [DEATHS, DEATH]}), "死亡.xlsx")
        archive.writestr("照片.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00")
    proposal = propose(path)
    assert [(t, m.dataset.name) for t, m in proposal.tables] == [
        ("包.zip/结算.tsv", "mi_settlement"), ("包.zip/死亡.xlsx", "death_health"),
    ]  # fmt: skip
    assert [table for table, _ in proposal.left_out] == ["包.zip/照片.jpg"]


def test_a_unit_stated_above_the_table_enters_the_mapping(tmp_path: Path) -> None:
    text = "结算汇总,单位：万元\n" + csv_text([settlement(1)])
    path = tmp_path / "结算信息.csv"
    path.write_text(text, encoding="utf-8")
    columns = propose(path).content()["files"][0]["targets"][0]["columns"]
    assert columns["fund_pay_sumamt"] == {"from": "基金支付", "unit": "万元"}
    assert columns["setl_id"] == {"from": "结算流水号"}


def test_a_table_goes_where_its_name_says(tmp_path: Path) -> None:
    headers = ("身份证号", "姓名", "注销日期", "死亡日期", "火化日期")
    row = (GOOD_ID, "张三", "2023-03-02", "2023-03-01", "2023-03-02")
    for name, dataset in (("户籍注销", "death_police"), ("殡葬火化", "death_civil")):
        path = tmp_path / f"{name}.csv"
        path.write_text(csv_text([row], headers), encoding="utf-8")
        ((_, matched),) = propose(path).tables
        assert matched.dataset.name == dataset
    both = book(tmp_path / "两张.xlsx", {n: [headers, row] for n in ("户籍注销", "殡葬火化")})
    proposal = propose(both)
    assert [m.dataset.name for _, m in proposal.tables] == ["death_police"]
    ((table, cause),) = proposal.left_out
    assert "殡葬火化" in table and "--dataset" in cause
    ((_, matched),) = propose(tmp_path / "户籍注销.csv", "death_civil").tables
    assert matched.dataset.name == "death_civil"


def test_what_cannot_be_mapped(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        propose(tmp_path / "none.xlsx")
    path = tmp_path / "菜单.csv"
    path.write_text("菜名,辣度\n豆腐,3\n", encoding="utf-8")
    with pytest.raises(NotFound, match="no dataset looks like"):
        propose(path)
    with pytest.raises(NotFound):
        propose(path, "nothing")
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04broken")
    with pytest.raises(InputError):
        propose(broken)
