"""A delivery beside others: the same money elsewhere, the same days, originals, bounds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from clew.accounts.models import Account
from clew.datasets import actions, queries
from clew.datasets.ingest import alarms
from clew.datasets.ingest.deliver import confirm
from clew.declare import Column, Compare, Dataset, Reversal, T, registry
from clew.declare.types import Text
from clew.kernel.errors import DeclarationError
from tests.unit.datasets.conftest import SETTLEMENT, Send, csv_text, settlement

FEE = ("结算流水号", "费用明细流水号", "费用发生时间", "医保目录编码", "数量", "金额")
REVERSED = (*SETTLEMENT, "冲销标志", "原结算ID")


def settlements(*totals: str, first: int = 1) -> str:
    return csv_text([settlement(n, 总费用=total) for n, total in enumerate(totals, first)])


def fees(*amounts: str, lines: int = 2) -> str:
    """Lines of equal amounts, `lines` a settlement."""
    rows = [
        [f"S{n}", f"{line}", "2023-02-09 10:00:00", "XA01AA", "1", amount]
        for n, amount in enumerate(amounts, 1)
        for line in range(lines)
    ]
    return csv_text(rows, FEE)


def report(code: str) -> dict[str, Any]:
    return queries.batch(code).report  # type: ignore[no-any-return]


def test_amounts_in_another_unit_than_the_same_facts_elsewhere_are_held(
    send: Send, clerk: Account
) -> None:
    assert send(settlements("1000000", "2000000", "3")).status == "published"
    wrong = send(fees("50", "100", "7"), "费用明细.csv", dataset="mi_fee")
    assert wrong.status == "held", wrong
    assert "mi_settlement.medfee_sumamt" in wrong.cause
    assert "det_item_fee_sumamt" in wrong.cause
    (published,) = confirm(queries.batch(wrong.batch), by=clerk)
    assert published.status == "published"


def test_the_batch_being_delivered_is_held_and_never_the_older_one(send: Send) -> None:
    assert send(fees("50", "100", "150"), "费用明细.csv", dataset="mi_fee").status == "published"
    wrong = send(settlements("1000000", "2000000", "3"))
    assert wrong.status == "held"
    assert "mi_fee.det_item_fee_sumamt" in wrong.cause


@pytest.mark.parametrize("amount", ["50", "0.5", "5", "50000"])
def test_sums_that_differ_otherwise_are_not_asked_about(amount: str, send: Send) -> None:
    send(settlements("100", "100"))
    assert send(fees(amount, amount), "费用明细.csv", dataset="mi_fee").status == "published"


def test_without_a_shared_key_nothing_is_compared(send: Send) -> None:
    send(settlements("1000000", first=90))
    assert send(fees("50"), "费用明细.csv", dataset="mi_fee").status == "published"


def test_withdrawn_facts_are_no_measure(send: Send, clerk: Account) -> None:
    first = send(settlements("1000000", "2000000"))
    actions.retract(by=clerk, batch=queries.batch(first.batch), reason="单位有误")
    assert send(fees("50", "100"), "费用明细.csv", dataset="mi_fee").status == "published"


def day(number: int, when: str) -> list[str]:
    return settlement(number, 开始时间=f"{when} 10:00:00")


def test_overlapping_periods_of_one_department_are_reported(send: Send, clerk: Account) -> None:
    first = send(csv_text([day(1, "2023-02-01"), day(2, "2023-02-10")]))
    apart = send(csv_text([day(3, "2023-02-11"), day(4, "2023-02-20")]), "结算信息2.csv")
    other = send(csv_text([day(5, "2023-02-01")]), "民政局.csv", department="民政局")
    assert "overlaps" not in report(apart.batch)
    assert "overlaps" not in report(other.batch)
    third = send(csv_text([day(6, "2023-02-09"), day(7, "2023-02-12")]), "结算信息3.csv")
    assert report(third.batch)["overlaps"] == [
        {"batch": first.batch, "first": "2023-02-09", "last": "2023-02-10", "days": 2},
        {"batch": apart.batch, "first": "2023-02-11", "last": "2023-02-12", "days": 2},
    ]
    assert any(first.batch in note for note in third.notes)
    actions.retract(by=clerk, batch=queries.batch(first.batch), reason="误报")
    fourth = send(
        csv_text([day(8, "2023-02-09"), day(9, "2023-02-11")]), "结算信息4.csv",
        supersedes=third.batch,
    )  # fmt: skip
    assert [o["batch"] for o in report(fourth.batch)["overlaps"]] == [apart.batch]


def reversing(number: int, original: str) -> list[str]:
    return [*settlement(number, 总费用="-100.00", 基金支付="-50", 个人账户支出="-5"), "1", original]


def test_reversals_without_their_original_are_flagged(send: Send) -> None:
    plain = [[*settlement(n), "0", ""] for n in (1, 2)]
    clean = send(csv_text(plain, REVERSED))
    assert "D15_ORPHAN" not in clean.flagged
    rows = [
        reversing(3, "S1"), [*settlement(4), "0", ""], reversing(5, "S4"), reversing(6, "S99"),
        reversing(7, ""),
    ]  # fmt: skip
    receipt = send(csv_text(rows, REVERSED), "结算信息2.csv")
    assert (receipt.status, receipt.flagged["D15_ORPHAN"]) == ("published", 2)


def test_late_and_odd_sized_deliveries_raise_alarms_and_are_published(
    send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = registry.dataset("mi_settlement")
    monkeypatch.setattr(contract, "volume", (2, 3))
    receipt = send(csv_text([day(1, "2023-09-29")]))
    assert receipt.status == "published"
    assert report(receipt.batch)["alarms"] == [
        {"what": "late", "value": 32, "low": 0, "high": 31},
        {"what": "volume", "value": 1, "low": 2, "high": 3},
    ]
    fine = send(csv_text([day(1, "2023-09-30"), day(2, "2023-09-30")]), "结算信息2.csv")
    assert "alarms" not in report(fine.batch)
    words = [alarms.told(a).en for a in report(receipt.batch)["alarms"]]
    assert words == [
        "the last facts are 32 days old, expected within 31", "1 rows, usually between 2 and 3",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("last", "late", "text"),
    [
        (date(2023, 9, 30), 0, "及时"),
        (date(2023, 9, 29), 1, "逾期 1 天"),
        (None, None, ""),
    ],
)
def test_a_datasets_lamp(
    last: date | None, late: int | None, text: str, clerk: Account
) -> None:
    lamp = alarms.lamp(registry.dataset("mi_settlement"), last)
    assert (lamp.late, lamp.text.zh) == (late, text)
    assert alarms.lamp(registry.dataset("mi_institution"), last).text.zh == ""


def test_the_last_day_is_that_of_live_batches(send: Send, clerk: Account) -> None:
    send(csv_text([day(1, "2023-09-01")]))
    second = send(csv_text([day(2, "2023-09-30")]), "结算信息2.csv")
    assert queries.last_days() == {"mi_settlement": date(2023, 9, 30)}
    actions.retract(by=clerk, batch=queries.batch(second.batch), reason="误报")
    assert queries.last_days() == {"mi_settlement": date(2023, 9, 1)}


@pytest.mark.parametrize(
    "declared",
    [
        {"compare": (Compare("none", "mi_fee", "det_item_fee_sumamt", on="a"),)},
        {"reversal": Reversal(flag="b", original="none")},
        {"reversal": Reversal(flag="b", original="b"), "key": ("a", "b")},
        {"volume": (3, 2)},
    ],
)
def test_declarations_that_do_not_fit_are_refused(declared: dict[str, Any]) -> None:
    body = {
        "__doc__": "One row is one thing.", "name": "thing", "title": T("物", "thing"),
        "owners": ("医保局",), "key": ("a",), "a": Column(Text(), "甲", en="a"),
        "b": Column(Text(), "乙", en="b"),
    }  # fmt: skip
    with pytest.raises(DeclarationError):
        type("Thing", (Dataset,), body | declared)
