"""Whole deliveries: published, held, confirmed, refused, sent twice."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clew.accounts.models import Account
from clew.audit.models import Entry
from clew.datasets import actions, places, queries
from clew.datasets.ingest import deliver, mapping
from clew.datasets.ingest.deliver import Request, confirm
from clew.datasets.lake import store
from clew.datasets.models import Batch, ConfirmedMapping, LakeFile
from clew.kernel.errors import InputError, NotFound
from clew.kernel.workspace import Workspace
from tests.unit.datasets.conftest import SETTLEMENT, Send, csv_text, live_rows, settlement

ROWS = [settlement(n) for n in range(1, 6)]


def entries(verb: str) -> list[Entry]:
    return list(Entry.objects.filter(verb=f"datasets.{verb}"))


def nothing_readable(workspace: Workspace) -> bool:
    stored = [
        p for f in (workspace.lake, workspace.quarantine) for p in f.rglob("*") if p.is_file()
    ]
    return not stored and not LakeFile.objects.exists()


def test_a_published_batch(send: Send, workspace: Workspace) -> None:
    receipt = send(csv_text([*ROWS, settlement(9, 总费用="")]), "市医保局_结算信息.csv")
    batch = queries.batch(receipt.batch)
    assert (batch.status, batch.department.name_zh) == ("published", "医保局")
    assert (receipt.rows, receipt.accepted, receipt.quarantined) == (6, 5, 1)
    assert str(batch.period_start) == str(batch.period_end) == "2023-02-09"
    assert batch.report["key_coverage"] == 100.0
    assert batch.report["quarantined"] == {"medfee_sumamt:EMPTY": 1}
    assert {"certno", "psn_name_key", "begntime_precision"} <= set(batch.report["filled"])
    assert "tel" not in batch.report["filled"]
    kinds = {f.kind for f in batch.files.all()}
    assert kinds == {LakeFile.ROWS, LakeFile.QUARANTINE, LakeFile.IDENTITIES}
    for file in batch.files.all():
        content = (workspace.home / file.path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file.sha256
    assert len(entries("publish")) == 1
    assert [p.name for p in workspace.staging.iterdir()] == ["lock"]
    assert queries.held(["mi_settlement"]) >= {"mi_settlement", "mi_settlement.certno"}


def test_a_file_sent_twice(send: Send) -> None:
    first, again = send(csv_text(ROWS)), send(csv_text(ROWS), "结算信息(另存).csv")
    assert (again.status, again.batch, again.rows, again.duplicates) == (
        "duplicate", first.batch, 5, 5,
    )  # fmt: skip
    assert first.batch in again.cause
    assert Batch.objects.count() == len(entries("note_duplicate")) == 1
    assert send(csv_text(ROWS), department="民政局").status == "published"


def test_a_dry_run_leaves_nothing(send: Send, workspace: Workspace) -> None:
    before = Entry.objects.count()
    receipt = send(csv_text(ROWS), dry_run=True)
    assert (receipt.status, receipt.accepted) == ("published", 5)
    assert send("nonsense\n1\n", dry_run=True).status == "refused"
    assert send(csv_text(ROWS)[:-4], dry_run=True).status == "held"
    assert (Batch.objects.count(), Entry.objects.count()) == (0, before)
    assert nothing_readable(workspace)
    assert not list(workspace.files.iterdir())


@pytest.mark.parametrize(
    ("content", "request_", "cause"),
    [
        (b"", {}, "空文件"),
        (b"PK\x03\x04....", {}, "Excel"),
        (b"PAR1....", {}, "Parquet"),
        (csv_text([]).encode(), {}, "没有数据行"),
        ("甲,乙\n1,2\n".encode(), {}, "不属于任何数据集"),
        ("死亡证明编号,姓名\n1,甲\n".encode(), {}, "death_time"),
        ("死亡证明编号,身份证号,姓名,死亡时间\n1,2,3,2023-01-01\n".encode(),
         {"dataset": "mi_settlement"}, "mdtrt_id"),
        ((csv_text(ROWS) + "文" * 9).encode() + b"\xff\xff\n", {}, "第 7 行"),
    ],
)  # fmt: skip
def test_a_refused_file_leaves_only_its_refusal(
    content: bytes, request_: dict[str, Any], cause: str, send: Send, workspace: Workspace
) -> None:
    receipt = send(content, **request_)
    assert receipt.status == "refused"
    assert cause in receipt.cause
    assert receipt.next_step
    assert receipt.rows == 0
    batch = queries.batch(receipt.batch)
    assert (batch.status, batch.cause) == ("refused", [receipt.cause])
    assert len(entries("refuse")) == 1
    assert nothing_readable(workspace)
    assert not list(workspace.files.iterdir())


def test_a_refused_file_can_be_refused_again_and_a_good_one_follows(send: Send) -> None:
    assert send(b"").batch == send(b"").batch
    assert send(csv_text(ROWS)).status == "published"


def test_what_the_sender_names_must_exist(send: Send) -> None:
    with pytest.raises(NotFound, match="nothing_such"):
        send(csv_text(ROWS), dataset="nothing_such")
    with pytest.raises(NotFound, match="没有部门"):
        send(csv_text(ROWS), department="没有的局")


def test_a_truncated_file_is_held_and_can_be_confirmed(
    send: Send, clerk: Account, workspace: Workspace
) -> None:
    receipt = send(csv_text(ROWS)[:-20], "市医保局_结算信息.csv")
    assert (receipt.status, receipt.rows, receipt.accepted) == ("held", 5, 4)
    assert "第 6 行" in receipt.cause
    assert receipt.batch in receipt.next_step
    assert nothing_readable(workspace)
    batch = queries.batch(receipt.batch)
    assert [p.name for p in workspace.files.iterdir()] == [batch.file_hash]
    (published,) = confirm(batch, by=clerk)
    assert (published.status, published.batch) == ("published", receipt.batch)
    assert (published.rows, published.accepted, published.quarantined) == (5, 4, 1)
    after = queries.batch(receipt.batch)
    assert (after.file_name, after.report["confirmed"]) == ("市医保局_结算信息.csv", ["truncated"])
    assert entries("publish")[0].facts["confirmed"] == ["truncated"]
    assert not list(workspace.files.iterdir())
    with pytest.raises(InputError, match="is not held"):
        confirm(after, by=clerk)


def test_a_held_batch_can_be_refused(send: Send, clerk: Account, workspace: Workspace) -> None:
    receipt = send(csv_text(ROWS)[:-20])
    refused = actions.refuse_held(by=clerk, batch=queries.batch(receipt.batch))
    assert (refused.status, refused.rows) == ("refused", 0)
    assert not list(workspace.files.iterdir())
    assert len(entries("refuse")) == 1
    with pytest.raises(InputError, match="is not held"):
        actions.refuse_held(by=clerk, batch=refused)
    assert send(csv_text(ROWS)[:-20]).status == "held"
    assert Batch.objects.count() == 1


def test_a_kept_file_that_is_gone_cannot_be_confirmed(
    send: Send, clerk: Account, workspace: Workspace
) -> None:
    batch = queries.batch(send(csv_text(ROWS)[:-20]).batch)
    (workspace.files / batch.file_hash).write_text("something else")
    with pytest.raises(NotFound, match=batch.code):
        confirm(batch, by=clerk)


GUESS = [h if h != "结算流水号" else "结算流水编码" for h in (*SETTLEMENT, "其他")]
GUESSED = [[*row, "x"] for row in ROWS]


def test_a_guessed_header_is_held_then_remembered(send: Send, clerk: Account) -> None:
    held = send(csv_text(GUESSED, GUESS))
    assert held.status == "held"
    assert "结算流水编码 → setl_id" in held.cause
    (published,) = confirm(queries.batch(held.batch), by=clerk)
    assert published.status == "published"
    assert ConfirmedMapping.objects.get().columns["setl_id"] == "结算流水编码"
    other = [[*settlement(f"n{n}"), "y"] for n in range(3)]
    assert send(csv_text(other, GUESS), "结算2.csv").status == "published"
    changed = [*GUESS[:-1], "另外"]
    assert send(csv_text(other, changed), "结算3.csv").status == "held"


def test_another_dataset_that_is_whole_does_not_take_a_file_with_a_guess(send: Send) -> None:
    """Without its settlement number the file has all that an inpatient stay requires."""
    headers = ["入院时间" if h == "开始时间" else h for h in GUESS]
    assert send(csv_text(GUESSED, headers)).dataset == "mi_settlement"
    assert send(csv_text(GUESSED, headers), "x.csv").status == "held"
    assert send(csv_text(GUESSED, headers), dataset="mi_inpatient").status == "published"


def test_yes_confirms_the_mapping_and_nothing_else(send: Send) -> None:
    yes = frozenset({"mapping"})
    assert send(csv_text(GUESSED, GUESS), confirmed=yes).status == "published"
    large = [[*settlement(f"n{n}", 总费用="1000000"), "y"] for n in range(3)]
    receipt = send(csv_text(large, GUESS), "结算2.csv", confirmed=yes)
    assert (receipt.status, receipt.accepted) == ("held", 3)


@pytest.mark.parametrize(
    ("amount", "status"),
    [("1000000", "held"), ("0.01", "held"), ("799000", "published"), ("800000", "held"),
     ("1250000", "held"), ("1260000", "published"), ("120", "published"), ("0", "published")],
)  # fmt: skip
def test_a_unit_that_jumps_holds_the_new_batch(
    amount: str, status: str, send: Send, clerk: Account
) -> None:
    """The first batch has a median of 100 yuan; 0.8 to 1.25 times 10,000 is suspect either way."""
    first = send(csv_text(ROWS))
    second = send(csv_text([settlement(f"n{n}", 总费用=amount) for n in range(5)]), "结算2.csv")
    assert second.status == status
    if status == "held":
        assert first.batch in second.cause
        assert "medfee_sumamt" in second.cause
        assert len(live_rows("mi_settlement")) == 5
        (published,) = confirm(queries.batch(second.batch), by=clerk)
        assert published.status == "published"
        assert len(live_rows("mi_settlement")) == 10


def test_a_unit_in_the_header_is_applied(send: Send) -> None:
    headers = ["总费用（万元）" if h == "总费用" else h for h in SETTLEMENT]
    rows = [settlement(1, 总费用="1.23456"), settlement(2, 总费用="1,000")]
    receipt = send(csv_text(rows, headers), confirmed=frozenset({"mapping"}))
    assert receipt.status == "published"
    assert live_rows("mi_settlement", "medfee_sumamt") == [(1234560,), (1_000_000_000,)]


STAYS = {
    "mapping": "stays",
    "files": [{
        "match": ["no", "who"],
        "targets": [
            {"dataset": "mi_inpatient", "scheme": "foreign-scheme",
             "columns": {"mdtrt_id": "no", "adm_time": "day", "certno": "who"}},
            {"dataset": "death_health", "scheme": "foreign-scheme", "names": False,
             "department": "卫健委", "where": "dead = '1'",
             "columns": {"cert_no": "no", "certno": "who", "death_time": "day",
                         "addr": {"value": "x"}}},
        ],
    }],
}  # fmt: skip


def test_a_mapping_feeds_several_datasets(clerk: Account, tmp_path: Path) -> None:
    path = tmp_path / "stays.csv"
    path.write_text("no,who,day,dead\n1,B7,2023-01-01,1\n2,B8,2023-01-02,0\n3,B7,,1\n4,B9\n")
    request = Request(path, mapping=mapping.parse(STAYS, "stays"))
    stays, deaths = deliver.deliver(request, by=clerk)
    assert (stays.status, stays.dataset, stays.rows, stays.quarantined) == (
        "published", "mi_inpatient", 4, 2,
    )  # fmt: skip
    # The row that breaks off belongs to neither more than to the other: both report it.
    assert (deaths.status, deaths.dataset, deaths.rows, deaths.quarantined) == (
        "published", "death_health", 3, 2,
    )  # fmt: skip
    assert queries.batch(deaths.batch).department.name_zh == "卫健委"
    (row,) = live_rows("death_health", "certno, psn_name, psn_name_key")
    assert row[1:] == (None, "")
    assert (row[0],) in live_rows("mi_inpatient", "certno")


def test_a_held_batch_of_a_mapping_is_confirmed_as_it_was_sent(
    clerk: Account, tmp_path: Path
) -> None:
    path = tmp_path / "stays.csv"
    path.write_text("no,who,day,dead\n1,B7,2023-01-01,1\n2,B8")
    receipts = deliver.deliver(Request(path, mapping=mapping.parse(STAYS, "stays")), by=clerk)
    assert [r.status for r in receipts] == ["held", "held"]
    (published,) = confirm(queries.batch(receipts[1].batch), by=clerk)
    assert (published.status, published.dataset) == ("published", "death_health")
    assert live_rows("mi_inpatient") == []
    (published,) = confirm(queries.batch(receipts[0].batch), by=clerk)
    assert (published.status, published.dataset) == ("published", "mi_inpatient")


@pytest.mark.parametrize(
    "expression", ["nothing", "CAST(day AS BIGINT) + 1", "no + who", "abs(who)"]
)
def test_a_mapping_that_does_not_fit_the_file(
    expression: str, clerk: Account, tmp_path: Path, workspace: Workspace
) -> None:
    columns = {"mdtrt_id": "no", "adm_time": {"expr": expression}}
    target = {"dataset": "mi_inpatient", "columns": columns}
    parsed = mapping.parse({"files": [{"match": ["no"], "targets": [target]}]}, "m")
    path = tmp_path / "stays.csv"
    path.write_text("no,who,day\n1,B7,2023-01-01\n")
    (receipt,) = deliver.deliver(Request(path, mapping=parsed), by=clerk)
    assert (receipt.status, receipt.rows) == ("refused", 0)
    assert "stays.csv" in receipt.cause
    assert nothing_readable(workspace)


def test_parquet(send: Send, tmp_path: Path) -> None:
    table = pa.table(dict(zip(SETTLEMENT, map(list, zip(*ROWS, strict=True)), strict=True)))
    pq.write_table(table, tmp_path / "x.parquet")
    content = (tmp_path / "x.parquet").read_bytes()
    receipt = send(content, "结算信息.parquet")
    assert (receipt.status, receipt.accepted) == ("published", 5)
    for cut in (4, 100, len(content) - 3):
        assert send(content[:cut], "结算cut.parquet").status == "refused"


def test_places_of_rows(send: Send) -> None:
    rows = [settlement(1), settlement(2, 总费用=""), settlement(3), settlement(3)]
    receipt = send(csv_text(rows))
    (live,) = places.rows_by_key("S1")
    assert (live.batch, live.row, live.key, live.state) == (receipt.batch, 2, ("S1",), "live")
    (waiting,) = places.rows_by_key("S2")
    assert (waiting.row, waiting.state) == (3, "quarantined")
    assert places.rows_by_key(f"{receipt.batch}:3") == [waiting]
    assert places.rows_by_key(f"{receipt.batch}:5")[0].state == "duplicate"
    assert places.rows_by_key("nothing") == places.rows_by_key("no:7") == []
    assert places.evidence_keys([live.row_id]) == {live.row_id: live}
    assert places.evidence_keys([live.row_id + 1, 1 << 50]) == {}
    batch = queries.batch(receipt.batch)
    assert [q.row for q in places.quarantined_rows(batch, limit=1)] == [3]


def test_a_document_number_finds_its_rows(send: Send) -> None:
    number = "330324196803128050"
    deaths = csv_text([[number, "甲", "2023-01-01"]], ("身份证号", "姓名", "注销日期"))
    send(deaths, "死亡注销.csv")
    (place,) = places.rows_by_key("33032419680312805 0".replace(" ", ""))
    assert (place.dataset, place.key[1]) == ("death_police", "2023-01-01")
    assert isinstance(place.key[0], int)
    assert places.evidence_keys([place.row_id])[place.row_id].key == place.key


def test_the_sweep_removes_what_nothing_lists(send: Send, workspace: Workspace) -> None:
    send(csv_text(ROWS))
    manifest = workspace.lake / "mi_settlement" / "manifest.json"
    whole = manifest.read_text(encoding="utf-8")
    kept = sorted(p for p in workspace.lake.rglob("*.parquet"))
    held = send(csv_text(ROWS)[:-20], "结算信息2.csv")
    strays = [
        workspace.lake / "mi_settlement" / "stray.parquet", workspace.files / "stray",
        workspace.quarantine / "x" / "stray.parquet", workspace.staging / "left" / "over",
        workspace.lake / "mi_settlement" / "manifest.tmp", workspace.staging / "spill-1999999999",
    ]  # fmt: skip
    for stray in strays:
        stray.parent.mkdir(parents=True, exist_ok=True)
        stray.write_text("x")
    manifest.write_text("behind")
    with store.exclusive(workspace):
        assert len(store.sweep(workspace)) == len(strays)
        assert store.sweep(workspace) == []
    assert not any(stray.exists() for stray in strays)
    assert manifest.read_text(encoding="utf-8") == whole
    assert sorted(workspace.lake.rglob("*.parquet")) == kept
    assert (workspace.files / queries.batch(held.batch).file_hash).is_file()


def test_names_stay_out_of_the_ledger(send: Send) -> None:
    name = "张三330324196803128050_结算信息.csv"
    for content in (csv_text(ROWS), csv_text(ROWS), csv_text(ROWS)[:-20], "x\n"):
        send(content, name)
    facts = " ".join(f"{e.subject} {e.facts}" for e in Entry.objects.all())
    assert "张三" not in facts
    assert "330324196803128050" not in facts
