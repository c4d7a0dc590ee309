"""MI-27 by cases. P1 lies in H1 from 05-01 to 05-10 (visit A); K1 is a pharmacy."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.elsewhere_during_stay import elsewhere_during_stay
from tests.spec.harness import Case, check

WARD = """
mi_settlement
mdtrt_id | certno | fixmedins_code | med_type | begntime   | fund_pay_sumamt
A        | P1     | H1             | 21       | 2023-05-01 | 900
mi_inpatient
mdtrt_id | adm_time   | dscg_time  | newborn_flag | home_bed_flag | infant_days
A        | 2023-05-01 | 2023-05-10 | 0            | 0             |
"""


def outside(day: str, *, at: str = "K1", kind: str = "41", who: str = "P1") -> str:
    return f"""
mi_settlement
mdtrt_id | certno | fixmedins_code | med_type | begntime | fund_pay_sumamt | acct_pay
E        | {who}  | {at}           | {kind}   | 2023-{day} | 40 | 10
"""


CLUE = "P1 | E | clue | | 40.00 | 10.00 | M"


def excluded(code: str) -> str:
    return f"P1 | E | excluded | {code} | 0.00 | 0.00 |"


CASES = (
    Case(
        T("入院次日药店", "A pharmacy the day after admission"),
        WARD + outside("05-02"), CLUE, untested=(),
    ),
    Case(T("出院前一日药店", "The day before discharge"), WARD + outside("05-09"), CLUE),
    Case(T("入院当日", "The day of admission"), WARD + outside("05-01"), "none"),
    Case(T("出院当日", "The day of discharge"), WARD + outside("05-10"), "none"),
    Case(T("门诊同样", "An outpatient visit alike"), WARD + outside("05-05", kind="11"), CLUE),
    Case(T("同一机构", "At the same institution"), WARD + outside("05-05", at="H1"), "none"),
    Case(T("别人", "Somebody else"), WARD + outside("05-05", who="P2"), "none"),
    Case(
        T("另一次住院不属此类", "Another stay is not this detector's business"),
        WARD + outside("05-05", at="H2", kind="21"), "none",
    ),
    Case(
        T("两端各两日", "Two days left out at either end"),
        WARD + outside("05-02"), "none", params={"edge_days": "2"},
    ),
    Case(
        T("零日则两端也算", "None left out: both ends count"),
        WARD + outside("05-10"), CLUE, params={"edge_days": "0"},
    ),
    Case(
        T("院区不是另一机构", "A campus is not another institution"),
        WARD + outside("05-05", at="H2", kind="11") + """
        mi_institution
        fixmedins_code | campus_of
        H2             | H1
        """,
        "none",
    ),
    Case(
        T("合并机构不是另一机构", "Nor is a merged code"),
        WARD + outside("05-05", at="H2", kind="11") + """
        mi_institution
        fixmedins_code | successor_code
        H2             | H1
        """,
        "none",
    ),
    Case(
        T("门诊已冲销", "The service was reversed"),
        WARD + """
        mi_settlement
        setl_id | mdtrt_id | certno | fixmedins_code | begntime   | medfee_sumamt | fund_pay_sumamt\
 | init_setl_id
        X       | E        | P1     | K1             | 2023-05-05 | 40            | 40\
              |
        Y       | E        | P1     | K1             | 2023-05-06 | -40           | -40\
             | X
        """,
        excluded("REVERSED"),
    ),
    Case(
        T("经批准请假之内", "Within approved leave"),
        WARD + outside("05-05 10:00") + """
        mi_leave
        mdtrt_id | leave_begntime   | leave_endtime    | approved_flag
        A        | 2023-05-05 08:00 | 2023-05-05 18:00 | 1
        """,
        excluded("APPROVED_LEAVE"),
    ),
    Case(
        T("请假未批准", "Leave that was not approved"),
        WARD + outside("05-05 10:00") + """
        mi_leave
        mdtrt_id | leave_begntime   | leave_endtime    | approved_flag
        A        | 2023-05-05 08:00 | 2023-05-05 18:00 | 0
        """,
        CLUE,
    ),
    Case(
        T("是否批准为空", "Approval not recorded"),
        WARD + outside("05-05 10:00") + """
        mi_leave
        mdtrt_id | leave_begntime   | leave_endtime
        A        | 2023-05-05 08:00 | 2023-05-05 18:00
        """,
        CLUE.replace("| M", "| L"), untested=("APPROVED_LEAVE",),
    ),
    Case(
        T("请假只免前二十四小时", "Leave excuses its first 24 hours"),
        WARD + outside("05-06 09:00") + """
        mi_leave
        mdtrt_id | leave_begntime   | leave_endtime    | approved_flag
        A        | 2023-05-05 08:00 | 2023-05-07 08:00 | 1
        """,
        CLUE,
    ),
    Case(
        T("请假满二十四小时的瞬间", "Exactly 24 hours into the leave"),
        WARD + outside("05-06 08:00") + """
        mi_leave
        mdtrt_id | leave_begntime   | approved_flag
        A        | 2023-05-05 08:00 | 1
        """,
        excluded("APPROVED_LEAVE"),
    ),
    Case(
        T("只有日期的就诊按日比较请假", "A visit without a time is compared by days"),
        WARD + outside("05-05") + """
        mi_leave
        mdtrt_id | leave_begntime   | leave_endtime    | approved_flag
        A        | 2023-05-05 08:00 | 2023-05-05 18:00 | 1
        """,
        excluded("APPROVED_LEAVE"),
    ),
    Case(
        T("委托检查", "A contracted examination"),
        WARD + outside("05-05", at="H2", kind="11") + """
        mi_programme
        prog_id | kind          | fixmedins_code | partner_code | start_date
        G1      | contract_exam | H1             | H2           | 2023-01-01
        """,
        excluded("CONTRACTED_EXAM"),
    ),
    Case(
        T("委托检查已到期", "The contract had ended"),
        WARD + outside("05-05", at="H2", kind="11") + """
        mi_programme
        prog_id | kind          | fixmedins_code | partner_code | start_date | end_date
        G1      | contract_exam | H1             | H2           | 2023-01-01 | 2023-05-04
        """,
        CLUE,
    ),
    Case(
        T("登记的代配药", "Registered collection by a relative"),
        WARD + outside("05-05") + """
        mi_filing
        filing_id | kind   | certno | start_date | end_date
        F1        | pickup | P1     | 2023-05-05 | 2023-05-05
        """,
        excluded("RELATIVE_PICKUP"),
    ),
    Case(
        T("次日才登记的代配药", "Registered the day after"),
        WARD + outside("05-05") + """
        mi_filing
        filing_id | kind   | certno | start_date
        F1        | pickup | P1     | 2023-05-06
        """,
        CLUE,
    ),
    Case(
        T("长处方邮寄", "Posted medicine of a long prescription"),
        WARD + outside("05-05") + """
        mi_filing
        filing_id | kind    | certno | start_date | post_flag
        F1        | long_rx | P1     | 2023-04-01 | 1
        """,
        excluded("POSTED_LONG_RX"),
    ),
    Case(
        T("长处方未邮寄", "A long prescription that was not posted"),
        WARD + outside("05-05") + """
        mi_filing
        filing_id | kind    | certno | start_date | post_flag
        F1        | long_rx | P1     | 2023-04-01 | 0
        """,
        CLUE,
    ),
    Case(
        T("新生儿住院用母亲账号", "The stay is the newborn's under the mother's number"),
        WARD.replace("| 0            | 0 ", "| 1            | 0 ") + outside("05-05"),
        excluded("NEWBORN"),
    ),
    Case(
        T("产妇住院, 新生儿就诊", "The mother lies in, the newborn is seen elsewhere"),
        WARD + outside("05-05", at="H2", kind="11") + """
        mi_diagnosis
        mdtrt_id | diag_code
        A        | O80.0
        E        | P59.9
        """,
        excluded("NEWBORN"),
    ),
    Case(
        T("死者以外的共济: 账户所有人住院", "The holder lies in, the account pays for the child"),
        WARD + """
        mi_settlement
        mdtrt_id | certno | fixmedins_code | begntime   | fund_pay_sumamt | acct_mulaid_pay \
| acct_owner_certno
        E        | P2     | K1             | 2023-05-05 | 30              | 20              \
| P1
        """,
        excluded("MUTUAL_AID"),
    ),
    Case(
        T("自己账户不是共济", "The patient's own account is no mutual aid"),
        WARD + """
        mi_settlement
        mdtrt_id | certno | fixmedins_code | begntime   | fund_pay_sumamt | acct_pay \
| acct_owner_certno
        E        | P1     | K1             | 2023-05-05 | 40              | 10 | P1
        """,
        CLUE,
    ),
    Case(
        T("家庭病床", "A home bed"),
        WARD.replace("| 0            | 0 ", "| 0            | 1 ") + outside("05-05"),
        excluded("HOME_BED"),
    ),
    Case(
        T("末次费用日之后", "After the last fee day"),
        WARD + outside("05-05") + """
        mi_fee
        setl_id | fee_ocur_time | det_item_fee_sumamt
        S1      | 2023-05-01    | 100
        S1      | 2023-05-04    | 100
        """,
        excluded("ENDED_BEFORE"),
    ),
    Case(
        T("末次费用日当天", "On the last fee day"),
        WARD + outside("05-05") + """
        mi_fee
        setl_id | fee_ocur_time | det_item_fee_sumamt
        S1      | 2023-05-01    | 100
        S1      | 2023-05-05    | 100
        """,
        CLUE,
    ),
    Case(
        T("处于两次住院之内只算一条", "Inside two stays it is one clue"),
        WARD + """
        mi_settlement
        mdtrt_id | certno | fixmedins_code | med_type | begntime   | endtime
        B        | P1     | H2             | 21       | 2023-05-03 | 2023-05-12
        """ + outside("05-05"),
        CLUE.replace("| M", "| L"),
    ),
    Case(
        T("一次住院请假, 另一次没有", "Leave from one of two stays does not excuse the other"),
        WARD + """
        mi_settlement
        mdtrt_id | certno | fixmedins_code | med_type | begntime
        B        | P1     | H2             | 21       | 2023-05-03
        mi_inpatient
        mdtrt_id | adm_time   | dscg_time  | newborn_flag | home_bed_flag
        B        | 2023-05-03 | 2023-05-12 | 0            | 0
        mi_leave
        mdtrt_id | leave_begntime   | leave_endtime    | approved_flag
        A        | 2023-05-05 08:00 | 2023-05-05 18:00 | 1
        """ + outside("05-05 10:00"),
        CLUE,
    ),
    Case(
        T("其中一处即住院机构", "At one of the two hospitals it is elsewhere for the other"),
        WARD + """
        mi_settlement
        mdtrt_id | certno | fixmedins_code | med_type | begntime
        B        | P1     | H2             | 21       | 2023-05-03
        mi_inpatient
        mdtrt_id | adm_time   | dscg_time  | newborn_flag | home_bed_flag
        B        | 2023-05-03 | 2023-05-12 | 0            | 0
        """ + outside("05-05", at="H2", kind="11"),
        CLUE,
    ),
    Case(
        T("同一就诊两笔结算是一条", "Two settlements of one visit are one clue"),
        WARD + outside("05-05") + outside("05-05"),
        "P1 | E | clue | | 80.00 | 20.00 | M",
    ),
    Case(
        T("未归集的排除项均列为未检验", "What was not delivered is listed as untested"),
        """
        mi_settlement
        mdtrt_id | certno | fixmedins_code | med_type | begntime   | endtime    | fund_pay_sumamt
        A        | P1     | H1             | 21       | 2023-05-01 | 2023-05-10 | 900
        """ + outside("05-05"),
        CLUE.replace("| M", "| L"),
        lacks=(
            "mi_inpatient", "mi_leave", "mi_programme", "mi_filing", "mi_settlement.brdy",
        ),
        untested=(
            "APPROVED_LEAVE", "CONTRACTED_EXAM", "RELATIVE_PICKUP", "POSTED_LONG_RX", "NEWBORN",
            "HOME_BED",
        ),
    ),
)


MISTYPED = WARD + """
mi_settlement
mdtrt_id | certno | psn_name   | fixmedins_code | med_type | begntime   | fund_pay_sumamt | acct_pay
E        |        | name of P1 | K1             | 41       | 2023-05-05 | 40              | 10
"""

CASES += (
    Case(T("药店错号, 无关联", "A mistyped number without a link"), MISTYPED, "none"),
    Case(
        T("药店错号经修复关联", "The pharmacy's mistyped number is repaired"),
        MISTYPED + """
        links
        row             | person
        mi_settlement:2 | P1
        """,
        CLUE, confirm=True,
    ),
    Case(
        T("住院结算错号经修复关联", "The hospital's mistyped number is repaired"),
        WARD.replace("A        | P1  ", "A        |     ") + outside("05-05") + """
        links
        row             | person
        mi_settlement:1 | P1
        """,
        CLUE, confirm=True,
    ),
    Case(T("证件无误则无须确认", "Intact numbers need no confirmation"),
         WARD + outside("05-06"), CLUE, confirm=False),
)

@pytest.mark.parametrize("case", CASES, ids=lambda c: c.title.en)
def test_case(case: Case, engine: Any) -> None:
    check(CASES, case, elsewhere_during_stay, engine)


SPECIFIED = (elsewhere_during_stay, {"": CASES})
