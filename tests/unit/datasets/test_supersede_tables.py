"""A workbook or archive of several tables that takes the place of one batch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from clew.accounts.models import Account
from clew.audit.models import Entry
from clew.datasets import queries
from clew.datasets.ingest.deliver import Receipt, Request, confirm, deliver
from clew.datasets.models import Batch
from tests.unit.datasets.conftest import SETTLEMENT, Send, csv_text, live_rows, settlement
from tests.unit.datasets.test_archive import packed
from tests.unit.datasets.test_workbook import book

Rows = list[list[str]]
SendFile = Callable[..., list[Receipt]]
DEATHS = [["死亡证明编号", "身份证号", "姓名", "死亡时间"],
          ["C1", "330324196803128050", "张三", "2023-03-01"]]  # fmt: skip


def paid(number: int, yuan: int) -> list[str]:
    return settlement(number, 基金支付=str(yuan))


def sheet(*rows: list[str]) -> Rows:
    return [list(SETTLEMENT), *rows]


def live() -> dict[object, object]:
    return dict(live_rows("mi_settlement", "setl_id, fund_pay_sumamt"))  # type: ignore[arg-type]


@pytest.fixture
def send_file(clerk: Account, tmp_path: Path) -> SendFile:
    def sender(content: bytes, name: str, **request: object) -> list[Receipt]:
        path = tmp_path / name
        path.write_bytes(content)
        return deliver(Request(path, **request), by=clerk)  # type: ignore[arg-type]

    return sender


def test_two_sheets_take_the_place_of_one_batch(send: Send, send_file: SendFile) -> None:
    old = send(csv_text([paid(n, 10) for n in (1, 2, 3)]))
    content = book(一月=sheet(paid(1, 20)), 二月=sheet(paid(2, 20), paid(4, 20)))
    receipts = send_file(content, "更正.xlsx", supersedes=old.batch)
    assert [(r.status, r.accepted) for r in receipts] == [("published", 1), ("published", 2)]
    assert live() == {"S1": 2000, "S2": 2000, "S4": 2000}
    assert queries.batch(old.batch).report["superseded_by"] == receipts[0].batch
    verbs = Entry.objects.order_by("seq").values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["datasets.supersede", "datasets.publish"]
    again = send_file(content, "更正.xlsx", supersedes=old.batch)
    assert [r.status for r in again] == ["duplicate", "duplicate"]


def test_what_a_crash_left_out_is_taken_in_by_the_same_command(
    send: Send, send_file: SendFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = send(csv_text([paid(n, 10) for n in (1, 2)]))
    content = packed(("a/结算信息.csv", csv_text([paid(1, 20)])),
                     ("b/结算信息.csv", csv_text([paid(2, 20)])))  # fmt: skip
    with monkeypatch.context() as patch:
        patch.setattr("clew.datasets.ingest.parts.archive.unpack", _second_fails())
        with pytest.raises(KeyboardInterrupt):
            send_file(content, "包.zip", supersedes=old.batch)
    assert live() == {"S1": 2000}
    receipts = send_file(content, "另一个名字.zip", supersedes=old.batch)
    assert [r.status for r in receipts] == ["duplicate", "published"]
    assert live() == {"S1": 2000, "S2": 2000}


def _second_fails() -> Callable[..., Path]:
    from clew.datasets.ingest import archive

    whole, calls = archive.unpack, []

    def unpack(*args: object) -> Path:
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return whole(*args)  # type: ignore[arg-type]

    return unpack


def test_a_later_file_does_not_join_the_successors(send: Send, send_file: SendFile) -> None:
    old = send(csv_text([paid(1, 10)]))
    send_file(book(一月=sheet(paid(1, 20))), "更正.xlsx", supersedes=old.batch)
    (late,) = send_file(book(一月=sheet(paid(2, 20))), "更正.xlsx", supersedes=old.batch)
    assert late.status == "refused"
    assert "is not published" in late.cause
    assert live() == {"S1": 2000}


@pytest.mark.parametrize("same_first", [True, False])
def test_a_table_that_is_the_batch_itself_is_not_lost(
    same_first: bool, send_file: SendFile
) -> None:
    rows = {"一月": sheet(paid(1, 10)), "二月": sheet(paid(2, 10))}
    first, second = send_file(book(**rows), "一季度.xlsx")
    old = first if same_first else second
    changed = "二月" if same_first else "一月"
    mended = rows | {changed: sheet(paid(3, 30))}
    receipts = send_file(book(**mended), "一季度更正.xlsx", supersedes=old.batch)
    assert all(r.status in ("published", "duplicate") for r in receipts)
    assert live().keys() >= {"S1" if same_first else "S2", "S3"}
    live_sheets = {b.file_name for b in Batch.objects.filter(status=Batch.PUBLISHED)}
    assert any(changed in name and "更正" in name for name in live_sheets)


def test_a_held_sheet_joins_when_it_is_confirmed(
    send: Send, send_file: SendFile, clerk: Account
) -> None:
    old = send(csv_text([paid(1, 10), paid(2, 10)]))
    wan = [h + "(万元)" if h == "基金支付" else h for h in SETTLEMENT]
    content = book(一月=sheet(paid(1, 20)), 二月=[wan, settlement(2, 基金支付="0.003")])
    ready, held = send_file(content, "更正.xlsx", supersedes=old.batch)
    assert (ready.status, held.status) == ("published", "held")
    assert live() == {"S1": 2000}
    (receipt,) = confirm(queries.batch(held.batch), by=clerk)
    assert receipt.status == "published"
    assert live() == {"S1": 2000, "S2": 3000}


def test_a_sheet_of_another_dataset_says_how_to_send_it(send: Send, send_file: SendFile) -> None:
    old = send(csv_text([paid(1, 10)]))
    content = book(结算=sheet(paid(1, 20)), 死亡=DEATHS)
    settled, death = send_file(content, "更正.xlsx", supersedes=old.batch)
    assert (settled.status, death.status) == ("published", "refused")
    assert "--supersedes" in death.next_step
    again = send_file(content, "更正.xlsx")
    assert [r.status for r in again] == ["duplicate", "published"]
