"""MI-08 (a) by cases: P1 is away from 2023-05-01 to 2023-05-20 and seen at H1 in between."""

from __future__ import annotations

from typing import Any

import pytest

from clew.declare import T
from clew.packs.medical_insurance.detectors.fictitious_visit import fictitious_visit
from tests.spec.harness import Case, check

CUSTODY = """
mi_custody
certno | start_date | end_date
P1     | 2023-05-01 | 2023-05-20
"""
ABROAD = """
mi_border
certno | exit_date  | entry_date
P1     | 2023-05-01 | 2023-05-20
"""
DEATH = """
death_health
cert_no | certno | death_time
C1      | P1     | 2023-04-01
"""


def seen(day: str, *, cells: str = "", more: str = "", kind: str = "11", at: str = "H1") -> str:
    head = f" | {more}" if more else ""
    return f"""
mi_settlement
mdtrt_id | setl_id | certno | fixmedins_code | med_type | begntime | fund_pay_sumamt | acct_pay\
 | offline_flag | internet_flag{head}
E | S | P1 | {at} | {kind} | 2023-{day} | 40 | 10 | 0 | 0{f" | {cells}" if more else ""}
"""


def programme(kind: str, last: str = "") -> str:
    return f"""
mi_programme
prog_id | kind   | fixmedins_code | start_date | end_date
G1      | {kind} | H1             | 2023-05-10 | {last}
"""


def flagged(flags: str, day: str = "05-10 09:00", upload: str = "05-10 09:05") -> str:
    offline, internet = flags.split("/")
    return f"""
mi_settlement
mdtrt_id | setl_id | certno | fixmedins_code | med_type | begntime | fund_pay_sumamt | acct_pay\
 | offline_flag | internet_flag | upload_time
E | S | P1 | H1 | 11 | 2023-{day} | 40 | 10 | {offline} | {internet} | 2023-{upload}
"""


def lines(*rows: str) -> str:
    text = "mi_fee\nsetl_id | feedetl_sn | fee_ocur_time | med_list_codg"
    text += " | det_item_fee_sumamt | device_no | bilg_dr_codg\n"
    for n, row in enumerate(rows, 1):
        text += f"S | {n} | {row}\n"
    return text


def fact(day: str = "05-10", money: str = "40.00 | 10.00", severity: str = "H") -> str:
    return f"P1 | H1 | 2023-{day} | clue | | {money} | {severity}"


def excluded(code: str, day: str = "05-10") -> str:
    return f"P1 | H1 | 2023-{day} | excluded | {code} | 0.00 | 0.00 |"


DEVICE = """
mi_device
fixmedins_code | device_no | start_date | end_date
H1             | CT1       | 2020-01-01 | 2023-05-09
H1             | CT2       | 2020-01-01 |
"""
STAFF = """
mi_staff
staff_codg | name | role   | licence_from | licence_to
D1         | 甲   | doctor | 2010-01-01   | 2023-05-09
D2         | 乙   | doctor |              |
D3         | 丙   | doctor | 2023-05-11   |
"""
KNOWN = "mi_settlement\nmdtrt_id | setl_id | certno | fixmedins_code | med_type | begntime"
KNOWN += " | atddr_no\nZ | Z | P2 | H1 | 11 | 2023-01-05 | D2\n"

CASES = (
    Case(T("羁押期间就诊", "Seen while in custody"), CUSTODY + seen("05-10"), fact(), untested=()),
    Case(T("收押次日", "The day after being taken in"), CUSTODY + seen("05-02"), fact("05-02")),
    Case(T("收押当日", "The day of being taken in"), CUSTODY + seen("05-01"), "none"),
    Case(T("释放前一日", "The day before release"), CUSTODY + seen("05-19"), fact("05-19")),
    Case(T("释放当日", "The day of release"), CUSTODY + seen("05-20"), "none"),
    Case(
        T("未释放: 至今", "Never released: until now"),
        "mi_custody\ncertno | start_date | end_date\nP1 | 2023-05-01 |\n" + seen("10-30"),
        fact("10-30"),
    ),
    Case(
        T("姓名不符", "Another name"),
        "mi_custody\ncertno | psn_name | start_date | end_date\n"
        "P1 | 别人 | 2023-05-01 | 2023-05-20\n" + seen("05-10"),
        "none",
    ),
    Case(T("别人羁押", "Somebody else"), CUSTODY.replace("P1", "P2") + seen("05-10"), "none"),
    Case(
        T("号码经修复: 先核身份", "A repaired number: identity first"),
        CUSTODY.replace("P1    ", "      ") + seen("05-10") + """
        links
        row          | person
        mi_custody:1 | P1
        """,
        "none",
    ),
    Case(T("出境期间", "Abroad"), ABROAD + seen("05-10"), fact()),
    Case(T("出境当日", "The day of leaving"), ABROAD + seen("05-01"), "none"),
    Case(T("入境当日", "The day of coming back"), ABROAD + seen("05-20"), "none"),
    Case(
        T("住院按费用日逐日成立", "A stay counts day by day"),
        CUSTODY + seen("04-30", more="endtime | setl_time", cells="2023-05-03 | 2023-05-03",
                       kind="21")
        + lines(
            "2023-04-30 | A | 10 | |", "2023-05-01 | A | 10 | |", "2023-05-02 | A | 10 | |",
            "2023-05-03 | A | 20 | |",
        ),
        fact("05-02", "8.00 | 2.00") + "\n" + fact("05-03", "16.00 | 4.00"),
    ),
    Case(
        T("无明细的住院只算首日的份额", "A stay without lines: the share of its first day"),
        CUSTODY + seen("05-02", more="endtime | setl_time", cells="2023-05-06 | 2023-05-06",
                       kind="21"),
        fact("05-02", "8.00 | 2.00"),
    ),
    Case(
        T("死亡之后", "After death: the fund alone"), DEATH + seen("05-10"),
        fact(money="40.00 | 0.00"),
    ),
    Case(T("死亡当日", "On the day of death"), DEATH + seen("04-01"), "none"),
    Case(
        T("只用个人账户不转此模型", "The account alone is not sent here"),
        DEATH + seen("05-10").replace("| 40 | 10", "| 0 | 50"), "none",
    ),
    Case(
        T("在世证据", "Evidence of life"),
        DEATH + seen("05-10") + "mi_border\ncertno | exit_date | entry_date\n"
        "P1 | 2023-06-01 | 2023-06-05\n",
        "none",
    ),
    Case(
        T("死者账户为他人支付", "The account of the dead paid for another"),
        DEATH.replace("P1", "P3") + seen("05-10", more="acct_owner_certno", cells="P3"), "none",
    ),
    Case(
        T("设备已停用", "A device out of use"),
        seen("05-10") + DEVICE + lines("2023-05-10 | A | 30 | CT1 |", "2023-05-10 | B | 10 | |"),
        fact(money="30.00 | 7.50"),
    ),
    Case(
        T("设备最后一日", "Its last day"),
        seen("05-09") + DEVICE + lines("2023-05-09 | A | 30 | CT1 |"), "none",
    ),
    Case(
        T("设备未登记", "A device that nobody registered"),
        seen("05-10") + DEVICE + lines("2023-05-10 | A | 30 | MR9 |"), fact(),
    ),
    Case(
        T("在用设备", "A device in use"),
        seen("05-10") + DEVICE + lines("2023-05-10 | A | 30 | CT2 |"), "none",
    ),
    Case(
        T("机构无设备登记", "An institution that registers none"),
        seen("05-10", at="H2") + DEVICE + lines("2023-05-10 | A | 30 | MR9 |"), "none",
    ),
    Case(
        T("执照已注销", "A licence cancelled"),
        KNOWN + seen("05-10") + STAFF + lines("2023-05-10 | A | 30 | | D1"), fact(),
    ),
    Case(
        T("注销当日", "On its last day"),
        KNOWN + seen("05-09") + STAFF + lines("2023-05-09 | A | 30 | | D1"), "none",
    ),
    Case(
        T("尚未发证", "Before the licence"),
        KNOWN + seen("05-10") + STAFF + lines("2023-05-10 | A | 30 | | D3"), fact(),
    ),
    Case(
        T("接诊医师不存在", "The doctor in charge does not exist"),
        KNOWN + seen("05-10", more="atddr_no", cells="D9") + STAFF, fact(),
    ),
    Case(
        T("登记在册的接诊医师", "A doctor in charge who is registered"),
        KNOWN + seen("05-10", more="atddr_no", cells="D2") + STAFF, "none",
    ),
    Case(
        T("机构无人登记", "Nobody of the institution is registered"),
        seen("05-10", more="atddr_no", cells="D9", at="H2") + STAFF, "none",
    ),
    Case(
        T("已冲销", "Reversed"),
        CUSTODY + seen("05-10") + """
        mi_settlement
        mdtrt_id | setl_id | certno | fixmedins_code | begntime | medfee_sumamt\
 | fund_pay_sumamt | acct_pay | refd_setl_flag | init_setl_id
        E | R | P1 | H1 | 2023-05-11 | -50 | -40 | -10 | 1 | S
        """,
        excluded("REVERSED"),
    ),
    Case(
        T("脱机补录逾六十分钟", "Entered offline more than an hour later"),
        CUSTODY + flagged("1/0", upload="05-10 10:01"), excluded("OFFLINE_SUPPLEMENT"),
    ),
    Case(
        T("恰六十分钟", "Exactly an hour later"),
        CUSTODY + flagged("1/0", upload="05-10 10:00"), fact(),
    ),
    Case(
        T("晚上传但非脱机", "Late, but not offline"),
        CUSTODY + flagged("0/0", upload="05-12 10:00"), fact(),
    ),
    Case(
        T("脱机标志为空", "Whether offline is not recorded"),
        CUSTODY + flagged("/0", upload="05-10 11:00"),
        fact(severity="M"), untested=("OFFLINE_SUPPLEMENT",),
    ),
    Case(
        T("互联网复诊", "Seen again online"), ABROAD + flagged("0/1"),
        excluded("INTERNET_REVISIT"),
    ),
    Case(
        T("巡回医疗日", "Day of a mobile clinic"),
        CUSTODY + seen("05-10") + programme("mobile", "2023-05-10"), excluded("MOBILE_CLINIC"),
    ),
    Case(
        T("巡回医疗次日", "The day after the mobile clinic"),
        CUSTODY + seen("05-11") + programme("mobile", "2023-05-10"), fact("05-11"),
    ),
    Case(
        T("监所合作医院", "The hospital of the prison"),
        CUSTODY + seen("05-10") + programme("custody_hospital"), excluded("CUSTODY_HOSPITAL"),
    ),
    Case(
        T("监所合作医院不免出境", "That hospital does not excuse an absence abroad"),
        ABROAD + seen("05-10") + programme("custody_hospital"), fact(),
    ),
    Case(
        T("羁押与出境并存", "In custody and abroad: the hospital does not excuse"),
        CUSTODY + ABROAD + seen("05-10") + programme("custody_hospital"), fact(),
    ),
    Case(
        T("未交登记项目", "Programmes not delivered"), CUSTODY + seen("05-10"),
        fact(severity="M"), lacks=("mi_programme",),
        untested=("MOBILE_CLINIC", "CUSTODY_HOSPITAL"),
    ),
    Case(
        T("缺信号输入不降级", "A signal without its input lowers nothing"),
        CUSTODY + seen("05-10"), fact(), lacks=("mi_border", "mi_device"),
        untested=("ABROAD", "NO_SUCH_DEVICE"),
    ),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.title.en)
def test_case(case: Case, engine: Any) -> None:
    check(CASES, case, fictitious_visit, engine, "a")


SPECIFIED = (fictitious_visit, {"a": CASES})
