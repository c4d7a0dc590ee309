"""The report page: whole, self-contained, escaped, masked."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from clew.accounts.models import Account
from clew.datasets import queries
from clew.datasets.ingest.deliver import Receipt
from clew.datasets.models import Batch
from clew.datasets.page import batch_page
from clew.datasets.reasons import FAULTS

Send = Callable[..., Receipt]
NUMBER = "330324196803128050"
HEADERS = (
    "结算流水号", "就诊ID", "身份证号", "姓名", "定点医药机构编号", "医疗类别", "开始时间",
    "结算时间", "总费用", "基金支付", "个人账户支出", "<b>备注</b>",
)  # fmt: skip


def line(number: int, **cells: str) -> str:
    row = dict(
        zip(
            HEADERS,
            (f"S{number}", f"M{number}", NUMBER, "欧阳三", "H33030200001", "11",
             "2023-02-09 10:00:00", "2023-02-09 11:00:00", "100.00", "50", "5", ""),
            strict=True,
        )
    )  # fmt: skip
    return ",".join((row | cells).values())


def csv_text(*rows: str) -> str:
    return "\n".join((",".join(HEADERS), *rows)) + "\n"


class Tags(HTMLParser):
    """Tags and attributes of a page; unclosed elements are an error."""

    EMPTY = frozenset({"meta", "input", "br", "rect"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes += attrs
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            assert self.open.pop() == tag, tag


def parsed(page: str) -> Tags:
    tags = Tags()
    tags.feed(page)
    assert not tags.open
    return tags


def words(page: str) -> str:
    """The text that a reader sees, in both languages."""
    body = page.split("</style>", 1)[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


@pytest.fixture
def page(send: Send) -> str:
    receipt = send(
        csv_text(
            *(line(n) for n in range(20)),
            line(20, 开始时间="2023-02-30"),
            line(21, 总费用="<script>alert(1)</script>"),
            line(22, 身份证号="330324680312805", 姓名="欧阳 三女士"),
            line(23, 身份证号="3.30324E+17"),
            line(0),
        ),
        "结算信息<img src=x>.csv",
    )
    return batch_page(queries.batch(receipt.batch))


def test_the_page_states_what_the_report_states(page: str) -> None:
    text = words(page)
    for wanted in (
        "结算信息", "Settlements", "已发布", "published", "25 行 rows", "接收 accepted 22",
        "隔离 quarantined 2", "重复 duplicates 1", "2023-02-09 至 2023-02-09", "证件号码可用率",
        "第一批", FAULTS["D08_IMPOSSIBLE"].what.zh, FAULTS["D08_IMPOSSIBLE"].cure.en, "第 22 行",
        "文件没有合计行", "各列填充率", "clew quarantine export",
    ):  # fmt: skip
        assert wanted in text, wanted


def test_everything_is_escaped_and_nothing_is_fetched(page: str) -> None:
    tags = parsed(page)
    assert not tags.seen & {"script", "img", "link", "iframe", "a", "b>"}
    names = {name for name, _ in tags.attributes}
    assert not {n for n in names if n.startswith("on")} | names & {"src", "href", "action"}
    assert "http" not in page.replace("http-equiv", "")
    assert "&lt;img src=x&gt;" in page and "&lt;b&gt;备注&lt;/b&gt;" in page


def test_persons_are_masked(page: str) -> None:
    assert NUMBER not in page and "330324680312805" not in page
    assert "330324*****2805" in page and "330324********8050" in page
    assert "欧阳" not in page and "欧* ***" in page


def test_both_languages_are_on_the_page_and_on_paper(page: str) -> None:
    assert page.count('class="zh"') == page.count('class="en"') > 30
    assert "@media print" in page and "size:A4" in page


def test_alarms(send: Send) -> None:
    send(csv_text(*(line(n) for n in range(10))), "结算信息_1.csv")
    receipt = send(csv_text(*(line(n) for n in range(100, 105))), "结算信息_2.csv")
    text = words(batch_page(queries.batch(receipt.batch)))
    assert "-50.0%" in text and "行数变化超过 ±30%" in text


def test_held_refused_and_totals(send: Send, clerk: Account) -> None:
    guessed = csv_text(line(1)).replace("就诊ID", "就诊编号")
    held = send(guessed)
    assert held.status == Batch.HELD
    text = words(batch_page(queries.batch(held.batch)))
    assert "待确认" in text and "clew datasets confirm" in text and "就诊编号" in text
    totals = send(csv_text(line(1), line(2), "合计,,,,,,,,200.00,999.50,10,"), "结算信息_3.csv")
    text = words(batch_page(queries.batch(totals.batch)))
    assert "200.00 200.00 ✓ 相符" in text and "999.50 100.00 ✗ 不符" in text
    refused = send("甲,乙\n1,2\n")
    assert refused.status == Batch.REFUSED
    parsed(batch_page(queries.batch(refused.batch)))
