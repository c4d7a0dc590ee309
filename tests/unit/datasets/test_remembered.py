"""Header mappings that were confirmed once: for which later files they hold."""

from __future__ import annotations

from tests.unit.datasets.conftest import SETTLEMENT, Send, csv_text, live_rows, settlement

CONFIRMED = frozenset({"mapping"})


def titled(**titles: str) -> list[str]:
    return [titles.get(header, header) for header in SETTLEMENT]


def test_a_unit_confirmed_once_is_not_carried_to_a_file_without_it(send: Send) -> None:
    wan = titled(基金支付="基金支付(万元)")
    rows = [settlement(1, 基金支付="0.005")]
    assert send(csv_text(rows, wan)).status == "held"
    assert send(csv_text(rows, wan), confirmed=CONFIRMED).status == "published"
    later = send(csv_text([settlement(2, 基金支付="0.005")], wan), "结算信息2.csv")
    assert later.status == "published"
    plain = send(csv_text([settlement(3, 基金支付="50")]), "结算信息3.csv", confirmed={"unit"})
    assert plain.status == "published", plain.cause
    assert live_rows("mi_settlement", "setl_id, fund_pay_sumamt") == [
        ("S1", 5000), ("S2", 5000), ("S3", 5000),
    ]  # fmt: skip


def test_headers_written_a_little_otherwise_are_remembered(send: Send) -> None:
    guessed = titled(定点医药机构编号="定点医药机构编号码")
    first = send(csv_text([settlement(1)], guessed))
    assert first.status == "held", first.cause
    assert send(csv_text([settlement(1)], guessed), confirmed=CONFIRMED).status == "published"
    spaced = titled(定点医药机构编号=" 定点医药 机构编号码*")
    later = send(csv_text([settlement(2)], spaced), "结算信息2.csv")
    assert (later.status, later.accepted) == ("published", 1), later.cause
