"""MI-25 by cases. H1 is suspended from 2023-06-01 to 2023-06-30, unless a case says otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.suspended_institution import suspended_institution
from tests.spec.harness import Case, check

SPELL = "H1 | suspended | 2023-06-01 | 2023-06-30 | | 0"


def agreement(*rows: str) -> str:
    head = "fixmedins_code | status | start_date | end_date | dept_codg | critical_transfer"
    return "\n".join(("mi_agreement", head, *(rows or (SPELL,)), ""))


def visit(
    day: str = "2023-06-10",
    *,
    place: str = "H1",
    kind: str = "11",
    end: str = "",
    settled: str = "",
    emergency: str = "0",
) -> str:
    return (
        "mi_settlement\n"
        "mdtrt_id | certno | fixmedins_code | med_type | begntime | endtime | setl_time | "
        "emer_flag | fund_pay_sumamt | acct_pay\n"
        f"V | P1 | {place} | {kind} | {day} | {end or day} | {settled or end or day} | {emergency} "
        "| 100 | 40\n"
    )


def stay(admitted: str, left: str, *, emergency: str = "0", register: bool = True) -> str:
    bed = (
        "mi_inpatient\nmdtrt_id | adm_time | dscg_time | emer_flag\n"
        f"V | {admitted} | {left} | {emergency}\n"
    )
    return visit(admitted, kind="21", end=left) + (bed if register else "")


def lines(*rows: str) -> str:
    head = "setl_id | fee_ocur_time | det_item_fee_sumamt | bilg_dept_codg"
    return "\n".join(("mi_fee", head, *rows, ""))


def clue(fund: str = "100.00", account: str = "40.00", level: str = "H") -> str:
    return f"H1 | V | clue | | {fund} | {account} | {level}"


def excluded(code: str) -> str:
    return f"H1 | V | excluded | {code} | 0.00 | 0.00 |"


CASES = (
    Case(T("暂停期间门诊", "Seen while suspended"), visit() + agreement(), clue(), untested=()),
    Case(T("首日", "On the first day"), visit("2023-06-01") + agreement(), clue()),
    Case(T("前一日", "On the day before"), visit("2023-05-31") + agreement(), "none"),
    Case(T("末日", "On the last day"), visit("2023-06-30") + agreement(), clue()),
    Case(T("次日", "On the day after"), visit("2023-07-01") + agreement(), "none"),
    Case(
        T("暂停前就诊、暂停后结算", "Seen before, settled while suspended"),
        visit("2023-05-31", settled="2023-06-02") + agreement(), "none",
    ),
    Case(
        T("无结束日期至今", "No end means until now"),
        visit("2023-10-31") + agreement("H1 | interrupted | 2023-06-01 | | | "), clue(),
    ),
    Case(T("他院", "Another institution"), visit(place="H2") + agreement(), "none"),
    Case(
        T("签约状态不是处理", "A signed agreement is no sanction"),
        visit() + agreement("H1 | signed | 2023-01-01 | 2023-12-31 | | "), "none",
    ),
    Case(
        T("解除后无新签约, 写明结束也不算", "A termination goes on beyond the end it names"),
        visit("2023-09-10") + agreement("H1 | terminated | 2023-06-01 | 2023-06-30 | | 0"), clue(),
    ),
    Case(
        T("解除后重新签约前一日", "The day before it is signed again"),
        visit("2023-08-31") + agreement(
            "H1 | terminated | 2023-06-01 | | | 0", "H1 | signed | 2023-09-01 | | | "
        ), clue(),
    ),
    Case(
        T("重新签约当日", "The day on which it is signed again"),
        visit("2023-09-01") + agreement(
            "H1 | terminated | 2023-06-01 | | | 0", "H1 | signed | 2023-09-01 | | | "
        ), "none",
    ),
    Case(
        T("原签约不使解除终止", "The agreement before does not lift it"),
        visit("2023-09-01") + agreement(
            "H1 | signed | 2023-01-01 | 2023-12-31 | | ", "H1 | terminated | 2023-06-01 | | | 0"
        ), clue(),
    ),
    Case(
        T("暂停期内另签约不提前结束", "Signing does not lift a suspension that names its end"),
        visit("2023-06-20") + agreement(SPELL, "H1 | signed | 2023-06-15 | | | "), clue(),
    ),
    Case(
        T("两处理相叠为一线索", "Two sanctions of one day are one clue"),
        visit() + agreement(SPELL, "H1 | terminated | 2023-06-05 | | | 0"), clue(),
    ),
    Case(
        T("附录例: 暂停前入院", "Admitted on 05-28, discharged on 06-03"),
        stay("2023-05-28", "2023-06-03") + agreement(), excluded("ADMITTED_BEFORE"),
    ),
    Case(
        T("当日入院", "Admitted on the first day"),
        stay("2023-06-01", "2023-06-05") + agreement(), clue(),
    ),
    Case(
        T("无住院登记, 以结算为准", "Without the register of stays the settlement tells"),
        stay("2023-05-28", "2023-06-03", register=False) + agreement(),
        excluded("ADMITTED_BEFORE"),
    ),
    Case(
        T("暂停前入院, 明细在期间内", "Admitted before, lines within"),
        stay("2023-05-28", "2023-06-03") + agreement()
        + lines("S1 | 2023-05-30 | 60 | 03", "S1 | 2023-06-02 | 40 | 03"),
        excluded("ADMITTED_BEFORE"),
    ),
    Case(
        T("门诊不适用在院", "An outpatient is not admitted"),
        visit("2023-05-28", end="2023-06-03") + agreement(), "none",
    ),
    Case(
        T("按明细分摊", "The part of the lines within"),
        stay("2023-06-28", "2023-07-02") + agreement()
        + lines("S1 | 2023-06-29 | 30 | 03", "S1 | 2023-06-30 | 30 | 03",
                "S1 | 2023-07-01 | 140 | 03"),
        clue("30.00", "12.00"),
    ),
    Case(
        T("无明细按天数分摊", "Without lines the part of the days"),
        stay("2023-06-28", "2023-07-02") + agreement(), clue("60.00", "24.00"),
    ),
    Case(
        T("科室暂停只计该科明细", "A department's lines alone"),
        visit() + agreement("H1 | suspended | 2023-06-01 | 2023-06-30 | 19 | 0")
        + lines("S1 | 2023-06-10 | 150 | 03", "S1 | 2023-06-10 | 50 | 19"),
        clue("25.00", "10.00"),
    ),
    Case(
        T("他科明细", "Lines of another department"),
        visit() + agreement("H1 | suspended | 2023-06-01 | 2023-06-30 | 19 | 0")
        + lines("S1 | 2023-06-10 | 150 | 03"), "none",
    ),
    Case(
        T("科室暂停而无明细", "A department's sanction without lines"),
        visit() + agreement("H1 | suspended | 2023-06-01 | 2023-06-30 | 19 | 0"), "none",
    ),
    Case(
        T("允许危重转诊且急诊", "Critical transfer allowed, an emergency"),
        visit(emergency="1") + agreement("H1 | suspended | 2023-06-01 | 2023-06-30 | | 1"),
        excluded("CRITICAL_TRANSFER"),
    ),
    Case(
        T("住院登记为急诊", "The stay is marked as an emergency"),
        stay("2023-06-05", "2023-06-08", emergency="1")
        + agreement("H1 | suspended | 2023-06-01 | 2023-06-30 | | 1"),
        excluded("CRITICAL_TRANSFER"),
    ),
    Case(
        T("急诊类别", "An emergency by type of care"),
        visit(kind="13", emergency="")
        + agreement("H1 | suspended | 2023-06-01 | 2023-06-30 | | 1"),
        excluded("CRITICAL_TRANSFER"),
    ),
    Case(
        T("允许而非急诊", "Allowed, no emergency"),
        visit() + agreement("H1 | suspended | 2023-06-01 | 2023-06-30 | | 1"), clue(),
    ),
    Case(
        T("急诊而不允许", "An emergency, not allowed"),
        visit(emergency="1") + agreement(), clue(),
    ),
    Case(
        T("急诊标志为空", "Whether it was an emergency is unknown"),
        visit(emergency="") + agreement("H1 | suspended | 2023-06-01 | 2023-06-30 | | 1"),
        clue(level="M"), untested=("CRITICAL_TRANSFER",),
    ),
    Case(
        T("未登记是否允许转诊", "Nothing registered on transfers"),
        visit() + agreement(), clue(level="M"), lacks=("mi_agreement.critical_transfer",),
        untested=("CRITICAL_TRANSFER",),
    ),
    Case(
        T("已冲销", "Reversed"),
        visit() + agreement() + """
        mi_settlement
        mdtrt_id | certno | fixmedins_code | med_type | begntime | medfee_sumamt | \
fund_pay_sumamt | acct_pay | init_setl_id
        V        | P1     | H1             | 11       | 2023-06-10 | -140        | \
-100            | -40      | S1
        """,
        excluded("REVERSED"),
    ),
    Case(
        T("部分冲销", "Reversed in part"),
        visit() + agreement() + """
        mi_settlement
        mdtrt_id | certno | fixmedins_code | med_type | begntime | medfee_sumamt | \
fund_pay_sumamt | acct_pay | init_setl_id
        V        | P1     | H1             | 11       | 2023-06-10 | -70         | \
-50             | -20      | S1
        """,
        clue("50.00", "20.00"),
    ),
    Case(
        T("一次就诊两次结算", "Two settlements of one visit are one clue"),
        visit() + agreement() + """
        mi_settlement
        mdtrt_id | certno | fixmedins_code | med_type | begntime   | fund_pay_sumamt | acct_pay
        V        | P1     | H1             | 11       | 2023-06-11 | 7.01            | 0
        """,
        clue("107.01"),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.title.en)
def test_case(case: Case, engine: Any) -> None:
    check(CASES, case, suspended_institution, engine)


SPECIFIED = (suspended_institution, {"": CASES})
