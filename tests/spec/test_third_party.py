"""MI-24 by cases: (a) traffic, (b) work, (c) one invoice twice."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.third_party import third_party
from tests.spec.harness import Case, check


def visit(
    day: str = "2023-05-02", *, code: str = "S72.000", fund: str = "100", who: str = "P1"
) -> str:
    return (
        "mi_settlement\nmdtrt_id | certno | med_type | begntime | fund_pay_sumamt | acct_pay | "
        f"dise_codg\nV | {who} | 11 | {day} | {fund} | 40 | {code}\n"
    )


def accident(
    at: str = "2023-05-02 08:30", liability: str = "minor", who: str = "P1", name: str = ""
) -> str:
    head, cells = "accd_no | certno | accd_time | liability", f"A | {who} | {at} | {liability}"
    if name:
        head, cells = f"{head} | psn_name", f"{cells} | {name}"
    return f"traffic_accident\n{head}\n{cells}\n"


def injury(day: str = "2023-05-02", who: str = "P1") -> str:
    return f"work_injury\nrec_no | certno | inj_date | rec_date\nG | {who} | {day} | 2023-08-01\n"


REVERSAL = """
mi_settlement
mdtrt_id | certno | med_type | begntime | medfee_sumamt | fund_pay_sumamt | acct_pay | init_setl_id
V        | P1     | 11       | 2023-05-02 | -140        | -100            | -40      | S1
"""
SECOND = """
traffic_accident
accd_no | certno | accd_time  | liability
B       | P1     | 2023-05-01 | full
"""
CLUE = "P1 | V | clue | | 100.00 | 40.00 | M"
REVERSED = "P1 | V | excluded | REVERSED | 0.00 | 0.00 |"

TRAFFIC = (
    Case(T("事故当日", "On the day"), visit() + accident(), CLUE, untested=()),
    Case(T("第三日", "Three days after"), visit("2023-05-05") + accident(), CLUE),
    Case(T("第四日", "Four days after"), visit("2023-05-06") + accident(), "none"),
    Case(T("事故前一日", "The day before"), visit("2023-05-01") + accident(), "none"),
    Case(T("T 类诊断", "A diagnosis of T"), visit(code="T14.900") + accident(), CLUE),
    Case(T("非损伤", "No injury"), visit(code="I10") + accident(), "none"),
    Case(
        T("诊断表的主要诊断优先", "The main diagnosis of the list comes first"),
        visit() + accident() + "mi_diagnosis\nmdtrt_id | diag_code | diag_type\nV | I10 | 1\n",
        "none",
    ),
    Case(
        T("次要诊断不算", "Another diagnosis does not count"),
        visit(code="I10") + accident()
        + "mi_diagnosis\nmdtrt_id | diag_code | diag_type\nV | S72.000 | 2\n",
        "none",
    ),
    Case(
        T("序号最小的主要诊断", "The main diagnosis of the smallest number"),
        visit(code="") + accident() + "mi_diagnosis\nmdtrt_id | diag_srt_no | diag_code\n"
        "V | 2 | I10\nV | 1 | S06.000\n", CLUE,
    ),
    Case(
        T("无诊断", "No diagnosis"), visit(code="") + accident(),
        CLUE.replace("| M", "| L"), untested=("INJURY",),
    ),
    Case(T("基金未支付", "The fund did not pay"), visit(fund="0") + accident(), "none"),
    Case(
        T("本人全责", "The person's liability alone"),
        visit() + accident(liability="full"), "none",
    ),
    Case(T("主要责任", "Most of the liability"), visit() + accident(liability="main"), CLUE),
    Case(
        T("责任未认定", "Liability not found yet"), visit() + accident(liability=""),
        CLUE.replace("| M", "| L"), untested=("LIABILITY",),
    ),
    Case(
        T("两起事故, 一起非全责", "Of two accidents one is somebody else's"),
        visit() + accident() + SECOND, CLUE, untested=(),
    ),
    Case(T("他人的事故", "Somebody else's accident"), visit() + accident(who="P2"), "none"),
    Case(T("号码同而姓名不同", "The same number under another name"),
         visit() + accident(name="另一人"), "none"),
    Case(T("日期只有月份", "Only the month is known"), visit() + accident("2023-05"), "none"),
    Case(T("已冲销", "Reversed"), visit() + accident() + REVERSAL, REVERSED),
    Case(
        T("一次就诊两次结算", "Two settlements of one visit"),
        visit() + accident() + "mi_settlement\nmdtrt_id | certno | med_type | begntime | "
        "fund_pay_sumamt | dise_codg\nV | P1 | 11 | 2023-05-03 | 5.5 | S72.000\n",
        "P1 | V | clue | | 105.50 | 40.00 | M",
    ),
    Case(
        T("事故错号经修复关联", "The accident's mistyped number is repaired"),
        visit() + accident(who="", name="name of P1")
        + "links\nrow | person\ntraffic_accident:1 | P1\n", CLUE, confirm=True,
    ),
    Case(T("参数零日", "The day itself by parameter"), visit("2023-05-03") + accident(), "none",
         params={"days": "0"}),
)

WORK = (
    Case(T("受伤当日", "On the day"), visit() + injury(), CLUE, untested=()),
    Case(T("第三日", "Three days after"), visit("2023-05-05") + injury(), CLUE),
    Case(T("第四日", "Four days after"), visit("2023-05-06") + injury(), "none"),
    Case(T("认定日不算", "The day of recognition does not count"), visit("2023-08-01") + injury(),
         "none"),
    Case(T("非损伤", "No injury"), visit(code="J18.900") + injury(), "none"),
    Case(T("基金未支付", "The fund did not pay"), visit(fund="0") + injury(), "none"),
    Case(T("他人的工伤", "Somebody else's injury"), visit() + injury(who="P2"), "none"),
    Case(T("已冲销", "Reversed"), visit() + injury() + REVERSAL, REVERSED),
)


def invoices(*rows: str) -> str:
    head = "mdtrt_id | certno | begntime | fund_pay_sumamt | acct_pay | invo_no"
    return "\n".join(("mi_settlement", head, *rows, ""))


TWICE = (
    Case(
        T("同号两次", "One number twice"),
        invoices("V | P1 | 2023-05-01 | 100 | 5 | 00330001",
                 "W | P1 | 2023-07-01 | 80 | 9 | 00330001"),
        "P1 | 330001 | clue | | 80.00 | 9.00 | M",
    ),
    Case(
        T("空格与前导零不计", "Blanks and leading zeros do not count"),
        invoices("V | P1 | 2023-05-01 | 60 | 0 | 33 0002",
                 "W | P1 | 2023-07-01 | 80 | 0 | 000330002"),
        "P1 | 330002 | clue | | 60.00 | 0.00 | M",
    ),
    Case(
        T("号码不同", "Other numbers"),
        invoices("V | P1 | 2023-05-01 | 60 | 0 | 330003", "W | P1 | 2023-07-01 | 80 | 0 | 330004"),
        "none",
    ),
    Case(
        T("其一基金未支付", "The fund paid one of them only"),
        invoices("V | P1 | 2023-05-01 | 0 | 60 | 330005", "W | P1 | 2023-07-01 | 80 | 0 | 330005"),
        "none",
    ),
    Case(
        T("其一已冲销", "One was reversed"),
        invoices("V | P1 | 2023-05-02 | 100 | 40 | 330006", "W | P1 | 2023-07-01 | 80 | 0 | 330006")
        + REVERSAL, "P1 | 330006 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
    Case(
        T("三次", "Three times: all but the largest"),
        invoices("V | P1 | 2023-05-01 | 60 | 0 | 330007", "W | P1 | 2023-07-01 | 80 | 0 | 330007",
                 "X | P1 | 2023-08-01 | 70 | 0 | 330007"),
        "P1 | 330007 | clue | | 130.00 | 0.00 | M",
    ),
    Case(
        T("两人同号", "Two persons with one number: whoever got less"),
        invoices("V | P1 | 2023-05-01 | 60 | 0 | 330008", "W | P2 | 2023-07-01 | 80 | 0 | 330008"),
        "P1 | 330008 | clue | | 60.00 | 0.00 | M",
    ),
    Case(
        T("占位号码", "Fillers are no numbers"),
        invoices(*(
            f"{v} | P1 | 2023-05-01 | 60 | 0 | {n}"
            for n in ("无", "不详", "0000", "99999999", "") for v in ("V", "W")
        )),
        "none",
    ),
    Case(
        T("金额相等", "Equal amounts: the later one"),
        invoices("V | P1 | 2023-05-01 | 60 | 0 | 330009", "W | P1 | 2023-07-01 | 60 | 0 | 330009"),
        "P1 | 330009 | clue | | 60.00 | 0.00 | M",
    ),
)


@pytest.mark.parametrize("case", TRAFFIC, ids=lambda c: c.title.en)
def test_traffic(case: Case, engine: Any) -> None:
    check(TRAFFIC, case, third_party, engine, "a")


@pytest.mark.parametrize("case", WORK, ids=lambda c: c.title.en)
def test_work(case: Case, engine: Any) -> None:
    check(WORK, case, third_party, engine, "b")


@pytest.mark.parametrize("case", TWICE, ids=lambda c: c.title.en)
def test_invoice(case: Case, engine: Any) -> None:
    check(TWICE, case, third_party, engine, "c")


SPECIFIED = (third_party, {"a": TRAFFIC, "b": WORK, "c": TWICE})
