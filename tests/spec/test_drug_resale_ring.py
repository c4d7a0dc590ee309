"""MI-12 (c) and (d) by cases: cards that go together, packs that are settled twice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.drug_resale import drug_resale
from tests.spec.harness import Case, check

HEAD = "certno | fixmedins_code | begntime | setl_time | med_type | fund_pay_sumamt"


def seen(
    cards: str,
    places: str,
    *,
    dates: int = 5,
    step: int = 30,
    minutes: int = 0,
    seconds: int = 0,
    way: str = "41",
    clock: bool = True,
) -> str:
    """The cards one after the other, `minutes` and `seconds` apart, on so many dates; the places
    in turn; 10 yuan each.
    """
    rows = []
    for n in range(dates):
        day = date(2022, 11, 3) + timedelta(days=n * step)
        place = places.split()[n % len(places.split())]
        for k, card in enumerate(cards.split()):
            second = k * (minutes * 60 + seconds)
            at = f"{day} {10 + second // 3600}:{second // 60 % 60:02d}:{second % 60:02d}"
            rows.append(f"{card} | {place} | {day} | {at if clock else day} | {way} | 10")
    return "\n".join(rows)


def ring(*groups: str) -> str:
    return "\n".join(["mi_settlement", HEAD, *groups])


CLUE = "H1 | 2022-11-03T10:00:00 | clue | | {fund}.00 | 0.00 | H"


def clue(fund: int) -> str:
    return " | " + CLUE.format(fund=fund)


def excluded(code: str) -> str:
    return f" | H1 | 2022-11-03T10:00:00 | excluded | {code} | 0.00 | 0.00 |"


def kin(a: str, b: str, relation: str = "spouse", end: str = "") -> str:
    return f"""
    kin
    certno | kin_certno | relation | end_date
    {a}    | {b}        | {relation} | {end}
    """


RESIDENTS = """
mi_programme
prog_id | kind         | fixmedins_code | start_date
G1      | nursing_home | H9             | 2022-01-01
mi_resident
prog_id | certno | start_date | end_date
G1      | P2     | 2022-01-01 | {end}
"""

RINGS = (
    Case(T("四卡六次三店", "Four cards, six dates, three pharmacies"),
         ring(seen("P1 P2 P3 P4", "H1 H2 H3", dates=6)), clue(240), untested=()),
    Case(T("三卡五次两店", "Three cards, five dates, two places"),
         ring(seen("P1 P2 P3", "H1 H2")), clue(150)),
    Case(T("四次", "Four dates"), ring(seen("P1 P2 P3", "H1 H2", dates=4)), "none"),
    Case(T("同一天五次只算一天", "Five times on one date"),
         ring(seen("P1 P2 P3", "H1 H2", step=0)), "none"),
    Case(T("一家机构", "One place"), ring(seen("P1 P2 P3", "H1")), "none"),
    Case(T("两张卡", "Two cards"), ring(seen("P1 P2", "H1 H2")), "none"),
    Case(T("相隔十分钟", "Ten minutes apart"), ring(seen("P1 P2 P3", "H1 H2", minutes=10)),
         clue(150)),
    Case(T("相隔十分零一秒", "Ten minutes and a second"),
         ring(seen("P1 P2 P3", "H1 H2", minutes=10, seconds=1)), "none"),
    Case(T("没有时刻则不参与", "A date without a time takes no part"),
         ring(seen("P1 P2 P3", "H1 H2", clock=False)), "none"),
    Case(T("三百六十五天内", "Within 365 days"), ring(seen("P1 P2 P3", "H1 H2", step=85)),
         clue(150)),
    Case(T("第三百六十六天", "The fifth date on day 369"),
         ring(seen("P1 P2 P3", "H1 H2", step=92)), "none"),
    Case(T("链状相连", "A chain of cards is one component"),
         ring(seen("P1 P2", "H1 H2"), seen("P2 P3", "H2 H1", step=31)), clue(200)),
    Case(T("门诊无药品明细不计", "Outpatient visits without lines of drugs"),
         ring(seen("P1 P2 P3", "H1 H2", way="11")), "none"),
    Case(
        T("门诊有药品明细", "Outpatient visits with lines of drugs"),
        ring(seen("P1 P2 P3", "H1 H2", way="11")) + """
        mi_fee
        setl_id | list_type | fee_ocur_time | det_item_fee_sumamt
        """ + "\n".join(f"S{n} | drug | 2022-11-03 | 10" for n in range(1, 16)),
        clue(150),
    ),
    Case(T("住院不计", "Wards do not count"), ring(seen("P1 P2 P3", "H1 H2", way="21")), "none"),
    Case(T("夫妻在一家诊所", "A couple at one clinic every month"),
         ring(seen("P1 P2", "H1", dates=12)) + kin("P1", "P2"), excluded("SPOUSE_PAIR")),
    Case(T("夫妻在两家药店, 无第三张卡", "A couple at two pharmacies without a third card"),
         ring(seen("P2 P1", "H1 H2")) + kin("P1", "P2"), excluded("SPOUSE_PAIR")),
    Case(
        T("按共济绑定的夫妻", "A couple by their binding"),
        ring(seen("P1 P2", "H1 H2")) + """
        mi_binding
        owner_certno | member_certno | start_date | relation
        P2           | P1            | 2023-01-01 | spouse
        """,
        excluded("SPOUSE_PAIR"),
    ),
    Case(T("兄弟不是夫妻", "Brothers are no couple"),
         ring(seen("P1 P2", "H1 H2")) + kin("P1", "P2", "sibling"), "none"),
    Case(T("早已离婚", "Divorced before"),
         ring(seen("P1 P2", "H1 H2")) + kin("P1", "P2", end="2022-01-01"), "none"),
    Case(T("夫妻与第三张卡成环", "A couple with a third card is a ring"),
         ring(seen("P1 P2 P3", "H1 H2")) + kin("P1", "P2"), clue(150)),
    Case(T("其中一人由养老机构代取", "One of three is collected for"),
         ring(seen("P1 P2 P3", "H1 H2")) + RESIDENTS.format(end=""), excluded("BULK_PICKUP")),
    Case(T("其余三人仍成环", "Three of four remain"),
         ring(seen("P1 P2 P3 P4", "H1 H2")) + RESIDENTS.format(end=""),
         clue(150).replace("clue | ", "clue | BULK_PICKUP")),
    Case(T("此前已退住", "Moved out before"),
         ring(seen("P1 P2 P3", "H1 H2")) + RESIDENTS.format(end="2022-06-01"), clue(150)),
    Case(
        T("登记的代办人", "The registered collector"),
        ring(seen("P1 P2 P3", "H1 H2")) + """
        mi_filing
        filing_id | kind   | certno | start_date | collector_certno
        F1        | pickup | P9     | 2022-01-01 | P1
        """,
        excluded("BULK_PICKUP"),
    ),
    Case(
        T("一次同行被冲销", "One of five dates reversed"),
        ring(seen("P1 P2 P3", "H1 H2")) + """
        mi_settlement
        setl_id | mdtrt_id | certno | fixmedins_code | begntime   | medfee_sumamt | init_setl_id
        R1      | V1       | P1     | H1             | 2022-11-04 | -10           | S1
        R2      | V2       | P2     | H1             | 2022-11-04 | -10           | S2
        """,
        excluded("REVERSED"),
    ),
    Case(T("无亲属与绑定数据则降级", "Without kin and bindings one step lower"),
         ring(seen("P1 P2 P3", "H1 H2")), clue(150).replace("| H", "| M").replace("| M1", "| H1"),
         lacks=("kin", "mi_binding"), untested=("SPOUSE_PAIR",)),
)


def twice(second: str = "H2 | 2023-03-09", back: str = "", code: str = "T1") -> str:
    return f"""
    mi_settlement
    setl_id | certno | fixmedins_code | begntime   | medfee_sumamt | fund_pay_sumamt | acct_pay
    S1      | P1     | H1             | 2023-03-01 | 20            | 10              | 5
    S2      | P2     | {second}       | 20            | 10              | 5
    mi_fee
    setl_id | feedetl_sn | fee_ocur_time | drug_trac_codg | det_item_fee_sumamt | fund_scope_amt
    S1      | 1          | 2023-03-01    | T1             | 20                  | 20
    S2      | 1          | 2023-03-09    | {code}         | 10                  | 5
    S2      | 2          | 2023-03-09    |                | 10                  | 15
    {back}
    """


def back(number: int) -> str:
    return f"""
    mi_settlement
    setl_id | mdtrt_id | certno | fixmedins_code | begntime | medfee_sumamt | fund_pay_sumamt \
| acct_pay | init_setl_id
    R1      | V{number} | P{number} | H{number}  | 2023-03-20 | -20 | -10 | -5 | S{number}
    """


TRACES = (
    Case(T("两家机构", "At two institutions: the later one answers"), twice(),
         "H2 | T1 | clue | | 2.50 | 1.25 | H", untested=()),
    Case(T("同一机构两次", "Twice at one institution"), twice("H1 | 2023-03-09"),
         "H1 | T1 | clue | | 2.50 | 1.25 | H"),
    Case(T("不同追溯码", "Another code"), twice(code="T2"), "none"),
    Case(T("后一次被冲销", "The later one reversed"), twice(back=back(2)),
         "H2 | T1 | excluded | REVERSED | 0.00 | 0.00 |"),
    Case(T("前一次已退药", "The earlier one reversed: the pack came back"), twice(back=back(1)),
         "H2 | T1 | excluded | REVERSED | 0.00 | 0.00 |"),
    Case(
        T("同一结算内两行", "Twice within one settlement"),
        """
        mi_settlement
        setl_id | certno | begntime   | fund_pay_sumamt
        S1      | P1     | 2023-03-01 | 10
        mi_fee
        setl_id | feedetl_sn | fee_ocur_time | drug_trac_codg | det_item_fee_sumamt
        S1      | 1          | 2023-03-01    | T1             | 5
        S1      | 2          | 2023-03-01    | T1             | 5
        """,
        "none",
    ),
    Case(
        T("只退了这一盒", "That pack alone was taken back"),
        twice(back="""
        S9      | 1          | 2023-03-02    | T1             | -20                 | -20
        """).replace("fund_scope_amt", "fund_scope_amt | cnt")
        .replace("20                  | 20", "20 | 20 | 1").replace("10                  | 5",
        "10 | 5 | 1").replace("10                  | 15", "10 | 15 | 1")
        .replace("-20                 | -20", "-20 | -20 | -1") + """
        mi_settlement
        setl_id | mdtrt_id | certno | fixmedins_code | begntime | medfee_sumamt | init_setl_id
        S9      | V1       | P1     | H1             | 2023-03-02 | -5 | S1
        """,
        "H2 | T1 | excluded | REVERSED | 0.00 | 0.00 |",
    ),
)


@pytest.mark.parametrize("case", RINGS, ids=lambda c: c.title.en)
def test_ring(case: Case, engine: Any) -> None:
    check(RINGS, case, drug_resale, engine, rule="c")


@pytest.mark.parametrize("case", TRACES, ids=lambda c: c.title.en)
def test_trace_code(case: Case, engine: Any) -> None:
    check(TRACES, case, drug_resale, engine, rule="d")


SPECIFIED = (drug_resale, {"c": RINGS, "d": TRACES})
