"""What becomes of rows: accepted, quarantined, duplicates, superseded."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clew.datasets import places, queries
from clew.datasets.ingest.deliver import Receipt
from clew.datasets.models import Batch
from tests.unit.datasets.conftest import GOOD_ID, SETTLEMENT, Send, csv_text, live_rows, settlement

DEATHS = ("身份证号", "姓名", "注销日期", "注销原因")


def counts(receipt: Receipt) -> tuple[int, int, int, int]:
    assert receipt.status == "published", receipt.cause
    return receipt.rows, receipt.accepted, receipt.quarantined, receipt.duplicates


def reasons(receipt: Receipt) -> dict[int, tuple[str, ...]]:
    return {q.row: q.reasons for q in places.quarantined_rows(queries.batch(receipt.batch))}


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"结算流水号": ""}, "setl_id:EMPTY"),
        ({"结算流水号": "   "}, "setl_id:EMPTY"),
        ({"开始时间": ""}, "begntime:EMPTY"),
        ({"开始时间": "2023-02-30"}, "begntime:D08_IMPOSSIBLE"),
        ({"结算时间": "1900-01-01"}, "setl_time:D08_PLACEHOLDER"),
        ({"结算时间": "随便"}, "setl_time:D08_UNREADABLE"),
        ({"总费用": ""}, "medfee_sumamt:EMPTY"),
        ({"总费用": "不详"}, "medfee_sumamt:D03_PLACEHOLDER"),
        ({"基金支付": "1.2.3.4"}, "fund_pay_sumamt:SHAPE"),
    ],
)
def test_a_row_without_key_date_or_amount_is_quarantined(
    cells: dict[str, str], reason: str, send: Send
) -> None:
    receipt = send(csv_text([settlement(1), settlement(2, **cells), settlement(3)]))
    assert counts(receipt) == (3, 2, 1, 0)
    (row,) = places.quarantined_rows(queries.batch(receipt.batch))
    assert (row.row, row.reasons) == (3, (reason,))
    assert row.cells["姓名"] == "张三"
    assert live_rows("mi_settlement", "setl_id") == [("S1",), ("S3",)]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"身份证号": "无"}, "D03_PLACEHOLDER"),
        ({"身份证号": "3.30324E+17"}, "D01_PRECISION_LOST"),
        ({"身份证号": "330324196803128118"}, "CHECK_DIGIT"),
        ({"上传时间": "2023-02-30"}, "D08_IMPOSSIBLE"),
        ({"医疗类别": "没见过"}, "UNKNOWN_CODE"),
        ({"姓名": "不详"}, "D03_PLACEHOLDER"),
    ],
)
def test_anything_else_is_accepted_and_flagged(
    cells: dict[str, str], code: str, send: Send
) -> None:
    receipt = send(csv_text([settlement(1, **cells)]))
    assert counts(receipt) == (1, 1, 0, 0)
    assert receipt.flagged == {code: 1}


def test_an_empty_person_id_never_quarantines(send: Send) -> None:
    receipt = send(csv_text([settlement(1, 身份证号="", 姓名="")]))
    assert counts(receipt) == (1, 1, 0, 0)
    receipt = send(csv_text([["", "甲", "2023-01-01", ""]], DEATHS), "死亡注销.csv")
    assert (receipt.dataset, counts(receipt)) == ("death_police", (1, 1, 0, 0))


def test_repairs_are_kept_beside_the_original(send: Send) -> None:
    dirty = settlement(1, 身份证号="33032419680312805 0", 姓名="张 三 女士", 总费用="1.005")
    receipt = send(csv_text([dirty, settlement(2, 身份证号="330324680312805")]))
    assert receipt.repaired == {"D01": 2, "D06": 1, "D09": 1}
    keys = live_rows("mi_settlement", "certno, psn_name, psn_name_key, medfee_sumamt")
    assert keys[0][1:] == ("张三", "张三", 101)
    assert keys[0][0] == keys[1][0]


def test_another_document_type_is_judged_as_such(send: Send) -> None:
    """The type may need reading itself (居民身份证); an unknown one keeps free-form numbers."""
    headers = (*SETTLEMENT, "证件类型")
    rows = [
        [*settlement(1), "居民身份证"],
        [*settlement(2, 身份证号="E12345678"), "护照"],
        [*settlement(3), "01"],
        [*settlement(4, 身份证号="E12345678"), ""],
        [*settlement(5), ""],
    ]
    receipt = send(csv_text(rows, headers))
    assert counts(receipt) == (5, 5, 0, 0)
    keys = [key for (key,) in live_rows("mi_settlement", "certno")]
    assert keys[0] == keys[2] == keys[4] is not None
    assert keys[1] not in (None, keys[0])
    assert keys[3] is None
    assert receipt.flagged == {"UNKNOWN_CODE": 1, "SHAPE": 1}
    assert receipt.repaired == {}


def test_identical_rows_are_duplicates_of_the_first(send: Send) -> None:
    receipt = send(csv_text([settlement(1), settlement(2), settlement(1), settlement(1)]))
    assert counts(receipt) == (4, 2, 0, 2)
    rows = [row_id & 0xFFFFFFFF for (row_id,) in live_rows("mi_settlement", "row_id")]
    assert rows == [2, 3]


def test_of_one_key_the_latest_own_time_stays(send: Send) -> None:
    times = ["2023-03-02 00:00:00", "2023-03-05 00:00:00", "", "2023-03-03 00:00:00"]
    rows = [settlement(1, 上传时间=t, 总费用=str(n)) for n, t in enumerate(times, 1)]
    assert counts(send(csv_text(rows))) == (4, 1, 0, 3)
    assert live_rows("mi_settlement", "medfee_sumamt") == [(200,)]


def test_of_one_key_without_time_the_larger_row_stays(send: Send) -> None:
    rows = [settlement(1, 总费用=str(n)) for n in (1, 3, 2)]
    assert counts(send(csv_text(rows))) == (3, 1, 0, 2)
    assert live_rows("mi_settlement", "medfee_sumamt") == [(200,)]


def test_a_quarantined_row_hides_no_other(send: Send) -> None:
    rows = [settlement(1), settlement(1, 总费用="")]
    assert counts(send(csv_text(rows))) == (2, 1, 1, 0)


def test_key_parts_that_cannot_be_used_make_no_key(send: Send) -> None:
    """Two deaths with unusable numbers are two deaths, unless they were delivered alike."""
    rows = [
        ["无", "甲", "2023-01-01", "死亡"], ["无", "乙", "2023-01-01", "死亡"],
        ["无", "甲", "2023-01-01", "死亡"], ["12345", "甲", "2023-01-01", "死亡"],
        [GOOD_ID, "丙", "2023-01-01", "死亡"], [GOOD_ID, "丙", "2023-01-01", "宣告死亡"],
    ]  # fmt: skip
    assert counts(send(csv_text(rows, DEATHS), "死亡注销.csv")) == (6, 4, 0, 2)
    again = send(csv_text([*rows[:2], ["无", "丁", "2023-01-02", ""]], DEATHS), "死亡注销2.csv")
    assert counts(again) == (3, 1, 0, 2)
    assert len(live_rows("death_police")) == 5


def test_resent_keys(send: Send) -> None:
    first = send(csv_text([settlement(n) for n in (1, 2, 3)]))
    second = send(csv_text([settlement(1), settlement(2, 总费用="7"), settlement(4)]), "结算2.csv")
    assert counts(second) == (3, 2, 0, 1)
    live = live_rows("mi_settlement", "setl_id, medfee_sumamt")
    assert sorted(live) == [("S1", 10000), ("S2", 700), ("S3", 10000), ("S4", 10000)]
    assert counts(first) == (3, 3, 0, 0) == (
        (b := queries.batch(first.batch)).rows, b.accepted, b.quarantined, b.duplicates
    )  # fmt: skip
    states = [(p.batch, p.state) for p in places.rows_by_key("S2")]
    assert states == [(first.batch, "superseded"), (second.batch, "live")]


def test_an_older_row_is_accepted_but_does_not_supersede(send: Send) -> None:
    send(csv_text([settlement(1, 上传时间="2023-03-05 00:00:00")]))
    late = send(csv_text([settlement(1, 上传时间="2023-03-01 00:00:00", 总费用="7")]), "结算2.csv")
    assert counts(late) == (1, 1, 0, 0)
    assert queries.batch(late.batch).report["stale"] == 1
    assert live_rows("mi_settlement", "medfee_sumamt") == [(10000,)]
    third = send(csv_text([settlement(1, 上传时间="2023-03-06 00:00:00", 总费用="8")]), "结算3.csv")
    assert counts(third) == (1, 1, 0, 0)
    assert live_rows("mi_settlement", "medfee_sumamt") == [(800,)]


def test_a_key_sent_back_and_forth_has_one_live_row(send: Send) -> None:
    for turn, amount in enumerate(["1", "2", "1", "2", "2"]):
        send(csv_text([settlement(1, 总费用=amount), settlement(f"x{turn}")]), f"结算{turn}.csv")
        keys = [key for (key,) in live_rows("mi_settlement", "setl_id")]
        assert len(keys) == len(set(keys))
    assert ("S1", 200) in live_rows("mi_settlement", "setl_id, medfee_sumamt")


_CELLS = {
    "结算流水号": st.sampled_from(["S1", "S2", "S3", "", " "]),
    "身份证号": st.sampled_from([GOOD_ID, "", "无", "3.3E+17", "330324680312805"]),
    "姓名": st.sampled_from(["张三", "", "张 三", "无名氏"]),
    "开始时间": st.sampled_from(["2023-02-09 10:00:00", "2023/2/9", "", "2023-02-30"]),
    "总费用": st.sampled_from(["1", "2", "", "壹元", "x"]),
    "上传时间": st.sampled_from(["", "2023-03-01", "2023-03-02", "bad"]),
}
_ROW = st.fixed_dictionaries(_CELLS).map(lambda cells: ",".join(settlement(0, **cells)))
_NOISE = st.sampled_from(["", ",,,", "short,row", '"open', 'a"b', "," * 20, "\t"])


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lines=st.lists(_ROW | _NOISE, min_size=1, max_size=12),
    encoding=st.sampled_from(["utf-8", "gb18030"]),
)
def test_rows_are_counted_once_and_live_keys_stand_once(
    lines: list[str], encoding: str, send: Send, tmp_path: Path
) -> None:
    """Deliveries pile up in one workspace, so that later examples meet what earlier ones left."""
    header = csv_text([])
    receipt = send((header + "\n".join(lines) + "\n").encode(encoding))
    if receipt.status == Batch.REFUSED:
        assert "没有数据行" in receipt.cause
        return
    assert receipt.rows == receipt.accepted + receipt.quarantined + receipt.duplicates
    blank = sum(not line.strip(" ,\t") for line in lines)
    if receipt.status == "published" and '"open' not in lines:
        assert receipt.rows == len(lines) - blank
    if receipt.status == "published":
        assert len(reasons(receipt)) == receipt.quarantined
    keys = [key for (key,) in live_rows("mi_settlement", "setl_id")]
    assert len(keys) == len(set(keys))
