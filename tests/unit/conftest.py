"""A village: a handful of hand-written rows, enough for clues, an excuse, links and a conflict."""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from clew.accounts.models import Account
from clew.datasets.ingest.deliver import Receipt, Request, deliver
from clew.kernel.workspace import Workspace
from tests.workspaces import lasting_workspace, people

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def number_of(sequence: int, born: date = date(1950, 1, 1)) -> str:
    """A made-up document number: sequence numbers from 800 on belong to nobody."""
    body = f"330324{born:%Y%m%d}{sequence}"
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


@pytest.fixture
def account(db: None, workspace: Workspace) -> Account:
    """Who acts on the command line, in a workspace without deliveries."""
    return people(getpass.getuser())


@pytest.fixture(scope="module")
def village(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Village]:
    """Delivered once a module. A test that writes asks for `db` too, which undoes its rows."""
    folder = tmp_path_factory.mktemp("village")
    home = folder / "city"
    with lasting_workspace(
        django_db_blocker, home, seed=7, today=date(2023, 10, 31), os_user=getpass.getuser()
    ) as by:
        receipts: list[Receipt] = []
        for name, (headers, rows) in FILES.items():
            receipts += deliver(Request(write_csv(folder / name, headers, rows)), by=by)
        assert [r.status for r in receipts] == ["published"] * len(FILES), receipts
        yield Village(home, by, folder, tuple(receipts))


EVE = number_of(811)


@pytest.fixture
def eve(db: None, village: Village, tmp_path: Path) -> str:
    """A second death, whose one settlement lies ten days after it: within a grace of 30 days."""
    rows = {
        "死亡医学证明.csv": ("C9", EVE, "叶五", "2023-06-01 08:00"),
        "参保人员.csv": ("N9", EVE, "叶五"),
        "结算信息.csv": ("S9", "M9", EVE, "叶五", SHOP, "41", "2023-06-11 10:00",
                     "2023-06-11 10:00", "40.00", "30.00", "0.00", "0", ""),
    }  # fmt: skip
    for name, row in rows.items():
        path = write_csv(tmp_path / name, FILES[name][0], [row])
        (receipt,) = deliver(Request(path), by=village.by)
        assert receipt.accepted == 1, receipt
    return EVE
