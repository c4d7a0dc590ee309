"""Batches that go: retracted, or superseded by another; and what the live view then holds."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from clew.accounts.models import Account
from clew.audit.models import Entry
from clew.datasets import actions, places, queries
from clew.datasets.excel import returned
from clew.datasets.excel.resubmitting import resubmit
from clew.datasets.ingest.deliver import Receipt, confirm
from clew.datasets.lake import store
from clew.datasets.models import Batch, LakeFile
from clew.kernel.errors import InputError, NotFound, StoreError
from clew.kernel.workspace import Workspace
from tests.unit.datasets.conftest import Send, csv_text, live_rows, settlement

SHOWN = "setl_id, fund_pay_sumamt"


def live() -> dict[object, object]:
    return dict(live_rows("mi_settlement", SHOWN))  # type: ignore[arg-type]


def paid(number: int, yuan: int, moment: str = "") -> list[str]:
    return settlement(number, 基金支付=str(yuan), 上传时间=moment)


def retract(receipt: Receipt, by: Account) -> Batch:
    return actions.retract(by=by, batch=queries.batch(receipt.batch), reason="误报")


def files(kind: str) -> list[LakeFile]:
    return list(LakeFile.objects.filter(kind=kind))


def test_rows_of_a_withdrawn_batch_leave_and_older_ones_come_back(
    send: Send, clerk: Account, workspace: Workspace
) -> None:
    send(csv_text([paid(1, 10), paid(2, 10)]))
    second = send(csv_text([paid(2, 20), paid(3, 20)]), "结算信息2.csv")
    assert live() == {"S1": 1000, "S2": 2000, "S3": 2000}
    before = Entry.objects.count()
    gone = retract(second, clerk)
    assert live() == {"S1": 1000, "S2": 1000}
    assert (gone.status, gone.cause) == ("withdrawn", ["误报"])
    assert (gone.rows, gone.accepted) == (2, 2)
    assert Entry.objects.count() == before + 1
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.verb, entry.subject) == ("datasets.retract", second.batch)
    assert (entry.facts["revived"], entry.facts["given_back"]) == (1, 0)
    assert [f.batch.code for f in files(LakeFile.TOMBSTONES)] == [second.batch]
    manifest = json.loads((workspace.lake / "mi_settlement/manifest.json").read_text("utf-8"))
    assert [e["path"] for e in manifest["tombstones"]] == [
        f.path for f in files(LakeFile.TOMBSTONES)
    ]
    for file in LakeFile.objects.all():
        content = (workspace.home / file.path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file.sha256


def test_a_row_superseded_by_a_third_batch_stays_superseded(send: Send, clerk: Account) -> None:
    send(csv_text([paid(1, 10)]))
    second = send(csv_text([paid(1, 20)]), "结算信息2.csv")
    send(csv_text([paid(1, 30)]), "结算信息3.csv")
    retract(second, clerk)
    assert live() == {"S1": 3000}


def test_a_row_that_was_too_old_for_the_withdrawn_one_lives(send: Send, clerk: Account) -> None:
    send(csv_text([paid(1, 10, "2023-02-01 00:00:00")]))
    second = send(csv_text([paid(1, 20, "2023-02-09 00:00:00")]), "结算信息2.csv")
    send(csv_text([paid(1, 30, "2023-02-05 00:00:00")]), "结算信息3.csv")
    assert live() == {"S1": 2000}
    retract(second, clerk)
    assert live() == {"S1": 3000}


def test_a_duplicate_is_given_back_when_its_like_goes(send: Send, clerk: Account) -> None:
    first = send(csv_text([paid(1, 10), paid(2, 10)]))
    second = send(csv_text([paid(1, 10), paid(3, 10)]), "结算信息2.csv")
    third = send(csv_text([paid(1, 10)]), "结算信息3.csv")
    assert (second.duplicates, third.duplicates) == (1, 1)
    retract(first, clerk)
    assert live() == {"S1": 1000, "S3": 1000}
    mended = queries.batch(second.batch)
    assert (mended.accepted, mended.duplicates, mended.report["given_back"]) == (2, 0, 1)
    (place,) = [p for p in places.rows_by_key("S1") if p.state == places.LIVE]
    assert (place.batch, place.row) == (second.batch, 2)
    retract(second, clerk)
    assert live() == {"S1": 1000}
    assert queries.batch(third.batch).accepted == 1
    assert queries.held(["mi_settlement"]) >= {"mi_settlement", "mi_settlement.certno"}
    retract(third, clerk)
    assert live() == {}
    assert queries.held(["mi_settlement"]) == frozenset()


def test_rows_without_a_key_are_their_own(send: Send, clerk: Account) -> None:
    headers = ("身份证号", "姓名", "注销日期", "注销原因")
    rows = [["无", "张三", "2023-02-09", "死亡"], ["", "李四", "2023-02-09", "死亡"]]
    first = send(csv_text(rows, headers), "死亡注销.csv", dataset="death_police")
    second = send(csv_text(rows[:1] * 2, headers), "死亡注销2.csv", dataset="death_police")
    assert (first.accepted, second.accepted, second.duplicates) == (2, 0, 2)
    retract(first, clerk)
    assert live_rows("death_police", "psn_name") == [("张三",)]


def test_a_withdrawn_file_can_be_delivered_again(send: Send, clerk: Account) -> None:
    content = csv_text([paid(1, 10), settlement(2, 总费用="")])
    first = send(content)
    retract(first, clerk)
    again = send(content)
    assert (again.status, again.accepted, again.quarantined) == ("published", 1, 1)
    assert again.batch != first.batch
    assert live() == {"S1": 1000}
    retract(again, clerk)
    assert send(content).batch not in (first.batch, again.batch)
    assert [b.status for b in Batch.objects.all()] == ["withdrawn", "withdrawn", "published"]


def test_only_a_published_batch_is_withdrawn_and_never_without_a_reason(
    send: Send, clerk: Account
) -> None:
    held = send(csv_text([paid(1, 10)])[:-20])
    assert held.status == "held"
    with pytest.raises(InputError, match="is not published"):
        retract(held, clerk)
    good = send(csv_text([paid(2, 10)]), "结算信息2.csv")
    with pytest.raises(InputError, match="needs a reason"):
        actions.retract(by=clerk, batch=queries.batch(good.batch), reason=" ")
    retract(good, clerk)
    with pytest.raises(InputError, match="is not published"):
        retract(good, clerk)


def test_the_reason_is_kept_without_numbers(send: Send, clerk: Account) -> None:
    receipt = send(csv_text([paid(1, 10)]))
    actions.retract(
        by=clerk, batch=queries.batch(receipt.batch), reason="330324196803128050 的行有误"
    )
    assert queries.batch(receipt.batch).cause == ["*** 的行有误"]
    assert "330324" not in json.dumps(Entry.objects.order_by("-seq")[0].facts)


def test_a_failing_disk_changes_nothing(
    send: Send, clerk: Account, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(csv_text([paid(1, 10)]))
    second = send(csv_text([paid(1, 20)]), "结算信息2.csv")
    listed = set(LakeFile.objects.values_list("path", "kind"))

    def fail(path: Path) -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(store, "_hash_and_sync", fail)
        with pytest.raises(StoreError):
            retract(second, clerk)
    assert set(LakeFile.objects.values_list("path", "kind")) == listed
    assert queries.batch(second.batch).status == "published"
    assert live() == {"S1": 2000}
    assert [p.name for p in workspace.staging.iterdir()] == ["lock"]
    retract(second, clerk)
    assert live() == {"S1": 1000}


def test_a_batch_is_superseded_in_one_step(send: Send, clerk: Account) -> None:
    old = send(csv_text([paid(1, 10), paid(2, 10), paid(3, 10)]))
    before = Entry.objects.count()
    new = send(csv_text([paid(1, 10), paid(2, 20)]), "结算信息2.csv", supersedes=old.batch)
    assert (new.status, new.accepted, new.duplicates) == ("published", 2, 0)
    assert live() == {"S1": 1000, "S2": 2000}
    gone = queries.batch(old.batch)
    assert (gone.status, gone.report["superseded_by"]) == ("withdrawn", new.batch)
    assert new.batch in gone.cause[0]
    assert queries.batch(new.batch).report["supersedes"] == old.batch
    assert Entry.objects.count() == before + 1
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.verb, entry.facts["supersedes"]) == ("datasets.supersede", old.batch)


def test_a_held_successor_supersedes_when_it_is_confirmed(send: Send, clerk: Account) -> None:
    old = send(csv_text([paid(1, 10), paid(2, 10)]))
    held = send(
        csv_text([paid(1, 20), paid(3, 20)])[:-20], "结算信息2.csv", supersedes=old.batch
    )
    assert held.status == "held"
    assert live() == {"S1": 1000, "S2": 1000}
    (receipt,) = confirm(queries.batch(held.batch), by=clerk)
    assert receipt.status == "published"
    assert live() == {"S1": 2000}
    assert queries.batch(old.batch).status == "withdrawn"


def test_what_cannot_be_superseded(send: Send, clerk: Account) -> None:
    old = send(csv_text([paid(1, 10)]))
    with pytest.raises(NotFound, match="no such batch"):
        send(csv_text([paid(1, 20)]), "结算信息2.csv", supersedes="nothing")
    other = send(csv_text([paid(1, 20)]), "民政局.csv", department="民政局", supersedes=old.batch)
    assert (other.status, queries.batch(old.batch).status) == ("refused", "published")
    same = send(csv_text([paid(1, 10)]), "同一份.csv", supersedes=old.batch)
    assert (same.status, queries.batch(old.batch).status) == ("duplicate", "published")
    dry = send(csv_text([paid(1, 20)]), "试.csv", supersedes=old.batch, dry_run=True)
    assert (dry.status, live()) == ("published", {"S1": 1000})


def test_states_of_rows_and_corrections_of_a_withdrawn_batch(
    send: Send, clerk: Account, tmp_path: Path
) -> None:
    receipt = send(csv_text([paid(1, 10), settlement(2, 总费用="")]))
    batch = queries.batch(receipt.batch)
    book = tmp_path / "更正.xlsx"
    returned.returned(batch, book)
    (row,) = places.rows_by_key("S1")
    assert places.gone([row.row_id]) == {}
    retract(receipt, clerk)
    assert [p.state for p in places.rows_by_key("S1")] == [places.WITHDRAWN]
    assert [p.state for p in places.rows_by_key("S2")] == [places.WITHDRAWN]
    assert places.gone([row.row_id]) == {row.row_id: places.WITHDRAWN}
    with pytest.raises(InputError, match="withdrawn"):
        resubmit(book, by=clerk)


def test_a_sweep_keeps_what_earlier_runs_froze(
    send: Send, clerk: Account, workspace: Workspace
) -> None:
    send(csv_text([paid(1, 10)]))
    second = send(csv_text([paid(1, 20)]), "结算信息2.csv")
    frozen = [f.path for f in files(LakeFile.ROWS) + files(LakeFile.TOMBSTONES)]
    retract(second, clerk)
    with store.exclusive(workspace):
        assert store.sweep(workspace) == []
    assert all((workspace.home / path).is_file() for path in frozen)
    assert {f.path for f in files(LakeFile.RETIRED)} < set(frozen)
