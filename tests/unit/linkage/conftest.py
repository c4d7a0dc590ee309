"""Registers that hold people, and deliveries in which their numbers are mistyped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from clew.accounts.models import Account
from clew.datasets.ingest.deliver import Receipt, Request, deliver
from clew.kernel.identifiers import check_character
from tests.unit.conftest import write_csv

REGISTER = ("身份证号", "姓名", "曾用名")
SETTLEMENTS = (
    "结算流水号", "就诊ID", "身份证号", "姓名", "出生日期", "定点医药机构编号", "医疗类别",
    "开始时间", "结算时间", "总费用", "基金支付", "个人账户支出",
)  # fmt: skip
CERTIFICATES = ("死亡证明编号", "身份证号", "姓名", "死亡时间", "出生日期")


def number(sequence: int, born: str = "19680312", area: str = "330324") -> str:
    """A made-up document number."""
    return (body := f"{area}{born}{sequence}") + check_character(body)


def letter(text: str, place: int) -> str:
    """The text with its digit at `place` (from 0) as the letter that resembles it."""
    return text[:place] + {"0": "O", "1": "I", "5": "S"}[text[place]] + text[place + 1 :]


def digit(text: str, place: int) -> str:
    """The text with another digit at `place`."""
    return text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]


def swapped(text: str, place: int) -> str:
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def bill(key: str, certno: str, name: str, born: str = "") -> tuple[str, ...]:
    return (
        key, f"M{key}", certno, name, born, "P33030200001", "41", "2023-04-01 10:00",
        "2023-04-01 10:00", "100.00", "80.00", "20.00",
    )  # fmt: skip


Give = Callable[..., Receipt]


@pytest.fixture
def give(account: Account, tmp_path: Path) -> Give:
    """Delivers rows under headers; the file's name tells the dataset."""

    def giver(name: str, headers: Sequence[str], *rows: Sequence[str]) -> Receipt:
        path = write_csv(tmp_path / name, headers, rows)
        (receipt,) = deliver(Request(path), by=account)
        assert receipt.status == "published", receipt
        return receipt

    return giver
