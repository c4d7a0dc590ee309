"""A village: a handful of hand-written rows, enough for clues, an excuse, links and a conflict."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from clew.accounts import actions as accounts
from clew.accounts.models import Account
from clew.datasets.ingest.deliver import Receipt, Request, deliver
from clew.declare import registry
from clew.kernel.workspace import Workspace

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def number_of(sequence: int) -> str:
    """A made-up document number: sequence numbers from 800 on belong to nobody."""
    body = f"33032419500101{sequence}"
    total = sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


AN, BO, CHEN, DING = (number_of(n) for n in (801, 803, 805, 807))
NUMBERS = (AN, BO, CHEN, DING)
SHOP = "P33030200001"

FILES: dict[str, tuple[tuple[str, ...], list[tuple[str, ...]]]] = {
    "死亡医学证明.csv": (
        ("死亡证明编号", "身份证号", "姓名", "死亡时间"),
        [
            ("C1", AN, "安一", "2023-03-01 08:00"),
            ("C2", BO, "卜二", "2023-03-01 09:00"),
            ("C3", CHEN, "另一人", "2023-03-02 10:00"),
        ],
    ),
    "殡葬火化.csv": (
        ("身份证号", "姓名", "死亡日期", "火化日期"),
        [(AN, "安一", "2023-03-01", "2023-03-03"), (BO, "卜二", "2023-03-01", "2023-03-03")],
    ),
    "参保人员.csv": (
        ("人员编号", "身份证号", "姓名"),
        [("N1", AN, "安一"), ("N2", BO, "卜二"), ("N3", CHEN, "陈三"), ("N4", DING, "丁旧")],
    ),
    "人口信息.csv": (
        ("身份证号", "姓名", "曾用名"),
        [(AN, "安一", ""), (DING, "丁四", "丁旧")],
    ),
    "结算信息.csv": (
        ("结算流水号", "就诊ID", "身份证号", "姓名", "定点医药机构编号", "医疗类别", "开始时间",
         "结算时间", "总费用", "基金支付", "个人账户支出", "冲销标志", "原结算ID"),
        [
            ("S1", "M1", AN, "安一", SHOP, "41", "2023-02-01 10:00", "2023-02-01 10:00",
             "30.00", "20.00", "5.00", "0", ""),
            ("S2", "M2", AN, "安一", SHOP, "41", "2023-04-01 10:00", "2023-04-01 10:00",
             "100.00", "80.00", "20.00", "0", ""),
            ("S3", "M3", AN, "安一", SHOP, "41", "2023-04-02 10:00", "2023-04-02 10:00",
             "50.00", "40.00", "0.00", "0", ""),
            ("S4", "M4", BO, "卜二", SHOP, "41", "2023-05-01 10:00", "2023-05-01 10:00",
             "60.00", "50.00", "0.00", "0", ""),
            ("S5", "M4", BO, "卜二", SHOP, "41", "2023-05-01 10:00", "2023-05-02 10:00",
             "-60.00", "-50.00", "0.00", "1", "S4"),
            ("S6", "M6", CHEN, "陈三", SHOP, "41", "2023-06-01 10:00", "2023-06-01 10:00",
             "10.00", "8.00", "0.00", "0", ""),
            ("S7", "M7", DING, "丁四", SHOP, "41", "2023-06-01 11:00", "2023-06-01 11:00",
             "10.00", "8.00", "0.00", "0", ""),
            ("S8", "M8", "33032419500101", "坏号", SHOP, "41", "2023-06-01 11:00",
             "2023-06-01 11:00", "10.00", "8.00", "0.00", "0", ""),
        ],
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Village:
    home: Path
    by: Account
    files: Path
    receipts: tuple[Receipt, ...]

    def batch(self, dataset: str) -> str:
        return next(r.batch for r in self.receipts if r.dataset == dataset)


def write_csv(path: Path, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    lines = [",".join(cells) for cells in (headers, *rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def people_the_workspace(os_user: str) -> Account:
    """The acting account and the departments of every pack."""
    account = accounts.bootstrap(os_user=os_user)
    for pack in registry.packs().values():
        for owner in pack.owners:
            accounts.create_department(
                by=account, code=owner.code, name_zh=owner.title.zh, name_en=owner.title.en
            )
    return account


@pytest.fixture
def account(db: None, workspace: Workspace) -> Account:
    """Who acts on the command line, in a workspace without deliveries."""
    return people_the_workspace(getpass.getuser())


@pytest.fixture
def village(account: Account, workspace: Workspace, tmp_path: Path) -> Village:
    folder = tmp_path / "deliveries"
    folder.mkdir()
    receipts: list[Receipt] = []
    for name, (headers, rows) in FILES.items():
        path = write_csv(folder / name, headers, rows)
        receipts += deliver(Request(path), by=account)
    assert [r.status for r in receipts] == ["published"] * len(FILES), receipts
    return Village(workspace.home, account, folder, tuple(receipts))
